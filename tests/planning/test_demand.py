"""Demand over any number of days: from stored quantiles of sums, or from past sales; many products at once alike."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.insights.forecasting import served
from tradewind.insights.planning.batch import demand_over, mixture_quantiles, probabilities
from tradewind.insights.planning.demand import OLDEST_FORECAST_DAYS, Basis, Demand, PastSales
from tradewind.insights.planning.distribution import LEVELS, Distribution
from tradewind.insights.planning.levels import normal_reorder_point

TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Told:
    """A forecast as it is served."""

    origin: date
    mean: tuple[float, ...]
    cumulative: Mapping[int, tuple[float, ...]]
    model: str = "auto"
    version: str = "7"


def a_forecast(origin: date = TODAY - timedelta(days=1), per_day: float = 4.0) -> Told:
    sums = {
        days: Distribution.normal(days * per_day, 3 * math.sqrt(days) + 0.05 * days * per_day).values
        for days in (7, 14, 30, 60, 90)
    }
    return Told(origin, (per_day,) * 90, sums)


def test_levels_are_those_that_forecasts_are_stored_at() -> None:
    assert served.LEVELS == LEVELS


def test_stored_sums_come_back_as_they_are() -> None:
    told = a_forecast()
    demand = Demand.forecast(told, TODAY)
    assert demand is not None
    assert demand.basis == Basis.FORECAST
    assert demand.told_by == "auto 7"
    for days, quantiles in told.cumulative.items():
        assert demand.over(days).values == pytest.approx(quantiles)
        assert demand.over(days).mean == pytest.approx(days * 4)


def test_between_stored_days_the_spread_lies_between_theirs_and_grows() -> None:
    demand = Demand.forecast(a_forecast(), TODAY)
    assert demand is not None
    widths = [demand.over(days).quantile(0.975) - demand.mean(days) for days in range(1, 120)]
    assert all(low < high for low, high in pairwise(widths))
    at_ten = demand.over(10).quantile(0.975) - 40
    exact = 1.96 * (3 * math.sqrt(10) + 0.05 * 40)
    assert at_ten == pytest.approx(exact, rel=0.02)


def test_days_that_have_passed_are_dropped_and_an_old_forecast_is_none() -> None:
    rising = Told(TODAY - timedelta(days=4), tuple(float(day) for day in range(90)), {7: (1.0,) * 9, 30: (2.0,) * 9})
    demand = Demand.forecast(rising, TODAY)
    assert demand is not None
    assert demand.path(3) == (3.0, 4.0, 5.0)
    assert Demand.forecast(a_forecast(TODAY - timedelta(days=OLDEST_FORECAST_DAYS + 2)), TODAY) is None
    assert Demand.forecast(a_forecast(TODAY), TODAY) is None
    assert Demand.forecast(Told(TODAY - timedelta(days=1), (1.0,), {}), TODAY) is None


def test_past_sales_give_the_formula_of_the_books() -> None:
    demand = Demand.history(PastSales(10, 5))
    assert demand.over(8).quantile(0.95) == pytest.approx(normal_reorder_point(10, 5, 8, 0, 0.95))
    assert demand.basis == Basis.HISTORY
    assert Demand.nothing().over(30).quantile(0.99) == 0


def test_beyond_the_horizon_the_last_weeks_go_on() -> None:
    demand = Demand.forecast(a_forecast(), TODAY)
    assert demand is not None
    assert demand.mean(120) == pytest.approx(480)
    assert len(demand.path(180)) == 180


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 150), st.floats(0.05, 40), st.floats(0, 1), st.floats(0.5, 0.995))
def test_many_at_once_are_as_one_by_one(days: int, per_day: float, weight: float, level: float) -> None:
    told = a_forecast(per_day=per_day)
    demand = Demand.forecast(told, TODAY)
    assert demand is not None
    mean = np.array([told.mean, told.mean])
    sums = {length: np.array([values, values]) for length, values in told.cumulative.items()}
    one, other = demand_over(mean, sums, days), demand_over(mean, sums, days + 5)
    single = demand.over(days)
    assert one[0] == pytest.approx(single.values, rel=1e-9, abs=1e-9)
    units = np.array([single.quantile(0.4), single.quantile(0.995)])
    assert probabilities(one, units) == pytest.approx([single.probability(float(x)) for x in units], abs=1e-9)
    parts = [(np.full(2, weight), one), (np.full(2, 1 - weight), other)]
    found = float(mixture_quantiles(parts, np.full(2, level))[0])
    reached = weight * single.probability(found) + (1 - weight) * demand.over(days + 5).probability(found)
    assert reached == pytest.approx(level, abs=0.005) or (found < 0.01 and reached >= level)
