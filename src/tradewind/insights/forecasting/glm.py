"""`glm`: a Poisson regression of demand on trend, weekday, time of year and events, for all series at once.

log μ_t = a + b·t + Σ c_k (t − τ_k)₊ + weekday + Fourier(365.25 d, 8 pairs) + events: the form of Prophet (Taylor and
Letham, 2018) with a count likelihood. Fitted by iteratively reweighted least squares with a ridge penalty times the
dispersion; the normal matrices of all series come out of one matrix product per round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradewind.insights.forecasting.history import WEEK, YEAR, Flags, History, Matrix, Numbers, day_number

_KNOTS = 12
_PAIRS = 8
ROUNDS = 6
BLOCK = 1_000
"""Series that are solved together; about 60 MB at five years."""
_YEARLY_FROM = 400
"""Days of history from which on a series has a yearly term of its own."""
_LEAST_LOG, _MOST_LOG = -4.0, 3.0
"""Bounds of log μ around the log of the series' mean."""
_RECENT_DAYS, _RECENT_PRIOR, _FADE_DAYS = 28, 200.0, 60.0
_RIDGE_FREE, _RIDGE_TREND, _RIDGE_KNOT, _RIDGE_WEEKDAY, _RIDGE_EVENT = 1e-6, 1.0, 30.0, 0.5, 0.5
_FORBIDDEN = 1e9


@dataclass(frozen=True)
class Fit:
    """What the regression says of the past and of the days ahead; units per day."""

    fitted: Matrix
    ahead: Matrix
    """Without the recent level."""
    mean: Matrix
    """With it: the forecast."""
    factor: Matrix
    """Yearly and event effect as a factor, for all days of the past and ahead."""
    profile: Matrix
    """The same with the weekday: all that the calendar says."""
    dispersion: Matrix
    """Pearson's φ per series; 1 is Poisson noise."""


def fit(history: History, horizon: int) -> Fit:
    """Fits every series and looks `horizon` days ahead. A series without a sale gets zeros."""
    design, ridge, seasonal = design_of(history, horizon)
    parts = [
        _fit_block(history.filled[rows], history.known[rows], history.age[rows], design, ridge, seasonal, history.days)
        for rows in (slice(at, at + BLOCK) for at in range(0, max(history.series, 1), BLOCK))
    ]
    fitted, ahead, mean, factor, profile, dispersion = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Fit(fitted, ahead, mean, factor, profile, dispersion)


def design_of(history: History, horizon: int) -> tuple[Matrix, Matrix, slice]:
    """Regressors by day, their penalties, and which of them are yearly or events."""
    days = history.days + horizon
    t = np.arange(days) / max(history.days, 1)
    knots = np.linspace(0, 0.9, _KNOTS + 1)[1:]
    weekday = (history.weekday(horizon)[:, None] == np.arange(WEEK)).astype(float)
    angle = 2 * np.pi * (day_number(history.first_day) + np.arange(days))[:, None] * np.arange(1, _PAIRS + 1) / YEAR
    columns = [np.ones((days, 1)), t[:, None], np.maximum(t[:, None] - knots, 0), weekday]
    before = sum(part.shape[1] for part in columns)
    columns += [np.cos(angle), np.sin(angle)]
    yearly = 0.5 * (1 + np.arange(1, _PAIRS + 1) ** 2 / 10)
    ridge = [
        np.full(1, _RIDGE_FREE), np.full(1, _RIDGE_TREND), np.full(_KNOTS, _RIDGE_KNOT), np.full(WEEK, _RIDGE_WEEKDAY),
        yearly, yearly,
    ]  # fmt: skip
    if history.events is not None and history.events.shape[1]:
        columns.append(history.events[:days])
        ridge.append(np.full(history.events.shape[1], _RIDGE_EVENT))
    design = np.concatenate(columns, axis=1)
    return design, np.concatenate(ridge), slice(before, design.shape[1])


class Normal:
    """The normal matrices of many series that share a design, round by round."""

    def __init__(self, past: Matrix, penalty: Matrix) -> None:
        width = past.shape[1]
        self._upper = np.triu_indices(width)
        self._products = (past[:, self._upper[0]] * past[:, self._upper[1]]).astype(np.float32)
        self._penalty = penalty
        self._matrices = np.empty((len(penalty), width, width))

    def matrices(self, weight: Matrix, dispersion: Matrix) -> Matrix:
        """By the weight of each day. The next call writes over what this one gave."""
        flat = (weight.astype(np.float32) @ self._products).astype(np.float64)
        found, diagonal = self._matrices, np.arange(self._penalty.shape[1])
        found[:, self._upper[0], self._upper[1]] = flat
        found[:, self._upper[1], self._upper[0]] = flat
        found[:, diagonal, diagonal] += self._penalty * dispersion[:, None]
        return found


def penalties(ridge: Matrix, age: Numbers, seasonal: slice) -> Matrix:
    """Those of each series: a young one has no time of year."""
    found = np.repeat(ridge[None], len(age), axis=0)
    found[np.ix_(age < _YEARLY_FROM, np.arange(seasonal.start, seasonal.start + 2 * _PAIRS))] = _FORBIDDEN
    return found


def bounds(level: Matrix) -> tuple[Matrix, Matrix]:
    """The least and the most that log μ may be, by the mean of each series."""
    log_level = np.log(np.maximum(level, 1e-3))
    return (log_level + _LEAST_LOG)[:, None], (log_level + _MOST_LOG)[:, None]


def first_guess(demand: Matrix, level: Matrix) -> Matrix:
    """The log μ that rounds begin with."""
    return np.asarray(np.log((demand + level[:, None] * 3 + 1e-3) / 4))


def dispersion_of(demand: Matrix, known: Flags, mean: Matrix, width: int) -> Matrix:
    """Pearson's φ of each series."""
    count = np.maximum(known.sum(axis=1), 1)
    error = np.where(known, (demand - mean) ** 2 / mean, 0).sum(axis=1)
    return np.asarray(np.clip(error / np.maximum(count - width / 2, count / 2), 0.3, 1e4))


def _fit_block(
    demand: Matrix, known: Flags, age: Numbers, design: Matrix, ridge: Matrix, seasonal: slice, days: int
) -> tuple[Matrix, ...]:
    series, width = demand.shape[0], design.shape[1]
    past = design[:days]
    normal = Normal(past, penalties(ridge, age, seasonal))
    count = np.maximum(known.sum(axis=1), 1)
    level = demand.sum(axis=1) / count
    low, high = bounds(level)
    log_mean = first_guess(demand, level)
    beta: Matrix = np.zeros((series, width))
    dispersion: Matrix = np.ones(series)
    for turn in range(ROUNDS):
        mean = np.exp(log_mean)
        weight = np.where(known, mean, 0)
        matrices = normal.matrices(weight, dispersion)
        target = (weight * log_mean + np.where(known, demand - mean, 0)) @ past
        beta = np.asarray(np.linalg.solve(matrices, target[..., None]), dtype=float)[..., 0]
        log_mean = np.clip(beta @ past.T, low, high)
        if turn:
            dispersion = dispersion_of(demand, known, np.exp(log_mean), width)
    whole = np.exp(np.clip(beta @ design.T, low, high))
    whole[level == 0] = 0
    fitted, ahead = whole[:, :days], whole[:, days:]
    recent = known[:, -_RECENT_DAYS:]
    prior = _RECENT_PRIOR * dispersion
    ratio = (np.where(recent, demand[:, -_RECENT_DAYS:], 0).sum(axis=1) + prior) / (
        np.where(recent, fitted[:, -_RECENT_DAYS:], 0).sum(axis=1) + prior
    )
    fading = 0.5 ** (np.arange(1, ahead.shape[1] + 1) / _FADE_DAYS)
    factor = np.exp(np.clip(beta[:, seasonal] @ design[:, seasonal].T, -3, 3))
    week = slice(seasonal.start - WEEK, seasonal.start)
    profile = factor * np.exp(np.clip(beta[:, week] @ design[:, week].T, _LEAST_LOG, _MOST_LOG))
    return fitted, ahead, ahead * ratio[:, None] ** fading, factor, profile, dispersion
