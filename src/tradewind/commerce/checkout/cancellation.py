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
from tradewind.commerce.orders.writing import lock_order
from tradewind.commerce.payments.payback import give_back
from tradewind.core.database import Database
from tradewind.core.logging import get_logger

logger = get_logger(__name__)

UNPAID = "Not paid in time"


def cancel_order(tx: Session, order_id: str, *, actor: Actor, now: datetime, reason: str | None = None) -> list[str]:
    """Cancels an order of which nothing has left; returns the wishes for its money, none where nothing was paid.

    Raises NotFound, IllegalTransition, PartlyShipped or HasRefunds.
    """
    move_order(tx, order_id, OrderStatus.CANCELLED, actor=actor, now=now, note=reason)
    return give_back(tx, order_id, now=now, reason=(reason or "Order cancelled")[:200], actor=actor)


def cancel_unpaid(database: Database, *, now: datetime, limit: int = 100) -> int:
    """Cancels orders that nobody paid in time, each in a transaction of its own; returns how many.

    One that is paid at this very moment is left alone. Stock does not wait for this: a hold that is over counts
    for nothing by itself.
    """
    with database.read() as tx:
        found = tx.scalars(_unpaid(now).limit(limit)).all()
    cancelled = 0
    for order_id in found:
        with database.write() as tx:
            lock_order(tx, order_id)
            if tx.scalar(_unpaid(now).where(Order.id == order_id)) is not None:
                cancel_order(tx, order_id, actor=SYSTEM, now=now, reason=UNPAID)
                cancelled += 1
    if cancelled:
        logger.info("unpaid orders cancelled", count=cancelled)
    return cancelled


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
