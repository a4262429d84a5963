"""What every booking carries beside its content: which channel, where the goods lie, when, and from whom."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

import orjson

from tradewind.core.errors import TradewindError

Item = TypeVar("Item")

IN_LIST = 500
"""Keys per look-up: below the parameter limits of both databases."""


class Origin(StrEnum):
    """Who says so. A channel is the authority on its own orders; our own follow the state machine."""

    MANUAL = "manual"
    CHECKOUT = "checkout"
    IMPORT = "import"
    CHANNEL = "channel"
    SIMULATOR = "simulator"


@dataclass(frozen=True, slots=True)
class Booking:
    """The circumstances of a booking."""

    channel_id: str
    channel_code: str
    now: datetime
    origin: Origin
    location_id: str | None = None
    """Where sold goods leave from; None: stock is not kept for this channel."""
    customer_id: str | None = None
    """Who buys, where the shop knows its own customer; None: whom the order itself tells of."""


class Effect(StrEnum):
    """What a booking did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one thing of a batch. Refused: nothing of it was booked, `error` says why."""

    effect: Effect
    id: str | None = None
    error: TradewindError | None = None


def digest(content: Any) -> bytes:
    """A digest of plain content: equal content, equal digest, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS)).digest()


def chunks(items: Iterable[Item], size: int = IN_LIST) -> Iterator[Sequence[Item]]:
    """The items in runs of up to `size`."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
