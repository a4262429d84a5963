"""`prophet`: the original library behind the same contract as every member."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from tests.conftest import NO_HEAVY_EXTRA
from tests.insights.forecasting.test_members import history, poisson
from tradewind.insights.forecasting import members, models, prophet, training
from tradewind.insights.forecasting.models import ModelNotInstalled

HERE = importlib.util.find_spec("prophet") is not None
needs_prophet = pytest.mark.skipif(not HERE, reason=NO_HEAVY_EXTRA)


@needs_prophet
def test_the_library_itself_forecasts_and_again_the_same() -> None:
    week = 1 + 0.6 * (np.arange(260) % 7 >= 5)
    demand = np.random.default_rng(2).poisson(20 * week, (3, 260)).astype(float)
    demand[1, 100:130] = np.nan
    demand[2, :195] = np.nan
    known, actual = history(demand[:, :200]), demand[:, 200:]
    first, again = (prophet.forecast(known, 60) for _ in range(2))
    assert first.tobytes() == again.tobytes()
    assert np.isfinite(first[:2]).all()
    assert (first[:2] >= 0).all()
    assert np.isnan(first[2]).all(), "five days are too few for a trend and a week"
    naive = members.forecast(known, 60, ("naive",))["naive"]
    assert np.abs(actual - first)[:2].sum() < np.abs(actual - naive)[:2].sum()


@needs_prophet
def test_nothing_sold_is_forecast_as_nothing() -> None:
    assert not prophet.forecast(history(np.zeros((1, 100))), 30).any()


@needs_prophet
def test_a_run_of_prophet_is_back_tested_and_tells_where_it_could_not_speak() -> None:
    demand = poisson(2, 200)
    demand[1, :-20] = np.nan
    demand[1, -20:-12] = np.nan
    found = training.engine_run(history(demand), 30, ("prophet", "naive"), fixed={"prophet": 1.0})
    assert [window.origin for window in found.windows] == [110]
    assert list(found.stood_in) == [False, True]
    assert found.base.mean[0].tolist() == np.round(found.parts["prophet"][0], 4).tolist()
    assert (np.diff(found.base.bands, axis=-1) >= 0).all()
    assert models.MODELS["prophet"].engine.startswith("prophet 1.")


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelNotInstalled, match=r"pip install 'tradewind\[prophet\]'"):
        models.model_named("prophet")
