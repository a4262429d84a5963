"""Demand as quantiles: what stock mathematics asks of it, against formulas, integrals and chance."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.insights.planning.distribution import LEVELS, Distribution


@st.composite
def demands(draw: st.DrawFn) -> Distribution:
    steps = draw(st.lists(st.integers(0, 50_000), min_size=len(LEVELS), max_size=len(LEVELS)))
    values = tuple(float(value) / 100 for value in np.cumsum(steps))
    return Distribution(LEVELS, values, values[3])


def test_a_normal_demand_has_the_excess_of_the_loss_table() -> None:
    # σ·(φ(k) - k·(1 - Φ(k))): 0.3989, 0.0833 and 0.0085 for k = 0, 1, 2 in every table of the unit normal loss.
    demand = Distribution.normal(100, 20)
    assert demand.expected_excess(100) == pytest.approx(0.3989 * 20, rel=0.03)
    assert demand.expected_excess(120) == pytest.approx(0.0833 * 20, rel=0.05)
    assert demand.expected_excess(140) == pytest.approx(0.0085 * 20, rel=0.12)
    assert demand.expected_excess(0) == pytest.approx(100, rel=0.001)
    assert demand.quantile(0.95) == pytest.approx(132.9, abs=0.05)


@settings(max_examples=60, deadline=None)
@given(demands(), st.floats(0, 3000))
def test_the_excess_is_the_integral_of_the_quantiles(demand: Distribution, units: float) -> None:
    levels = (np.arange(40_000) + 0.5) / 40_000
    drawn = np.array([demand.quantile(float(level)) for level in levels[::20]])
    by_hand = float(np.maximum(drawn - units, 0).mean())
    scale = max(1.0, demand.values[-1])
    assert demand.expected_excess(units) == pytest.approx(by_hand, abs=0.004 * scale)


@settings(max_examples=200, deadline=None)
@given(demands(), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_quantiles_rise_and_probabilities_undo_them(demand: Distribution, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= demand.quantile(low) <= demand.quantile(high)
    assert demand.probability(demand.quantile(low)) >= low - 1e-6


@settings(max_examples=200, deadline=None)
@given(demands(), st.floats(0, 3000), st.floats(0, 500), st.floats(0, 500))
def test_the_excess_falls_and_ever_more_slowly(demand: Distribution, units: float, step: float, more: float) -> None:
    here, there, beyond = (demand.expected_excess(x) for x in (units, units + step, units + step + more))
    assert here >= there - 1e-6 >= -1e-6
    if step > 1e-3 and more > 1e-3:
        assert (here - there) / step >= (there - beyond) / more - 1e-6


def test_a_mixture_is_what_chance_makes_of_it() -> None:
    short, long = Distribution.normal(50, 8), Distribution.normal(120, 20)
    mixed = Distribution.mixture([(0.7, short), (0.3, long)])
    chance = np.random.default_rng(7)
    drawn = np.where(chance.random(400_000) < 0.7, chance.normal(50, 8, 400_000), chance.normal(120, 20, 400_000))
    for level in (0.1, 0.25, 0.5, 0.9, 0.95, 0.99):
        assert mixed.quantile(level) == pytest.approx(float(np.quantile(drawn, level)), rel=0.03)
    assert mixed.mean == pytest.approx(71)


@settings(max_examples=100, deadline=None)
@given(demands(), demands(), st.floats(0.01, 0.99))
def test_a_mixture_lies_between_its_parts(one: Distribution, other: Distribution, weight: float) -> None:
    mixed = Distribution.mixture([(weight, one), (1 - weight, other)])
    for level, value in zip(mixed.levels, mixed.values, strict=True):
        low, high = sorted((one.quantile(level), other.quantile(level)))
        assert low - 1e-6 * max(1, high) <= value <= high + 1e-6 * max(1, high)


def test_a_mixture_of_one_is_that_one() -> None:
    demand = Distribution.normal(10, 3)
    assert Distribution.mixture([(1.0, demand), (0.0, Distribution.none())]) is demand


def test_parts_of_the_customers_spread_like_independent_ones() -> None:
    # Poisson demand of mean 400, a quarter of it: mean 100 and a deviation of 10.
    quarter = Distribution.normal(400, 20).share(0.25)
    assert quarter.mean == 100
    assert quarter.quantile(0.975) == pytest.approx(100 + 1.96 * 10, abs=0.05)


def test_no_demand_is_never_short() -> None:
    nothing = Distribution.none()
    assert nothing.quantile(0.999) == 0
    assert nothing.probability(0) == 1
    assert nothing.expected_excess(0) == 0


@pytest.mark.parametrize(
    ("levels", "values"),
    [((0.5, 0.9), (3.0, 2.0)), ((0.9, 0.5), (1.0, 2.0)), ((0.5, 0.9), (-1.0, 2.0)), ((0.5, 0.9), (1.0, math.inf))],
)
def test_a_grid_that_is_none_is_refused(levels: tuple[float, ...], values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"level|quantile"):
        Distribution(levels, values, 1.0)


def test_the_stored_levels_rise() -> None:
    assert all(low < high for low, high in pairwise(LEVELS))
