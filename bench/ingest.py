"""Rows in over HTTP, with a token, validation, a durable log and two views, beside the engine's own insert of them.

The senders run on the same machine, in a process of their own. The rate is that of what has landed: it ends when the
last row can be read, not when it is acknowledged.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import socket
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bench.crash import Worker
from bench.ingest_server import opened
from bench.machine import Figure, measure, median, percentile

TARGET_ROWS, TARGET_P99_SECONDS = 300_000, 0.1
TARGET_REQUESTS = 2_000
TARGET_VISIBLE_SECONDS = 0.5
_MARKER = 10**15


@dataclass
class Traffic:
    """What a sender saw."""

    requests: int = 0
    refused: int = 0
    sending: float = 0.0
    seconds: list[float] = field(default_factory=list)


def run(*, quick: bool) -> list[Figure]:
    seconds = 4.0 if quick else 20.0
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        raw = _in_a_process(_raw_rows_per_second, Path(folder) / "raw", 200_000 if quick else 1_000_000)
        log = Path(folder) / "server.log"
        data_dir = Path(folder) / "data"
        server = Worker("bench.ingest_server", "--data-dir", str(data_dir), "--views", "2", log=log, environment={})
        try:
            if not server.wait_until_it_speaks():
                raise RuntimeError(f"The server did not start:\n{log.read_text()}")
            card = json.loads(server.lines[0])
            many, many_rate = _load(card, rows=1000, connections=8, seconds=seconds)
            ones, ones_rate = _load(card, rows=1, connections=64, seconds=seconds)
            visible = _visibility(card, rows_per_second=50_000, seconds=seconds)
            parts = _parts(card)
        finally:
            server.process.terminate()
            server.finish(60)
    return [
        Figure(
            "ingest, 1,000 rows a request",
            many_rate * 1000,
            "rows/s",
            TARGET_ROWS,
            limit=raw,
            limit_name="raw insert, rows/s",
            note=f"{many.requests} requests, {many.refused} told to wait",
        ),
        Figure("ingest, 1,000 rows a request, p99", percentile(many.seconds, 0.99), "s", TARGET_P99_SECONDS, "lower"),
        Figure(
            "ingest, one row a request",
            ones_rate,
            "requests/s",
            TARGET_REQUESTS,
            note=f"p50 {median(ones.seconds) * 1000:.0f} ms, p99 {percentile(ones.seconds, 0.99) * 1000:.0f} ms",
        ),
        Figure(
            "event to endpoint at 50,000 rows/s, p99",
            percentile(visible, 0.99),
            "s",
            TARGET_VISIBLE_SECONDS,
            "lower",
            note=f"p50 {median(visible):.3f} s, {len(visible)} events; the busiest table has {parts} parts",
        ),
    ]


def _in_a_process(call: object, *arguments: object) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return float(pool.apply(call, arguments))  # type: ignore[arg-type]  # a function, which is all the pool asks for


def _raw_rows_per_second(data_dir: Path, rows: int) -> float:
    """The engine's own insert of the same rows into the same tables, in the batches that the landing loop makes."""
    platform = opened(data_dir, 2)
    release = platform.workspaces.live(platform.workspaces.default())
    assert release is not None
    table = release.table("events")
    assert table is not None
    batch = _body(50_000)
    platform.warehouse.insert_lines(table, batch, token="first")  # noqa: S106 (a batch's name)
    began = time.perf_counter()
    for number in range(rows // 50_000):
        platform.warehouse.insert_lines(table, batch, token=f"raw-{number}")
    taken = time.perf_counter() - began
    platform.close()
    return rows / taken


def _load(card: dict[str, str], *, rows: int, connections: int, seconds: float) -> tuple[Traffic, float]:
    """Requests as fast as they are answered; how they went, and how many a second could be read in the end."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        traffic: Traffic = pool.apply(_send, (card, rows, connections, seconds))
        began = time.perf_counter()
        _post(card, _body(1), wait="true")  # behind all the others: when it can be read, they can
        taken = traffic.sending + time.perf_counter() - began
    return traffic, traffic.requests / taken


def _send(card: dict[str, str], rows: int, connections: int, seconds: float) -> Traffic:
    traffic = Traffic()
    lock = threading.Lock()
    request = _request(card, _body(rows))
    started = time.perf_counter()

    def talk() -> None:
        taken: list[float] = []
        refused = 0
        with _connected(card) as connection:
            while time.perf_counter() - started < seconds:
                began = time.perf_counter()
                status = _exchange(connection, request)
                if status == 202:
                    taken.append(time.perf_counter() - began)
                else:
                    refused += 1
                    time.sleep(0.05)
        with lock:
            traffic.seconds += taken
            traffic.refused += refused

    threads = [threading.Thread(target=talk) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    traffic.requests = len(traffic.seconds)
    traffic.sending = time.perf_counter() - started
    return traffic


def _visibility(card: dict[str, str], *, rows_per_second: int, seconds: float) -> list[float]:
    """How long after it was sent an event is in the answer of an endpoint, while others come in."""
    stop = threading.Event()
    pacing = threading.Thread(target=_paced, args=(card, rows_per_second, stop), daemon=True)
    pacing.start()
    delays: list[float] = []
    chance = random.Random(1)
    began = time.perf_counter()
    with httpx.Client(base_url=card["url"], headers={"Authorization": f"Bearer {card['token']}"}, timeout=30) as client:
        for number in range(10_000):
            if time.perf_counter() - began > seconds:
                break
            time.sleep(chance.uniform(0.01, 0.1))
            marker = _MARKER + number + 1
            sent = time.perf_counter()
            client.post("/v0/events", params={"name": "events"}, content=_line(marker)).raise_for_status()
            while client.get("/v0/pipes/latest.json").raise_for_status().json()["data"][0]["newest"] < marker:
                time.sleep(0.005)
            delays.append(time.perf_counter() - sent)
    stop.set()
    pacing.join(10)
    return delays


def _paced(card: dict[str, str], rows_per_second: int, stop: threading.Event) -> None:
    request = _request(card, _body(1000))
    spacing = 1000 / rows_per_second
    due = time.perf_counter()
    with _connected(card) as connection:
        while not stop.is_set():
            _exchange(connection, request)
            due += spacing
            time.sleep(max(0.0, due - time.perf_counter()))


def _parts(card: dict[str, str]) -> int:
    """Not asked of the server: a project may not read the engine's own tables. 0 where it cannot be told."""
    with suppress(httpx.HTTPError, KeyError, ValueError):
        answer = httpx.get(f"{card['url']}/metrics", timeout=10)
        for line in answer.text.splitlines():
            if line.startswith("tradewind_ingest_parts"):
                return int(float(line.rpartition(" ")[2]))
    return 0


def _line(number: int) -> bytes:
    row = {
        "id": number,
        "timestamp": f"2026-03-10 12:{number // 60 % 60:02}:{number % 60:02}",
        "event": ("view", "cart", "sale")[number % 3],
        "product": f"P-{number % 500}",
        "store": ("berlin", "paris", "online")[number % 3],
        "quantity": number % 5,
    }
    return json.dumps(row).encode()


def _body(rows: int) -> bytes:
    return b"\n".join(_line(number) for number in range(rows))


def _request(card: dict[str, str], body: bytes) -> bytes:
    head = (
        f"POST /v0/events?name=events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {card['token']}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _connected(card: dict[str, str]) -> socket.socket:
    address = urlsplit(card["url"])
    connection = socket.create_connection((str(address.hostname), int(address.port or 80)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _exchange(connection: socket.socket, request: bytes) -> int:
    """Sends a request and reads its answer; the status."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, rest = answer.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    while len(rest) < length:
        rest += connection.recv(65536)
    return int(head[9:12])


def _post(card: dict[str, str], body: bytes, **query: str) -> None:
    headers = {"Authorization": f"Bearer {card['token']}"}
    asked = {"name": "events"} | query
    httpx.post(f"{card['url']}/v0/events", params=asked, content=body, headers=headers, timeout=120).raise_for_status()


if __name__ == "__main__":
    measure(run)
