"""Sales figures from the live tables: small, typed rows that the dashboard adds up.

Definitions (docs/metrics.md): revenue is that of sold lines by order day less refunds by refund day;
orders are sold orders; units are net of units returned. Figures in another currency are converted with
the newest rate stored on or before their day; where there is none they stay apart, never at one to one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from tradewind.insights.periods import Period
from tradewind.insights.rates import RateInSql, Rates
from tradewind.warehouse.client import Row, Warehouse

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Window:
    """A period and the like days before it.

    Of a period under way only as much of the one before as has passed: whole days up to `cut_day`, and of
    that one what happened before the moment `cut`.
    """

    period: Period
    cut_day: date | None = None
    cut: datetime | None = None

    @property
    def first_day(self) -> date:
        return self.period.previous.start

    def parameters(self) -> dict[str, Any]:
        days = {"first": self.first_day, "start": self.period.start, "end": self.period.end}
        return days | {"cut_day": self.cut_day or self.period.start, "cut": self.cut}


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


class DaySales(NamedTuple):
    """One day of one channel and country-blind currency. `rate` is None where no rate is stored."""

    day: date
    channel: str
    currency: str
    revenue: Decimal
    refunded: Decimal
    units: int
    orders: int
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class CountrySales:
    """A country's share of a period, in the reporting currency; '' is unknown."""

    country: str
    revenue: Decimal
    orders: int


def main_currency(rows: Iterable[DaySales]) -> str | None:
    """The currency of most orders; None when nothing was sold."""
    orders: Counter[str] = Counter()
    for row in rows:
        orders[row.currency] += row.orders
    return min(orders, key=lambda currency: (-orders[currency], currency)) if orders else None


def sales_by_day(
    warehouse: Warehouse, window: Window, chosen: SalesFilter, rates: Rates, *, currencies: set[str]
) -> tuple[list[DaySales], list[CountrySales]]:
    """Sales of whole business days per day, channel and currency, of the period and of the days before, each with
    its rate; and the period's sales per country that goods went to, converted, the most revenue first.

    Both come from one reading: to plan a question takes the engine longer than to add up these rows.
    """
    rate = rates.in_sql(currencies, window.first_day, window.period.end)
    rows = warehouse.query(
        f"""
        WITH day >= {{start:Date32}} AS is_now
        SELECT grouping(day) AS is_country, day, channel, currency, country,
            sum(s.revenue) AS revenue, sum(s.refunded) AS refunded, sum(s.units) AS units, sum(s.orders) AS orders,
            sumIf(s.revenue{rate.factor}, is_now) AS converted, sumIf(s.orders, is_now AND {rate.is_known}) AS counted
        FROM live_daily_sales AS s
        WHERE grain = {{grain:String}} AND {_WHOLE_DAYS} AND {chosen.where()}
        GROUP BY GROUPING SETS ((day, channel, currency), (country))
        """,
        _parameters(window, chosen) | rate.parameters,
    )
    days = [row for row in rows if not row["is_country"]]
    countries = [
        CountrySales(row["country"], row["converted"], row["counted"])
        for row in rows
        if row["is_country"] and (row["converted"] or row["counted"])
    ]
    if chosen.categories:
        counts = _orders_with_products(warehouse, window, chosen, _WHOLE_DAYS)
        per_country = _orders_with_products_by_country(warehouse, window, chosen, rate)
        days = [row | {"orders": counts.get((row["day"], row["channel"], row["currency"]), 0)} for row in days]
        countries = [CountrySales(c.country, c.revenue, per_country.get(c.country, 0)) for c in countries]
    return _with_rates(days, rates), sorted(countries, key=lambda c: (-c.revenue, c.country))


def sales_of_cut_day(warehouse: Warehouse, window: Window, chosen: SalesFilter, rates: Rates) -> list[DaySales]:
    """The same for the day that counts only up to its cut; nothing when there is none."""
    if window.cut is None:
        return []
    rows = warehouse.query(
        f"""
        SELECT day, channel, currency,
            sum(s.revenue) AS revenue, sum(s.refunded) AS refunded, sum(s.units) AS units,
            sum(toInt64(s.orders)) AS orders
        FROM live_sales AS s
        WHERE grain = {{grain:String}} AND {_CUT_DAY} AND {chosen.where()}
        GROUP BY day, channel, currency
        """,
        _parameters(window, chosen),
    )
    if chosen.categories:
        counts = _orders_with_products(warehouse, window, chosen, _CUT_DAY)
        rows = [row | {"orders": counts.get((row["day"], row["channel"], row["currency"]), 0)} for row in rows]
    return _with_rates(rows, rates)


def top_products(
    warehouse: Warehouse, window: Window, chosen: SalesFilter, rates: Rates, *, currencies: set[str], limit: int
) -> list[Row]:
    """The ids of the products with the most revenue, with what they made, also in the like days before."""
    rate = rates.in_sql(currencies, window.first_day, window.period.end)
    parameters = _parameters(window, chosen) | rate.parameters | {"grain": "product"}
    best = warehouse.query(
        f"""
        WITH s.revenue{rate.factor} AS amount, day >= {{start:Date32}} AS is_now, {rate.is_known} AS is_known
        SELECT product_id,
            sumIf(amount, is_now) AS revenue,
            sumIf(amount, NOT is_now) AS previous_revenue,
            sumIf(s.units, is_now AND is_known) AS units_sold,
            sumIf(s.orders, is_now AND is_known) AS orders
        FROM live_daily_sales AS s
        WHERE grain = {{grain:String}} AND {_WHOLE_DAYS} AND {chosen.where()}
        GROUP BY product_id
        HAVING units_sold != 0 OR revenue != 0
        ORDER BY revenue DESC, product_id
        LIMIT {{limit:UInt32}}
        """,
        parameters | {"limit": limit},
    )
    of_cut_day: dict[str, Decimal] = {}
    if window.cut is not None and best:
        rows = warehouse.query(
            f"""
            SELECT product_id, sum(s.revenue{rate.factor}) AS revenue
            FROM live_sales AS s
            WHERE grain = {{grain:String}} AND {_CUT_DAY} AND {chosen.where()} AND product_id IN {{ids:Array(String)}}
            GROUP BY product_id
            """,
            parameters | {"ids": [row["product_id"] for row in best]},
        )
        of_cut_day = {row["product_id"]: row["revenue"] for row in rows}
    return [
        row | {"previous_revenue": row["previous_revenue"] + of_cut_day.get(row["product_id"], ZERO)} for row in best
    ]


def store_currencies(warehouse: Warehouse) -> list[str]:
    """All currencies ever sold in, the one with most orders first."""
    rows = warehouse.query(
        "SELECT currency, sum(orders) AS n FROM live_daily_sales WHERE grain = 'order'"
        " GROUP BY currency ORDER BY n DESC, currency"
    )
    return [row["currency"] for row in rows]


def product_names(warehouse: Warehouse, ids: Sequence[str]) -> dict[str, Row]:
    """SKU, name and category as they are now, by product id, of those that are known."""
    rows = warehouse.query(
        "SELECT product_id, sku, name, category FROM live_products FINAL WHERE product_id IN {ids:Array(String)}",
        {"ids": list(ids)},
    )
    return {row["product_id"]: row for row in rows}


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


_WHOLE_DAYS = "((day >= {first:Date32} AND day < {cut_day:Date32}) OR (day >= {start:Date32} AND day < {end:Date32}))"
_CUT_DAY = "(day = {cut_day:Date32} AND at < {cut:DateTime64(6, 'UTC')})"


def _with_rates(rows: Iterable[Row], rates: Rates) -> list[DaySales]:
    """The rows with the rate of their day into the reporting currency."""
    return [
        DaySales(
            row["day"],
            row["channel"],
            row["currency"],
            row["revenue"],
            row["refunded"],
            row["units"],
            row["orders"],
            rates.on(row["day"], row["currency"]),
        )
        for row in rows
    ]


def _orders_with_products(
    warehouse: Warehouse, window: Window, chosen: SalesFilter, days: str
) -> dict[tuple[date, str, str], int]:
    """Orders that contain one of the chosen products at all: adding up products would count an order twice."""
    rows = warehouse.query(
        f"""
        SELECT day, channel, currency, count() AS orders
        FROM (
            SELECT day, channel, currency, order_id
            FROM live_sales AS s
            WHERE grain = 'product' AND {days} AND {chosen.where()}
            GROUP BY day, channel, currency, order_id
            HAVING sum(toInt64(s.orders)) > 0
        )
        GROUP BY day, channel, currency
        """,
        _parameters(window, chosen),
    )
    return {(row["day"], row["channel"], row["currency"]): row["orders"] for row in rows}


def _orders_with_products_by_country(
    warehouse: Warehouse, window: Window, chosen: SalesFilter, rate: RateInSql
) -> dict[str, int]:
    """The same per country, of the period and of currencies with a rate."""
    rows = warehouse.query(
        f"""
        SELECT country, uniqExactIf(order_id, sold > 0 AND {rate.is_known}) AS orders
        FROM (
            SELECT day, currency, country, order_id, sum(toInt64(s.orders)) AS sold
            FROM live_sales AS s
            WHERE grain = 'product' AND day >= {{start:Date32}} AND day < {{end:Date32}} AND {chosen.where()}
            GROUP BY day, currency, country, order_id
        )
        GROUP BY country
        """,
        _parameters(window, chosen) | rate.parameters,
    )
    return {row["country"]: row["orders"] for row in rows}


def _parameters(window: Window, chosen: SalesFilter) -> dict[str, Any]:
    return chosen.parameters() | window.parameters() | {"grain": chosen.grain}
