"""What a training run over all products leaves on disk for the days after it, so that they need no training.

The combination of the members by kind of demand, what it had said at the windows of the back-test (for the intervals),
the trees and the network, and what the panel stood on: its first day, the groups of categories, the holidays.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from tradewind import __version__
from tradewind.core.errors import Conflict
from tradewind.insights.forecasting.classes import DemandClass
from tradewind.insights.forecasting.engine import Combination, Outcome
from tradewind.insights.forecasting.history import Matrix
from tradewind.insights.forecasting.panel import Ground, Panel
from tradewind.insights.forecasting.runs import Run
from tradewind.insights.forecasting.weights import Weighing

FOLDER = "learnt"
_TOLD, _WINDOWS, _NETWORK = "learnt.json", "windows.npz", "network.npz"


class NothingToRoll(Conflict):
    """No training run has left what a roll-forward needs."""

    code = "nothing_to_roll"

    def __init__(self, why: str) -> None:
        super().__init__(f"Forecasts cannot be rolled forward: {why}. Train with: tradewind forecast train")


@dataclass(frozen=True)
class Lessons:
    """Of one training run."""

    run_id: str
    version: str
    model: str
    names: tuple[str, ...]
    """The members that ran."""
    horizon: int
    is_fixed: bool
    """The weights were given, not learnt."""
    ground: Ground
    combinations: Mapping[DemandClass, Combination]
    series: tuple[tuple[str, str], ...]
    """Product and channel, row by row."""
    windows: Mapping[int, Matrix]
    """What was forecast at each origin: a row per series."""
    trees: Mapping[str, str]
    network: Sequence[Matrix]

    @classmethod
    def of(cls, run: Run, names: Sequence[str], panel: Panel, outcome: Outcome, *, is_fixed: bool) -> Lessons:
        learners = outcome.learners
        return cls(
            run.run_id, run.version, run.model, tuple(names), run.horizon, is_fixed, panel.ground,
            outcome.combinations, tuple(zip(panel.products, panel.channels, strict=True)),
            {window.origin: said for window, said in zip(outcome.windows, outcome.combined, strict=True)},
            learners.trees if learners is not None else {},
            learners.network if learners is not None else (),
        )  # fmt: skip

    @property
    def spoken(self) -> tuple[str, ...]:
        """The members that forecasts are made of; the yardstick ran beside them where weights were given."""
        (some, *_) = self.combinations.values()
        return tuple(some.blocks[0].weights) if self.is_fixed else self.names

    def write(self, folder: Path) -> None:
        """Into the folder of all runs; whole or not at all."""
        half = folder / FOLDER / f"{self.run_id}.half"
        half.mkdir(parents=True, exist_ok=True)
        told = {
            "code": __version__,
            "run_id": self.run_id,
            "version": self.version,
            "model": self.model,
            "names": self.names,
            "horizon": self.horizon,
            "is_fixed": self.is_fixed,
            "ground": asdict(self.ground),
            "combinations": {str(kind): asdict(one) for kind, one in self.combinations.items()},
            "series": self.series,
            "trees": self.trees,
        }
        (half / _TOLD).write_bytes(orjson.dumps(told))
        windows = {str(origin): said.astype(np.float32) for origin, said in self.windows.items()}
        np.savez_compressed(half / _WINDOWS, allow_pickle=False, **windows)
        np.savez(half / _NETWORK, *self.network, allow_pickle=False)
        half.rename(folder / FOLDER / self.run_id)

    @classmethod
    def read(cls, folder: Path, run_id: str) -> Lessons:
        """Raises NothingToRoll where they are not there, or are of another version of the code."""
        mine = folder / FOLDER / run_id
        if not mine.is_dir():
            raise NothingToRoll("the training run that is served left nothing in this data folder")
        told = orjson.loads((mine / _TOLD).read_bytes())
        if told["code"] != __version__:
            raise NothingToRoll(f"the run that is served was trained by version {told['code']}, this is {__version__}")
        with np.load(mine / _WINDOWS, allow_pickle=False) as kept:
            windows = {int(name): np.asarray(kept[name], dtype=float) for name in kept.files}
        with np.load(mine / _NETWORK, allow_pickle=False) as kept:
            network = [kept[f"arr_{nth}"] for nth in range(len(kept.files))]
        return cls(
            run_id, told["version"], told["model"], tuple(told["names"]), told["horizon"],
            told["is_fixed"], _ground(told["ground"]),
            {DemandClass(kind): _combination(one) for kind, one in told["combinations"].items()},
            tuple((product, channel) for product, channel in told["series"]),
            windows, told["trees"], network,
        )  # fmt: skip


def forget_lessons_before(folder: Path, run_id: str) -> None:
    """What earlier runs left is not needed once this one is served."""
    for other in (folder / FOLDER).iterdir():
        if other.name < run_id:
            shutil.rmtree(other)


def _ground(told: Mapping[str, Any]) -> Ground:
    return Ground(
        date.fromisoformat(told["first"]),
        date.fromisoformat(told["origin"]),
        told["country"],
        tuple(told["events"]),
        told["groups"],
    )


def _combination(told: Mapping[str, Any]) -> Combination:
    blocks = tuple(Weighing(one["weights"], one["verdicts"]) for one in told["blocks"])
    return Combination(blocks, told["fallback"])
