"""Which service level pays: from what a unit short costs against what a unit too many costs. Money in one unit."""

from __future__ import annotations

from collections.abc import Callable

from tradewind.insights.planning.distribution import Distribution
from tradewind.insights.planning.limits import PlanningInput, check_cost

LOWEST, HIGHEST = 0.50, 0.99
"""Levels that are proposed: below the half a product would be out of stock more often than not, and above the highest
stored quantile nothing was measured."""


def critical_ratio(short: float, over: float) -> float:
    """Cu ÷ (Cu + Co): the quantile of demand to stock for one season. Costs of one unit short, and of one left over.

    Raises PlanningInput when neither costs anything: then any stock is as good.
    Source: Arrow, Harris, Marschak, Optimal Inventory Policy, Econometrica 19 (1951).
    """
    check_cost(short, field="short", name="The cost of a unit short")
    check_cost(over, field="over", name="The cost of a unit left over")
    if short + over == 0:
        raise PlanningInput("Neither a unit short nor a unit left over costs anything. Name one of them.", field="over")
    return short / (short + over)


def single_period_level(
    price: float, cost: float, *, salvage: float = 0.0, goodwill: float = 0.0, holding: float = 0.0
) -> float:
    """The level for goods that are worth only their salvage after the period: Cu = price - cost + goodwill,
    Co = cost - salvage + holding, each of one unit."""
    return critical_ratio(max(0.0, price - cost + goodwill), max(0.0, cost - salvage + holding))


def lost_sales_level(*, holding_per_year: float, order_units: float, short: float, demand_per_year: float) -> float:
    """1 - p* = h·Q ÷ (b·D + h·Q): the level per replenishment cycle when what is not there is not sold.

    h holding money per unit and year, Q units of an order, b lost margin and goodwill of a unit, D units per year.
    Source: Silver, Pyke, Thomas, section 7.8 (cost per unit short, lost sales).
    """
    check_cost(holding_per_year, field="holding", name="A holding cost")
    check_cost(short, field="short", name="The cost of a unit short")
    keeping = holding_per_year * order_units
    missing = short * demand_per_year
    if keeping + missing == 0:
        raise PlanningInput("Neither keeping nor missing a unit costs anything. Name one of them.", field="holding")
    return missing / (missing + keeping)


def within_measured(level: float) -> float:
    """The level, kept where forecasts are measured and a shop stays a shop."""
    return min(HIGHEST, max(LOWEST, level))


def fill_rate_point(demand: Distribution, fill_rate: float, order_units: float) -> float:
    """The smallest r with E[(demand - r)+] <= (1 - β)·Q: units so that β of what is asked is served at once.

    Found by halving; exact to a ten-thousandth of a unit.
    """
    if not 0 < fill_rate < 1:
        raise PlanningInput(f"A fill rate lies above 0 and below 1, and not at {fill_rate:g}.", field="fill_rate")
    allowed = (1 - fill_rate) * order_units
    return _smallest(lambda units: demand.expected_excess(units) <= allowed, demand)


def _smallest(is_enough: Callable[[float], bool], demand: Distribution) -> float:
    if is_enough(0.0):
        return 0.0
    low, high = 0.0, max(1.0, demand.quantile(0.999))
    while not is_enough(high):
        low, high = high, high * 2
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
