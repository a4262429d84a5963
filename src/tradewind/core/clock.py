"""Time is asked, never read: every "now" comes from a Clock that the caller hands in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Gives the present moment, always in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told to; for simulations and tests."""

    def __init__(self, start: datetime | str) -> None:
        moment = datetime.fromisoformat(start) if isinstance(start, str) else start
        if moment.tzinfo is None:
            raise ValueError("a clock starts at a moment with a zone, for example 2026-03-01T12:00:00+00:00")
        self._now = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, **step: float) -> None:
        """Moves forward by a timedelta's keywords, for example `advance(minutes=15)`."""
        self._now += timedelta(**step)


@lru_cache(maxsize=16_384)
def utc_text(moment: datetime) -> str:
    """A moment in UTC as both stores and facts write it: `2026-03-01 12:00:00.000000`.

    Remembered, because one moment stands in many rows of a batch.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone: a stored moment needs one")
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def business_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of the moment in the store's zone: the day that its sales belong to."""
    return moment.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The UTC moment at which a business day begins, right on the two days a year when clocks jump too."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
