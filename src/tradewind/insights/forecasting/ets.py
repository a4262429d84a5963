"""`ets`: exponential smoothing of level × weekday, for all series and a grid of smoothing constants at once.

The multiplicative form without trend (Holt and Winters; Hyndman and others, 2008, "MNM"). Each series takes the pair of
constants with the least squared error one day ahead over its last year.
"""

from __future__ import annotations

import numpy as np

from tradewind.insights.forecasting.history import WEEK, Flags, History, Matrix, Numbers

_LEVEL = (0.02, 0.05, 0.1, 0.2, 0.4)
_WEEKDAY = (0.02, 0.1)
_JUDGED_DAYS = 364
_LONGEST = 1_095
"""Days that are gone through; older ones weigh nothing any more."""
_START_DAYS = 56
_LEAST_RATIO, _MOST_RATIO = 0.02, 20.0


def forecast(history: History, horizon: int, factor: Matrix | None = None) -> Matrix:
    """Means of the days ahead. With `factor`, of demand divided by it, and multiplied back."""
    days = min(history.days, _LONGEST)
    demand, known = history.filled[:, -days:], history.known[:, -days:]
    if factor is not None:
        demand = demand / factor[:, history.days - days : history.days]
    weekday = history.weekday(horizon)[history.days - days :]
    alpha, gamma = (grid.ravel()[None] for grid in np.meshgrid(_LEVEL, _WEEKDAY, indexing="ij"))
    level, ratio = _start(demand, known, weekday[:days], alpha.shape[1])
    error = np.zeros_like(level)
    for day in range(days):
        seen = known[:, day, None]
        actual, today = demand[:, day, None], weekday[day]
        share = ratio[today]
        expected = level * share
        if day >= days - _JUDGED_DAYS:
            error += np.where(seen, (actual - expected) ** 2, 0)
        step = np.where(seen, alpha * (actual / share - level), 0)
        level = np.maximum(level + step, 1e-9)
        turned = np.clip(share + gamma * (actual / level - share), _LEAST_RATIO, _MOST_RATIO)
        ratio[today] = np.where(seen, turned, share)
    best = np.argmin(error, axis=1)
    rows = np.arange(history.series)
    ahead: Matrix = level[rows, best][:, None] * ratio[:, rows, best][weekday[days:]].T
    ahead[~(history.filled > 0).any(axis=1)] = 0
    if factor is not None:
        ahead = ahead * factor[:, history.days : history.days + horizon]
    return ahead


def _start(demand: Matrix, known: Flags, weekday: Numbers, width: int) -> tuple[Matrix, Matrix]:
    """Level and weekday ratios from the first known weeks, ratios drawn toward 1."""
    nth = np.cumsum(known, axis=1)
    first = known & (nth <= _START_DAYS)
    count = np.maximum(first.sum(axis=1), 1)
    level = np.maximum(np.where(first, demand, 0).sum(axis=1) / count, 1e-3)
    ratio = np.ones((WEEK, demand.shape[0]))
    for day in range(WEEK):
        mine = first & (weekday == day)[None]
        ratio[day] = (np.where(mine, demand, 0).sum(axis=1) / level + 2) / (mine.sum(axis=1) + 2)
    ratio = np.clip(ratio, _LEAST_RATIO, _MOST_RATIO)
    return np.repeat(level[:, None], width, axis=1), np.repeat(ratio[:, :, None], width, axis=2)
