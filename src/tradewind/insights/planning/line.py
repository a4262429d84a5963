"""One line of a plan: a product in a place, from its inputs alone. Equal inputs and terms give an equal line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from tradewind.insights.planning.allocation import expected_short
from tradewind.insights.planning.demand import Basis
from tradewind.insights.planning.distribution import LEVELS, Distribution
from tradewind.insights.planning.levels import (
    Lot,
    Position,
    days_of_cover,
    excess,
    reorder_point,
    safety_stock,
    stock_out_probability,
)
from tradewind.insights.planning.lots import lot_size
from tradewind.insights.planning.service import lost_sales_level, within_measured
from tradewind.insights.planning.terms import PlanTerms

YEAR = 365
USUAL_LEVEL = 0.95
"""Where neither margin nor cost is known."""


class Hold(StrEnum):
    """Why nothing is ordered although it would be time, or although nobody can say."""

    NOT_COUNTED = "not_counted"
    NO_SUPPLIER = "no_supplier"
    NO_COST = "no_cost"
    BELOW_MINIMUM = "below_minimum"
    SHELF_LIFE = "shelf_life"
    OVER_BUDGET = "over_budget"
    NOT_WORTH_IT = "not_worth_it"


@dataclass(frozen=True, slots=True)
class LineInputs:
    """All that a line is computed from; units, days, and money in the reporting currency.

    `until_arrival`, `protected`, `until_review` and `until_limit` are quantiles of demand at LEVELS with their means:
    until goods ordered today can be sold, until those of the next order can, until the next look, and over the cover
    limit. `due_*` are expected units that arrive within them.
    """

    product_id: str
    sku: str
    name: str
    category: str
    location_id: str
    location: str
    on_hand: int
    reserved: int
    is_counted: bool
    supplier_id: str | None
    supplier: str | None
    min_quantity: int
    pack_size: int
    supplier_cost: Decimal | None
    """In the supplier's currency."""
    supplier_currency: str | None
    unit_cost: Decimal | None
    price: Decimal | None
    lead_days: int
    """The median."""
    lead_days_late: int
    """Nine of ten arrive by then."""
    lead_time_from: str
    receipts: int
    wait_days: int
    """Until the supplier takes an order."""
    review_days: int
    basis: str
    told_by: str
    mean_per_day: tuple[float, ...]
    until_arrival: tuple[float, ...]
    until_arrival_mean: float
    protected: tuple[float, ...]
    protected_mean: float
    protected_days: float
    """Mean length of the protection interval."""
    until_review: tuple[float, ...]
    until_review_mean: float
    until_limit: tuple[float, ...]
    until_limit_mean: float
    due_until_arrival: float
    due_protected: float
    due_until_review: float
    on_order: int
    shelf_life_units: float | None = None
    """q_0.1 of demand within the life of the goods."""

    @property
    def key(self) -> str:
        return f"{self.product_id}/{self.location_id}"

    @property
    def lot(self) -> Lot:
        return Lot(self.min_quantity, self.pack_size)

    @property
    def demand(self) -> Distribution:
        """Over the protection interval."""
        return Distribution(LEVELS, self.protected, self.protected_mean)

    def position(self, due: float) -> Position:
        return Position(self.on_hand, self.reserved, 0, due)

    @property
    def inventory_position(self) -> float:
        return self.position(self.due_protected).inventory_position

    @property
    def margin(self) -> float | None:
        if self.price is None or self.unit_cost is None:
            return None
        return max(0.0, float(self.price - self.unit_cost))

    def short(self, terms: PlanTerms) -> float | None:
        """What a unit short costs: its margin and goodwill; None where price or cost is unknown."""
        margin = self.margin
        return None if margin is None or self.price is None else margin + terms.goodwill_rate * float(self.price)

    def as_json(self) -> dict[str, Any]:
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in values}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        money, lists = (
            ("supplier_cost", "unit_cost", "price"),
            (
                "mean_per_day",
                "until_arrival",
                "protected",
                "until_review",
                "until_limit",
            ),
        )
        values = dict(stored)
        values |= {name: None if stored[name] is None else Decimal(stored[name]) for name in money}
        values |= {name: tuple(stored[name]) for name in lists}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What a line comes to. Units are whole where somebody acts on them; money is in the reporting currency."""

    inputs: LineInputs
    service_level: float
    level_from: str
    """economic, asked or usual."""
    reorder_point: float
    safety_stock: float
    safety_stock_is_cut: bool
    order_up_to: float
    inventory_position: float
    days_of_cover: int | None
    stock_out_probability: float
    """Before goods that are ordered today can be sold, if nothing is ordered."""
    excess: int
    wanted: int
    """Units to order before any budget."""
    quantity: int
    hold: Hold | None
    expected_profit: float | None
    rank: int | None = None

    @property
    def cost(self) -> Decimal | None:
        return None if self.inputs.unit_cost is None else self.inputs.unit_cost * self.quantity

    @property
    def profit_per_cash(self) -> float | None:
        cost = self.cost
        return None if self.expected_profit is None or not cost else self.expected_profit / float(cost)


def plan_line(inputs: LineInputs, terms: PlanTerms) -> PlannedLine:
    """The line, before it competes for a budget."""
    demand, position = inputs.demand, inputs.inventory_position
    lot_units = _lot_units(inputs, terms)
    level, level_from = _level(inputs, terms, lot_units)
    point = reorder_point(demand, level)
    safety = safety_stock(demand, level)
    up_to = point + max(0.0, lot_units - inputs.until_review_mean)
    wanted, hold = _wanted(inputs, terms, position, point, up_to)
    arrival = Distribution(LEVELS, inputs.until_arrival, inputs.until_arrival_mean)
    limit = Distribution(LEVELS, inputs.until_limit, inputs.until_limit_mean)
    return PlannedLine(
        inputs,
        level,
        level_from,
        point,
        safety.units,
        safety.is_cut,
        up_to,
        position,
        days_of_cover(inputs.position(0).available, inputs.mean_per_day),
        stock_out_probability(arrival, inputs.position(inputs.due_until_arrival).inventory_position),
        excess(inputs.on_hand, limit) if inputs.is_counted else 0,
        wanted,
        0 if hold else wanted,
        hold,
        expected_profit(inputs, terms, 0 if hold else wanted),
    )


def expected_profit(inputs: LineInputs, terms: PlanTerms, units: int) -> float | None:
    """Money that so many units earn within the protection interval: sales they save, less keeping what they leave.

    None where price or cost is unknown.
    """
    short = inputs.short(terms)
    if short is None or inputs.unit_cost is None:
        return None
    if units == 0:
        return 0.0
    position = inputs.inventory_position
    saved = expected_short(inputs.demand, position) - expected_short(inputs.demand, position + units)
    keeping = terms.holding_rate * float(inputs.unit_cost) * inputs.protected_days / YEAR
    return short * saved - keeping * (units - saved)


def _lot_units(inputs: LineInputs, terms: PlanTerms) -> int:
    if not terms.order_cost or not inputs.unit_cost:
        return inputs.lot.smallest
    return lot_size(
        demand_per_year=_per_year(inputs),
        order_cost=float(terms.order_cost),
        holding_per_year=terms.holding_rate * float(inputs.unit_cost),
        lot=inputs.lot,
        sold_within_shelf_life=inputs.shelf_life_units,
    ).units


def _per_year(inputs: LineInputs) -> float:
    return inputs.protected_mean / inputs.protected_days * YEAR if inputs.protected_days else 0.0


def _level(inputs: LineInputs, terms: PlanTerms, lot_units: int) -> tuple[float, str]:
    if terms.service_level is not None:
        return terms.service_level, "asked"
    short, cost = inputs.short(terms), inputs.unit_cost
    if short is None or cost is None or not short + terms.holding_rate * float(cost) or not _per_year(inputs):
        return USUAL_LEVEL, "usual"
    level = lost_sales_level(
        holding_per_year=terms.holding_rate * float(cost),
        order_units=max(1.0, lot_units, inputs.until_review_mean),
        short=short,
        demand_per_year=_per_year(inputs),
    )
    return within_measured(level), "economic"


def _wanted(
    inputs: LineInputs, terms: PlanTerms, position: float, point: float, up_to: float
) -> tuple[int, Hold | None]:
    """Units to order, and what stands against it."""
    if not inputs.is_counted:
        return 0, Hold.NOT_COUNTED
    if position > point or inputs.basis == Basis.NONE:
        return 0, None
    lot = inputs.lot
    units = lot.round_up(up_to - position)
    if units == 0:
        return 0, None
    if inputs.shelf_life_units is not None:
        units = min(units, lot.round_down(inputs.shelf_life_units - position))
        if units < lot.smallest:
            return 0, Hold.SHELF_LIFE
    if inputs.supplier_id is None:
        return units, Hold.NO_SUPPLIER
    if inputs.unit_cost is None:
        return units, Hold.NO_COST
    if units < lot.smallest:
        return lot.smallest, None if _risk_before_review(inputs) > terms.hold_risk else Hold.BELOW_MINIMUM
    return units, None


def _risk_before_review(inputs: LineInputs) -> float:
    demand = Distribution(LEVELS, inputs.until_review, inputs.until_review_mean)
    return stock_out_probability(demand, inputs.position(inputs.due_until_review).inventory_position)


def ranked(lines: Sequence[PlannedLine]) -> list[PlannedLine]:
    """Lines that order something by expected profit per unit of cash, the best first; those of unknown profit last."""

    def place(line: PlannedLine) -> tuple[bool, float, str]:
        return line.profit_per_cash is None, -(line.profit_per_cash or 0.0), line.inputs.key

    return sorted(lines, key=place)
