"""An endpoint on a view while rows come in: how many answers a second, and how long each takes.

The server is a process of its own and ingests 50,000 rows a second with three views on them. Callers ask an endpoint
on one of the views with twenty different parameters, each time one of them by chance and each at its own appointed
moments, 500 a second together: an answer that comes late counts from when it was due. Then as fast as they can.

By chance, because callers who go through the parameters in one order fall into step once they are late: all of them
wait for the same answer, and then ask for the next one together.

python -m bench.endpoints --tail 15 [--runs 6] asks only at that pace, for so many seconds in each of some runs, and
tells where the slowest answers of each spent their time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path, PurePosixPath
from typing import Self
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from bench.crash import Worker
from bench.ingest_server import project
from bench.machine import Figure, Others, measure, median, percentile
from bench.phases import HEADER, Moments, Slowest
from tradewind.api.app import create_app
from tradewind.api.http_server import begin_to_answer, server_config
from tradewind.api.services import Services
from tradewind.core.logging import configure_logging
from tradewind.core.settings import load_settings
from tradewind.core.sockets import bound
from tradewind.platform import Platform

TARGET_PER_SECOND, TARGET_P99_SECONDS, ROWS_PER_SECOND = 500, 0.060, 50_000
_ROWS, _CALLERS, _VARIANTS, _PRODUCTS = 1000, 16, 20, 500
_ENDPOINT = """NODE best
SQL >
    %
    SELECT name, sum(events) AS events, sum(quantity) AS quantity
    FROM by_product GROUP BY name ORDER BY events DESC, name LIMIT {{Int32(most, 10)}}

TYPE endpoint
"""


def run(*, quick: bool) -> list[Figure]:
    seconds = 5 if quick else 30
    with _fed() as (card, feeder):
        before, began = feeder.rows, time.perf_counter()
        paced = _asked(card, seconds, per_second=TARGET_PER_SECOND)
        rows_per_second = (feeder.rows - before) / (time.perf_counter() - began)
        fastest = _asked(card, seconds, per_second=None)
    note = f"{rows_per_second:,.0f} rows/s came in meanwhile, {_VARIANTS} parameters, {_CALLERS} callers"
    return [
        Figure(
            "endpoint on a view, asked 500 times a second", paced.per_second, "/s", TARGET_PER_SECOND * 0.99, note=note
        ),
        Figure("endpoint on a view, p50", median(paced.seconds), "s", is_better="lower"),
        Figure(
            "endpoint on a view, p99",
            percentile(paced.seconds, 0.99),
            "s",
            TARGET_P99_SECONDS,
            is_better="lower",
            note=f"worst {max(paced.seconds):.3f} s, {paced.failed} failed",
        ),
        Figure("endpoint on a view, as fast as it goes", fastest.per_second, "/s", TARGET_PER_SECOND),
        Figure("rows that came in meanwhile", rows_per_second, "/s", ROWS_PER_SECOND * 0.95),
    ]


def tail(seconds: float, runs: int) -> None:
    """The paced part alone, on a new server each time."""
    for number in range(runs):
        with _fed("--moments") as (card, feeder):
            ours = (os.getpid(), int(card["process"]))
            others = Others(ours)
            before, began = feeder.rows, time.perf_counter()
            asked = _asked(card, seconds, per_second=TARGET_PER_SECOND)
            rows_per_second = (feeder.rows - before) / (time.perf_counter() - began)
            share = others.share()
        figures = ", ".join(
            f"{name} {percentile(asked.seconds, share) * 1000:.1f}"
            for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("worst", 1.0))
        )
        print(
            f"run {number + 1}: {figures} ms, {rows_per_second:,.0f} rows/s, {asked.failed} failed,"
            f" other programs had {share:.0%} of the processors"
        )
        print(asked.slowest.told(began), flush=True)


@contextmanager
def _fed(*options: str) -> Iterator[tuple[dict[str, str], _Feeder]]:
    """A new server into which rows come, and which has planned its questions."""
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        data_dir, log = Path(folder) / "data", Path(folder) / "log"
        server = Worker("bench.endpoints", "--serve", str(data_dir), *options, log=log, environment={})
        try:
            if not server.wait_until_it_speaks():
                raise RuntimeError(log.read_text())
            card = json.loads(server.lines[0])
            with _Feeder(card["url"], card["token"]) as feeder:
                time.sleep(2)
                _asked(card, 2, per_second=TARGET_PER_SECOND)  # plans are made when a question is asked first
                yield card, feeder
        finally:
            server.process.terminate()
            server.finish(60)


@dataclass
class _Asked:
    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    per_second: float = 0.0
    slowest: Slowest = field(default_factory=Slowest)


def _asked(card: dict[str, str], seconds: float, *, per_second: int | None) -> _Asked:
    """Asks from several threads; paced, each question is due at a moment of its own."""
    found = _Asked()
    lock = threading.Lock()
    began = time.perf_counter()

    def ask(number: int) -> None:
        connection = _connection(card["url"])
        headers = {"Authorization": f"Bearer {card['token']}"}
        chance = random.Random(number)
        took, failed, count, slowest = [], 0, 0, Slowest()
        while True:
            due = began + (count * _CALLERS + number) / per_second if per_second else time.perf_counter()
            if due - began >= seconds:
                break
            time.sleep(max(0.0, due - time.perf_counter()))
            sent = time.perf_counter()
            connection.request("GET", f"/v0/pipes/best.json?most={chance.randint(1, _VARIANTS)}", headers=headers)
            answer = connection.getresponse()
            failed += answer.status != 200
            answer.read()
            read = time.perf_counter()
            took.append(read - due)
            slowest.add(due, sent, answer.headers.get(HEADER), read)
            count += 1
        connection.close()
        with lock:
            found.seconds += took
            found.failed += failed
            found.slowest.join(slowest)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(_CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.per_second = len(found.seconds) / (time.perf_counter() - began)
    return found


class _Feeder:
    """Posts rows at an even pace until the block ends."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._feed)
        self.rows = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _feed(self) -> None:
        bodies = [
            "\n".join(
                f'{{"id":{n},"timestamp":"2026-03-01 00:00:{n % 60:02}","event":"sale",'
                f'"product":"p{(n * 7 + b) % _PRODUCTS}",'
                f'"store":"s{n % 9}","quantity":1}}'
                for n in range(_ROWS)
            ).encode()
            for b in range(20)
        ]
        connection = _connection(self._url)
        headers = {"Authorization": f"Bearer {self._token}"}
        began, sent = time.perf_counter(), 0
        while not self._stop.is_set():
            time.sleep(max(0.0, began + sent * _ROWS / ROWS_PER_SECOND - time.perf_counter()))
            connection.request("POST", "/v0/events?name=events", body=bodies[sent % 20], headers=headers)
            answer = connection.getresponse()
            answer.read()
            sent += 1
            if answer.status in (200, 202):
                self.rows += _ROWS
        connection.close()


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    return HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=60)


def _serve(data_dir: Path, *, notes_moments: bool) -> None:
    configure_logging("warning")
    platform = Platform(
        load_settings(data_dir=data_dir, ingest={"requests_per_second": 100_000, "mb_per_second": 1000})
    )
    try:
        workspace_id = platform.workspaces.default()
        files = {**project(3), PurePosixPath("best.pipe"): _ENDPOINT.encode()}
        outcome = platform.workspaces.deploy(workspace_id, files)
        if outcome.result != "success":
            raise RuntimeError("; ".join(map(str, outcome.errors)))
        platform.start()
        with bound("127.0.0.1", 0) as listening:
            listening.listen(1000)
            app: ASGIApp = create_app(platform, Services.of(platform))
            if notes_moments:
                app = Moments(app, platform.serving.queries)
            server = uvicorn.Server(server_config(app))
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            token = platform.serving.tokens.admin_value(workspace_id)
            begin_to_answer()
            print(json.dumps({"url": url, "token": token, "process": str(os.getpid())}), flush=True)
            asyncio.run(server.serve([listening]))
    finally:
        platform.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--serve", type=Path)
    parser.add_argument("--moments", action="store_true")
    parser.add_argument("--tail", type=float)
    parser.add_argument("--runs", type=int, default=6)
    chosen = parser.parse_known_args()[0]
    if chosen.serve is not None:
        _serve(chosen.serve, notes_moments=chosen.moments)
    elif chosen.tail is not None:
        tail(chosen.tail, chosen.runs)
    else:
        measure(run)
