"""The same mathematics for many products at once: arrays in, arrays out, equal to `Distribution` and `Demand`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.insights.planning.distribution import LEVELS

Floats = NDArray[np.float64]
_EDGES = np.array((0.0, *LEVELS))
_TAIL_LOG = math.log((1 - LEVELS[-2]) / (1 - LEVELS[-1]))
_HALVINGS = 45


def demand_over(mean: Floats, sums: Mapping[int, Floats], days: int) -> Floats:
    """Quantiles at LEVELS of demand over the first so many days, products × levels; see `Demand.over`.

    `mean` is products × days, `sums` holds products × LEVELS by number of days.
    """
    total = mean[:, :days].sum(axis=1)
    if days > mean.shape[1]:
        total = total + mean[:, -28:].mean(axis=1) * (days - mean.shape[1])
    known = sorted(sums)
    spreads = [(sums[length] - mean[:, :length].sum(axis=1)[:, None]) / math.sqrt(length) for length in known]
    roots, root = [math.sqrt(length) for length in known], math.sqrt(days)
    if root <= roots[0]:
        spread = spreads[0]
    elif root >= roots[-1]:
        spread = spreads[-1]
    else:
        at = next(place for place, value in enumerate(roots) if value >= root)
        part = (root - roots[at - 1]) / (roots[at] - roots[at - 1])
        spread = spreads[at - 1] + part * (spreads[at] - spreads[at - 1])
    values: Floats = np.maximum.accumulate(np.maximum(total[:, None] + spread * root, 0.0), axis=1)
    return values


def probabilities(values: Floats, units: Floats) -> Floats:
    """P(demand <= units) for each product; see `Distribution.probability`."""
    lowest = np.maximum(0.0, 2 * values[:, 0] - values[:, 1])
    grid = np.column_stack([lowest, values])
    at = np.clip((grid <= units[:, None]).sum(axis=1) - 1, 0, len(_EDGES) - 2)
    row = np.arange(len(units))
    low, high = grid[row, at], grid[row, at + 1]
    part = (units - low) / np.where(high > low, high - low, 1.0)
    inside = _EDGES[at] + part * (_EDGES[at + 1] - _EDGES[at])
    tail = (values[:, -1] - values[:, -2]) / _TAIL_LOG
    far = 1 - (1 - LEVELS[-1]) * np.exp(-np.maximum(units - values[:, -1], 0) / np.where(tail > 0, tail, 1.0))
    beyond = np.where(tail > 0, far, 1.0)
    found = np.where(units < lowest, 0.0, np.where(units >= values[:, -1], beyond, inside))
    return np.asarray(found)


def mixture_quantiles(parts: Sequence[tuple[Floats, Floats]], levels: Floats) -> Floats:
    """The quantile of each product's mixture: `parts` are (chances per product, its values); found by halving."""
    low = np.zeros(len(levels))
    high = np.max([values[:, -1] for _, values in parts], axis=0) * 2 + 1
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        reached = np.sum([chance * probabilities(values, middle) for chance, values in parts], axis=0) >= levels
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.asarray(high)
