"""What no member may forecast: beyond these bounds it is left out for that series, and the others carry on."""

from __future__ import annotations

import numpy as np

from tradewind.insights.forecasting.history import Flags, History, Matrix

_WINDOW = 30
_TWO_YEARS = 730
_TIMES = 4.0
_LEAST_UNITS = 20.0


def broken(history: History, ahead: Matrix, *, of_all: bool = False) -> Flags:
    """Per series: not finite, negative, or 30 days beyond four times the best 30 days of two years (and 20 units).

    With `of_all` the best of any series is the measure: a new one has no past of its own.
    """
    past = history.filled[:, -_TWO_YEARS:]
    best = _window_sums(past).max(axis=1) * (_WINDOW / min(_WINDOW, past.shape[1]))
    best = np.full_like(best, best.max(initial=0)) if of_all else best
    worst = _window_sums(ahead).max(axis=1) * (_WINDOW / min(_WINDOW, ahead.shape[1]))
    wild = (worst > _TIMES * best) & (worst > _LEAST_UNITS)
    with np.errstate(invalid="ignore"):
        return np.asarray(~np.isfinite(ahead).all(axis=1) | (ahead < 0).any(axis=1) | wild)


def _window_sums(values: Matrix) -> Matrix:
    width = min(_WINDOW, values.shape[1])
    summed = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    return np.asarray(summed[:, width:] - summed[:, :-width])
