"""Insights at a million orders of two hundred thousand customers: how long each route takes over HTTP.

Every question is another one (other periods, other filters), so that nothing is answered from memory. Gold is built
once before, as `tradewind warehouse build` does.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.machine import Figure, measure, median, percentile
from bench.medallion_data import fill
from bench.server import Server, a_server
from tradewind.core.settings import load_settings
from tradewind.jobs.gold import build_gold
from tradewind.platform import Platform

TARGET_P95_MS, SLOWER_P95_MS = 40.0, 100.0
_SLOWER = ("cohorts", "customers")
"""The triangle, and the RFM grid over all customers."""
_WARMING_UP = 10
Asked = Callable[[int, date], tuple[str, dict[str, Any]]]


def _month(turn: int, today: date) -> dict[str, str]:
    """Thirty days, other ones at every turn."""
    last = today - timedelta(3 * turn)
    return {"from": (last - timedelta(29)).isoformat(), "to": (last + timedelta(1)).isoformat()}


def _revenue(**more: Any) -> Asked:
    return lambda turn, today: ("/api/v1/analytics/revenue", _month(turn, today) | more)


def _analytics(name: str, **more: Any) -> Asked:
    return lambda turn, today: (f"/api/v1/analytics/{name}", _month(turn, today) | more)


ROUTES: dict[str, Asked] = {
    "revenue by channel": _revenue(group_by="channel"),
    "revenue by product": _revenue(group_by="product", limit=50),
    "revenue by category and week": _revenue(group_by="category,week"),
    "revenue by region": _revenue(group_by="region"),
    "revenue by day in another zone": _revenue(group_by="day", timezone="America/New_York"),
    "products": lambda turn, _: ("/api/v1/analytics/products", {"limit": 20 + turn}),
    "customers": _analytics("customers"),
    "cohorts": lambda turn, today: ("/api/v1/analytics/cohorts", {"from": (today - timedelta(700 - turn)).isoformat()}),
    "trends": _analytics("trends", metric=["revenue", "orders"]),
    "funnel": _analytics("funnel"),
    "operations": _analytics("operations"),
    "explain revenue": lambda turn, today: ("/api/v1/explain/revenue", _month(turn, today)),
    "explain margin": lambda turn, today: ("/api/v1/explain/margin", _month(turn, today)),
    "changes": lambda turn, today: (
        "/api/v1/analytics/changes",
        _month(turn, today) | {"before": (datetime.now(UTC) - timedelta(minutes=1)).isoformat()},
    ),
    "top customers": lambda turn, _: ("/api/customers/top-customers", {"limit": 10 + turn}),
    "segment": lambda turn, _: ("/api/customers/segments/At Risk", {"limit": 10 + turn}),
    "best sellers": lambda turn, _: ("/api/products/best-sellers", {"limit": 10 + turn}),
    "low stock": lambda turn, _: ("/api/products/low-stock", {"limit": 10 + turn}),
    "sales summary": lambda turn, _: ("/api/sales/summary", {"days": 30 + turn}),
    "sales trends": lambda turn, _: ("/api/sales/trends", {"months": 1 + turn % 24}),
}


def run(*, quick: bool) -> list[Figure]:
    orders, questions = (50_000, 15) if quick else (1_000_000, 40)
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        data_dir = Path(folder) / "data"
        with a_server(data_dir) as server:
            password = server.password  # made at the first start, told once
        settings = load_settings(data_dir=data_dir, store={"currency": "EUR"})
        now = datetime.now(UTC)
        platform = Platform(settings, purpose="A benchmark")
        lines = fill(platform.warehouse, orders=orders, ends_at=now)
        platform.close()
        began = time.perf_counter()
        built = build_gold(settings)
        seconds = time.perf_counter() - began
        if not built.is_good:
            raise RuntimeError(f"Gold was not built: {built.failures}")
        note = f"{orders} orders, {lines} lines; gold built in {seconds:.0f} s"
        with a_server(data_dir) as server:
            server.sign_in(password or "")
            return [
                figure
                for name, asked in ROUTES.items()
                for figure in _figures(name, _times(server, asked, now.date(), questions), note)
            ]


def _times(server: Server, asked: Asked, today: date, questions: int) -> list[float]:
    taken = []
    for turn in range(_WARMING_UP + questions):
        path, parameters = asked(turn, today)
        began = time.perf_counter()
        server.client.get(path, params=parameters).raise_for_status()
        taken.append(time.perf_counter() - began)
    return taken[_WARMING_UP:]


def _figures(name: str, taken: list[float], note: str) -> list[Figure]:
    target = SLOWER_P95_MS if name in _SLOWER else TARGET_P95_MS
    return [
        Figure(f"{name}, p50", median(taken) * 1000, "ms", is_better="lower"),
        Figure(f"{name}, p95", percentile(taken, 0.95) * 1000, "ms", target, is_better="lower", note=note),
    ]


if __name__ == "__main__":
    measure(run)
