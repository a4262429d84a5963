"""The rows of all files of one import, on disk, in the order in which orders first appear.

Lines of one order may lie anywhere in a file, and one order may lie in several files: reading them back
order by order needs a place for all rows, and memory is not it. The file is removed from its folder as soon
as it is open, so that no crash leaves it behind.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from heapq import merge
from pathlib import Path
from typing import Any

from tradewind.channels.files.reading import Row
from tradewind.core.folders import private_folder

_REMEMBERED = 1 << 16


class Staging:
    """Staged tables by number. `add` fills them, `orders` and `rows` read them back."""

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        path = folder / f"import-{os.getpid()}-{id(self):x}.sqlite"
        path.unlink(missing_ok=True)
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-32768"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("BEGIN")  # never committed: nobody but this connection reads it, and it dies with it
        self._db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)")
        with suppress(OSError):
            path.unlink()  # still open: the space is given back when we close it, or die
        self._is_sorted: dict[int, bool] = {}
        self._last_order: dict[int, int] = {}
        self._order_id = lru_cache(_REMEMBERED)(self._find_order_id)

    def close(self) -> None:
        self._db.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def create(self, table: int, width: int) -> None:
        """A table with so many columns of text."""
        columns = "".join(f", c{index} TEXT" for index in range(width))
        self._db.execute(
            f"CREATE TABLE t{table} (seq INTEGER PRIMARY KEY, ord INTEGER, number INTEGER, flaw TEXT{columns})"
        )
        self._is_sorted[table], self._last_order[table] = True, 0

    def add(self, table: int, rows: Sequence[Row], picked: Sequence[int], key_of: Callable[[Row], str] | None) -> None:
        """Stores the picked cells of rows; `key_of` names the order that a row belongs to."""
        staged: list[tuple[Any, ...]] = []
        last = self._last_order[table]
        for row in rows:
            order = self._order_id(key_of(row)) if key_of is not None else 0
            if order < last:
                self._is_sorted[table] = False
            last = order
            if row.flaw is None:
                cells = row.cells
                staged.append((order, row.number, None, *[cells[index] for index in picked]))
            else:
                staged.append((order, row.number, row.flaw, *[None] * len(picked)))
        self._last_order[table] = last
        marks = ", ".join("?" * (3 + len(picked)))
        names = "".join(f", c{index}" for index in range(len(picked)))
        self._db.executemany(f"INSERT INTO t{table} (ord, number, flaw{names}) VALUES ({marks})", staged)

    def order_count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM orders").fetchone()[0])

    def row_count(self, table: int) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM t{table}").fetchone()[0])

    def rows(self, table: int, *, after: int = 0, until: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Staged rows `(seq, order, number, flaw, cell …)` behind a sequence number, up to and with another one."""
        query = f"SELECT * FROM t{table} WHERE seq > ? AND (? IS NULL OR seq <= ?) ORDER BY seq"
        return self._db.execute(query, (after, until, until))

    def orders(
        self, tables: Sequence[int], *, after: int = 0
    ) -> Iterator[tuple[int, list[tuple[int, tuple[Any, ...]]]]]:
        """Orders behind an order id, each with its rows `(table, row)`: by table, then as in the file."""
        streams = [self._ordered(table, after) for table in tables]
        rows = streams[0] if len(streams) == 1 else merge(*streams, key=lambda row: (row[1][1], row[0], row[1][0]))
        current, gathered = 0, list[tuple[int, tuple[Any, ...]]]()
        for entry in rows:
            order = entry[1][1]
            if order != current and gathered:
                yield current, gathered
                gathered = []
            current = order
            gathered.append(entry)
        if gathered:
            yield current, gathered

    def _ordered(self, table: int, after: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        order = "seq" if self._is_sorted[table] else "ord, seq"
        for row in self._db.execute(f"SELECT * FROM t{table} WHERE ord > ? ORDER BY {order}", (after,)):
            yield table, row

    def _find_order_id(self, key: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO orders (key) VALUES (?)", (key,))
        return int(self._db.execute("SELECT id FROM orders WHERE key = ?", (key,)).fetchone()[0])
