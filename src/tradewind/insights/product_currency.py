"""What products brought in and cost, in another currency than gold keeps them in.

Sums are made anew from gold's days with the rate of each day; prices and costs of one unit are converted from the
currency that they were told in, with the rate of gold's reference day. Bands and scores stay those of gold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups

TABLE = "gold_product_performance"
_CONVERTED = (
    "current_price, unit_cost, total_revenue, total_cost, total_profit, margin_percent, reporting_currency, product_id"
)


@dataclass(frozen=True, slots=True)
class PerformanceRows:
    """Where the performance of products is read from: the gold table, or rows like it."""

    source: str = TABLE
    parameters: dict[str, Any] = field(default_factory=dict)


OF_GOLD = PerformanceRows()


def performance_in(gold: Gold, currency: str | None, known: Lookups) -> PerformanceRows:
    """The rows with their amounts in this currency; those of gold as they are where it keeps no other."""
    if currency is None:
        return OF_GOLD
    gold.need("gold_daily_sales", "silver_products")
    (kept,) = gold.query(
        TABLE,
        f"""
        SELECT anyOrNull(toString(p.reporting_currency)) AS currency, maxOrNull(p.as_of_date) AS day,
            (SELECT maxOrNull(date) FROM gold_daily_sales) AS newest
        FROM {TABLE} AS p
        """,
    )
    if kept["currency"] in (None, currency):
        return OF_GOLD
    priced = gold.query("silver_products", "SELECT DISTINCT toString(currency) AS currency FROM silver_products")
    currencies = {*known.currencies, *(row["currency"] for row in priced if row["currency"])}
    margin = timedelta(2)
    days = [day for day in (known.first_day, kept["day"], kept["newest"]) if day is not None]
    rate = known.rates(currency).in_sql(currencies, min(days) - margin, max(days) + margin)
    source = f"""(
        SELECT p.* EXCEPT ({_CONVERTED}), p.product_id AS product_id, one.price AS current_price,
            one.cost AS unit_cost, ifNull(sums.revenue, 0) AS total_revenue,
            if(ifNull(sums.units_with_cost, 0) = 0 AND ifNull(sums.cost, 0) = 0, NULL, sums.cost) AS total_cost,
            sums.with_cost - total_cost AS total_profit,
            if(
                isNull(total_cost) OR sums.with_cost <= 0, NULL,
                toNullable(toFloat64(sums.with_cost - sums.cost) / toFloat64(sums.with_cost) * 100)
            ) AS margin_percent,
            {{shown_currency:String}} AS reporting_currency
        FROM {TABLE} AS p
        LEFT JOIN (
            SELECT product_id, toNullable(sum(d.revenue * worth)) AS revenue, toNullable(sum(d.cost * worth)) AS cost,
                toNullable(sum(d.revenue_with_cost * worth)) AS with_cost,
                toNullable(sum(d.units_with_cost)) AS units_with_cost
            FROM (
                SELECT *, date AS day, toDecimal128(1, 0){rate.factor} AS worth FROM gold_daily_sales
                WHERE {rate.is_known}
            ) AS d
            GROUP BY product_id
        ) AS sums ON p.product_id = sums.product_id
        LEFT JOIN (
            SELECT product_id, toNullable(t.price{rate.factor}) AS price, toNullable(t.unit_cost{rate.factor}) AS cost
            FROM (
                SELECT product_id, toString(currency) AS currency, {{as_of_day:Date32}} AS day, price, unit_cost
                FROM silver_products
            ) AS t
            WHERE {rate.is_known}
        ) AS one ON p.product_id = one.product_id
    )"""
    return PerformanceRows(source, rate.parameters | {"shown_currency": currency, "as_of_day": kept["day"]})
