"""Goods on their way back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.order_work import refund_out
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.fulfilment import (
    ID,
    MoveReturn,
    ReceiveReturn,
    RefundReturn,
    RefundSetGoing,
    RequestReturn,
    ReturnOut,
    ReturnPage,
    units_of,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.payments.payback import RefundExceedsPayment
from tradewind.commerce.shipping import returns as service
from tradewind.commerce.shipping.returns import IllegalReturnStep, ReturnStatus
from tradewind.commerce.shipping.shipments import TooManyUnits
from tradewind.core.errors import InvalidInput, NotFound

router = Router(tags=["fulfilment"])

OrderId = Annotated[str, Path(pattern=ID, max_length=64)]
ReturnId = Annotated[str, Path(pattern=ID, max_length=64)]
Fulfiller = Annotated[Writer, Depends(writer_with(Scope.ORDERS_FULFIL))]
Refunder = Annotated[Writer, Depends(writer_with(Scope.ORDERS_REFUND))]


@router.get("/returns", response_model=ReturnPage, responses=problems(*SIGNED_IN), dependencies=[READS])
def list_returns(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    status: Annotated[list[ReturnStatus], Query(max_length=10, description="Only these states.")] = [],
    order_id: Annotated[str | None, Query(max_length=64, pattern=ID, description="Only of this order.")] = None,
) -> Response:
    """Returns, the newest first."""
    with services.platform.database.read() as tx:
        page = service.returns_page(tx, limit=limit, cursor=cursor, statuses=status, order_id=order_id)
    items = [ReturnOut.model_validate(item) for item in page.items]
    return answer(ReturnPage(items=items, next_cursor=page.next_cursor))


@router.get(
    "/returns/{return_id}",
    response_model=ReturnOut,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS],
)
def show_return(services: ServicesDep, return_id: ReturnId) -> Response:
    """One return."""
    with services.platform.database.read() as tx:
        found = ReturnOut.model_validate(service.find_return(tx, return_id))
    return answer(found, headers={"ETag": etag(found.version)})


@router.post(
    "/orders/{order_id}/returns",
    status_code=201,
    response_model=ReturnOut,
    responses=problems(*WRITES, NotFound, TooManyUnits),
)
def request_return(order_id: OrderId, body: RequestReturn, writer: Fulfiller) -> Response:
    """A buyer wants to send goods back: never more than were sent."""

    def ask(tx: Session) -> ReturnOut:
        made = service.request_return(
            tx,
            order_id,
            units_of(body.lines),
            reason=body.reason,
            note=body.note,
            actor=writer.actor,
            now=writer.now,
        )
        return ReturnOut.model_validate(made)

    return writer.once(ask, status=201)


@router.post(
    "/returns/{return_id}/status",
    response_model=ReturnOut,
    responses=problems(*WRITES, NotFound, IllegalReturnStep, Changed),
)
def move_return(return_id: ReturnId, body: MoveReturn, writer: Fulfiller) -> Response:
    """Approve, reject or cancel a return."""

    def move(tx: Session) -> ReturnOut:
        writer.check_version(service.find_return(tx, return_id).version)
        moved = service.move_return(tx, return_id, body.status, actor=writer.actor, now=writer.now, note=body.note)
        return ReturnOut.model_validate(moved)

    return writer.once(move)


@router.post(
    "/returns/{return_id}/receive",
    response_model=ReturnOut,
    responses=problems(*WRITES, NotFound, IllegalReturnStep, Changed),
)
def receive_return(return_id: ReturnId, body: ReceiveReturn, writer: Fulfiller) -> Response:
    """The goods are here: say which go back on the shelf."""

    def receive(tx: Session) -> ReturnOut:
        writer.check_version(service.find_return(tx, return_id).version)
        restocked = None
        if body.restocked is not None:
            restocked = {line.line_no: line.quantity for line in body.restocked}
            if len(restocked) < len(body.restocked):
                raise InvalidInput("A line is named twice. Name each line once.", field="restocked")
        done = service.receive_return(
            tx,
            return_id,
            restocked,
            location_id=body.location_id,
            actor=writer.actor,
            now=writer.now,
            note=body.note,
        )
        return ReturnOut.model_validate(done)

    return writer.once(receive)


@router.post(
    "/returns/{return_id}/refund",
    status_code=201,
    response_model=RefundSetGoing,
    responses=problems(*WRITES, NotFound, IllegalReturnStep, RefundExceedsPayment),
)
def refund_return(return_id: ReturnId, body: RefundReturn, writer: Refunder) -> Response:
    """Give the money for the goods of a return back, once."""
    return writer.once(
        lambda tx: refund_out(
            service.refund_return(tx, return_id, with_shipping=body.with_shipping, actor=writer.actor, now=writer.now)
        ),
        status=201,
    )
