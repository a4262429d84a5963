"""The truth behind the stand-in servers: what each channel sold, sent, took and gave back, by a clock of its own.

A stand-in renders the world's records into its platform's payloads; after a sync, what was booked must be what the
world holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tradewind.channels.unified import UnifiedFee, UnifiedOrder, UnifiedProduct, UnifiedRefund, UnifiedStock


@dataclass(frozen=True, slots=True)
class Pushed:
    """Stock or price that a seller wrote to a channel."""

    sku: str
    location: str | None
    available: int | None = None
    price: str | None = None
    key: str | None = None


class World(Protocol):
    """What a stand-in asks. All moments are of the simulated clock; lists come in the order of the last change."""

    @property
    def now(self) -> datetime: ...

    def orders(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedOrder]:
        """Each order that changed in `[since, until)`, as it is now, with its refunds."""
        ...

    def order(self, channel: str, external_id: str) -> UnifiedOrder | None: ...

    def products(self, channel: str) -> Iterator[UnifiedProduct]: ...

    def stock(self, channel: str) -> Iterator[UnifiedStock]: ...

    def fees(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedFee]:
        """Those posted in `[since, until)`."""
        ...

    def refunds(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedRefund]:
        """Those given in `[since, until)`."""
        ...

    def push(self, channel: str, pushed: Pushed) -> None: ...
