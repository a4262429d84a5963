"""What a check says: how much it looked at, and what did not agree."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """One group whose figures do not agree."""

    check: str
    key: str
    measure: str
    expected: Decimal
    found: Decimal

    def __str__(self) -> str:
        return f"{self.check}: {self.key}: {self.measure} should be {self.expected} and is {self.found}"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check that was made: over how many groups, what they add up to, and what did not agree."""

    name: str
    groups: int
    totals: dict[str, Decimal]
    differences: list[Difference]


def label(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    """How a group is named: `day 2026-03-10, channel shop`."""
    named = (f"{name} {value or '(none)'}" for name, value in zip(names, values, strict=True))
    return ", ".join(named) or "all"
