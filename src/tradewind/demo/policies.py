"""Policies to hold against each other: the plan's own rule, and the rules of thumb that shops use."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from tradewind.demo.replay import Seen
from tradewind.demo.twin import Floats, World, day_of
from tradewind.insights.forecasting import engine, members
from tradewind.insights.forecasting.classes import Classes, classify
from tradewind.insights.forecasting.history import History
from tradewind.insights.planning.batch import demand_over, mixture_quantiles
from tradewind.insights.planning.lead_times import lead_time
from tradewind.insights.planning.levels import Moment, protection_days
from tradewind.insights.planning.service import lost_sales_level, within_measured

_RECENT = 56
_HORIZON = 60
_MEMBERS = ("glm", "ets", "ets_year", "pooled", "croston", "naive")
_MOST_KNOWN = 730


@dataclass
class ReorderPoint:
    """Below or at a fixed number of units, order what so many days sold on average before the year began."""

    days: float
    point: int = 10
    _per_day: Floats | None = field(default=None, repr=False)

    def orders(self, seen: Seen) -> Floats:
        if self._per_day is None:
            known = seen.world.known_days
            self._per_day = seen.sales[:, known - _RECENT : known].mean(axis=1)
        position = seen.on_hand + seen.on_order
        return np.where(position <= self.point, self.point + self.days * self._per_day - position, 0.0)


@dataclass
class DaysOfCover:
    """Order up to so many days of the mean of the last eight weeks, days without stock left out; anew each week."""

    days: float
    _target: Floats | None = field(default=None, repr=False)

    def orders(self, seen: Seen) -> Floats:
        if self._target is None or seen.today % 7 == 0:
            mean, _ = _recent(seen)
            self._target = self.days * mean
        return self._target - (seen.on_hand + seen.on_order)


@dataclass
class MeanAndDeviation:
    """Order up to P·mean + z·√P·σ of the last eight weeks, looked at anew each week: the formula of the textbooks."""

    service_level: float
    _target: Floats | None = field(default=None, repr=False)

    def orders(self, seen: Seen) -> Floats:
        if self._target is None or seen.today % 7 == 0:
            mean, deviation = _recent(seen)
            days = np.array([_mean_days(seen.world, supplier) for supplier in range(len(seen.world.receipts))])
            length = days[seen.world.supplier]
            z = NormalDist().inv_cdf(self.service_level)
            self._target = length * mean + z * np.sqrt(length) * deviation
        return self._target - (seen.on_hand + seen.on_order)


@dataclass
class Planned:
    """The rule of the plan: up to the quantile of forecast demand over the protection interval, anew each week.

    Forecasts are those of the engine: members, weights and quantiles from its back-test, which is repeated each
    quarter. Days that ran out are unknown to it. `service_level` None: for each product the one that pays.
    """

    service_level: float | None = None
    refit_days: int = 7
    calibrate_days: int = 91
    _target: Floats | None = field(default=None, repr=False)
    _outcome: engine.Outcome | None = field(default=None, repr=False)
    _classes: Classes | None = field(default=None, repr=False)
    _calibrated: int = field(default=0, repr=False)

    def orders(self, seen: Seen) -> Floats:
        if self._target is None or seen.today % self.refit_days == 0:
            self._target = self._targets(seen)
        return self._target - (seen.on_hand + seen.on_order)

    def _targets(self, seen: Seen) -> Floats:
        mean, sums = self._forecast(seen)
        world = seen.world
        levels = self._levels(world, mean)
        target = np.zeros(world.products)
        for supplier, receipts in enumerate(world.receipts):
            rows = world.supplier == supplier
            if not rows.any():
                continue
            mine = {days: values[rows] for days, values in sums.items()}
            parts = [
                (
                    np.full(int(rows.sum()), chance),
                    demand_over(mean[rows], mine, protection_days(days, 1, ordered=Moment.CLOSE)),
                )
                for days, chance in lead_time(receipts, None).chances
            ]
            target[rows] = mixture_quantiles(parts, levels[rows])
        return target

    def _forecast(self, seen: Seen) -> tuple[Floats, dict[int, Floats]]:
        """Means per day, and quantiles of sums."""
        history = _history(seen)
        if self._outcome is None or seen.today - self._calibrated >= self.calibrate_days:
            self._classes = classify(history)
            days = history.days
            self._outcome = engine.forecast(
                history, _HORIZON, _forecaster, classes=self._classes, origins=[days - 60, days - 120, days - 180]
            )
            self._calibrated = seen.today
            return self._outcome.base.mean, dict(self._outcome.base.sums)
        assert self._classes is not None
        parts = _forecaster(history, _HORIZON, history.days, self._classes)
        mean = np.maximum(np.nan_to_num(engine.combined(parts, self._outcome.combinations, self._classes)), 0)
        judged = [(f, w.actual) for f, w in zip(self._outcome.combined, self._outcome.windows, strict=True)]
        level = engine.level_of(mean, judged, self._classes)
        return mean, dict(level.sums)

    def _levels(self, world: World, mean: Floats) -> Floats:
        if self.service_level is not None:
            return np.full(world.products, self.service_level)
        per_day = mean.mean(axis=1)
        return np.array(
            [
                within_measured(
                    lost_sales_level(
                        holding_per_year=0.25 * float(cost),
                        order_units=max(1.0, float(pack), float(units)),
                        short=float(margin),
                        demand_per_year=365 * float(units),
                    )
                )
                for cost, pack, units, margin in zip(world.cost, world.pack, per_day, world.margin, strict=True)
            ]
        )


def _forecaster(known: History, days: int, _: int, classes: Classes) -> members.Means:
    return members.forecast(known, days, _MEMBERS, classes)


def _history(seen: Seen) -> History:
    first = max(0, seen.today + 1 - _MOST_KNOWN)
    demand = np.where(seen.complete[:, first:], seen.sales[:, first:], np.nan)
    return History(demand, day_of(seen.world, first), seen.world.category)


def _recent(seen: Seen) -> tuple[Floats, Floats]:
    """Mean and deviation per day of the last eight weeks, on days that did not run out."""
    sales, complete = seen.sales[:, -_RECENT:].astype(float), seen.complete[:, -_RECENT:]
    days = np.maximum(complete.sum(axis=1), 1)
    mean = np.where(complete, sales, 0).sum(axis=1) / days
    squared = np.where(complete, (sales - mean[:, None]) ** 2, 0).sum(axis=1)
    return mean, np.sqrt(squared / np.maximum(days - 1, 1))


def _mean_days(world: World, supplier: int) -> float:
    """Mean length of the protection interval of a supplier's goods, ordered in the evening."""
    return lead_time(world.receipts[supplier], None).mean
