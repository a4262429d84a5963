"""By which rules a plan is made: the store's settings, and what a caller asks instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

from tradewind.insights.planning.limits import PlanningInput, check_cost, check_review, check_service_level

HIGHEST_RATE = 10
MOST_LANES = 10_000


@dataclass(frozen=True, slots=True)
class LaneTerms:
    """What the way from one place to another costs, by the codes of the places; instead of the usual costs."""

    from_location: str
    to_location: str
    cost_per_unit: Decimal = Decimal(0)
    fixed_cost: Decimal = Decimal(0)
    """Of a shipment, however much is in it."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """Amounts are in the reporting currency. Raises PlanningInput for a number out of range."""

    service_level: float | None = None
    """The same for all; None: for each product the level that pays."""
    review_days: int = 7
    """Days between two looks at the plan, where the supplier's calendar says nothing."""
    holding_rate: float = 0.25
    """Money per year and money of stock: capital, space, loss."""
    goodwill_rate: float = 0.0
    """What a missed sale costs beyond its margin, as a share of the price."""
    order_cost: Decimal = Decimal(0)
    """Of placing and taking in one line; 0: as often as looked at."""
    cover_limit_days: int = 90
    """Stock beyond what nine of ten outcomes sell in this time is excess."""
    hold_risk: float = 0.05
    """A lot below the supplier's minimum is rounded up only above this chance of a stock-out before the next look."""
    transfer_cost_per_unit: Decimal = Decimal(0)
    transfer_fixed_cost: Decimal = Decimal(0)
    lanes: tuple[LaneTerms, ...] = ()
    """Ways that cost otherwise than the two above say."""
    """Per pair of places and plan."""
    budget: Decimal | None = None

    def __post_init__(self) -> None:
        if self.service_level is not None:
            check_service_level(self.service_level)
        check_review(self.review_days)
        for field, rate in (("holding_rate", self.holding_rate), ("goodwill_rate", self.goodwill_rate)):
            if not 0 <= rate <= HIGHEST_RATE:
                name = field.replace("_", " ")
                raise PlanningInput(f"A {name} is a share, 0 to {HIGHEST_RATE}, and not {rate:g}.", field=field)
        for field in ("order_cost", "transfer_cost_per_unit", "transfer_fixed_cost", "budget"):
            amount = getattr(self, field)
            if amount is not None:
                check_cost(float(amount), field=field, name=f"A {field.replace('_', ' ')}")
        if not 1 <= self.cover_limit_days <= 365:
            raise PlanningInput(
                f"A cover limit is 1 to 365 days, and not {self.cover_limit_days}.", field="cover_limit_days"
            )
        if not 0 <= self.hold_risk <= 1:
            raise PlanningInput(f"hold_risk is a probability, 0 to 1, and not {self.hold_risk:g}.", field="hold_risk")

        self._check_lanes()

    def _check_lanes(self) -> None:
        if len(self.lanes) > MOST_LANES:
            raise PlanningInput(f"Tell at most {MOST_LANES:,} lanes.", field="lanes")
        for lane in self.lanes:
            check_cost(float(lane.cost_per_unit), field="lanes", name="A lane's cost per unit")
            check_cost(float(lane.fixed_cost), field="lanes", name="A lane's fixed cost")
        ways = Counter((lane.from_location, lane.to_location) for lane in self.lanes)
        for (start, goal), times in ways.items():
            if start == goal or times > 1:
                raise PlanningInput(
                    f"The lane from {start} to {goal} leads nowhere or stands here twice. Tell each way once.",
                    field="lanes",
                )

    def as_json(self) -> dict[str, Any]:
        told = _json_of(asdict(self))
        return told | {"lanes": [_json_of(asdict(lane)) for lane in self.lanes]}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        money = ("order_cost", "transfer_cost_per_unit", "transfer_fixed_cost", "budget")
        values: dict[str, Any] = dict(stored)
        values |= {name: None if stored[name] is None else Decimal(stored[name]) for name in money}
        # Plans that were made before lanes had costs of their own tell none.
        values["lanes"] = tuple(lane_of(lane) for lane in stored.get("lanes", ()))
        return cls(**values)


def lane_of(told: Mapping[str, Any]) -> LaneTerms:
    """A lane as it is stored or asked for; a cost that is not told is none."""
    costs = {name: Decimal(told.get(name, 0)) for name in ("cost_per_unit", "fixed_cost")}
    return LaneTerms(told["from_location"], told["to_location"], **costs)


def _json_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}
