"""Runs as they are written down: what they are, how far they have come, and the series that they serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import numpy as np
import orjson

from tradewind.events.contracts import moment
from tradewind.insights.forecasting.classes import DemandClass
from tradewind.insights.forecasting.engine import Level
from tradewind.insights.forecasting.served import DAY_LEVELS, Scope
from tradewind.warehouse.client import Warehouse

_LINES = 250


class Kind(StrEnum):
    """What a run forecasts, and by what."""

    ALL = "all"
    """A training over all products."""
    DAILY = "daily"
    """The models of such a training on the days since."""
    PRODUCT = "product"
    """Products and a model of somebody's choice."""


@dataclass(frozen=True)
class Line:
    """A series as it is written: whose it is, and its row in its level."""

    scope: Scope
    name: str
    channel: str
    level: Level
    row: int
    stood_in: bool = False
    """The yardstick is served for it, as nothing that was asked for has spoken."""


@dataclass(frozen=True)
class Run:
    """A run as it is written into a warehouse."""

    run_id: str
    kind: Kind
    model: str
    engine: str
    version: str
    origin: date
    horizon: int
    trained_run: str
    """Of the training whose models are used; its own id where it is one over all products."""

    def tell(
        self, warehouse: Warehouse, status: str, began: datetime, at: datetime, series: int = 0, message: str = ""
    ) -> None:
        told = {
            "run_id": self.run_id,
            "at": moment(at),
            "status": status,
            "kind": str(self.kind),
            "model": self.model,
            "version": self.version,
            "origin": self.origin.isoformat(),
            "horizon": self.horizon,
            "series": series,
            "seconds": (at - began).total_seconds(),
            "message": message,
            "trained_run": self.trained_run,
        }
        warehouse.insert_lines("forecast_runs", orjson.dumps(told), token=f"{self.run_id}:{status}")

    def write(self, warehouse: Warehouse, series: Sequence[Line]) -> None:
        for nth, chunk in enumerate(_chunks(series)):
            block = b"\n".join(
                orjson.dumps(
                    {
                        "run_id": self.run_id,
                        "model": self.model,
                        "engine": self.engine,
                        "version": self.version,
                        "origin": self.origin.isoformat(),
                        **as_row(line),
                    },
                    option=orjson.OPT_SERIALIZE_NUMPY,
                )
                for line in chunk
            )
            warehouse.insert_lines("forecast_series", block, token=f"{self.run_id}:{nth}")


def as_row(line: Line) -> dict[str, Any]:
    """A series' own columns of `forecast_series`."""
    level, row = line.level, line.row
    kind = level.classes[row] if line.scope is Scope.PRODUCT else ""
    return {
        "scope": str(line.scope),
        "name": line.name,
        "channel": line.channel,
        "demand_class": str(kind),
        "mean": level.mean[row],
        "levels": list(DAY_LEVELS),
        "bands": np.ascontiguousarray(level.bands[row].T),
        "sum_days": list(level.sums),
        "sums": [level.sums[days][row] for days in level.sums],
        "flags": flags_of(line),
    }


def flags_of(line: Line) -> list[str]:
    """What a reader must know of a series before trusting it."""
    if line.scope is not Scope.PRODUCT:
        return []
    kind = line.level.classes[line.row]
    found = [str(kind)] if kind in (DemandClass.COLD, DemandClass.YOUNG, DemandClass.ENDED) else []
    if line.stood_in:
        found.append("naive_stands_in")
    if kind is not DemandClass.ENDED and not line.level.mean[line.row].any():
        found.append("no_demand")
    return found


def _chunks(series: Sequence[Line]) -> Iterator[Sequence[Line]]:
    for at in range(0, len(series), _LINES):
        yield series[at : at + _LINES]
