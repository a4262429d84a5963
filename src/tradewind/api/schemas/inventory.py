"""Shapes of stock: locations, levels, movements, transfers and counts. Quantities are whole units."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from tradewind.api.wire import Unversioned, Wire
from tradewind.commerce.inventory import adjustments, counts, transfers
from tradewind.commerce.inventory.counts import CountStatus
from tradewind.commerce.inventory.levels import MOST_UNITS
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.transfers import TransferStatus

ID = r"^[0-9A-Za-z_-]{1,64}$"
Id = Annotated[str, StringConstraints(pattern=ID, max_length=64)]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS, examples=[12])]
Note = Annotated[str, StringConstraints(max_length=500)]
_NEXT = "Continues after the last item; null when there are no more."


class Body(Wire):
    """Parent of requests: a field that we do not know is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class LocationOut(Unversioned):
    """Where goods lie."""

    location_id: str
    code: str = Field(examples=["berlin"])
    name: str = Field(examples=["Berlin warehouse"])
    kind: str = Field(examples=["warehouse"], description="warehouse, shop; channel: a marketplace keeps our goods.")
    channel_id: str | None = Field(description="Only this channel's orders leave from here.")
    is_active: bool
    created_at: datetime


class LocationPage(Wire):
    items: list[LocationOut]
    next_cursor: str | None = Field(description=_NEXT)


class CreateLocation(Body):
    """A new location."""

    code: str = Field(max_length=64, examples=["berlin"], description="Letters, digits, dots, dashes, underscores.")
    name: str = Field(max_length=200, examples=["Berlin warehouse"])
    kind: str = Field("warehouse", max_length=32)
    channel_id: Id | None = Field(None, description="Only this channel's orders leave from here.")


class ChangeLocation(Body):
    """What is left out stays as it is."""

    name: str | None = Field(None, max_length=200)
    kind: str | None = Field(None, max_length=32)
    is_active: bool | None = Field(None, description="From one that is off nothing is sold.")


class LevelOut(Wire):
    """Units of a product at a location."""

    product_id: str
    sku: str = Field(examples=["MUG-RED"])
    name: str = Field(examples=["Mug, red"])
    location_id: str
    location: str = Field(description="The location's code.", examples=["berlin"])
    on_hand: int = Field(description="Units that are there: the sum of all movements.", examples=[40])
    reserved: int = Field(description="Promised to orders and not yet gone; what has expired is left out.")
    available: int = Field(description="What may be sold now: nothing where nobody ever counted.", examples=[37])
    inbound: int = Field(description="Ordered from suppliers or on the way from elsewhere.")
    reorder_point: int | None = Field(description="Below this many available it is low; null: the store's own number.")
    is_counted: bool
    updated_at: datetime


class LevelPage(Wire):
    items: list[LevelOut]
    next_cursor: str | None = Field(description=_NEXT)


class ProductLevels(Wire):
    """A product's levels at all locations."""

    items: list[LevelOut]


class LowStockOut(Wire):
    """A product that is short at a location."""

    product_id: str
    sku: str
    name: str
    location: str = Field(description="The location's name.")
    available: int
    reorder_point: int
    severity: Literal["critical", "warning", "info"] = Field(
        description="critical: none left; warning: below half of the point."
    )


class LowStockPage(Wire):
    items: list[LowStockOut]
    next_cursor: str | None = Field(description=_NEXT)


class MovementOut(Wire):
    """An entry of the ledger. Nothing changes it: a correction is another entry."""

    movement_id: str
    product_id: str
    sku: str
    location_id: str
    location: str = Field(description="The location's code.")
    delta: int = Field(description="Units that came, or below zero: that went.", examples=[-2])
    reason: Reason
    reference: str | None = Field(description="What caused it: the id of an order, a refund, a document.")
    note: str | None
    occurred_at: datetime = Field(description="When it happened.")
    created_at: datetime = Field(description="When it was booked.")


class MovementPage(Wire):
    items: list[MovementOut]
    next_cursor: str | None = Field(description=_NEXT)


class Adjust(Body):
    """Units that came or went."""

    product_id: Id
    location_id: Id
    delta: int = Field(ge=-MOST_UNITS, le=MOST_UNITS, examples=[-5], description="Not zero; below zero takes away.")
    reason: Literal["receipt", "return", "damage", "count", "adjustment"] = Field(examples=["damage"])
    expected_on_hand: int | None = Field(
        None,
        ge=-MOST_UNITS,
        le=MOST_UNITS,
        description="What you believe is there; when something else is, nothing is booked.",
    )
    reference: str | None = Field(None, max_length=128, description="What caused it.")
    note: Note | None = None
    source_key: str | None = Field(
        None, max_length=200, description="Your own name for this movement: the same again changes nothing, ever."
    )


class AdjustMany(Body):
    """Several at once: all are booked, or none is."""

    adjustments: list[Adjust] = Field(min_length=1, max_length=adjustments.MOST_AT_ONCE)


class AdjustedLevels(Wire):
    """The level of each adjustment after all of them, in the order of the request."""

    items: list[LevelOut]


class SetReorderPoint(Body):
    """Below how many available units the product is low here."""

    product_id: Id
    location_id: Id
    reorder_point: int | None = Field(ge=0, le=MOST_UNITS, description="Null: the store's own number.", examples=[20])


class TransferLineIn(Body):
    product_id: Id
    quantity: Units


class CreateTransfer(Body):
    """A draft of a transfer."""

    from_location_id: Id
    to_location_id: Id
    lines: list[TransferLineIn] = Field(min_length=1, max_length=transfers.MOST_LINES)
    note: Note | None = None


class ChangeTransfer(Body):
    """Of a draft. What is left out stays as it is; lines take the place of all lines."""

    lines: list[TransferLineIn] | None = Field(None, min_length=1, max_length=transfers.MOST_LINES)
    note: Note | None = None


class ReceiveTransfer(Body):
    """What arrived."""

    lines: list[TransferLineIn] = Field(min_length=1, max_length=transfers.MOST_LINES)


class TransferOut(Wire):
    """Goods on their way from one location to another."""

    transfer_id: str
    number: str = Field(examples=["TR-00007"])
    from_location_id: str
    to_location_id: str
    status: TransferStatus
    note: str | None
    version: int
    created_at: datetime
    shipped_at: datetime | None
    closed_at: datetime | None


class TransferLineOut(Wire):
    product_id: str
    sku: str
    name: str
    quantity: int
    received: int = Field(description="What is missing when the transfer is closed was booked out as damage.")


class TransferDetail(TransferOut):
    """A transfer with its lines."""

    lines: list[TransferLineOut]


class TransferPage(Wire):
    items: list[TransferOut]
    next_cursor: str | None = Field(description=_NEXT)


class OpenCount(Body):
    """A new count sheet."""

    location_id: Id
    note: Note | None = None


class CountedIn(Body):
    product_id: Id
    counted: int = Field(ge=0, le=MOST_UNITS, description="What lies there now.", examples=[38])


class RecordCounted(Body):
    """What was counted just now. A product that is on the sheet already is counted anew."""

    lines: list[CountedIn] = Field(min_length=1, max_length=counts.MOST_AT_ONCE)


class CountOut(Unversioned):
    """A count sheet of one location."""

    count_id: str
    number: str = Field(examples=["SC-00002"])
    location_id: str
    status: CountStatus
    note: str | None
    created_at: datetime
    posted_at: datetime | None


class CountLineOut(Wire):
    product_id: str
    sku: str
    name: str
    counted: int
    expected: int = Field(description="On hand when it was counted.")
    difference: int = Field(description="What posting books, whatever was sold or came in between.")
    counted_at: datetime


class CountDetail(CountOut):
    """A count sheet with its lines."""

    lines: list[CountLineOut]


class CountPage(Wire):
    items: list[CountOut]
    next_cursor: str | None = Field(description=_NEXT)
