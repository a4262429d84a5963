"""How many units at once: the economic order quantity, and what bounds it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tradewind.insights.planning.levels import Lot
from tradewind.insights.planning.limits import check_cost


def economic_quantity(demand_per_year: float, order_cost: float, holding_per_year: float) -> float | None:
    """Q* = √(2·K·D ÷ h), units; None where keeping costs nothing: then no quantity is too large.

    Source: Harris, How many parts to make at once (1913).
    """
    check_cost(order_cost, field="order_cost", name="The cost of an order")
    check_cost(holding_per_year, field="holding", name="A holding cost")
    if holding_per_year == 0:
        return None
    return math.sqrt(2 * order_cost * max(0.0, demand_per_year) / holding_per_year)


def yearly_cost(quantity: float, demand_per_year: float, order_cost: float, holding_per_year: float) -> float:
    """K·D ÷ Q + h·Q ÷ 2: money per year for ordering and keeping, without the goods themselves."""
    return order_cost * demand_per_year / quantity + holding_per_year * quantity / 2


@dataclass(frozen=True, slots=True)
class LotSize:
    """Units per order. `extra_cost` per year against the economic quantity; None where there is none."""

    units: int
    economic: float | None
    bound_by: str | None
    """minimum, pack, shelf_life, cash or None."""
    extra_cost: float | None


def lot_size(
    *,
    demand_per_year: float,
    order_cost: float,
    holding_per_year: float,
    lot: Lot,
    sold_within_shelf_life: float | None = None,
    affordable: float | None = None,
) -> LotSize:
    """The economic quantity, rounded to the cheaper neighbouring pack, then held within its bounds.

    `sold_within_shelf_life` is q_0.1 of demand within the life of the goods; `affordable` units the cash buys. What
    bounds from above is stronger than the supplier's minimum: 0 units when both cannot be.
    """
    best = economic_quantity(demand_per_year, order_cost, holding_per_year)
    bound_by = None
    if not best:
        units = lot.smallest
    else:
        choices = {lot.round_down(best), lot.round_up(best)} - {0}
        units = min(sorted(choices), key=lambda q: yearly_cost(q, demand_per_year, order_cost, holding_per_year))
        bound_by = None if abs(units - best) < 1 else "pack"
    if units < lot.smallest:
        units, bound_by = lot.smallest, "minimum"
    for limit, name in ((sold_within_shelf_life, "shelf_life"), (affordable, "cash")):
        if limit is not None and units > limit:
            units, bound_by = lot.round_down(limit), name
    if units < lot.smallest:
        units = 0
    extra = None
    if best and units:
        extra = yearly_cost(units, demand_per_year, order_cost, holding_per_year)
        extra -= yearly_cost(best, demand_per_year, order_cost, holding_per_year)
    return LotSize(units, best, bound_by, extra)
