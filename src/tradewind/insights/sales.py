"""Sales figures from the live tables: small, typed rows that the dashboard adds up.

Definitions (docs/metrics.md): revenue is that of sold lines by order day less refunds by refund day;
orders are sold orders; units are net of units returned. Figures in another currency are converted with
the newest rate stored on or before their day; where there is none they stay apart, never at one to one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tradewind.insights.periods import Period
from tradewind.insights.rates import RATES_SQL, Rates
from tradewind.warehouse.client import Row, Warehouse

ZERO = Decimal(0)

# Rate per currency and day of a period, for those that have one.
_RATE_PER_DAY = f"""
    SELECT days.currency AS currency, days.day AS day, rates.rate AS rate
    FROM (
        SELECT DISTINCT currency, day FROM live_daily_sales
        WHERE grain = 'order' AND day >= {{start:Date32}} AND day < {{end:Date32}}
    ) AS days
    ASOF INNER JOIN ({RATES_SQL}) AS rates ON days.currency = rates.currency AND days.day >= rates.since
"""


@dataclass(frozen=True, slots=True)
class SalesFilter:
    """Which sales count; an empty choice means all."""

    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def grain(self) -> str:
        """A category is a property of products, so its figures come from the parts of orders."""
        return "product" if self.categories else "order"

    def where(self) -> str:
        conditions = ["1"]
        if self.channels:
            conditions.append("channel IN {channels:Array(String)}")
        if self.countries:
            conditions.append("country IN {countries:Array(String)}")
        if self.categories:
            conditions.append(
                "product_id IN (SELECT product_id FROM live_products FINAL"
                " WHERE category IN {categories:Array(String)})"
            )
        return " AND ".join(conditions)

    def parameters(self) -> dict[str, Any]:
        named = {"channels": self.channels, "countries": self.countries, "categories": self.categories}
        return {name: list(values) for name, values in named.items() if values}


@dataclass(frozen=True, slots=True)
class DaySales:
    """One day of one channel and country-blind currency. `rate` is None where no rate is stored."""

    day: date
    channel: str
    currency: str
    revenue: Decimal
    refunded: Decimal
    units: int
    orders: int
    rate: Decimal | None = None


def main_currency(rows: Iterable[DaySales]) -> str | None:
    """The currency of most orders; None when nothing was sold."""
    orders: Counter[str] = Counter()
    for row in rows:
        orders[row.currency] += row.orders
    return min(orders, key=lambda currency: (-orders[currency], currency)) if orders else None


def with_rates(rows: Iterable[DaySales], rates: Rates) -> list[DaySales]:
    """The rows with the rate of their day into the reporting currency."""
    return [replace(row, rate=rates.on(row.day, row.currency)) for row in rows]


def sales_by_day(warehouse: Warehouse, period: Period, chosen: SalesFilter) -> list[DaySales]:
    """Sales per business day, channel and currency, before conversion."""
    rows = warehouse.query(
        f"""
        SELECT day, channel, currency,
            sum(sales.revenue) AS revenue, sum(sales.refunded) AS refunded, sum(sales.units) AS units,
            sum(sales.orders) AS orders
        FROM live_daily_sales AS sales
        WHERE grain = {{grain:String}} AND day >= {{start:Date32}} AND day < {{end:Date32}} AND {chosen.where()}
        GROUP BY day, channel, currency
        """,
        _parameters(period, chosen) | {"grain": chosen.grain},
    )
    if chosen.categories:
        counts = _orders_with_products(warehouse, period, chosen)
        rows = [row | {"orders": counts.get((row["day"], row["channel"], row["currency"]), 0)} for row in rows]
    return [DaySales(**row) for row in rows]


def sales_until(warehouse: Warehouse, day: date, moment: datetime, chosen: SalesFilter) -> list[DaySales]:
    """One business day's sales up to a moment: for comparing a day under way with its like."""
    rows = warehouse.query(
        f"""
        SELECT day, channel, currency,
            sum(sales.revenue) AS revenue, sum(sales.refunded) AS refunded, sum(sales.units) AS units,
            {"uniqExactIf(order_id, sales.orders > 0)" if chosen.categories else "sum(toInt64(sales.orders))"} AS orders
        FROM live_sales AS sales
        WHERE grain = {{grain:String}} AND day = {{start:Date32}} AND at < {{moment:DateTime64(6, 'UTC')}}
            AND {chosen.where()}
        GROUP BY day, channel, currency
        """,
        _parameters(Period(day, day + timedelta(1)), chosen) | {"grain": chosen.grain, "moment": moment},
    )
    return [DaySales(**row) for row in rows]


def top_products(
    warehouse: Warehouse, period: Period, chosen: SalesFilter, rates: Rates, *, currencies: set[str], limit: int
) -> list[Row]:
    """The products with the most revenue, with what they made in the period before."""
    both = Period(period.previous.start, period.end)
    source, rate = _converted(currencies, rates)
    return warehouse.query(
        f"""
        SELECT product_id, p.sku AS sku, p.name AS name, p.category AS category,
            best.revenue AS revenue, units_sold, best.orders AS orders, previous_revenue
        FROM (
            SELECT product_id,
                sumIf(sales.revenue{rate}, day >= {{current:Date32}}) AS revenue,
                sumIf(sales.revenue{rate}, day < {{current:Date32}}) AS previous_revenue,
                sumIf(sales.units, day >= {{current:Date32}}) AS units_sold,
                sumIf(sales.orders, day >= {{current:Date32}}) AS orders
            FROM {source}
            WHERE grain = 'product' AND day >= {{start:Date32}} AND day < {{end:Date32}} AND {chosen.where()}
            GROUP BY product_id
            HAVING units_sold != 0 OR revenue != 0
            ORDER BY revenue DESC, product_id
            LIMIT {{limit:UInt32}}
        ) AS best
        LEFT JOIN (SELECT product_id, sku, name, category FROM live_products FINAL) AS p USING (product_id)
        ORDER BY revenue DESC, product_id
        """,
        _parameters(both, chosen) | {"current": period.start, "limit": limit, "reporting": rates.reporting},
    )


def top_countries(
    warehouse: Warehouse, period: Period, chosen: SalesFilter, rates: Rates, *, currencies: set[str], limit: int
) -> list[Row]:
    """The countries that goods went to, by revenue; '' is unknown."""
    source, rate = _converted(currencies, rates)
    return warehouse.query(
        f"""
        SELECT country, sum(sales.revenue{rate}) AS revenue, sum(sales.orders) AS orders
        FROM {source}
        WHERE grain = {{grain:String}} AND day >= {{start:Date32}} AND day < {{end:Date32}} AND {chosen.where()}
        GROUP BY country
        HAVING revenue != 0 OR orders != 0
        ORDER BY revenue DESC, country
        LIMIT {{limit:UInt32}}
        """,
        _parameters(period, chosen) | {"grain": chosen.grain, "limit": limit, "reporting": rates.reporting},
    )


def store_currency(warehouse: Warehouse) -> str | None:
    """The currency of most orders ever; None before the first sale."""
    rows = warehouse.query(
        "SELECT currency, sum(orders) AS n FROM live_daily_sales WHERE grain = 'order'"
        " GROUP BY currency ORDER BY n DESC, currency LIMIT 1"
    )
    return rows[0]["currency"] if rows else None


def channel_names(warehouse: Warehouse) -> dict[str, str]:
    """Names by channel code."""
    return {
        row["channel"]: row["name"]
        for row in warehouse.query("SELECT channel, name FROM live_channels FINAL ORDER BY channel")
    }


def choices(warehouse: Warehouse) -> dict[str, list[str]]:
    """What can be filtered by: the categories and countries that occur, and the first business day with sales."""
    categories = warehouse.query(
        "SELECT DISTINCT category FROM live_products FINAL WHERE category != '' ORDER BY category LIMIT 1000"
    )
    countries = warehouse.query(
        "SELECT country FROM live_daily_sales WHERE grain = 'order' AND country != ''"
        " GROUP BY country ORDER BY country LIMIT 300"
    )
    return {
        "categories": [row["category"] for row in categories],
        "countries": [row["country"] for row in countries],
    }


def first_day(warehouse: Warehouse) -> date | None:
    """The first business day with sales."""
    (row,) = warehouse.query("SELECT minOrNull(day) AS day FROM live_daily_sales WHERE grain = 'order'")
    found: date | None = row["day"]
    return found


def freshness(warehouse: Warehouse) -> list[Row]:
    """Per channel, when its newest order or change happened and when the warehouse got it."""
    return warehouse.query(
        "SELECT channel, max(newest_event_at) AS newest_event_at, max(newest_ingested_at) AS newest_ingested_at"
        " FROM live_freshness GROUP BY channel ORDER BY channel"
    )


def _orders_with_products(
    warehouse: Warehouse, period: Period, chosen: SalesFilter
) -> dict[tuple[date, str, str], int]:
    """Orders that contain one of the chosen products at all: adding up products would count an order twice."""
    rows = warehouse.query(
        f"""
        SELECT day, channel, currency, count() AS orders
        FROM (
            SELECT day, channel, currency, order_id
            FROM live_sales AS sales
            WHERE grain = 'product' AND day >= {{start:Date32}} AND day < {{end:Date32}} AND {chosen.where()}
            GROUP BY day, channel, currency, order_id
            HAVING sum(toInt64(sales.orders)) > 0
        )
        GROUP BY day, channel, currency
        """,
        _parameters(period, chosen),
    )
    return {(row["day"], row["channel"], row["currency"]): row["orders"] for row in rows}


def _converted(currencies: set[str], rates: Rates) -> tuple[str, str]:
    """Where to read sales from, and the factor that converts them: none where one currency is all there is."""
    if currencies <= {rates.reporting}:
        return "live_daily_sales AS sales", ""
    return f"live_daily_sales AS sales INNER JOIN ({_RATE_PER_DAY}) AS rates USING (currency, day)", " * rates.rate"


def _parameters(period: Period, chosen: SalesFilter) -> dict[str, Any]:
    return chosen.parameters() | {"start": period.start, "end": period.end}
