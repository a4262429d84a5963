"""Orders from carts: in the process on one thread and on eight, and over HTTP, all of one hot product.

Beside it: the sqlite-worker package, driven in the same way, once with the very statements that one of our orders
makes, and once with four of an order that checks nothing. It gathers commits and tells nobody when one is kept;
ours come back when the order is on the disk, on one thread also with the same `synchronous=NORMAL`.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import httpx
from sqlalchemy import event

from bench.buyers import buyers_with_carts, driven
from bench.machine import Figure, measure, percentile
from bench.server import a_server
from bench.statements import heard
from tradewind import Platform
from tradewind.core.ids import ID_LENGTH, new_id

THREADS = 8
_PATIENCE_SECONDS = 5.0
TARGET_THREADS, TARGET_HTTP, TARGET_P99_MS = 1_000.0, 170.0, 150.0


def run(*, quick: bool) -> list[Figure]:
    count, over_http = (400, 200) if quick else (100_000, 5_000)
    few = min(count, 5_000)
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        home = Path(folder)
        told = _told(home / "told.db")
        one, _ = _ours(home / "one.db", few, threads=1)
        relaxed, _ = _ours(home / "relaxed.db", few, threads=1, synchronous="NORMAL")
        same, _ = _peer(home / "same.db", few, threads=1, order=_Replay(home / "told.db", told))
        peer, _ = _peer(home / "peer.db", few, threads=1, order=_Bare())
        many, refused = _ours(home / "many.db", count, threads=THREADS)
        same_many, lost = _peer(home / "sames.db", few, threads=THREADS, order=_Replay(home / "told.db", told))
        rate, seconds = _http(home / "data", over_http)
    said = f"{lost} of {few} orders lost or failed" if lost else "none lost"
    return [
        Figure(
            "create_order, one thread, synchronous=NORMAL",
            relaxed,
            "orders/s",
            same,
            limit=same,
            limit_name="sqlite-worker, the same statements",
        ),
        Figure(
            "the same",
            relaxed,
            "orders/s",
            limit=peer,
            limit_name="sqlite-worker, 4 statements, no checks",
        ),
        Figure(
            "create_order, one thread", one, "orders/s", limit=same, limit_name="sqlite-worker, the same statements"
        ),
        Figure(
            f"create_order, {THREADS} threads",
            many,
            "orders/s",
            TARGET_THREADS,
            limit=same_many,
            limit_name=f"sqlite-worker, the same statements ({said})",
            note=f"{count} orders, {refused} errors",
        ),
        Figure("checkout over HTTP", rate, "orders/s", TARGET_HTTP, note=f"{THREADS} buyers at once, one product"),
        Figure("checkout over HTTP, p99", percentile(seconds, 0.99) * 1000, "ms", TARGET_P99_MS, is_better="lower"),
    ]


def _ours(path: Path, count: int, *, threads: int, synchronous: str = "FULL") -> tuple[float, int]:
    """Orders per second, each durable when the call comes back, and how many calls failed."""
    with Platform(path) as shop:
        if synchronous != "FULL":
            event.listen(
                shop.database.engine, "checkout", lambda driver, *_: driver.execute(f"PRAGMA synchronous={synchronous}")
            )
            shop.database.close()  # so that the writers' connection is opened anew, and told too
        product = shop.add_product("Hot", "", 10, count)
        return driven(buyers_with_carts(shop, product, count), shop.create_order, threads)


Statement = tuple[str, tuple[Any, ...]]


def _told(path: Path) -> list[Statement]:
    """The statements of one order of ours, with those values replaced by None that are made for each order."""
    with Platform(path) as shop:
        product = shop.add_product("Hot", "", 10, 1_000_000)
        buyers = [shop.create_customer(f"buyer{number}@example.com", "Buyer") for number in range(2)]
        for buyer in buyers:
            shop.add_to_cart(buyer, product)
        shop.create_order(buyers[0])
        before = new_id()
        with heard(shop.database) as told:
            shop.create_order(buyers[1])
    return [
        # It reads only what begins with SELECT, and cannot commit while another answer waits to be read.
        (statement.partition(" RETURNING ")[0], tuple(_MADE if _is_made(value, before) else value for value in values))
        for statement, values in told
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))
        for values in (values if isinstance(values, list) else [values])
    ]


_MADE = object()


def _is_made(value: object, before: str) -> bool:
    return isinstance(value, str) and (value.startswith("SHOP-") or (len(value) == ID_LENGTH and value > before))


class _Order(Protocol):
    def prepare(self, path: Path, count: int, /) -> None: ...

    def place(self, worker: Any, buyer: str, /) -> None: ...

    def kept(self, store: sqlite3.Connection) -> int: ...


class _Replay:
    """One of our orders, statement by statement, in a copy of our store."""

    def __init__(self, store: Path, told: Sequence[Statement]) -> None:
        self._store, self._told = store, told
        self._before = 0

    def prepare(self, path: Path, _: int) -> None:
        shutil.copy(self._store, path)
        with sqlite3.connect(path) as store:
            self._before = self.kept(store)
        store.close()

    def place(self, worker: Any, _: str) -> None:
        made = uuid.uuid4().hex[:ID_LENGTH]
        for statement, values in self._told:
            token = worker.execute(statement, tuple(made if value is _MADE else value for value in values))
            if token is not None:
                _wait(worker, token)

    def kept(self, store: sqlite3.Connection) -> int:
        (count,) = store.execute("SELECT count(*) FROM orders").fetchone()
        return int(count) - self._before


class _Bare:
    """An order, its line, and the stock of its product: nothing is checked."""

    def prepare(self, path: Path, count: int) -> None:
        with sqlite3.connect(path) as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL)")
            made.execute("CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, total REAL NOT NULL)")
            made.execute("CREATE TABLE order_items (order_id TEXT, product_id INTEGER, quantity INTEGER)")
            made.execute("INSERT INTO products VALUES (1, ?)", (count,))
        made.close()

    def place(self, worker: Any, buyer: str) -> None:
        order_id = str(uuid.uuid4())
        worker.execute("INSERT INTO orders VALUES (?, ?, ?)", (order_id, buyer, 10.0))
        worker.execute("INSERT INTO order_items VALUES (?, 1, 1)", (order_id,))
        worker.execute("UPDATE products SET stock = stock - 1 WHERE id = 1")
        _wait(worker, worker.execute("SELECT stock FROM products WHERE id = 1"))

    def kept(self, store: sqlite3.Connection) -> int:
        (count,) = store.execute("SELECT count(*) FROM orders").fetchone()
        return int(count)


def _wait(worker: Any, token: str) -> None:
    """It answers None as long as the statement waits in its queue."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (found := worker.fetch_results(token)) is None:
        if time.monotonic() > deadline:
            raise TimeoutError("the worker never answered")
        time.sleep(0)
    if isinstance(found, sqlite3.Error):
        raise found


def _peer(path: Path, count: int, *, threads: int, order: _Order) -> tuple[float, int]:
    """Orders per second of the peer, and how many are not there afterwards."""
    from sqlite_worker import SqliteWorker

    order.prepare(path, count)
    # Its thread may start before the object is whole, and then dies: we take the first one that lives.
    workers = (SqliteWorker(str(path)) for _ in range(50))
    worker = next(w for w in workers if _is_alive(w))
    worker.execute("PRAGMA synchronous=NORMAL")
    buyers = [f"buyer{number}" for number in range(count)]
    rate, failed = driven(buyers, lambda buyer: order.place(worker, buyer), threads)
    worker.close()
    with sqlite3.connect(path) as stored:
        kept = order.kept(stored)
    stored.close()
    return rate, max(failed, count - kept)


def _is_alive(worker: Any) -> bool:
    thread: threading.Thread = worker._thread  # noqa: SLF001 (it tells nobody that it died)
    thread.join(0.1)
    return thread.is_alive()


def _http(data_dir: Path, count: int) -> tuple[float, list[float]]:
    with a_server(data_dir) as server:
        client = server.client
        sold = {"sku": "HOT", "name": "Hot", "price": 10, "currency": "EUR"}
        product = client.post("/api/v1/products", json=sold).raise_for_status().json()["product_id"]
        place = {"code": "main", "name": "Main"}
        location = client.post("/api/v1/inventory/locations", json=place).raise_for_status().json()["location_id"]
        receipt = {"product_id": product, "location_id": location, "delta": count, "reason": "receipt"}
        client.post("/api/v1/inventory/adjust", json=receipt).raise_for_status()
        carts = [_cart(client) for _ in range(count)]
        seconds: list[float] = []

        def order(cart: str) -> None:
            began = time.perf_counter()
            client.post("/api/v1/checkout", json={"cart_id": cart, "provider": "manual"}).raise_for_status()
            seconds.append(time.perf_counter() - began)

        rate, failed = driven(carts, order, THREADS)
        if failed:
            raise RuntimeError(f"{failed} of {count} orders over HTTP failed; see {server.log}")
        return rate, seconds


def _cart(client: httpx.Client) -> str:
    cart_id: str = client.post("/api/v1/carts", json={"currency": "EUR"}).raise_for_status().json()["cart_id"]
    client.post(f"/api/v1/carts/{cart_id}/items", json={"sku": "HOT"}).raise_for_status()
    return cart_id


if __name__ == "__main__":
    measure(run)
