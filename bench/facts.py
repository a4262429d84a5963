"""From the outbox to the warehouse: how many facts a second the relay and the sink move.

Beside it, in the same run: what the engine takes in when the same lines are inserted raw, into the same
table without views, and what SQLite takes in when the same payloads are appended raw.
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.machine import Figure, measure
from tradewind.commerce.booking import Booking, Origin
from tradewind.commerce.catalog.service import ensure_channel
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.service import book_orders
from tradewind.core.database import Database
from tradewind.core.settings import load_settings
from tradewind.events.log import Partition
from tradewind.platform import Platform

TARGET_PER_SECOND = 20_000
BATCH = 500


def orders_of(count: int, *, start: int = 0) -> list[NewOrder]:
    """Orders of one to three lines of a thousand products, a minute apart."""
    now = datetime.now(UTC)
    return [
        NewOrder(
            order_number=f"B-{number}",
            placed_at=now - timedelta(minutes=number),
            currency="EUR",
            lines=tuple(
                NewLine(f"SKU-{(number * 7 + line) % 1000}", 1 + line, Decimal(100 + number % 5000).scaleb(-2))
                for line in range(1 + number % 3)
            ),
            ship_country=("DE", "FR", "US")[number % 3],
        )
        for number in range(start, start + count)
    ]


def a_booking(database: Database) -> Booking:
    now = datetime.now(UTC)
    with database.write() as tx:
        channel = ensure_channel(tx, "bench", name="Bench", kind="shop", now=now)
        place = ensure_location(tx, "main", name="Main", now=now)
        return Booking(channel.id, channel.code, now, Origin.IMPORT, place.id)


def book(database: Database, orders: list[NewOrder], booking: Booking) -> None:
    for start in range(0, len(orders), BATCH):
        with database.write() as tx:
            book_orders(tx, orders[start : start + BATCH], booking)


def run(*, quick: bool) -> list[Figure]:
    count = 6_000 if quick else 25_000
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        platform = Platform(load_settings(data_dir=folder), purpose="A benchmark")
        booking = a_booking(platform.database)
        book(platform.database, orders_of(count), booking)
        began = time.perf_counter()
        moved = platform.relay.drain()
        relayed = time.perf_counter()
        landed = platform.sink.drain()
        sunk = time.perf_counter()
        assert landed == moved
        together = _together(platform, booking, count)
        engine, sqlite = _raw_engine(platform), _raw_sqlite(platform, Path(folder))
        platform.close()
    limit: dict[str, Any] = {"limit": engine, "limit_name": "raw JSONEachRow"}
    return [
        Figure(
            "relay, facts", moved / (relayed - began), "/s", TARGET_PER_SECOND, limit=sqlite, limit_name="raw SQLite"
        ),
        Figure("sink, facts", landed / (sunk - relayed), "/s", TARGET_PER_SECOND, **limit),
        Figure("relay and sink at once, facts", together, "/s", TARGET_PER_SECOND, **limit, note=f"{moved} facts"),
    ]


def _together(platform: Platform, booking: Booking, count: int) -> float:
    """The rate at which a waiting backlog lands while both loops run in their threads, as they do in the server."""
    book(platform.database, orders_of(count, start=count), booking)
    waiting = platform.relay.backlog()
    stop = threading.Event()
    loops = [threading.Thread(target=loop, args=(stop,)) for loop in (platform.relay.run, platform.sink.run)]
    began = time.perf_counter()
    before = platform.sink.counts.events
    for loop in loops:
        loop.start()
    while platform.sink.counts.events - before < waiting:
        time.sleep(0.002)
    taken = time.perf_counter() - began
    stop.set()
    for loop in loops:
        loop.join()
    return waiting / taken


def _payloads(platform: Platform) -> list[bytes]:
    """The order facts as the sink would send them, without their place."""
    orders = Partition("orders", 0)
    bounds = platform.log.bounds(orders, 0, 50_000)
    assert bounds is not None
    head = b'{"log_partition":0,"log_offset":0,"event_at":"2026-01-01 00:00:00","ingested_at":"2026-01-01 00:00:00",'
    return [head + entry.payload[1:] for entry in platform.log.read(bounds)]


def _raw_engine(platform: Platform) -> float:
    lines = _payloads(platform)
    platform.warehouse.command("CREATE TABLE raw_orders AS log_orders")
    began = time.perf_counter()
    for start in range(0, len(lines), 10_000):
        batch = lines[start : start + 10_000]
        platform.warehouse.insert_lines("raw_orders", b"\n".join(batch), token=str(start))
    return len(lines) / (time.perf_counter() - began)


def _raw_sqlite(platform: Platform, folder: Path) -> float:
    lines = _payloads(platform)
    db = sqlite3.connect(folder / "raw.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE raw (position INTEGER PRIMARY KEY, payload BLOB NOT NULL)")
    began = time.perf_counter()
    for start in range(0, len(lines), 5_000):
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO raw (payload) VALUES (?)", ((line,) for line in lines[start : start + 5_000]))
        db.execute("COMMIT")
    taken = time.perf_counter() - began
    db.close()
    return len(lines) / taken


if __name__ == "__main__":
    measure(run)
