"""How the revenues of different names differ: from gross revenue step by step to each of the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from tradewind.core.money import rounded
from tradewind.insights.beside import meanwhile
from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import Period
from tradewind.insights.rates import UNCHANGED, RateInSql
from tradewind.insights.selection import Selection
from tradewind.warehouse.client import Row

TABLE, BY_PAYMENT = "gold_sales_lines", "gold_payment_days"

_IN_PERIOD = "date >= {start:Date32} AND date < {end:Date32}"
_WAS_PAID = "ifNull(paid_date >= {start:Date32} AND paid_date < {end:Date32}, 0)"


@dataclass(frozen=True, slots=True)
class Step:
    """`start` begins, `step` adds its signed amount, `total` says where that leads."""

    slug: str
    label: str
    kind: Literal["start", "step", "total"]
    amount: Decimal


class PaymentDays(NamedTuple):
    """How many days after an order it was paid: the fewest (less than none where it was paid before) and the most."""

    fewest: int = 0
    most: int = 0


def payment_days(gold: Gold) -> PaymentDays:
    """Of all orders as of the last build: what was paid in a period was sold no further from it."""
    table = BY_PAYMENT if gold.has(BY_PAYMENT) else TABLE
    if not gold.has(table):
        return PaymentDays()
    (row,) = gold.warehouse.query(
        "SELECT minOrNull(days) AS fewest, maxOrNull(days) AS most"
        f" FROM (SELECT dateDiff('day', date, paid_date) AS days FROM {table})"
    )
    return PaymentDays(min(row["fewest"] or 0, 0), max(row["most"] or 0, 0))


def bridge(
    gold: Gold, period: Period, chosen: Selection, reporting: str, *, known: Lookups, paying: PaymentDays
) -> list[Step]:
    """The steps, as of the last build of gold, for days of the store; nothing before there is one.

    Each total is rounded once from its exact sum, as the metric of that name is; steps are what lies between.
    `paying` tells how far from the period that has to be looked for which was paid in it.
    """
    if not (gold.has(TABLE) and gold.has("gold_daily_sales")):
        return []
    # An order that was paid in the period may lie long before it, and is worth what it was on its own day.
    first, last = period.start - timedelta(paying.most), period.end - timedelta(paying.fewest)
    summed = _of_payment_days if chosen.is_of_channels and gold.has(BY_PAYMENT) else _of_lines
    row = summed(gold, period, chosen, reporting, known, Period(first, last))
    exact = {name: value or Decimal(0) for name, value in row.items()}
    net = exact["gross_revenue"] - exact["refunded"]
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


def _of_payment_days(
    gold: Gold, period: Period, chosen: Selection, reporting: str, known: Lookups, paid_within: Period
) -> Row:
    """The exact sums of all steps, from few rows."""
    rate, kept = _rate(gold, BY_PAYMENT, reporting, known, paid_within)
    of_period = ("gross_revenue", "refunded", "shipping", "tax", "fees")
    sums = ", ".join(f"sumIf(d.{name}, here) AS {name}" for name in of_period)
    amounts = ", ".join(f"s.{name}{kept}{rate.factor} AS {name}" for name in of_period)
    (row,) = gold.warehouse.query(
        f"""
        SELECT {sums}, sumIf(d.gross_revenue, here AND NOT was_paid) AS unpaid,
            sumIf(d.gross_revenue, NOT here AND was_paid) AS paid_earlier
        FROM (
            SELECT date AS day, {_IN_PERIOD} AS here, {_WAS_PAID} AS was_paid, {amounts}
            FROM {BY_PAYMENT} AS s
            WHERE date >= {{first:Date32}} AND date < {{last:Date32}}
                AND {" AND ".join([rate.is_known, *chosen.conditions()])}
        ) AS d
        """,
        _parameters(period, paid_within, chosen) | rate.parameters,
    )
    return row


def _of_lines(
    gold: Gold, period: Period, chosen: Selection, reporting: str, known: Lookups, paid_within: Period
) -> Row:
    """The same where places or products are chosen: paid at another time than sold is what single lines say."""
    # Days without their products are far fewer rows.
    has_regions = gold.has_costs("gold_region_sales") and not chosen.is_of_products
    days = "gold_region_sales" if has_regions else "gold_daily_sales"
    rate, kept = _rate(gold, days, reporting, known, paid_within)
    times = rate.by_column
    chosen_here = " AND ".join(["1", *chosen.conditions()])
    parameters = _parameters(period, paid_within, chosen) | rate.parameters
    asked = meanwhile(
        gold.warehouse.query,
        f"""
        SELECT sumIf(l.revenue{times}, here) AS unpaid, sumIf(l.revenue{times}, NOT here) AS paid_earlier
        FROM (
            SELECT date AS day, currency, s.revenue{kept} AS revenue, {_IN_PERIOD} AS here{rate.column}
            FROM {TABLE} AS s
            WHERE date >= {{first:Date32}} AND date < {{last:Date32}}
                AND kind = 'sale' AND ({_IN_PERIOD}) != {_WAS_PAID} AND {chosen_here}
        ) AS l
        WHERE {rate.is_known}
        """,
        parameters,
    )
    (row,) = gold.warehouse.query(
        f"""
        SELECT sum(d.gross_revenue{times}) AS gross_revenue, sum(d.refunded{times}) AS refunded,
            sum(d.shipping{times}) AS shipping, sum(d.tax{times}) AS tax, sum(d.fees{times}) AS fees
        FROM (
            SELECT date AS day, currency, s.gross_revenue{kept} AS gross_revenue, s.refunded{kept} AS refunded,
                s.shipping{kept} AS shipping, s.tax{kept} AS tax, s.fees{kept} AS fees{rate.column}
            FROM {days} AS s WHERE {_IN_PERIOD} AND {chosen_here}
        ) AS d
        WHERE {rate.is_known}
        """,
        parameters,
    )
    (paid_elsewhere,) = asked.result()
    return row | paid_elsewhere


def _rate(gold: Gold, table: str, reporting: str, known: Lookups, days: Period) -> tuple[RateInSql, str]:
    """The rate, and how columns end: gold keeps amounts in the store's currency, then nothing is converted."""
    if gold.currency_of(table) == reporting:
        return UNCHANGED, "_converted"
    return known.rates(reporting).in_sql({*known.currencies}, days.start, days.end), ""


def _parameters(period: Period, paid_within: Period, chosen: Selection) -> dict[str, Any]:
    bounds = {"start": period.start, "end": period.end, "first": paid_within.start, "last": paid_within.end}
    return bounds | chosen.parameters()
