"""Tables on their way through the log of their sources, and who waits for them to get somewhere."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field

from tradewind.core.errors import TradewindError
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import Bounds, Partition
from tradewind.warehouse.ingest.following import Following


class ViewFailed(TradewindError):
    """Rows are in their table, but a view on it failed: sent again, they would be there twice."""

    code = "view_failed"
    status = 422


def topic_of(workspace_id: str, source: str) -> str:
    """The log's topic of a data source."""
    return f"{workspace_id}/{source}"


@dataclass(slots=True)
class Waiter:
    """Who is told when a table has taken everything before `end`."""

    end: int
    future: Future[None]


@dataclass(slots=True)
class Follower:
    """A table on its way through the log of its source."""

    following: Following
    ledger: BatchLedger
    position: int
    is_busy: bool = False
    due_at: float = 0.0
    failures: int = 0
    trouble: str | None = None
    waiters: list[Waiter] = field(default_factory=list)
    broken_views: list[tuple[Bounds, str]] = field(default_factory=list)
    """Bounds of which a view took nothing, the last few of them."""

    @property
    def partition(self) -> Partition:
        return Partition(self.following.topic, 0)

    @property
    def table(self) -> str:
        return f"`{self.following.database}`.`{self.following.table}`"


@dataclass(slots=True)
class LandingCounts:
    """What this process has landed since it started."""

    rows: int = 0
    batches: int = 0
    refused: int = 0
    version: int = 0
