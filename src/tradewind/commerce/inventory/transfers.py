"""Transfers: goods on their way from one location to another.

A draft promises nothing. Shipping takes the units out of where they were, and from then on they are inbound
where they go; they may arrive in parts. What never arrives is booked out as damage when the transfer is
closed. So every unit that left is on a shelf, on its way, or written off. A document is held before its
levels, always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.inventory.levels import (
    LevelKey,
    active_location,
    check_units,
    goods,
    make_and_hold_levels,
    move_inbound,
)
from tradewind.commerce.inventory.model import Reason, Transfer, TransferLine
from tradewind.commerce.inventory.reservations import Wanted, release, reserve
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.numbers import take_number
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.text import check_text

MOST_LINES = 500


class TransferStatus(StrEnum):
    DRAFT = "draft"
    SHIPPED = "shipped"
    RECEIVED = "received"
    """Over: everything arrived, or what did not was booked out."""
    CANCELLED = "cancelled"


class TransferState(Conflict):
    """The transfer is past the point at which this could be done, or not there yet."""

    code = "transfer_state"

    def __init__(self, number: str, status: str, wanted: str) -> None:
        super().__init__(f"Transfer {number} is {status}: it cannot be {wanted}.")


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """`units` by product id."""

    from_location_id: str
    to_location_id: str
    units: Mapping[str, int]
    note: str | None = None


def create_transfer(tx: Session, new: NewTransfer, *, actor: Actor, now: datetime) -> Transfer:
    """A draft. It moves nothing yet."""
    if new.from_location_id == new.to_location_id:
        raise InvalidInput("A transfer goes from one location to another one.", field="to_location_id")
    active_location(tx, new.from_location_id, field="from_location_id")
    active_location(tx, new.to_location_id, field="to_location_id")
    check_text(new.note, 500, field="note", of="a transfer")
    _check_lines(tx, new.units)
    transfer = Transfer(
        id=new_id(),
        number=take_number(tx, "transfer", prefix="TR-"),
        from_location_id=new.from_location_id,
        to_location_id=new.to_location_id,
        status=str(TransferStatus.DRAFT),
        note=new.note,
        version=1,
        created_at=now,
    )
    tx.add(transfer)
    tx.flush()
    _write_lines(tx, transfer.id, new.units)
    record(tx, actor, Change("transfer.create", transfer.id, after=_values(transfer) | _told(new.units)), now=now)
    return transfer


def hold_transfer(tx: Session, transfer_id: str) -> Transfer:
    """The transfer as it is now, held for the rest of the transaction."""
    return hold(tx, Transfer, transfer_id, "transfer")


def change_transfer(
    tx: Session,
    transfer_id: str,
    *,
    units: Mapping[str, int] | None = None,
    note: str | None = None,
    actor: Actor,
    now: datetime,
) -> Transfer:
    """Another note, or other lines instead of all that the draft has; None leaves a thing as it is."""
    transfer = hold_transfer(tx, transfer_id)
    _expect(transfer, TransferStatus.DRAFT, "changed")
    before = {"note": transfer.note} | _told({line.product_id: line.quantity for line in _lines(tx, transfer_id)})
    after = dict(before)
    if note is not None:
        check_text(note, 500, field="note", of="a transfer")
        transfer.note = after["note"] = note
    if units is not None:
        _check_lines(tx, units)
        tx.execute(delete(TransferLine).where(TransferLine.transfer_id == transfer_id))
        _write_lines(tx, transfer_id, units)
        after |= _told(units)
    transfer.version += 1
    tx.flush()
    record(tx, actor, Change("transfer.update", transfer_id, before, after), now=now)
    return transfer


def ship_transfer(tx: Session, transfer_id: str, *, actor: Actor, now: datetime) -> Transfer:
    """Takes the units out of where they are. Raises InsufficientStock: what is promised to orders stays."""
    transfer = hold_transfer(tx, transfer_id)
    _expect(transfer, TransferStatus.DRAFT, "shipped")
    active_location(tx, transfer.to_location_id, field="to_location_id")
    lines = _lines(tx, transfer_id)
    start, goal = transfer.from_location_id, transfer.to_location_id
    make_and_hold_levels(tx, {(line.product_id, place) for line in lines for place in (start, goal)}, now=now)
    # Promised and taken in one transaction: the one guard against taking too much is that of reservations.
    reserve(
        tx, transfer_id, [Wanted(line.product_id, start, line.quantity) for line in lines], expires_at=None, now=now
    )
    release(tx, transfer_id, now=now)
    _move(tx, transfer, {(line.product_id, start): -line.quantity for line in lines}, Reason.TRANSFER, now)
    move_inbound(tx, {(line.product_id, goal): line.quantity for line in lines})
    transfer.shipped_at = now
    return _step(tx, transfer, TransferStatus.SHIPPED, "ship", actor=actor, now=now)


def receive_transfer(
    tx: Session, transfer_id: str, arrived: Mapping[str, int], *, actor: Actor, now: datetime
) -> Transfer:
    """Puts what arrived, by product id, on the shelf. The transfer is over when nothing is on its way any more."""
    transfer = hold_transfer(tx, transfer_id)
    _expect(transfer, TransferStatus.SHIPPED, "received")
    lines = {line.product_id: line for line in _lines(tx, transfer_id)}
    if not arrived:
        raise InvalidInput("Say what arrived, or close the transfer if nothing more will.", field="lines")
    for product_id, units in arrived.items():
        check_units(units)
        if product_id not in lines:
            raise InvalidInput(f"Product {product_id[:40]} is not on transfer {transfer.number}.", field="product_id")
        under_way = lines[product_id].quantity - lines[product_id].received
        if units > under_way:
            raise InvalidInput(
                f"{units} arrived, but only {under_way} are under way. Count what is there, and book the count.",
                field="quantity",
            )
    goal = transfer.to_location_id
    make_and_hold_levels(tx, {(product_id, goal) for product_id in arrived}, now=now)
    _move(tx, transfer, {(product_id, goal): units for product_id, units in arrived.items()}, Reason.TRANSFER, now)
    move_inbound(tx, {(product_id, goal): -units for product_id, units in arrived.items()})
    for product_id, units in arrived.items():
        here = (TransferLine.transfer_id == transfer_id, TransferLine.product_id == product_id)
        tx.execute(update(TransferLine).where(*here).values(received=TransferLine.received + units))
    status = TransferStatus.SHIPPED
    if all(line.received + arrived.get(line.product_id, 0) == line.quantity for line in lines.values()):
        status, transfer.closed_at = TransferStatus.RECEIVED, now
    return _step(tx, transfer, status, "receive", units=arrived, actor=actor, now=now)


def close_transfer(tx: Session, transfer_id: str, *, actor: Actor, now: datetime) -> Transfer:
    """Ends a transfer of which no more will arrive: the rest is damage, where it came from."""
    transfer = hold_transfer(tx, transfer_id)
    _expect(transfer, TransferStatus.SHIPPED, "closed")
    start, goal = transfer.from_location_id, transfer.to_location_id
    lost = {
        line.product_id: line.quantity - line.received
        for line in _lines(tx, transfer_id)
        if line.received < line.quantity
    }
    make_and_hold_levels(tx, {(product_id, place) for product_id in lost for place in (start, goal)}, now=now)
    # Back in the books, and out of them for what it is: the ledger says that goods were lost, not where they hide.
    _move(tx, transfer, {(product_id, start): units for product_id, units in lost.items()}, Reason.TRANSFER, now)
    _move(tx, transfer, {(product_id, start): -units for product_id, units in lost.items()}, Reason.DAMAGE, now)
    move_inbound(tx, {(product_id, goal): -units for product_id, units in lost.items()})
    transfer.closed_at = now
    return _step(tx, transfer, TransferStatus.RECEIVED, "close", units=lost, actor=actor, now=now)


def cancel_transfer(tx: Session, transfer_id: str, *, actor: Actor, now: datetime) -> Transfer:
    """Drops a draft. What has been shipped is received or closed instead."""
    transfer = hold_transfer(tx, transfer_id)
    _expect(transfer, TransferStatus.DRAFT, "cancelled")
    transfer.closed_at = now
    return _step(tx, transfer, TransferStatus.CANCELLED, "cancel", actor=actor, now=now)


def _expect(transfer: Transfer, status: TransferStatus, wanted: str) -> None:
    if transfer.status != status:
        raise TransferState(transfer.number, transfer.status, wanted)


def _check_lines(tx: Session, units: Mapping[str, int]) -> None:
    if not 1 <= len(units) <= MOST_LINES:
        raise InvalidInput(f"A transfer has 1 to {MOST_LINES} products.", field="lines")
    for count in units.values():
        check_units(count)
    goods(tx, units.keys())


def _write_lines(tx: Session, transfer_id: str, units: Mapping[str, int]) -> None:
    rows = [
        {"transfer_id": transfer_id, "product_id": product_id, "quantity": count, "received": 0}
        for product_id, count in units.items()
    ]
    insert_rows(tx, TransferLine.__table__, rows)


def _lines(tx: Session, transfer_id: str) -> Sequence[Any]:
    columns = (TransferLine.product_id, TransferLine.quantity, TransferLine.received)
    query = select(*columns).where(TransferLine.transfer_id == transfer_id).order_by(TransferLine.product_id)
    return tx.execute(query).all()


def _move(tx: Session, transfer: Transfer, deltas: Mapping[LevelKey, int], reason: Reason, now: datetime) -> None:
    movements = [
        NewMovement(product_id, location_id, delta, reason, now, reference=transfer.id, note=transfer.number)
        for (product_id, location_id), delta in deltas.items()
    ]
    record_movements(tx, movements, now=now)


def _step(
    tx: Session,
    transfer: Transfer,
    status: TransferStatus,
    action: str,
    *,
    units: Mapping[str, int] | None = None,
    actor: Actor,
    now: datetime,
) -> Transfer:
    before = {"status": transfer.status}
    transfer.status = str(status)
    transfer.version += 1
    tx.flush()
    after = {"status": transfer.status} | (_told(units) if units else {})
    record(tx, actor, Change(f"transfer.{action}", transfer.id, before, after), now=now)
    return transfer


def _values(transfer: Transfer) -> dict[str, Any]:
    return {
        name: getattr(transfer, name) for name in ("number", "from_location_id", "to_location_id", "status", "note")
    }


def _told(units: Mapping[str, int]) -> dict[str, Any]:
    return {"units": dict(units)}
