"""The store's books held against themselves: what is kept as a sum is the sum of its rows.

Rows are gone through in parts, each with one statement that adds up in the database and answers with what differs
alone. So memory is bounded whatever the size of the shop, a part is looked at as of one moment, and nobody who
writes has to wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from tradewind.commerce.booking import Origin
from tradewind.commerce.catalog.model import Product, SalesChannel
from tradewind.commerce.inventory.model import Location, Reservation, Stock, StockMovement
from tradewind.commerce.orders.model import NumberSeries, Order, OrderItem
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Payment, PaymentIntent, ProviderRefund
from tradewind.commerce.payments.order_refunds import CAPTURED
from tradewind.commerce.payments.providers.port import RefundStatus
from tradewind.core.database import Database
from tradewind.core.money import to_decimal
from tradewind.verify.report import Checked, Difference, label

MOST_REPORTED = 1_000
"""Groups that one check reports: more say nothing new, and have to fit into memory."""
_PART = 10_000
_OF_ORDERS = "order:"

Column = InstrumentedAttribute[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A range of ids: behind the one, up to and with the other."""

    after: str
    upto: str

    def has(self, column: Column) -> ColumnElement[bool]:
        return (column > self.after) & (column <= self.upto)


@dataclass(frozen=True, slots=True)
class BookCheck:
    """`differing` answers with keys, then what should be and what is, for each measure in turn.

    `money` are the measures in minor units of the key `currency`.
    """

    database: Database
    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    over: Column
    differing: Callable[[Part], Select[*tuple[Any, ...]]]
    money: frozenset[str] = frozenset()

    def look(self) -> Checked:
        """Goes through all parts, or until there is enough to report."""
        groups, reported = 0, 0
        differences: list[Difference] = []
        after = ""
        while reported < MOST_REPORTED:
            with self.database.read() as tx:
                size, upto = _next_part(tx, self.over, after)
                if not size:
                    break
                query = self.differing(Part(after, upto)).limit(MOST_REPORTED - reported)
                for row in tx.execute(query):
                    reported += 1
                    differences.extend(self._of(row))
            groups, after = groups + size, upto
        return Checked(self.name, groups, {}, differences)

    def _of(self, row: Any) -> Iterator[Difference]:
        keys, values = tuple(str(part or "") for part in row[: len(self.keys)]), row[len(self.keys) :]
        currency = dict(zip(self.keys, keys, strict=True)).get("currency", "")
        for measure, should, found in zip(self.measures, values[::2], values[1::2], strict=True):
            if should != found:
                pair = (
                    to_decimal(int(value), currency) if measure in self.money else Decimal(value)
                    for value in (should, found)
                )
                yield Difference(self.name, label(self.keys, keys), measure, *pair)


def book_checks(database: Database) -> list[BookCheck]:
    """All that can be said of the store alone."""
    levels = ("product", "location")
    amounts = ("subtotal", "discount", "revenue", "total")
    return [
        BookCheck(database, "stock levels", levels, ("on_hand",), Product.id, _on_hand),
        BookCheck(database, "reserved stock", levels, ("reserved",), Product.id, _reserved),
        BookCheck(database, "holds of orders", ("order", "product"), ("held",), Reservation.id, _held_in_vain),
        BookCheck(
            database,
            "order amounts",
            ("order", "channel", "currency"),
            (*amounts, "units"),
            Order.id,
            _order_amounts,
            frozenset(amounts),
        ),
        BookCheck(
            database,
            "payments through providers",
            ("payment", "order", "currency"),
            ("captured", "refunded"),
            PaymentIntent.id,
            _intents,
            frozenset({"captured", "refunded"}),
        ),
        BookCheck(database, "order numbers", ("channel",), ("next",), NumberSeries.name, _series),
    ]


def _next_part(tx: Session, over: Column, after: str) -> tuple[int, str]:
    ids = select(over.label("id")).where(over > after).order_by(over).limit(_PART).subquery()
    row = tx.execute(select(func.count().label("size"), func.max(ids.c.id).label("upto")).select_from(ids)).one()
    return int(row.size), str(row.upto or "")


def _on_hand(part: Part) -> Select[*tuple[Any, ...]]:
    """Units on hand are what moved."""
    return _levels(part, Stock.on_hand, StockMovement, StockMovement.delta)


def _reserved(part: Part) -> Select[*tuple[Any, ...]]:
    """Units reserved are what reservations hold, those that have expired too until they are swept."""
    return _levels(part, Stock.reserved, Reservation, Reservation.quantity)


def _levels(part: Part, kept: InstrumentedAttribute[int], rows: Any, units: Any) -> Select[*tuple[Any, ...]]:
    """Levels against their rows; either may be missing altogether."""
    levels = select(
        Stock.product_id.label("product_id"),
        Stock.location_id.label("location_id"),
        literal(0).label("should"),
        kept.label("found"),
    ).where(part.has(Stock.product_id))
    added = select(rows.product_id, rows.location_id, func.sum(units), literal(0)).where(part.has(rows.product_id))
    both = union_all(levels, added.group_by(rows.product_id, rows.location_id)).subquery()
    should, found = func.sum(both.c.should), func.sum(both.c.found)
    return (
        select(Product.sku, Location.code, should, found)
        .select_from(both)
        .join(Product, Product.id == both.c.product_id)
        .join(Location, Location.id == both.c.location_id)
        .group_by(both.c.product_id, both.c.location_id, Product.sku, Location.code)
        .having(should != found)
    )


def _held_in_vain(part: Part) -> Select[*tuple[Any, ...]]:
    """An order holds units only while it is pending: sold and given up, it holds none."""
    return (
        select(Order.order_number, Product.sku, literal(0), Reservation.quantity)
        .select_from(Reservation)
        .join(Order, Order.id == Reservation.reference)
        .join(Product, Product.id == Reservation.product_id)
        .where(part.has(Reservation.id), Order.status != OrderStatus.PENDING)
    )


def _order_amounts(part: Part) -> Select[*tuple[Any, ...]]:
    """An order is its lines, and its total is theirs with shipping and, where it comes on top, tax.

    A channel is the authority on the totals of its own orders: those of our checkout alone are ours to work out.
    """
    lines = (
        select(
            OrderItem.order_id,
            func.sum(OrderItem.total_minor + OrderItem.discount_minor).label("subtotal"),
            func.sum(OrderItem.discount_minor).label("discount"),
            func.sum(OrderItem.revenue_minor).label("revenue"),
            func.sum(OrderItem.total_minor).label("total"),
            func.sum(OrderItem.quantity).label("units"),
        )
        .where(part.has(OrderItem.order_id))
        .group_by(OrderItem.order_id)
        .subquery()
    )
    on_top = case((Order.prices_include_tax, 0), else_=Order.tax_minor)
    total = func.coalesce(lines.c.total, 0) + Order.shipping_minor + Order.other_minor + on_top
    pairs = (
        (func.coalesce(lines.c.subtotal, 0), Order.subtotal_minor),
        (func.coalesce(lines.c.discount, 0), Order.discount_minor),
        (func.coalesce(lines.c.revenue, 0), Order.revenue_minor),
        (case((Order.origin == Origin.CHECKOUT, total), else_=Order.total_minor), Order.total_minor),
        (func.coalesce(lines.c.units, 0), Order.units),
    )
    return (
        select(Order.order_number, SalesChannel.code, Order.currency, *(side for pair in pairs for side in pair))
        .select_from(Order)
        .join(SalesChannel, SalesChannel.id == Order.channel_id)
        .outerjoin(lines, lines.c.order_id == Order.id)
        .where(part.has(Order.id), or_(*(should != found for should, found in pairs)))
    )


def _intents(part: Part) -> Select[*tuple[Any, ...]]:
    """What came in is in the books as payments, and what went back is what providers gave back, never more."""
    named = PaymentIntent.provider_id
    # The first payment of an intent has the provider's name for it, a later one has more behind a colon.
    is_its = or_(
        Payment.external_id == named, func.substr(Payment.external_id, 1, func.length(named) + 1) == named + ":"
    )
    booked = select(func.sum(Payment.amount_minor)).where(
        Payment.order_id == PaymentIntent.order_id, Payment.status == CAPTURED, is_its
    )
    done = select(func.sum(ProviderRefund.amount_minor)).where(
        ProviderRefund.intent_id == PaymentIntent.id, ProviderRefund.status == RefundStatus.DONE
    )
    sums = (
        select(
            PaymentIntent.id,
            PaymentIntent.order_id,
            PaymentIntent.currency,
            func.coalesce(booked.scalar_subquery(), 0).label("booked"),
            PaymentIntent.captured_minor,
            func.coalesce(done.scalar_subquery(), 0).label("done"),
            PaymentIntent.refunded_minor,
        )
        .where(part.has(PaymentIntent.id))
        .subquery()
    )
    found = sums.c
    # Word of a refund may be faster than word of the payment: it counts as far as money is known to be there.
    gone = case((found.done > found.captured_minor, found.captured_minor), else_=found.done)
    return (
        select(found.id, Order.order_number, found.currency, found.booked, found.captured_minor, gone)
        .add_columns(found.refunded_minor)
        .join(Order, Order.id == found.order_id)
        .where(or_(found.booked != found.captured_minor, gone != found.refunded_minor))
    )


def _series(part: Part) -> Select[*tuple[Any, ...]]:
    """The next number of a channel is behind all that its own orders have."""
    digits = func.substr(Order.order_number, func.length(NumberSeries.prefix) + 1)
    number = case((func.trim(digits, "0123456789") == "", cast(digits, BigInteger)))
    should = func.max(number) + 1
    return (
        select(SalesChannel.code, should, NumberSeries.next_value)
        .select_from(NumberSeries)
        .join(SalesChannel, literal(_OF_ORDERS) + SalesChannel.id == NumberSeries.name)
        .join(Order, Order.channel_id == SalesChannel.id)
        .where(
            part.has(NumberSeries.name),
            Order.origin == Origin.CHECKOUT,
            func.substr(Order.order_number, 1, func.length(NumberSeries.prefix)) == NumberSeries.prefix,
            digits != "",
        )
        .group_by(SalesChannel.code, NumberSeries.next_value)
        .having(should > NumberSeries.next_value)
    )
