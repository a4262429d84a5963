"""Booking orders in batches, with lines, stock, history and facts, on SQLite with every commit on disk.

Beside it: the same rows written raw into the same tables, in as many transactions.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path

from bench.facts import BATCH, a_booking, book, orders_of
from bench.machine import Figure, measure
from tradewind.commerce.booking import Booking
from tradewind.core.database import Database
from tradewind.core.settings import load_settings
from tradewind.store import open_database

TABLES = ("orders", "order_items", "order_history", "stock_movements", "outbox")


def run(*, quick: bool) -> list[Figure]:
    count = 3_000 if quick else 15_000
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        database = open_database(load_settings(data_dir=folder))
        booking = a_booking(database)
        book(database, orders_of(1_000, start=count), booking)  # products exist, as they do in a running shop
        orders = orders_of(count)
        began = time.perf_counter()
        book(database, orders, booking)
        taken = time.perf_counter() - began
        single = _single_orders(database, booking, 100 if quick else 400, start=2 * count)
        database.close()
        raw = _raw(Path(folder) / "tradewind.db", Path(folder) / "raw.db", count // BATCH)
    return [
        Figure("book_orders, batches of 500", count / taken, "orders/s", limit=raw, limit_name="raw SQLite"),
        Figure("book_order, one by one", single, "orders/s", note="one commit on disk each"),
    ]


def _single_orders(database: Database, booking: Booking, count: int, *, start: int) -> float:
    orders = orders_of(count, start=start)
    began = time.perf_counter()
    for order in orders:
        book(database, [order], booking)
    return count / (time.perf_counter() - began)


def _raw(source: Path, target: Path, transactions: int) -> float:
    """The rows of the booked store again, without us: no checks, no arithmetic, no look-ups."""
    with sqlite3.connect(source) as booked:
        schema = [row[0] for row in booked.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        # The search index comes as virtual tables with tables of their own, and takes no part in this.
        rows = {table: booked.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    booked.close()
    raw = sqlite3.connect(target, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    for statement in schema:
        if "sqlite_sequence" not in statement and "search_" not in statement:
            raw.execute(statement)
    began = time.perf_counter()
    for part in range(transactions):
        raw.execute("BEGIN IMMEDIATE")
        for table, mine in rows.items():
            share = mine[part * len(mine) // transactions : (part + 1) * len(mine) // transactions]
            places = ", ".join("?" * len(mine[0]))
            raw.executemany(f"INSERT INTO {table} VALUES ({places})", share)
        raw.execute("COMMIT")
    taken = time.perf_counter() - began
    raw.close()
    return len(rows["orders"]) / taken


if __name__ == "__main__":
    measure(run)
