"""How the simulator's orders go on: confirmed, packed, shipped, delivered, or cancelled on the way.

Our own shop's orders move along the state machine. Those of other channels are told again in their new
state, from what the store itself knows of them, so that a restarted simulator can go on with all of them.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Origin
from tradewind.commerce.inventory.model import Stock
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.service import book_orders, change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.core.money import micros_to_decimal, to_decimal
from tradewind.demo.ledger import Books, raise_refusals
from tradewind.demo.outlets import OUTLET
from tradewind.demo.sales import SoldLine

AT_ONCE = 200

_STEPS = {
    OrderStatus.PENDING: (OrderStatus.CONFIRMED, timedelta(seconds=20), 0.08),
    OrderStatus.CONFIRMED: (OrderStatus.PROCESSING, timedelta(seconds=30), 0.025),
    OrderStatus.PROCESSING: (OrderStatus.SHIPPED, timedelta(seconds=90), 0.01),
    OrderStatus.SHIPPED: (OrderStatus.DELIVERED, timedelta(minutes=3), 0.0),
}
"""The next state, how long an order stays before it (days become minutes, or nobody would see it), and how
often it is cancelled instead."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that is ripe for its next state."""

    order_id: str
    channel: str
    status: OrderStatus


@dataclass(frozen=True, slots=True)
class Told:
    """An order as the store knows it."""

    row: Order
    items: Sequence[OrderItem]

    @property
    def lines(self) -> list[SoldLine]:
        return [
            SoldLine(item.line_no, item.sku or "", item.name, item.quantity, item.revenue_minor, item.tax_minor)
            for item in self.items
        ]


class OpenOrders:
    """The simulator's orders that have not arrived yet, oldest change first; looked up a few hundred at a time."""

    def __init__(self, books: Books) -> None:
        self._channels = {channel_id: code for code, channel_id in books.channel_ids.items()}
        self._waiting: dict[OrderStatus, deque[Waiting]] = {status: deque() for status in _STEPS}
        self._turn = deque(_STEPS)

    def next(self, tx: Session, now: datetime) -> Waiting | None:
        """One that is ripe; the states take turns, so that none of them clogs up."""
        for _ in range(len(self._turn)):
            status = self._turn[0]
            self._turn.rotate(-1)
            if not self._waiting[status]:
                self._waiting[status].extend(self._ripe(tx, status, now))
            if self._waiting[status]:
                return self._waiting[status].popleft()
        return None

    def _ripe(self, tx: Session, status: OrderStatus, now: datetime) -> list[Waiting]:
        query = (
            select(Order.id, Order.channel_id)
            .where(
                Order.status == str(status),
                Order.origin == str(Origin.SIMULATOR),
                Order.channel_id.in_(list(self._channels)),
                Order.updated_at <= now - _STEPS[status][1],
            )
            .order_by(Order.updated_at)
            .limit(AT_ONCE)
        )
        return [Waiting(row.id, self._channels[row.channel_id], status) for row in tx.execute(query)]


def load(tx: Session, order_id: str) -> Told:
    row = tx.get_one(Order, order_id)
    items = tx.scalars(select(OrderItem).where(OrderItem.order_id == order_id).order_by(OrderItem.line_no)).all()
    return Told(row, items)


def advance(tx: Session, books: Books, waiting: Waiting, rng: Random, now: datetime) -> OrderStatus | None:
    """Moves an order to its next state, or cancels it; None when somebody else has moved it meanwhile."""
    told = load(tx, waiting.order_id)
    if told.row.status != waiting.status:
        return None
    status, _, cancelled = _STEPS[waiting.status]
    if rng.random() < cancelled:
        status = OrderStatus.CANCELLED
    if waiting.status is OrderStatus.PENDING and not _is_in_stock(tx, books, waiting.channel, told):
        status = OrderStatus.CANCELLED
    if OUTLET[waiting.channel].is_own:
        change_status(tx, waiting.order_id, status, now=now, origin=Origin.SIMULATOR)
        return status
    booking = books.booking(waiting.channel, now, Origin.SIMULATOR)
    again = told_again(told, status, now)
    raise_refusals(book_orders(tx, [again], booking))
    if waiting.status is OrderStatus.PENDING and status is OrderStatus.CONFIRMED:
        raise_refusals(record_payments(tx, [_payment(told, waiting.channel, now)], booking))
    return status


def told_again(told: Told, status: OrderStatus, now: datetime) -> NewOrder:
    """The order as its channel would tell of it in its new state; amounts as they were."""
    row, currency = told.row, told.row.currency
    paid = "voided" if row.payment_status in ("pending", "voided") else "refunded"
    lines = [
        NewLine(
            sku=item.sku or "",
            quantity=item.quantity,
            unit_price=micros_to_decimal(item.unit_price_micros),
            name=item.name,
            discount=to_decimal(item.discount_minor, currency),
            tax=to_decimal(item.tax_minor, currency),
            unit_cost=None if item.unit_cost_micros is None else micros_to_decimal(item.unit_cost_micros),
            external_line_id=item.external_line_id,
        )
        for item in told.items
    ]
    return NewOrder(
        order_number=row.order_number,
        external_id=row.external_id,
        placed_at=row.placed_at,
        currency=currency,
        lines=tuple(lines),
        status=status,
        payment_status=paid if status is OrderStatus.CANCELLED else "paid",
        shipping=to_decimal(row.shipping_minor, currency),
        other=to_decimal(row.other_minor, currency),
        fees=to_decimal(row.fees_minor, currency),
        prices_include_tax=row.prices_include_tax,
        ship_country=row.ship_country,
        ship_region=row.ship_region,
        ship_city=row.ship_city,
        note=row.note,
        channel_updated_at=now,
    )


def _payment(told: Told, channel: str, now: datetime) -> NewPayment:
    row = told.row
    return NewPayment(
        external_id=f"{row.order_number}-P1",
        amount=to_decimal(row.total_minor, row.currency),
        currency=row.currency,
        method=next(iter(OUTLET[channel].methods)),
        order_reference=row.order_number,
        paid_at=now,
    )


def _is_in_stock(tx: Session, books: Books, channel: str, told: Told) -> bool:
    """Whether a pending order can be kept: its units leave the shelf only now."""
    wanted: Counter[str] = Counter()
    for item in told.items:
        wanted[item.product_id] += item.quantity
    query = select(Stock.product_id, Stock.on_hand, Stock.reserved).where(
        Stock.location_id == books.location_ids[OUTLET[channel].location], Stock.product_id.in_(list(wanted))
    )
    levels = {row.product_id: row.on_hand - row.reserved for row in tx.execute(query)}
    return all(levels.get(product_id, 0) >= units for product_id, units in wanted.items())
