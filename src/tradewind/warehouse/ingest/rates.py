"""Limits by data source: requests and bytes in windows of a second."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from tradewind.core.errors import TooManyRequests

_WINDOW_SECONDS = 1.0
_MOST_SOURCES = 10_000


class RateExceeded(TooManyRequests):
    """More requests, or more bytes, than a data source takes in a second."""

    code = "rate_exceeded"


@dataclass(slots=True)
class _Window:
    began: float
    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """What the headers of every answer tell."""

    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset_seconds),
        }


class Rates:
    """Called from one thread: that of the requests."""

    def __init__(self, requests_per_second: int, bytes_per_second: int) -> None:
        self._limit = requests_per_second
        self._bytes = bytes_per_second
        self._windows: dict[str, _Window] = {}

    def forget(self) -> None:
        """Begins all windows anew."""
        self._windows.clear()

    def now(self, name: str) -> Rate:
        """What is left, without taking any of it."""
        window = self._windows.get(name)
        if window is None or time.monotonic() - window.began >= _WINDOW_SECONDS:
            return Rate(self._limit, self._limit, 1)
        return self._rate(window)

    def take(self, name: str, size: int) -> tuple[Rate, RateExceeded | None]:
        """Counts a request of so many bytes; the error to answer with when it is one too many."""
        now = time.monotonic()
        window = self._windows.get(name)
        if window is None or now - window.began >= _WINDOW_SECONDS:
            if len(self._windows) >= _MOST_SOURCES:
                self._windows.clear()
            window = self._windows[name] = _Window(now)
        # A body larger than a second's share is taken when it comes first.
        is_full = window.requests >= self._limit or (window.bytes and window.bytes + size > self._bytes)
        if not is_full:
            window.requests += 1
            window.bytes += size
        rate = self._rate(window)
        if not is_full:
            return rate, None
        return rate, RateExceeded(
            f"This data source takes {self._limit} requests and {self._bytes // 1024**2} MB a second. Nothing was"
            " stored; wait and send it again, or send more rows per request.",
            retry_after_seconds=rate.reset_seconds,
        )

    def _rate(self, window: _Window) -> Rate:
        left = max(0.0, window.began + _WINDOW_SECONDS - time.monotonic())
        return Rate(self._limit, max(0, self._limit - window.requests), max(1, math.ceil(left)))
