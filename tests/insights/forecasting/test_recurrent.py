"""`lstm`: one network over all series; what it may know, and that it learns what can be learnt."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from tests.conftest import NO_HEAVY_EXTRA
from tests.insights.forecasting.test_members import history, poisson
from tradewind.insights.forecasting import members, models, recurrent
from tradewind.insights.forecasting.history import Matrix
from tradewind.insights.forecasting.models import ModelNotInstalled

HERE = all(importlib.util.find_spec(name) is not None for name in ("keras", "jax"))
needs_keras = pytest.mark.skipif(not HERE, reason=NO_HEAVY_EXTRA)
STEPS, DAYS, HORIZON = 25, 300, 28


def forecast(demand: Matrix, oldest: int) -> Matrix:
    known = history(demand)
    said = recurrent.Recurrent(known, oldest, STEPS).forecast(known.until(oldest), HORIZON)
    assert said is not None
    return said


@needs_keras
@pytest.mark.timeout(300)
def test_the_network_is_the_same_each_time_and_knows_nothing_of_what_came_after() -> None:
    """Trained before the origin that it speaks at: other demand afterwards changes no byte of what it says."""
    chance, week = np.random.default_rng(3), 1 + 0.5 * (np.arange(DAYS + HORIZON) % 7 >= 5)
    demand = chance.poisson(week * chance.uniform(5, 40, (24, 1))).astype(float)
    demand[3, 100:160] = np.nan
    demand[4] = 0
    demand[5, : DAYS - 30] = np.nan
    other = demand.copy()
    other[:, DAYS:] *= 7
    first, again = forecast(demand, DAYS), forecast(other, DAYS)
    assert first.tobytes() == again.tobytes()
    assert np.isfinite(first).all()
    assert (first >= 0).all()
    assert not first[4].any()
    actual = np.nan_to_num(demand[:, DAYS:])
    naive = members.forecast(history(demand[:, :DAYS]), HORIZON, ("naive",))["naive"]
    assert np.abs(first - actual).sum() < 0.9 * np.abs(naive - actual).sum()
    assert 0.8 < first.sum() / actual.sum() < 1.25


@needs_keras
@pytest.mark.timeout(300)
def test_a_network_that_was_kept_says_the_same_and_speaks_after_later_days() -> None:
    demand = poisson(24, DAYS + 5)
    known = history(demand[:, :DAYS])
    trained = recurrent.Recurrent(known, DAYS - 30, STEPS)
    said = trained.forecast(known, HORIZON)
    assert said is not None
    network = recurrent.restored(trained.weights, known)
    assert recurrent.predict(network, known, HORIZON).tobytes() == said.tobytes()
    assert np.isfinite(recurrent.predict(network, history(demand), HORIZON)).all()


def test_with_little_history_there_is_no_network() -> None:
    known = history(poisson(24, recurrent.LEAST_DAYS - 1))
    assert recurrent.Recurrent(known, known.days).forecast(known, HORIZON) is None
    few = history(poisson(3, DAYS))
    assert recurrent.Recurrent(few, DAYS).forecast(few, HORIZON) is None
    assert recurrent.oldest_origin([400, 370, 230]) == 370
    assert recurrent.oldest_origin([200, 170]) == 200
    assert recurrent.oldest_origin([]) == 0


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelNotInstalled, match=r"pip install 'tradewind\[neural\]'"):
        models.model_named("lstm")
