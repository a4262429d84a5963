"""The dashboard at a million order lines: how long one answer takes, over HTTP and without it.

Every question is another one (periods, filters), so that nothing is answered from memory. Beside it: the
engine's `SELECT 1`, and the one query that any dashboard has to make, over the same cube.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.machine import Figure, measure, median, percentile, timed
from bench.server import Server, a_server
from bench.store import LINES_PER_ORDER, fill_warehouse
from tradewind.core.settings import load_settings
from tradewind.insights.dashboard import DashboardQuery, dashboard
from tradewind.insights.lookups import Lookups
from tradewind.platform import Platform
from tradewind.warehouse.client import Warehouse

TARGET_P95_MS = 40.0
_WARMING_UP = 60
"""Other questions that a server has answered before: the first ones after its start take a third longer."""
_CUBE = """
    SELECT product_id, sum(revenue) AS r, sum(units) AS u FROM live_daily_sales
    WHERE grain = 'product' AND day >= {start:Date32} AND day < {end:Date32}
    GROUP BY product_id ORDER BY r DESC LIMIT 10
"""


def run(*, quick: bool) -> list[Figure]:
    lines, questions = (100_000, 30) if quick else (1_000_000, 120)
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        data_dir = Path(folder) / "data"
        with a_server(data_dir) as server:
            password = server.password  # made at the first start, told once
        platform = Platform(load_settings(data_dir=data_dir), purpose="A benchmark")
        now = datetime.now(UTC)
        made = fill_warehouse(platform.warehouse, orders=int(lines / LINES_PER_ORDER), ends_at=now)
        _settle(platform.warehouse)
        inside = _inside(platform.warehouse, now, questions)
        limits = _limits(platform.warehouse, now)
        platform.close()
        with a_server(data_dir) as server:
            server.sign_in(password or "")
            outside = _outside(server, now.date(), questions)
    cube: dict[str, Any] = {"limit": median(limits["cube"]) * 1000, "limit_name": "bare cube query"}
    return [
        Figure("dashboard over HTTP, p50", median(outside) * 1000, "ms", is_better="lower", **cube),
        Figure(
            "dashboard over HTTP, p95",
            percentile(outside, 0.95) * 1000,
            "ms",
            TARGET_P95_MS,
            is_better="lower",
            **cube,
            note=f"{made} order lines, {questions} different questions",
        ),
        Figure("dashboard in the process, p95", percentile(inside, 0.95) * 1000, "ms", is_better="lower", **cube),
        Figure("SELECT 1", median(limits["select 1"]) * 1000, "ms", is_better="lower"),
    ]


def _settle(warehouse: Warehouse) -> None:
    """Waits until the engine has merged what was just inserted: two years do not come in within ten seconds."""
    deadline = time.monotonic() + 120
    quiet = 0
    while quiet < 5:
        busy = warehouse.query("SELECT count() AS merges FROM system.merges")[0]["merges"]
        quiet = 0 if busy else quiet + 1
        if time.monotonic() > deadline:
            raise TimeoutError("The engine is still merging after two minutes")
        time.sleep(0.5)


def _periods(today: date, questions: int) -> list[tuple[date, date]]:
    """Thirty days ending on different days, the first one today."""
    return [(today - timedelta(29 + 3 * turn), today - timedelta(3 * turn - 1)) for turn in range(questions)]


def _inside(warehouse: Warehouse, now: datetime, questions: int) -> list[float]:
    zone = load_settings().store.zone
    known = Lookups(warehouse)  # the server keeps them too, while the data stand still
    asked = iter([(now.date() - timedelta(29), now.date() + timedelta(1))] * 3 + _periods(now.date(), questions))

    def ask() -> None:
        start, end = next(asked)
        dashboard(warehouse, DashboardQuery(start, end), currency="EUR", zone=zone, now=now, lookups=known)

    return timed(ask, times=questions)


def _outside(server: Server, today: date, questions: int) -> list[float]:
    taken = []
    earlier = _periods(today - timedelta(3 * questions), _WARMING_UP)
    for start, end in earlier + _periods(today, questions):
        began = time.perf_counter()
        parameters = {"from": start.isoformat(), "to": end.isoformat()}
        server.client.get("/api/v1/dashboard/metrics", params=parameters).raise_for_status()
        taken.append(time.perf_counter() - began)
    return taken[_WARMING_UP:]


def _limits(warehouse: Warehouse, now: datetime) -> dict[str, list[float]]:
    period = {"start": now.date() - timedelta(29), "end": now.date() + timedelta(1)}
    return {
        "select 1": timed(lambda: warehouse.query("SELECT 1 AS one"), times=50),
        "cube": timed(lambda: warehouse.query(_CUBE, period), times=30),
    }


if __name__ == "__main__":
    measure(run)
