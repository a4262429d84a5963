"""What people do with an order by hand: move it, write a note. Each step is in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import Origin
from tradewind.commerce.orders.model import Order, OrderNote
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import PARTIAL, SOLD, OrderStatus
from tradewind.commerce.orders.writing import lock_order
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.text import check_text

MOST_NOTES = 500
LONGEST_NOTE = 4000
REFUND_BOOKED = frozenset({"partially_refunded", "refunded"})
"""Payment states of an order with credit notes of its own."""


class HasRefunds(Conflict):
    """Part of it was given back with credit notes already: what is left goes back with one more, and stays an order."""

    code = "order_has_refunds"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Order {number} has refunds booked, which took its revenue off already. Refund the rest of it, and"
            " restock what was not sent, instead."
        )


class PartlyShipped(Conflict):
    """Some of the goods are on their way."""

    code = "order_partly_shipped"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"A part of order {number} has been sent. Cancel its shipments first, or take the goods back as a return."
        )


@dataclass(frozen=True, slots=True)
class NoteView:
    note_id: str
    author: str
    text: str
    is_for_customer: bool
    at: datetime


def move_order(
    tx: Session, order_id: str, status: OrderStatus, *, actor: Actor, now: datetime, note: str | None = None
) -> None:
    """Moves an order along its state machine by hand. To cancel, use checkout.cancellation: it gives the money back.

    Raises NotFound, IllegalTransition, PartlyShipped, HasRefunds, or InsufficientStock for one that is confirmed
    after its reservation ended and its units are gone.
    """
    check_text(note, 2000, field="note", of="the step")
    order = lock_order(tx, order_id)
    before = order.status
    ends = status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
    if ends and before in SOLD and order.payment_status in REFUND_BOOKED:
        raise HasRefunds(order.order_number)
    if status is OrderStatus.CANCELLED and order.fulfillment_status == PARTIAL:
        raise PartlyShipped(order.order_number)
    change_status(tx, order_id, status, now=now, origin=Origin.MANUAL, note=note)
    after = {"status": str(status), "note": note}
    record(tx, actor, Change("order.move", order_id, {"status": before, "note": None}, after), now=now)


def add_note(
    tx: Session, order_id: str, text: str, *, actor: Actor, now: datetime, is_for_customer: bool = False
) -> NoteView:
    """Writes a note on an order; notes are never changed."""
    if not text.strip():
        raise InvalidInput("The note is empty.", field="text")
    check_text(text, LONGEST_NOTE, field="text", of="the note")
    if tx.scalar(select(Order.id).where(Order.id == order_id)) is None:
        raise NotFound(f"There is no order {order_id[:40]}.")
    note = OrderNote(
        id=new_id(), order_id=order_id, author=actor.name[:100], text=text, is_for_customer=is_for_customer, at=now
    )
    tx.add(note)
    tx.flush()
    record(tx, actor, Change("order.note", order_id, None, {"note_id": note.id}), now=now)
    return _view(note)


def notes_of(tx: Session, order_id: str) -> list[NoteView]:
    """The notes of an order, the oldest first; of very many the newest."""
    newest = select(OrderNote).where(OrderNote.order_id == order_id)
    rows = tx.scalars(newest.order_by(OrderNote.at.desc(), OrderNote.id.desc()).limit(MOST_NOTES)).all()
    return [_view(row) for row in reversed(rows)]


def _view(row: OrderNote) -> NoteView:
    return NoteView(row.id, row.author, row.text, row.is_for_customer, row.at)
