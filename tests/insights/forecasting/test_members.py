"""Members and the engine on made demand: what must hold of every forecast, and what is known to be right."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.core.errors import InvalidInput
from tradewind.insights.forecasting import backtest, engine, glm, guards, intervals, members, metrics, models, weights
from tradewind.insights.forecasting.classes import Classes, DemandClass, classify
from tradewind.insights.forecasting.history import History, Matrix
from tradewind.insights.forecasting.members import Means

FIRST = date(2023, 1, 2)
NAMES = (*members.DENSE_MEMBERS, *members.THIN_MEMBERS, "naive")


def history(demand: Matrix) -> History:
    return History(np.asarray(demand, dtype=float), FIRST, np.zeros(len(demand), dtype=np.int64))


def forecaster(known: History, days: int, _: int, classes: Classes) -> Means:
    return members.forecast(known, days, NAMES, classes)


def poisson(series: int, days: int, level: float = 20.0, seed: int = 1) -> Matrix:
    """Demand with a week and a year in it."""
    chance, t = np.random.default_rng(seed), np.arange(days)
    mean = level * (1 + 0.4 * np.sin(2 * np.pi * t / 365.25)) * (1 + 0.3 * (t % 7 >= 5))
    return np.asarray(chance.poisson(mean[None] * chance.uniform(0.5, 2, (series, 1))), np.float64)


def odd_series(days: int) -> dict[str, Matrix]:
    chance = np.random.default_rng(3)
    spike, step, young, gaps, dry = (np.zeros(days) for _ in range(5))
    spike[days // 2] = 500
    step[days // 2 :] = 40
    young[:] = np.nan
    young[-5:] = 3
    gaps[::3] = 7
    dry[:] = chance.poisson(9, days)
    dry[chance.random(days) < 0.3] = np.nan
    return {
        "all zero": np.zeros(days), "spike": spike, "step": step, "five days": young, "gaps": gaps, "stock-outs": dry,
        "constant": np.full(days, 4.0), "huge": chance.poisson(20_000, days).astype(float),
    }  # fmt: skip


@pytest.mark.parametrize("days", [70, 200, 800])
def test_odd_demand_gets_forecasts_that_can_be(days: int) -> None:
    """Never negative, finite, quantiles in order, the top not below the mean; zeros where nothing was ever sold."""
    named = odd_series(days)
    found = engine.forecast(history(np.stack(list(named.values()))), 45, forecaster)
    for level in (found.base, engine.summed(found, np.zeros(len(named), dtype=np.int64), 1)):
        _can_be(level)
    row = list(named).index("all zero")
    assert not found.base.mean[row].any()
    assert found.base.mean[list(named).index("step")].mean() == pytest.approx(40, rel=0.25)
    assert found.base.mean[list(named).index("huge")].mean() == pytest.approx(20_000, rel=0.1)


@settings(max_examples=25)
@given(
    st.integers(1, 6),
    st.integers(20, 160),
    st.integers(1, 60),
    st.floats(0.01, 300),
    st.floats(0, 0.9),
    st.integers(0, 2**20),
)
def test_whatever_the_demand(series: int, days: int, horizon: int, level: float, unknown: float, seed: int) -> None:
    chance = np.random.default_rng(seed)
    demand = chance.poisson(level * chance.gamma(0.5, 2, (series, days))).astype(float)
    demand[chance.random((series, days)) < unknown] = np.nan
    found = engine.forecast(history(demand), horizon, forecaster)
    _can_be(found.base)
    group = chance.integers(0, 2, series)
    whole, parts = engine.summed(found, np.zeros(series, dtype=np.int64), 1), engine.summed(found, group, 2)
    _can_be(whole)
    units = [np.rint(one.mean.sum(axis=0) * 10_000) for one in (found.base, parts, whole)]
    assert (units[0] == units[1]).all()
    assert (units[0] == units[2]).all()


def _can_be(level: engine.Level) -> None:
    assert np.isfinite(level.mean).all()
    assert (level.mean >= 0).all()
    for values in (level.bands, *level.sums.values()):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
        assert (np.diff(values, axis=-1) >= 0).all()
    assert (level.bands[..., -1] >= level.mean - 1e-4).all()


def test_equal_demand_gives_equal_bytes() -> None:
    demand = poisson(12, 500)
    first, second = (engine.forecast(history(demand.copy()), 60, forecaster) for _ in range(2))
    assert first.base.mean.tobytes() == second.base.mean.tobytes()
    assert first.base.bands.tobytes() == second.base.bands.tobytes()


def test_a_season_is_found_and_beats_last_week() -> None:
    demand = poisson(40, 1_200)
    known, actual = history(demand[:, :1_110]), demand[:, 1_110:]
    found = engine.forecast(known, 90, forecaster)
    missed = np.abs(actual - found.base.mean).sum() / actual.sum()
    naive = np.abs(actual - members.forecast(known, 90, ("naive",))["naive"]).sum() / actual.sum()
    floor = metrics.score(
        metrics.Judged(found.base.mean, actual, found.base.mean, np.ones(40), np.ones(40)), 40, 1, ()
    ).floor_wape
    assert floor is not None
    assert missed < 0.8 * naive
    assert missed < 1.1 * floor
    inside = (actual >= found.base.bands[..., 1]) & (actual <= found.base.bands[..., 3])
    assert 0.74 < inside.mean() < 0.87


def test_days_without_stock_do_not_pull_the_forecast_down() -> None:
    """A tenth of the days sold out: taken for no demand they cost 8 % and more, masked they cost next to nothing."""
    demand = poisson(60, 900, level=8.0, seed=5)
    chance = np.random.default_rng(6)
    empty = np.repeat(chance.random((60, 180)) < 0.1, 5, axis=1)
    known, hole = slice(0, 810), empty[:, :810]
    actual = demand[:, 810:].sum()

    def bias(past: Matrix) -> float:
        found = engine.forecast(history(past), 90, forecaster, origins=[720, 690, 660])
        return float(found.base.mean.sum() / actual - 1)

    assert abs(bias(np.where(hole, np.nan, demand[:, known]))) < 0.03
    assert bias(np.where(hole, 0, demand[:, known])) < -0.06


def test_the_regression_knows_what_made_the_demand() -> None:
    """Poisson demand of a known mean: the fit is within a few per cent of it, ahead as well."""
    t = np.arange(1_000)
    mean = 30 * (1 + 0.4 * np.sin(2 * np.pi * t / 365.25)) * (1 + 0.3 * (t % 7 >= 5))
    demand = np.random.default_rng(4).poisson(np.tile(mean[:910], (30, 1))).astype(float)
    fit = glm.fit(history(demand), 90)
    assert np.abs(fit.mean.mean(axis=0) / mean[910:] - 1).mean() < 0.05
    assert fit.dispersion.mean() == pytest.approx(1, abs=0.1)


def test_classes_by_interval_and_variation() -> None:
    chance, days = np.random.default_rng(2), 400
    seldom = chance.random(days) < 0.2
    rows = {
        DemandClass.SMOOTH: chance.poisson(20, days).astype(float),
        DemandClass.ERRATIC: np.rint(chance.lognormal(2, 1.2, days)) + 1,
        DemandClass.INTERMITTENT: np.where(seldom, 3.0, 0.0),
        DemandClass.LUMPY: np.where(seldom, np.rint(chance.lognormal(2, 1.2, days)) + 1, 0.0),
        DemandClass.YOUNG: np.concatenate([np.full(days - 30, np.nan), np.full(30, 5.0)]),
        DemandClass.COLD: np.concatenate([np.full(days - 9, np.nan), np.full(9, 5.0)]),
        DemandClass.ENDED: np.concatenate([np.full(days - 200, 5.0), np.zeros(200)]),
    }
    gone = np.array([kind is DemandClass.ENDED for kind in rows])
    assert list(classify(history(np.stack(list(rows.values()))), gone)) == list(rows)


def test_a_member_beyond_its_bounds_is_left_out() -> None:
    demand = history(np.full((4, 100), 5.0))
    ahead = np.full((4, 30), 5.0)
    ahead[1, 3], ahead[2, 0], ahead[3] = np.inf, -1, 100
    assert list(guards.broken(demand, ahead)) == [False, True, True, True]
    means = {"one": np.array([[1.0, 1.0]]), "two": np.array([[3.0, np.nan]])}
    assert weights.combine(means, {"one": 0.25, "two": 0.75}).tolist() == [[2.5, 1.0]]


def test_weights_keep_out_what_harms_and_are_drawn_to_equal() -> None:
    chance = np.random.default_rng(8)
    actual = chance.poisson(50, (30, 60)).astype(float)
    good, other = actual + chance.normal(0, 5, actual.shape), actual + chance.normal(0, 6, actual.shape)
    found = weights.weigh({"bad": actual * 3, "good": good, "other": other}, actual, np.full(30, 7.0))
    assert found.verdicts["bad"].startswith("out")
    assert set(found.weights) == {"good", "other"}
    assert sum(found.weights.values()) == pytest.approx(1)
    # Half of what least squares says (5² and 6² apart) and half of one half.
    assert found.weights["good"] == pytest.approx(0.5 * 36 / 61 + 0.25, abs=0.03)


def test_the_largest_forecasts_have_a_bin_of_their_own() -> None:
    """One in forty sells in lots of 400; what sells little less is as even as the rest."""
    chance = np.random.default_rng(5)
    sizes = chance.uniform(1, 40, 20_000)
    spread = np.where(sizes > 39.2, 400, 1)
    pool = intervals.pool_of(sizes, sizes + chance.normal(0, spread), (0.1, 0.9))
    assert pool is not None
    upper = pool.quantiles(np.array([38.8, 39.9]), np.array(1.0))[:, 1]
    assert upper[0] < 45
    assert upper[1] > 200


def test_quantiles_are_what_the_past_missed_by() -> None:
    """With n scores the q-quantile is the ⌈(n + 1)q⌉-th smallest; a pool of a bin does not see the others."""
    forecasts, chance = np.full(999, 100.0), np.random.default_rng(9)
    actual = 100 + 10 * chance.permutation(np.arange(999) - 499.0) / 100
    pool = intervals.pool_of(forecasts, actual, (0.1, 0.5, 0.9))
    assert pool is not None
    low, middle, high = pool.quantiles(np.array([100.0]), np.array(1.0))[0]
    assert [low, middle, high] == pytest.approx([100 - 0.1 * 400, 100, 100 + 0.1 * 400])
    sizes = np.repeat([1.0, 400.0], 1_000)
    both = intervals.pool_of(sizes, sizes + chance.normal(0, np.where(sizes > 9, 60, 0.5)), (0.1, 0.9))
    assert both is not None
    small, large = both.quantiles(np.array([1.0, 400.0]), np.array(1.0))
    assert small[1] - small[0] == pytest.approx(2 * 1.28 * 0.5, rel=0.15)
    assert large[1] - large[0] == pytest.approx(2 * 1.28 * 60, rel=0.15)


def test_figures_that_are_not_defined_are_none() -> None:
    nothing = np.zeros((2, 3))
    judged = metrics.Judged(nothing, nothing, nothing, np.full(2, np.nan), np.full(2, np.nan))
    found = metrics.score(judged, 2, 1, ())
    assert (found.wape, found.mase, found.rmsse, found.mape, found.r2, found.bias) == (None,) * 6
    assert (found.coverage_80, found.wql, found.mape_excluded) == (None, None, 1.0)


def test_figures_worked_by_hand() -> None:
    actual, said, naive = (np.array([row], dtype=float) for row in ([4, 0, 6], [5, 1, 3], [4, 4, 4]))
    found = metrics.score(metrics.Judged(said, actual, naive, np.array([2.0]), np.array([2.5])), 1, 1, ())
    assert found.wape == pytest.approx(5 / 10)
    assert found.naive_wape == pytest.approx(6 / 10)
    assert found.mase == pytest.approx((5 / 3) / 2, abs=1e-6)
    assert found.rmsse == pytest.approx((11 / 3) ** 0.5 / 2.5, abs=1e-6)
    assert found.bias == pytest.approx(-1 / 10)
    assert found.mape == pytest.approx((1 / 4 + 3 / 6) / 2)
    assert found.mape_excluded == pytest.approx(1 / 3, abs=1e-6)


def test_a_back_test_knows_nothing_of_what_came_after() -> None:
    demand = poisson(3, 300)
    seen: list[int] = []

    def spy(known: History, days: int, origin: int) -> Means:
        assert known.days == origin
        seen.append(known.days)
        return members.forecast(known, days, ("naive",))

    windows = backtest.run(history(demand), spy, backtest.origins_of(300))
    assert seen == [270, 240, 210, 180, 150, 120, 90, 60]
    assert all(a - b == backtest.STEP for a, b in pairwise(seen))
    assert np.isnan(windows[0].actual[:, 30:]).all()
    assert (windows[-1].actual == demand[:, 60:150]).all()


def test_names_and_weights_are_checked() -> None:
    with pytest.raises(InvalidInput, match="Choose from auto"):
        models.model_named("magic")
    for wrong in ({}, {"glm": 0.5}, {"glm": 2.0, "ets": -1.0}, {"auto": 1.0}):
        with pytest.raises(InvalidInput):
            models.check_weights(wrong)
    assert models.check_weights({"glm": 0.25, "ets": 0.75}) == {"glm": 0.25, "ets_year": 0.75}


def test_the_room_is_light_to_enter() -> None:
    """What needs compiled libraries of hundreds of megabytes is imported where it is used."""
    program = (
        "import sys, tradewind.insights.forecasting.training;"
        "print([name for name in ('scipy', 'lightgbm', 'jax', 'keras', 'prophet') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
