"""The daily roll-forward: the models of the last training on demand up to the last known day, without training anew.

Weights, trees, network and windows of the back-test are those of the training that is served; levels, seasons and
classes follow from the longer history, in seconds. What the windows' forecasts have met since is known by now, so that
intervals learn from it as well. A roll serves until the next one or the next training; one that fails changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from tradewind.core.ids import new_id
from tradewind.events.contracts import moment
from tradewind.insights.forecasting import backtest, engine, models
from tradewind.insights.forecasting.backtest import Window
from tradewind.insights.forecasting.classes import classify
from tradewind.insights.forecasting.engine import Outcome, Progress
from tradewind.insights.forecasting.learners import Learnt
from tradewind.insights.forecasting.lessons import Lessons, NothingToRoll
from tradewind.insights.forecasting.panel import Panel, load
from tradewind.insights.forecasting.runs import Kind, Run
from tradewind.insights.forecasting.served import SERVED_RUNS
from tradewind.insights.forecasting.training import lines, panel_digest
from tradewind.insights.forecasting.underway import tell_killed, underway
from tradewind.insights.gold import Gold
from tradewind.warehouse.client import Row, Warehouse

_KEPT_DAYS = 35
"""Series of older rolls go: plans do not look at older forecasts, and those of trainings stay."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a roll made."""

    run_id: str
    version: str
    model: str
    trained_run: str
    trained_until: date
    """The last day that the training knew."""
    origin: date
    horizon: int
    products: int
    series: int
    seconds: float


def roll(
    warehouse: Warehouse,
    folder: Path,
    *,
    today: date,
    now: Callable[[], datetime],
    progress: Progress = lambda _: None,
) -> Rolled:
    """Forecasts from the last day before `today`, writes, and serves from then on.

    Raises NothingToRoll where no training left what it needs, and what else stopped it, after writing that down.
    """
    began = now()
    tell_killed(warehouse, folder, now)
    trained = trained_run(warehouse)
    if trained is None:
        raise NothingToRoll("nothing has been trained yet")
    lessons = Lessons.read(folder, trained["run_id"])
    for name in lessons.names:
        if name in models.MODELS:
            models.model_named(name)
    progress("reading demand")
    panel = load(Gold(warehouse), today, like=lessons.ground)
    if panel.origin < lessons.ground.origin:
        raise NothingToRoll(f"gold knows demand up to {panel.origin}, the training knew {lessons.ground.origin}")
    run = Run(
        new_id(), Kind.DAILY, lessons.model, models.engine_of(lessons.spoken),
        _version(lessons, panel), panel.origin, lessons.horizon, lessons.run_id,
    )  # fmt: skip
    with underway(folder, run.run_id):
        run.tell(warehouse, "running", began, began)
        try:
            progress(f"forecasting from {panel.origin} by the models of {lessons.ground.origin}")
            series = lines(panel, continued(panel, lessons))
            progress(f"writing {len(series):,} series")
            run.write(warehouse, series)
        except BaseException as failure:
            run.tell(warehouse, "failed", began, now(), message=f"{type(failure).__name__}: {failure}"[:500])
            raise
        ended = now()
        run.tell(warehouse, "served", began, ended, len(series))
    _forget_old(warehouse, ended)
    return Rolled(
        run.run_id, run.version, run.model, lessons.run_id, lessons.ground.origin, panel.origin, run.horizon,
        len(set(panel.products)), len(series), round((ended - began).total_seconds(), 3),
    )  # fmt: skip


def continued(panel: Panel, lessons: Lessons) -> Outcome:
    """The forecasts of a panel that continues the one of a training; nothing is written."""
    history = panel.history
    classes = classify(history, panel.ended, panel.archived)
    members = Learnt(lessons.names, lessons.trees, lessons.network, is_fixed=lessons.is_fixed)
    parts = members(history, lessons.horizon, classes)
    rows = {key: nth for nth, key in enumerate(lessons.series)}
    at = np.array([rows.get(key, -1) for key in zip(panel.products, panel.channels, strict=True)])
    windows, served = [], []
    for origin, said in lessons.windows.items():
        windows.append(Window(origin, {}, backtest.actual_after(history, origin)))
        served.append(np.where(at[:, None] < 0, np.nan, said[at]))  # nothing had been said of what is new since
    combinations = engine.with_all_kinds(lessons.combinations, parts, classes)
    return engine.put_together(history, lessons.horizon, parts, combinations, classes, windows, served)


def trained_run(warehouse: Warehouse) -> Row | None:
    """Id, moment and last known day of the training over all products that is served."""
    rows = warehouse.query(
        "SELECT run_id, at, origin FROM forecast_runs WHERE kind = 'all' AND status = 'served'"
        " ORDER BY at DESC, run_id DESC LIMIT 1"
    )
    return rows[0] if rows else None


def served_until(warehouse: Warehouse) -> date | None:
    """The last day that the newest served forecasts of all products know; None before the first training."""
    (row,) = warehouse.query(
        f"SELECT maxOrNull(origin) AS origin FROM forecast_runs WHERE kind IN ('all', 'daily')"
        f" AND run_id IN (SELECT run_id FROM ({SERVED_RUNS}))"
    )
    until: date | None = row["origin"]
    return until


def _version(lessons: Lessons, panel: Panel) -> str:
    """Equal training and demand: equal version."""
    return hashlib.sha256(lessons.version.encode() + panel_digest(panel)).hexdigest()[:16]


def _forget_old(warehouse: Warehouse, now: datetime) -> None:
    old = {"before": moment(now - timedelta(days=_KEPT_DAYS))}
    rows = warehouse.query(
        "SELECT DISTINCT run_id FROM forecast_series WHERE run_id IN (SELECT run_id FROM forecast_runs"
        " WHERE kind = 'daily' AND at < {before:DateTime64(6, 'UTC')})",
        old,
    )
    if rows:
        warehouse.command(
            "DELETE FROM forecast_series WHERE run_id IN {runs:Array(String)}",
            {"runs": [row["run_id"] for row in rows]},
        )
