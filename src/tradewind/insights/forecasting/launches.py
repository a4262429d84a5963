"""`launch`: new products by how products like them began: the category's curve of demand by days since the first sale.

What a new product has sold in its first days moves it off the curve as far as launches differ from each other: with a
gamma-distributed multiplier of shape α (1 ÷ α the variance among launches) it becomes (α + sold) ÷ (α + expected).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradewind.insights.forecasting.classes import COLD_DAYS
from tradewind.insights.forecasting.history import WEEK, Flags, History, Matrix, Numbers

_SEEN_BEFORE = 14
"""Days of the history before a first sale that make it a launch: earlier ones may be older products."""
_LEAST_LAUNCHES = 5
"""Of a category before it has a curve of its own."""
_AGES = (1, 4, 8, 13)
"""Days after the first sale at which launches of the past are forecast again, for what they missed by."""
_RECENT_DAYS = 56
_LEAST_SHAPE, _MOST_SHAPE = 0.2, 50.0


@dataclass(frozen=True)
class Launches:
    """Demand of past launches by days since the first sale, NaN where not known, and the group of each."""

    demand: Matrix
    group: Numbers

    def of(self, group: int) -> Launches:
        """Those of a group, or all where it has too few of its own."""
        mine = self.group == group
        return Launches(self.demand[mine], self.group[mine]) if mine.sum() >= _LEAST_LAUNCHES else self


Pairs = tuple[Matrix, Matrix]
"""Forecasts and what happened: a row per launch and age, a column per day ahead."""


def launches_of(history: History, horizon: int) -> Launches:
    """The series that began within the history, seen from their first day on."""
    width = COLD_DAYS + horizon
    first = history.days - history.age
    rows = np.flatnonzero((first >= _SEEN_BEFORE) & (history.age >= COLD_DAYS))
    days = first[rows, None] + np.arange(width)
    inside = days < history.days
    demand = history.demand[rows[:, None], np.minimum(days, history.days - 1)]
    return Launches(np.where(inside, demand, np.nan), history.group[rows])


def forecast(history: History, horizon: int, rows: Flags) -> Matrix:
    """Means of the days ahead for the new series among all; without a launch to learn from, the group's level."""
    launches = launches_of(history, horizon)
    found = np.full((history.series, horizon), np.nan)
    for row in np.flatnonzero(rows):
        mine, age = launches.of(int(history.group[row])), int(history.age[row])
        curve = _curve(mine.demand) if len(mine.demand) else np.full(COLD_DAYS + horizon, _level(history, int(row)))
        own = history.demand[row, history.days - age :]
        found[row] = _multiplier(own, curve[:age], _shape(mine.demand, curve)) * curve[age : age + horizon]
    return found


def tried(history: History, horizon: int) -> Pairs:
    """Past launches forecast from their first days, each by the curve of the others, and what happened."""
    launches = launches_of(history, horizon)
    forecasts, actual = [np.empty((0, horizon))], [np.empty((0, horizon))]
    for group in np.unique(launches.group):
        mine = launches.of(int(group))
        known, filled = np.isfinite(mine.demand), np.nan_to_num(mine.demand)
        shape = _shape(mine.demand, _curve(mine.demand))
        for nth in np.flatnonzero(mine.group == group):
            if len(mine.demand) < 2:
                continue
            others = known.sum(axis=0) - known[nth], filled.sum(axis=0) - filled[nth]
            curve = _smooth(others[1], others[0])
            for age in _AGES:
                multiplier = _multiplier(mine.demand[nth, :age], curve[:age], shape)
                forecasts.append(multiplier * curve[None, age : age + horizon])
                actual.append(mine.demand[nth, None, age : age + horizon])
    return np.concatenate(forecasts), np.concatenate(actual)


def _curve(demand: Matrix) -> Matrix:
    known = np.isfinite(demand)
    return _smooth(np.nan_to_num(demand).sum(axis=0), known.sum(axis=0))


def _smooth(units: Matrix, count: Numbers) -> Matrix:
    """Mean units by age over a week around it; where none is known any more, as the last known ones."""
    around = np.ones(WEEK)
    whole, days = (np.convolve(one, around, "same") for one in (units, count))
    mean = np.where(days > 0, whole / np.maximum(days, 1), np.nan)
    last = np.flatnonzero(np.isfinite(mean))
    return np.asarray(mean[np.minimum(np.arange(len(mean)), last[-1])]) if len(last) else np.zeros(len(mean))


def _shape(demand: Matrix, curve: Matrix) -> float:
    """How alike launches are: 1 ÷ the variance of their totals by what the curve expects, Poisson's share taken out."""
    known = np.isfinite(demand)
    expected = np.where(known, curve[: demand.shape[1]], 0).sum(axis=1)
    fine = expected > 0
    if fine.sum() < 2:
        return _LEAST_SHAPE
    ratio = np.nan_to_num(demand).sum(axis=1)[fine] / expected[fine]
    variance = float(ratio.var() - (1 / expected[fine]).mean())
    return float(np.clip(1 / max(variance, 1e-9), _LEAST_SHAPE, _MOST_SHAPE))


def _multiplier(own: Matrix, curve: Matrix, shape: float) -> float:
    known = np.isfinite(own)
    return float((shape + own[known].sum()) / (shape + curve[known].sum()))


def _level(history: History, row: int) -> float:
    """Mean units a day of the group's other series of late; the row's own where there are none."""
    others = (history.group == history.group[row]) & (np.arange(history.series) != row)
    rows = others if history.known[others, -_RECENT_DAYS:].any() else np.arange(history.series) == row
    known = history.known[rows, -_RECENT_DAYS:].sum()
    return float(history.filled[rows, -_RECENT_DAYS:].sum() / max(known, 1))
