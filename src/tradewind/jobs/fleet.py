"""The registry's jobs on several workers that share a PostgreSQL store: procrastinate's queue says whose turn it is.

Each job stands in the queue once, for the moment at which it is due; whoever does it puts it there again for the next
time. Beside the queue's own lock a run holds the job's lock of the store, which a server's scheduler and a person's
command take too: so there is one run per job at a time, whatever the number of processes. A worker that is killed is
missed by its heartbeat, and what it had in hand is done by another one. History and errors stand where the scheduler of
one process writes them too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url

from tradewind.channels.sync.engine import Engine, SyncUnderWay
from tradewind.core.errors import Misconfigured, NotFound, TradewindError
from tradewind.core.exclusion import only_here
from tradewind.core.logging import get_logger
from tradewind.jobs.registry import Job, jobs_of
from tradewind.jobs.scheduler import Scheduler, turn_after

if TYPE_CHECKING:
    from procrastinate import App

TASK = "tradewind.job"
_WAITS_OR_RUNS = """
SELECT queueing_lock FROM procrastinate_jobs WHERE task_name = %(task)s AND status IN ('todo', 'doing')
"""
_HAS_SCHEMA = """
SELECT to_regclass('procrastinate_jobs') IS NOT NULL AND to_regclass('procrastinate_workers') IS NOT NULL AS there
"""

logger = get_logger(__name__)


class Fleet:
    """One worker of the fleet. `run` until the process is told to stop (SIGINT, SIGTERM); what is under way ends."""

    def __init__(
        self,
        engine: Engine,
        zone: ZoneInfo,
        *,
        jobs: Callable[[Engine], list[Job]] = jobs_of,
        threads: int = 4,
        look_seconds: float = 5.0,
        missed_after_seconds: float = 30.0,
    ) -> None:
        """`look_seconds`: how often new jobs are looked for; a worker is missed after so long without a heartbeat.

        Raises Misconfigured for a store that processes cannot share, and without the extra.
        """
        if engine.database.dialect != "postgresql":
            raise Misconfigured(
                "Workers need a store that they can share: set TRADEWIND_DATABASE_URL to a PostgreSQL database."
                " With the embedded store the server runs all jobs itself."
            )
        self._engine = engine
        self._zone = zone
        self._jobs = jobs
        self._threads = threads
        self._look_seconds = look_seconds
        self._missed_after = missed_after_seconds
        self._scheduler = Scheduler(engine, zone, jobs=jobs)
        self._app, self._put = self._queue()

    async def run(self) -> None:
        async with self._app.open_async():
            await self._prepare()
            looking = asyncio.create_task(self._look())
            try:
                await self._app.run_worker_async(
                    concurrency=self._threads,
                    delete_jobs="always",  # the store's own history tells what was done
                    fetch_job_polling_interval=min(1.0, self._look_seconds),
                    update_heartbeat_interval=self._missed_after / 3,
                    stalled_worker_timeout=self._missed_after,
                )
            finally:
                looking.cancel()
                with suppress(asyncio.CancelledError):
                    await looking

    def _queue(self) -> tuple[App, Callable[[str, datetime, int], Any]]:
        try:
            from procrastinate import App, PsycopgConnector
            from procrastinate.exceptions import AlreadyEnqueued
        except ImportError:
            raise Misconfigured(
                "Workers need the extra 'procrastinate': pip install 'tradewind[procrastinate]'."
            ) from None
        address = make_url(self._engine.database.url).set(drivername="postgresql")
        app = App(connector=PsycopgConnector(conninfo=address.render_as_string(hide_password=False)))

        @app.task(name=TASK)
        async def do(name: str, failures: int) -> None:
            await self._do(name, failures)

        async def put(name: str, at: datetime, failures: int) -> None:
            with suppress(AlreadyEnqueued):  # somebody else was faster
                await do.configure(lock=name, queueing_lock=name, schedule_at=at).defer_async(
                    name=name, failures=failures
                )

        return app, put

    async def _prepare(self) -> None:
        """The queue's tables, made by whoever comes first."""
        while not (await self._app.connector.execute_query_one_async(_HAS_SCHEMA))["there"]:
            with only_here(self._engine.database, "tables of the job queue") as mine:
                if mine and not (await self._app.connector.execute_query_one_async(_HAS_SCHEMA))["there"]:
                    await self._app.schema_manager.apply_schema_async()
            await asyncio.sleep(0.1)

    async def _look(self) -> None:
        """Puts jobs into the queue that are not in it, and takes up what a killed worker had in hand."""
        while True:
            try:
                await self._take_up()
                there = {row["queueing_lock"] for row in await self._waiting()}
                for state in await asyncio.to_thread(self._scheduler.states):
                    if state.name not in there:
                        await self._put(state.name, state.next_at, 0)
            except Exception:  # told, and looked at again: the fleet depends on this loop
                logger.exception("jobs could not be looked at; it is tried again")
            await asyncio.sleep(self._look_seconds)

    async def _waiting(self) -> list[dict[str, Any]]:
        return list(await self._app.connector.execute_query_all_async(_WAITS_OR_RUNS, task=TASK))

    async def _take_up(self) -> None:
        from procrastinate.jobs import Status

        manager = self._app.job_manager
        for lost in await manager.get_stalled_jobs(seconds_since_heartbeat=self._missed_after):
            assert lost.id is not None
            logger.warning("a job was left behind by a worker that is gone; it is done again", job=lost.lock)
            await manager.finish_job_by_id_async(lost.id, Status.FAILED, delete_job=True)
            failures = lost.task_kwargs.get("failures")
            now = self._engine.clock.now()
            await self._put(str(lost.lock), now, failures if isinstance(failures, int) else 0)

    async def _do(self, name: str, failures: int) -> None:
        """One run, and the job's next turn. A failure is in the history; it is tried again sooner, a few times."""
        began = self._engine.clock.now()
        try:
            await asyncio.to_thread(self._scheduler.run_now, name)
            failures = 0
        except NotFound:
            return  # it is no job any more; should it come back, it is put into the queue again
        except SyncUnderWay:
            logger.debug("a turn is left out: somebody does it already", job=name)
        except TradewindError as failure:
            failures += 1
            logger.warning("a job failed", job=name, reason=str(failure))
        except Exception:  # a job's own mistake ends its turn, not the worker
            failures += 1
            logger.exception("a job failed", job=name)
        jobs = await asyncio.to_thread(self._jobs, self._engine)
        job = next((one for one in jobs if one.name == name), None)
        if job is not None:
            now = self._engine.clock.now()
            due = turn_after(job, began, failures, self._zone, now)
            await self._put(name, max(due, now + timedelta(milliseconds=1)), failures)
