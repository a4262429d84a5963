"""Holds the warehouse against the ledger: counts and sums per day and entity, on both sides, to the cent.

The ledger is the operational store. Against it stand the landed tables, the live figures and, where it
has been built, gold. Days are UTC days, which both engines cut alike; that business days add up to the
same is checked inside the warehouse. While sales go on, what differs is looked at again before it is
called a difference: a fact on its way is not an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, String, case, cast, func, literal, select
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import Product, SalesChannel
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.states import SOLD
from tradewind.commerce.payments.model import Payment, Refund
from tradewind.commerce.reviews.model import Review
from tradewind.core.database import Database
from tradewind.core.money import to_decimal
from tradewind.platform import Access
from tradewind.warehouse.client import Warehouse

Key = tuple[str, ...]
Values = tuple[Decimal, ...]
Sums = dict[Key, Values]

_LOOKS = 10
_PAUSE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Difference:
    """One group whose figures do not agree."""

    check: str
    key: str
    measure: str
    ledger: Decimal
    warehouse: Decimal

    def __str__(self) -> str:
        return f"{self.check}: {self.key}: {self.measure} is {self.ledger} in the ledger and {self.warehouse} in the warehouse"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check that was made: how many groups agreed, and what did not."""

    name: str
    groups: int
    totals: dict[str, Decimal]
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    expected: Callable[[], Sums]
    found: Callable[[], Sums]


def verify(access: Access) -> list[Checked]:
    """Makes every check; settles first, and again before a difference is reported."""
    access.settle()
    looks = _LOOKS if access.server_url else 1
    return [_made(check, access.settle, looks) for check in _checks(access.database, access.warehouse)]


def is_clean(checks: list[Checked]) -> bool:
    return not any(check.differences for check in checks)


def _made(check: _Check, settle: Callable[[], None], looks: int) -> Checked:
    for look in range(looks):
        expected, found = check.expected(), check.found()
        differences = list(_differences(check, expected, found))
        if not differences:
            break
        if look < looks - 1:
            time.sleep(_PAUSE_SECONDS)
            settle()
    totals = {name: sum((v[i] for v in expected.values()), Decimal(0)) for i, name in enumerate(check.measures)}
    return Checked(check.name, len(expected), totals, differences)


def _differences(check: _Check, expected: Sums, found: Sums) -> Iterator[Difference]:
    nothing = (Decimal(0),) * len(check.measures)
    for key in sorted({*expected, *found}):
        label = ", ".join(f"{name} {value or '(none)'}" for name, value in zip(check.keys, key, strict=True)) or "all"
        for measure, mine, theirs in zip(check.measures, expected.get(key, nothing), found.get(key, nothing), strict=True):
            if mine != theirs:
                yield Difference(check.name, label, measure, mine, theirs)


def _checks(database: Database, warehouse: Warehouse) -> list[_Check]:
    def ledger(query: Callable[[str], Select[Any]], measures: tuple[str, ...], keys: int) -> Callable[[], Sums]:
        def run() -> Sums:
            with database.read() as tx:
                return _ledger_sums(tx, query(database.dialect), measures, keys)

        return run

    def rows(sql: str, keys: int) -> Callable[[], Sums]:
        return lambda: _warehouse_sums(warehouse, sql, keys)

    by_day = ("day", "channel", "currency")
    orders = ("orders", "sold_orders", "units", "revenue", "sold_revenue", "total")
    checks = [
        _Check("orders", by_day, orders, ledger(_ledger_orders, orders, 3), rows(_LANDED_ORDERS, 3)),
        _Check("order items", by_day, ("lines", "quantity", "revenue"), ledger(_ledger_items, ("lines", "quantity", "revenue"), 3), rows(_LANDED_ITEMS, 3)),
        _Check("refunds", by_day, ("refunds", "units", "items", "amount"), ledger(_ledger_refunds, ("refunds", "units", "items", "amount"), 3), rows(_LANDED_REFUNDS, 3)),
        _Check("payments", ("channel", "method", "currency"), ("payments", "amount"), ledger(_ledger_payments, ("payments", "amount"), 3), rows(_LANDED_PAYMENTS, 3)),
        _Check("stock movements", ("day", "reason"), ("movements", "units"), ledger(_ledger_movements, ("movements", "units"), 2), rows(_LANDED_MOVEMENTS, 2)),
        _Check("live sales", by_day, ("orders", "units", "revenue", "refunded"), lambda: _ledger_sales(database), rows(_LIVE_SALES, 3)),
        _Check("live sales by product", by_day, ("units", "revenue"), lambda: _first(_ledger_sales(database), (1, 2)), rows(_LIVE_PRODUCT_SALES, 3)),
        _Check(
            "live figures per business day",
            ("grain", "day", "channel", "currency"),
            ("orders", "units", "revenue", "refunded"),
            rows(_LIVE_ENTRIES_BY_BUSINESS_DAY, 4),
            rows(_LIVE_BY_BUSINESS_DAY, 4),
        ),
        _Check("stock levels", (), ("on_hand",), lambda: _stock(database, levels=False), lambda: _stock(database, levels=True)),
    ]
    for name, model, table, key in (
        ("products", Product, "log_products", "product_id"),
        ("customers", Customer, "log_customers", "customer_id"),
        ("reviews", Review, "log_reviews", "review_id"),
    ):
        counted = ledger(lambda _, model=model: select(func.count().label(name)).select_from(model), (name,), 0)
        checks.append(_Check(name, (), (name,), counted, rows(f"SELECT uniqExact({key}) FROM {table}", 0)))
    checks.append(_Check("facts landed once", ("table",), ("rows",), rows(_DISTINCT_ROWS, 1), rows(_ALL_ROWS, 1)))
    if gold := _gold_state(warehouse):
        checks.append(gold)
    return checks


def _ledger_sums(tx: Session, query: Select[Any], measures: tuple[str, ...], keys: int) -> Sums:
    sums: Sums = {}
    for row in tx.execute(query):
        key = tuple(str(part or "") for part in row[:keys])
        currency = row._mapping.get("currency")
        sums[key] = tuple(
            to_decimal(int(value or 0), currency) if name in _MONEY else Decimal(value or 0)
            for name, value in zip(measures, row[keys:], strict=True)
        )
    return sums


_MONEY = frozenset({"revenue", "sold_revenue", "total", "items", "amount", "refunded"})


def _warehouse_sums(warehouse: Warehouse, sql: str, keys: int) -> Sums:
    found: Sums = {}
    for row in warehouse.query(sql):
        values = list(row.values())
        found[tuple(str(part) for part in values[:keys])] = tuple(Decimal(value or 0).normalize() + 0 for value in values[keys:])
    return found


def _day(column: Any, dialect: str) -> Any:
    """The UTC day as text, which both databases cut alike."""
    if dialect == "sqlite":
        return func.substr(cast(column, String), 1, 10).label("day")
    return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD").label("day")


def _is_sold() -> Any:
    return Order.status.in_([str(status) for status in SOLD]) & Order.is_test.is_(False)


def _ledger_orders(dialect: str) -> Select[Any]:
    day = _day(Order.placed_at, dialect)
    sold = _is_sold()
    return (
        select(day, SalesChannel.code, Order.currency)
        .add_columns(
            func.count(),
            func.sum(case((sold, 1), else_=0)),
            func.sum(Order.units),
            func.sum(Order.revenue_minor),
            func.sum(case((sold, Order.revenue_minor), else_=0)),
            func.sum(Order.total_minor),
        )
        .join(SalesChannel, SalesChannel.id == Order.channel_id)
        .group_by(day, SalesChannel.code, Order.currency)
    )


def _ledger_items(dialect: str) -> Select[Any]:
    day = _day(Order.placed_at, dialect)
    return (
        select(day, SalesChannel.code, Order.currency)
        .add_columns(func.count(), func.sum(OrderItem.quantity), func.sum(OrderItem.revenue_minor))
        .join(Order, Order.id == OrderItem.order_id)
        .join(SalesChannel, SalesChannel.id == Order.channel_id)
        .group_by(day, SalesChannel.code, Order.currency)
    )


def _ledger_refunds(dialect: str) -> Select[Any]:
    day = _day(Refund.refunded_at, dialect)
    return (
        select(day, SalesChannel.code, Refund.currency)
        .add_columns(func.count(), func.sum(Refund.units), func.sum(Refund.items_minor), func.sum(Refund.amount_minor))
        .join(SalesChannel, SalesChannel.id == Refund.channel_id)
        .group_by(day, SalesChannel.code, Refund.currency)
    )


def _ledger_payments(_: str) -> Select[Any]:
    return (
        select(SalesChannel.code, Payment.method, Payment.currency)
        .add_columns(func.count(), func.sum(Payment.amount_minor))
        .join(SalesChannel, SalesChannel.id == Payment.channel_id)
        .group_by(SalesChannel.code, Payment.method, Payment.currency)
    )


def _ledger_movements(dialect: str) -> Select[Any]:
    day = _day(StockMovement.occurred_at, dialect)
    return select(day, StockMovement.reason, func.count(), func.sum(StockMovement.delta)).group_by(day, StockMovement.reason)


def _ledger_sales(database: Database) -> Sums:
    """Sold orders by order day less refunds by refund day: the definition of the sales figures, on the ledger."""
    sums: dict[Key, list[Decimal]] = {}
    with database.read() as tx:
        day = _day(Order.placed_at, database.dialect)
        sold = (
            select(day, SalesChannel.code, Order.currency)
            .add_columns(
                func.sum(case((Order.is_replacement, 0), else_=1)),
                func.sum(Order.units),
                func.sum(Order.revenue_minor),
                literal(0),
            )
            .join(SalesChannel, SalesChannel.id == Order.channel_id)
            .where(_is_sold())
            .group_by(day, SalesChannel.code, Order.currency)
        )
        day = _day(Refund.refunded_at, database.dialect)
        given_back = (
            select(day, SalesChannel.code, Refund.currency)
            .add_columns(literal(0), -func.sum(Refund.units), -func.sum(Refund.items_minor), func.sum(Refund.items_minor))
            .join(SalesChannel, SalesChannel.id == Refund.channel_id)
            .group_by(day, SalesChannel.code, Refund.currency)
        )
        for query in (sold, given_back):
            for key, values in _ledger_sums(tx, query, ("orders", "units", "revenue", "refunded"), 3).items():
                known = sums.setdefault(key, [Decimal(0)] * 4)
                sums[key] = [a + b for a, b in zip(known, values, strict=True)]
    return {key: tuple(values) for key, values in sums.items() if any(values)}


def _first(sums: Sums, places: tuple[int, ...]) -> Sums:
    return {key: tuple(values[place] for place in places) for key, values in sums.items()}


def _stock(database: Database, *, levels: bool) -> Sums:
    """Levels, or the movements that they must be the sum of; only what differs would be listed, so one group."""
    with database.read() as tx:
        column = Stock.on_hand if levels else StockMovement.delta
        total = tx.scalar(select(func.sum(column)))
        if levels:
            return {(): (Decimal(total or 0),)}
        moved = (
            select(StockMovement.product_id, StockMovement.location_id, func.sum(StockMovement.delta).label("delta"))
            .group_by(StockMovement.product_id, StockMovement.location_id)
            .subquery()
        )
        wrong = tx.scalar(
            select(func.count())
            .select_from(Stock)
            .outerjoin(moved, (moved.c.product_id == Stock.product_id) & (moved.c.location_id == Stock.location_id))
            .where(Stock.on_hand != func.coalesce(moved.c.delta, 0))
        )
        # Levels that differ one by one could still add up to the same: they are counted into the expectation.
        return {(): (Decimal(total or 0) + Decimal(wrong or 0),)}


_LATEST_ORDERS = "(SELECT * FROM log_orders ORDER BY order_id, version DESC LIMIT 1 BY order_id)"

_LANDED_ORDERS = f"""
    SELECT toString(toDate(placed_at, 'UTC')) AS day, channel, currency, count(), sum(is_sold), sum(units), sum(revenue),
        sumIf(revenue, is_sold = 1), sum(total)
    FROM {_LATEST_ORDERS} GROUP BY day, channel, currency
"""
_LANDED_ITEMS = f"""
    SELECT toString(toDate(placed_at, 'UTC')) AS day, channel, currency, count(), sum(line.quantity), sum(line.revenue)
    FROM {_LATEST_ORDERS} ARRAY JOIN lines AS line GROUP BY day, channel, currency
"""
_LANDED_REFUNDS = """
    SELECT toString(toDate(refunded_at, 'UTC')) AS day, channel, currency, count(), sum(units), sum(items), sum(amount)
    FROM log_refunds GROUP BY day, channel, currency
"""
_LANDED_PAYMENTS = "SELECT channel, method, currency, count(), sum(amount) FROM log_payments GROUP BY channel, method, currency"
_LANDED_MOVEMENTS = """
    SELECT toString(toDate(occurred_at, 'UTC')) AS day, reason, count(), sum(delta) FROM log_stock_movements GROUP BY day, reason
"""
_LIVE_SALES = """
    SELECT toString(toDate(at, 'UTC')) AS day, channel, currency, sum(toInt64(orders)) AS o, sum(units) AS u, sum(revenue) AS r, sum(refunded) AS b
    FROM live_sales WHERE grain = 'order' GROUP BY day, channel, currency HAVING o != 0 OR u != 0 OR r != 0 OR b != 0
"""
_LIVE_PRODUCT_SALES = """
    SELECT toString(toDate(at, 'UTC')) AS day, channel, currency, sum(units) AS u, sum(revenue) AS r
    FROM live_sales WHERE grain = 'product' GROUP BY day, channel, currency HAVING u != 0 OR r != 0
"""
_LIVE_ENTRIES_BY_BUSINESS_DAY = """
    SELECT grain, toString(day) AS d, channel, currency, sum(toInt64(orders)), sum(units), sum(revenue), sum(refunded)
    FROM live_sales GROUP BY grain, d, channel, currency
"""
_LIVE_BY_BUSINESS_DAY = """
    SELECT grain, toString(day) AS d, channel, currency, sum(orders), sum(units), sum(revenue), sum(refunded)
    FROM live_daily_sales GROUP BY grain, d, channel, currency
"""
_LANDED_TABLES = ("orders", "refunds", "payments", "stock_movements", "products", "customers", "reviews", "channels", "fx_rates")
_ALL_ROWS = " UNION ALL ".join(f"SELECT 'log_{t}' AS name, count() AS c FROM log_{t}" for t in _LANDED_TABLES)
_DISTINCT_ROWS = " UNION ALL ".join(
    f"SELECT 'log_{t}' AS name, uniqExact(log_partition, log_offset) AS c FROM log_{t}" for t in _LANDED_TABLES
)


def _gold_state(warehouse: Warehouse) -> _Check | None:
    """Gold is checked where it has been built from all that has landed; an older build is behind, not wrong."""
    built = warehouse.query(
        "SELECT metadata_modification_time AS at FROM system.tables WHERE database = currentDatabase() AND name = 'daily_sales_summary'"
    )
    if not built:
        return None
    (newest,) = warehouse.query(
        "SELECT greatest((SELECT max(ingested_at) FROM log_orders), (SELECT max(ingested_at) FROM log_refunds),"
        " (SELECT max(ingested_at) FROM log_products)) AS at"
    )
    if newest["at"] > built[0]["at"]:
        return None
    return _Check(
        "gold daily_sales_summary",
        ("day", "channel", "currency"),
        ("units", "revenue"),
        lambda: _warehouse_sums(warehouse, _LIVE_FOR_GOLD, 3),
        lambda: _warehouse_sums(warehouse, _GOLD, 3),
    )


_LIVE_FOR_GOLD = """
    SELECT toString(day) AS d, channel, currency, sum(units) AS u, sum(revenue) AS r FROM live_daily_sales
    WHERE grain = 'product' GROUP BY d, channel, currency HAVING u != 0 OR r != 0
"""
_GOLD = """
    SELECT toString(date) AS d, channel, currency, sum(total_units) AS u, sum(total_revenue) AS r FROM daily_sales_summary
    GROUP BY d, channel, currency HAVING u != 0 OR r != 0
"""
