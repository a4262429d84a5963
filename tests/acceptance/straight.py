"""What the real files say, computed straight from them: no code of the product's is on this way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Truth:
    """Figures of one set; revenue is that of sold orders less what was given back."""

    channel: str
    currency: str
    orders: int
    sold_orders: int
    revenue: Decimal
    units: int
    placed: Decimal
    """Items of all placed orders, sold or not."""


def olist(folder: Path) -> Truth:
    """Cancelled, unavailable and merely created orders are not sold; an unknown state counts as confirmed."""
    unsold = {"canceled", "unavailable", "created"}
    orders = _rows(folder / "orders.parquet", "order_idx", "order_status")
    sold = {row["order_idx"] for row in orders if row["order_status"] not in unsold}
    items = _rows(folder / "order_items.parquet", "order_idx", "price")
    prices = [(row["order_idx"], Decimal(repr(row["price"]))) for row in items]
    return Truth(
        channel="olist",
        currency="BRL",
        orders=len(orders),
        sold_orders=len(sold),
        revenue=sum((price for order, price in prices if order in sold), Decimal(0)),
        units=sum(1 for order, _ in prices if order in sold),
        placed=sum((price for _, price in prices), Decimal(0)),
    )


def online_retail(folder: Path) -> Truth:
    """Every line counts with its sign, rounded once; a correction of stock without price is no sale."""
    rows = _rows(folder / "transactions.parquet", "invoice_no", "quantity", "unit_price", "customer_id")
    revenue = Decimal(0)
    placed = Decimal(0)
    units = 0
    invoices: set[str] = set()
    for row in rows:
        price, quantity = Decimal(repr(row["unit_price"])), row["quantity"]
        amount = (price * quantity).copy_abs().quantize(CENT, ROUND_HALF_UP)
        is_credit = row["invoice_no"].startswith("C") or price * quantity < 0
        if not is_credit and price == 0 and (quantity < 0 or row["customer_id"] is None):
            continue
        revenue += -amount if is_credit else amount
        # A negative price is a credit of money alone: no unit came back.
        units += 0 if price < 0 else quantity
        if not is_credit:
            placed += amount
            invoices.add(row["invoice_no"])
    return Truth("online-retail", "GBP", len(invoices), len(invoices), revenue, units, placed)


def _rows(path: Path, *columns: str) -> list[dict[str, Any]]:
    return list(pq.read_table(path, columns=list(columns)).to_pylist())
