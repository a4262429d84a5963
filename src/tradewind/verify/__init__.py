"""Holds the warehouse against the ledger: counts and sums per day and entity, on both sides, to the cent.

The ledger is the operational store. Against it stand the landed tables, the live figures and, where it
has been built, gold. Days are UTC days, which both engines cut alike; that business days add up to the
same is checked inside the warehouse. While sales go on, what differs is looked at again before it is
called a difference: a fact on its way is not an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tradewind.platform import Access
from tradewind.verify.checks import Check, all_checks

__all__ = ["Checked", "Difference", "is_clean", "verify"]

_LOOKS_AT_A_RUNNING_SERVER = 10
_PAUSE_SECONDS = 0.3


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


def verify(access: Access) -> list[Checked]:
    """Makes every check; settles first, and again before a difference is reported."""
    access.settle()
    looks = _LOOKS_AT_A_RUNNING_SERVER if access.server_url else 1
    return [_made(check, access.settle, looks) for check in all_checks(access.database, access.warehouse)]


def is_clean(checks: list[Checked]) -> bool:
    return not any(check.differences for check in checks)


def _made(check: Check, settle: Callable[[], None], looks: int) -> Checked:
    checked = _look(check)
    for _ in range(looks - 1):
        if not checked.differences:
            break
        time.sleep(_PAUSE_SECONDS)
        settle()
        checked = _look(check)
    return checked


def _look(check: Check) -> Checked:
    expected, found = check.expected(), check.found()
    totals = {
        name: sum((values[place] for values in expected.values()), Decimal(0))
        for place, name in enumerate(check.measures)
    }
    return Checked(check.name, len(expected), totals, list(_differences(check, expected, found)))


def _differences(
    check: Check,
    expected: dict[tuple[str, ...], tuple[Decimal, ...]],
    found: dict[tuple[str, ...], tuple[Decimal, ...]],
) -> Iterator[Difference]:
    nothing = (Decimal(0),) * len(check.measures)
    for key in sorted({*expected, *found}):
        named = (f"{name} {value or '(none)'}" for name, value in zip(check.keys, key, strict=True))
        label = ", ".join(named) or "all"
        pairs = zip(check.measures, expected.get(key, nothing), found.get(key, nothing), strict=True)
        for measure, mine, theirs in pairs:
            if mine != theirs:
                yield Difference(check.name, label, measure, mine, theirs)
