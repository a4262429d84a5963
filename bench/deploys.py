"""Deploys under load: 100 of them while rows come in and two views are read, and what anybody noticed.

Every deploy changes a view, every fifth the data source as well. Readers ask for the figures of the base table and of
both views again and again: none may ever fail, or be smaller than it was. At the end all sums are those of the rows
that were acknowledged.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from pathlib import Path, PurePosixPath

from bench.machine import Figure, measure, median, percentile
from tradewind.core.settings import load_settings
from tradewind.platform import Platform
from tradewind.warehouse.workspaces.release import Release

_ROWS_OF_A_BODY = 500
_EVENTS = """SCHEMA >
    `at` DateTime `json:$.at`,
    `user` String `json:$.user`,{more}
    `amount` Int64 `json:$.amount`

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(at)"
ENGINE_SORTING_KEY "at"
"""
_DAILY = """SCHEMA >
    `{period}` Date,
    `events` AggregateFunction(count),
    `amount` SimpleAggregateFunction(sum, Int64)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "{period}"
"""
_VIEW = """NODE n
SQL >
    SELECT {period} AS period, {count} AS events, sum(amount{times}) AS amount FROM {source} GROUP BY period

TYPE materialized
DATASOURCE {target}
"""


def project(turn: int) -> dict[PurePosixPath, bytes]:
    """A project that differs from its neighbours by its first view, and every fifth time by its data source."""
    more = f"\n    `extra` String `json:$.extra` DEFAULT '{turn // 5}'," if turn >= 5 else ""
    day = _VIEW.format(period="toDate(at)", count="countState()", times=f" * {turn}", source="events", target="daily")
    month = _VIEW.format(
        period="toStartOfMonth(day)", count="countMergeState(events)", times="", source="daily", target="monthly"
    )
    texts = {
        "events.datasource": _EVENTS.format(more=more),
        "daily.datasource": _DAILY.format(period="day"),
        "monthly.datasource": _DAILY.format(period="month"),
        "by_day.pipe": day.replace("AS period", "AS day").replace("BY period", "BY day"),
        "by_month.pipe": month.replace("AS period", "AS month").replace("BY period", "BY month"),
    }
    return {PurePosixPath(name): text.encode() for name, text in texts.items()}


class Load:
    """Writers and readers that count what they see."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._id = platform.workspaces.default()
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self.rows = 0
        self.looks: list[float] = []
        self.gaps: list[str] = []

    def live(self) -> Release:
        release = self._platform.workspaces.live(self._id)
        assert release is not None
        return release

    def write(self) -> None:
        line = json.dumps({"at": "2026-03-01 10:00:00", "user": "ann", "amount": 1}).encode() + b"\n"
        while not self.stop.is_set():
            with self.live().in_use() as release:
                self._platform.ingest.append(release, "events", line * _ROWS_OF_A_BODY)
            with self._lock:
                self.rows += _ROWS_OF_A_BODY
            time.sleep(0.02)

    def read(self) -> None:
        seen = (0, 0, 0)
        while not self.stop.is_set():
            started = time.perf_counter()
            try:
                with self.live().in_use() as release:
                    now = figures(self._platform, release)[:3]
            except Exception as failure:  # noqa: BLE001 (a gap is counted, whatever it looks like)
                self.gaps.append(repr(failure))
                continue
            self.looks.append(time.perf_counter() - started)
            if any(after < before for before, after in zip(seen, now, strict=True)):
                self.gaps.append(f"{seen} became {now}")
            seen = (now[0], now[1], now[2])


def figures(platform: Platform, release: Release) -> tuple[int, ...]:
    """Rows of the base table, of both views, and the views' sums."""
    daily, monthly = release.table("daily"), release.table("monthly")
    (row,) = platform.warehouse.query(
        f"SELECT (SELECT count() FROM {release.table('events')}) AS base,"
        f" (SELECT countMerge(events) FROM {daily}) AS days, (SELECT countMerge(events) FROM {monthly}) AS months,"
        f" (SELECT sum(amount) FROM {daily}) AS by_day, (SELECT sum(amount) FROM {monthly}) AS by_month"
    )
    return tuple(int(value) for value in row.values())


def run(*, quick: bool) -> list[Figure]:
    deploys = 20 if quick else 100
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        platform = Platform(load_settings(data_dir=Path(folder) / "data"))
        try:
            for name, loop in platform.ingest.loops():
                platform.spawn(name, loop)
            workspace = platform.workspaces.default()
            platform.workspaces.deploy(workspace, project(1))
            load = Load(platform)
            threads = [threading.Thread(target=work) for work in (load.write, load.write, load.read, load.read)]
            for thread in threads:
                thread.start()
            took = []
            try:
                for turn in range(2, deploys + 2):
                    started = time.perf_counter()
                    outcome = platform.workspaces.deploy(workspace, project(turn))
                    assert outcome.is_live, [str(finding) for finding in outcome.findings]
                    took.append(time.perf_counter() - started)
            finally:
                load.stop.set()
                for thread in threads:
                    thread.join()
            while platform.ingest.landing.backlog():
                time.sleep(0.05)
            found = figures(platform, load.live())
        finally:
            platform.close()
    wrong = sum(abs(rows - load.rows) for rows in found[:3])
    wrong += sum(abs(total - (deploys + 1) * load.rows) for total in found[3:])
    note = f"{deploys} deploys, {load.rows:,} rows, {len(load.looks):,} looks"
    return [
        Figure(
            "deploys under load: gaps seen", len(load.gaps), "", 0, is_better="lower", note="; ".join(load.gaps[:3])
        ),
        Figure("deploys under load: rows wrong", wrong, "rows", 0, is_better="lower", note=note),
        Figure("a deploy under load, p50", median(took), "s", is_better="lower"),
        Figure("a deploy under load, p99", percentile(took, 0.99), "s", is_better="lower"),
        Figure("a look meanwhile, p99", percentile(load.looks, 0.99), "s", is_better="lower"),
    ]


if __name__ == "__main__":
    measure(run)
