"""What the bars of forecasts share: rows of floor, goal and figure, and forecasts from days in the past."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from bench.forecast_data import DataSet
from tradewind.insights.forecasting import training
from tradewind.insights.forecasting.history import History, Matrix

ROOT = Path(__file__).resolve().parents[1]
_KEPT = ROOT / ".build" / "bench" / "forecast"
_CODE = ROOT / "src" / "tradewind" / "insights" / "forecasting"
_LEAST_HISTORY = 60


@dataclass
class Bars:
    """The rows that are printed."""

    rows: list[tuple[str, str, str, str, str, bool | None]] = field(default_factory=list)

    def add(self, name: str, what: str, floor: str, goal: str, measured: str, is_met: bool | None) -> None:
        self.rows.append((name, what, floor, goal, measured, is_met))
        print(
            f"{name:4} {what}: {measured} (floor {floor}, goal {goal}){'  MISSED' if is_met is False else ''}",
            flush=True,
        )

    def print(self) -> None:
        print(f"\n| # | what | floor | goal | measured | floor holds |\n{'| --- ' * 6}|")
        for *texts, is_met in self.rows:
            print(f"| {' | '.join(texts)} | {'yes' if is_met else 'no' if is_met is False else '–'} |")


@dataclass(frozen=True)
class Tried:
    """A forecast from a cutoff, and what came."""

    mean: Matrix
    bands: Matrix
    sums: dict[int, Matrix]
    naive: Matrix
    actual: Matrix
    history: History
    seconds: float
    """Of the processor, for back-test and forecast."""


def known_at(data: DataSet, cutoff: date) -> tuple[History, Matrix]:
    """What was known at the end of a day of the series that were old enough then, and what came after it."""
    days = data.days_until(cutoff)
    known = data.demand[:, :days]
    rows = np.isfinite(known).sum(axis=1) >= _LEAST_HISTORY
    actual = np.nan_to_num(data.demand[rows, days : days + data.horizon])
    return History(known[rows], data.first_day, np.zeros(int(rows.sum()), dtype=np.int64), data.events), actual


def try_at(data: DataSet, cutoff: date, names: Sequence[str] = training.AUTO_MEMBERS) -> Tried:
    """Everything up to a day is known; the horizon after it is what is judged."""
    history, actual = known_at(data, cutoff)
    kept = _KEPT / f"{_state(data, cutoff, names)}.npz"
    if not kept.exists():
        began = time.process_time()
        found = training.engine_run(history, 90, names)
        seconds = time.process_time() - began
        _KEPT.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".half.npz")
        sums = {f"sum_{length}": one for length, one in found.base.sums.items()}
        np.savez(
            half,
            allow_pickle=False,
            mean=found.base.mean,
            bands=found.base.bands,
            naive=found.parts["naive"],
            seconds=np.array(seconds),
            **sums,
        )
        half.rename(kept)
    told, end = np.load(kept), data.horizon
    lengths = [int(name.removeprefix("sum_")) for name in told.files if name.startswith("sum_")]
    return Tried(
        told["mean"][:, :end],
        told["bands"][:, :end],
        {length: told[f"sum_{length}"] for length in lengths if length <= end},
        told["naive"][:, :end],
        actual,
        history,
        float(told["seconds"]),
    )


def _state(data: DataSet, cutoff: date, names: Sequence[str]) -> str:
    """Another name for another question, other data, or other code."""
    found = hashlib.sha256(repr((data.name, data.demand.shape, cutoff, tuple(names))).encode())
    found.update(np.nan_to_num(data.demand, nan=-1).tobytes())
    for file in sorted(_CODE.glob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()[:24]


def wape(actual: Matrix, forecast: Matrix) -> float:
    return float(np.abs(actual - forecast).sum() / actual.sum())
