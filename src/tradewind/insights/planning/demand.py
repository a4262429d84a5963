"""Demand from now on over any number of days: from served forecasts, or from past sales where there are none."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import NormalDist, fmean
from typing import Protocol

from tradewind.insights.planning.distribution import LEVELS, Distribution

OLDEST_FORECAST_DAYS = 35
"""An older one says nothing of today: past sales say more."""
_LAST_DAYS = 28
"""Beyond the horizon a day is worth the mean of these last ones of it."""
_Z = tuple(NormalDist().inv_cdf(level) for level in LEVELS)


class Basis(StrEnum):
    """What a number stands on."""

    FORECAST = "forecast"
    HISTORY = "history"
    NONE = "none"
    """Nothing was ever sold: no demand is assumed."""


class Forecast(Protocol):
    """The part of a served forecast that planning reads."""

    @property
    def origin(self) -> date: ...
    @property
    def mean(self) -> tuple[float, ...]: ...
    @property
    def cumulative(self) -> Mapping[int, tuple[float, ...]]: ...
    @property
    def model(self) -> str: ...
    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PastSales:
    """Units per day of the last eight weeks, on days in stock: their mean and standard deviation."""

    mean_per_day: float
    sd_per_day: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Mean per day from today on, and how far totals over some days stray from their mean.

    `spreads` holds, by days, (quantile - mean) ÷ √days at LEVELS. Between those days it is interpolated linearly on
    the scale of √days, and outside it stays what it is at the nearest: independent days would keep it constant, and
    forecasts that err for long stretches let it grow.
    """

    mean_per_day: tuple[float, ...]
    spreads: tuple[tuple[int, tuple[float, ...]], ...]
    basis: Basis
    told_by: str
    """Model and version, or what else it stands on."""

    @classmethod
    def nothing(cls) -> Demand:
        return cls((0.0,), ((1, (0.0,) * len(LEVELS)),), Basis.NONE, "no sales yet")

    @classmethod
    def forecast(cls, told: Forecast, today: date) -> Demand | None:
        """From a forecast, today being the first day ahead; None when it is too old or has no quantiles.

        Days that have passed since its last known one are dropped from its path.
        """
        passed = (today - told.origin).days - 1
        if not 0 <= passed <= OLDEST_FORECAST_DAYS or not told.cumulative or len(told.mean) <= passed:
            return None
        spreads = []
        for days, quantiles in sorted(told.cumulative.items()):
            mean = math.fsum(told.mean[:days])
            spreads.append((days, tuple((quantile - mean) / math.sqrt(days) for quantile in quantiles)))
        path = tuple(max(0.0, mean) for mean in told.mean[passed:])
        return cls(path, tuple(spreads), Basis.FORECAST, f"{told.model} {told.version}".strip())

    @classmethod
    def history(cls, sales: PastSales) -> Demand:
        """P·d̄ + z·√P·σ: the mean of the last eight weeks goes on. No season, no trend."""
        spread = tuple(z * sales.sd_per_day for z in _Z)
        return cls((sales.mean_per_day,), ((1, spread),), Basis.HISTORY, "mean of the last eight weeks")

    def mean(self, days: int) -> float:
        """Mean demand over the first so many days, units."""
        inside = math.fsum(self.mean_per_day[:days])
        beyond = days - len(self.mean_per_day)
        return inside + max(0, beyond) * self.beyond

    @property
    def beyond(self) -> float:
        """Mean per day after the horizon."""
        return fmean(self.mean_per_day[-_LAST_DAYS:])

    def path(self, days: int) -> tuple[float, ...]:
        """Mean per day of the first so many."""
        known = self.mean_per_day[:days]
        return known + (self.beyond,) * (days - len(known))

    def over(self, days: int) -> Distribution:
        """Demand over the first so many days."""
        if days <= 0:
            return Distribution.none()
        mean, root = self.mean(days), math.sqrt(days)
        values: list[float] = []
        for spread in self._spread(root):
            values.append(max(0.0, mean + spread * root, values[-1] if values else 0.0))
        return Distribution(LEVELS, tuple(values), mean)

    def share(self, part: float) -> Demand:
        """That of a part of the customers; see `Distribution.share`."""
        if part == 1:
            return self
        root = math.sqrt(part)
        return Demand(
            tuple(mean * part for mean in self.mean_per_day),
            tuple((days, tuple(value * root for value in spread)) for days, spread in self.spreads),
            self.basis,
            self.told_by,
        )

    def _spread(self, root: float) -> tuple[float, ...]:
        roots = [math.sqrt(days) for days, _ in self.spreads]
        at = bisect_left(roots, root)
        if at == 0:
            return self.spreads[0][1]
        if at == len(roots):
            return self.spreads[-1][1]
        part = (root - roots[at - 1]) / (roots[at] - roots[at - 1])
        low, high = self.spreads[at - 1][1], self.spreads[at][1]
        return tuple(a + part * (b - a) for a, b in zip(low, high, strict=True))
