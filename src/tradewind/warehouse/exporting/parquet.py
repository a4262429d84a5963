"""Parquet: one folder per table, always whole.

The name of a table is a link to the folder of its newest version, and moving that link is one step of the file
system: a reader finds the old rows or the new ones. The version before stays for those who have begun to read it.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tradewind.core.errors import Conflict
from tradewind.warehouse.exporting.source import State

_VERSIONS = ".versions"
_FILE = "part-00000.parquet"
_ROW_GROUP = 128 * 1024
_KEPT = 2
_NAME = re.compile(r"(?P<number>\d{6,})-(?P<rows>\d+)-(?P<digest>[0-9a-f]{32})")


class ParquetTables:
    """A folder with a Parquet file in each folder below."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, name: str) -> State | None:
        """What the table holds; None when there is none."""
        told = self._current(name)
        return State(int(told["rows"]), told["digest"]) if told else None

    def write(self, name: str, state: State, batches: pa.RecordBatchReader) -> tuple[int, int]:
        """Writes the table anew; returns how many times it was written, and its bytes."""
        versions = self._folder / _VERSIONS / name
        versions.mkdir(parents=True, exist_ok=True)
        told = self._current(name)
        number = int(told["number"]) + 1 if told else 1
        arriving = versions / ".arriving"
        shutil.rmtree(arriving, ignore_errors=True)
        arriving.mkdir()
        _write(arriving / _FILE, batches)
        size = (arriving / _FILE).stat().st_size
        made = versions / f"{number:06}-{state.rows}-{state.digest}"
        shutil.rmtree(made, ignore_errors=True)  # of an export that died before it moved the link
        arriving.rename(made)
        _synced(versions)
        self._point(name, made)
        self._forget(name, number)
        return number, size

    def _current(self, name: str) -> re.Match[str] | None:
        link = self._folder / name
        if link.is_symlink():
            return _NAME.fullmatch(link.readlink().name)
        if link.exists():
            raise Conflict(f"{link} was not made by an export. Choose another folder with --to, or remove it.")
        return None

    def _point(self, name: str, version: Path) -> None:
        arriving = version.parent / ".link"
        arriving.unlink(missing_ok=True)
        arriving.symlink_to(version.relative_to(self._folder))
        arriving.replace(self._folder / name)
        _synced(self._folder)

    def _forget(self, name: str, newest: int) -> None:
        for folder in (self._folder / _VERSIONS / name).iterdir():
            told = _NAME.fullmatch(folder.name)
            if told is None or not newest - _KEPT < int(told["number"]) <= newest:
                shutil.rmtree(folder)


def _write(path: Path, batches: pa.RecordBatchReader) -> None:
    with path.open("wb") as file:
        with pq.ParquetWriter(file, batches.schema, compression="zstd") as writer:
            waiting: list[pa.RecordBatch] = []
            for batch in batches:
                waiting.append(batch)
                if sum(part.num_rows for part in waiting) >= _ROW_GROUP:
                    writer.write_table(pa.Table.from_batches(waiting), row_group_size=_ROW_GROUP)
                    waiting = []
            writer.write_table(pa.Table.from_batches(waiting, batches.schema), row_group_size=_ROW_GROUP)
        file.flush()
        os.fsync(file.fileno())
    _synced(path.parent)


def _synced(folder: Path) -> None:
    """Waits until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
