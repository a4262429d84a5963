"""A period and the one it is compared with, cut where the world has not got further, in any time zone.

The store's own days are read from daily sums; other zones, and the day that counts only up to this time of day,
from single rows by their moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from tradewind.core.clock import day_start
from tradewind.insights.periods import Period, same_time, today_in


class Compare(StrEnum):
    """With what a period is compared."""

    PREVIOUS = "previous"
    """The same number of days right before."""
    YEAR = "year"
    """The same dates a year earlier."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Span:
    """A period with the one it is compared with, if any. Days are those of `zone`."""

    period: Period
    before: Period | None
    zone: ZoneInfo
    cut: datetime | None = None
    """Of a period under way, the like moment of the one before: later sales of that one are left out."""

    @property
    def days_back(self) -> int:
        return (self.period.start - self.before.start).days if self.before else 0

    @property
    def cut_day(self) -> date | None:
        return None if self.cut is None else self.cut.astimezone(self.zone).date()

    @property
    def first_day(self) -> date:
        return self.before.start if self.before else self.period.start


def span_of(period: Period, compare: Compare, *, zone: ZoneInfo, now: datetime) -> Span:
    """The period beside the one to compare with; while it is under way that one is cut at the same time of day."""
    if compare is Compare.NONE:
        return Span(period, None, zone)
    before = period.previous
    if compare is Compare.YEAR:
        start = year_before(period.start)
        before = Period(start, max(year_before(period.end), start + timedelta(1)))
    span = Span(period, before, zone)
    today = today_in(zone, now)
    if not period.start <= today < period.end:
        return span
    return Span(period, before, zone, min(same_time(now, span.days_back, zone), day_start(before.end, zone)))


def year_before(day: date) -> date:
    """The same date a year earlier; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows of sales come from: sums by business day, and single rows with their moment.

    `columns` are read from both and named alike; single rows may spell theirs differently.
    """

    daily: str
    rows: str
    day: str
    daily_columns: dict[str, str]
    row_columns: dict[str, str]
    where: str = "1"


def rows_in(
    source: Source, span: Span, store_zone: ZoneInfo, conditions: list[str], *, by_row: bool = False
) -> tuple[str, dict[str, Any]]:
    """A query of all rows in the span, with `day` (the store's, which the rate is of), `local_day` and `is_now`.

    `by_row`: single rows even where daily sums would do.
    """
    parameters: dict[str, Any] = {}
    by_day: list[_Part] = []
    by_moment: list[_Part] = []

    def whole_days(name: str, period: Period, *, is_now: bool) -> None:
        parameters.update({f"{name}_from": period.start, f"{name}_to": period.end})
        first = f"s.{source.day} >= {{{name}_from:Date32}}"
        by_day.append(_Part(is_now, first, f"s.{source.day} < {{{name}_to:Date32}}"))

    def moments(name: str, start: datetime, end: datetime, *, is_now: bool) -> None:
        # The days only tell the engine where to look: that of the store may be another one than that of the zone.
        near = {f"{name}_from_day": start.date() - timedelta(2), f"{name}_to_day": end.date() + timedelta(2)}
        parameters.update({f"{name}_from": start, f"{name}_to": end} | near)
        first = f"s.at >= {{{name}_from:DateTime64(6, 'UTC')}}"
        last = f"s.at < {{{name}_to:DateTime64(6, 'UTC')}} AND s.{source.day} <= {{{name}_to_day:Date32}}"
        by_moment.append(_Part(is_now, first, last, f"s.{source.day} >= {{{name}_from_day:Date32}}"))

    def part(name: str, period: Period, *, is_now: bool, cut: datetime | None) -> None:
        if span.zone != store_zone or by_row:
            moments(name, day_start(period.start, span.zone), cut or day_start(period.end, span.zone), is_now=is_now)
        elif cut is None:
            whole_days(name, period, is_now=is_now)
        else:
            cut_day = cut.astimezone(store_zone).date()
            whole_days(name, Period(period.start, cut_day), is_now=is_now)
            moments("cut", day_start(cut_day, store_zone), cut, is_now=is_now)

    part("now", span.period, is_now=True, cut=None)
    if span.before is not None:
        part("before", span.before, is_now=False, cut=span.cut)
    if span.zone != store_zone:
        parameters["zone"] = span.zone.key
    where = " AND ".join([source.where, *conditions])
    local_day = f"s.{source.day}" if span.zone == store_zone else "toDate32(s.at, {zone:String})"
    daily = f"{_listed(source.daily_columns)}, s.{source.day} AS day, s.{source.day} AS local_day"
    single = f"{_listed(source.row_columns)}, s.{source.day} AS day, {local_day} AS local_day"
    selects = [
        f"SELECT {columns}, {is_now} AS is_now FROM {table} AS s WHERE ({condition}) AND {where}"
        for table, columns, found in ((source.daily, daily, by_day), (source.rows, single, by_moment))
        for is_now, condition in _at_once(found, span)
    ]
    return "\nUNION ALL\n".join(selects), parameters


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of rows: where it begins and ends, and where the engine has to begin to look for it."""

    is_now: bool
    first: str
    last: str
    near: str = ""

    @property
    def whole(self) -> str:
        return " AND ".join(filter(None, (self.first, self.last, self.near)))


def _at_once(found: list[_Part], span: Span) -> list[tuple[str, str]]:
    """What says whether a row is of the period, and the condition, for each reading of a table.

    One reading serves both periods unless a day belongs to both, as in more than a year beside the year before.
    """
    if len(found) < 2 or span.before is None or span.before.end > span.period.start:
        return [(str(int(part.is_now)), part.whole) for part in found]
    now, before = found
    if span.cut is None and span.before.end == span.period.start:
        # One stretch of days, which the engine plans quicker than two.
        both = _Part(True, before.first, now.last, before.near)
        return [(now.first, both.whole)]
    return [(f"({now.whole})", f"({now.whole}) OR ({before.whole})")]


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(name if name == said else f"{said} AS {name}" for name, said in columns.items())
