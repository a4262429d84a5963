"""Returns: goods on their way back. Each unit that comes in is looked at, and goes on the shelf or does not.

    requested -> approved -> received -> refunded        requested, approved -> rejected or cancelled

Never more than was sent: whoever changes a return holds the row of its order meanwhile. Who gives the money back
before the goods are here refunds the order itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.inventory.model import Location, Reason
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.numbers import take_number
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.writing import lock_order
from tradewind.commerce.payments.order_refunds import OrderRefund, RefundAsked, refund_order
from tradewind.commerce.shipping.model import Return, ReturnLine
from tradewind.commerce.shipping.shipments import TooManyUnits, shipped_units
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.paging import Page, moment_and_id
from tradewind.core.text import check_text
from tradewind.core.whole import check_whole


class ReturnStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    RECEIVED = "received"
    REFUNDED = "refunded"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


_NEXT: dict[ReturnStatus, tuple[ReturnStatus, ...]] = {
    ReturnStatus.REQUESTED: (
        ReturnStatus.APPROVED,
        ReturnStatus.RECEIVED,
        ReturnStatus.REJECTED,
        ReturnStatus.CANCELLED,
    ),
    ReturnStatus.APPROVED: (ReturnStatus.RECEIVED, ReturnStatus.REJECTED, ReturnStatus.CANCELLED),
    ReturnStatus.RECEIVED: (ReturnStatus.REFUNDED,),
    ReturnStatus.REFUNDED: (),
    ReturnStatus.REJECTED: (),
    ReturnStatus.CANCELLED: (),
}
_GONE = (ReturnStatus.REJECTED, ReturnStatus.CANCELLED)


class IllegalReturnStep(Conflict):
    """The return cannot go from its state to the one asked for."""

    code = "illegal_transition"

    def __init__(self, number: str, now: str, asked: ReturnStatus) -> None:
        choices = ", ".join(_NEXT[ReturnStatus(now)]) or "nothing: this state is final"
        super().__init__(f"Return {number} is {now} and cannot become {asked}. It may become {choices}.")


@dataclass(frozen=True, slots=True)
class ReturnLineView:
    line_no: int
    """Of the order."""
    quantity: int
    restocked: int


@dataclass(frozen=True, slots=True)
class ReturnView:
    return_id: str
    order_id: str
    order_number: str
    number: str
    status: str
    reason: str | None
    note: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    lines: tuple[ReturnLineView, ...]


def request_return(
    tx: Session,
    order_id: str,
    units: Mapping[int, int],
    *,
    reason: str | None = None,
    note: str | None = None,
    actor: Actor,
    now: datetime,
) -> ReturnView:
    """A buyer wants to send units back, by line number. Raises NotFound, TooManyUnits or InvalidInput."""
    check_text(reason, 200, field="reason", of="the return")
    check_text(note, 2000, field="note", of="the return")
    order = lock_order(tx, order_id)
    _check_units(tx, order, units)
    row = Return(
        id=new_id(),
        order_id=order_id,
        number=take_number(tx, "return", prefix="RET-"),
        status=str(ReturnStatus.REQUESTED),
        reason=reason,
        note=note,
        version=1,
        created_at=now,
        updated_at=now,
    )
    tx.add(row)
    tx.flush()
    lines = [
        {"return_id": row.id, "order_line_no": line, "quantity": count, "restocked": 0}
        for line, count in sorted(units.items())
    ]
    insert_rows(tx, ReturnLine.__table__, lines)
    after = {"order_id": order_id, "number": row.number, "units": {str(k): v for k, v in sorted(units.items())}}
    record(tx, actor, Change("return.create", row.id, None, after), now=now)
    return find_return(tx, row.id)


def move_return(
    tx: Session, return_id: str, status: ReturnStatus, *, actor: Actor, now: datetime, note: str | None = None
) -> ReturnView:
    """Approves, rejects or cancels a return; `receive_return` takes it in. Raises NotFound or IllegalReturnStep."""
    check_text(note, 2000, field="note", of="the return")
    if status in (ReturnStatus.RECEIVED, ReturnStatus.REFUNDED):
        raise InvalidInput(f"A return becomes {status} by a step of its own, which says with what.", field="status")
    _, row = _locked(tx, return_id)
    _move(tx, row, status, actor, now, note)
    return find_return(tx, return_id)


def receive_return(
    tx: Session,
    return_id: str,
    restocked: Mapping[int, int] | None = None,
    *,
    location_id: str | None = None,
    actor: Actor,
    now: datetime,
    note: str | None = None,
) -> ReturnView:
    """The goods are here. `restocked` says by line how many go back on the shelf; None: all of them.

    They go where the order left from, or to another location. Raises NotFound, IllegalReturnStep or InvalidInput.
    """
    check_text(note, 2000, field="note", of="the return")
    order, row = _locked(tx, return_id)
    lines = tx.scalars(select(ReturnLine).where(ReturnLine.return_id == return_id)).all()
    wanted = {line.order_line_no: line.quantity for line in lines}
    kept = wanted if restocked is None else dict(restocked)
    for line, count in sorted(kept.items()):
        if not 0 <= count <= wanted.get(line, 0):
            raise InvalidInput(
                f"Return {row.number} has {wanted.get(line, 0)} units of line {line}; {count} cannot go on the shelf.",
                field="restocked",
            )
    where = location_id or order.location_id
    if location_id is not None and tx.get(Location, location_id) is None:
        raise InvalidInput(f"There is no location {location_id[:40]}.", field="location_id")
    _move(tx, row, ReturnStatus.RECEIVED, actor, now, note, {"restocked": {str(k): v for k, v in kept.items()}})
    for line, count in kept.items():
        of_line = and_(ReturnLine.return_id == return_id, ReturnLine.order_line_no == line)
        tx.execute(update(ReturnLine).where(of_line).values(restocked=count))
    if where is not None:
        _put_on_shelf(tx, order.id, row, {line: count for line, count in kept.items() if count}, where, now)
    return find_return(tx, return_id)


def refund_return(
    tx: Session, return_id: str, *, with_shipping: bool = False, actor: Actor, now: datetime
) -> OrderRefund:
    """Gives the money for a return's units back, once; with shipping where the shop owes that too.

    Raises NotFound, IllegalReturnStep, RefundExceedsPayment, or InvalidInput for units that were refunded already.
    """
    _, row = _locked(tx, return_id)
    lines = tx.scalars(select(ReturnLine).where(ReturnLine.return_id == return_id)).all()
    units = {line.order_line_no: line.quantity for line in lines}
    asked = RefundAsked(units, with_shipping, reason=row.reason or f"Return {row.number}")
    _check_step(row, ReturnStatus.REFUNDED)
    done = refund_order(tx, row.order_id, asked, actor=actor, now=now)
    row.refund_id = done.refund_id
    _move(tx, row, ReturnStatus.REFUNDED, actor, now, None, {"amount_minor": done.amount_minor})
    return done


def returnable_units(tx: Session, order_id: str) -> dict[int, int]:
    """Units that were sent and are in no return yet, by line."""
    back = _coming_back(tx, order_id)
    return {line: max(0, units - back.get(line, 0)) for line, units in shipped_units(tx, order_id).items()}


def find_return(tx: Session, return_id: str) -> ReturnView:
    row = tx.execute(_select().where(Return.id == return_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no return {return_id[:40]}.")
    return _views(tx, [(row[0], row[1])])[0]


def returns_page(
    tx: Session,
    *,
    limit: int,
    cursor: str | None = None,
    statuses: Sequence[ReturnStatus] = (),
    order_id: str | None = None,
) -> Page[ReturnView]:
    """Returns, the newest first."""
    query = _select().order_by(Return.created_at.desc(), Return.id.desc()).limit(limit + 1)
    if statuses:
        query = query.where(Return.status.in_([str(status) for status in statuses]))
    if order_id is not None:
        query = query.where(Return.order_id == order_id)
    if cursor is not None:
        at, return_id = moment_and_id(cursor)
        query = query.where(or_(Return.created_at < at, and_(Return.created_at == at, Return.id < return_id)))
    views = _views(tx, [(row[0], row[1]) for row in tx.execute(query)])
    return Page.cut(views, limit, lambda view: (view.created_at.isoformat(), view.return_id), lambda view: view)


def _check_units(tx: Session, order: Order, units: Mapping[int, int]) -> None:
    if not units:
        raise InvalidInput("Name the lines that come back, with units.", field="lines")
    sent, back = shipped_units(tx, order.id), _coming_back(tx, order.id)
    for line, count in sorted(units.items()):
        check_whole(count, field="quantity")
        if count <= 0:
            raise InvalidInput(f"Line {line}: {count} units cannot come back. Send one at least.", field="lines")
        left = sent.get(line, 0) - back.get(line, 0)
        if count > left:
            raise TooManyUnits(
                f"Of line {line} of order {order.order_number} {max(0, left)} units can come back, not {count}:"
                f" {sent.get(line, 0)} were sent, {back.get(line, 0)} are in returns already."
            )


def _coming_back(tx: Session, order_id: str) -> dict[int, int]:
    query = (
        select(ReturnLine.order_line_no, func.sum(ReturnLine.quantity).label("units"))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.order_id == order_id, Return.status.not_in(_GONE))
        .group_by(ReturnLine.order_line_no)
    )
    return {row.order_line_no: int(row.units) for row in tx.execute(query)}


def _locked(tx: Session, return_id: str) -> tuple[Order, Return]:
    order_id = tx.scalar(select(Return.order_id).where(Return.id == return_id))
    if order_id is None:
        raise NotFound(f"There is no return {return_id[:40]}.")
    order = lock_order(tx, order_id)
    query = select(Return).where(Return.id == return_id)
    return order, tx.scalars(query, execution_options={"populate_existing": True}).one()


def _check_step(row: Return, status: ReturnStatus) -> None:
    if status not in _NEXT[ReturnStatus(row.status)]:
        raise IllegalReturnStep(row.number, row.status, status)


def _move(
    tx: Session,
    row: Return,
    status: ReturnStatus,
    actor: Actor,
    now: datetime,
    note: str | None,
    more: Mapping[str, object] | None = None,
) -> None:
    before = row.status
    _check_step(row, status)
    row.status, row.version, row.updated_at = str(status), row.version + 1, now
    if note is not None:
        row.note = note
    tx.flush()
    after = {"status": str(status)} | dict(more or {})
    record(tx, actor, Change("return.move", row.id, {"status": before}, after), now=now)


def _put_on_shelf(
    tx: Session, order_id: str, row: Return, units: Mapping[int, int], location_id: str, now: datetime
) -> None:
    query = select(OrderItem.line_no, OrderItem.product_id).where(
        OrderItem.order_id == order_id, OrderItem.line_no.in_(units)
    )
    movements = [
        NewMovement(
            product_id=item.product_id,
            location_id=location_id,
            delta=units[item.line_no],
            reason=Reason.RETURN,
            occurred_at=now,
            reference=row.id,
            source_key=f"return:{row.id}:{item.line_no}",
        )
        for item in tx.execute(query)
    ]
    if movements:
        record_movements(tx, movements, now=now)


def _select() -> Select[Return, str]:
    return select(Return, Order.order_number).join(Order, Order.id == Return.order_id)


def _views(tx: Session, rows: Sequence[tuple[Return, str]]) -> list[ReturnView]:
    lines: dict[str, list[ReturnLineView]] = defaultdict(list)
    query = select(ReturnLine).where(ReturnLine.return_id.in_([row.id for row, _ in rows]))
    for line in tx.scalars(query.order_by(ReturnLine.order_line_no)):
        lines[line.return_id].append(ReturnLineView(line.order_line_no, line.quantity, line.restocked))
    return [
        ReturnView(
            return_id=row.id,
            order_id=row.order_id,
            order_number=number,
            number=row.number,
            status=row.status,
            reason=row.reason,
            note=row.note,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            lines=tuple(lines[row.id]),
        )
        for row, number in rows
    ]
