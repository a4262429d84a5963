"""`arima`: harmonic regression with autoregressive errors, batched: `glm` plus AR(14) on what it misses.

Dynamic harmonic regression (Hyndman and Athanasopoulos, Forecasting, 10.5), the errors being Pearson residuals
(y − μ) ÷ √μ of the last two years and their autoregression a ridge fit.
"""

from __future__ import annotations

import numpy as np

from tradewind.insights.forecasting.glm import Fit
from tradewind.insights.forecasting.history import History, Matrix

_ORDER = 14
_DAYS = 730
_RIDGE = 10.0
_LEAST = 1e-3
_MOST_ERROR = 6.0
"""Pearson residuals beyond are cut: one order must not steer a fortnight."""


def forecast(history: History, horizon: int, fit: Fit) -> Matrix:
    """Means of the days ahead."""
    days = min(history.days, _DAYS)
    mean = np.maximum(fit.fitted[:, -days:], _LEAST)
    known = history.known[:, -days:]
    scale = np.sqrt(np.maximum(fit.dispersion, 1))[:, None] * _MOST_ERROR
    error = np.where(known, np.clip((history.filled[:, -days:] - mean) / np.sqrt(mean), -scale, scale), 0)
    if days <= 2 * _ORDER:
        return fit.mean
    normal = np.empty((history.series, _ORDER, _ORDER))
    target = np.empty((history.series, _ORDER))
    recent = error[:, _ORDER:]
    lags = [error[:, _ORDER - lag : days - lag] for lag in range(1, _ORDER + 1)]
    for i, one in enumerate(lags):
        target[:, i] = np.einsum("nt,nt->n", one, recent)
        for j in range(i, _ORDER):
            normal[:, i, j] = normal[:, j, i] = np.einsum("nt,nt->n", one, lags[j])
    power = np.maximum((error**2).mean(axis=1), 1e-9)
    normal[:, np.arange(_ORDER), np.arange(_ORDER)] += _RIDGE * power[:, None]
    weights = np.linalg.solve(normal, target[..., None])[..., 0]
    total = np.abs(weights).sum(axis=1)
    weights *= np.minimum(1, 0.98 / np.maximum(total, 1e-9))[:, None]
    tail = error[:, : -_ORDER - 1 : -1].copy()
    ahead = np.empty((history.series, horizon))
    for step in range(horizon):
        ahead[:, step] = np.einsum("nk,nk->n", weights, tail)
        tail = np.concatenate([ahead[:, step : step + 1], tail[:, :-1]], axis=1)
    base = np.maximum(fit.ahead, 0)
    return np.asarray(np.maximum(base + np.sqrt(base) * ahead, 0))
