"""Purchase orders: what was ordered from a supplier, and what has arrived of it.

A draft promises nothing. Once it is ordered its units are inbound where they will arrive, in parts, and more
may come than was ordered: it is on the shelf all the same. What will not come any more is cancelled. A
document is held before its levels, always.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.inventory.levels import (
    active_location,
    check_units,
    goods,
    make_and_hold_levels,
    move_inbound,
)
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.numbers import take_number
from tradewind.commerce.purchasing.model import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierProduct
from tradewind.commerce.purchasing.suppliers import check_lots, cost_micros
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.money import line_amount
from tradewind.core.text import check_text

MOST_LINES = 500
_Key = TypeVar("_Key")


class PurchaseStatus(StrEnum):
    DRAFT = "draft"
    ORDERED = "ordered"
    PARTIAL = "partial"
    """Some of it has arrived."""
    RECEIVED = "received"
    """Over: everything arrived, or the rest was cancelled."""
    CANCELLED = "cancelled"
    """Over, and nothing arrived."""


UNDER_WAY = frozenset({PurchaseStatus.ORDERED, PurchaseStatus.PARTIAL})


class PurchaseState(Conflict):
    """The purchase order is past the point at which this could be done, or not there yet."""

    code = "purchase_order_state"

    def __init__(self, number: str, status: str, wanted: str) -> None:
        super().__init__(f"Purchase order {number} is {status}: it cannot be {wanted}.")


@dataclass(frozen=True, slots=True)
class NewPurchaseLine:
    """`unit_cost` in the supplier's currency; None: what the supplier asks, else what the product costs."""

    product_id: str
    quantity: int
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewPurchaseOrder:
    supplier_id: str
    location_id: str
    lines: Sequence[NewPurchaseLine]
    expected_on: date | None = None
    note: str | None = None


def create_purchase_order(tx: Session, new: NewPurchaseOrder, *, actor: Actor, now: datetime) -> PurchaseOrder:
    """A draft, in the supplier's currency and in lots that it sends."""
    supplier = tx.get(Supplier, new.supplier_id)
    if supplier is None:
        raise NotFound(f"There is no supplier {new.supplier_id[:40]}.")
    if not supplier.is_active:
        raise InvalidInput(f"Supplier {supplier.code} is switched off.", field="supplier_id")
    active_location(tx, new.location_id)
    check_text(new.note, 2000, field="note", of="a purchase order")
    rows = _line_rows(tx, supplier.id, supplier.currency, new.lines)
    order = PurchaseOrder(
        id=new_id(),
        number=take_number(tx, "purchase_order", prefix="PO-"),
        supplier_id=supplier.id,
        location_id=new.location_id,
        status=str(PurchaseStatus.DRAFT),
        currency=supplier.currency,
        expected_on=new.expected_on,
        note=new.note,
        version=1,
        created_at=now,
        updated_at=now,
    )
    tx.add(order)
    tx.flush()
    _write_lines(tx, order.id, rows)
    told = {"number": order.number, "supplier_id": supplier.id, "location_id": order.location_id} | _told(rows)
    record(tx, actor, Change("purchase_order.create", order.id, after=told), now=now)
    return order


def hold_purchase_order(tx: Session, order_id: str) -> PurchaseOrder:
    """The purchase order as it is now, held for the rest of the transaction."""
    return hold(tx, PurchaseOrder, order_id, "purchase order")


def change_purchase_order(
    tx: Session,
    order_id: str,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[NewPurchaseLine] | None = None,
    actor: Actor,
    now: datetime,
) -> PurchaseOrder:
    """Changes `expected_on` and `note` where they are named, and all lines of a draft.

    Lines of what has been ordered stay: cancel the rest, and order anew.
    """
    order = hold_purchase_order(tx, order_id)
    if PurchaseStatus(order.status) not in UNDER_WAY | {PurchaseStatus.DRAFT}:
        raise PurchaseState(order.number, order.status, "changed")
    if lines is not None and order.status != PurchaseStatus.DRAFT:
        raise PurchaseState(order.number, order.status, "given other lines")
    check_text(changes.get("note"), 2000, field="note", of="a purchase order")
    before = {name: getattr(order, name) for name in changes}
    after = dict(changes)
    for name, value in changes.items():
        setattr(order, name, value)
    if lines is not None:
        rows = _line_rows(tx, order.supplier_id, order.currency, lines)
        before |= _told([_plain(line) for line in _lines(tx, order_id)])
        after |= _told(rows)
        tx.execute(delete(PurchaseOrderLine).where(PurchaseOrderLine.purchase_order_id == order_id))
        _write_lines(tx, order_id, rows)
    order.version += 1
    order.updated_at = now
    tx.flush()
    record(tx, actor, Change("purchase_order.update", order_id, before, after), now=now)
    return order


def send_purchase_order(tx: Session, order_id: str, *, actor: Actor, now: datetime) -> PurchaseOrder:
    """The draft has been ordered: its units are inbound from now on."""
    order = hold_purchase_order(tx, order_id)
    if order.status != PurchaseStatus.DRAFT:
        raise PurchaseState(order.number, order.status, "ordered")
    active_location(tx, order.location_id)
    lines = _lines(tx, order_id)
    check_lots(
        tx, order.supplier_id, _sums((line.product_id, line.quantity) for line in lines)
    )  # its terms may be others since the draft
    coming = _sums(((line.product_id, order.location_id), line.quantity) for line in lines)
    make_and_hold_levels(tx, coming, now=now)
    move_inbound(tx, coming)
    order.ordered_at = now
    return _step(tx, order, PurchaseStatus.ORDERED, "order", {}, actor=actor, now=now)


def receive_purchase_order(
    tx: Session, order_id: str, arrived: Mapping[int, int], *, actor: Actor, now: datetime
) -> PurchaseOrder:
    """Puts what arrived, by line number, on the shelf: also more than was ordered."""
    order = hold_purchase_order(tx, order_id)
    if PurchaseStatus(order.status) not in UNDER_WAY:
        raise PurchaseState(order.number, order.status, "received")
    if not arrived:
        raise InvalidInput("Say what arrived, or cancel the rest if nothing more will.", field="lines")
    lines = {line.line_no: line for line in _lines(tx, order_id)}
    for line_no, units in arrived.items():
        check_units(units)
        if line_no not in lines:
            raise InvalidInput(f"Purchase order {order.number} has no line {line_no}.", field="line_no")
    place = order.location_id
    came = [(lines[line_no], units) for line_no, units in sorted(arrived.items())]
    expected = _sums(((line.product_id, place), -min(units, _open(line))) for line, units in came)
    make_and_hold_levels(tx, expected, now=now)
    movements = [
        NewMovement(line.product_id, place, units, Reason.RECEIPT, now, reference=order_id, note=order.number)
        for line, units in came
    ]
    record_movements(tx, movements, now=now)
    move_inbound(tx, expected)
    for line, units in came:
        here = (PurchaseOrderLine.purchase_order_id == order_id, PurchaseOrderLine.line_no == line.line_no)
        tx.execute(update(PurchaseOrderLine).where(*here).values(received=PurchaseOrderLine.received + units))
    status = PurchaseStatus.PARTIAL
    if not any(_open(line) for line in _lines(tx, order_id)):
        status, order.closed_at = PurchaseStatus.RECEIVED, now
    told = {"arrived": {str(line_no): units for line_no, units in arrived.items()}}
    return _step(tx, order, status, "receive", told, actor=actor, now=now)


def cancel_purchase_order(tx: Session, order_id: str, *, actor: Actor, now: datetime) -> PurchaseOrder:
    """Nothing more will come. An order of which some has arrived is received then, any other cancelled."""
    order = hold_purchase_order(tx, order_id)
    status = PurchaseStatus(order.status)
    if status not in UNDER_WAY | {PurchaseStatus.DRAFT}:
        raise PurchaseState(order.number, order.status, "cancelled")
    lines = _lines(tx, order_id)
    if status in UNDER_WAY:
        dropped = _sums(((line.product_id, order.location_id), -_open(line)) for line in lines if _open(line))
        make_and_hold_levels(tx, dropped, now=now)
        move_inbound(tx, dropped)
    order.closed_at = now
    ending = PurchaseStatus.RECEIVED if any(line.received for line in lines) else PurchaseStatus.CANCELLED
    told = {"dropped": {str(line.line_no): _open(line) for line in lines if _open(line)}}
    return _step(tx, order, ending, "cancel", told, actor=actor, now=now)


def _open(line: Any) -> int:
    """Units of a line that are still to come."""
    return max(0, int(line.quantity) - int(line.received))


def _sums(units: Iterable[tuple[_Key, int]]) -> dict[_Key, int]:
    """Units by product or by level: one product may stand on several lines."""
    sums: dict[_Key, int] = defaultdict(int)
    for key, count in units:
        sums[key] += count
    return dict(sums)


def _line_rows(tx: Session, supplier_id: str, currency: str, lines: Sequence[NewPurchaseLine]) -> list[dict[str, Any]]:
    if not 1 <= len(lines) <= MOST_LINES:
        raise InvalidInput(f"A purchase order has 1 to {MOST_LINES} lines.", field="lines")
    for line in lines:
        check_units(line.quantity)
    skus = goods(tx, {line.product_id for line in lines})
    check_lots(tx, supplier_id, _sums((line.product_id, line.quantity) for line in lines))
    known = _known_costs(tx, supplier_id, currency, sorted(skus))
    rows = []
    for line_no, line in enumerate(lines, start=1):
        cost = cost_micros(line.unit_cost) if line.unit_cost is not None else known.get(line.product_id)
        if cost is None:
            raise InvalidInput(
                f"Nobody has said what {skus[line.product_id]} costs in {currency}. Send its unit_cost.",
                field="unit_cost",
            )
        line_amount(cost, line.quantity, currency)  # refuses what no amount of ours can hold
        rows.append(
            {
                "line_no": line_no,
                "product_id": line.product_id,
                "quantity": line.quantity,
                "received": 0,
                "unit_cost_micros": cost,
            }
        )
    return rows


def _known_costs(tx: Session, supplier_id: str, currency: str, product_ids: Sequence[str]) -> dict[str, int]:
    """What the supplier asks, else what the product costs where that is in the same currency."""
    usual = select(Product.id, Product.cost_micros).where(Product.id.in_(product_ids), Product.currency == currency)
    asked = select(SupplierProduct.product_id, SupplierProduct.cost_micros).where(
        SupplierProduct.supplier_id == supplier_id,
        SupplierProduct.product_id.in_(product_ids),
    )
    found: dict[str, int] = {}
    for query in (usual, asked):
        found |= {row[0]: row[1] for row in tx.execute(query) if row[1] is not None}
    return found


def _write_lines(tx: Session, order_id: str, rows: Sequence[dict[str, Any]]) -> None:
    insert_rows(tx, PurchaseOrderLine.__table__, [{"purchase_order_id": order_id} | row for row in rows])


def _lines(tx: Session, order_id: str) -> Sequence[Any]:
    line = PurchaseOrderLine
    columns = (line.line_no, line.product_id, line.quantity, line.received, line.unit_cost_micros)
    return tx.execute(select(*columns).where(line.purchase_order_id == order_id).order_by(line.line_no)).all()


def _plain(line: Any) -> dict[str, Any]:
    return {"product_id": line.product_id, "quantity": line.quantity, "unit_cost_micros": line.unit_cost_micros}


def _told(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"lines": [[row["product_id"], row["quantity"], row["unit_cost_micros"]] for row in rows]}


def _step(
    tx: Session,
    order: PurchaseOrder,
    status: PurchaseStatus,
    action: str,
    told: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> PurchaseOrder:
    before = {"status": order.status}
    order.status = str(status)
    order.version += 1
    order.updated_at = now
    tx.flush()
    record(tx, actor, Change(f"purchase_order.{action}", order.id, before, {"status": order.status, **told}), now=now)
    return order
