"""Memory of a server through many rows, and the parts of its busiest table under many small inserts.

First rows come in by 1,000 a request as fast as they are taken (50 million, or `TRADEWIND_BENCH_ROWS`), then by one
from eight senders for two minutes: the landing makes the same number of parts whatever the rate, so what the engine
has not merged by then is what a day would look like.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from pathlib import Path

import httpx

from bench.crash import Worker
from bench.ingest import _body, _connected, _exchange, _request
from bench.machine import Figure, measure

TARGET_MIB, TARGET_PARTS = 1536.0, 300.0
_ROWS = 1000


class _Watch:
    """The resident memory of a process at its highest, and the parts of a data source, looked at each second."""

    def __init__(self, card: dict[str, str], process: int) -> None:
        self._card, self._status = card, Path(f"/proc/{process}/status")
        self.highest_mib = 0.0
        self.most_parts = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(30)

    def _look(self) -> None:
        while not self._stop.wait(1.0):
            lines = dict(line.split(":", 1) for line in self._status.read_text().splitlines() if ":" in line)
            self.highest_mib = max(self.highest_mib, int(lines["VmHWM"].split()[0]) / 1024)
            self.most_parts = max(self.most_parts, parts(self._card))


def parts(card: dict[str, str]) -> int:
    """Of the table that has most of them."""
    answer = httpx.get(f"{card['url']}/metrics", timeout=30).raise_for_status()
    told = [line for line in answer.text.splitlines() if line.startswith("tradewind_ingest_parts")]
    return max((int(float(line.rpartition(" ")[2])) for line in told), default=0)


def run(*, quick: bool) -> list[Figure]:
    rows = 2_000_000 if quick else int(os.environ.get("TRADEWIND_BENCH_ROWS", "50_000_000"))
    small_seconds = 10.0 if quick else 120.0
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        log = Path(folder) / "server.log"
        data_dir = str(Path(folder) / "data")
        server = Worker("bench.ingest_server", "--data-dir", data_dir, "--views", "3", log=log, environment={})
        try:
            if not server.wait_until_it_speaks():
                raise RuntimeError(f"The server did not start:\n{log.read_text()}")
            card = json.loads(server.lines[0])
            watch = _Watch(card, server.process.pid)
            began = time.perf_counter()
            _sent(card, 4, requests=rows // _ROWS)
            rate = rows / (time.perf_counter() - began)
            landed = _landed(card, rows)
            small = _sent(card, 8, seconds=small_seconds)
            watch.end()
        finally:
            server.process.terminate()
            server.finish(60)
    return [
        Figure(
            f"memory of the server through {rows // 1_000_000} million rows",
            watch.highest_mib,
            "MiB",
            TARGET_MIB,
            "lower",
            note=f"{rate:,.0f} rows/s sent; {landed:,} rows can be read",
        ),
        Figure(
            "most parts of a table",
            float(watch.most_parts),
            "parts",
            TARGET_PARTS,
            "lower",
            note=f"{small:,} requests of one row in {small_seconds:.0f} s at the end",
        ),
    ]


def _sent(card: dict[str, str], senders: int, *, requests: int = 0, seconds: float = 0.0) -> int:
    """Requests that were taken: so many of 1,000 rows, or as many of one row as fit into the time."""
    request = _request(card, _body(_ROWS if requests else 1))
    ends = time.perf_counter() + seconds
    taken, lock = 0, threading.Lock()

    def send() -> None:
        nonlocal taken
        with _connected(card) as connection:
            while True:
                with lock:
                    if (requests and taken >= requests) or (not requests and time.perf_counter() >= ends):
                        return
                    taken += 1
                while _exchange(connection, request) != 202:
                    time.sleep(0.05)

    crew = [threading.Thread(target=send) for _ in range(senders)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return taken


def _landed(card: dict[str, str], rows: int) -> int:
    """How many rows an endpoint sees, once all are there; raises RuntimeError when they do not come."""
    seen, deadline = 0, time.monotonic() + 300
    while time.monotonic() < deadline:
        asked = httpx.get(
            f"{card['url']}/v0/pipes/latest.json", headers={"Authorization": f"Bearer {card['token']}"}, timeout=60
        )
        seen = int(asked.raise_for_status().json()["data"][0]["rows"])
        if seen >= rows:
            return seen
        time.sleep(0.5)
    raise RuntimeError(f"{seen:,} of {rows:,} rows can be read after five minutes.")


if __name__ == "__main__":
    measure(run)
