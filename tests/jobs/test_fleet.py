"""Several workers on one PostgreSQL store: each job runs once at a time, by whoever is there, and none is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests.jobs.fleet_process import JOBS, jobs_of
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.registry import Connectors
from tradewind.core.clock import SystemClock
from tradewind.core.database import Database
from tradewind.core.errors import Misconfigured
from tradewind.jobs.fleet import Fleet
from tradewind.jobs.registry import Job
from tradewind.jobs.scheduler import Scheduler, turn_after

ROOT = Path(__file__).resolve().parents[2]
WITHIN_SECONDS = 90.0
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def workers(postgres: Database, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers on one store; those left at the end are ended."""
    with postgres.write() as tx:
        tx.execute(
            text("CREATE TABLE ran (id serial PRIMARY KEY, job text, pid int, began timestamptz, ended timestamptz)")
        )
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.jobs.fleet_process", postgres.url, str(tmp_path)]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
    with postgres.write() as tx:
        tx.execute(text("DROP TABLE ran"))


def rows(database: Database, query: str, **values: Any) -> list[Any]:
    with database.read() as tx:
        return [tuple(row) for row in tx.execute(text(query), values)]


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "the workers do not get on"
        time.sleep(0.1)


@pytest.mark.crash
def test_two_workers_share_the_jobs_and_one_that_is_killed_is_replaced(
    postgres: Database, workers: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    first, second = workers(), workers()

    def shared() -> bool:
        ran = Counter(rows(postgres, "SELECT job, pid FROM ran WHERE ended IS NOT NULL"))
        return {pid for _, pid in ran} == {first.pid, second.pid} and {job for job, _ in ran} == set(JOBS)

    until(shared)
    until(lambda: rows(postgres, "SELECT 1 FROM ran WHERE pid = :pid AND ended IS NULL", pid=first.pid) != [])
    first.send_signal(signal.SIGKILL)
    first.wait()
    ((killed_at,),) = rows(postgres, "SELECT clock_timestamp()")
    after = "SELECT DISTINCT job FROM ran WHERE pid = :pid AND began > :at + interval '4 seconds' AND ended IS NOT NULL"
    until(lambda: {job for (job,) in rows(postgres, after, pid=second.pid, at=killed_at)} == set(JOBS))

    # Nothing ran twice at a time; what the killed one left open ended with it.
    overlaps = """
        SELECT a.job FROM ran a JOIN ran b ON a.job = b.job AND a.id < b.id
        WHERE b.began < a.ended AND a.began < coalesce(b.ended, b.began)
    """
    assert rows(postgres, overlaps) == []
    assert all(pid == first.pid for (pid,) in rows(postgres, "SELECT pid FROM ran WHERE ended IS NULL AND began < :at",
                                                   at=killed_at))  # fmt: skip

    # The history is everybody's: what a scheduler in another process shows.
    engine = Engine(postgres, SystemClock(), Connectors(), lambda: "k" * 40, folder=tmp_path)
    states = {state.name: state for state in Scheduler(engine, ZoneInfo("UTC"), jobs=jobs_of).states()}
    assert {states[name].last_status for name in JOBS} == {"finished"}
    assert (states["breaks"].last_status, states["breaks"].last_error) == ("failed", "The platform is away.")
    began = states["breaks"].last_began_at
    assert began is not None
    assert states["breaks"].next_at - began == timedelta(minutes=1)

    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=30) == 0
    waiting = rows(postgres, "SELECT queueing_lock, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY 1")
    assert dict(waiting) == dict.fromkeys([*JOBS, "breaks"], 1), "each waits once for whoever comes next"


def test_a_failed_turn_comes_round_sooner_a_few_times() -> None:
    job = Job("a", "a", dict, every=timedelta(hours=1))
    due = [turn_after(job, NOW, failures, ZoneInfo("UTC"), NOW) - NOW for failures in range(6)]
    minutes = [int(one.total_seconds() / 60) for one in due]
    assert minutes == [60, 1, 2, 4, 60, 60]
    often = Job("b", "b", dict, every=timedelta(seconds=5))
    assert turn_after(often, NOW, 2, ZoneInfo("UTC"), NOW) - NOW == timedelta(seconds=5)


def test_an_embedded_store_is_told_apart(migrated_sqlite: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{migrated_sqlite}")
    engine = Engine(database, SystemClock(), Connectors(), lambda: "k" * 40, folder=tmp_path)
    with pytest.raises(Misconfigured, match="TRADEWIND_DATABASE_URL"):
        Fleet(engine, ZoneInfo("UTC"))
    database.close()
