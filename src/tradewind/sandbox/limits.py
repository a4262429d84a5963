"""The platforms' published limits, kept as they keep them: token buckets that fill by the simulated clock.

Who asks for more is refused, and it is counted: a client that knows the limits never is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tradewind.channels.contract import Limit
from tradewind.core.clock import Clock

LEEWAY_SECONDS = 0.05
"""What the way of a request may take more or less than that of the one before."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a request may pass; `left` is what the bucket holds after it, `wait_seconds` until it would pass."""

    is_allowed: bool
    left: float
    wait_seconds: float


class Bucket:
    """Full at first. Calls may cost more than one, as Shopify's queries do."""

    def __init__(self, limit: Limit, now: datetime) -> None:
        self.limit = limit
        self._level = limit.burst
        self._filled = now

    def take(self, cost: float, now: datetime) -> Grant:
        level = self.level(now)
        missing = cost - level
        if missing > min(self.limit.rate * LEEWAY_SECONDS, 0.5 * cost) + 1e-9:
            return Grant(False, level, missing / self.limit.rate)
        self._level, self._filled = max(level - cost, 0.0), now
        return Grant(True, self._level, 0.0)

    def give_back(self, amount: float, now: datetime) -> None:
        """A call that was reckoned too dear gets the difference again."""
        self._level, self._filled = min(self.level(now) + amount, self.limit.burst), now

    def level(self, now: datetime) -> float:
        seconds = max((now - self._filled).total_seconds(), 0.0)
        return min(self._level + seconds * self.limit.rate, self.limit.burst)


@dataclass(slots=True)
class Limits:
    """All buckets of a stand-in: one per account and operation. `is_on` False: as much as anybody likes."""

    clock: Clock
    published: Mapping[str, Limit]
    is_on: bool = True
    violations: Counter[str] = field(default_factory=Counter)
    """Refused requests by operation."""
    calls: Counter[str] = field(default_factory=Counter)
    _buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)

    def take(self, account: str, operation: str, cost: float = 1.0) -> Grant:
        """Counts a call. Raises KeyError for an operation without a published limit."""
        self.calls[operation] += 1
        bucket = self.bucket(account, operation)
        if not self.is_on:
            return Grant(True, bucket.limit.burst, 0.0)
        grant = bucket.take(cost, self.clock.now())
        if not grant.is_allowed:
            self.violations[operation] += 1
        return grant

    def bucket(self, account: str, operation: str) -> Bucket:
        key = (account, operation)
        if key not in self._buckets:
            self._buckets[key] = Bucket(self.published[operation], self.clock.now())
        return self._buckets[key]
