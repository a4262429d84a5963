"""From commit to chart: how long after its commit an order is in the answer of /api/v1/dashboard/metrics.

The server runs its demo store and sells on meanwhile. Marker orders are booked by another process on a
channel of their own, at random moments; the dashboard of that channel is asked until it shows them.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from bench.facts import a_booking, book, orders_of
from bench.machine import Figure, measure, median, percentile
from bench.server import Server, a_server
from tradewind.core.settings import load_settings
from tradewind.store import open_database

TARGET_P99_SECONDS = 1.0
_DEMO_IS_THERE = "the demo store is complete"


def run(*, quick: bool) -> list[Figure]:
    markers, demo_orders = (25, 500) if quick else (120, 3_000)
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        data_dir = Path(folder) / "data"
        with a_server(data_dir, "--demo", "--demo-orders", str(demo_orders)) as server:
            server.wait_for_log(_DEMO_IS_THERE, 300)
            delays, asking = _delays(server, data_dir, markers)
    return [
        Figure("commit to dashboard, p50", median(delays), "s", is_better="lower"),
        Figure(
            "commit to dashboard, p99",
            percentile(delays, 0.99),
            "s",
            TARGET_P99_SECONDS,
            is_better="lower",
            limit=median(asking),
            limit_name="one answer",
            note=f"{markers} orders under demo traffic, worst {max(delays):.3f} s",
        ),
    ]


def _delays(server: Server, data_dir: Path, markers: int) -> tuple[list[float], list[float]]:
    database, chance = open_database(load_settings(data_dir=data_dir)), random.Random(1)
    booking = a_booking(database)
    delays, asking = [], []
    seen = 0
    for marker in range(markers):
        time.sleep(chance.uniform(0.05, 0.4))
        (order,) = orders_of(1, start=marker)
        book(database, [order], booking)
        committed = time.perf_counter()
        while True:
            asked = time.perf_counter()
            answer = server.client.get("/api/v1/dashboard/metrics", params={"channel": "bench"}).raise_for_status()
            asking.append(time.perf_counter() - asked)
            if answer.json()["total_orders"] > seen:
                break
        delays.append(time.perf_counter() - committed)
        seen = answer.json()["total_orders"]
    database.close()
    return delays, asking


if __name__ == "__main__":
    measure(run)
