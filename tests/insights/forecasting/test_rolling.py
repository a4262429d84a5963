"""The roll-forward: what a training left gives on a longer panel what its models give there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tradewind.insights.forecasting import engine, lessons, training
from tradewind.insights.forecasting.classes import DemandClass, classify
from tradewind.insights.forecasting.engine import Outcome
from tradewind.insights.forecasting.history import History, Matrix
from tradewind.insights.forecasting.lessons import Lessons, NothingToRoll
from tradewind.insights.forecasting.panel import Panel
from tradewind.insights.forecasting.rolling import continued
from tradewind.insights.forecasting.runs import Kind, Run, as_row
from tradewind.insights.forecasting.training import Asked

DENSE, THIN, DAYS, LATER, HORIZON = 64, 12, 400, 9, 30


@pytest.fixture(scope="module")
def demand() -> Matrix:
    chance = np.random.default_rng(5)
    week = 1 + 0.4 * np.sin(2 * np.pi * np.arange(DAYS + LATER) / 7)
    level = np.concatenate([np.linspace(3, 30, DENSE), np.full(THIN, 0.15)])
    found = chance.poisson(level[:, None] * week).astype(float)
    found[3, 100:110] = np.nan
    return found


def panel(demand: Matrix) -> Panel:
    rows = len(demand)
    products = tuple(f"P{nth // 2:03}" for nth in range(rows))
    channels = tuple(("amazon", "shop")[nth % 2] for nth in range(rows))
    categories = tuple("Toys" if nth % 4 < 2 else "" for nth in range(rows))
    history = History(demand, date(2024, 1, 1), np.array([int(one != "") for one in categories], dtype=np.int64))
    return Panel(products, channels, categories, history, np.zeros(rows, dtype=bool))


@pytest.fixture(scope="module")
def trained(demand: Matrix, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[str], Lessons, Path]:
    known, folder = panel(demand[:, :DAYS]), tmp_path_factory.mktemp("runs")
    outcome, lines = training.compute(known, Asked(horizon=HORIZON))
    run = Run("R1", Kind.ALL, "auto", "tradewind", "v1", known.origin, HORIZON, "R1")
    Lessons.of(run, training.check(Asked())[0], known, outcome, is_fixed=False).write(folder)
    return outcome, [repr(as_row(line)) for line in lines], Lessons.read(folder, "R1"), folder


def test_without_new_days_a_roll_gives_the_forecasts_of_the_training(
    demand: Matrix, trained: tuple[Outcome, list[str], Lessons, Path]
) -> None:
    """To the last digit, means and quantiles, of products and of all sums: nothing is lost on the way over the disk."""
    _, rows, kept, _ = trained
    known = panel(demand[:, :DAYS])
    assert [repr(as_row(line)) for line in training.lines(known, continued(known, kept))] == rows


def test_after_new_days_a_roll_gives_what_the_same_models_give_there(
    demand: Matrix, trained: tuple[Outcome, list[str], Lessons, Path]
) -> None:
    outcome, _, kept, _ = trained
    known = panel(demand)
    rolled = continued(known, kept)
    classes = classify(known.history, known.ended)
    assert (classes == outcome.base.classes).all(), "or other trees would speak for a series"
    assert outcome.learners is not None
    live = outcome.learners(known.history, HORIZON, DAYS + LATER, classes)
    assert np.isfinite(live["gbm"][:DENSE]).all(), "the trees take part"
    for name, means in live.items():
        assert np.array_equal(rolled.parts[name], means, equal_nan=True), name
    whole = engine.combined(live, outcome.combinations, classes)
    assert np.allclose(rolled.base.mean, whole, atol=1e-4)
    assert not np.allclose(rolled.base.mean, outcome.base.mean, atol=1e-2), "the new days count"
    newest = max(rolled.windows, key=lambda one: one.origin)
    before = max(outcome.windows, key=lambda one: one.origin)
    seen = [int(np.isfinite(one.actual[0]).sum()) for one in (before, newest)]
    assert seen == [DAYS - before.origin, DAYS + LATER - before.origin], "intervals learn from the days since"


def test_a_product_that_began_after_the_training_is_forecast(
    demand: Matrix, trained: tuple[Outcome, list[str], Lessons, Path]
) -> None:
    kept = trained[2]
    began = np.full((1, DAYS + LATER), np.nan)
    began[:, -5:] = 4
    known = panel(np.concatenate([demand, began]))
    rolled = continued(known, kept)
    assert rolled.base.classes[-1] is DemandClass.COLD
    assert DemandClass.COLD not in kept.combinations
    assert rolled.base.mean[-1].sum() > 0
    assert (rolled.base.bands[-1, :, -1] > rolled.base.mean[-1]).all()


def test_what_another_version_of_the_code_left_is_not_rolled(
    trained: tuple[Outcome, list[str], Lessons, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    replace(trained[2], run_id="R2").write(tmp_path)
    monkeypatch.setattr(lessons, "__version__", "0.0.0")
    with pytest.raises(NothingToRoll, match="trained by version"):
        Lessons.read(tmp_path, "R2")
    with pytest.raises(NothingToRoll, match="left nothing"):
        Lessons.read(tmp_path, "R3")
