"""A training run: back-test, fit, write, and only then serve. One that fails leaves what was served before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from tradewind import __version__
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.ids import new_id
from tradewind.insights.forecasting import backtest, members, models, scoring
from tradewind.insights.forecasting.classes import Classes, DemandClass, classify
from tradewind.insights.forecasting.engine import Level, Outcome, Progress, forecast, summed, summed_history
from tradewind.insights.forecasting.history import History, Numbers
from tradewind.insights.forecasting.learners import Learners
from tradewind.insights.forecasting.lessons import Lessons, forget_lessons_before
from tradewind.insights.forecasting.panel import Panel, load
from tradewind.insights.forecasting.runs import Kind, Line, Run
from tradewind.insights.forecasting.served import LEVELS, Scope
from tradewind.insights.forecasting.underway import tell_killed, underway
from tradewind.insights.forecasting.unfinished import Unfinished
from tradewind.insights.forecasting.weights import BLOCKS
from tradewind.insights.gold import Gold
from tradewind.warehouse.client import Warehouse

LONGEST_HORIZON = 365
AUTO_MEMBERS = (*members.DENSE_MEMBERS, *members.THIN_MEMBERS, "gbm", "launch", "naive")
"""What `auto` tries, and `lstm` where it is installed; the yardstick is always among them."""
_KEPT_RUNS = 8
_KEPT_MEMBERS = 2_000
"""Series whose members' means are kept in the run's folder."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to do."""

    model: str = models.AUTO
    horizon: int = 90
    product_ids: tuple[str, ...] | None = None
    """None: all products."""
    weights: Mapping[str, float] | None = None
    """Fixed weights by model, in place of learned ones."""


class NothingLearnt(Conflict):
    """The model that was asked for has no forecast for any product."""

    code = "model_not_trained"


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run made."""

    run_id: str
    version: str
    model: str
    origin: date
    horizon: int
    products: int
    series: int
    seconds: float
    wape: float | None
    naive_wape: float | None


def check(asked: Asked) -> tuple[tuple[str, ...], Mapping[str, float] | None]:
    """The members that will run and their weights where those are fixed. Raises InvalidInput and ModelNotInstalled."""
    if not 1 <= asked.horizon <= LONGEST_HORIZON:
        raise InvalidInput(f"horizon_days must be 1 to {LONGEST_HORIZON}.", field="horizon_days")
    model = models.model_named(asked.model)
    if asked.weights is not None:
        if model.members:
            raise InvalidInput("Weights go with the model 'ensemble'.", field="weights")
        fixed = models.check_weights(asked.weights)
        return (*dict.fromkeys((*fixed, "naive")),), fixed
    if model.members:
        return (*dict.fromkeys((*model.members, "naive")),), {model.members[0]: 1.0}
    if asked.product_ids is not None:
        return tuple(name for name in AUTO_MEMBERS if name not in members.LEARNT), None
    return auto_members(), None


def auto_members() -> tuple[str, ...]:
    """What `auto` tries here."""
    return (*AUTO_MEMBERS, "lstm") if models.MODELS["lstm"].is_installed else AUTO_MEMBERS


def names_of(asked: Asked) -> tuple[str, ...]:
    """The members that a forecast is made of; the yardstick beside them is not one where something was asked for."""
    names, fixed = check(asked)
    return tuple(fixed) if fixed is not None else names


def compute(
    panel: Panel, asked: Asked, progress: Progress = lambda _: None, *, kept_at: backtest.Kept | None = None
) -> tuple[Outcome, list[Line]]:
    """Forecasts of a panel and all its sums; nothing is written but windows of the back-test to `kept_at`."""
    names, fixed = check(asked)
    classes = classify(panel.history, panel.ended, panel.archived)
    outcome = engine_run(
        panel.history, asked.horizon, names, classes=classes, fixed=fixed, kept_at=kept_at, progress=progress
    )
    if fixed is not None and outcome.stood_in[classes != DemandClass.ENDED].all():
        raise NothingLearnt(
            f"'{asked.model}' could not be fitted to any product: there is too little history for it. Choose another"
            " model, or 'auto'."
        )
    return outcome, lines(panel, outcome)


def engine_run(
    history: History,
    horizon: int,
    names: Sequence[str],
    *,
    classes: Classes | None = None,
    fixed: Mapping[str, float] | None = None,
    kept_at: backtest.Kept | None = None,
    progress: Progress = lambda _: None,
) -> Outcome:
    """The engine with these members: each for its classes, or with fixed weights each for every series."""
    classes = classify(history) if classes is None else classes
    learners = Learners(history, classes, names, is_fixed=fixed is not None)
    outcome = forecast(
        history,
        horizon,
        learners,
        classes=classes,
        fixed=fixed,
        origins=learners.origins,
        kept_at=kept_at,
        progress=progress,
    )
    return replace(outcome, learners=learners)


def lines(panel: Panel, outcome: Outcome) -> list[Line]:
    """Every series that is kept: products by channel, products, categories, channels and all."""
    found = [
        Line(Scope.PRODUCT, product, channel, outcome.base, row, bool(outcome.stood_in[row]))
        for row, (product, channel) in enumerate(zip(panel.products, panel.channels, strict=True))
    ]
    products, group = _numbered(panel.products)
    ended = np.ones(len(products), bool)
    archived = np.zeros(len(products), bool)
    np.logical_and.at(ended, group, panel.ended)
    if panel.archived is not None:
        np.logical_or.at(archived, group, panel.archived)
    whole = summed_history(panel.history, group, len(products))
    level = summed(outcome, group, len(products), classify(whole, ended, archived))
    stood_in = np.zeros(len(products), bool)
    np.logical_or.at(stood_in, group, outcome.stood_in)
    found += [Line(Scope.PRODUCT, name, "", level, row, bool(stood_in[row])) for row, name in enumerate(products)]
    categories, group = _numbered(panel.categories)
    found += _level_lines(Scope.CATEGORY, categories, "", summed(outcome, group, len(categories)))
    channels, group = _numbered(panel.channels)
    level = summed(outcome, group, len(channels))
    found += [Line(Scope.ALL, "", channel, level, row) for row, channel in enumerate(channels)]
    everything = summed(outcome, np.zeros(len(panel.products), dtype=np.int64), 1)
    return [*found, Line(Scope.ALL, "", "", everything, 0)]


def train(
    warehouse: Warehouse,
    folder: Path,
    asked: Asked,
    *,
    today: date,
    now: Callable[[], datetime],
    country: str | None = None,
    progress: Progress = lambda _: None,
) -> Trained:
    """Forecasts, writes, and serves from then on. Raises what stopped it, after writing that down.

    `folder` gets one folder per run with its weights and what the members said. A run over all products that was
    stopped goes on where it was when it is asked for again, as long as demand is the same.
    """
    began = now()
    names, fixed = check(asked)
    tell_killed(warehouse, folder, now)
    run_id = new_id()
    progress("reading demand")
    panel = load(Gold(warehouse), today, asked.product_ids, country=country)
    progress(panel.events)
    version = version_of(asked, panel)
    kind, trained_run = (Kind.ALL, run_id) if asked.product_ids is None else (Kind.PRODUCT, "")
    engine = models.engine_of(names_of(asked))
    run = Run(run_id, kind, asked.model, engine, version, panel.origin, asked.horizon, trained_run)
    with underway(folder, run_id):
        run.tell(warehouse, "running", began, began)
        try:
            kept_at = Unfinished.of(folder, version) if kind is Kind.ALL else None
            if kept_at is not None and kept_at.done:
                progress(f"going on with a run that was stopped: {kept_at.done} origins are done")
            outcome, series = compute(panel, asked, progress, kept_at=kept_at)
            if kind is Kind.PRODUCT:
                series = [line for line in series if line.scope is Scope.PRODUCT]
            rated = scoring.scores(panel, outcome, asked.model)
            progress(f"writing {len(series):,} series")
            run.write(warehouse, series)
            _write_scores(warehouse, run, rated, outcome)
            _keep(folder / run_id, run, panel, outcome, rated)
            if kind is Kind.ALL:
                Lessons.of(run, names, panel, outcome, is_fixed=fixed is not None).write(folder)
        except BaseException as failure:
            run.tell(warehouse, "failed", began, now(), message=f"{type(failure).__name__}: {failure}"[:500])
            raise
        ended = now()
        run.tell(warehouse, "served", began, ended, len(series))
    if kept_at is not None:
        kept_at.forget()
        forget_lessons_before(folder, run_id)
    _forget_old(folder)
    (whole,) = [
        row for row in rated if (row["model"], row["part"], row["horizon"]) == (asked.model, "all", "1-90")
    ] or [{"wape": None, "naive_wape": None}]
    return Trained(
        run_id, version, asked.model, panel.origin, asked.horizon, len(set(panel.products)), len(series),
        round((ended - began).total_seconds(), 3), whole["wape"], whole["naive_wape"],
    )  # fmt: skip


def version_of(asked: Asked, panel: Panel) -> str:
    """Equal code, wishes and demand: equal version."""
    code = [__version__, models.engine_of(names_of(asked))]
    found = hashlib.sha256(json.dumps([*code, asked.model, asked.horizon, asked.weights]).encode())
    found.update(panel_digest(panel))
    return found.hexdigest()[:16]


def panel_digest(panel: Panel) -> bytes:
    """Of all that a panel tells."""
    found = hashlib.sha256(repr((panel.products, panel.channels, panel.categories, panel.origin)).encode())
    found.update(np.nan_to_num(panel.history.demand, nan=-1).tobytes())
    if panel.history.events is not None:
        found.update(panel.history.events.tobytes())
    if (prices := panel.history.prices) is not None:
        for one in (prices.rows, prices.relative, prices.discount):
            found.update(one.tobytes())
    return found.digest()


def _write_scores(warehouse: Warehouse, run: Run, rated: Sequence[Mapping[str, Any]], outcome: Outcome) -> None:
    if rated:
        block = b"\n".join(orjson.dumps({"run_id": run.run_id, **row}) for row in rated)
        warehouse.insert_lines("forecast_scores", block, token=f"{run.run_id}:scores")
    weighed = [{"run_id": run.run_id, **row} for row in weights_of(outcome)]
    if weighed:
        block = b"\n".join(orjson.dumps(row) for row in weighed)
        warehouse.insert_lines("forecast_weights", block, token=f"{run.run_id}:weights")


def weights_of(outcome: Outcome) -> list[dict[str, Any]]:
    """The weights by class, block of horizons and member, with what became of those that stayed out."""
    return [
        {
            "demand_class": str(kind),
            "horizon": f"{first}-{last}",
            "model": name,
            "weight": 0.0 if combination.fallback else weighing.weights.get(name, 0.0),
            "verdict": f"{combination.fallback} is served: the mean does not beat it"
            if combination.fallback
            else verdict,
        }
        for kind, combination in outcome.combinations.items()
        for (first, last), weighing in zip(BLOCKS, combination.blocks, strict=True)
        for name, verdict in weighing.verdicts.items()
    ]


def _keep(folder: Path, run: Run, panel: Panel, outcome: Outcome, rated: Sequence[Mapping[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "version": run.version,
        "code": __version__,
        "model": run.model,
        "horizon": run.horizon,
        "origin": run.origin.isoformat(),
        "series": len(panel.products),
        "events": panel.events,
        "windows": [window.origin for window in outcome.windows],
        "window_days": backtest.WINDOW,
        "levels": list(LEVELS),
        "weights": weights_of(outcome),
        "scores": list(rated),
    }
    (folder / "run.json").write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    said = {name: one[:_KEPT_MEMBERS].astype(np.float32) for name, one in outcome.parts.items()}
    keys = np.array([f"{p}\t{c}" for p, c in zip(panel.products, panel.channels, strict=True)][:_KEPT_MEMBERS])
    np.savez_compressed(folder / "members.npz", allow_pickle=False, series=keys, **said)


def _forget_old(folder: Path) -> None:
    """Folders of older runs go; their forecasts and scores stay in the warehouse."""
    for old in sorted(one for one in folder.iterdir() if (one / "run.json").exists())[:-_KEPT_RUNS]:
        for file in ("run.json", "members.npz"):
            (old / file).unlink(missing_ok=True)
        old.rmdir()


def _numbered(names: Sequence[str]) -> tuple[list[str], Numbers]:
    found, inverse = np.unique(np.array(names), return_inverse=True)
    return [str(one) for one in found], np.asarray(inverse, dtype=np.int64)


def _level_lines(scope: Scope, names: Sequence[str], channel: str, level: Level) -> list[Line]:
    return [Line(scope, name, channel, level, row) for row, name in enumerate(names)]
