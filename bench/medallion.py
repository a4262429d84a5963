"""Builds of the gold tables at a million orders: all of it, and after ten thousand orders have changed.

Through the gateway of one process, as in the product, whose memory at its highest is told beside. The changed orders
lie in the newest month, as changes do; the same number spread over two years is told without a target. The rows are
those of `bench.medallion_data`. Beside the builds: the engine's own copy of the order lines, one table to another.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import Figure, measure
from bench.medallion_data import change_orders, fill
from tradewind.core.settings import load_settings
from tradewind.jobs.gold import Door, build_through
from tradewind.platform import Platform
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway import Access, serve_gateway

FULL_SECONDS, PARTIAL_SECONDS, MEMORY_MIB = 60.0, 10.0, 2560.0


def run(*, quick: bool) -> list[Figure]:
    orders = 50_000 if quick else 1_000_000
    changed, newest = orders // 100, orders // 24
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        settings = load_settings(data_dir=Path(folder) / "data", store={"currency": "EUR"})
        platform = Platform(settings, purpose="A benchmark")
        warehouse = platform.warehouse
        lines = fill(warehouse, orders=orders, ends_at=datetime.now(UTC))
        gateway = serve_gateway(warehouse, lambda *_: Access("dbt", may_write=True), host="127.0.0.1", port=0)
        door = Door("127.0.0.1", gateway.port, "dbt", "bench")

        def build(**more: Any) -> float:
            began = time.perf_counter()
            result = build_through(door, settings, warehouse, **more)
            assert result.is_good, result.failures
            return time.perf_counter() - began

        full = build(full=True)
        states = change_orders(warehouse, count=changed, among=newest, turn=1)
        assert states >= changed
        partial = build()
        change_orders(warehouse, count=changed, among=orders, turn=2)
        spread = build()
        copied = _copy(warehouse)
        memory = _highest_memory()
        gateway.stop()
        platform.close()
    limit: dict[str, Any] = {"limit": copied, "limit_name": "copy of gold_sales_lines"}
    said = f"{orders:,} orders, {lines:,} lines"
    return [
        Figure("gold, full build", full, "s", FULL_SECONDS, is_better="lower", **limit, note=said),
        Figure(f"gold, {changed:,} recent orders changed", partial, "s", PARTIAL_SECONDS, is_better="lower", **limit),
        Figure(f"gold, {changed:,} orders of two years changed", spread, "s", is_better="lower", **limit),
        Figure("memory of the process, highest", memory, "MiB", MEMORY_MIB, is_better="lower"),
    ]


def _copy(warehouse: Warehouse) -> float:
    """Seconds that the engine takes to write the lines once more."""
    warehouse.command("CREATE TABLE copied AS gold_sales_lines")
    began = time.perf_counter()
    warehouse.command("INSERT INTO copied SELECT * FROM gold_sales_lines SETTINGS max_threads = 2")
    taken = time.perf_counter() - began
    warehouse.command("DROP TABLE copied SYNC")
    return taken


def _highest_memory() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not tell the memory of a process")


if __name__ == "__main__":
    measure(run)
