"""Exports the tables that changed since the last export, one after the other, each whole or not at all."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from tradewind.core.errors import Conflict, Unavailable
from tradewind.warehouse.exporting.source import Relation, State, Warehouse, models

_TRIES = 5


class Format(StrEnum):
    """What an export writes."""

    DELTA = "delta"
    PARQUET = "parquet"


class ExportRunning(Conflict):
    """Somebody else exports into the same folder."""

    code = "export_running"


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of a table.

    Status: new, changed or unchanged; `missing` where the model has not been built. `version` counts what has been
    written of the table: in Delta it begins with 0, in Parquet with 1.
    """

    table: str
    layer: str
    status: str
    rows: int | None = None
    version: int | None = None
    bytes: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """How far an export is: the table of so many, and the rows of it that are written."""

    table: str
    index: int
    total: int
    rows: int


Progress = Callable[[Step], None]


class Tables(Protocol):
    """Where tables go."""

    def last(self, name: str) -> State | None: ...

    def write(self, name: str, state: State, batches: pa.RecordBatchReader) -> tuple[int, int]: ...


def export(
    warehouse: Warehouse,
    folder: Path,
    format: Format,  # noqa: A002 - the word of the command
    *,
    layers: Sequence[str],
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> list[Exported]:
    """Writes each model of these layers that changed; with `dry_run` only tells which would be.

    Raises ExportRunning; Conflict where the folder holds tables of somebody else; Unavailable when the warehouse breaks
    off: what was written by then stays, the table in question is as it was.
    """
    wanted = models(layers)
    tables = _tables(format, folder)
    done = []
    with _alone(folder, dry_run=dry_run):
        for index, (name, layer) in enumerate(wanted, 1):
            relation = warehouse.relation(name, layer)
            if relation is None:
                done.append(Exported(name, layer, "missing"))
                continue
            progress(Step(name, index, len(wanted), 0))

            def tell(rows: int, name: str = name, index: int = index) -> None:
                progress(Step(name, index, len(wanted), rows))

            done.append(_one(warehouse, tables, relation, tell, dry_run=dry_run))
    return done


def _one(
    warehouse: Warehouse, tables: Tables, relation: Relation, tell: Callable[[int], None], *, dry_run: bool
) -> Exported:
    began = time.monotonic()
    last = tables.last(relation.name)
    for _ in range(_TRIES):
        state = warehouse.state(relation)
        if state == last:
            return Exported(relation.name, relation.layer, "unchanged", state.rows)
        status = "new" if last is None else "changed"
        if dry_run:
            return Exported(relation.name, relation.layer, status, state.rows)
        try:
            version, size = _written(warehouse, tables, relation, state, tell)
        except _Moved:
            continue
        seconds = time.monotonic() - began
        return Exported(relation.name, relation.layer, status, state.rows, version, size, seconds)
    raise Unavailable(f"{relation.name} changes faster than it can be read. Export it when the build is done.")


class _Moved(Exception):
    """The rows that came are not those that were looked at: the table was built anew in between."""


def _written(
    warehouse: Warehouse, tables: Tables, relation: Relation, state: State, tell: Callable[[int], None]
) -> tuple[int, int]:
    failures: list[Exception] = []
    with warehouse.rows(relation) as rows:

        def checked() -> Iterator[pa.RecordBatch]:
            """The blocks; before the last word, whether they are all there. What writes does not see our errors."""
            count = 0
            try:
                for batch in rows:
                    yield batch
                    count += batch.num_rows
                    tell(count)
                if rows.state != state:
                    raise _Moved
            except Exception as failure:  # the writer tells another one; this is the cause
                failures.append(failure)
                raise

        try:
            return tables.write(relation.name, state, pa.RecordBatchReader.from_batches(rows.schema, checked()))
        except Exception as failure:
            if failures:
                raise failures[0] from failure
            raise


def _tables(format: Format, folder: Path) -> Tables:  # noqa: A002 - the word of the command
    if format is Format.DELTA:
        from tradewind.warehouse.exporting.delta import DeltaTables

        return DeltaTables(folder)
    from tradewind.warehouse.exporting.parquet import ParquetTables

    return ParquetTables(folder)


@contextmanager
def _alone(folder: Path, *, dry_run: bool) -> Iterator[None]:
    """Holds the folder for one export; the lock goes with the process, however it ends."""
    if dry_run and not folder.exists():
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".export.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExportRunning(f"Another export writes into {folder}. Wait for it to end.") from None
        yield
