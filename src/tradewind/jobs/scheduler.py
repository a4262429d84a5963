"""Runs the registry's jobs in this process: APScheduler looks what is due, a few threads do it, the stalest first.

Where several processes share a store, each may run a scheduler: a job is taken by one of them at a time, and one that
another process began a moment ago is not due here either, since the history is shared.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tradewind.channels.model import SyncRun
from tradewind.channels.sync import runs
from tradewind.channels.sync.connections import all_connections
from tradewind.channels.sync.engine import Engine, SyncUnderWay
from tradewind.core.errors import NotFound, TradewindError
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.jobs.registry import Counts, Job, jobs_of

KIND = "job"
_WORKERS = 4
_LOOK_SECONDS = 2.0
_REMEMBER_SECONDS = 30.0
_RETRIES = 3
_RETRY_AFTER = timedelta(minutes=1)
_LOOKED_THROUGH = 2_000
_KEPT = 500
"""Runs that are remembered of each job that keeps a history."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as people see it."""

    name: str
    label: str
    every: timedelta | None
    daily_at: str | None
    is_running: bool
    last_began_at: datetime | None
    last_status: str | None
    last_error: str | None
    next_at: datetime


@dataclass(frozen=True, slots=True)
class _Last:
    began_at: datetime
    status: str
    error: str | None
    failures: int = 0
    ended_at: datetime | None = None


class Scheduler:
    """One per process. `run` until the server stops; `run_now` for a person who does not want to wait."""

    def __init__(self, engine: Engine, zone: ZoneInfo, *, jobs: Callable[[Engine], list[Job]] = jobs_of) -> None:
        self._engine = engine
        self._zone = zone
        self._jobs = jobs
        self._last: dict[str, _Last] = {}
        self._running: set[str] = set()
        self._remembered_at: datetime | None = None
        self._lock = threading.Lock()
        self._turns: queue.PriorityQueue[tuple[float, int, Job | None]] = queue.PriorityQueue()
        self._number = itertools.count()

    def run(self, stop: threading.Event) -> None:
        """Looks every two seconds until told to stop, then waits for what is under way."""
        workers = [threading.Thread(target=self._work, name=f"job {n}", daemon=True) for n in range(_WORKERS)]
        for worker in workers:
            worker.start()
        clockwork = BackgroundScheduler(daemon=True, timezone="UTC")
        clockwork.add_job(self.tick, "interval", seconds=_LOOK_SECONDS, max_instances=1, coalesce=True)
        clockwork.start()
        stop.wait()
        clockwork.shutdown(wait=True)
        for _ in workers:
            self._turns.put((float("-inf"), next(self._number), None))
        for worker in workers:
            worker.join(timeout=25)

    def tick(self) -> list[str]:
        """Hands what is due to the workers; returns the names."""
        try:
            jobs = self._jobs(self._engine)
            now = self._engine.clock.now()
            self._remember(jobs, now)
        except Exception:  # told, and looked at again: the other jobs depend on this loop
            logger.exception("jobs could not be looked at; it is tried again")
            return []
        due = [job for job in jobs if self._next(job, now) <= now]
        begun: list[str] = []
        with self._lock:
            for job in due:
                if job.name not in self._running:
                    self._running.add(job.name)
                    begun.append(job.name)
                    self._turns.put((-job.urgency, next(self._number), job))
        return begun

    def run_now(self, name: str) -> Counts:
        """Does a job in this thread. Raises NotFound, SyncUnderWay, or what the job raises."""
        job = next((one for one in self._jobs(self._engine) if one.name == name), None)
        if job is None:
            raise NotFound(f"There is no job '{name[:100]}'. See those there are: tradewind jobs")
        return self._do(job)

    def states(self) -> list[JobState]:
        jobs, now = self._jobs(self._engine), self._engine.clock.now()
        self._remember(jobs, now)
        return [self._state(job, now) for job in sorted(jobs, key=lambda job: job.name)]

    def _state(self, job: Job, now: datetime) -> JobState:
        last = self._last.get(job.name)
        return JobState(
            job.name,
            job.label,
            job.every,
            None if job.daily_at is None else f"{job.daily_at:%H:%M} {self._zone.key}",
            job.name in self._running,
            None if last is None else last.began_at,
            None if last is None else last.status,
            None if last is None else last.error,
            self._next(job, now),
        )

    def _next(self, job: Job, now: datetime) -> datetime:
        last = self._last.get(job.name)
        if last is None:
            return job.due_after(None, self._zone, now)
        failures = last.failures if last.status == runs.FAILED else 0
        return turn_after(job, last.began_at, failures, self._zone, now)

    def _work(self) -> None:
        while True:
            _, _, job = self._turns.get()
            if job is None:
                return
            try:
                self._do(job)
            except SyncUnderWay:
                logger.debug("a turn is left out: another process does it", job=job.name)
            except TradewindError as failure:
                logger.warning("a job failed", job=job.name, reason=str(failure))
            except Exception:  # a job's own mistake ends its turn, not the worker
                logger.exception("a job failed", job=job.name)
            finally:
                with self._lock:
                    self._running.discard(job.name)

    def _do(self, job: Job) -> Counts:
        began = self._engine.clock.now()
        before = self._last.get(job.name)
        counts: Counts = {}
        status, error = runs.FINISHED, None
        try:
            with self._engine.alone(f"job:{job.name}", job.name, "job"):
                counts = job.work()
        except SyncUnderWay:
            self._last[job.name] = replace(before, began_at=began) if before else _Last(began, runs.FINISHED, None)
            raise
        except Exception as failure:
            status, error = runs.FAILED, str(failure) or type(failure).__name__
            raise
        finally:
            failures = (0 if before is None else before.failures) + 1 if status == runs.FAILED else 0
            self._last[job.name] = _Last(began, status, error, failures, self._engine.clock.now())
            if job.keeps_history:
                self._write_down(job, began, status, error, counts)
        return counts

    def _write_down(self, job: Job, began: datetime, status: str, error: str | None, counts: Counts) -> None:
        now = self._engine.clock.now()
        with self._engine.database.write() as tx:
            tx.add(
                SyncRun(
                    id=new_id(),
                    channel_id=None,
                    kind=KIND,
                    source=job.label[:1000],
                    fingerprint=job.name[:64],
                    status=status,
                    position={},
                    counts={"counts": {name: number for name, number in counts.items() if number}},
                    error=None if error is None else error[:2000],
                    started_at=began,
                    updated_at=now,
                    finished_at=now,
                )
            )
            tx.flush()
            _forget(tx, job.name[:64])

    def _remember(self, jobs: Sequence[Job], now: datetime) -> None:
        """What the shared history knows of jobs that this process has not seen yet, or that another one did since."""
        if self._remembered_at is not None and (now - self._remembered_at).total_seconds() < _REMEMBER_SECONDS:
            return
        self._remembered_at = now
        with self._engine.database.read() as tx:
            known = _latest(tx)
            names = {row.name: row.id for row in all_connections(tx)}
        for job in jobs:
            found = known.get(_fingerprint(job, names))
            mine = self._last.get(job.name)
            if found is not None and (mine is None or found.began_at > (mine.ended_at or mine.began_at)):
                self._last[job.name] = replace(found, failures=1 if found.status == runs.FAILED else 0)


def turn_after(job: Job, began: datetime, failures: int, zone: ZoneInfo, now: datetime) -> datetime:
    """When a job is due after a turn that began then: sooner, a few times, after so many failures in a row."""
    usual = job.due_after(began, zone, now)
    if 0 < failures <= _RETRIES:
        return min(usual, began + _RETRY_AFTER * (1 << (failures - 1)))
    return usual


def job_history(tx: Session, name: str | None = None, *, limit: int = 50) -> Sequence[SyncRun]:
    """Runs of jobs, the newest first. Those of syncs stand in the history of syncs."""
    query = select(SyncRun).where(SyncRun.kind == KIND).order_by(SyncRun.id.desc()).limit(min(limit, _KEPT))
    return tx.scalars(query if name is None else query.where(SyncRun.fingerprint == name[:64])).all()


def _fingerprint(job: Job, connections: dict[str, str]) -> str:
    """Under which mark the history knows a job: a sync's runs are those of its connection and resource."""
    kind, _, rest = job.name.partition(":")
    if kind != "sync":
        return job.name[:64]
    connection, _, resource = rest.rpartition(":")
    return runs.fingerprint(connections.get(connection, ""), resource)


def _latest(tx: Session) -> dict[str, _Last]:
    """The newest run of each job and sync, among the newest of all."""
    query = (
        select(SyncRun.fingerprint, SyncRun.started_at, SyncRun.status, SyncRun.error)
        .where(SyncRun.kind.in_((KIND, runs.KIND)))
        .order_by(SyncRun.id.desc())
        .limit(_LOOKED_THROUGH)
    )
    found: dict[str, _Last] = {}
    for row in tx.execute(query):
        found.setdefault(row.fingerprint, _Last(row.started_at, row.status, row.error))
    return found


def _forget(tx: Session, fingerprint: str) -> None:
    mine = (SyncRun.kind == KIND, SyncRun.fingerprint == fingerprint)
    oldest = tx.scalar(select(SyncRun.id).where(*mine).order_by(SyncRun.id.desc()).offset(_KEPT).limit(1))
    if oldest is not None:
        tx.execute(delete(SyncRun).where(*mine, SyncRun.id <= oldest))
