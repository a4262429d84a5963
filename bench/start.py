"""How long the product takes from nothing to its first answer, and how much memory it holds when nobody asks.

Beside it: a bare Python process that imports the engine and opens a folder with it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from bench.machine import Figure, measure, median
from bench.server import a_server

TARGET_START_SECONDS = 5.0
TARGET_IDLE_MIB = 700.0
_BARE = """
import sys, time
from chdb.session import Session
session = Session(sys.argv[1])
session.query("SELECT 1")
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def run(*, quick: bool) -> list[Figure]:
    runs, rest = (2, 3.0) if quick else (5, 15.0)
    first, again, memory = [], [], 0.0
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        for turn in range(runs):
            data_dir = Path(folder) / f"data-{turn}"
            first.append(_start(data_dir))
            again.append(_start(data_dir))
        data_dir = Path(folder) / "idle"
        with a_server(data_dir) as server:
            server.client.get("/api/v1/dashboard/metrics").raise_for_status()
            time.sleep(rest)
            memory = _resident_mib(server.pid)
        bare_seconds, bare_mib = _bare(Path(folder) / "bare")
    beside: dict[str, Any] = {"limit": bare_seconds, "limit_name": "bare engine"}
    return [
        Figure("cold start, new folder", median(first), "s", TARGET_START_SECONDS, is_better="lower", **beside),
        Figure("cold start, known folder", median(again), "s", TARGET_START_SECONDS, is_better="lower", **beside),
        Figure(
            "idle memory after a first answer",
            memory,
            "MiB",
            TARGET_IDLE_MIB,
            is_better="lower",
            limit=bare_mib,
            limit_name="bare engine",
        ),
    ]


def _start(data_dir: Path) -> float:
    """Seconds from starting the process to the first answer over HTTP."""
    began = time.perf_counter()
    with a_server(data_dir) as server:
        httpx.get(f"{server.url}/ready").raise_for_status()
        return time.perf_counter() - began


def _resident_mib(pid: int) -> float:
    """Resident memory of a process and its children."""
    kib = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if pid in (int(lines["Pid"]), int(lines["PPid"])) and "VmRSS" in lines:
            kib += int(lines["VmRSS"].split()[0])
    return kib / 1024


def _bare(folder: Path) -> tuple[float, float]:
    began = time.perf_counter()
    said = subprocess.run([sys.executable, "-c", _BARE, str(folder)], capture_output=True, text=True, check=True)
    return time.perf_counter() - began, int(said.stdout) / 1024


if __name__ == "__main__":
    measure(run)
