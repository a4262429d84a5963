"""What is done with an order: moved, cancelled, edited, refunded, written on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.fulfilment import ID, RefundSetGoing, units_of
from tradewind.api.schemas.order_work import (
    AddressOut,
    CancelOrder,
    EditOrder,
    LineLeft,
    MoveOrder,
    NoteList,
    NoteOut,
    OrderAddresses,
    OrderEdited,
    OrderLeft,
    OrderMoved,
    RefundOrder,
    WriteNote,
)
from tradewind.api.security import READS, ServicesDep, caller_with
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.checkout.editing import NewItem, NotEditable, OrderEdit, edit_order
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.orders.addresses import addresses_of
from tradewind.commerce.orders.handling import HasRefunds, PartlyShipped, add_note, move_order, notes_of
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import IllegalTransition, OrderStatus
from tradewind.commerce.orders.store import find_order, order_lines
from tradewind.commerce.orders.writing import lock_order
from tradewind.commerce.payments.order_refunds import (
    OrderRefund,
    RefundAsked,
    left_to_refund,
    preview_refund,
    refund_order,
    worth_of,
)
from tradewind.commerce.payments.payback import RefundExceedsPayment
from tradewind.commerce.shipping.returns import returnable_units
from tradewind.commerce.shipping.shipments import open_units
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.money import to_decimal, to_minor

router = Router("/orders", tags=["orders"])

OrderId = Annotated[str, Path(pattern=ID, max_length=64)]
OrdersWriter = Annotated[Writer, Depends(writer_with(Scope.ORDERS_WRITE))]
Refunder = Annotated[Writer, Depends(writer_with(Scope.ORDERS_REFUND))]
_SENDABLE = (OrderStatus.CONFIRMED, OrderStatus.PROCESSING)
_STEPS = (NotFound, IllegalTransition, PartlyShipped, HasRefunds, Changed)


@router.post("/{order_id}/status", response_model=OrderMoved, responses=problems(*WRITES, *_STEPS, InsufficientStock))
def change_order_status(order_id: OrderId, body: MoveOrder, writer: OrdersWriter) -> Response:
    """Move an order along its states: pending, confirmed, processing, shipped, delivered; or cancelled, refunded."""

    def move(tx: Session) -> OrderMoved:
        writer.check_version(lock_order(tx, order_id).version)
        if body.status is OrderStatus.CANCELLED:
            return _cancel(tx, order_id, body.note, writer)
        move_order(tx, order_id, body.status, actor=writer.actor, now=writer.now, note=body.note)
        return _moved(tx, order_id)

    return writer.once(move)


@router.post("/{order_id}/cancel", response_model=OrderMoved, responses=problems(*WRITES, *_STEPS))
def cancel(order_id: OrderId, body: CancelOrder, writer: OrdersWriter) -> Response:
    """Cancel an order of which nothing has been sent: its goods come free, and what was paid goes back."""

    def call_off(tx: Session) -> OrderMoved:
        writer.check_version(lock_order(tx, order_id).version)
        return _cancel(tx, order_id, body.reason, writer)

    return writer.once(call_off)


@router.patch(
    "/{order_id}",
    response_model=OrderEdited,
    responses=problems(*WRITES, NotFound, NotEditable, HasRefunds, InsufficientStock, Changed),
)
def edit(order_id: OrderId, body: EditOrder, writer: OrdersWriter) -> Response:
    """Change what an order is of, before it has left: quantities, lines, the price of shipping."""

    def change(tx: Session) -> OrderEdited:
        order = lock_order(tx, order_id)
        writer.check_version(order.version)
        quantities = {line.line_no: line.quantity for line in body.quantities}
        if len(quantities) < len(body.quantities):
            raise InvalidInput("A line is named twice. Name each line once.", field="quantities")
        currency = order.currency
        added = [
            NewItem(
                line.sku,
                line.quantity,
                to_minor(line.unit_price, currency, field="unit_price") if line.unit_price is not None else None,
            )
            for line in body.add
        ]
        shipping = to_minor(body.shipping, currency, field="shipping") if body.shipping is not None else None
        edited = edit_order(
            tx,
            order_id,
            OrderEdit(quantities, added, shipping, body.reason),
            actor=writer.actor,
            now=writer.now,
        )
        return OrderEdited(
            order_id=order_id,
            version=edited.version,
            total=to_decimal(edited.total_minor, currency),
            due=to_decimal(edited.due_minor, currency),
            currency=currency,
        )

    return writer.once(change)


@router.post(
    "/{order_id}/refunds",
    status_code=201,
    response_model=RefundSetGoing,
    responses=problems(*WRITES, NotFound, RefundExceedsPayment, Conflict),
)
def refund(order_id: OrderId, body: RefundOrder, writer: Refunder) -> Response:
    """Give money back: for units at what they were sold for, as an amount, or all that is left.

    Never more than came in. The provider is told after the answer; the credit note is booked when the money has gone.
    """

    def give(tx: Session) -> RefundSetGoing:
        asked = _asked(body, lock_order(tx, order_id).currency)
        return refund_out(refund_order(tx, order_id, asked, actor=writer.actor, now=writer.now))

    return writer.once(give, status=201)


@router.post(
    "/{order_id}/refunds/preview",
    response_model=RefundSetGoing,
    responses=problems(*SIGNED_IN, NotFound, RefundExceedsPayment),
    dependencies=[Depends(caller_with(Scope.ORDERS_REFUND))],
)
def refund_preview(order_id: OrderId, body: RefundOrder, services: ServicesDep) -> Response:
    """What a refund would come to, to the cent. Nothing is given back."""
    with services.platform.database.read() as tx:
        asked = _asked(body, find_order(tx, order_id).currency)
        return answer(refund_out(preview_refund(tx, order_id, asked)))


@router.get(
    "/{order_id}/left", response_model=OrderLeft, responses=problems(*SIGNED_IN, NotFound), dependencies=[READS]
)
def order_left(order_id: OrderId, services: ServicesDep) -> Response:
    """What can still be sent, taken back and refunded of an order."""
    with services.platform.database.read() as tx:
        find_order(tx, order_id)
        order = tx.get_one(Order, order_id)
        to_send, to_return = open_units(tx, order_id), returnable_units(tx, order_id)
        worth = worth_of(tx, order)
        to_refund = {line.line_no: line.left_units for line in worth.lines}
        left = OrderLeft(
            currency=order.currency,
            refundable=to_decimal(left_to_refund(tx, order), order.currency),
            shipping=to_decimal(worth.left_shipping, order.currency),
            lines=[
                LineLeft(
                    line_no=number,
                    to_send=to_send.get(number, 0) if order.status in _SENDABLE else 0,
                    to_return=to_return.get(number, 0),
                    to_refund=to_refund.get(number, 0),
                )
                for number in (line.line_no for line in order_lines(tx, order_id, order.currency))
            ],
        )
    return answer(left)


@router.get(
    "/{order_id}/notes", response_model=NoteList, responses=problems(*SIGNED_IN, NotFound), dependencies=[READS]
)
def order_notes(services: ServicesDep, order_id: OrderId) -> Response:
    """The notes on an order, the oldest first."""
    with services.platform.database.read() as tx:
        find_order(tx, order_id)
        notes = notes_of(tx, order_id)
    return answer(NoteList(items=[NoteOut.model_validate(note) for note in notes]))


@router.post("/{order_id}/notes", status_code=201, response_model=NoteOut, responses=problems(*WRITES, NotFound))
def write_note(order_id: OrderId, body: WriteNote, writer: OrdersWriter) -> Response:
    """Write a note on an order."""

    def write(tx: Session) -> NoteOut:
        note = add_note(
            tx, order_id, body.text, actor=writer.actor, now=writer.now, is_for_customer=body.is_for_customer
        )
        return NoteOut.model_validate(note)

    return writer.once(write, status=201)


@router.get(
    "/{order_id}/addresses",
    response_model=OrderAddresses,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[Depends(caller_with(Scope.CUSTOMERS_READ))],
)
def order_addresses(services: ServicesDep, order_id: OrderId) -> Response:
    """Where an order goes and who pays, as it was when it was placed. Personal data."""
    with services.platform.database.read() as tx:
        find_order(tx, order_id)
        found = {kind: AddressOut.model_validate(asdict(place)) for kind, place in addresses_of(tx, order_id).items()}
    return answer(OrderAddresses(shipping=found.get("shipping"), billing=found.get("billing")))


def refund_out(done: OrderRefund) -> RefundSetGoing:
    """A refund that was set going, as it is shown."""
    currency = done.currency
    return RefundSetGoing.model_validate(
        {
            "amount": to_decimal(done.amount_minor, currency),
            "currency": currency,
            "unearned": to_decimal(done.unearned_minor, currency),
            "lines": [
                {"line_no": part.line_no, "quantity": part.units, "amount": to_decimal(part.amount, currency)}
                for part in done.parts.lines
            ],
            "shipping": to_decimal(done.parts.shipping, currency),
            "tax": to_decimal(done.parts.tax, currency),
            "provider_refund_ids": list(done.wishes),
            "refund_id": done.refund_id,
        }
    )


def _asked(body: RefundOrder, currency: str) -> RefundAsked:
    units = units_of(body.lines) if body.lines is not None else None
    amount = to_minor(body.amount, currency) if body.amount is not None else None
    return RefundAsked(units, body.with_shipping, amount, body.reason)


def _cancel(tx: Session, order_id: str, reason: str | None, writer: Writer) -> OrderMoved:
    wishes = cancel_order(tx, order_id, actor=writer.actor, now=writer.now, reason=reason)
    return _moved(tx, order_id, wishes)


def _moved(tx: Session, order_id: str, wishes: list[str] | None = None) -> OrderMoved:
    order = lock_order(tx, order_id)
    return OrderMoved.model_validate(
        {
            "order_id": order.id,
            "order_number": order.order_number,
            "status": order.status,
            "fulfillment_status": order.fulfillment_status,
            "payment_status": order.payment_status,
            "version": order.version,
            "provider_refund_ids": wishes or [],
        }
    )
