"""Token buckets, one per account and operation, shared by all jobs of a process."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from tradewind.channels.contract import Limit

_SLACK = 1.02
"""Calls keep this much more distance than published: they do not arrive exactly as far apart as they were sent."""


@dataclass(slots=True)
class Bucket:
    """Tokens that grow with time up to the burst. `at` is the second for which `tokens` holds."""

    limit: Limit
    tokens: float
    at: float

    def refill(self, now: float) -> None:
        grown = max(0.0, now - self.at) * self.limit.rate / _SLACK
        self.tokens, self.at = min(self.limit.burst, self.tokens + grown), max(now, self.at)

    def wait_for(self, calls: float) -> float:
        """Seconds until so many tokens are there."""
        return max(0.0, (calls - self.tokens) * _SLACK / self.limit.rate)


class Buckets:
    """The buckets of one account. Times are seconds of one clock, whichever; nothing here sleeps."""

    def __init__(self, limits: Mapping[str, Limit], kept: Mapping[str, tuple[float, float]] | None = None) -> None:
        """`kept`: what a former process left in buckets: tokens, and the second for which they were counted."""
        self._limits = dict(limits)
        self._kept = dict(kept or {})
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, operation: str, now: float) -> float:
        """Takes a token, on credit where there is none: returns the seconds to wait before the call may be sent.

        Whoever comes next waits behind: turns are given in the order in which they are asked for.
        """
        with self._lock:
            bucket = self._bucket(operation, now)
            if bucket is None:
                return 0.0
            bucket.refill(now)
            wait = bucket.wait_for(1)
            bucket.tokens -= 1
            return wait

    def fits(self, operation: str, calls: int, now: float) -> bool:
        """Whether so many calls could be sent now."""
        with self._lock:
            bucket = self._bucket(operation, now)
            if bucket is None:
                return True
            bucket.refill(now)
            return bucket.tokens >= calls

    def learn(self, operation: str, limit: Limit, now: float) -> None:
        """Another limit holds from now on; what is in the bucket stays, up to the new burst."""
        with self._lock:
            bucket = self._bucket(operation, now)
            self._limits[operation] = limit
            if bucket is None:
                self._buckets[operation] = Bucket(limit, limit.burst, now)
            elif bucket.limit != limit:
                bucket.refill(now)
                bucket.limit, bucket.tokens = limit, min(bucket.tokens, limit.burst)

    def empty(self, operation: str, now: float) -> None:
        """The channel refused a call: whatever we counted, it counts none left."""
        with self._lock:
            bucket = self._bucket(operation, now)
            if bucket is not None:
                bucket.refill(now)
                bucket.tokens = min(bucket.tokens, 0.0)

    def state(self, operation: str) -> tuple[Limit, float] | None:
        """Limit and tokens of an operation, for keeping; None where it has no limit."""
        with self._lock:
            bucket = self._buckets.get(operation)
            return None if bucket is None else (bucket.limit, bucket.tokens)

    def _bucket(self, operation: str, now: float) -> Bucket | None:
        bucket = self._buckets.get(operation)
        if bucket is None and (limit := self._limits.get(operation)) is not None:
            tokens, at = self._kept.get(operation, (limit.burst, now))
            bucket = self._buckets[operation] = Bucket(limit, min(tokens, limit.burst), min(at, now))
        return bucket
