"""Kills the product while it works, and looks at what is left.

A `Scene` is a data folder with a server, a seller and an import on it, each a process of its own. `strike`
kills some of them with SIGKILL; `examine` opens the stores afterwards and counts, on every side, what was
acknowledged, what is lost and what is there twice.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import httpx
from sqlalchemy import func, select

from tradewind.commerce.orders.model import Order
from tradewind.core.settings import load_settings
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import SqliteLog
from tradewind.platform import SINK, connect, ledger_path
from tradewind.verify import verify
from tradewind.warehouse.client import Warehouse

_ROOT = Path(__file__).resolve().parent.parent
_STARTS_WITHIN_SECONDS = 600.0
"""For a machine that has a lot else to do: whoever dies at the start is noticed at once, however long this is."""
_LONGEST_LOOK_SECONDS = 1.0
_LAST_WORDS_BYTES = 6_000


class Worker:
    """A process of the scene, and the lines it has printed: each of them is an acknowledgement."""

    def __init__(self, *arguments: str, log: Path, environment: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self._spoke = threading.Event()
        self._log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=_ROOT,
                # Whoever is told to abort says first what its threads are at.
                env=os.environ | {"PYTHONFAULTHANDLER": "1"} | dict(environment),
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            for line in said:
                if line.endswith("\n"):  # half a line was not said
                    self.lines.append(line.strip())
                    self._spoke.set()

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait_until_it_speaks(self) -> bool:
        """Whether it came to say anything before it ended.

        Time in which this process stood still too, because somebody halted both or the machine slept, does not count.
        """
        waited, looked_at = 0.0, time.monotonic()
        while not self._spoke.wait(0.02) and self.is_running and waited < _STARTS_WITHIN_SECONDS:
            now = time.monotonic()
            waited, looked_at = waited + min(now - looked_at, _LONGEST_LOOK_SECONDS), now
        return self._spoke.is_set()

    def autopsy(self) -> str:
        """Ends it; how it ended, what its threads were at if it still ran, and what stands last in its log."""
        ended = self.process.poll()
        if ended is None:
            self.process.send_signal(signal.SIGABRT)
            self.process.wait()
        how = f"still started after {_STARTS_WITHIN_SECONDS:.0f} s" if ended is None else f"ended with {ended}"
        with self._log.open("rb") as file:
            file.seek(max(0, self._log.stat().st_size - _LAST_WORDS_BYTES))
            return f"It {how}; its log ends:\n{file.read().decode('utf-8', 'replace')}"

    def kill(self) -> bool:
        """SIGKILL: no handler runs, nothing is flushed. False: it had failed by itself before."""
        had_failed = self.process.poll() not in (None, 0)
        if self.is_running:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        return not had_failed

    def finish(self, seconds: float) -> int:
        code = self.process.wait(seconds)
        self._reader.join()
        return code


class Reader:
    """Somebody who looks at the dashboard over HTTP, again and again, until the server is gone."""

    def __init__(self, url: str, password: str) -> None:
        self._url, self._password = url, password
        self._stop = threading.Event()
        self._answers = 0
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        with contextlib.suppress(httpx.TransportError), httpx.Client(base_url=self._url, timeout=30) as client:
            who = {"username": "admin", "password": self._password}
            token = client.post("/api/v1/auth/login", json=who).raise_for_status().json()["access_token"]
            while not self._stop.is_set():
                metrics = client.get("/api/v1/dashboard/metrics", headers={"Authorization": f"Bearer {token}"})
                self._answers += metrics.status_code == 200

    def stop(self) -> int:
        """How many answers it got."""
        self._stop.set()
        self._thread.join()
        return self._answers


@dataclass
class Scene:
    """A data folder under fire."""

    data_dir: Path
    import_file: Path
    chance: random.Random
    environment: Mapping[str, str] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Workers that ended by themselves with an error, instead of being killed."""
    answers: int = 0
    """Dashboards that were answered over HTTP."""
    server: Worker | None = None
    seller: Worker | None = None
    importer: Worker | None = None
    reader: Reader | None = None
    sellers: int = 0
    password: str = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill(server=True, seller=True, importer=True)

    def set_up(self) -> None:
        """Starts what does not run. The server need not be ready yet: a crash while it starts is a crash too."""
        if self.server is None:
            up = ("up", "--json", "--port", "0", "--clickhouse-port", "0")
            self.server = self._worker("tradewind", "--data-dir", str(self.data_dir), *up)
            if not self.password:
                self.server.wait_until_it_speaks()  # the very first start makes the schema for all
                self.password = json.loads(self.server.lines[0])["password"]
        if self.seller is None:
            self.sellers += 1
            self.seller = self._worker("bench.traffic", str(self.data_dir), "street", str(self.sellers))
        if self.importer is None or not self.importer.is_running:
            options = ("import", "generic", str(self.import_file), "--json")
            self.importer = self._worker("tradewind", "--data-dir", str(self.data_dir), *options)

    def wait_for_sales(self, count: int, seconds: float = 60) -> None:
        """Lets the seller go on until so many orders were acknowledged in all, or the time is over."""
        deadline = time.monotonic() + seconds
        while len(self.all_acknowledged()) < count and time.monotonic() < deadline:
            time.sleep(0.05)

    def strike(self, longest_wait: float) -> str:
        """Waits a random while, then kills the server, and now and then the others with it; returns who died."""
        assert self.server is not None
        is_early = self.chance.random() < 0.2
        if not is_early and self.server.wait_until_it_speaks():
            self.reader = Reader(json.loads(self.server.lines[0])["url"], self.password)
        time.sleep(self.chance.uniform(0, longest_wait))
        seller, importer = self.chance.random() < 0.4, self.chance.random() < 0.4
        self.kill(server=True, seller=seller, importer=importer)
        others = [name for name, died in (("seller", seller), ("import", importer)) if died]
        return "+".join(["server while it started" if is_early else "server", *others])

    def kill(self, *, server: bool = False, seller: bool = False, importer: bool = False) -> None:
        if server and self.server is not None:
            self._note("server", self.server.kill())
            self.server = None
        if server and self.reader is not None:
            self.answers += self.reader.stop()
            self.reader = None
        if seller and self.seller is not None:
            self._note("seller", self.seller.kill())
            self.acknowledged += self.seller.lines[1:]
            self.seller = None
        if importer and self.importer is not None:
            self._note("import", self.importer.kill())
            self.importer = None

    def _note(self, name: str, worked: bool) -> None:
        if not worked:
            self.failures.append(name)

    def finish_import(self) -> int:
        """Runs the import to its end, from wherever it was broken off; returns its exit code."""
        self.kill(importer=True)
        options = ("import", "generic", str(self.import_file), "--json")
        return self._worker("tradewind", "--data-dir", str(self.data_dir), *options).finish(300)

    def all_acknowledged(self) -> list[str]:
        return self.acknowledged + (self.seller.lines[1:] if self.seller else [])

    def _worker(self, *arguments: str) -> Worker:
        log = self.data_dir.parent / f"{self.data_dir.name}.log"
        return Worker(*arguments, log=log, environment=self.environment)


@dataclass(frozen=True)
class Findings:
    """What is left after a crash. Everything but the first three must be empty or zero."""

    orders: int
    facts: int
    acknowledged: int
    lost: list[str]
    double: dict[str, int]
    differences: list[str]
    dead_letters: int

    @property
    def is_sound(self) -> bool:
        return not (self.lost or any(self.double.values()) or self.differences or self.dead_letters)


def examine(data_dir: Path, acknowledged: list[str], **areas: Any) -> Findings:
    """Opens the stores that the dead left behind, lets facts arrive, and counts."""
    settings = load_settings(data_dir=data_dir, **areas)
    with connect(settings) as access:
        checks = verify(access)
        with access.database.read() as tx:
            numbers = list(tx.scalars(select(Order.order_number)))
            versions = int(tx.scalar(select(func.sum(Order.version))) or 0)
        with contextlib.closing(SqliteLog(settings.log_path)) as log:
            ends = {str(partition): log.end(partition) for partition in log.partitions()}
        ledger = BatchLedger(ledger_path(settings), SINK)
        dead_letters = ledger.dead_letter_count()
        ledger.close_file()
        return Findings(
            orders=len(numbers),
            facts=sum(ends.values()),
            acknowledged=len(acknowledged),
            lost=sorted(set(acknowledged) - set(numbers)),
            double=_double(access.warehouse, ends, versions) | {"ledger": len(numbers) - len(set(numbers))},
            differences=[str(difference) for check in checks for difference in check.differences],
            dead_letters=dead_letters,
        )


def _double(warehouse: Warehouse, ends: Mapping[str, int], versions: int) -> dict[str, int]:
    """Per table, rows too many (or, below zero, too few) against what the log and the ledger hold."""

    def number(sql: str) -> int:
        (row,) = warehouse.query(f"SELECT toInt64({sql}) AS n")
        return int(row["n"])

    landed = {f"log_{name.partition(':')[0]}": end for name, end in ends.items()}
    double = {table: number(f"(SELECT count() FROM {table})") - end for table, end in landed.items()}
    double["log_orders beside the ledger"] = number("(SELECT count() FROM log_orders)") - versions
    entries = "(SELECT sum(length(entries)) FROM log_orders) + (SELECT sum(length(entries)) FROM log_refunds)"
    double["live_sales"] = number(f"(SELECT count() FROM live_sales) - ({entries})")
    for measure in ("units", "orders", "revenue * 10000"):
        in_days = f"(SELECT sum({measure}) FROM live_daily_sales)"
        double[f"live_daily_sales {measure}"] = number(f"{in_days} - (SELECT sum({measure}) FROM live_sales)")
    for name, key in (("products", "product_id"), ("channels", "channel")):
        known = f"(SELECT uniqExact({key}) FROM log_{name})"
        double[f"live_{name}"] = number(f"(SELECT count() FROM live_{name} FINAL) - {known}")
    for measure, summed in (("units", "units"), ("revenue * 10000", "amount * 10000")):
        entered = f"(SELECT sum({measure}) FROM live_sales WHERE grain = 'product')"
        double[f"live_shop_sales {measure}"] = number(f"(SELECT sum({summed}) FROM live_shop_sales) - {entered}")
    moved = "(SELECT sum(delta) FROM log_stock_movements)"
    double["live_shop_stock"] = number(f"(SELECT sum(available) FROM live_shop_stock) - {moved}")
    newest = "(SELECT max(newest_event_at) FROM live_freshness) != (SELECT max(event_at) FROM log_orders)"
    double["live_freshness"] = number(newest)
    return double


def write_import_file(path: Path, orders: int) -> None:
    """Orders of one to three lines in the generic format, of the days before today."""
    now = datetime.now(UTC)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow("order_number placed_at currency sku quantity unit_price country customer_email".split())
        for number in range(orders):
            placed_at = (now - timedelta(minutes=7 * number)).isoformat(timespec="seconds")
            for line in range(1 + number % 3):
                sku, price = f"FILE-{(number * 7 + line) % 300}", f"{1 + number % 90}.{number % 100:02}"
                email = f"buyer{number % 500}@example.com"
                rows.writerow([f"F-{number}", placed_at, "EUR", sku, 1 + line, price, "DE", email])
