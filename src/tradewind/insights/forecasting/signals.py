"""What stands out in demand against what was expected: single days, trends, silence, shifts of level, gaps in data.

Pure: arrays in, findings out. A forecast judges days that it had not seen. Many series are looked at each day, so a
single day counts only if it passes the procedure of Benjamini and Hochberg (1995) over all series of the day, if the
money in question is worth a look, and if it is the second such day or very unlikely; shifts of level are found by sums
of deviations (CUSUM; Page, 1954).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

import numpy as np

from tradewind.insights.forecasting.history import WEEK, Flags, Matrix, Numbers
from tradewind.insights.forecasting.tails import Tails, log_chance_of_none, tails

FALSE_DISCOVERIES = 0.10
"""Share of a day's anomalies that may be chance."""
CERTAIN = 1e-5
"""An unlikely day counts at once below this; else only together with the day before."""
SILENCE = 1e-4
"""Chance of a run without a sale, from which on a listing may be dead."""
GAP = 1e-6
"""Chance of a day without any sale on a whole channel, from which on its data are doubted."""
RISING, FALLING = 1.25, 0.8
"""Demand by expectation beyond which a product trends, with 95 % certainty."""
LEAST_UNITS = 10
"""Of a week's demand (expected demand, where it falls) for a trend."""
TREND_AHEAD_DAYS = 14
"""A trend is demand that a forecast of so long ago did not foresee."""
_PRIOR = 5.0
"""k = 5 φ of the trend's prior."""
_LEAST_STOCKED = 5
_SHIFT_SLACK, _SHIFT_LIMIT, _MOST_SCORE = 0.5, 10.0, 3.0


class SignalKind(StrEnum):
    """What is told."""

    SPIKE = "spike"
    DROP = "drop"
    """A day with far more or less demand than expected."""
    RISING = "rising"
    FALLING = "falling"
    """A week with more or less demand than had been foreseen a fortnight before."""
    LEVEL_UP = "level_up"
    LEVEL_DOWN = "level_down"
    """Demand is on another level since some day."""
    SILENCE = "silence"
    """No sale for days, in stock: is the listing still live?"""
    DATA_GAP = "data_gap"
    """A whole channel silent: do its data still come?"""


@dataclass(frozen=True)
class Watched:
    """Series with their last days and what was expected: a row per series, a column per day up to `last_day`."""

    products: tuple[str, ...]
    channels: tuple[str, ...]
    last_day: date
    units: Matrix
    """Per day; NaN where unknown, such as while stock had run out."""
    expected: Matrix
    """Means of forecasts made before each day, for the part of the day that was in stock; NaN without one."""
    foreseen: Matrix
    """The last week's, of forecasts made at least a fortnight before."""
    dispersion: Matrix
    worth: Matrix
    """Margin of a unit (its price, where no cost is known) in the reporting currency; NaN where neither is known."""

    @property
    def days(self) -> int:
        return int(self.units.shape[1])

    def date_of(self, column: int) -> date:
        return self.last_day - timedelta(days=self.days - 1 - column)

    @cached_property
    def tails(self) -> Tails:
        return tails(self.units, self.expected, self.dispersion)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A day that stands out."""

    row: int
    day: date
    units: float
    expected: float
    chance: float
    effect: float | None
    """Money made or missed against what was expected, None where the unit's worth is unknown."""
    lasts: bool
    """The day before stood out on the same side."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A week of demand against what had been foreseen; `low` and `high` hold the ratio with 90 %."""

    row: int
    units: float
    foreseen: float
    ratio: float
    low: float
    high: float
    effect: float | None
    """Money by which the week differs at the bound nearest to 1."""


@dataclass(frozen=True, slots=True)
class Silence:
    """No sale for some days in stock, where some were expected."""

    row: int
    since: date
    days: int
    expected: float
    chance: float


@dataclass(frozen=True, slots=True)
class Shift:
    """Demand is on another level since a day."""

    row: int
    since: date
    units: float
    expected: float
    """What came since then, and what was expected; in units."""
    score: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which a whole channel was silent: rather data that did not come than demand that was not there."""

    channel: str
    first: date
    last: date
    expected: float


@dataclass(frozen=True, slots=True)
class Found:
    """What stands out, what matters most first."""

    anomalies: tuple[Anomaly, ...]
    rising: tuple[Trend, ...]
    falling: tuple[Trend, ...]
    shifts: tuple[Shift, ...]


def gaps(watched: Watched) -> tuple[list[Gap], Watched]:
    """Gaps by channel, and the same series with those days unknown, so that they are not taken for demand."""
    found, units = [], watched.units.copy()
    names = np.array(watched.channels)
    for channel in sorted(set(watched.channels)):
        rows = names == channel
        known = np.isfinite(watched.units[rows]) & np.isfinite(watched.expected[rows])
        sold = np.where(known, watched.units[rows], 0.0).sum(axis=0)
        mean = np.where(known, watched.expected[rows], 0.0)
        chance = np.where(known, log_chance_of_none(mean, watched.dispersion[rows]), 0.0).sum(axis=0)
        silent = (known.sum(axis=0) >= 2) & (sold == 0) & (chance < np.log(GAP))
        for first, last in _runs(silent):
            total = float(mean[:, first : last + 1].sum())
            found.append(Gap(channel, watched.date_of(first), watched.date_of(last), total))
        units[np.ix_(rows, silent)] = np.nan
    return found, replace(watched, units=units)


def find(watched: Watched, *, days: int, least_effect: float | None = None) -> Found:
    """What stands out in the last days. Take gaps out first.

    `least_effect` is the money below which a single day is not worth a look; None takes a thousandth of what the day's
    expected demand of all series is worth.
    """
    rising, falling = _trends(watched)
    return Found(
        tuple(_anomalies(watched, days, least_effect)),
        tuple(rising),
        tuple(falling),
        tuple(sorted(_shifts(watched), key=lambda one: -one.score)),
    )


def _anomalies(watched: Watched, days: int, least_effect: float | None) -> list[Anomaly]:
    chance = watched.tails.two_sided
    above = watched.tails.at_least < watched.tails.at_most
    stands_out = np.stack([rejected(chance[:, column]) for column in range(watched.days)], axis=1)
    before = np.zeros_like(stands_out)
    before[:, 1:] = stands_out[:, :-1] & (above[:, :-1] == above[:, 1:])
    effect = (watched.units - watched.expected) * watched.worth[:, None]
    floor = np.nansum(watched.expected * watched.worth[:, None], axis=0) / 1000
    if least_effect is not None:
        floor = np.full(watched.days, least_effect)
    matters = ~(np.abs(effect) < floor)
    told = stands_out & matters & (before | (chance < CERTAIN))
    told[:, : max(watched.days - days, 0)] = False
    found = [
        Anomaly(
            int(row),
            watched.date_of(int(column)),
            float(watched.units[row, column]),
            float(watched.expected[row, column]),
            float(chance[row, column]),
            _or_none(effect[row, column]),
            bool(before[row, column]),
        )
        for row, column in np.argwhere(told)
    ]
    return sorted(found, key=lambda one: (one.day, abs(one.effect or 0.0), -one.chance), reverse=True)


def rejected(chance: Matrix, rate: float = FALSE_DISCOVERIES) -> Flags:
    """Which of many tests are findings, such that on average at most that share of them is chance; NaN is none."""
    known = np.flatnonzero(np.isfinite(chance))
    order = known[np.argsort(chance[known], kind="stable")]
    below = chance[order] <= rate * np.arange(1, len(order) + 1) / max(len(order), 1)
    found = np.zeros(len(chance), bool)
    if below.any():
        found[order[: int(np.flatnonzero(below)[-1]) + 1]] = True
    return found


def _trends(watched: Watched) -> tuple[list[Trend], list[Trend]]:
    from scipy.special import gammaincinv

    last = watched.units[:, -WEEK:]
    known = np.isfinite(last) & np.isfinite(watched.foreseen)
    units, foreseen = (np.where(known, one, 0.0).sum(axis=1) for one in (last, watched.foreseen))
    spread = watched.dispersion
    shape, rate = units / spread + _PRIOR, foreseen / spread + _PRIOR
    low, high = (gammaincinv(shape, level) / rate for level in (0.05, 0.95))
    stocked = known.sum(axis=1) >= _LEAST_STOCKED
    up = stocked & (units >= LEAST_UNITS) & (low > RISING)
    down = stocked & (foreseen >= LEAST_UNITS) & (high < FALLING)

    def told(rows: Flags, bound: Matrix) -> list[Trend]:
        found = [
            Trend(
                int(row), float(units[row]), float(foreseen[row]), float(shape[row] / rate[row]),
                float(low[row]), float(high[row]),
                _or_none((bound[row] - 1) * foreseen[row] * watched.worth[row]),
            )
            for row in np.flatnonzero(rows)
        ]  # fmt: skip
        return sorted(found, key=lambda one: (abs(one.effect or 0.0), one.units), reverse=True)

    return told(up, low), told(down, high)


def silences(watched: Watched) -> list[Silence]:
    """Series without a sale since days, the least likely first. Take gaps out first."""
    known = np.isfinite(watched.units) & np.isfinite(watched.expected)
    sold = known & (watched.units > 0)
    later = np.cumsum(sold[:, ::-1], axis=1)[:, ::-1] > 0
    counted = known & ~later
    mean = np.where(counted, watched.expected, 0.0)
    chance = np.where(counted, log_chance_of_none(mean, watched.dispersion), 0.0).sum(axis=1)
    found = []
    for row in np.flatnonzero(chance < np.log(SILENCE)):
        days = np.flatnonzero(counted[row])
        since, total = watched.date_of(int(days[0])), float(mean[row].sum())
        found.append(Silence(int(row), since, len(days), total, float(np.exp(chance[row]))))
    return sorted(found, key=lambda one: one.chance)


def _shifts(watched: Watched) -> Iterator[Shift]:
    scores = np.nan_to_num(np.clip(watched.tails.scores, -_MOST_SCORE, _MOST_SCORE))
    for sign in (1, -1):
        total, since = np.zeros(len(scores)), np.zeros(len(scores), dtype=np.int64)
        for column in range(watched.days):
            total = np.maximum(0.0, total + sign * scores[:, column] - _SHIFT_SLACK)
            since = np.where(total > 0, since, column + 1)
        for row in np.flatnonzero(total >= _SHIFT_LIMIT):
            units, mean = (one[row, since[row] :] for one in (watched.units, watched.expected))
            known = np.isfinite(units) & np.isfinite(mean)
            day = watched.date_of(int(since[row]))
            yield Shift(int(row), day, float(units[known].sum()), float(mean[known].sum()), float(total[row]))


def _runs(flags: Flags) -> Iterator[tuple[int, int]]:
    """First and last column of each stretch."""
    edges: Numbers = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    for first, end in edges.reshape(-1, 2):
        yield int(first), int(end) - 1


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
