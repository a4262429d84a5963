"""Each product with its classes: what it earned, how evenly it sells, whether it lies still, how often it turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tradewind.core.money import rounded
from tradewind.insights.planning.classes import (
    Movement,
    abc,
    deseasonalised,
    pace,
    quiet_probability,
    season_of,
    turns,
    variation,
    xyz,
)
from tradewind.insights.planning.history import SalesHistory
from tradewind.insights.planning.line import PlannedLine

_DAYS_LOOKED_AT = 180


@dataclass(frozen=True, slots=True)
class Profile:
    """A product over all places; money in the reporting currency, of the last 365 days."""

    product_id: str
    sku: str
    name: str
    category: str
    abc: str
    cumulative: float | None
    worth: Decimal
    """Contribution: revenue less the cost of what was sold and less what channels kept, each where it is known."""
    worth_is: str
    """margin or, where the cost is unknown, revenue; with `_after_fees` where channel fees are taken off."""
    revenue: Decimal
    """Net, of the same year."""
    xyz: str | None
    variation: float | None
    pace: str
    on_hand: int
    stock_value: Decimal | None
    excess: int
    excess_value: Decimal | None
    cover_days: int | None
    quiet_probability: float
    last_sale: date | None
    turns: float | None


def profiles(
    lines: Sequence[PlannedLine],
    history: SalesHistory,
    first_stocked: Mapping[str, date],
    *,
    today: date,
    currency: str,
) -> list[Profile]:
    """Of all products with a line, the one that earned most first."""
    by_product: dict[str, list[PlannedLine]] = {}
    for line in lines:
        by_product.setdefault(line.inputs.product_id, []).append(line)
    worth = {product_id: _worth(held[0], history) for product_id, held in by_product.items()}
    letters = abc({product_id: amount for product_id, (amount, _) in worth.items()})
    season = season_of(history.weeks)
    found = []
    for product_id, held in by_product.items():
        given = held[0].inputs
        past = history.products.get(product_id)
        weeks = past.weeks if past else ()
        spread = variation(deseasonalised(weeks, season[-len(weeks) :])) if weeks else None
        seen = _movement(held, past.last_sale if past else None, first_stocked.get(product_id), today)
        cost, on_hand = given.unit_cost, seen.on_hand
        amount, worth_is = worth[product_id]
        excess = sum(line.excess for line in held)
        value = None if cost is None else cost * on_hand
        sold = past.units_of_year if past else 0
        turned = None if cost is None or value is None else turns(cost * sold, value)
        found.append(
            Profile(
                product_id,
                given.sku,
                given.name,
                given.category,
                letters[product_id].letter,
                None if (share := letters[product_id].cumulative) is None else float(share),
                rounded(amount, currency),
                worth_is,
                rounded(past.revenue_of_year if past else Decimal(0), currency),
                xyz(spread),
                spread,
                pace(seen),
                on_hand,
                None if value is None else rounded(value, currency),
                excess,
                None if cost is None else rounded(cost * excess, currency),
                seen.cover_days,
                seen.quiet_probability,
                past.last_sale if past else None,
                None if turned is None else float(turned),
            )
        )
    return sorted(found, key=lambda one: (-one.worth, one.product_id))


def _worth(line: PlannedLine, history: SalesHistory) -> tuple[Decimal, str]:
    past = history.products.get(line.inputs.product_id)
    if past is None:
        return Decimal(0), "margin"
    amount, told = past.revenue_of_year, "revenue"
    if line.inputs.unit_cost is not None:
        amount, told = amount - line.inputs.unit_cost * past.units_of_year, "margin"
    if past.fees_of_year is not None:
        amount, told = amount - past.fees_of_year, f"{told}_after_fees"
    return amount, told


def _movement(held: Sequence[PlannedLine], last_sale: date | None, first_stocked: date | None, today: date) -> Movement:
    """What is known of all its places together. Days in stock are counted from the first receipt."""
    on_hand = sum(max(0, line.inputs.on_hand) for line in held if line.inputs.is_counted)
    since = None if first_stocked is None else (today - first_stocked).days
    mean = sum(line.inputs.until_limit_mean for line in held)
    covers = [line.days_of_cover for line in held if line.inputs.is_counted]
    days = max(1, round(sum(len(line.inputs.mean_per_day) for line in held) / len(held)))
    per_day = sum(sum(line.inputs.mean_per_day) for line in held) / days if mean else 0.0
    return Movement(
        on_hand,
        since,
        None if last_sale is None else (today - last_sale).days,
        min(since or 0, _DAYS_LOOKED_AT) if on_hand else 0,
        None if not covers or None in covers else max(cover for cover in covers if cover is not None),
        quiet_probability(per_day),
    )
