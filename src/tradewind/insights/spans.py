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
    where = " AND ".join([source.where, *conditions])
    parameters: dict[str, Any] = {}
    parts: list[str] = []

    def part(name: str, period: Period, *, is_now: bool, cut: datetime | None) -> None:
        first, last = f"{name}_from", f"{name}_to"
        if span.zone == store_zone and not by_row:
            whole_days_end = period.end if cut is None else cut.astimezone(store_zone).date()
            parameters.update({first: period.start, last: whole_days_end})
            parts.append(
                f"SELECT {_listed(source.daily_columns)}, {source.day} AS day, day AS local_day,"
                f" {int(is_now)} AS is_now FROM {source.daily} AS s WHERE s.{source.day} >= {{{first}:Date32}}"
                f" AND s.{source.day} < {{{last}:Date32}} AND {where}"
            )
            if cut is None:
                return
            start, end, first, last = day_start(whole_days_end, store_zone), cut, "cut_from", "cut_to"
        else:
            start, end = day_start(period.start, span.zone), cut or day_start(period.end, span.zone)
        local = f"s.{source.day}" if span.zone == store_zone else "toDate32(s.at, {zone:String})"
        parameters.update({first: start, last: end, f"{first}_day": start.date() - timedelta(2)})
        parameters.update({f"{last}_day": end.date() + timedelta(2)})
        parts.append(
            f"SELECT {_listed(source.row_columns)}, s.{source.day} AS day, {local} AS local_day,"
            f" {int(is_now)} AS is_now FROM {source.rows} AS s WHERE s.at >= {{{first}:DateTime64(6, 'UTC')}}"
            f" AND s.at < {{{last}:DateTime64(6, 'UTC')}} AND s.{source.day} >= {{{first}_day:Date32}}"
            f" AND s.{source.day} <= {{{last}_day:Date32}} AND {where}"
        )

    part("now", span.period, is_now=True, cut=None)
    if span.before is not None:
        part("before", span.before, is_now=False, cut=span.cut)
    if span.zone != store_zone:
        parameters["zone"] = span.zone.key
    return "\nUNION ALL\n".join(parts), parameters


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(name if name == said else f"{said} AS {name}" for name, said in columns.items())
