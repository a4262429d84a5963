"""Periods are half-open business days; what came before is compared like with like."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InvalidInput
from tradewind.insights.periods import MAX_BUCKETS, Grain, Period, buckets, fitting_grain, resolve, same_time

TODAY = date(2026, 3, 10)
BERLIN = ZoneInfo("Europe/Berlin")
DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))
PERIODS = st.builds(lambda start, days: Period(start, start + timedelta(days)), DAYS, st.integers(1, 3_000))


def test_without_a_choice_thirty_days_end_today() -> None:
    period = resolve(None, None, TODAY)
    assert (period.days, period.end) == (30, date(2026, 3, 11))
    assert period.name(TODAY) == "last_30_days"


def test_what_is_left_open_is_filled() -> None:
    assert resolve(date(2026, 3, 1), None, TODAY) == Period(date(2026, 3, 1), date(2026, 3, 11))
    assert resolve(None, date(2026, 2, 1), TODAY) == Period(date(2026, 1, 2), date(2026, 2, 1))
    assert resolve(date(2026, 5, 1), None, TODAY) == Period(date(2026, 5, 1), date(2026, 5, 2))


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        ("2026-03-10", "2026-03-11", "today"),
        ("2026-03-09", "2026-03-10", "yesterday"),
        ("2026-03-04", "2026-03-11", "last_7_days"),
        ("2025-12-11", "2026-03-11", "last_90_days"),
        ("2026-03-01", "2026-03-11", "month_to_date"),
        ("2026-01-01", "2026-03-11", "year_to_date"),
        ("2026-02-01", "2026-03-01", "custom"),
    ],
)
def test_periods_have_the_names_that_people_use(start: str, end: str, name: str) -> None:
    assert Period(date.fromisoformat(start), date.fromisoformat(end)).name(TODAY) == name


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"`to` is the day after the last") as refused:
        Period(TODAY, TODAY)
    assert refused.value.field == "to"


def test_a_period_beyond_what_is_answered_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"ask for at most 3700"):
        resolve(date(2000, 1, 1), date(2020, 1, 1), TODAY)
    for start, end in ((date(1, 1, 1), None), (date(9999, 12, 30), date(9999, 12, 31))):
        with pytest.raises(InvalidInput, match=r"from 1970-01-01"):
            resolve(start, end, TODAY)


@given(PERIODS)
def test_the_period_before_is_as_long_and_ends_where_this_one_begins(period: Period) -> None:
    assert period.previous.days == period.days
    assert period.previous.end == period.start


@given(period=PERIODS, grain=st.sampled_from(list(Grain)))
def test_buckets_cover_a_period_without_gap_or_overlap(period: Period, grain: Grain) -> None:
    found = list(buckets(period, grain))
    assert found[0].start == period.start
    assert found[-1].end == period.end
    assert all(one.end == two.start for one, two in pairwise(found))
    for bucket in found[1:]:
        assert grain is not Grain.WEEK or bucket.start.weekday() == 0
        assert grain is not Grain.MONTH or bucket.start.day == 1


@given(period=PERIODS, grain=st.sampled_from(list(Grain)))
def test_a_trend_never_has_more_buckets_than_a_chart_can_show(period: Period, grain: Grain) -> None:
    assert sum(1 for _ in buckets(period, fitting_grain(period, grain))) <= MAX_BUCKETS


def test_months_are_cut_where_months_end() -> None:
    period = Period(date(2024, 1, 31), date(2024, 3, 2))
    assert [(b.start.isoformat(), b.end.isoformat()) for b in buckets(period, Grain.MONTH)] == [
        ("2024-01-31", "2024-02-01"),
        ("2024-02-01", "2024-03-01"),
        ("2024-03-01", "2024-03-02"),
    ]


def test_the_same_time_of_day_is_that_of_the_stores_clock_across_a_jump() -> None:
    now = datetime(2026, 3, 29, 10, tzinfo=UTC)  # 12:00 in Berlin, the first day of summer time
    assert same_time(now, 1, BERLIN).astimezone(UTC) == datetime(2026, 3, 28, 11, tzinfo=UTC)  # 12:00 in winter time


@given(
    now=st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    days=st.integers(1, 400),
    zone=st.sampled_from([BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")]),
)
def test_the_like_moment_falls_on_the_like_day(now: datetime, days: int, zone: ZoneInfo) -> None:
    like = same_time(now, days, zone).astimezone(UTC).astimezone(zone)
    here = now.astimezone(zone)
    assert abs((like.replace(tzinfo=None) + timedelta(days)) - here.replace(tzinfo=None)) <= timedelta(hours=1)
