"""What planning accepts: each number with its unit and its range, refused with both."""

from __future__ import annotations

import math

from tradewind.core.errors import InvalidInput

LONGEST_LEAD_TIME_DAYS = 365
LONGEST_REVIEW_DAYS = 365


class PlanningInput(InvalidInput):
    """A number of a plan lies outside its range."""

    code = "planning_input"


def check_lead_time(days: float, *, field: str = "lead_time_days") -> float:
    return _within(days, 1, LONGEST_LEAD_TIME_DAYS, "A lead time", "days", field)


def check_review(days: float, *, field: str = "review_days") -> float:
    return _within(days, 1, LONGEST_REVIEW_DAYS, "A review period", "days", field)


def check_service_level(level: float, *, field: str = "service_level") -> float:
    if not (math.isfinite(level) and 0 < level < 1):
        raise PlanningInput(
            f"A service level is a probability above 0 and below 1, such as 0.95, and not {level:g}.", field=field
        )
    return level


def check_lot(units: int, *, field: str, name: str) -> int:
    """A minimum order or a pack, in units."""
    if units < 1:
        raise PlanningInput(f"{name} is a whole number of units, 1 or more, and not {units}.", field=field)
    return units


def check_cost(amount: float, *, field: str = "cost", name: str = "A cost") -> float:
    if not math.isfinite(amount) or amount < 0:
        raise PlanningInput(f"{name} is an amount of money, 0 or more, and not {amount:g}.", field=field)
    return amount


def _within(value: float, least: int, most: int, name: str, unit: str, field: str) -> float:
    if not math.isfinite(value) or not least <= value <= most:
        raise PlanningInput(f"{name} is {least} to {most} {unit}, and not {value:g}.", field=field)
    return value
