"""How sure a forecast is: quantiles from what forecasts of its size have missed by in the back-test.

Split conformal prediction with pools by forecast size (Mondrian; Vovk and others, 2005): scores r = (y − f) ÷ s(f) of
the back-test, both tails apart, the finite-sample level ⌈(n + 1)·q⌉ ÷ n. Sums over several days have scores of their
own: errors of neighbouring days are not independent, so quantiles of days never add up to those of sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from tradewind.insights.forecasting.history import Matrix

_BINS, _SUM_BINS = 40, 20
"""The most of them. The largest forecasts of a shop are far apart: in few bins they would share scores."""
_LEAST_SCORES = 500
_FEW = 40
"""Scores below which tails are taken from a normal curve of their spread."""
_LEAST_FORECAST = 0.01
_SHARED = 0.03
"""Share of a sum that all of its days err by together."""


def scale_of(forecast: Matrix, *, of_sums: bool) -> Matrix:
    """What an error is measured in: √f of a day, √(F + (0.03·F)²) of a sum."""
    size = np.maximum(forecast, _LEAST_FORECAST)
    return np.asarray(np.sqrt(size + (_SHARED * size) ** 2) if of_sums else np.sqrt(size))


@dataclass(frozen=True)
class Pool:
    """Quantiles of scores by bin of forecast size. `edges` part the bins; a row per bin, a column per level."""

    edges: Matrix
    scores: Matrix
    count: int
    of_sums: bool

    def quantiles(self, forecast: Matrix, widen: Matrix) -> Matrix:
        """Of the demand at the levels, in units: shape of `forecast` × levels. Never negative, in order, top ≥ mean."""
        found = self.scores[np.searchsorted(self.edges, forecast)] * widen
        values = forecast[..., None] + found * scale_of(forecast, of_sums=self.of_sums)[..., None]
        values = np.sort(np.maximum(values, 0), axis=-1)
        values[..., -1] = np.maximum(values[..., -1], forecast)
        return np.asarray(values)


def pool_of(forecast: Matrix, actual: Matrix, levels: Sequence[float], *, of_sums: bool = False) -> Pool | None:
    """The pool of forecasts and what happened, unknown ones (NaN) left out; None without any."""
    ok = np.isfinite(forecast) & np.isfinite(actual)
    size, score = forecast[ok], ((actual - forecast) / scale_of(forecast, of_sums=of_sums))[ok]
    if not len(size):
        return None
    order = np.argsort(size, kind="stable")
    size, score = size[order], score[order]
    bins = int(np.clip(len(size) // _LEAST_SCORES, 1, _SUM_BINS if of_sums else _BINS))
    cuts = [len(size) * one // bins for one in range(1, bins)]
    edges = np.unique(size[cuts])
    parts = np.split(score, np.searchsorted(size, edges, side="right")) if len(edges) else [score]
    kept = [(edge, part) for edge, part in zip([*edges, np.inf], parts, strict=True) if len(part)]
    rows = np.array([_levels(part, levels) for _, part in kept])
    return Pool(np.array([edge for edge, _ in kept[:-1]]), rows, len(score), of_sums)


def _levels(scores: Matrix, levels: Sequence[float]) -> list[float]:
    ordered, count = np.sort(scores), len(scores)
    if count < _FEW:
        spread = float(np.sqrt(np.mean(scores**2))) * (1 + 2 / count) if count > 1 else max(abs(float(scores[0])), 1.0)
        return [NormalDist().inv_cdf(level) * spread for level in levels]
    found = []
    for level in levels:
        upper = level >= 0.5
        rank = int(np.ceil((count + 1) * (level if upper else 1 - level) - 1e-9))
        rank = min(rank, count)
        found.append(float(ordered[rank - 1] if upper else ordered[count - rank]))
    return found


def untested(levels: Sequence[float], *, of_sums: bool = False) -> Pool:
    """For a shop too young for a back-test: a normal curve of three times Poisson's variance."""
    return Pool(np.empty(0), np.array([[NormalDist().inv_cdf(one) * 3**0.5 for one in levels]]), 0, of_sums)
