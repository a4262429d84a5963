"""Copy pipes: the rows of a query become rows of a data source, added to it or in place of what it held."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from tradewind.core.clock import Clock
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.warehouse.serving.operations import Operation, Operations
from tradewind.warehouse.streams.runs import Run, Runner, Values, job_timestamp
from tradewind.warehouse.workspaces.jobs import Job, Jobs, Task, Work
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.service import Workspaces

COPY: Final = "copy"
MODES: Final = ("append", "replace")


class NotACopy(NotFound):
    """The pipe is not there, or copies nothing."""

    code = "not_a_copy"


class Holds(Protocol):
    """Who lands rows in tables, and can be told to rest."""

    def held(self, workspace_id: str, source: str, /) -> AbstractContextManager[None]: ...


class Copies:
    """Starts and does the runs of copy pipes; each is a job, one per pipe at a time."""

    def __init__(
        self, runner: Runner, workspaces: Workspaces, jobs: Jobs, operations: Operations, holds: Holds, clock: Clock
    ) -> None:
        self._runner = runner
        self._workspaces = workspaces
        self._jobs = jobs
        self._operations = operations
        self._holds = holds
        self._clock = clock
        jobs.resumes(COPY, self._work)

    def start(self, workspace_id: str, pipe: str, values: Values | None = None, mode: str | None = None) -> str:
        """Begins a run and returns the job's id. Raises NotACopy, InvalidInput, JobRunning, or what is refused."""
        if mode is not None and mode not in MODES:
            raise InvalidInput(f"_mode is '{mode[:40]}'. Use append or replace.", field="_mode")
        release = self._release(workspace_id, pipe)
        given = job_timestamp(values or {}, self._clock.now())
        with release.in_use():
            run = _run(release, pipe, given)
            self._runner.query(run)
        details: dict[str, Any] = {
            "values": {name: value if isinstance(value, str) else list(value) for name, value in given.items()},
            "mode": mode or run.node.copy_mode,
        }
        return self._jobs.start(
            workspace_id,
            COPY,
            lambda task: self._copy(task, given, details["mode"]),
            pipe=run.pipe.name,
            source=run.node.target_datasource,
            details=details,
            is_alone=True,
        )

    def _work(self, job: Job) -> Work:
        return lambda task: self._copy(task, job.details["values"], job.details["mode"])

    def _copy(self, task: Task, values: Values, mode: str) -> Mapping[str, Any]:
        job = task.job
        began = time.monotonic()
        error: str | None = None
        rows = 0
        release = self._release(job.workspace_id, job.pipe or "")
        try:
            with self._workspaces.direct_writes.writing(job.workspace_id, job.source or ""):
                release = self._release(job.workspace_id, job.pipe or "")  # a deploy may have come before us
                with release.in_use():
                    rows = self._move(task, _run(release, job.pipe or "", values), mode)
        except Exception as failure:
            error = str(failure)
            raise
        finally:
            self._runner.drop_aside(release, job.id)
            self._operations.record(
                release.database,
                Operation(
                    COPY,
                    job.source or "",
                    elapsed_seconds=time.monotonic() - began,
                    error=error,
                    rows=rows,
                    written_rows=rows,
                    pipe=job.pipe or "",
                    job_id=job.id,
                    options={"mode": mode},
                    release=release.number,
                ),
            )
        return {"rows": rows, "mode": mode}

    def _move(self, task: Task, run: Run, mode: str) -> int:
        target = run.node.target_datasource or ""
        table = run.release.table(target)
        if table is None:
            raise NotACopy(f"{run.pipe.name} copies into {target}, which is not there.")
        is_final = mode == "replace"
        aside = self._runner.aside(run.release, task.job.id)
        if is_final or task.job.statistics.get("phase") != "handing on":
            task.check()
            aside, _ = self._runner.set_aside(run, task.job.id, table, is_final=is_final)
        rows = self._runner.count(aside)
        task.check()
        task.save(rows, phase="handing on")
        with self._runner.connection() as connection:
            if is_final:
                with self._holds.held(run.release.workspace_id, target):
                    connection.command(f"EXCHANGE TABLES {aside} AND {table}")
            else:
                # One thread reads the same rows in the same blocks each time; under one token each is stored once.
                settings = {
                    "max_threads": 1,
                    "max_insert_threads": 1,
                    "insert_deduplicate": 1,
                    "insert_deduplication_token": f"'{task.job.id}'",
                    "deduplicate_blocks_in_dependent_materialized_views": 1,
                }
                told = ", ".join(f"{name} = {value}" for name, value in settings.items())
                connection.command(f"INSERT INTO {table} SELECT * FROM {aside} SETTINGS {told}")
        self._runner.warehouse.touch()
        return rows

    def _release(self, workspace_id: str, pipe: str) -> Release:
        release = self._workspaces.live(workspace_id)
        if release is None:
            raise NotACopy(f"There is no pipe '{pipe[:200]}': nothing is deployed.")
        return release


def _run(release: Release, name: str, values: Values) -> Run:
    pipe = release.project.pipe(name)
    node = pipe.copy if pipe is not None else None
    if pipe is None or node is None or node.target_datasource is None:
        known = sorted(one.name for one in release.project.pipes.values() if one.copy is not None)
        told = f"Those that do are {', '.join(known[:20])}." if known else "No pipe here does."
        raise NotACopy(f"The pipe '{name[:200]}' copies nothing. {told}")
    return Run(release, pipe, node, values)
