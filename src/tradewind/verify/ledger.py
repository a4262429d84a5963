"""The ledger's side: figures straight from the operational store's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, String, case, cast, func, literal, select
from sqlalchemy import text as text_
from sqlalchemy.orm import InstrumentedAttribute, Session

from tradewind.commerce.catalog.model import Product, SalesChannel
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.inventory.model import StockMovement
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.states import SOLD
from tradewind.commerce.payments.model import Payment, Refund
from tradewind.commerce.rates.model import FxRate
from tradewind.commerce.reviews.model import Review
from tradewind.core.database import Database
from tradewind.core.money import to_decimal
from tradewind.verify.sums import Sums

SALES_MEASURES = ("orders", "units", "revenue", "refunded")
_MONEY = frozenset({"revenue", "sold_revenue", "total", "items", "amount", "refunded"})
_BY_DAY = ("day", "channel", "currency")
_CONVERTED = (SALES_MEASURES.index("revenue"), SALES_MEASURES.index("refunded"))
_QUARTER = "%Y-%m-%d %H:%M"
_EXACT = Context(prec=60)
_RATE_DIGITS = Decimal(1).scaleb(-12)

Cut = Callable[[InstrumentedAttribute[Any], str], ColumnElement[str]]
"""What a moment's group is, as text, in SQL of a dialect."""


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """A grouped query: key columns first, then measures; money measures in minor units of the key's currency."""

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    query: Callable[[str], Select[*tuple[Any, ...]]]

    def bound_to(self, database: Database) -> Callable[[], Sums]:
        def run() -> Sums:
            with database.read() as tx:
                return _sums(tx, self.query(database.dialect), self.keys, self.measures)

        return run


def sales(database: Database) -> Sums:
    """Sold orders by order day less refunds by refund day: the definition of the sales figures, on the ledger."""
    added: dict[tuple[str, ...], list[Decimal]] = {}
    with database.read() as tx:
        for query in (_sold(database.dialect), _given_back(database.dialect)):
            for key, values in _sums(tx, query, _BY_DAY, SALES_MEASURES).items():
                known = added.setdefault(key, [Decimal(0)] * len(SALES_MEASURES))
                added[key] = [a + b for a, b in zip(known, values, strict=True)]
    return {key: tuple(values) for key, values in added.items() if any(values)}


def sales_per_business_day(database: Database, zone: ZoneInfo) -> Sums:
    """The same by the store's own days.

    Databases differ in what they know of time zones, so they add up per quarter of an hour in UTC, which every zone's
    midnight falls between, and the quarters are put into days here.
    """
    added: dict[tuple[str, ...], list[Decimal]] = {}
    with database.read() as tx:
        for query in (_sold(database.dialect, _quarter), _given_back(database.dialect, _quarter)):
            for (quarter, *rest), values in _sums(tx, query, _BY_DAY, SALES_MEASURES).items():
                moment = datetime.strptime(quarter, _QUARTER).replace(tzinfo=UTC)
                key = (str(moment.astimezone(zone).date()), *rest)
                known = added.setdefault(key, [Decimal(0)] * len(SALES_MEASURES))
                added[key] = [a + b for a, b in zip(known, values, strict=True)]
    return {key: tuple(values) for key, values in added.items() if any(values)}


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates into one currency as they are stored: direct ones, or the reciprocals where a currency has none."""

    into: str
    stored: Mapping[str, list[tuple[str, Decimal]]]

    @classmethod
    def read(cls, database: Database, into: str) -> Rates:
        with database.read() as tx:
            told = [
                (rate.day.isoformat(), rate.base, rate.quote, Decimal(rate.rate)) for rate in tx.scalars(select(FxRate))
            ]
        direct: dict[str, list[tuple[str, Decimal]]] = {}
        inverse: dict[str, list[tuple[str, Decimal]]] = {}
        for day, base, quote, rate in sorted(told):
            if quote == into:
                direct.setdefault(base, []).append((day, rate))
            elif base == into:
                reciprocal = _EXACT.divide(Decimal(1), rate).quantize(_RATE_DIGITS, ROUND_DOWN, _EXACT)
                inverse.setdefault(quote, []).append((day, reciprocal))
        return cls(into, inverse | direct)

    def on(self, day: str, currency: str) -> Decimal | None:
        """The newest one on or before the day; None where there is none."""
        if currency == self.into:
            return Decimal(1)
        known = [rate for since, rate in self.stored.get(currency, ()) if since <= day]
        return known[-1] if known else None

    def converted(self, sales: Sums) -> Sums:
        """Revenue and refunds of each day in the one currency, exact; without those that have no rate."""
        with_rates = ((key, values, self.on(key[0], key[2])) for key, values in sales.items())
        found = {
            key: tuple(_EXACT.multiply(values[place], rate) for place in _CONVERTED)
            for key, values, rate in with_rates
            if rate is not None
        }
        return {key: values for key, values in found.items() if any(values)}


def _sums(tx: Session, query: Select[*tuple[Any, ...]], keys: tuple[str, ...], measures: tuple[str, ...]) -> Sums:
    found: Sums = {}
    for row in tx.execute(query):
        key = tuple(str(part or "") for part in row[: len(keys)])
        currency = dict(zip(keys, key, strict=True)).get("currency", "")
        found[key] = tuple(
            to_decimal(int(value or 0), currency) if measure in _MONEY else Decimal(value or 0)
            for measure, value in zip(measures, row[len(keys) :], strict=True)
        )
    return found


def _day(column: InstrumentedAttribute[Any], dialect: str) -> ColumnElement[str]:
    """The UTC day as text, which both databases cut alike."""
    if dialect == "sqlite":
        return func.substr(cast(column, String), 1, 10)
    return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD")


def _quarter(column: InstrumentedAttribute[Any], dialect: str) -> ColumnElement[str]:
    """The quarter of an hour in UTC as text."""
    if dialect == "sqlite":
        text = cast(column, String)
        minutes = (cast(func.substr(text, 15, 2), Integer).op("/")(15)) * 15
        return func.substr(text, 1, 14).concat(func.printf("%02d", minutes))
    binned = func.date_bin(
        text_("interval '15 minutes'"), func.timezone("UTC", column), text_("timestamp '2000-01-01'")
    )
    return func.to_char(binned, "YYYY-MM-DD HH24:MI")


def _is_sold() -> ColumnElement[bool]:
    return Order.status.in_([str(status) for status in SOLD]) & Order.is_test.is_(False)


def _per_order_day(dialect: str, *measures: ColumnElement[Any], cut: Cut = _day) -> Select[*tuple[Any, ...]]:
    day = cut(Order.placed_at, dialect)
    query = select(day, SalesChannel.code, Order.currency, *measures)
    return query.join(SalesChannel, SalesChannel.id == Order.channel_id).group_by(
        day, SalesChannel.code, Order.currency
    )


def _per_refund_day(dialect: str, *measures: ColumnElement[Any], cut: Cut = _day) -> Select[*tuple[Any, ...]]:
    day = cut(Refund.refunded_at, dialect)
    query = select(day, SalesChannel.code, Refund.currency, *measures)
    return query.join(SalesChannel, SalesChannel.id == Refund.channel_id).group_by(
        day, SalesChannel.code, Refund.currency
    )


def _orders(dialect: str) -> Select[*tuple[Any, ...]]:
    sold = _is_sold()
    return _per_order_day(
        dialect,
        func.count(),
        func.sum(case((sold, 1), else_=0)),
        func.sum(Order.units),
        func.sum(Order.revenue_minor),
        func.sum(case((sold, Order.revenue_minor), else_=0)),
        func.sum(Order.total_minor),
    ).select_from(Order)


def _order_items(dialect: str) -> Select[*tuple[Any, ...]]:
    measures = (func.count(), func.sum(OrderItem.quantity), func.sum(OrderItem.revenue_minor))
    return _per_order_day(dialect, *measures).join(OrderItem, OrderItem.order_id == Order.id)


def _refunds(dialect: str) -> Select[*tuple[Any, ...]]:
    measures = (
        func.count(),
        func.sum(Refund.units),
        func.sum(Refund.items_minor),
        func.sum(Refund.amount_minor),
    )
    return _per_refund_day(dialect, *measures)


def _sold(dialect: str, cut: Cut = _day) -> Select[*tuple[Any, ...]]:
    counted = func.sum(case((Order.is_replacement, 0), else_=1))
    measures = (counted, func.sum(Order.units), func.sum(Order.revenue_minor), literal(0))
    return _per_order_day(dialect, *measures, cut=cut).where(_is_sold())


def _given_back(dialect: str, cut: Cut = _day) -> Select[*tuple[Any, ...]]:
    measures = (
        literal(0),
        -func.sum(Refund.units),
        -func.sum(Refund.items_minor),
        func.sum(Refund.items_minor),
    )
    return _per_refund_day(dialect, *measures, cut=cut)


def _payments(_: str) -> Select[*tuple[Any, ...]]:
    keys = (SalesChannel.code, Payment.method, Payment.currency)
    query = select(*keys, func.count(), func.sum(Payment.amount_minor))
    return query.join(SalesChannel, SalesChannel.id == Payment.channel_id).group_by(*keys)


def _stock_movements(dialect: str) -> Select[*tuple[Any, ...]]:
    day = _day(StockMovement.occurred_at, dialect)
    query = select(day, StockMovement.reason, func.count(), func.sum(StockMovement.delta))
    return query.group_by(day, StockMovement.reason)


def _stock(_: str) -> Select[*tuple[Any, ...]]:
    units = func.sum(StockMovement.delta)
    return select(StockMovement.product_id, units).group_by(StockMovement.product_id).having(units != 0)


def _reviews(_: str) -> Select[*tuple[Any, ...]]:
    return select(Review.status, func.count(), func.sum(Review.rating)).group_by(Review.status)


def _counted(name: str, key: InstrumentedAttribute[str]) -> LedgerQuery:
    return LedgerQuery(name, (), (name,), lambda _: select(func.count(key)))


ORDERS = LedgerQuery("orders", _BY_DAY, ("orders", "sold_orders", "units", "revenue", "sold_revenue", "total"), _orders)
ORDER_ITEMS = LedgerQuery("order items", _BY_DAY, ("lines", "quantity", "revenue"), _order_items)
REFUNDS = LedgerQuery("refunds", _BY_DAY, ("refunds", "units", "items", "amount"), _refunds)
PAYMENTS = LedgerQuery("payments", ("channel", "method", "currency"), ("payments", "amount"), _payments)
STOCK_MOVEMENTS = LedgerQuery("stock movements", ("day", "reason"), ("movements", "units"), _stock_movements)
STOCK = LedgerQuery("stock", ("product",), ("units",), _stock)
PRODUCTS = _counted("products", Product.id)
CUSTOMERS = _counted("customers", Customer.id)
REVIEWS = LedgerQuery("reviews", ("status",), ("reviews", "rating"), _reviews)
