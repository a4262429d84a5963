"""Figures for Prometheus: sales, revenue and stock so far, and the last whole minute by product and store.

A store is a channel, and a location of the same code. Labelled series are bounded: the products, stores and pairs
with the most revenue or units by name, all others together as `other`, so that every sum is still right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tradewind.insights import sales
from tradewind.insights.rates import load_rates
from tradewind.warehouse.client import Row, Warehouse

OTHER = "other"
WINDOW = timedelta(minutes=1)
WATERMARK = timedelta(minutes=2)
"""How late a sale may come and still count in its minute."""


@dataclass(frozen=True, slots=True)
class Series:
    """One labelled value."""

    labels: tuple[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """Everything is net: what was cancelled or taken back counts no more."""

    sales_rows: int
    """Lines of sold orders."""
    quantity: int
    revenue: Decimal
    """In the reporting currency; amounts in a currency without a rate are left out."""
    by_product: Sequence[Series]
    by_store: Sequence[Series]
    stock: Sequence[Series]
    window_count: Sequence[Series]
    window_quantity: Sequence[Series]


def stream_figures(warehouse: Warehouse, *, now: datetime, currency: str | None, most: int) -> StreamFigures:
    """The figures of this moment; `most` bounds each labelled series."""
    currencies = sales.store_currencies(warehouse)
    first = sales.first_day(warehouse)
    reporting = currency or (currencies[0] if currencies else "USD")
    today = now.date()
    rate = load_rates(warehouse, reporting).in_sql(set(currencies), first or today, today + timedelta(2))
    amounts = warehouse.query(
        f"SELECT product_id, channel, sum(units) AS quantity, sumIf(s.revenue{rate.factor}, {rate.is_known}) AS amount"
        " FROM live_daily_sales AS s WHERE grain = 'product' GROUP BY product_id, channel",
        rate.parameters,
    )
    stores = sales.channel_names(warehouse)
    (lines,) = warehouse.query(
        "SELECT toInt64(sum(sign(units))) AS lines FROM live_sales WHERE grain = 'product'",
    )
    revenue_of: dict[str, Decimal] = {}
    for row in amounts:
        revenue_of[row["product_id"]] = revenue_of.get(row["product_id"], Decimal(0)) + row["amount"]
    leaders = set(sorted(revenue_of, key=lambda p: (-revenue_of[p], p))[:most])
    names = {key: str(row["name"]) for key, row in sales.product_names(warehouse, sorted(leaders)).items()}
    minute = _minute(warehouse, now)
    return StreamFigures(
        sales_rows=int(lines["lines"]),
        quantity=sum(int(row["quantity"]) for row in amounts),
        revenue=sum((row["amount"] for row in amounts), Decimal(0)),
        by_product=_bounded(
            amounts,
            lambda r: (r["product_id"], names.get(r["product_id"], "")) if r["product_id"] in leaders else None,
            "amount",
            most,
        ),
        by_store=_bounded(amounts, lambda r: (r["channel"], stores.get(r["channel"]) or r["channel"]), "amount", most),
        stock=_bounded(
            warehouse.query(
                "SELECT product_id, location AS channel, sum(delta) AS units FROM log_stock_movements"
                " GROUP BY product_id, location"
            ),
            lambda r: (r["product_id"], r["channel"]) if r["product_id"] in leaders else None,
            "units",
            most,
        ),
        window_count=_bounded(minute, _pair, "sales", most),
        window_quantity=_bounded(minute, _pair, "quantity", most),
    )


def last_window(now: datetime) -> tuple[datetime, datetime]:
    """The last whole minute that no late sale can change any more."""
    end = (now - WATERMARK).replace(second=0, microsecond=0)
    return end - WINDOW, end


def _minute(warehouse: Warehouse, now: datetime) -> list[Row]:
    start, end = last_window(now)
    return warehouse.query(
        "SELECT product_id, channel, toInt64(sum(sign(units))) AS sales, sum(units) AS quantity FROM live_sales"
        " WHERE grain = 'product' AND at >= {start:DateTime64(6, 'UTC')} AND at < {end:DateTime64(6, 'UTC')}"
        " AND day >= toDate32({start:DateTime64(6, 'UTC')}) - 1 AND day <= toDate32({end:DateTime64(6, 'UTC')}) + 1"
        " GROUP BY product_id, channel",
        {"start": start, "end": end},
    )


def _pair(row: Row) -> tuple[str, str]:
    return row["product_id"], row["channel"]


def _bounded(
    rows: Iterable[Row],
    labels_of: Callable[[Row], tuple[str, str] | None],
    value: str,
    most: int,
) -> list[Series]:
    """Sums by label, the largest by name and the rest as `other`."""
    sums: dict[tuple[str, str], Any] = {}
    other = (OTHER, OTHER)
    for row in rows:
        labels = labels_of(row) or other
        sums[labels] = sums.get(labels, 0) + row[value]
    rest = sums.pop(other, None)
    ordered = sorted(sums, key=lambda key: (-abs(sums[key]), key))
    for key in ordered[most:]:
        rest = (rest or 0) + sums[key]
    found = [Series(key, float(sums[key])) for key in ordered[:most]]
    return [*found, Series(other, float(rest))] if rest is not None else found
