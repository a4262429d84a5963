"""Lead times as chances: from receipts where there are enough, else from what the supplier promises."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import NormalDist

from tradewind.insights.planning.limits import LONGEST_LEAD_TIME_DAYS, check_lead_time

FEWEST_RECEIPTS = 5
PROMISE_SPREAD = 0.3
"""Of a promise nobody has measured: its standard deviation as a share of it."""
DEFAULT_DAYS = 14
"""Where not even a promise is known."""
MOST_OUTCOMES = 7


class Known(StrEnum):
    """Where a lead time comes from."""

    RECEIPTS = "receipts"
    PROMISE = "promise"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from ordering to being on the shelf: outcomes with their chances, which add up to 1."""

    chances: tuple[tuple[int, float], ...]
    known_from: Known
    receipts: int = 0

    @property
    def mean(self) -> float:
        return sum(days * chance for days, chance in self.chances)

    @property
    def deviation(self) -> float:
        mean = self.mean
        return math.sqrt(sum(chance * (days - mean) ** 2 for days, chance in self.chances))

    @property
    def median(self) -> int:
        return self.quantile(0.5)

    def quantile(self, level: float) -> int:
        """The fewest days that are enough with this probability."""
        total = 0.0
        for days, chance in self.chances:
            total += chance
            if total >= level - 1e-9:
                return days
        return self.chances[-1][0]

    def arrives_within(self, days: int) -> float:
        """P(lead time <= days)."""
        return sum(chance for outcome, chance in self.chances if outcome <= days)

    def shifted(self, wait: int) -> LeadTime:
        """The same after waiting so many days before the order can be placed or taken in."""
        moved = tuple((days + wait, chance) for days, chance in self.chances)
        return LeadTime(moved, self.known_from, self.receipts) if wait else self


def lead_time(receipts: Sequence[int], promised_days: int | None) -> LeadTime:
    """The empirical distribution of receipts, five at the least; else the promise with 30 % spread; else two weeks.

    Receipts of 0 days count as 1: what is ordered today can be sold tomorrow at the earliest. Raises PlanningInput for
    a promise out of range.
    """
    if len(receipts) >= FEWEST_RECEIPTS:
        seen = sorted(min(max(1, days), LONGEST_LEAD_TIME_DAYS) for days in receipts)
        return LeadTime(_condensed(seen), Known.RECEIPTS, len(receipts))
    if promised_days is not None:
        days = int(check_lead_time(max(1, promised_days)))
        return LeadTime(_around(days), Known.PROMISE, len(receipts))
    return LeadTime(_around(DEFAULT_DAYS), Known.DEFAULT, len(receipts))


def _condensed(seen: Sequence[int]) -> tuple[tuple[int, float], ...]:
    """At most seven outcomes: the middles of equal parts of what was seen."""
    parts = min(MOST_OUTCOMES, len(seen))
    outcomes: dict[int, float] = {}
    for part in range(parts):
        days = seen[(2 * part + 1) * len(seen) // (2 * parts)]
        outcomes[days] = outcomes.get(days, 0.0) + 1 / parts
    return tuple(sorted(outcomes.items()))


def _around(days: int) -> tuple[tuple[int, float], ...]:
    """A normal spread of 30 % at five equally likely points, in whole days, one at the least."""
    spread = NormalDist(days, PROMISE_SPREAD * days)
    outcomes: dict[int, float] = {}
    for part in range(5):
        outcome = max(1, round(spread.inv_cdf((part + 0.5) / 5)))
        outcomes[outcome] = outcomes.get(outcome, 0.0) + 0.2
    return tuple(sorted(outcomes.items()))


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a supplier takes orders: weekdays from 0 (Monday) to 6, and days on which it does not work.

    `closed` holds half-open ranges of days, in order.
    """

    order_weekdays: frozenset[int] = frozenset(range(7))
    closed: tuple[tuple[date, date], ...] = ()

    def takes_orders(self, day: date) -> bool:
        return day.weekday() in self.order_weekdays and not self.is_closed(day)

    def is_closed(self, day: date) -> bool:
        at = bisect_left(self.closed, (day + timedelta(days=1), day)) - 1
        return at >= 0 and self.closed[at][0] <= day < self.closed[at][1]

    def next_order_day(self, day: date) -> date | None:
        """The first day from this one on that takes orders; None within a year there is none."""
        return _first(day, self.takes_orders)

    def days_to_wait(self, day: date) -> int:
        """From this day to the next that takes orders."""
        found = self.next_order_day(day)
        return LONGEST_LEAD_TIME_DAYS if found is None else (found - day).days

    def days_between_orders(self, day: date) -> int:
        """From the next day that takes orders to the one after it: the review period of this supplier, days."""
        found = self.next_order_day(day)
        after = None if found is None else self.next_order_day(found + timedelta(days=1))
        return LONGEST_LEAD_TIME_DAYS if found is None or after is None else (after - found).days


def _first(day: date, is_right: Callable[[date], bool]) -> date | None:
    for ahead in range(LONGEST_LEAD_TIME_DAYS):
        if is_right(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return None
