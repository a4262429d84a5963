"""Business days are cut in the store's zone, also where that is odd."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.clock import ManualClock, SystemClock, business_day, day_start

KATHMANDU = ZoneInfo("Asia/Kathmandu")  # +05:45
BERLIN = ZoneInfo("Europe/Berlin")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")  # clocks used to jump at midnight itself
ZONES = st.sampled_from([KATHMANDU, BERLIN, SAO_PAULO, ZoneInfo("UTC"), ZoneInfo("Pacific/Auckland")])


def test_a_quarter_hour_zone_cuts_its_day_at_a_quarter_to_seven_in_the_evening() -> None:
    assert day_start(date(2026, 3, 10), KATHMANDU) == datetime(2026, 3, 9, 18, 15, tzinfo=UTC)
    assert business_day(datetime(2026, 3, 9, 18, 14, 59, 999999, tzinfo=UTC), KATHMANDU) == date(2026, 3, 9)
    assert business_day(datetime(2026, 3, 9, 18, 15, tzinfo=UTC), KATHMANDU) == date(2026, 3, 10)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_the_days_on_which_clocks_jump_are_an_hour_shorter_or_longer(day: date, hours: int) -> None:
    assert day_start(day + timedelta(1), BERLIN) - day_start(day, BERLIN) == timedelta(hours=hours)


def test_a_day_without_a_midnight_begins_at_the_jump() -> None:
    day = date(2018, 11, 4)  # 23:59:59 was followed by 01:00:00
    assert day_start(day, SAO_PAULO) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert business_day(day_start(day, SAO_PAULO), SAO_PAULO) == day


@given(day=st.dates(date(1990, 1, 1), date(2050, 1, 1)), zone=ZONES)
def test_a_day_begins_with_its_first_moment(day: date, zone: ZoneInfo) -> None:
    start = day_start(day, zone)
    assert business_day(start, zone) == day
    assert business_day(start - timedelta(microseconds=1), zone) == day - timedelta(1)


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock("2026-03-01T12:00:00+01:00")
    assert clock.now() == clock.now() == datetime(2026, 3, 1, 11, tzinfo=UTC)
    clock.advance(minutes=15, seconds=1)
    assert clock.now() == datetime(2026, 3, 1, 11, 15, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match=r"with a zone"):
        ManualClock("2026-03-01T12:00:00")


def test_the_system_clock_says_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
