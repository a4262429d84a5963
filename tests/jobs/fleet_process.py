"""A worker of the fleet as a process of its own, with jobs that write down when and where they ran."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.registry import Connectors
from tradewind.core.clock import SystemClock
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable
from tradewind.jobs.fleet import Fleet
from tradewind.jobs.registry import Counts, Job

JOBS = ("one", "two", "three", "four")


def jobs_of(engine: Engine) -> list[Job]:
    quick = [Job(name, name, _writes(engine, name), every=timedelta(milliseconds=20)) for name in JOBS]
    return [*quick, Job("breaks", "breaks", _breaks(engine), every=timedelta(hours=1))]


def _writes(engine: Engine, name: str) -> Callable[[], Counts]:
    def work() -> Counts:
        with engine.database.write() as tx:
            told = {"job": name, "pid": os.getpid()}
            number = tx.scalar(text("INSERT INTO ran (job, pid, began) VALUES (:job, :pid, clock_timestamp())"
                                    " RETURNING id"), told)  # fmt: skip
        time.sleep(0.05)
        with engine.database.write() as tx:
            tx.execute(text("UPDATE ran SET ended = clock_timestamp() WHERE id = :id"), {"id": number})
        return {"runs": 1}

    return work


def _breaks(engine: Engine) -> Callable[[], Counts]:
    def work() -> Counts:
        raise Unavailable("The platform is away.")

    return work


def main(url: str, folder: str) -> None:
    database = Database(url)
    engine = Engine(database, SystemClock(), Connectors(), lambda: "k" * 40, folder=Path(folder))
    fleet = Fleet(engine, ZoneInfo("UTC"), jobs=jobs_of, threads=2, look_seconds=0.5, missed_after_seconds=3.0)
    asyncio.run(fleet.run())
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
