"""How the revenues of different names differ: from gross revenue step by step to each of the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tradewind.core.money import rounded
from tradewind.insights.beside import meanwhile
from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import Period
from tradewind.insights.selection import Selection

TABLE = "gold_sales_lines"


@dataclass(frozen=True, slots=True)
class Step:
    """`start` begins, `step` adds its signed amount, `total` says where that leads."""

    slug: str
    label: str
    kind: Literal["start", "step", "total"]
    amount: Decimal


def bridge(gold: Gold, period: Period, chosen: Selection, reporting: str, *, known: Lookups, today: date) -> list[Step]:
    """The steps, as of the last build of gold, for days of the store; nothing before there is one.

    Each total is rounded once from its exact sum, as the metric of that name is; steps are what lies between.
    """
    # Days without their products are far fewer rows.
    has_regions = gold.has_costs("gold_region_sales") and not chosen.is_of_products
    days = "gold_region_sales" if has_regions else "gold_daily_sales"
    if not (gold.has(TABLE) and gold.has(days)):
        return []
    # An order that was paid in the period may lie long before it, and is worth what it was on its own day.
    first = min(period.start, known.first_day or period.start)
    rate = known.rates(reporting).in_sql({*known.currencies}, first, max(period.end, today + timedelta(1)))
    is_in = "date >= {start:Date32} AND date < {end:Date32}"
    was_paid = "ifNull(paid_date >= {start:Date32} AND paid_date < {end:Date32}, 0)"
    chosen_here = " AND ".join(["1", *chosen.conditions()])
    parameters = {"start": period.start, "end": period.end} | rate.parameters | chosen.parameters()
    asked = meanwhile(
        gold.warehouse.query,
        f"""
        SELECT sumIf(l.revenue{rate.factor}, here) AS unpaid, sumIf(l.revenue{rate.factor}, NOT here) AS paid_earlier
        FROM (
            SELECT date AS day, currency, s.revenue AS revenue, {is_in} AS here FROM {TABLE} AS s
            WHERE kind = 'sale' AND ({is_in}) != {was_paid} AND {chosen_here}
        ) AS l
        WHERE {rate.is_known}
        """,
        parameters,
    )
    (row,) = gold.warehouse.query(
        f"""
        SELECT sum(d.gross_revenue{rate.factor}) AS gross, sum(d.refunded{rate.factor}) AS refunded,
            sum(d.shipping{rate.factor}) AS shipping, sum(d.tax{rate.factor}) AS tax, sum(d.fees{rate.factor}) AS fees
        FROM (
            SELECT date AS day, currency, s.gross_revenue AS gross_revenue, s.refunded AS refunded,
                s.shipping AS shipping, s.tax AS tax, s.fees AS fees
            FROM {days} AS s WHERE {is_in} AND {chosen_here}
        ) AS d
        WHERE {rate.is_known}
        """,
        parameters,
    )
    (paid_elsewhere,) = asked.result()
    exact = {name: value or Decimal(0) for name, value in (row | paid_elsewhere).items()}
    net = exact["gross"] - exact["refunded"]
    refunded, unpaid = rounded(exact["refunded"], reporting), rounded(exact["unpaid"], reporting)
    revenue = rounded(net, reporting)
    with_shipping = rounded(net + exact["shipping"], reporting)
    with_tax = rounded(net + exact["shipping"] + exact["tax"], reporting)
    after_fees = rounded(net - exact["fees"], reporting)
    paid = rounded(net - exact["unpaid"] + exact["paid_earlier"], reporting)
    return [
        Step("gross_revenue", "Gross revenue", "start", revenue + refunded),
        Step("refunded", "Refunded", "step", -refunded),
        Step("revenue", "Revenue", "total", revenue),
        Step("shipping", "Shipping charged", "step", with_shipping - revenue),
        Step("revenue_with_shipping", "Revenue with shipping", "total", with_shipping),
        Step("tax", "Tax", "step", with_tax - with_shipping),
        Step("revenue_with_tax", "Revenue with shipping and tax", "total", with_tax),
        Step("revenue", "Revenue", "start", revenue),
        Step("channel_fees", "Channel fees", "step", after_fees - revenue),
        Step("net_revenue", "Net revenue", "total", after_fees),
        Step("revenue", "Revenue", "start", revenue),
        Step("not_paid_here", "Sold in the period, paid at another time or not at all", "step", -unpaid),
        Step("paid_from_elsewhere", "Paid in the period, sold at another time", "step", paid - revenue + unpaid),
        Step("revenue_by_payment_day", "Revenue by payment day", "total", paid),
    ]
