"""The figures of sales in one reporting currency, rounded once, and how they changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tradewind.core.money import rounded
from tradewind.warehouse.client import Row

SLUGS = (
    "revenue",
    "gross_revenue",
    "refunded",
    "orders",
    "units",
    "average_order_value",
    "cost",
    "gross_profit",
    "margin",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the catalogue calls by these names. Costs are None where gold is not built."""

    revenue: Decimal
    gross_revenue: Decimal
    refunded: Decimal
    orders: int
    units: int
    average_order_value: Decimal | None
    cost: Decimal | None
    gross_profit: Decimal | None
    margin: float | None
    cost_coverage: float | None
    """Which share of the revenue the cost is known of."""


def figures_of(row: Row, currency: str) -> Figures:
    """The figures of exact converted sums; `cost` and `with_cost` (revenue of what has a cost) may be absent."""
    revenue, refunded = rounded(row["revenue"], currency), rounded(row["refunded"], currency)
    orders = int(row["orders"])
    cost, with_cost = row.get("cost"), row.get("with_cost")
    profit = None if cost is None or with_cost is None else with_cost - cost
    return Figures(
        revenue=revenue,
        gross_revenue=revenue + refunded,
        refunded=refunded,
        orders=orders,
        units=int(row["units"]),
        average_order_value=rounded(revenue / orders, currency) if orders else None,
        cost=None if cost is None else rounded(cost, currency),
        gross_profit=None if profit is None else rounded(profit, currency),
        margin=fraction(profit, with_cost),
        cost_coverage=fraction(with_cost, row["revenue"]),
    )


def in_digits(row: Row, columns: Iterable[str], currency: str) -> Row:
    """The row with these amounts in the digits of their currency; gold keeps four."""
    return row | {name: None if row[name] is None else rounded(row[name], currency) for name in columns}


def fraction(part: Decimal | int | None, whole: Decimal | int | None) -> float | None:
    """part ÷ whole to six digits; None without a whole."""
    if part is None or not whole:
        return None
    return round(float(Decimal(part) / Decimal(whole)), 6)


def change_of(now: Any, before: Any) -> float | None:
    """The relative change as a fraction; None without a base to compare with."""
    if now is None or before is None or not before:
        return None
    return round(float((Decimal(str(now)) - Decimal(str(before))) / abs(Decimal(str(before)))), 6)


def change_between(now: Figures, before: Figures) -> dict[str, float | None]:
    """By slug; of a margin, which is a fraction itself, the difference in points."""
    found = {slug: change_of(getattr(now, slug), getattr(before, slug)) for slug in SLUGS if slug != "margin"}
    points = None if now.margin is None or before.margin is None else round(now.margin - before.margin, 6)
    return found | {"margin": points}


@dataclass(frozen=True, slots=True)
class Unconverted:
    """Sales in a currency without a stored rate: beside the figures, not in them."""

    currency: str
    revenue: Decimal
    orders: int

    @classmethod
    def of(cls, rows: Iterable[Row]) -> list[Unconverted]:
        """From rows with the currency and sums in it."""
        return [
            cls(row["currency"], rounded(row["own_revenue"], row["currency"]), int(row["orders"]))
            for row in sorted(rows, key=lambda row: str(row["currency"]))
            if row["own_revenue"] or row["orders"]
        ]
