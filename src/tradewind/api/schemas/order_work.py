"""Shapes of what is done with orders: placing, moving, editing, refunding, notes, and the lists to work from."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from tradewind.api.schemas.fulfilment import Body, Line, LineUnits, plain
from tradewind.api.wire import Amount, Wire
from tradewind.commerce.orders.new import MAX_LINES, MAX_QUANTITY
from tradewind.commerce.orders.states import OrderStatus

Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4, examples=[9.99])]
_NEXT = "Continues after the last item; null when there are no more."


class AddressBody(Body):
    """Where goods go, or who pays."""

    name: Annotated[str, plain(300)] | None = Field(None, examples=["Ada Lovelace"])
    company: Annotated[str, plain(300)] | None = None
    line1: Annotated[str, plain(300)] | None = Field(None, examples=["Long Street 1"])
    line2: Annotated[str, plain(300)] | None = None
    city: Annotated[str, plain(200)] | None = Field(None, examples=["Berlin"])
    region: Annotated[str, plain(100)] | None = None
    postal_code: Annotated[str, plain(32)] | None = Field(None, examples=["10115"])
    country: str | None = Field(None, pattern="^[A-Za-z]{2}$", examples=["DE"])
    phone: Annotated[str, plain(64)] | None = None
    email: Annotated[str, plain(320)] | None = Field(None, examples=["ada@example.com"])


class Checkout(Body):
    """What the buyer adds to the cart."""

    provider: str = Field("manual", max_length=32, pattern="^[a-z_]+$", examples=["stripe"])
    email: Annotated[str, plain(320)] | None = Field(None, examples=["ada@example.com"])
    shipping_address: AddressBody | None = None
    billing_address: AddressBody | None = None
    note: Annotated[str, plain(2000)] | None = None
    expected_total: Money | None = Field(
        None, description="The total that the buyer agreed to: another one is refused with 409."
    )


class PlaceOrder(Checkout):
    cart_id: Annotated[str, plain(400)] = Field(min_length=1)


class OrderPlaced(Wire):
    """The order of a cart."""

    order_id: str
    order_number: str = Field(examples=["SHOP-00001"])
    status: OrderStatus
    total: Amount
    currency: str = Field(examples=["EUR"])
    payment_id: str | None = Field(description="The payment it waits for; null where there is nothing to pay.")


class MoveOrder(Body):
    status: OrderStatus
    note: Annotated[str, plain(2000)] | None = None


class CancelOrder(Body):
    reason: Annotated[str, plain(2000)] | None = Field(None, examples=["ordered twice"])


class OrderMoved(Wire):
    """Where an order stands after a step."""

    order_id: str
    order_number: str
    status: OrderStatus
    fulfillment_status: str
    payment_status: str
    version: int
    provider_refund_ids: list[str] = Field([], description="Money that goes back because of the step.")


class WriteNote(Body):
    text: Annotated[str, plain(4000)] = Field(min_length=1)
    is_for_customer: bool = False


class NoteOut(Wire):
    note_id: str
    author: str
    text: str
    is_for_customer: bool
    at: datetime


class NoteList(Wire):
    items: list[NoteOut]


class SetQuantity(Body):
    line_no: Line
    quantity: int = Field(ge=0, le=MAX_QUANTITY, description="0 takes the line away.")


class AddLine(Body):
    sku: Annotated[str, plain(128)] = Field(min_length=1, examples=["MUG-RED"])
    quantity: int = Field(ge=1, le=MAX_QUANTITY)
    unit_price: Money | None = Field(None, description="Unset: what the catalogue says now.")


class EditOrder(Body):
    """What shall be different; what is left out stays as it is."""

    quantities: list[SetQuantity] = Field([], max_length=MAX_LINES)
    add: list[AddLine] = Field([], max_length=MAX_LINES)
    shipping: Money | None = None
    reason: Annotated[str, plain(2000)] | None = None


class OrderEdited(Wire):
    order_id: str
    version: int
    total: Amount
    due: Amount = Field(description="Still to be paid; below zero: to be given back.")
    currency: str


class RefundOrder(Body):
    """Units, shipping, or an amount; nothing of it: all that is left."""

    lines: list[LineUnits] | None = Field(None, min_length=1, max_length=MAX_LINES)
    with_shipping: bool = False
    amount: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)] | None = None
    reason: Annotated[str, plain(200)] | None = Field(None, examples=["broken on arrival"])

    @model_validator(mode="after")
    def one_way_of_saying(self) -> RefundOrder:
        if self.amount is not None and (self.lines or self.with_shipping):
            raise ValueError("name lines and shipping, or an amount; not both")
        return self


class AddressOut(Wire):
    name: str | None
    company: str | None
    line1: str | None
    line2: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    phone: str | None
    email: str | None


class LineLeft(Wire):
    """Units of a line of the order with which something can still be done."""

    line_no: int
    to_send: int
    to_return: int = Field(description="Sent, and in no return.")
    to_refund: int = Field(description="Sold, and not refunded.")


class OrderLeft(Wire):
    """What can still be done with an order."""

    currency: str
    refundable: Amount = Field(description="Came in, and neither went back nor is on its way.")
    shipping: Amount = Field(description="Of it, what the buyer paid for shipping, without tax.")
    lines: list[LineLeft]


class OrderAddresses(Wire):
    """Personal data of an order."""

    shipping: AddressOut | None
    billing: AddressOut | None


class WaitingOrderOut(Wire):
    """An order that waits for somebody."""

    order_id: str
    order_number: str
    customer_id: str | None
    placed_at: datetime
    age_seconds: int
    status: OrderStatus
    payment_status: str
    total: Amount
    currency: str
    units: int


class WaitingOrderPage(Wire):
    items: list[WaitingOrderOut]
    next_cursor: str | None = Field(description=_NEXT)


class TopCustomerOut(Wire):
    customer_id: str
    name: str | None
    email: str | None
    currency: str
    order_count: int
    total_spent: Amount


class TopCustomers(Wire):
    items: list[TopCustomerOut]


class DaySalesOut(Wire):
    day: date
    currency: str
    orders: int
    revenue: Amount = Field(description="Σ totals of the day's orders.")


class DailySales(Wire):
    items: list[DaySalesOut]
