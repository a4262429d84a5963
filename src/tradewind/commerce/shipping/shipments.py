"""Shipments: which units of an order left in which parcel. The order's status follows what its parcels say.

Never more than was ordered: whoever ships an order holds its row meanwhile. Stock is not touched here: the
units left the shelf when the order was confirmed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import Origin
from tradewind.commerce.catalog.model import Product, ProductKind
from tradewind.commerce.notifications.orders import queue_shipment_mail
from tradewind.commerce.numbers import take_number
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import PARTIAL, OrderStatus
from tradewind.commerce.orders.writing import change_order, lock_order
from tradewind.commerce.shipping.model import Shipment, ShipmentLine
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.text import check_text
from tradewind.core.whole import check_whole

MOST_SHIPMENTS = 1000
"""Of one order, as far as anybody looks."""


class ShipmentStatus(StrEnum):
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class NotShippable(Conflict):
    """The order is in a state in which nothing may leave."""

    code = "order_not_shippable"


class TooManyUnits(Conflict):
    """More units than are left to send."""

    code = "more_than_ordered"


@dataclass(frozen=True, slots=True)
class Tracking:
    """How a parcel can be followed."""

    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None

    def __post_init__(self) -> None:
        check_text(self.carrier, 100, field="carrier", of="the shipment")
        check_text(self.tracking_number, 128, field="tracking_number", of="the shipment")
        check_text(self.tracking_url, 1000, field="tracking_url", of="the shipment")
        if self.tracking_url is not None and not self.tracking_url.startswith(("https://", "http://")):
            raise InvalidInput("The tracking address has to begin with https:// or http://.", field="tracking_url")


@dataclass(frozen=True, slots=True)
class ShipmentView:
    shipment_id: str
    order_id: str
    number: str
    status: str
    location_id: str | None
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    shipped_at: datetime
    delivered_at: datetime | None
    lines: tuple[tuple[int, int], ...]
    """Number of the order's line, and units of it."""


def ship(
    tx: Session,
    order_id: str,
    units: Mapping[int, int] | None = None,
    *,
    tracking: Tracking = Tracking(),
    actor: Actor,
    now: datetime,
) -> ShipmentView:
    """Sends units of an order by line number; None: all that is left. The last parcel makes the order shipped.

    Raises NotFound, NotShippable, TooManyUnits, or InvalidInput for a line that is none or that is a service.
    """
    order = lock_order(tx, order_id)
    if order.status not in (OrderStatus.CONFIRMED, OrderStatus.PROCESSING):
        raise NotShippable(
            f"Order {order.order_number} is {order.status}. Only a confirmed order, or one in processing, is shipped."
        )
    left = open_units(tx, order_id)
    sent = dict(units) if units is not None else {line: count for line, count in left.items() if count}
    if not sent:
        raise NotShippable(f"Nothing of order {order.order_number} is left to send.")
    _check_units(order, left, sent)
    shipment = Shipment(
        id=new_id(),
        order_id=order_id,
        number=take_number(tx, "shipment", prefix="P-"),
        location_id=order.location_id,
        carrier=tracking.carrier,
        tracking_number=tracking.tracking_number,
        tracking_url=tracking.tracking_url,
        status=str(ShipmentStatus.SHIPPED),
        shipped_at=now,
        delivered_at=None,
        created_at=now,
    )
    tx.add(shipment)
    tx.flush()
    rows = [
        {"shipment_id": shipment.id, "order_line_no": line, "quantity": count} for line, count in sorted(sent.items())
    ]
    insert_rows(tx, ShipmentLine.__table__, rows)
    after = {"order_id": order_id, "number": shipment.number, "units": {str(k): v for k, v in sorted(sent.items())}}
    record(tx, actor, Change("shipment.create", shipment.id, None, after), now=now)
    is_last = all(left[line] == sent.get(line, 0) for line in left)
    note = f"shipment {shipment.number}"
    if is_last:
        change_status(tx, order_id, OrderStatus.SHIPPED, now=now, note=note)
    else:
        changes = {"status": str(OrderStatus.PROCESSING), "fulfillment_status": PARTIAL}
        change_order(tx, order, changes, now=now, origin=Origin.MANUAL, note=note)
    queue_shipment_mail(tx, shipment.id, now=now)
    return _view(shipment, sorted(sent.items()))


def track(tx: Session, shipment_id: str, tracking: Tracking, *, actor: Actor, now: datetime) -> ShipmentView:
    """Says how a parcel can be followed; the values replace the ones before."""
    _, shipment = hold_shipment(tx, shipment_id)
    names = ("carrier", "tracking_number", "tracking_url")
    before = {name: getattr(shipment, name) for name in names}
    for name in names:
        setattr(shipment, name, getattr(tracking, name))
    tx.flush()
    after = {name: getattr(tracking, name) for name in names}
    record(tx, actor, Change("shipment.track", shipment_id, before, after), now=now)
    return find_shipment(tx, shipment_id)


def deliver(tx: Session, shipment_id: str, *, actor: Actor, now: datetime) -> ShipmentView:
    """A parcel has arrived; with the last one of a shipped order it is delivered. The same again changes nothing."""
    order, shipment = hold_shipment(tx, shipment_id)
    if shipment.status == ShipmentStatus.CANCELLED:
        raise Conflict(f"Shipment {shipment.number} was cancelled and cannot arrive.")
    if shipment.status == ShipmentStatus.SHIPPED:
        shipment.status, shipment.delivered_at = str(ShipmentStatus.DELIVERED), now
        tx.flush()
        moved = ({"status": "shipped"}, {"status": "delivered"})
        record(tx, actor, Change("shipment.deliver", shipment_id, *moved), now=now)
        if order.status == OrderStatus.SHIPPED and not _on_their_way(tx, order.id):
            change_status(tx, order.id, OrderStatus.DELIVERED, now=now, note=f"shipment {shipment.number}")
    return find_shipment(tx, shipment_id)


def cancel_shipment(tx: Session, shipment_id: str, *, actor: Actor, now: datetime) -> ShipmentView:
    """Takes back a parcel that never left, as long as others of its order are still to be sent."""
    order, shipment = hold_shipment(tx, shipment_id)
    if shipment.status != ShipmentStatus.SHIPPED or order.status != OrderStatus.PROCESSING:
        raise Conflict(
            f"Shipment {shipment.number} is {shipment.status} and order {order.order_number} is {order.status}:"
            " only a parcel of an order in processing can be taken back. Use a return instead."
        )
    shipment.status = str(ShipmentStatus.CANCELLED)
    tx.flush()
    moved = ({"status": "shipped"}, {"status": "cancelled"})
    record(tx, actor, Change("shipment.cancel", shipment_id, *moved), now=now)
    fulfillment = PARTIAL if any(shipped_units(tx, order.id).values()) else "unfulfilled"
    change_order(tx, order, {"fulfillment_status": fulfillment}, now=now, origin=Origin.MANUAL)
    return find_shipment(tx, shipment_id)


def find_shipment(tx: Session, shipment_id: str) -> ShipmentView:
    row = tx.get(Shipment, shipment_id)
    if row is None:
        raise NotFound(f"There is no shipment {shipment_id[:40]}.")
    return _views(tx, [row])[0]


def shipments_of(tx: Session, order_id: str) -> list[ShipmentView]:
    """The parcels of an order, the first one first."""
    query = select(Shipment).where(Shipment.order_id == order_id).order_by(Shipment.id).limit(MOST_SHIPMENTS)
    return _views(tx, tx.scalars(query).all())


def shipped_units(tx: Session, order_id: str) -> dict[int, int]:
    """Units that have left, by line. An order that was moved to shipped by hand has sent everything."""
    query = (
        select(ShipmentLine.order_line_no, func.sum(ShipmentLine.quantity).label("units"))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(Shipment.order_id == order_id, Shipment.status != ShipmentStatus.CANCELLED)
        .group_by(ShipmentLine.order_line_no)
    )
    sent = {row.order_line_no: int(row.units) for row in tx.execute(query)}
    status = tx.scalar(select(Order.status).where(Order.id == order_id))
    if not sent and status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        return _ordered(tx, order_id)
    return sent


def open_units(tx: Session, order_id: str) -> dict[int, int]:
    """Units still to be sent, by line of goods. What a buyer shall not get any more is taken off the order first."""
    sent = shipped_units(tx, order_id)
    return {line: max(0, units - sent.get(line, 0)) for line, units in _ordered(tx, order_id).items()}


def _ordered(tx: Session, order_id: str) -> dict[int, int]:
    query = (
        select(OrderItem.line_no, OrderItem.quantity)
        .join(Product, Product.id == OrderItem.product_id)
        .where(OrderItem.order_id == order_id, Product.kind == ProductKind.GOOD)
        .order_by(OrderItem.line_no)
    )
    return {row.line_no: row.quantity for row in tx.execute(query)}


def _check_units(order: Order, left: Mapping[int, int], sent: Mapping[int, int]) -> None:
    for line, count in sorted(sent.items()):
        check_whole(count, field="quantity")
        if line not in left:
            raise InvalidInput(
                f"Order {order.order_number} has no goods on line {line}. Its lines of goods: {_listed(left)}.",
                field="lines",
            )
        if count <= 0:
            raise InvalidInput(f"Line {line}: {count} units cannot be sent. Send one at least.", field="lines")
        if count > left[line]:
            raise TooManyUnits(
                f"Line {line} of order {order.order_number} has {left[line]} units left to send, not {count}."
            )


def _listed(lines: Mapping[int, int]) -> str:
    return ", ".join(str(line) for line in sorted(lines)) or "none"


def hold_shipment(tx: Session, shipment_id: str) -> tuple[Order, Shipment]:
    """The parcel and its order, whose row is the lock of both."""
    order_id = tx.scalar(select(Shipment.order_id).where(Shipment.id == shipment_id))
    if order_id is None:
        raise NotFound(f"There is no shipment {shipment_id[:40]}.")
    order = lock_order(tx, order_id)
    query = select(Shipment).where(Shipment.id == shipment_id)
    return order, tx.scalars(query, execution_options={"populate_existing": True}).one()


def _on_their_way(tx: Session, order_id: str) -> int:
    query = select(func.count()).select_from(Shipment)
    return tx.scalar(query.where(Shipment.order_id == order_id, Shipment.status == ShipmentStatus.SHIPPED)) or 0


def _views(tx: Session, rows: Sequence[Shipment]) -> list[ShipmentView]:
    lines: dict[str, list[tuple[int, int]]] = defaultdict(list)
    query = select(ShipmentLine).where(ShipmentLine.shipment_id.in_([row.id for row in rows]))
    for line in tx.scalars(query.order_by(ShipmentLine.order_line_no)):
        lines[line.shipment_id].append((line.order_line_no, line.quantity))
    return [_view(row, lines[row.id]) for row in rows]


def _view(row: Shipment, lines: Sequence[tuple[int, int]]) -> ShipmentView:
    return ShipmentView(
        shipment_id=row.id,
        order_id=row.order_id,
        number=row.number,
        status=row.status,
        location_id=row.location_id,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        tracking_url=row.tracking_url,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        lines=tuple(lines),
    )
