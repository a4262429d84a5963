"""Use case: an order comes to nothing. Its goods, uses of codes and money come free; nothing of it is forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import SYSTEM, Actor
from tradewind.commerce.booking import Origin
from tradewind.commerce.checkout.service import HOLD_FOR
from tradewind.commerce.inventory.model import Reservation
from tradewind.commerce.orders.handling import move_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.payback import give_back

UNPAID = "Not paid in time"


def cancel_order(tx: Session, order_id: str, *, actor: Actor, now: datetime, reason: str | None = None) -> list[str]:
    """Cancels an order of which nothing has left; returns the wishes for its money, none where nothing was paid.

    Raises NotFound, IllegalTransition, PartlyShipped or HasRefunds.
    """
    move_order(tx, order_id, OrderStatus.CANCELLED, actor=actor, now=now, note=reason)
    return give_back(tx, order_id, now=now, reason=(reason or "Order cancelled")[:200], actor=actor)


def cancel_next_unpaid(tx: Session, *, now: datetime) -> int:
    """Cancels the order that nobody has paid in time for the longest; returns how many that were, 1 or 0.

    One at a time, so that no two orders' stock is locked at once. One that somebody is paying at this moment is
    passed over. Stock does not wait for this: a hold that is over counts for nothing by itself.
    """
    order_id = tx.scalar(_unpaid(now).limit(1).with_for_update(skip_locked=True, of=Order))
    if order_id is None:
        return 0
    cancel_order(tx, order_id, actor=SYSTEM, now=now, reason=UNPAID)
    return 1


def _unpaid(now: datetime) -> Select[str]:
    """Pending orders of our own checkout whose hold is over, the oldest first."""
    still_held = select(Reservation.id).where(
        Reservation.reference == Order.id,
        or_(Reservation.expires_at.is_(None), Reservation.expires_at > now),
    )
    return (
        select(Order.id)
        .where(
            Order.status == OrderStatus.PENDING,
            Order.origin == Origin.CHECKOUT,
            Order.placed_at <= now - HOLD_FOR,
            ~still_held.exists(),
        )
        .order_by(Order.placed_at, Order.id)
    )
