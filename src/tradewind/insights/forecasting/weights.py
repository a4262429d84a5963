"""How much each member counts: by demand class and block of horizons, from the back-test, drawn half-way to equal.

Bates and Granger (1969) with the shrinkage that few windows ask for. A member that makes the mean worse stays out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tradewind.insights.forecasting.history import Matrix

BLOCKS = ((1, 30), (31, 60), (61, 365))
"""First and last horizon of each block of weights."""
_TOLERANCE = 1.005
_SHRINK = 0.5
_LEAST_SHARE = 0.3
"""Of the judged days that a member must have spoken for to be weighed."""


@dataclass(frozen=True)
class Weighing:
    """Weights of the members that take part, and the verdict on each that was tried."""

    weights: Mapping[str, float]
    verdicts: Mapping[str, str]


def weigh(means: Mapping[str, Matrix], actual: Matrix, scale: Matrix) -> Weighing:
    """From forecasts and what happened (series × days), errors in units of `scale` per series.

    Members enter in the order of their own error, each only where the mean's error does not rise by more than 0.5 %.
    """
    judged = np.isfinite(actual)
    mute = [name for name, one in means.items() if (np.isfinite(one) & judged).sum() < _LEAST_SHARE * judged.sum()]
    means = {name: one for name, one in means.items() if name not in mute} or means
    ok = judged & np.all([np.isfinite(one) for one in means.values()], axis=0)
    if not ok.any():
        return Weighing(dict.fromkeys(means, 1 / len(means)), dict.fromkeys(means, "untested"))
    target = (actual / scale[:, None])[ok]
    tried = {name: (one / scale[:, None])[ok] for name, one in means.items()}
    order = sorted(tried, key=lambda name: (_rmse(tried[name], target), name))
    inside: list[str] = []
    verdicts = dict.fromkeys(mute, "out: too little to try it on")
    for name in order:
        error = _rmse(_mean([tried[one] for one in (*inside, name)]), target)
        if not inside or error <= _TOLERANCE * _rmse(_mean([tried[one] for one in inside]), target):
            inside.append(name)
            verdicts[name] = "in"
        else:
            verdicts[name] = "out: raises the error"
    best = _least_squares([tried[name] for name in inside], target)
    shrunk = _SHRINK * best + (1 - _SHRINK) / len(inside)
    return Weighing({name: round(float(one), 6) for name, one in zip(inside, shrunk, strict=True)}, verdicts)


def combine(means: Mapping[str, Matrix], weights: Mapping[str, float]) -> Matrix:
    """Σ weight × member; where a member does not speak, the others share its weight. NaN where none does."""
    names = [name for name in weights if name in means]
    stacked = np.stack([means[name] for name in names])
    share = np.array([weights[name] for name in names])[:, None, None] * np.isfinite(stacked)
    total = share.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, (share * np.nan_to_num(stacked)).sum(axis=0) / total, np.nan))


def _least_squares(members: Sequence[Matrix], target: Matrix) -> Matrix:
    """Weights ≥ 0 with sum 1 of the least squared error: projected gradient on the small normal matrix."""
    stacked = np.stack(members)
    normal, right = stacked @ stacked.T / target.size, stacked @ target / target.size
    weights = np.full(len(members), 1 / len(members))
    step = 1 / max(float(np.linalg.norm(normal, 2)), 1e-12)
    for _ in range(2_000):
        weights = _on_simplex(weights - step * (normal @ weights - right))
    return weights


def _on_simplex(values: Matrix) -> Matrix:
    """The nearest point with parts ≥ 0 and sum 1 (Held, Wolfe and Crowder, 1974)."""
    ordered = np.sort(values)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(values) + 1)
    last = np.nonzero(ordered > excess)[0][-1]
    return np.asarray(np.maximum(values - excess[last], 0))


def _mean(members: Sequence[Matrix]) -> Matrix:
    return np.asarray(np.mean(members, axis=0))


def _rmse(forecast: Matrix, target: Matrix) -> float:
    return float(np.sqrt(np.mean((forecast - target) ** 2)))
