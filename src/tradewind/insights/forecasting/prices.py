"""What a unit cost on each day: against what it mostly costs, and what was taken off.

Only series whose price or discount ever changed have rows here; to all others none of this applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

USUAL_DAYS = 91
"""What a unit mostly cost over so many days before is its usual price; what lasts longer is no exception any more."""
_STEP = 7
"""Days between looks at the usual price."""
_LEAST_CHANGE = 0.02
"""Log of a price by the usual one that is taken for none: rounding, currencies, a few customers' terms."""
MOST_CHANGE = 2.5
MOST_DISCOUNT = 0.95


@dataclass(frozen=True)
class Prices:
    """A row per series that has any, a column per day.

    `relative` is the log of the price before discounts by the usual price; `discount` the share taken off most orders,
    0 where no promotion runs.
    """

    rows: Numbers
    relative: Matrix
    discount: Matrix

    def until(self, days: int) -> Prices:
        """What was known after the first so many days: what came after is not known ahead."""
        return Prices(self.rows, self.relative[:, :days], self.discount[:, :days])

    def only(self, picked: Numbers | Flags, series: int) -> Prices | None:
        """Of these among so many series; None where none of them has any."""
        place = np.full(series, -1)
        place[self.rows] = np.arange(len(self.rows))
        mine = place[picked]
        rows = np.flatnonzero(mine >= 0)
        if not len(rows):
            return None
        return Prices(rows, self.relative[mine[rows]], self.discount[mine[rows]])

    def regressors(self, horizon: int) -> Matrix:
        """Log of what was paid by the usual price, and 1 where a promotion ran: series × days and ahead × 2.

        In the days ahead the last price goes on, and no promotion runs.
        """
        last = np.repeat(self.relative[:, -1:], horizon, axis=1)
        relative = np.concatenate([self.relative, last], axis=1)
        discount = np.concatenate([self.discount, np.zeros_like(last)], axis=1)
        return regressors_of(relative, discount)


def regressors_of(relative: Matrix, discount: Matrix) -> Matrix:
    """What the regression reads, along one more axis."""
    return np.stack([relative + np.log1p(-discount), discount > 0], axis=-1)


def of_series(paths: Sequence[Matrix], discounts: Sequence[Matrix]) -> tuple[Prices | None, Matrix]:
    """Those of series by their price and discount per day, and the usual price of each at the end.

    NaN: unknown, as on a day without a sale. No series varies: None.
    """
    rows, relative, discount = [], [], []
    usual = np.full(len(paths), np.nan)
    for nth, (path, off) in enumerate(zip(paths, discounts, strict=True)):
        change, usual[nth] = against_usual(path)
        promoted = between(off)
        if change.any() or promoted.any():
            rows.append(nth)
            relative.append(change)
            discount.append(promoted)
    if not rows:
        return None, usual
    return Prices(np.array(rows, dtype=np.int64), np.stack(relative), np.stack(discount)), usual


def against_usual(path: Matrix) -> tuple[Matrix, float]:
    """Log of a price by the usual one per day, 0 where they are alike or unknown; and the usual one at the end.

    Of each day it knows the days before alone. A day without a price has that of the day before.
    """
    known = np.flatnonzero(np.isfinite(path))
    if not len(known):
        return np.zeros(len(path)), float("nan")
    filled = carried(path)
    if filled.min() == filled.max():
        return np.zeros(len(path)), float(filled[-1])
    before = np.concatenate([np.full(USUAL_DAYS, filled[0]), filled])
    windows = np.lib.stride_tricks.sliding_window_view(before, USUAL_DAYS)[: len(path) + 1 : _STEP]
    usual = np.repeat(np.median(windows, axis=1), _STEP)[: len(path)]
    change = np.clip(np.log(filled / usual), -MOST_CHANGE, MOST_CHANGE)
    return np.where(np.abs(change) < _LEAST_CHANGE, 0, change), float(usual[-1])


def carried(path: Matrix) -> Matrix:
    """With the last known value where there is none; with the first one before it."""
    known = np.isfinite(path)
    last = np.maximum.accumulate(np.where(known, np.arange(len(path)), 0))
    found = np.where(known, path, path[last])
    return np.where(np.isfinite(found), found, path[np.argmax(known)])


def between(discount: Matrix) -> Matrix:
    """A discount per day; a day without a sale has one where the sales before and after it have (the lower of both)."""
    known = np.isfinite(discount)
    if not known.any() or not np.nanmax(discount) > 0:
        return np.zeros(len(discount))
    forward, backward = carried(discount), carried(discount[::-1])[::-1]
    inside = (np.cumsum(known) > 0) & (np.cumsum(known[::-1])[::-1] > 0)
    return np.asarray(np.clip(np.where(inside, np.minimum(forward, backward), 0), 0, MOST_DISCOUNT))
