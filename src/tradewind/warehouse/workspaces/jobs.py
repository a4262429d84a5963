"""Jobs: work that outlives its request, on a bounded number of threads, with a history that people can read.

A job is a row of the operational store from the moment it is accepted. What was under way when the process
died is taken up again by `recover`, where somebody has said how (`resumes`), and is marked as failed otherwise.
Work must not wait for another job: with all threads waiting, nobody would be left to do it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select, update

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, NotFound, TooManyRequests, TradewindError, Unavailable
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.core.settings import JobsSettings
from tradewind.warehouse.workspaces.model import ProjectJob

WAITING: Final = "waiting"
WORKING: Final = "working"
DONE: Final = "done"
FAILED: Final = "error"
CANCELLED: Final = "cancelled"
ENDED: Final = (DONE, FAILED, CANCELLED)

_MOST_ATTEMPTS = 3
"""A job that was under way when the process died so often is not taken up again: it may be what kills it."""
_PROGRESS_EVERY_SECONDS = 0.5
_CLOSING_SECONDS = 20.0
_RETRY_AFTER_SECONDS = 5
_CUT_OFF = "The server stopped while this was under way. Start it again."

logger = get_logger(__name__)


class JobRunning(Conflict):
    """The same work is already waiting or under way."""

    code = "job_running"

    def __init__(self, job: Job) -> None:
        self.job_id = job.id
        what = f"{job.kind} of {job.pipe or job.source or 'the workspace'}"
        super().__init__(f"The {what} is under way already, as job {job.id}. Wait for it, or cancel it.")


class Cancelled(Exception):
    """Raised inside a job's work when somebody has asked to cancel it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its history shows it."""

    id: str
    workspace_id: str
    kind: str
    status: str
    """waiting, working, done, error or cancelled."""
    pipe: str | None
    source: str | None
    details: Mapping[str, Any]
    statistics: Mapping[str, Any]
    rows: int | None
    error: str | None
    is_alone: bool
    attempts: int
    created_at: datetime
    started_at: datetime | None
    updated_at: datetime

    @property
    def is_over(self) -> bool:
        return self.status in ENDED


class Task:
    """What a job's work is handed: its job, a way to tell how far it is, and a way to learn that it shall stop."""

    def __init__(self, jobs: Jobs, job: Job) -> None:
        self.job = job
        self._jobs = jobs
        self._cancel = threading.Event()
        self._statistics: dict[str, Any] = dict(job.statistics)
        self._rows: int | None = None
        self._told_at = 0.0

    @property
    def is_cancelled(self) -> bool:
        return self._cancel.is_set()

    def check(self) -> None:
        """Raises Cancelled once somebody has asked for it. Call it wherever stopping leaves nothing half done."""
        if self._cancel.is_set():
            raise Cancelled

    def sleep(self, seconds: float) -> None:
        """Waits, unless the job is cancelled: then it raises at once."""
        self._cancel.wait(seconds)
        self.check()

    def progress(self, rows: int | None = None, **statistics: Any) -> None:
        """How far it is. Stored at most twice a second, so it may be called as often as one likes."""
        self.keep(rows, **statistics)
        if time.monotonic() - self._told_at >= _PROGRESS_EVERY_SECONDS:
            self._told_at = time.monotonic()
            self._jobs._store(self, WORKING)  # noqa: SLF001 (one room, two halves)

    def save(self, rows: int | None = None, **statistics: Any) -> None:
        """The same, stored before it returns: what a job that is taken up again may rely on."""
        self.keep(rows, **statistics)
        self._jobs._store(self, WORKING)  # noqa: SLF001 (one room, two halves)

    def keep(self, rows: int | None = None, **statistics: Any) -> None:
        """The same, to be stored when the job is over."""
        self._rows = rows if rows is not None else self._rows
        self._statistics |= statistics

    def cancel(self) -> None:
        self._cancel.set()

    def figures(self) -> dict[str, Any]:
        """The columns that tell how far it is."""
        return {"statistics": self._statistics, "rows": self._rows}


Work = Callable[[Task], Mapping[str, Any] | None]
"""Does a job; returns statistics to keep. A TradewindError's message is shown to people as it is."""


class Jobs:
    """The runner and its history. One per operational store."""

    def __init__(self, database: Database, clock: Clock, settings: JobsSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._changed = threading.Condition()
        self._queue: deque[tuple[Task, Work]] = deque()
        self._tasks: dict[str, Task] = {}
        self._alone: dict[_Subject, Task] = {}
        self._resumable: dict[str, Callable[[Job], Work]] = {}
        self._listeners: list[Callable[[Job], None]] = []
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._is_closed = False

    def resumes(self, kind: str, work_of: Callable[[Job], Work]) -> None:
        """Says how jobs of a kind are done again from their details, after a crash. Their work must bear that."""
        self._resumable[kind] = work_of

    def listen(self, listener: Callable[[Job], None]) -> None:
        """Calls it whenever a job is accepted, begins or ends; it must be quick and may not raise."""
        self._listeners.append(listener)

    def start(
        self,
        workspace_id: str,
        kind: str,
        work: Work,
        *,
        pipe: str | None = None,
        source: str | None = None,
        details: Mapping[str, Any] | None = None,
        is_alone: bool = False,
    ) -> str:
        """Accepts work and returns the job's id at once.

        Of one kind on one pipe and source one at a time is `is_alone`: JobRunning tells of the other.
        Raises TooManyRequests when too many wait.
        """
        now = self._clock.now()
        job = Job(
            id=new_id(),
            workspace_id=workspace_id,
            kind=kind,
            status=WAITING,
            pipe=pipe,
            source=source,
            details=dict(details or {}),
            statistics={},
            rows=None,
            error=None,
            is_alone=is_alone,
            attempts=0,
            created_at=now,
            started_at=None,
            updated_at=now,
        )
        task = Task(self, job)
        with self._changed:
            self._admit(task)
        try:
            with self._database.write() as tx:
                tx.add(
                    ProjectJob(
                        id=job.id,
                        workspace_id=workspace_id,
                        kind=kind,
                        status=WAITING,
                        pipe=pipe,
                        source=source,
                        details=dict(job.details),
                        statistics={},
                        is_alone=is_alone,
                        attempts=0,
                        cancel_asked=False,
                        created_at=now,
                        updated_at=now,
                    )
                )
        except BaseException:
            self._forget(task)
            raise
        self._tell(job)
        self._enqueue(task, work)
        return job.id

    def get(self, workspace_id: str, job_id: str) -> Job:
        """A job. Raises NotFound."""
        found = self._select(ProjectJob.workspace_id == workspace_id, ProjectJob.id == job_id, limit=1)
        if not found:
            raise NotFound(f"There is no job {job_id} here. GET /v0/jobs lists those that are still remembered.")
        return found[0]

    def recent(
        self,
        workspace_id: str,
        *,
        kind: str | None = None,
        status: str | None = None,
        pipe: str | None = None,
        source: str | None = None,
        limit: int = 100,
    ) -> list[Job]:
        """The newest jobs first."""
        wanted = {
            ProjectJob.kind: kind,
            ProjectJob.status: status,
            ProjectJob.pipe: pipe,
            ProjectJob.source: source,
        }
        given = [column == value for column, value in wanted.items() if value is not None]
        return self._select(ProjectJob.workspace_id == workspace_id, *given, limit=limit)

    def under_way(self, workspace_id: str, kind: str, *, pipe: str | None = None) -> list[str]:
        """The ids of the jobs that wait or work, oldest first."""
        with self._changed:
            jobs = [task.job for task in self._tasks.values()]
        return [job.id for job in jobs if (job.workspace_id, job.kind, job.pipe) == (workspace_id, kind, pipe)]

    def cancel(self, workspace_id: str, job_id: str) -> Job:
        """Takes a waiting job out of the queue, or asks one that works to stop. Raises Conflict when it is over."""
        job = self.get(workspace_id, job_id)
        if job.is_over:
            raise Conflict(f"Job {job_id} is over ({job.status}): there is nothing to cancel.")
        with self._database.write() as tx:
            tx.execute(update(ProjectJob).where(ProjectJob.id == job_id).values(cancel_asked=True))
        with self._changed:
            task = self._tasks.get(job_id)
            waiting = next((item for item in self._queue if item[0].job.id == job_id), None)
            if waiting is not None:
                self._queue.remove(waiting)
        if task is not None:
            task.cancel()
        if waiting is not None:
            self._end(waiting[0], CANCELLED)
        return self.get(workspace_id, job_id)

    def wait(self, workspace_id: str, job_id: str, timeout: float) -> Job:
        """The job once it is over. Raises Unavailable when that takes longer."""
        with self._changed:
            is_over = self._changed.wait_for(lambda: job_id not in self._tasks, timeout)
        if not is_over:
            raise Unavailable(f"Job {job_id} is not over after {timeout:g} s. Ask again later.")
        return self.get(workspace_id, job_id)

    def recover(self) -> int:
        """Takes up what a former process left; call it once, when all kinds have said how they resume.

        Returns how many go on.
        """
        with self._changed:
            mine = set(self._tasks)
        resumed = 0
        with self._database.read() as tx:
            rows = tx.scalars(
                select(ProjectJob).where(ProjectJob.status.in_((WAITING, WORKING))).order_by(ProjectJob.id)
            ).all()
            left = [(_job(row), row.cancel_asked) for row in rows if row.id not in mine]
        for job, cancel_asked in left:
            work_of = self._resumable.get(job.kind)
            task = Task(self, job)
            if cancel_asked:
                self._end(task, CANCELLED)
            elif work_of is None or job.attempts >= _MOST_ATTEMPTS:
                self._end(task, FAILED, _CUT_OFF)
            else:
                with self._changed:
                    self._take(task)
                self._enqueue(task, work_of(job))
                resumed += 1
        return resumed

    def close(self) -> None:
        """Ends: what waits stays in the store for `recover`; what works is asked to stop and waited for a while."""
        with self._changed:
            self._is_closed = True
            self._queue.clear()
            for task in self._tasks.values():
                task.cancel()
            self._changed.notify_all()
        deadline = time.monotonic() + _CLOSING_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _admit(self, task: Task) -> None:
        if self._is_closed:
            raise Unavailable("The server is stopping. Try again when it is back.")
        if task.job.is_alone and (other := self._alone.get(_subject(task.job))):
            raise JobRunning(other.job)
        if len(self._tasks) >= self._settings.threads + self._settings.waiting:
            raise TooManyRequests(
                f"{len(self._tasks)} jobs wait or work already. Try again when some are done.",
                retry_after_seconds=_RETRY_AFTER_SECONDS,
            )
        self._take(task)

    def _take(self, task: Task) -> None:
        self._tasks[task.job.id] = task
        if task.job.is_alone:
            self._alone[_subject(task.job)] = task

    def _enqueue(self, task: Task, work: Work) -> None:
        with self._changed:
            if self._is_closed:
                return
            self._queue.append((task, work))
            if len(self._queue) > self._idle and len(self._threads) < self._settings.threads:
                thread = threading.Thread(target=self._run, name=f"jobs-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                self._changed.wait_for(lambda: self._queue or self._is_closed)
                self._idle -= 1
                if self._is_closed:
                    return
                task, work = self._queue.popleft()
            try:
                self._do(task, work)
            except Exception:
                logger.exception("a job's end could not be stored", job=task.job.id)
                self._forget(task)

    def _do(self, task: Task, work: Work) -> None:
        now = self._clock.now()
        with self._database.write() as tx:
            tx.execute(
                update(ProjectJob)
                .where(ProjectJob.id == task.job.id)
                .values(status=WORKING, started_at=now, updated_at=now, attempts=ProjectJob.attempts + 1)
            )
        self._announce(task)
        try:
            task.check()
            task.keep(**(work(task) or {}))
        except Cancelled:
            self._stopped(task)
        except TradewindError as told:
            self._end(task, FAILED, str(told))
        except Exception:
            logger.exception("a job failed", job=task.job.id, kind=task.job.kind)
            self._end(task, FAILED, f"Something failed on the server. It is logged under the job's id, {task.job.id}.")
        else:
            self._end(task, DONE)

    def _stopped(self, task: Task) -> None:
        with self._database.read() as tx:
            is_asked = tx.scalar(select(ProjectJob.cancel_asked).where(ProjectJob.id == task.job.id))
        if is_asked:
            self._end(task, CANCELLED)
        elif task.job.kind in self._resumable:  # the process stops: the row stays as it is, for `recover`
            self._forget(task)
        else:
            self._end(task, FAILED, _CUT_OFF)

    def _end(self, task: Task, status: str, error: str | None = None) -> None:
        try:
            self._store(task, status, error)
            self._trim(task.job.workspace_id)
            self._announce(task)
        finally:
            self._forget(task)

    def _store(self, task: Task, status: str, error: str | None = None) -> None:
        with self._database.write() as tx:
            tx.execute(
                update(ProjectJob)
                .where(ProjectJob.id == task.job.id)
                .values(status=status, error=error, updated_at=self._clock.now(), **task.figures())
            )

    def _trim(self, workspace_id: str) -> None:
        """Forgets the oldest jobs that are over, so that a workspace keeps a bounded history."""
        ended = (ProjectJob.workspace_id == workspace_id, ProjectJob.status.in_(ENDED))
        with self._database.write() as tx:
            newest = select(ProjectJob.id).where(*ended).order_by(ProjectJob.id.desc())
            oldest_kept = tx.scalar(newest.offset(self._settings.history - 1).limit(1))
            if oldest_kept is not None:
                tx.execute(delete(ProjectJob).where(*ended, ProjectJob.id < oldest_kept))

    def _forget(self, task: Task) -> None:
        with self._changed:
            self._tasks.pop(task.job.id, None)
            if self._alone.get(_subject(task.job)) is task:
                del self._alone[_subject(task.job)]
            self._changed.notify_all()

    def _announce(self, task: Task) -> None:
        if self._listeners:
            with suppress(NotFound):
                self._tell(self.get(task.job.workspace_id, task.job.id))

    def _tell(self, job: Job) -> None:
        for listener in self._listeners:
            try:
                listener(job)
            except Exception:
                logger.exception("a listener of jobs failed", job=job.id)

    def _select(self, *where: ColumnElement[bool], limit: int) -> list[Job]:
        query = select(ProjectJob).where(*where).order_by(ProjectJob.created_at.desc(), ProjectJob.id.desc())
        with self._database.read() as tx:
            return [_job(row) for row in tx.scalars(query.limit(limit))]


_Subject = tuple[str, str, str | None, str | None]


def _subject(job: Job) -> _Subject:
    return job.workspace_id, job.kind, job.pipe, job.source


def _job(row: ProjectJob) -> Job:
    return Job(
        id=row.id,
        workspace_id=row.workspace_id,
        kind=row.kind,
        status=row.status,
        pipe=row.pipe,
        source=row.source,
        details=row.details,
        statistics=row.statistics,
        rows=row.rows,
        error=row.error,
        is_alone=row.is_alone,
        attempts=row.attempts,
        created_at=row.created_at,
        started_at=row.started_at,
        updated_at=row.updated_at,
    )
