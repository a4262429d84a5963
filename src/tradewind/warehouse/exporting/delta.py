"""Delta Lake tables: every export of a table that changed is one more version of it; the ones before stay readable.

Only the last step, a file in the log of the table, makes a version: what dies before it leaves the last version as
it was, and files that nobody knows, which the next export removes. The `deltalake` package (delta-rs, Apache 2.0)
is the extra `delta`, imported when the first table is opened.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from tradewind.core.errors import Conflict, Misconfigured
from tradewind.warehouse.exporting.source import State

_ROWS, _DIGEST = "tradewind.rows", "tradewind.digest"
_MARK = ".tradewind-export"
_FILE_BYTES = 128 * 1024 * 1024
_ROW_GROUP = 128 * 1024


class DeltaTables:
    """A folder with a Delta table in each folder below."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._library = _library()

    def last(self, name: str) -> State | None:
        """What the newest version holds; None when there is none, or when somebody else wrote it."""
        path = self._folder / name
        if path.exists() and not (path / _MARK).exists() and any(path.iterdir()):
            raise Conflict(f"{path} was not made by an export. Choose another folder with --to, or remove it.")
        if not self._library.DeltaTable.is_deltatable(str(path)):
            return None
        told: dict[str, Any] = self._library.DeltaTable(str(path)).history(1)[0]
        return State(int(told[_ROWS]), str(told[_DIGEST])) if _DIGEST in told else None

    def write(self, name: str, state: State, batches: pa.RecordBatchReader) -> tuple[int, int]:
        """Writes the next version; returns its number and its bytes. An error of the reader leaves the last version."""
        library, path = self._library, self._folder / name
        path.mkdir(exist_ok=True)
        (path / _MARK).touch()
        self._sweep(path)
        library.write_deltalake(
            str(path),
            batches,
            mode="overwrite",
            schema_mode="overwrite",
            name=name,
            target_file_size=_FILE_BYTES,
            writer_properties=library.WriterProperties(compression="ZSTD", max_row_group_size=_ROW_GROUP),
            commit_properties=library.CommitProperties(custom_metadata={_ROWS: str(state.rows), _DIGEST: state.digest}),
            # The log is the history: nothing of it expires by our doing.
            post_commithook_properties=library.PostCommitHookProperties(cleanup_expired_logs=False),
        )
        table = library.DeltaTable(str(path))
        files = pa.table(table.get_add_actions(flatten=True))
        return table.version(), sum(files.column("size_bytes").to_pylist())

    def _sweep(self, path: Path) -> None:
        """Removes files that no version knows: what an export left that did not end."""
        known: set[str] = set()
        for entry in (path / "_delta_log").glob("*.json"):
            for line in entry.read_text().splitlines():
                action = json.loads(line)
                known.update(action[kind]["path"] for kind in ("add", "remove") if kind in action)
        for file in path.glob("*.parquet"):
            if file.name not in known:
                file.unlink()


def _library() -> ModuleType:
    try:
        import deltalake
    except ImportError:
        raise Misconfigured("Delta tables need the extra 'delta': pip install 'tradewind[delta]'.") from None
    library: ModuleType = deltalake
    return library
