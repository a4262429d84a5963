"""Holidays as events: which are known, and that a forecast reckons with those to come."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tradewind.insights.forecasting import events, members
from tradewind.insights.forecasting.history import History

pytest.importorskip("holidays", reason="the extra [holidays] is not installed")


def test_holidays_of_a_country_by_day() -> None:
    found = events.public_holidays("DE", date(2024, 1, 1), 731)
    assert found[date(2024, 3, 29)] == found[date(2025, 4, 18)] == "Good Friday"
    assert min(found) == date(2024, 1, 1)
    assert max(found) <= date(2025, 12, 31)
    assert events.public_holidays("QQ", date(2024, 1, 1), 731) == {}


def test_a_holiday_to_come_is_forecast_like_those_of_the_past() -> None:
    """Closed on Good Friday, which falls on another day each year."""
    first, days = date(2022, 1, 1), 1_185
    found = events.public_holidays("DE", first, days + 60)
    fridays = sorted((day - first).days for day, name in found.items() if name == "Good Friday")
    column = np.zeros((days + 60, 1))
    column[fridays] = 1
    mean = np.full(days + 60, 30.0) * (1 - column[:, 0])
    demand = np.random.default_rng(1).poisson(np.tile(mean, (10, 1))).astype(float)
    assert date(2025, 4, 18) == first + timedelta(days=fridays[-1])
    ahead = fridays[-1] - days
    assert 0 <= ahead < 60

    def told(known: History) -> float:
        return float(members.forecast(known, 60, ("glm",))["glm"][:, ahead].mean())

    group = np.zeros(10, dtype=np.int64)
    assert told(History(demand[:, :days], first, group)) > 25
    assert told(History(demand[:, :days], first, group, column)) < 5
