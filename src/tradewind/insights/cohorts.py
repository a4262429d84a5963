"""Cohorts: of the customers who first ordered in a month, who ordered again in the months after it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.insights.figures import fraction, in_digits
from tradewind.insights.gold import Gold

TABLE = "customer_cohorts"
DEFAULT_MONTHS = 24
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Step:
    """A month of a cohort's life; 0 is that of the first orders."""

    period: int
    customers: int
    retention: float | None
    orders: int
    revenue: Decimal
    revenue_per_customer_to_date: Decimal | None


@dataclass(frozen=True, slots=True)
class Cohort:
    month: date
    size: int
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class MeanStep:
    """All cohorts that are old enough together."""

    period: int
    cohorts: int
    retention: float | None


@dataclass(frozen=True, slots=True)
class Cohorts:
    currency: str
    as_of: datetime | None
    cohorts: list[Cohort]
    average: list[MeanStep]


def cohorts(gold: Gold, start: date | None, end: date | None, channel: str | None) -> Cohorts:
    """The cohorts of the months from `start` up to `end`, the newest 24 by default. Raises GoldNotBuilt."""
    last = "{end:Date32}" if end else f"(SELECT addMonths(max(cohort_month), 1) FROM {TABLE})"
    first = "toStartOfMonth({start:Date32})" if start else f"addMonths({last}, -{DEFAULT_MONTHS})"
    rows = gold.query(
        TABLE,
        f"""
        SELECT cohort_month, period, cohort_size, customers, orders, revenue, retention,
            revenue_per_customer_to_date, reporting_currency
        FROM {TABLE}
        WHERE first_channel = {{channel:String}} AND cohort_month >= {first} AND cohort_month < {last}
            AND cohort_month >= addMonths({last}, -{MOST_MONTHS})
        ORDER BY cohort_month, period
        """,
        {"channel": channel or ""} | ({"start": start} if start else {}) | ({"end": end} if end else {}),
    )
    found: dict[date, Cohort] = {}
    alive: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for exact in rows:
        row = in_digits(exact, ("revenue", "revenue_per_customer_to_date"), exact["reporting_currency"])
        cohort = found.setdefault(row["cohort_month"], Cohort(row["cohort_month"], row["cohort_size"], []))
        cohort.steps.append(
            Step(
                row["period"],
                row["customers"],
                row["retention"],
                row["orders"],
                row["revenue"],
                row["revenue_per_customer_to_date"],
            )
        )
        mean = alive[row["period"]]
        for place, value in enumerate((1, row["customers"], row["cohort_size"])):
            mean[place] += value
    return Cohorts(
        currency=rows[0]["reporting_currency"] if rows else DEFAULT_CURRENCY,
        as_of=gold.built_at(TABLE),
        cohorts=list(found.values()),
        average=[MeanStep(p, count, fraction(back, size)) for p, (count, back, size) in sorted(alive.items())],
    )
