"""Sorting the assortment: by what it earns (ABC), by how evenly it sells (XYZ), what lies still, how often it turns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from statistics import fmean, pstdev

A_SHARE, B_SHARE = Decimal("0.80"), Decimal("0.95")
X_VARIATION, Y_VARIATION = 0.5, 1.0
SLOW_COVER_DAYS, DEAD_DAYS, NEW_DAYS, QUIET_DAYS = 180, 180, 60, 90
FEWEST_WEEKS = 8
"""Of demand, below which nothing is said about its variation."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """`cumulative` is the share of the total reached with this product, 0 to 1; None when there is no total."""

    letter: str
    cumulative: Decimal | None


def abc(worth: Mapping[str, Decimal]) -> dict[str, Ranked]:
    """A for the products that make the first 80 % of the total, B up to 95 %, C the rest.

    The product that crosses a line belongs above it. What earns nothing or loses is C, and equals get equal letters.
    """
    total = sum((amount for amount in worth.values() if amount > 0), Decimal(0))
    ranked: dict[str, Ranked] = {}
    reached = Decimal(0)
    in_order = sorted(worth.items(), key=lambda item: (-item[1], item[0]))
    for amount, equals in groupby(in_order, key=lambda item: item[1]):
        before, names = reached, [name for name, _ in equals]
        if amount <= 0 or total == 0:
            ranked |= dict.fromkeys(names, Ranked("C", None if total == 0 else Decimal(1)))
            continue
        reached += amount * len(names)
        share = before / total
        letter = "A" if share < A_SHARE else "B" if share < B_SHARE else "C"
        ranked |= dict.fromkeys(names, Ranked(letter, reached / total))
    return ranked


def deseasonalised(weeks: Sequence[float], season: Sequence[float]) -> list[float]:
    """Weekly demand with the season divided out; `season` holds the factor of each week, 1 in the mean."""
    return [units / factor if factor > 0 else units for units, factor in zip(weeks, season, strict=True)]


def season_of(total_weeks: Sequence[float], *, period: int = 52, smooth: int = 5) -> list[float]:
    """Factors per week of many products together: the mean of the same weeks of all years, smoothed, over its mean.

    A single year cannot tell a season from a trend or from chance: with less than a year and a half all factors are 1.
    """
    count = len(total_weeks)
    mean = fmean(total_weeks) if count else 0.0
    if count < period + period // 2 or mean <= 0:
        return [1.0] * count
    by_week = [fmean(total_weeks[week::period]) for week in range(period)]
    half = smooth // 2
    smoothed = [fmean(by_week[(week + shift) % period] for shift in range(-half, half + 1)) for week in range(period)]
    level = fmean(smoothed)
    return [smoothed[week % period] / level for week in range(count)]


def variation(weeks: Sequence[float]) -> float | None:
    """σ ÷ μ of weekly demand; None below eight weeks or without demand."""
    if len(weeks) < FEWEST_WEEKS:
        return None
    mean = fmean(weeks)
    return pstdev(weeks) / mean if mean > 0 else None


def xyz(coefficient: float | None) -> str | None:
    """X up to 0.5, Y up to 1, Z above; None where the variation is not known."""
    if coefficient is None:
        return None
    return "X" if coefficient <= X_VARIATION else "Y" if coefficient <= Y_VARIATION else "Z"


@dataclass(frozen=True, slots=True)
class Movement:
    """What is known of how a product sells. Days are counted back from today; None: never."""

    on_hand: int
    days_since_first_stock: int | None
    days_since_last_sale: int | None
    days_in_stock: int
    """Of the last 180."""
    cover_days: int | None
    """None: longer than the forecast looks."""
    quiet_probability: float
    """P(no sale in the next 90 days)."""


class Pace:
    """How a product sells, as one word."""

    DEAD, SLOW, MOVING, NEW = "dead", "slow", "moving", "new"


def pace(seen: Movement) -> str:
    """dead: none sold in 180 days in stock; slow: more likely than not no sale in 90 days, or cover above 180 days.

    What came less than 60 days ago is new and judged later.
    """
    if seen.days_since_first_stock is not None and seen.days_since_first_stock < NEW_DAYS:
        return Pace.NEW
    sold_lately = seen.days_since_last_sale is not None and seen.days_since_last_sale < DEAD_DAYS
    if not sold_lately and seen.days_in_stock >= DEAD_DAYS:
        return Pace.DEAD
    is_covered_long = seen.on_hand > 0 and (seen.cover_days is None or seen.cover_days > SLOW_COVER_DAYS)
    return Pace.SLOW if seen.quiet_probability >= 0.5 or is_covered_long else Pace.MOVING


def quiet_probability(mean_per_day: float, days: int = QUIET_DAYS) -> float:
    """P(no sale within so many days) for buyers who come independently of each other: e^(-mean · days)."""
    return math.exp(-max(0.0, mean_per_day) * days)


def turns(cost_of_sales: Decimal, mean_stock_at_cost: Decimal) -> Decimal | None:
    """Yearly COGS ÷ mean stock at cost, per year; None without stock."""
    return cost_of_sales / mean_stock_at_cost if mean_stock_at_cost > 0 else None
