"""New products by how others began, and products that are over."""

from __future__ import annotations

import numpy as np
import pytest

from tests.insights.forecasting.test_members import FIRST, _can_be, history
from tradewind.insights.forecasting import engine, launches, training
from tradewind.insights.forecasting.classes import DemandClass, classify
from tradewind.insights.forecasting.history import History, Matrix

HORIZON = 60
RAMP = 12 * np.minimum(np.arange(400) / 40, 1) + 2
"""Units a day by age: launches of this shop take forty days to come to fourteen a day."""


def shop(new: Matrix, seed: int = 4, days: int = 300) -> History:
    """Thirty launches over the year, and one of which only the first days are known."""
    chance = np.random.default_rng(seed)
    demand = np.full((31, days), np.nan)
    for row in range(30):
        first = 20 + 6 * row
        mean = RAMP[: days - first] * chance.gamma(8, 1 / 8)
        demand[row, first:] = chance.poisson(mean)
    if len(new):
        demand[30, -len(new) :] = new
    return History(demand, FIRST, np.zeros(31, dtype=np.int64))


@pytest.mark.parametrize(("sold", "share"), [([2, 3, 2, 3, 3], 1.0), ([5, 6, 5, 6, 5], 2.0), ([0, 0, 1, 0, 0], 0.4)])
def test_a_new_product_follows_the_curve_of_others_as_far_as_its_own_days_say(sold: list[int], share: float) -> None:
    known = shop(np.array(sold, dtype=float))
    mean = launches.forecast(known, HORIZON, np.arange(31) == 30)[30]
    assert mean[:7].mean() < 0.6 * mean[-14:].mean(), "it still grows"
    assert mean[-14:].mean() == pytest.approx(14 * share, rel=0.35)


def test_a_product_that_was_never_sold_takes_the_curve_itself() -> None:
    mean = launches.forecast(shop(np.empty(0)), HORIZON, np.arange(31) == 30)[30]
    assert mean == pytest.approx(RAMP[:HORIZON], rel=0.3, abs=1)


def test_the_range_of_a_launch_is_what_launches_missed_by() -> None:
    """Of twenty other launches about four in five end within the 80 % range of thirty days."""
    found, inside = 0, 0
    for seed in range(20):
        known = shop(np.empty(0), seed)
        demand = known.demand.copy()
        demand[30, -5:], truth = demand[0, 20:25], demand[0, 25:55].sum()
        demand[0] = np.nan
        kinds = np.array([DemandClass.COLD], dtype=object)
        one = History(demand, FIRST, known.group)
        mean = launches.forecast(one, 30, np.arange(31) == 30)[30:]
        level = engine.level_of(mean, [], kinds, launched=launches.tried(one, 30))
        found, inside = found + 1, inside + int(level.sums[30][0, 1] <= truth <= level.sums[30][0, 5])
    assert 12 <= inside <= 20


def test_a_run_forecasts_new_and_ended_products_with_their_flags() -> None:
    known = shop(np.array([2.0, 3, 2]))
    none = np.zeros(31, dtype=bool)
    archived = none.copy()
    archived[3] = True
    classes = classify(known, none, archived)
    names = tuple(name for name in training.AUTO_MEMBERS if name != "gbm")
    found = training.engine_run(known, HORIZON, names, classes=classes)
    _can_be(found.base)
    assert (classes[30], classes[3]) == (DemandClass.COLD, DemandClass.ENDED)
    assert not found.stood_in.any()
    assert not found.base.mean[3].any()
    assert not found.base.bands[3].any()
    assert found.base.mean[30].tolist() == np.round(found.parts["launch"][30], 4).tolist()


def test_without_launches_to_learn_from_the_level_of_the_others_counts() -> None:
    demand = np.full((3, 100), 6.0)
    demand[2, :-4] = np.nan
    mean = launches.forecast(history(demand), 30, np.array([False, False, True]))
    assert mean[2] == pytest.approx(np.full(30, 6.0))
    assert np.isnan(mean[:2]).all()
    assert not len(launches.tried(history(demand), 30)[0])
