"""When people buy: growth, the season of the year, the day of the week, the hour, and the peaks of promotions.

Factors are relative: a day of weight 2 has twice the orders of a day of weight 1. They are chances, not
amounts of money, so they may be floats.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

GROWTH = 0.8
"""How much more is sold at the end of the history than at its beginning."""

MONTHS = (0.86, 0.84, 0.92, 0.96, 0.99, 0.95, 0.90, 0.92, 1.00, 1.06, 1.24, 1.36)
WEEKDAYS = (1.08, 1.02, 0.98, 0.96, 0.97, 0.88, 1.11)
"""From Monday to Sunday."""

HOURS_ONLINE = (9, 5, 3, 2, 2, 4, 10, 22, 34, 44, 52, 56, 58, 54, 52, 54, 58, 66, 78, 90, 96, 82, 52, 24)
HOURS_IN_STORE = (0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 40, 60, 78, 70, 62, 66, 82, 92, 74, 30, 0, 0, 0, 0)


class DayShape:
    """Where in a day the orders fall. Positions in the day and shares of its orders are both 0 to 1."""

    def __init__(self, hours: Sequence[int]) -> None:
        whole = sum(hours)
        self._edges = [sum(hours[:hour]) / whole for hour in range(25)]
        self._hours = [24 * hour / whole for hour in hours]

    def share_until(self, position: float) -> float:
        """The share of a day's orders that is placed before this position of the day."""
        hour = min(int(position * 24), 23)
        low, high = self._edges[hour], self._edges[hour + 1]
        return low + (high - low) * min(position * 24 - hour, 1.0)

    def position(self, share: float) -> float:
        """The inverse: by when this share of the day's orders is placed."""
        hour = min(bisect_right(self._edges, share) - 1, 23)
        low, high = self._edges[hour], self._edges[hour + 1]
        return (hour + (share - low) / (high - low if high > low else 1.0)) / 24

    def factor(self, hour: int) -> float:
        """How busy an hour is; 1 is the mean of the day."""
        return self._hours[hour]


ONLINE = DayShape(HOURS_ONLINE)
IN_STORE = DayShape(HOURS_IN_STORE)


@dataclass(frozen=True, slots=True)
class Promotion:
    """Days on which more is sold: `share` of the lines in its categories carry `percent` off."""

    name: str
    first: date
    last: date
    lift: float
    percent: int = 0
    share: float = 0.0
    categories: frozenset[str] = frozenset()
    """Empty: all of them."""

    def covers(self, category: str) -> bool:
        return not self.categories or category in self.categories


@lru_cache(maxsize=16)
def promotions_of(year: int) -> tuple[Promotion, ...]:
    november = date(year, 11, 1)
    thanksgiving = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
    days = timedelta
    return (
        Promotion("New Year", date(year, 1, 1), date(year, 1, 1), 0.5),
        Promotion("January clearance", date(year, 1, 2), date(year, 1, 12), 1.25, 25, 0.5, frozenset({"Toys", "Home"})),
        Promotion("Valentine's week", date(year, 2, 8), date(year, 2, 13), 1.3, 10, 0.5, frozenset({"Beauty"})),
        Promotion(
            "Garden opening", date(year, 4, 8), date(year, 4, 17), 1.3, 12, 0.6, frozenset({"Garden", "Outdoor"})
        ),
        Promotion(
            "Summer sale", date(year, 7, 4), date(year, 7, 15), 1.4, 15, 0.6, frozenset({"Sports", "Outdoor", "Home"})
        ),
        Promotion("Back to work", date(year, 8, 22), date(year, 9, 2), 1.2, 12, 0.6, frozenset({"Office"})),
        Promotion("Black Week", thanksgiving - days(3), thanksgiving, 1.6, 10, 0.5),
        Promotion("Black Friday", thanksgiving + days(1), thanksgiving + days(4), 2.7, 20, 0.75),
        Promotion(
            "Christmas season", date(year, 12, 5), date(year, 12, 18), 1.35, 10, 0.3, frozenset({"Toys", "Electronics"})
        ),
        Promotion("Christmas", date(year, 12, 24), date(year, 12, 26), 0.5),
    )


def promotions_on(day: date) -> list[Promotion]:
    return [promotion for promotion in promotions_of(day.year) if promotion.first <= day <= promotion.last]


def season(months: Sequence[float], day: date) -> float:
    """A yearly curve given by months, without steps: a month's value holds in its middle."""
    position = (day.timetuple().tm_yday - 15.2) / 30.44
    before = int(position // 1)
    part = position - before
    return months[before % 12] * (1 - part) + months[(before + 1) % 12] * part


def demand_on(day: date, progress: float) -> float:
    """The weight of a whole day at this point of the history, 0 at its beginning and 1 at its end."""
    weight = (1 + GROWTH * progress) * season(MONTHS, day) * WEEKDAYS[day.weekday()]
    for promotion in promotions_on(day):
        weight *= promotion.lift
    return weight
