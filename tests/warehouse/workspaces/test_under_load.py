"""Deploys while rows come in and readers read: nobody sees a gap, nothing is lost and nothing there twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from tests.spine import a_platform
from tests.warehouse.workspaces.test_deploy import BY_DAY, EVENTS, a_project, with_view
from tests.warehouse.workspaces.test_evolution import BY_MONTH, MONTHLY
from tradewind.core.clock import SystemClock
from tradewind.platform import Platform
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.service import Terms

ROWS = 20
Project = dict[PurePosixPath, bytes]


class Traffic:
    """Writers that never stop and a reader that looks again and again."""

    def __init__(self, platform: Platform, figures: Callable[[Release], str]) -> None:
        self._platform = platform
        self._figures = figures
        self._id = platform.workspaces.default()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.rows = 0
        self.amount = 0
        self.looks = 0
        self.problems: list[str] = []

    @contextmanager
    def running(self, writers: int = 2) -> Iterator[None]:
        threads = [threading.Thread(target=self._write, args=(number,)) for number in range(writers)]
        threads.append(threading.Thread(target=self._read))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _live(self) -> Release:
        release = self._platform.workspaces.live(self._id)
        assert release is not None
        return release

    def _write(self, writer: int) -> None:
        turn = 0
        while not self._stop.is_set():
            turn += 1
            amounts = [(writer + 1) * turn * 7 % 1000 + row for row in range(ROWS)]
            day = 1 + turn % 28
            lines = [
                {"at": f"2026-{1 + turn % 3:02}-{day:02} 10:00:00", "user": str(writer), "amount": n, "cents": n * 100}
                for n in amounts
            ]
            body = "\n".join(json.dumps(line) for line in lines).encode()
            try:
                with self._live().in_use() as release:
                    counts = self._platform.ingest.append(release, "events", body)
            except Exception as failure:  # noqa: BLE001 (whatever it is, the test tells it)
                self.problems.append(f"writing: {failure!r}")
                return
            if counts.quarantined:
                self.problems.append(f"{counts.quarantined} rows quarantined")
            with self._lock:
                self.rows += ROWS
                self.amount += sum(amounts)
            time.sleep(0.005)

    def _read(self) -> None:
        seen: tuple[int, ...] = ()
        while not self._stop.is_set():
            try:
                with self._live().in_use() as release:
                    (row,) = self._platform.warehouse.query(self._figures(release))
            except Exception as failure:  # noqa: BLE001 (as above)
                self.problems.append(f"reading: {failure!r}")
                return
            now = tuple(int(value) for value in row.values())
            if seen and any(after < before for before, after in zip(seen, now, strict=True)):
                self.problems.append(f"{seen} became {now} under release {release.number}")
            seen = now
            self.looks += 1


@pytest.fixture
def platform(tmp_path: Path, chdb_path: Path) -> Iterator[Platform]:
    with a_platform(tmp_path / "data", chdb_path, clock=SystemClock()) as platform:
        for name, loop in platform.ingest.loops():
            platform.spawn(name, loop)
        yield platform
        for home in platform.workspaces.all():
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")


def counts(*names: str) -> Callable[[Release], str]:
    def figures(release: Release) -> str:
        parts = []
        for name in names:
            column = "count()" if name == "events" else "countMerge(events)"
            parts.append(f"(SELECT {column} FROM {release.table(name)}) AS {name}")
        return f"SELECT {', '.join(parts)}"

    return figures


def value(platform: Platform, select: str, name: str) -> Any:
    release = platform.workspaces.live(platform.workspaces.default())
    assert release is not None
    (row,) = platform.warehouse.query(f"SELECT {select} AS found FROM {release.table(name)}")
    return row["found"]


def settle(platform: Platform) -> None:
    deadline = time.monotonic() + 30
    while platform.ingest.landing.backlog() and time.monotonic() < deadline:
        time.sleep(0.02)


def deployed(platform: Platform, project: Project) -> None:
    outcome = platform.workspaces.deploy(platform.workspaces.default(), project, Terms())
    assert outcome.result == "success", [str(finding) for finding in outcome.findings]


@pytest.mark.timeout(300)
def test_deploys_under_load_lose_nothing_double_nothing_and_show_no_gap(platform: Platform) -> None:
    chain = {"monthly__datasource": MONTHLY, "by_month__pipe": BY_MONTH}
    deployed(platform, with_view(**chain))
    traffic = Traffic(platform, counts("events", "daily", "monthly"))

    with traffic.running():
        for turn in range(2, 8):
            view = BY_DAY.replace("sum(amount)", f"sum(amount * {turn})")
            column = f"    `extra_{turn % 2}` String `json:$.extra` DEFAULT 'none',\n    `user`"
            changed = {"events__datasource": EVENTS.replace("    `user`", column)} if turn == 4 else {}
            if turn > 4:
                changed = {"events__datasource": EVENTS.replace("    `user`", column.replace(f"_{turn % 2}", "_0"))}
            deployed(platform, with_view(**chain, by_day__pipe=view, **changed))
    settle(platform)

    assert traffic.problems == []
    assert traffic.looks > 20
    assert value(platform, "count()", "events") == traffic.rows
    assert value(platform, "sum(amount)", "events") == traffic.amount
    for name in ("daily", "monthly"):
        assert value(platform, "countMerge(events)", name) == traffic.rows
        assert value(platform, "sum(amount)", name) == 7 * traffic.amount


@pytest.mark.timeout(300)
def test_forward_query_reaches_rows_that_are_still_on_their_way(platform: Platform) -> None:
    deployed(platform, a_project())
    renamed = EVENTS.replace("`amount` Int64 `json:$.amount`", "`cents` Int64 `json:$.cents`")
    renamed += "\nFORWARD_QUERY >\n    SELECT at, user, amount * 100 AS cents\n"
    traffic = Traffic(platform, counts("events"))

    with traffic.running(writers=4):
        time.sleep(0.5)
        deployed(platform, a_project(events__datasource=renamed))
        time.sleep(0.5)
    settle(platform)

    assert traffic.problems == []
    assert value(platform, "count()", "events") == traffic.rows
    assert value(platform, "sum(cents)", "events") == 100 * traffic.amount


@pytest.mark.timeout(300)
def test_a_rollback_under_load_takes_up_what_came_in_meanwhile(platform: Platform) -> None:
    deployed(platform, with_view())
    traffic = Traffic(platform, counts("events", "daily"))

    with traffic.running():
        deployed(platform, with_view(by_day__pipe=BY_DAY.replace("sum(amount)", "sum(amount * 2)")))
        time.sleep(0.5)
        outcome = platform.workspaces.rollback(platform.workspaces.default())
    settle(platform)

    assert (outcome.result, outcome.number) == ("success", 1)
    assert traffic.problems == []
    assert value(platform, "count()", "events") == traffic.rows
    assert value(platform, "countMerge(events)", "daily") == traffic.rows
    assert value(platform, "sum(amount)", "daily") == traffic.amount
