"""Stock levels from demand over the protection interval: reorder point, safety stock, order-up-to, cover, excess."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from tradewind.insights.planning.distribution import Distribution
from tradewind.insights.planning.limits import check_service_level

_NORMAL = NormalDist()

OverDays = Callable[[int], Distribution]
"""Demand over so many days from now; 0 days have none."""


class Moment(StrEnum):
    """When in a day something happens: before the first sale or after the last."""

    OPENING = "opening"
    CLOSE = "close"


def protection_days(
    lead_time_days: int,
    review_days: int,
    *,
    ordered: Moment = Moment.OPENING,
    available: Moment = Moment.OPENING,
) -> int:
    """Selling days that today's order has to cover: until the order after it is on the shelf.

    L + R for an order before the first sale of day t whose units can be sold from the first sale of day t + L. One day
    less when it is placed after the last sale of day t: 7 + 1 gives 7 then, not 8. One day more when what arrives can
    be sold only on the next day.
    """
    wait = lead_time_days - (ordered is Moment.CLOSE) + (available is Moment.CLOSE)
    return max(0, wait) + review_days


@dataclass(frozen=True, slots=True)
class Position:
    """Units of one product in one place. `due` is on order or under way, arriving within the protection interval."""

    on_hand: int
    reserved: int = 0
    backordered: int = 0
    due: float = 0.0

    @property
    def available(self) -> int:
        return max(0, self.on_hand - self.reserved)

    @property
    def inventory_position(self) -> float:
        """on hand - reserved - backordered + what is due, units; may be below zero."""
        return self.on_hand - self.reserved - self.backordered + self.due


def reorder_point(demand: Distribution, service_level: float) -> float:
    """The demand over the protection interval that is not exceeded with this probability, units."""
    return demand.quantile(check_service_level(service_level))


@dataclass(frozen=True, slots=True)
class SafetyStock:
    """Units above the mean demand. `is_cut`: the level is so low that it would be negative; shown as 0."""

    units: float
    is_cut: bool


def safety_stock(demand: Distribution, service_level: float) -> SafetyStock:
    """Reorder point less mean demand of the same interval."""
    units = reorder_point(demand, service_level) - demand.mean
    return SafetyStock(max(0.0, units), units < 0)


def normal_reorder_point(
    mean_per_day: float, sd_per_day: float, mean_days: float, sd_days: float, service_level: float
) -> float:
    """P·d + z·√(P·σ_d² + d²·σ_L²), units: the fallback where no quantiles are forecast. P and σ_L in days.

    Source: Silver, Pyke, Thomas, Inventory and Production Management in Supply Chains, 4th ed., section 7.10.
    """
    deviation = demand_deviation(mean_per_day, sd_per_day, mean_days, sd_days)
    return mean_days * mean_per_day + _NORMAL.inv_cdf(check_service_level(service_level)) * deviation


def demand_deviation(mean_per_day: float, sd_per_day: float, mean_days: float, sd_days: float) -> float:
    """√(P·σ_d² + d²·σ_L²): the standard deviation of demand over P days that vary, units."""
    return math.sqrt(mean_days * sd_per_day**2 + (mean_per_day * sd_days) ** 2)


def over_random_days(over: OverDays, chances: Iterable[tuple[int, float]]) -> Distribution:
    """Demand over an interval whose length varies: the mixture over its (days, chance)."""
    return Distribution.mixture([(chance, over(days)) for days, chance in chances])


@dataclass(frozen=True, slots=True)
class Cover:
    """`days` until mean demand has used up what is available, None when not within the days looked at."""

    days: int | None
    stock_out_probability: float
    """Within the days asked for."""


def days_of_cover(available: float, mean_per_day: Sequence[float]) -> int | None:
    """The first day (1, 2, …) whose cumulative mean demand exceeds what is available; None: not within the path."""
    sold = 0.0
    for day, mean in enumerate(mean_per_day, start=1):
        sold += mean
        if sold > available:
            return day
    return None


def stock_out_probability(demand: Distribution, position: float) -> float:
    """P(demand > position) over the period of this demand: 1 - F(position)."""
    return 1.0 if position < 0 else 1 - demand.probability(position)


def excess(on_hand: int, demand_until_limit: Distribution) -> int:
    """Whole units beyond what even nine of ten outcomes would sell within the cover limit."""
    return max(0, on_hand - math.ceil(demand_until_limit.quantile(0.9) - 1e-9))


@dataclass(frozen=True, slots=True)
class Lot:
    """In which quantities a supplier sends a product, units."""

    least: int = 1
    pack: int = 1

    def round_up(self, units: float) -> int:
        """Whole packs that hold at least so many, without the minimum."""
        wanted = math.ceil(units - 1e-9)
        return 0 if wanted <= 0 else -(-wanted // self.pack) * self.pack

    def round_down(self, units: float) -> int:
        return max(0, math.floor(units + 1e-9) // self.pack * self.pack)

    @property
    def smallest(self) -> int:
        """The fewest units that can be ordered: the minimum, in whole packs."""
        return -(-self.least // self.pack) * self.pack
