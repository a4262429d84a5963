"""How unlikely demand is, given what was expected: tails of the negative binomial distribution, for many days at once.

Its variance is φ times its mean; φ = 1 is Poisson noise, more is demand that comes in lumps. To that comes what the
forecast itself misses by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradewind.insights.forecasting.history import WEEK, Matrix, Numbers

_FORECAST_ERROR = 0.05
"""By which share of itself a forecast of few days ahead misses the mean: variance φ·μ + (0.05·μ)²."""
_LEVEL_DAYS = 28
_WEEKDAY_PRIOR = 5.0
"""Units at which a weekday is believed half."""
_LEAST_DAYS = 42
_LEAST, _MOST = 1.001, 1e4


@dataclass(frozen=True)
class Tails:
    """Chances of what happened; NaN where demand or expectation is unknown."""

    at_most: Matrix
    """P(Y ≤ y)."""
    at_least: Matrix
    """P(Y ≥ y)."""

    @property
    def two_sided(self) -> Matrix:
        """Chance of something at least as unlikely, on either side."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.at_most, self.at_least)))

    @property
    def scores(self) -> Matrix:
        """The same as standard normal deviates; the chance of exactly y counts half."""
        from scipy.special import ndtri

        below = (self.at_most + 1 - self.at_least) / 2
        return np.asarray(ndtri(np.clip(below, 1e-12, 1 - 1e-12)))


def tails(units: Matrix, mean: Matrix, dispersion: Matrix) -> Tails:
    """Of units per day, given their mean; `dispersion` is φ per series."""
    from scipy.special import betainc

    spread = _spread(mean, dispersion)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(units) & np.isfinite(mean) & (mean > 0)
        y, size = np.where(known, units, 0.0), np.where(known, mean / (spread - 1), 1.0)
    at_most = betainc(size, y + 1, 1 / spread)
    at_least = np.where(y > 0, betainc(np.maximum(y, 1e-9), size, 1 - 1 / spread), 1.0)
    return Tails(np.where(known, at_most, np.nan), np.where(known, at_least, np.nan))


def log_chance_of_none(mean: Matrix, dispersion: Matrix) -> Matrix:
    """log P(Y = 0)."""
    spread = _spread(mean, dispersion)
    return np.asarray(-mean * np.log(spread) / (spread - 1))


def _spread(mean: Matrix, dispersion: Matrix) -> Matrix:
    """Variance by mean."""
    own = np.clip(dispersion, _LEAST, _MOST)[:, None]
    return np.asarray(own + _FORECAST_ERROR**2 * np.nan_to_num(mean))


def dispersion(demand: Matrix, weekday: Numbers) -> Matrix:
    """φ per series from its past: variance by mean around the level of four weeks times the weekday.

    A series with few known days takes the median of the others, and φ = 1 where there are none.
    """
    known = np.isfinite(demand)
    units = np.where(known, demand, 0.0)
    mean = units.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    usual = np.empty_like(units)
    for day in range(WEEK):
        at = weekday == day
        expected = mean * known[:, at].sum(axis=1)
        usual[:, at] = ((units[:, at].sum(axis=1) + _WEEKDAY_PRIOR) / (expected + _WEEKDAY_PRIOR))[:, None]
    level = _moving_sum(units) / np.maximum(_moving_sum(np.where(known, usual, 0.0)), 1e-9)
    fitted = level * usual
    ok = known & (fitted > 0)
    error = np.where(ok, (units - fitted) ** 2 / np.where(ok, fitted, 1.0), 0.0).sum(axis=1)
    # The level and the weekdays are made of the days that are measured against them.
    free = known.sum(axis=1) * (1 - 1 / _LEVEL_DAYS) - WEEK
    enough = (known.sum(axis=1) >= _LEAST_DAYS) & (mean > 0)
    found = np.where(enough, error / np.maximum(free, 1), np.nan)
    others = float(np.nanmedian(found)) if enough.any() else 1.0
    return np.asarray(np.clip(np.where(enough, found, others), _LEAST, _MOST))


def _moving_sum(values: Matrix) -> Matrix:
    """Over the four weeks around each day."""
    half = _LEVEL_DAYS // 2
    padded = np.pad(values, ((0, 0), (half + 1, half)))
    total = np.cumsum(padded, axis=1)
    return np.asarray(total[:, 2 * half + 1 :] - total[:, : -2 * half - 1])
