"""Parcels of orders."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.fulfilment import ID, Ship, ShipmentList, ShipmentOut, Track, units_of
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, content_tag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.orders.store import find_order
from tradewind.commerce.shipping import shipments
from tradewind.commerce.shipping.shipments import NotShippable, ShipmentView, TooManyUnits, Tracking
from tradewind.core.errors import Conflict, NotFound

router = Router(tags=["fulfilment"])

OrderId = Annotated[str, Path(pattern=ID, max_length=64)]
ShipmentId = Annotated[str, Path(pattern=ID, max_length=64)]
Fulfiller = Annotated[Writer, Depends(writer_with(Scope.ORDERS_FULFIL))]


@router.get(
    "/orders/{order_id}/shipments",
    response_model=ShipmentList,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS],
)
def order_shipments(services: ServicesDep, order_id: OrderId) -> Response:
    """The parcels of an order, the first one first."""
    with services.platform.database.read() as tx:
        find_order(tx, order_id)
        found = shipments.shipments_of(tx, order_id)
    return answer(ShipmentList(items=[_out(shipment) for shipment in found]))


@router.post(
    "/orders/{order_id}/shipments",
    status_code=201,
    response_model=ShipmentOut,
    responses=problems(*WRITES, NotFound, NotShippable, TooManyUnits),
)
def ship_order(order_id: OrderId, body: Ship, writer: Fulfiller) -> Response:
    """Send units of an order. The last parcel makes the order shipped."""

    def send(tx: Session) -> ShipmentOut:
        units = units_of(body.lines) if body.lines is not None else None
        tracking = Tracking(body.carrier, body.tracking_number, body.tracking_url)
        return _out(shipments.ship(tx, order_id, units, tracking=tracking, actor=writer.actor, now=writer.now))

    return writer.once(send, status=201)


@router.get(
    "/shipments/{shipment_id}",
    response_model=ShipmentOut,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS],
)
def shipment(services: ServicesDep, shipment_id: ShipmentId) -> Response:
    """One parcel."""
    with services.platform.database.read() as tx:
        found = _out(shipments.find_shipment(tx, shipment_id))
    return answer(found, headers={"ETag": content_tag(found)})


@router.put(
    "/shipments/{shipment_id}/tracking", response_model=ShipmentOut, responses=problems(*WRITES, NotFound, Changed)
)
def track_shipment(shipment_id: ShipmentId, body: Track, writer: Fulfiller) -> Response:
    """Say how a parcel can be followed."""
    tracking = Tracking(body.carrier, body.tracking_number, body.tracking_url)
    return _change(writer, shipment_id, partial(shipments.track, tracking=tracking))


@router.post(
    "/shipments/{shipment_id}/deliver",
    response_model=ShipmentOut,
    responses=problems(*WRITES, NotFound, Changed, Conflict),
)
def deliver_shipment(shipment_id: ShipmentId, writer: Fulfiller) -> Response:
    """A parcel has arrived. With the last one the order is delivered."""
    return _change(writer, shipment_id, shipments.deliver)


@router.post(
    "/shipments/{shipment_id}/cancel",
    response_model=ShipmentOut,
    responses=problems(*WRITES, NotFound, Changed, Conflict),
)
def cancel_shipment(shipment_id: ShipmentId, writer: Fulfiller) -> Response:
    """Take back a parcel that never left, while others of its order are still to be sent."""
    return _change(writer, shipment_id, shipments.cancel_shipment)


def _change(writer: Writer, shipment_id: str, change: Callable[..., ShipmentView]) -> Response:
    def work(tx: Session) -> ShipmentOut:
        shipments.hold_shipment(tx, shipment_id)
        writer.check_content(lambda: _out(shipments.find_shipment(tx, shipment_id)))
        return _out(change(tx, shipment_id, actor=writer.actor, now=writer.now))

    return writer.once(work)


def _out(view: ShipmentView) -> ShipmentOut:
    lines = [{"line_no": line, "quantity": count} for line, count in view.lines]
    told = {name: getattr(view, name) for name in ShipmentOut.model_fields if name != "lines"}
    return ShipmentOut.model_validate(told | {"lines": lines})
