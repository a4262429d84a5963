"""Shopify's cost bucket as we reckon it: what a query may cost is taken before it is sent, and set right by the answer.

The bucket belongs to a shop and an app; the numbers of each answer are the only ones that hold.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_ONE_QUERY = 25.0
"""Of an operation without rows that was never asked: what a whole order costs, or a mutation twice."""
_MOST_POINTS = 1000.0
"""What one query may cost: of one with rows that was never asked, nothing less is known."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer says of its query's cost, in points; the bucket fills by `restore_rate` points a second."""

    requested: float
    available: float
    maximum: float
    restore_rate: float

    @property
    def wait_seconds(self) -> float:
        """Until the same query would be let through."""
        return max(self.requested - self.available, 0.0) / self.restore_rate


def read_cost(body: Any) -> Cost | None:
    """The cost in `extensions` of an answer; None where it tells none."""
    try:
        cost = body["extensions"]["cost"]
        status = cost["throttleStatus"]
        read = Cost(
            requested=float(cost["requestedQueryCost"]),
            available=float(status["currentlyAvailable"]),
            maximum=float(status["maximumAvailable"]),
            restore_rate=float(status["restoreRate"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
    return read if read.restore_rate > 0 else None


@dataclass(slots=True)
class CostBucket:
    """One shop's bucket, shared by all that we do there. Nothing here sleeps."""

    _last: Cost | None = None
    _level: float = 0.0
    _at: datetime | None = None
    _on_the_way: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, cost: float, now: datetime) -> float:
        """Takes points, on credit where there are too few; returns the seconds to wait before sending."""
        with self._lock:
            self._on_the_way += cost
            if self._last is None or self._at is None:
                return 0.0
            level = self._refilled(now) - min(cost, self._last.maximum)
            self._level, self._at = level, max(now, self._at)
            return max(-level, 0.0) / self._last.restore_rate

    def settle(self, cost: float, answered: Cost | None, now: datetime) -> None:
        """The query that took `cost` is done; what others have on the way is not in the answer's number yet."""
        with self._lock:
            self._on_the_way = max(self._on_the_way - cost, 0.0)
            if answered is not None:
                self._last, self._at = answered, now
                self._level = answered.available - self._on_the_way

    def _refilled(self, now: datetime) -> float:
        assert self._last is not None
        assert self._at is not None
        grown = max((now - self._at).total_seconds(), 0.0) * self._last.restore_rate
        return min(self._level + grown, self._last.maximum)


@dataclass(slots=True)
class Costs:
    """What a query of each operation asked for the last time, per row of its page, so that the next can be reckoned."""

    per_row: dict[str, float]

    def expected(self, operation: str, rows: int) -> float:
        if operation not in self.per_row:
            return _MOST_POINTS if rows else _ONE_QUERY
        return self.per_row[operation] * max(rows, 1)

    def learn(self, operation: str, rows: int, answered: Cost | None) -> None:
        if answered is not None:
            self.per_row[operation] = answered.requested / max(rows, 1)
