"""What a back-test measured: errors beside the yardstick and beside the noise that nobody can forecast.

WAPE = Σ|y − f| ÷ Σy; MASE and RMSSE are scaled by the series' own week-old and day-old differences (Hyndman and
Koehler, 2006; M5, 2020); wQL is the mean pinball loss of five quantiles by demand. What is not defined is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from tradewind.insights.forecasting.history import WEEK, Flags, History, Matrix

_POISSON = 2 * NormalDist().pdf(0)
"""E|X − μ| ≈ 0.80·√μ for Poisson demand of mean μ."""


@dataclass(frozen=True, slots=True)
class Score:
    """Figures over some series and days; fractions, None where not defined."""

    series: int
    windows: int
    units: float
    wape: float | None
    naive_wape: float | None
    floor_wape: float | None
    """WAPE of a forecaster who knew the mean, were demand pure Poisson noise around this forecast."""
    mase: float | None
    rmsse: float | None
    wql: float | None
    bias: float | None
    coverage_80: float | None
    coverage_95: float | None
    upper_90: float | None
    upper_975: float | None
    mape: float | None
    """Over days with demand only; `mape_excluded` says which share of the days has none."""
    mape_excluded: float | None
    r2: float | None


@dataclass(frozen=True)
class Judged:
    """Forecasts and what happened, over some origins: a row per series and origin, a column per day or sum."""

    forecast: Matrix
    actual: Matrix
    naive: Matrix
    week_scale: Matrix
    """Mean |y_t − y_t−7| of the series before."""
    day_scale: Matrix
    """Root mean square of y_t − y_t−1."""
    bands: Matrix | None = None
    """Quantiles at DAY_LEVELS in the last axis; None where no older windows give any."""

    def only(self, rows: Flags, days: slice) -> Judged:
        return Judged(
            self.forecast[rows][:, days],
            self.actual[rows][:, days],
            self.naive[rows][:, days],
            self.week_scale[rows],
            self.day_scale[rows],
            None if self.bands is None else self.bands[rows][:, days],
        )


def scales(history: History) -> tuple[Matrix, Matrix]:
    """What MASE and RMSSE are measured in, per series; NaN where the past says nothing."""
    demand = history.demand
    with np.errstate(invalid="ignore", divide="ignore"):
        week = np.abs(demand[:, WEEK:] - demand[:, :-WEEK])
        day = (demand[:, 1:] - demand[:, :-1]) ** 2
        mean = np.nansum(week, axis=1) / np.isfinite(week).sum(axis=1)
        root = np.sqrt(np.nansum(day, axis=1) / np.isfinite(day).sum(axis=1))
    return np.where(mean > 0, mean, np.nan), np.where(root > 0, root, np.nan)


def score(judged: Judged, series: int, windows: int, levels: tuple[float, ...]) -> Score:
    """The figures of what was judged."""
    ok = np.isfinite(judged.actual) & np.isfinite(judged.forecast)
    actual, forecast = judged.actual[ok], judged.forecast[ok]
    units = float(actual.sum())
    sold = actual > 0
    error = np.abs(actual - forecast)
    naive_ok = ok & np.isfinite(judged.naive)
    spread = float(((actual - actual.mean()) ** 2).sum()) if actual.size else 0.0
    covers = _covers(judged.actual, judged.bands, ok) if judged.bands is not None else None
    inside, wide, below_90, below_975 = covers or (None, None, None, None)
    return Score(
        series=series,
        windows=windows,
        units=round(units, 2),
        wape=_share(error.sum(), units),
        naive_wape=_share(np.abs(judged.actual - judged.naive)[naive_ok].sum(), judged.actual[naive_ok].sum()),
        floor_wape=_share(_POISSON * np.sqrt(forecast).sum(), units),
        mase=_scaled(np.abs(judged.actual - judged.forecast), ok, judged.week_scale, root=False),
        rmsse=_scaled((judged.actual - judged.forecast) ** 2, ok, judged.day_scale, root=True),
        wql=None if judged.bands is None else _pinball(judged.actual, judged.bands, ok, levels),
        bias=_share((forecast - actual).sum(), units),
        coverage_80=inside,
        coverage_95=wide,
        upper_90=below_90,
        upper_975=below_975,
        mape=_rounded(float((error[sold] / actual[sold]).mean())) if sold.any() else None,
        mape_excluded=_rounded(1 - float(sold.mean())) if sold.size else None,
        r2=_rounded(1 - float((error**2).sum()) / spread) if spread > 0 else None,
    )


def _covers(actual: Matrix, bands: Matrix, ok: Flags) -> tuple[float, float, float, float] | None:
    """Share of days inside 80 % and 95 %, and below the 90 % and 97.5 % quantile."""
    ok = ok & np.isfinite(bands).all(axis=-1)
    if not ok.any():
        return None
    y, (low, lower, _, upper, high) = actual[ok], np.moveaxis(bands[ok], -1, 0)
    found = ((y >= lower) & (y <= upper), (y >= low) & (y <= high), y <= upper, y <= high)
    first, second, third, fourth = (round(float(one.mean()), 6) for one in found)
    return first, second, third, fourth


def _pinball(actual: Matrix, bands: Matrix, ok: Flags, levels: tuple[float, ...]) -> float | None:
    ok = ok & np.isfinite(bands).all(axis=-1)
    y = actual[ok]
    if not len(y):
        return None
    loss = sum(
        np.maximum(level * (y - bands[..., i][ok]), (level - 1) * (y - bands[..., i][ok])).sum()
        for i, level in enumerate(levels)
    )
    return _share(2 * loss / len(levels), y.sum())


def _scaled(error: Matrix, ok: Flags, scale: Matrix, *, root: bool) -> float | None:
    """Mean over series of the scaled error; series without a scale are left out."""
    days = ok.sum(axis=1)
    fine = np.isfinite(scale) & (days > 0)
    if not fine.any():
        return None
    mean = np.where(ok, error, 0).sum(axis=1)[fine] / days[fine]
    return _rounded(float(np.mean((np.sqrt(mean) if root else mean) / scale[fine])))


def _share(part: float, whole: float) -> float | None:
    return round(float(part) / float(whole), 6) if whole > 0 else None


def _rounded(value: float) -> float | None:
    return round(value, 6) if np.isfinite(value) else None
