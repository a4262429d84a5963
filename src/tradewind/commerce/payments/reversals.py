"""Credit notes of an order that is not sold any more: its revenue is off already, so they must not take it off again.

A credit note is final. What it took off is given back by a second one of the opposite sign on the same day; should the
order be sold again after all, by a third one. So ledger, live figures and gold agree without knowing of it, and what
was booked first can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, digest
from tradewind.commerce.catalog.model import Product, ProductKind
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.commerce.payments.model import Refund, RefundItem
from tradewind.commerce.payments.refunds import refund_entries, refund_fact
from tradewind.core.bulk import insert_rows
from tradewind.core.ids import new_id
from tradewind.events import outbox

_NAME = re.compile(r"(.*) \(reversal (\d+)\)", re.DOTALL)
_LONGEST_NUMBER = 128
NOT_SOLD, SOLD_AGAIN = "The order is not sold any more", "The order is sold after all"

Row = dict[str, Any]


def follow_order(tx: Session, before: Mapping[str, Any], after: Mapping[str, Any], booking: Booking) -> int:
    """Reverses the credit notes of an order that stops being sold, and puts them back into force when it is sold again.

    Returns how many documents were booked. Does nothing for a change that leaves the order sold, or not sold.
    """
    if _is_sold(before) == _is_sold(after):
        return 0
    notes = tx.scalars(select(Refund).where(Refund.order_id == after["id"]).order_by(Refund.id)).all()
    turned = [
        (note, number + 1) for note, number in _in_force(notes).values() if number % 2 == (1 if _is_sold(after) else 0)
    ]
    for note, number in turned:
        _book(tx, note, number, after, booking)
    return len(turned)


def _is_sold(order: Mapping[str, Any]) -> bool:
    return OrderStatus(order["status"]) in SOLD and not order["is_test"]


def _in_force(notes: Sequence[Refund]) -> dict[str, tuple[Refund, int]]:
    """Each credit note by its number, and how often it has been turned since."""
    found: dict[str, tuple[Refund, int]] = {}
    turns: dict[str, int] = {}
    for note in notes:
        reversal = _NAME.fullmatch(note.external_id)
        if reversal is None:
            found[_short(note.external_id)] = (note, 0)
        else:
            turns[reversal[1]] = max(turns.get(reversal[1], 0), int(reversal[2]))
    return {name: (note, turns.get(name, 0)) for name, (note, _) in found.items()}


def _book(tx: Session, note: Refund, number: int, order: Mapping[str, Any], booking: Booking) -> None:
    sign = -1 if number % 2 else 1
    first = {column.name: getattr(note, column.name) for column in Refund.__table__.columns}
    amounts = ("items_minor", "shipping_minor", "tax_minor", "amount_minor", "units")
    name = f"{_short(note.external_id)} (reversal {number})"
    row = first | {column: sign * first[column] for column in amounts}
    row |= {
        "id": new_id(),
        "external_id": name,
        "reason": NOT_SOLD if sign < 0 else SOLD_AGAIN,
        "source_hash": digest(name),
        "created_at": booking.now,
    }
    lines = [
        _line(item, row["id"], sign)
        for item in tx.scalars(select(RefundItem).where(RefundItem.refund_id == note.id).order_by(RefundItem.line_no))
    ]
    insert_rows(tx, Refund.__table__, [row])
    insert_rows(tx, RefundItem.__table__, lines)
    _move_stock(tx, row, lines, order["location_id"], booking)
    entries = refund_entries(row, lines, booking.channel_code)
    outbox.append(tx, [refund_fact(row, lines, entries, booking)])


def _line(item: RefundItem, refund_id: str, sign: int) -> Row:
    line = {column.name: getattr(item, column.name) for column in RefundItem.__table__.columns}
    price = line["unit_price_micros"]
    return line | {
        "refund_id": refund_id,
        "quantity": sign * line["quantity"],
        "amount_minor": sign * line["amount_minor"],
        # Where no units carry the sign, the price does.
        "unit_price_micros": price if line["quantity"] else sign * price,
    }


def _move_stock(tx: Session, row: Row, lines: Sequence[Row], location_id: str | None, booking: Booking) -> None:
    """Units that came back with the credit note come back with the whole order: not twice."""
    if location_id is None:
        return
    products = {line["product_id"] for line in lines if line["is_restocked"] and line["quantity"]}
    goods = set(tx.scalars(select(Product.id).where(Product.id.in_(products), Product.kind == ProductKind.GOOD)))
    movements = [
        NewMovement(
            product_id=line["product_id"],
            location_id=location_id,
            delta=line["quantity"],
            reason=Reason.RETURN,
            occurred_at=booking.now,
            reference=row["id"],
        )
        for line in lines
        if line["is_restocked"] and line["quantity"] and line["product_id"] in goods
    ]
    if movements:
        record_movements(tx, movements, now=booking.now)


def _short(external_id: str) -> str:
    """So much of a number that the mark of a reversal fits behind it."""
    return external_id[: _LONGEST_NUMBER - len(" (reversal 0000)")]
