"""How metrics went by day, week or month, beside another period: any metric that adds up over days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradewind.core.clock import day_start
from tradewind.insights.beside import meanwhile
from tradewind.insights.catalogue import METRICS, metric_named
from tradewind.insights.evidence import EVIDENCE
from tradewind.insights.explain import ExplainQuery, Question
from tradewind.insights.figures import change_of
from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups
from tradewind.insights.metric import AddsUp, Metric
from tradewind.insights.periods import Grain, Period, buckets, fitting_grain, resolve, today_in
from tradewind.insights.selection import Selection, UnknownChoice
from tradewind.insights.spans import Compare, Span, span_of

_MONTHLY = ("month", "cohort_month")
Parts = tuple[Decimal, Decimal | None]
DayParts = tuple[date, Decimal, Decimal | None]


@dataclass(frozen=True, slots=True)
class TrendsQuery:
    metrics: tuple[str, ...]
    start: date | None = None
    end: date | None = None
    grain: Grain = Grain.DAY
    chosen: Selection = field(default_factory=Selection)
    compare: Compare = Compare.PREVIOUS
    zone: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    start: date
    end: date
    value: Decimal | None
    previous: Decimal | None
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Series:
    metric: Metric
    total: Decimal | None
    previous_total: Decimal | None
    change: float | None
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Trends:
    span: Span
    grain: Grain
    currency: str
    series: list[Series]
    as_of: datetime


def trend_metrics() -> list[str]:
    """The slugs of metrics that have a series."""
    return [
        slug
        for slug, metric in METRICS.items()
        if metric.adds_up is not AddsUp.DISTINCT and EVIDENCE[slug].rows.day not in (None, "cohort_month")
    ]


def trends(
    gold: Gold, query: TrendsQuery, *, currency: str | None, zone: ZoneInfo, now: datetime, known: Lookups
) -> Trends:
    """Answers a question whose filters were checked. Raises GoldNotBuilt; UnknownChoice for what has no days."""
    possible = trend_metrics()
    for slug in query.metrics:
        metric_named(slug)
        if slug not in possible:
            raise UnknownChoice("metric", slug, possible, hint=" Others have no value of a day.")
    asked_zone = ZoneInfo(query.zone) if query.zone else zone
    today = today_in(asked_zone, now)
    period = resolve(query.start, query.end, today)
    grain = fitting_grain(period, query.grain)
    span = span_of(period, query.compare, zone=asked_zone, now=now)
    maker = _Maker(gold, query, span, grain, currency, zone, now, known, today)
    asked = [meanwhile(maker.series, slug) for slug in query.metrics[1:]]
    first = maker.series(query.metrics[0])
    series = [first, *(one.result() for one in asked)]
    return Trends(span, grain, maker.question(query.metrics[0], period).reporting, series, now)


@dataclass(frozen=True, slots=True)
class _Maker:
    gold: Gold
    query: TrendsQuery
    span: Span
    grain: Grain
    currency: str | None
    zone: ZoneInfo
    now: datetime
    known: Lookups
    today: date

    def question(self, slug: str, period: Period, left_out: tuple[datetime, datetime] | None = None) -> Question:
        asked = ExplainQuery(
            slug, period.start, period.end, self.query.chosen, self.query.zone, self.query.currency, left_out=left_out
        )
        return Question.of(
            asked, gold=self.gold, currency=self.currency, zone=self.zone, now=self.now, known=self.known
        )

    def days(self, slug: str, question: Question) -> tuple[list[DayParts], list[DayParts]]:
        """The days of the period, whose question this is, and of the one before; in one reading where one follows
        the other."""
        span, before = self.span, self.span.before
        if before is None:
            return list(question.by_day()), []
        left_out = None if span.cut is None else (span.cut, day_start(before.end, span.zone))
        if before.end != span.period.start or question.evidence.rows.day in _MONTHLY:
            return list(question.by_day()), list(self.question(slug, before, left_out).by_day())
        both = list(self.question(slug, Period(before.start, span.period.end), left_out).by_day())
        start = span.period.start
        return [day for day in both if day[0] >= start], [day for day in both if day[0] < start]

    def series(self, slug: str) -> Series:
        """The metric by bucket; a day of the period before stands for the like day of this one."""
        metric, span = METRICS[slug], self.span
        steps = list(buckets(span.period, self.grain))
        question = self.question(slug, span.period)
        place = {day: i for i, step in enumerate(steps) for day in _days(step)}
        days, days_before = self.days(slug, question)
        now = self._sums(question, days, place, timedelta(), len(steps))
        then: list[Parts | None] = [None] * len(steps)
        previous_total = None
        if span.before is not None:
            then = self._sums(question, days_before, place, timedelta(span.days_back), len(steps))
            previous_total = _value(question, _added(then))
        total = _value(question, _added(now))
        return Series(
            metric=metric,
            total=total,
            previous_total=previous_total,
            change=change_of(total, previous_total),
            points=[
                Point(step.start, step.end, _value(question, mine), _value(question, theirs), step.end > self.today)
                for step, mine, theirs in zip(steps, now, then, strict=True)
            ],
        )

    def _sums(
        self, question: Question, days: list[DayParts], place: dict[date, int], shift: timedelta, count: int
    ) -> list[Parts | None]:
        """Numerator and denominator of each bucket; None for one that has no rows of a ratio."""
        is_ratio = question.evidence.denominator is not None
        found: dict[int, Parts] = defaultdict(lambda: (Decimal(0), Decimal(0) if is_ratio else None))
        monthly = question.evidence.rows.day in _MONTHLY
        last = self.span.period.end - timedelta(1)
        for day, numerator, denominator in days:
            like = min(day + shift, last)  # the 29th of February, where the period has none, is its last day
            like = like.replace(day=1) if monthly else like
            index = place.get(max(like, self.span.period.start) if monthly else like)
            if index is not None:
                known, below = found[index]
                found[index] = (known + numerator, None if below is None else below + (denominator or 0))
        nothing: Parts = (Decimal(0), Decimal(0) if is_ratio else None)
        return [found.get(index, nothing) for index in range(count)]


def _days(step: Period) -> Iterator[date]:
    return (step.start + timedelta(number) for number in range(step.days))


def _added(parts: list[Parts | None]) -> Parts | None:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    below = [part[1] for part in known if part[1] is not None]
    return sum((part[0] for part in known), Decimal(0)), sum(below, Decimal(0)) if below else None


def _value(question: Question, parts: Parts | None) -> Decimal | None:
    return None if parts is None else question.value(*parts)
