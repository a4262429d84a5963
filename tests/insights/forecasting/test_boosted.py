"""Trees on top of a base forecast: what they may know, and what must hold of them."""

from __future__ import annotations

import numpy as np

from tests.insights.forecasting.test_members import history, poisson
from tradewind.insights.forecasting import members
from tradewind.insights.forecasting.boosted import LEAST_DAYS, Corrected
from tradewind.insights.forecasting.classes import classify
from tradewind.insights.forecasting.history import History, Matrix

HORIZON = 28
ORIGIN = 600


def corrected(known: History, origin: int = ORIGIN) -> Matrix:
    seen = known.until(origin)
    base = members.forecast(seen, HORIZON, ("glm",))
    return Corrected(known, classify(known)).forecast(seen, HORIZON, origin, base)


def test_trees_give_finite_means_that_are_the_same_each_time() -> None:
    demand = poisson(40, 640)
    first, again = corrected(history(demand)), corrected(history(demand))
    assert np.isfinite(first).all()
    assert (first >= 0).all()
    assert first.tobytes() == again.tobytes()


def test_trees_know_nothing_of_what_came_after_their_window_began() -> None:
    demand = poisson(40, 640)
    other = demand.copy()
    other[:, ORIGIN:] *= 7
    kinds = classify(history(demand))

    def from_origin(told: Matrix) -> Matrix:
        known = history(told)
        seen = known.until(ORIGIN)
        base = members.forecast(seen, HORIZON, ("glm",))
        return Corrected(known, kinds).forecast(seen, HORIZON, ORIGIN, base)

    assert from_origin(demand).tobytes() == from_origin(other).tobytes()


def test_trees_find_what_the_base_cannot() -> None:
    """Every series rests for ten days after ten busy ones, which no calendar tells."""
    chance = np.random.default_rng(3)
    shift = chance.integers(0, 20, 60)[:, None]
    busy = ((np.arange(700)[None] + shift) // 10) % 2
    demand = chance.poisson(5 + 30 * busy).astype(float)
    known = history(demand)
    seen = known.until(ORIGIN)
    base = members.forecast(seen, 7, ("glm",))
    better = Corrected(known, classify(known)).forecast(seen, 7, ORIGIN, base)
    actual = demand[:, ORIGIN : ORIGIN + 7]
    assert np.abs(better - actual).sum() < 0.9 * np.abs(base["glm"] - actual).sum()


def test_with_little_history_there_are_no_trees() -> None:
    known = history(poisson(40, LEAST_DAYS - 30))
    assert np.isnan(corrected(known, LEAST_DAYS - 60)).all()
