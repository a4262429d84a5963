"""An intent and its order, held for a change.

Everything that changes either takes the order's row first: it is the one lock of both, so that a webhook,
a return page, a poll and a cancellation queue up instead of waiting for each other in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, Origin
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.writing import lock_order
from tradewind.commerce.payments.model import PaymentIntent
from tradewind.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Held:
    """Rows that nobody else changes until the transaction ends."""

    order: Order
    intent: PaymentIntent


def hold(tx: Session, intent_id: str) -> Held:
    """Raises NotFound for an unknown intent."""
    order_id = tx.scalar(select(PaymentIntent.order_id).where(PaymentIntent.id == intent_id))
    if order_id is None:
        raise NotFound(f"There is no payment {intent_id[:40]}.")
    order = lock_order(tx, order_id)
    query = select(PaymentIntent).where(PaymentIntent.id == intent_id)
    return Held(order, tx.scalars(query, execution_options={"populate_existing": True}).one())


def booking_of(tx: Session, order: Order, now: datetime) -> Booking:
    """The circumstances in which money of an order is booked."""
    channel = tx.get_one(SalesChannel, order.channel_id)
    return Booking(channel.id, channel.code, now, Origin.CHECKOUT, order.location_id, order.customer_id)


@dataclass(frozen=True, slots=True)
class Money:
    """What came in for an order and what went back, over all its intents, in minor units of its currency."""

    captured: int
    refunded: int

    def status(self, total: int, unpaid: str) -> str:
        """The payment status of an order of this total; `unpaid` while no money has come."""
        kept = self.captured - self.refunded
        if self.captured == 0:
            return unpaid
        if kept and kept >= total:
            return "paid"
        if self.refunded == 0:
            return "partially_paid"
        return "partially_refunded" if kept else "refunded"


def money_of(tx: Session, order_id: str) -> Money:
    sums = select(func.sum(PaymentIntent.captured_minor), func.sum(PaymentIntent.refunded_minor))
    captured, refunded = tx.execute(sums.where(PaymentIntent.order_id == order_id)).one()
    return Money(int(captured or 0), int(refunded or 0))
