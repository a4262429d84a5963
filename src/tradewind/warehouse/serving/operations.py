"""What was done to data sources, and by jobs: rows of `tinybird.datasources_ops_log` and its neighbours."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tradewind.core.clock import Clock
from tradewind.core.ids import new_id
from tradewind.warehouse.serving.journal import Journal


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that changed a data source.

    `event_type`: create, append, append-hfi (the events API), append-kafka, replace, delete, truncate, rename,
    populateview-queued, populateview, copy or alter.
    """

    event_type: str
    source: str
    elapsed_seconds: float = 0.0
    error: str | None = None
    rows: int | None = None
    rows_quarantine: int | None = None
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    written_rows_quarantine: int = 0
    written_bytes_quarantine: int = 0
    pipe: str = ""
    request_id: str = ""
    import_id: str | None = None
    job_id: str | None = None
    blocks: Sequence[str] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ()
    release: int = 0
    at: datetime | None = None


class Operations:
    """Records what ingest, deploy, copies, sinks and jobs did. Returns at once; threads may share it."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._lock = threading.Lock()
        self._gathered: dict[tuple[str, str, int], Operation] = {}
        journal.ask(self._tell_gathered)

    def gather(self, database: str, operation: Operation) -> None:
        """The same for rows that come in with many small requests: those of a data source that came between two rounds
        of the journal are one operation, as long as the longest of them. To tell each request would take more than the
        request.
        """
        key = (database, operation.source, operation.release)
        with self._lock:
            before = self._gathered.get(key)
            self._gathered[key] = operation if before is None else _together(before, operation)

    def _tell_gathered(self) -> None:
        with self._lock:
            gathered, self._gathered = self._gathered, {}
        for (database, _, _), operation in gathered.items():
            self.record(database, operation)

    def record(self, database: str, operation: Operation) -> None:
        """An operation on a data source of a workspace (named by its engine database): a row of its own."""
        at = operation.at or self._clock.now()
        self._journal.add(
            database,
            "datasources_ops_log",
            {
                "timestamp": at.strftime("%Y-%m-%d %H:%M:%S"),
                "event_type": operation.event_type,
                "datasource_id": operation.source,
                "datasource_name": operation.source,
                "result": "ok" if operation.error is None else "error",
                "elapsed_time": operation.elapsed_seconds,
                "error": operation.error,
                "Options.Names": list(operation.options),
                "Options.Values": [str(value) for value in operation.options.values()],
                "request_id": operation.request_id,
                "import_id": operation.import_id,
                "job_id": operation.job_id,
                "rows": operation.rows,
                "rows_quarantine": operation.rows_quarantine,
                "blocks_ids": list(operation.blocks),
                "operation_id": new_id(),
                "read_rows": operation.read_rows,
                "read_bytes": operation.read_bytes,
                "cpu_time": 0.0,
                "memory_usage": 0,
                "written_rows": operation.written_rows,
                "written_bytes": operation.written_bytes,
                "written_rows_quarantine": operation.written_rows_quarantine,
                "written_bytes_quarantine": operation.written_bytes_quarantine,
                "pipe_id": operation.pipe,
                "pipe_name": operation.pipe,
                "release": str(operation.release or ""),
                "resource_tags": list(operation.tags),
            },
        )

    def tell(self, database: str, source: str, row: Mapping[str, Any]) -> None:
        """A row of another service data source, by its columns: `kafka_ops_log`, `jobs_log`, `sinks_ops_log`,
        `block_log`, `releases_log`. Moments may be datetimes; what is left out has its default.
        """
        self._journal.add(database, source, {name: _plain(value) for name, value in row.items()})


def _together(one: Operation, other: Operation) -> Operation:
    return replace(
        one,
        elapsed_seconds=max(one.elapsed_seconds, other.elapsed_seconds),
        rows=(one.rows or 0) + (other.rows or 0),
        rows_quarantine=(one.rows_quarantine or 0) + (other.rows_quarantine or 0),
        written_rows=one.written_rows + other.written_rows,
        written_bytes=one.written_bytes + other.written_bytes,
        written_rows_quarantine=one.written_rows_quarantine + other.written_rows_quarantine,
        written_bytes_quarantine=one.written_bytes_quarantine + other.written_bytes_quarantine,
        request_id="",
    )


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] if isinstance(value, datetime) else value
