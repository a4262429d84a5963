"""Gold tables of one row per day and channel, added up: the funnel of visits, and how orders were worked off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tradewind.insights.figures import fraction
from tradewind.insights.gold import Gold
from tradewind.insights.periods import Period
from tradewind.insights.spans import Span
from tradewind.warehouse.client import Row

FUNNEL = "gold_funnel"
OPERATIONS = "gold_operational_metrics"
STEPS = {
    "sessions": "Sessions",
    "viewed": "Viewed a product",
    "carted": "Put into the cart",
    "checked_out": "Began the checkout",
    "bought": "Bought",
}
_SUMMED = (
    "placed_orders",
    "cancelled_orders",
    "shipped_orders",
    "delivered_orders",
    "orders_with_fulfilment_time",
    "orders_with_delivery_time",
    "units_shipped",
    "units_returned",
)


@dataclass(frozen=True, slots=True)
class Sums:
    """Figures of a period, the one before, each channel and each day, by column."""

    totals: dict[str, Any]
    previous: dict[str, Any] | None
    channels: dict[str, dict[str, Any]]
    days: dict[date, dict[str, Any]]
    as_of: datetime | None


def funnel(gold: Gold, span: Span, channels: tuple[str, ...]) -> Sums:
    """How many sessions came how far. Raises GoldNotBuilt."""
    return _sums(gold, FUNNEL, tuple(STEPS), span, channels, _funnel)


def operations(gold: Gold, span: Span, channels: tuple[str, ...]) -> Sums:
    """How orders were worked off, by the day they were placed. Raises GoldNotBuilt."""
    columns = (*_SUMMED, "fulfilment_hours", "delivery_days", "products_listed", "products_out_of_stock")
    return _sums(gold, OPERATIONS, columns, span, channels, _operations)


def _sums(gold: Gold, table: str, columns: tuple[str, ...], span: Span, channels: tuple[str, ...], add: Any) -> Sums:
    first = span.first_day
    rows = gold.query(
        table,
        f"SELECT date, channel, {', '.join(columns)} FROM {table} WHERE date >= {{first:Date32}}"
        " AND date < {end:Date32}" + (" AND channel IN {channels:Array(String)}" if channels else ""),
        {"first": first, "end": span.period.end, "channels": list(channels)},
    )
    now = [row for row in rows if _is_in(row, span.period)]
    then = [row for row in rows if span.before is not None and _is_in(row, span.before)]
    by_channel, by_day = defaultdict(list), defaultdict(list)
    for row in now:
        by_channel[row["channel"]].append(row)
        by_day[row["date"]].append(row)
    return Sums(
        totals=add(now),
        previous=add(then) if span.before is not None else None,
        channels={name: add(mine) for name, mine in sorted(by_channel.items())},
        days={day: add(mine) for day, mine in sorted(by_day.items())},
        as_of=gold.built_at(table),
    )


def _is_in(row: Row, period: Period) -> bool:
    return bool(period.start <= row["date"] < period.end)


def _funnel(rows: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {step: sum(row[step] for row in rows) for step in STEPS}
    return found | {"conversion_rate": fraction(found["bought"], found["sessions"])}


def _operations(rows: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {name: sum(row[name] or 0 for row in rows) for name in _SUMMED}
    shipped, delivered = found.pop("orders_with_fulfilment_time"), found.pop("orders_with_delivery_time")
    # Stock is that of all places, the same for every channel of a day.
    stock = {row["date"]: (row["products_listed"] or 0, row["products_out_of_stock"] or 0) for row in rows}
    return found | {
        "cancellation_rate": fraction(found["cancelled_orders"], found["placed_orders"]),
        "fulfilment_hours": _weighted(rows, "fulfilment_hours", "orders_with_fulfilment_time", shipped),
        "delivery_days": _weighted(rows, "delivery_days", "orders_with_delivery_time", delivered),
        "return_rate": fraction(found["units_returned"], found["units_shipped"]),
        "stock_out_rate": fraction(sum(out for _, out in stock.values()), sum(listed for listed, _ in stock.values())),
    }


def _weighted(rows: Iterable[Row], mean: str, weight: str, count: int) -> float | None:
    """The mean over all, from the means of the days and channels."""
    total = sum((Decimal(str(row[mean])) * row[weight] for row in rows if row[mean] is not None), Decimal(0))
    return round(float(total / count), 2) if count else None
