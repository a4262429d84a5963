"""Prices and promotions: what they did is learnt, does not stay in the level, and is asked for by a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.insights.forecasting import effects, engine, prices
from tradewind.insights.forecasting.classes import classify
from tradewind.insights.forecasting.history import Flags, History
from tradewind.insights.forecasting.learners import Learners
from tradewind.insights.forecasting.training import engine_run

FIRST = date(2023, 1, 2)
DAYS, WEEK = 420, 7
NAMES = ("glm", "ets", "ets_year", "arima", "pooled", "croston", "naive")


def promoted_days(series: int, spells: int, days: int = DAYS, seed: int = 2) -> Flags:
    """Weeks of promotion, the last one ending two days before the end for every series."""
    chance, found = np.random.default_rng(seed), np.zeros((series, days), dtype=bool)
    for row in found:
        for start in chance.integers(100, days - 60, spells):
            row[start : start + WEEK] = True
        row[-WEEK - 2 : -2] = True
    return found


def a_store(on: Flags, *, level: float = 20.0, times: float = 3.0, by_price: bool = True, seed: int = 1) -> History:
    """Demand that a third off makes `times` as large, by a lower price or by a discount on orders."""
    series, days = on.shape
    chance = np.random.default_rng(seed)
    mean = level * (1 + 0.3 * (np.arange(days) % 7 >= 5)) * chance.uniform(0.7, 1.5, (series, 1))
    demand = chance.poisson(np.where(on, times * mean, mean)).astype(float)
    price = np.where(on & by_price, 7.0, 10.0)
    off = np.where(on & (not by_price), 0.3, 0.0)
    sold = demand > 0
    found, usual = prices.of_series(list(np.where(sold, price, np.nan)), list(np.where(sold, off, np.nan)))
    assert usual == pytest.approx(10)
    return History(demand, FIRST, np.zeros(series, dtype=np.int64), None, found)


@pytest.mark.parametrize("by_price", [True, False])
@pytest.mark.parametrize(("series", "level"), [(1, 20.0), (12, 20.0), (12, 3.0)])
def test_what_a_promotion_did_is_learnt(series: int, level: float, by_price: bool) -> None:
    history = a_store(promoted_days(series, 4), level=level, by_price=by_price)
    own, _ = effects.coefficients(history)
    told = np.exp(own @ np.array([np.log(0.7), float(not by_price)]))
    assert told == pytest.approx(np.full(series, 3.0), rel=0.25)


@pytest.mark.parametrize("by_price", [True, False])
def test_a_promotion_raises_no_level_after_it(by_price: bool) -> None:
    """Demand is three times as high in a week that ends two days before the forecast."""
    on = promoted_days(12, 4)
    history, plain = a_store(on, by_price=by_price), a_store(on, times=1.0, by_price=by_price)
    usual = _forecast(replace(plain, prices=None)).mean[:, :30].sum()
    assert _forecast(history).mean[:, :30].sum() == pytest.approx(usual, rel=0.06)
    assert _forecast(replace(history, prices=None)).mean[:, :30].sum() > 1.2 * usual


def _forecast(history: History) -> engine.Level:
    return engine_run(history, 60, NAMES).base


def test_a_price_goes_on_and_a_promotion_does_not() -> None:
    """Both are on in the last week: the lower price stays until it is another one, the discount is nothing known."""
    on = promoted_days(6, 4)
    on[:, -WEEK:] = True
    _, by_price = effects.calmed(a_store(on), 30)
    calm, by_discount = effects.calmed(a_store(on, by_price=False), 30)
    assert by_price is not None
    assert by_discount is not None
    assert by_price == pytest.approx(np.full((6, 30), 3.0), rel=0.15)
    assert (by_discount == 1).all()
    assert calm.demand[:, -WEEK:].mean() == pytest.approx(calm.demand[:, :90].mean(), rel=0.15)


def test_series_whose_price_never_changed_are_forecast_to_the_byte_as_before() -> None:
    """Alone, and beside others that have promotions."""
    on = promoted_days(8, 3)
    on[4:] = False
    mixed = replace(a_store(on), group=np.repeat([0, 1], 4))  # what categories share is shared within one
    assert mixed.prices is not None
    assert mixed.prices.rows.tolist() == [0, 1, 2, 3]
    plain = replace(mixed, prices=None)
    with_prices, without = (
        Learners(one, classify(one), NAMES, is_fixed=True)(one, 60, DAYS, classify(one)) for one in (mixed, plain)
    )
    for name in NAMES:
        assert with_prices[name][4:].tobytes() == without[name][4:].tobytes(), name
        assert (with_prices[name][:4] != without[name][:4]).any() == (name != "naive"), name
    still = a_store(np.zeros((5, DAYS), dtype=bool))
    assert still.prices is None
    assert effects.calmed(still, 30) == (still, None)


def test_one_promotion_of_one_series_makes_no_wild_elasticity() -> None:
    """Among others that show threefold demand, one with no sale on its promoted day, one with fifty times as much."""
    on = promoted_days(20, 4)
    on[:2] = False
    on[:2, 200] = True
    history = a_store(on)
    history.demand[0, 200], history.demand[1, 200] = 0, 1_000
    own, pooled = effects.coefficients(history)
    told = np.exp(own[:, 0] * np.log(0.7))
    assert np.exp(pooled[0] * np.log(0.7)) == pytest.approx(3, rel=0.15)
    assert 1 <= told[0] < 3
    assert told[1] < 5
    assert told[2:] == pytest.approx(np.full(18, 3.0), rel=0.2)


def test_thin_series_take_the_effect_of_the_others_and_keep_their_demand() -> None:
    """A product that sells one day in ten shows its price on those days alone: its own would be mere selection."""
    history = a_store(promoted_days(9, 4), by_price=False)
    demand = history.demand.copy()
    demand[8] = np.random.default_rng(5).poisson(0.1, DAYS)
    assert history.prices is not None
    discount = history.prices.discount.copy()
    discount[8] = 0.3 * (demand[8] > 0)
    history = replace(history, demand=demand, prices=replace(history.prices, discount=discount))
    own, pooled = effects.coefficients(history)
    assert (own[8] == pooled).all()
    assert np.exp(pooled @ np.array([np.log(0.7), 1])) == pytest.approx(3, rel=0.15)
    calm, ahead = effects.calmed(history, 30)
    assert ahead is not None
    assert calm.demand[8].tobytes() == demand[8].tobytes()
    assert (ahead[8] == 1).all()


@settings(max_examples=25)
@given(
    st.integers(1, 5),
    st.integers(20, 200),
    st.integers(1, 60),
    st.floats(0.05, 300),
    st.floats(0, 0.6),
    st.integers(0, 2**20),
)
def test_whatever_the_prices(series: int, days: int, horizon: int, level: float, unknown: float, seed: int) -> None:
    """Finite, never negative, in order, sums exact, the same again; and never less at a lower price."""
    chance = np.random.default_rng(seed)
    demand = chance.poisson(level * chance.gamma(0.5, 2, (series, days))).astype(float)
    demand[chance.random((series, days)) < unknown] = np.nan
    price = np.exp(chance.normal(0, 0.5, (series, days)).cumsum(axis=1) * (chance.random((series, days)) < 0.1))
    off = np.where(chance.random((series, days)) < 0.2, chance.uniform(0, 1, (series, days)), 0)
    seen = demand > 0
    found, _ = prices.of_series(list(np.where(seen, price, np.nan)), list(np.where(seen, off, np.nan)))
    history = History(demand, FIRST, np.zeros(series, dtype=np.int64), None, found)
    first, again = (engine_run(history, horizon, NAMES) for _ in range(2))
    assert first.base.mean.tobytes() == again.base.mean.tobytes()
    level_ = first.base
    for values in (level_.mean, level_.bands, *level_.sums.values()):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    for values in (level_.bands, *level_.sums.values()):
        assert (np.diff(values, axis=-1) >= 0).all()
    whole = engine.summed(first, np.zeros(series, dtype=np.int64), 1)
    assert (np.rint(whole.mean * 10_000) == np.rint(level_.mean.sum(axis=0) * 10_000)).all()
    if found is not None:
        steps = np.linspace(0.9, 0, 10)
        by_depth = prices.regressors_of(np.zeros(10), steps)
        for own in effects.coefficients(history)[0]:
            assert (np.diff(effects.factor_of(by_depth, own)) <= 0).all()


def test_days_without_a_sale_have_the_price_of_before_and_no_promotion_of_their_own() -> None:
    path = np.array([np.nan, 10, np.nan, 7, np.nan, np.nan, 10, np.nan])
    off = np.array([np.nan, 0, np.nan, 0.3, np.nan, 0.2, 0, np.nan])
    found, usual = prices.of_series([path, np.full(8, np.nan)], [off, np.full(8, np.nan)])
    assert found is not None
    assert found.rows.tolist() == [0]
    assert np.exp(found.relative[0]) * 10 == pytest.approx([10, 10, 10, 7, 7, 7, 10, 10])
    assert found.discount[0].tolist() == [0, 0, 0, 0.3, 0.2, 0.2, 0, 0]
    assert usual[0] == 10
    assert np.isnan(usual[1])


def test_a_price_that_stays_becomes_the_usual_one_and_no_day_knows_later_ones() -> None:
    path = np.concatenate([np.full(200, 10.0), np.full(200, 12.0)])
    change, usual = prices.against_usual(path)
    assert usual == 12
    assert np.exp(change[200:230]) == pytest.approx(1.2)
    assert not change[:200].any()
    assert not change[260:].any()
    for days in (150, 230, 300):
        assert prices.against_usual(path[:days])[0].tobytes() == change[:days].tobytes()


def test_prices_go_with_their_series() -> None:
    on = promoted_days(4, 2)
    on[1] = False
    history = a_store(on)
    assert history.prices is not None
    some = history.only(np.array([3, 1, 0]))
    assert some.prices is not None
    assert some.prices.rows.tolist() == [0, 2]
    assert some.prices.relative.tobytes() == history.prices.relative[[2, 0]].tobytes()
    assert history.only(np.array([False, True, False, False])).prices is None
    early = history.until(50).prices
    assert early is not None
    assert early.relative.shape == (3, 50)
