"""What a member of a forecast is fitted on: past demand of many series, and the calendar that is known ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradewind.insights.forecasting.prices import Prices

Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

WEEK = 7
YEAR = 365.25
_MONDAY = 3
"""1970-01-01 was a Thursday: day 0 has weekday 3, Monday being 0."""


@dataclass(frozen=True)
class History:
    """Demand in units per day: a row per series, a column per day, NaN where it is not known.

    `events` has a column per regressor known in advance, and rows beyond the last day for the days ahead; without
    them there are none. `group` numbers the group of each series, such as its category. `prices` are of the series
    whose price or discount ever changed; None: of none.
    """

    demand: Matrix
    first_day: date
    group: Numbers
    events: Matrix | None = None
    prices: Prices | None = None

    @property
    def series(self) -> int:
        return int(self.demand.shape[0])

    @property
    def days(self) -> int:
        return int(self.demand.shape[1])

    @cached_property
    def known(self) -> Flags:
        return ~np.isnan(self.demand)

    @cached_property
    def filled(self) -> Matrix:
        """Demand with 0 where it is unknown; to be used with `known`."""
        return np.where(self.known, self.demand, 0.0)

    @cached_property
    def age(self) -> Numbers:
        """Days from the first known one to the end, per series; 0 where none is known."""
        first = np.argmax(self.known, axis=1)
        return np.where(self.known.any(axis=1), self.days - first, 0)

    def weekday(self, ahead: int = 0) -> Numbers:
        """0 Monday to 6 Sunday of every day, and of `ahead` days more."""
        return (day_number(self.first_day) + np.arange(self.days + ahead) + _MONDAY) % WEEK

    def until(self, days: int) -> History:
        """What was known after the first so many days; events stay, they are known in advance, prices are not."""
        prices = None if self.prices is None else self.prices.until(days)
        return replace(self, demand=self.demand[:, :days], prices=prices)

    def only(self, rows: Numbers | Flags) -> History:
        prices = None if self.prices is None else self.prices.only(rows, self.series)
        return replace(self, demand=self.demand[rows], group=self.group[rows], prices=prices)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def mean_known(history: History, days: int) -> Matrix:
    """Mean of the known among the last days, per series; of all known ones where there is none among them, else 0."""
    total, count = history.filled[:, -days:].sum(axis=1), history.known[:, -days:].sum(axis=1)
    whole = history.filled.sum(axis=1) / np.maximum(history.known.sum(axis=1), 1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), whole))
