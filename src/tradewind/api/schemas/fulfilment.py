"""Shapes of shipments and returns. Lines are named by their number in the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from tradewind.api.wire import Amount, Unversioned, Wire
from tradewind.commerce.orders.new import MAX_LINES, MAX_QUANTITY
from tradewind.commerce.shipping.returns import ReturnStatus
from tradewind.commerce.shipping.shipments import ShipmentStatus
from tradewind.core.errors import InvalidInput

PLAIN = r"^[^\x00]*$"
ID = r"^[0-9A-Za-z_-]{1,64}$"
Line = Annotated[int, Field(ge=1, le=MAX_LINES, examples=[1])]
_NEXT = "Continues after the last item; null when there are no more."


def plain(longest: int) -> StringConstraints:
    """A text that every store can hold."""
    return StringConstraints(max_length=longest, pattern=PLAIN)


class Body(Wire):
    """Parent of requests: a field that we do not know is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class LineUnits(Body):
    """Units of one line of the order."""

    line_no: Line
    quantity: int = Field(ge=1, le=MAX_QUANTITY, examples=[2])


def units_of(lines: Sequence[LineUnits], *, field: str = "lines") -> dict[int, int]:
    """Units by line number; InvalidInput for a line that is named twice."""
    units = {line.line_no: line.quantity for line in lines}
    if len(units) < len(lines):
        raise InvalidInput("A line is named twice. Name each line once.", field=field)
    return units


class Ship(Body):
    """A parcel that leaves."""

    lines: list[LineUnits] | None = Field(
        None, min_length=1, max_length=MAX_LINES, description="What is in it; unset: all that is left to send."
    )
    carrier: Annotated[str, plain(100)] | None = Field(None, examples=["DHL"])
    tracking_number: Annotated[str, plain(128)] | None = Field(None, examples=["00340434161094042557"])
    tracking_url: Annotated[str, plain(1000)] | None = Field(None, examples=["https://carrier.example.com/track/0034"])


class Track(Body):
    """How a parcel can be followed; what is left out is unknown from then on."""

    carrier: Annotated[str, plain(100)] | None = None
    tracking_number: Annotated[str, plain(128)] | None = None
    tracking_url: Annotated[str, plain(1000)] | None = None


class ShipmentLineOut(Wire):
    line_no: int
    quantity: int


class ShipmentOut(Unversioned):
    """One parcel of an order."""

    shipment_id: str
    order_id: str
    number: str = Field(examples=["P-00001"])
    status: ShipmentStatus
    location_id: str | None = Field(description="Where it left from.")
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    shipped_at: datetime
    delivered_at: datetime | None
    lines: list[ShipmentLineOut]


class ShipmentList(Wire):
    items: list[ShipmentOut]


class RequestReturn(Body):
    """What a buyer wants to send back."""

    lines: list[LineUnits] = Field(min_length=1, max_length=MAX_LINES)
    reason: Annotated[str, plain(200)] | None = Field(None, examples=["too small"])
    note: Annotated[str, plain(2000)] | None = None


class MoveReturn(Body):
    """A step that moves no goods and no money."""

    status: Literal[ReturnStatus.APPROVED, ReturnStatus.REJECTED, ReturnStatus.CANCELLED]
    note: Annotated[str, plain(2000)] | None = None


class Restocked(Body):
    line_no: Line
    quantity: int = Field(ge=0, le=MAX_QUANTITY)


class ReceiveReturn(Body):
    """The goods are here."""

    restocked: list[Restocked] | None = Field(
        None, max_length=MAX_LINES, description="Units that go back on the shelf; unset: all that came."
    )
    location_id: Annotated[str, plain(64)] | None = Field(
        None, description="On which shelf; unset: that which the order left from."
    )
    note: Annotated[str, plain(2000)] | None = None


class RefundReturn(Body):
    with_shipping: bool = Field(False, description="Also what is left of the shipping.")


class ReturnLineOut(Wire):
    line_no: int
    quantity: int
    restocked: int = Field(description="Of these, units that went back on the shelf.")


class ReturnOut(Wire):
    """Goods on their way back."""

    return_id: str
    order_id: str
    order_number: str
    number: str = Field(examples=["RET-00001"])
    status: ReturnStatus
    reason: str | None
    note: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    lines: list[ReturnLineOut]


class ReturnPage(Wire):
    items: list[ReturnOut]
    next_cursor: str | None = Field(description=_NEXT)


class RefundLineOut(Wire):
    line_no: int
    quantity: int = Field(description="0 for a part of an amount that was spread over all lines.")
    amount: Amount


class RefundSetGoing(Wire):
    """A refund and its parts, which add up to its amount."""

    amount: Amount
    currency: str
    unearned: Amount = Field(description="The part that the order is not worth any more: it takes nothing off revenue.")
    lines: list[RefundLineOut]
    shipping: Amount
    tax: Amount
    provider_refund_ids: list[str] = Field(description="The money's way back; see the payment it came in with.")
    refund_id: str | None = Field(description="The credit note, where it is booked already.")
