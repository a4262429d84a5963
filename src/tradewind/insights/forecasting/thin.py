"""Members for demand that is thin or young, and the yardstick: `pooled`, `croston` (TSB) and `naive`."""

from __future__ import annotations

import numpy as np

from tradewind.insights.forecasting import glm
from tradewind.insights.forecasting.history import WEEK, History, Matrix, mean_known

_HALF_LIFE, _LONG_HALF_LIFE = 14.0, 112.0
_PRIOR_DAYS = 10.0
"""How many days of its own long-run rate a series' recent level is mixed with."""
_TSB = 0.1
_CLOSED = 0.05
"""A weekday with less than this share of a mean day's demand in its group counts as closed."""


def profiles(history: History, horizon: int) -> Matrix:
    """What the calendar says of each series' group, past and ahead, mean 1: from the regression of the group's total.

    Without its trend: a series' own level follows that, and a trend of few months is no promise.
    """
    groups = np.unique(history.group)
    totals = np.stack(
        [
            np.where(
                history.known[history.group == one].any(axis=0),
                history.filled[history.group == one].sum(axis=0),
                np.nan,
            )
            for one in groups
        ]
    )
    fit = glm.fit(History(totals, history.first_day, groups, history.events), horizon)
    mean = np.maximum(fit.profile[:, : history.days].mean(axis=1, keepdims=True), 1e-9)
    return np.asarray((fit.profile / mean)[np.searchsorted(groups, history.group)])


def pooled(history: History, profile: Matrix) -> Matrix:
    """The group's profile times the series' level: its discounted demand by the discounted profile."""
    past, ahead = profile[:, : history.days], profile[:, history.days :]
    long = _level(history, past, _LONG_HALF_LIFE, np.zeros(history.series), 0.0)
    return np.asarray(_level(history, past, _HALF_LIFE, long, _PRIOR_DAYS)[:, None] * ahead)


def _level(history: History, profile: Matrix, half_life: float, prior: Matrix, prior_days: float) -> Matrix:
    weight = 0.5 ** (np.arange(history.days)[::-1] / half_life)
    demand = history.filled @ weight
    exposure = (np.where(history.known, profile, 0)) @ weight
    return np.asarray((demand + prior * prior_days) / np.maximum(exposure + prior_days, 1e-9))


def tsb(history: History, horizon: int) -> Matrix:
    """Teunter, Syntetos and Babai (2011): smoothed chance of a sale times smoothed size, by the group's weekdays."""
    weekday = history.weekday(horizon)
    ratio = _weekday_ratio(history)
    known, demand = history.known, history.filled
    first = np.maximum(mean_known(history, history.days), 1e-9)
    sold = known & (demand > 0)
    days, sales = np.maximum(known.sum(axis=1), 1), sold.sum(axis=1)
    chance = np.maximum(sales / days, 1e-6)
    size = np.where(sales > 0, first * days / np.maximum(sales, 1), 0)
    start = history.days - np.minimum(history.age, history.days)
    for day in range(history.days):
        share = ratio[weekday[day]]
        seen = known[:, day] & (share > _CLOSED) & (day >= start)
        buys = seen & (demand[:, day] > 0)
        chance = np.where(seen, chance + _TSB * (buys - chance), chance)
        size = np.where(buys, size + _TSB * (demand[:, day] / np.maximum(share, _CLOSED) - size), size)
    return np.asarray((chance * size)[:, None] * ratio[weekday[history.days :]].T)


def _weekday_ratio(history: History) -> Matrix:
    """Demand of each weekday by that of a mean day, per series of a group alike: a row per weekday."""
    weekday = history.weekday()
    ratio = np.ones((WEEK, history.series))
    for one in np.unique(history.group):
        mine = history.group == one
        demand, known = history.filled[mine], history.known[mine]
        whole = demand.sum() / max(known.sum(), 1)
        for day in range(WEEK):
            at = weekday == day
            if whole > 0 and known[:, at].any():
                ratio[day, mine] = demand[:, at].sum() / known[:, at].sum() / whole
    return ratio


def naive(history: History, horizon: int) -> Matrix:
    """The newest known demand of the same weekday, again and again; the yardstick that all others must beat."""
    newest = np.zeros((history.series, WEEK))
    weekday = history.weekday(horizon)
    for offset in range(min(history.days, 8 * WEEK) - 1, -1, -1):
        day = history.days - 1 - offset
        at = weekday[day]
        newest[:, at] = np.where(history.known[:, day], history.filled[:, day], newest[:, at])
    return newest[:, weekday[history.days :]]
