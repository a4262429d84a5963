"""Orders as CSV, one row per order, as many as there are: written while they are read.

A cell that a spreadsheet would take for a formula gets a quote in front (CWE-1236), so that opening a file of
what strangers typed runs nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from tradewind.commerce.orders.store import OrderFilter, OrderView, orders_page
from tradewind.core.database import Database

PAGE = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = (
    "order_number",
    "order_id",
    "channel",
    "placed_at",
    "status",
    "fulfillment_status",
    "payment_status",
    "currency",
    "subtotal",
    "discount",
    "shipping",
    "tax",
    "total",
    "revenue",
    "units",
    "customer_id",
    "ship_country",
    "ship_region",
    "ship_city",
)


def orders_csv(database: Database, chosen: OrderFilter, *, page: int = PAGE) -> Iterator[bytes]:
    """The lines of the file, heading first, in pieces of UTF-8; orders newest first, none twice.

    Each piece is read in a transaction of its own, so that a slow reader holds up nobody.
    """
    yield _lines([COLUMNS])
    cursor: str | None = None
    while True:
        with database.read() as tx:
            found = orders_page(tx, chosen, limit=page, cursor=cursor)
        if found.items:
            yield _lines([_cells(order) for order in found.items])
        cursor = found.next_cursor
        if cursor is None:
            return


def safe_cell(value: object) -> str:
    """A value as a cell. Numbers of ours stay numbers; a text that begins like a formula gets a quote in front."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(order: OrderView) -> list[str]:
    return [safe_cell(getattr(order, column)) for column in COLUMNS]


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
