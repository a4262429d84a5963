"""Orders from carts: in the process on one thread and on eight, and over HTTP, all of one hot product.

Beside it: the sqlite-worker package, which writes an order, its line and the new stock of a product and checks
nothing, driven in the same way. On eight threads it is counted what it got done, and what went wrong.
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from bench.machine import Figure, measure, percentile
from bench.server import a_server
from tradewind import Platform

THREADS = 8
_PATIENCE_SECONDS = 5.0
TARGET_THREADS, TARGET_HTTP, TARGET_P99_MS = 1_000.0, 170.0, 150.0


def run(*, quick: bool) -> list[Figure]:
    count = 160 if quick else 1_600
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        home = Path(folder)
        one, _ = _ours(home / "one.db", count, threads=1)
        many, refused = _ours(home / "many.db", count, threads=THREADS)
        peer, _ = _peer(home / "peer.db", count, threads=1)
        peer_many, lost = _peer(home / "peers.db", count, threads=THREADS)
        rate, seconds = _http(home / "data", count // 2)
    said = f"{lost} of {count} orders lost or failed" if lost else "none lost"
    return [
        Figure("create_order, one thread", one, "orders/s", limit=peer, limit_name="sqlite-worker"),
        Figure(
            f"create_order, {THREADS} threads",
            many,
            "orders/s",
            TARGET_THREADS,
            limit=peer_many,
            limit_name=f"sqlite-worker ({said})",
            note=f"{refused} errors",
        ),
        Figure("checkout over HTTP", rate, "orders/s", TARGET_HTTP, note=f"{THREADS} buyers at once, one product"),
        Figure("checkout over HTTP, p99", percentile(seconds, 0.99) * 1000, "ms", TARGET_P99_MS, is_better="lower"),
    ]


def _ours(path: Path, count: int, *, threads: int) -> tuple[float, int]:
    """Orders per second, each durable when the call comes back, and how many calls failed."""
    with Platform(path) as shop:
        product = shop.add_product("Hot", "", 10, count)
        buyers = [shop.create_customer(f"buyer{number}@example.com", "Buyer") for number in range(count)]
        for buyer in buyers:
            shop.add_to_cart(buyer, product)
        return _driven(buyers, shop.create_order, threads)


def _peer(path: Path, count: int, *, threads: int) -> tuple[float, int]:
    from sqlite_worker import SqliteWorker

    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL)")
        made.execute("CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, total REAL NOT NULL)")
        made.execute("CREATE TABLE order_items (order_id TEXT, product_id INTEGER, quantity INTEGER)")
        made.execute("INSERT INTO products VALUES (1, ?)", (count,))
    made.close()
    # Its thread may start before the object is whole, and then dies: we take the first one that lives.
    workers = (SqliteWorker(str(path)) for _ in range(50))
    worker = next(w for w in workers if _is_alive(w))
    worker.execute("PRAGMA synchronous=NORMAL")

    def order(buyer: str) -> None:
        order_id = str(uuid.uuid4())
        worker.execute("INSERT INTO orders VALUES (?, ?, ?)", (order_id, buyer, 10.0))
        worker.execute("INSERT INTO order_items VALUES (?, 1, 1)", (order_id,))
        worker.execute("UPDATE products SET stock = stock - 1 WHERE id = 1")
        # It answers None as long as the statement waits in its queue.
        token = worker.execute("SELECT stock FROM products WHERE id = 1")
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while worker.fetch_results(token) is None:
            if time.monotonic() > deadline:
                raise TimeoutError("the worker never answered")
            time.sleep(0)

    rate, failed = _driven([f"buyer{number}" for number in range(count)], order, threads)
    worker.close()
    with sqlite3.connect(path) as stored:
        (kept,) = stored.execute("SELECT count(*) FROM orders").fetchone()
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

        rate, failed = _driven(carts, order, THREADS)
        if failed:
            raise RuntimeError(f"{failed} of {count} orders over HTTP failed; see {server.log}")
        return rate, seconds


def _cart(client: httpx.Client) -> str:
    cart_id: str = client.post("/api/v1/carts", json={"currency": "EUR"}).raise_for_status().json()["cart_id"]
    client.post(f"/api/v1/carts/{cart_id}/items", json={"sku": "HOT"}).raise_for_status()
    return cart_id


def _driven(things: Sequence[str], work: Callable[[str], object], threads: int) -> tuple[float, int]:
    """Calls per second that succeeded, from so many threads at once, and how many failed."""
    waiting, lock, failed = iter(things), threading.Lock(), []

    def go() -> None:
        while True:
            with lock:
                thing = next(waiting, None)
            if thing is None:
                return
            try:
                work(thing)
            except Exception as broken:  # noqa: BLE001 (whatever it is, it is counted and told)
                failed.append(broken)

    crew = [threading.Thread(target=go) for _ in range(threads)]
    began = time.perf_counter()
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return (len(things) - len(failed)) / (time.perf_counter() - began), len(failed)


if __name__ == "__main__":
    measure(run)
