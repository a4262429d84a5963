"""What a metric of the catalogue says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Unit(StrEnum):
    MONEY = "money"
    """In the reporting currency."""
    COUNT = "count"
    FRACTION = "fraction"
    DAYS = "days"
    HOURS = "hours"
    SCORE = "score"
    PER_DAY = "per_day"


class AddsUp(StrEnum):
    """Over what values may be added up."""

    FLOW = "flow"
    """Over everything: days, channels, products."""
    STOCK = "stock"
    """Over groups, not over time: it is a state at the end."""
    RATIO = "ratio"
    """Its numerator and its denominator do; the metric is their quotient over the whole."""
    DISTINCT = "distinct"
    """Over nothing: the same thing may be in two groups."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number by one name. `undefined_when` says when it is null; None: never."""

    slug: str
    label: str
    unit: Unit
    formula: str
    adds_up: AddsUp
    description: str
    computed_in: tuple[str, ...]
    owner: str
    undefined_when: str | None = None
    better: Literal["higher", "lower"] | None = None
    bridges_from: str | None = None
