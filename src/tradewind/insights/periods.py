"""Periods of business days, the one before, and the buckets of a trend. Half-open: `to` is the day after the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tradewind.core.clock import business_day
from tradewind.core.errors import InvalidInput

MAX_DAYS = 3_700
MAX_BUCKETS = 400
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)
DEFAULT_DAYS = 30
_NAMES = {7: "last_7_days", 30: "last_30_days", 90: "last_90_days", 365: "last_365_days"}


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Business days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise InvalidInput(
                f"The period ends ({self.end}) before it begins ({self.start}); `to` is the day after the last.",
                field="to",
            )

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def previous(self) -> Period:
        """The same number of days right before."""
        return Period(self.start - timedelta(self.days), self.start)

    def name(self, today: date) -> str:
        """What people call the period: last_30_days, today, month_to_date …, else custom."""
        tomorrow = today + timedelta(1)
        if self.end == tomorrow:
            if self.days == 1:
                return "today"
            if self.days in _NAMES:
                return _NAMES[self.days]
            if self.start == today.replace(day=1):
                return "month_to_date"
            if self.start == today.replace(month=1, day=1):
                return "year_to_date"
        return "yesterday" if self == Period(today - timedelta(1), today) else "custom"


def resolve(start: date | None, end: date | None, today: date) -> Period:
    """The period asked for; what is left open is filled so that 30 days end today."""
    for field, day in (("from", start), ("to", end)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise InvalidInput(f"Ask for days from {EARLIEST} up to {LATEST}.", field=field)
    last = end or (today + timedelta(1) if start is None or start <= today else start + timedelta(1))
    period = Period(start or last - timedelta(DEFAULT_DAYS), last)
    if period.days > MAX_DAYS:
        raise InvalidInput(f"The period has {period.days} days; ask for at most {MAX_DAYS}.", field="from")
    return period


def fitting_grain(period: Period, grain: Grain) -> Grain:
    """The grain asked for, or the next coarser one that keeps a trend within 400 buckets."""
    for candidate in (grain, Grain.WEEK, Grain.MONTH):
        if sum(1 for _ in buckets(period, candidate)) <= MAX_BUCKETS:
            return candidate
    return Grain.MONTH


def buckets(period: Period, grain: Grain) -> Iterator[Period]:
    """The period cut into days, weeks from Monday on, or months; the first and last may be parts."""
    start = period.start
    while start < period.end:
        end = min(_next(start, grain), period.end)
        yield Period(start, end)
        start = end


def same_time(now: datetime, days_back: int, zone: ZoneInfo) -> datetime:
    """The moment that many calendar days earlier at the same time of the store's clock."""
    local = now.astimezone(zone)
    return (local.replace(tzinfo=None) - timedelta(days_back)).replace(tzinfo=zone)


def today_in(zone: ZoneInfo, now: datetime) -> date:
    return business_day(now, zone)


def _next(day: date, grain: Grain) -> date:
    if grain is Grain.DAY:
        return day + timedelta(1)
    if grain is Grain.WEEK:
        return day + timedelta(7 - day.weekday())
    return month_after(day)


def month_after(day: date) -> date:
    """The first day of the month after that of the day."""
    return (day.replace(day=1) + timedelta(32)).replace(day=1)
