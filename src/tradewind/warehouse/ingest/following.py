"""Which tables follow the log: kept in the ledger's file, so that a restart goes on without anybody's help."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from tradewind.core.folders import private_folder

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS followings (name TEXT PRIMARY KEY, database TEXT NOT NULL,"
    " workspace_id TEXT NOT NULL, source TEXT NOT NULL, older_than INTEGER, older_table TEXT)"
)


@dataclass(frozen=True, slots=True)
class Following:
    """A physical table, and the data source (or quarantine) whose log it follows."""

    table: str
    database: str
    workspace_id: str
    source: str
    older_than: int | None = None
    older_table: str | None = None
    """Where rows go that were checked for a release before that number."""

    @property
    def topic(self) -> str:
        return f"{self.workspace_id}/{self.source}"


class Followings:
    def __init__(self, path: Path) -> None:
        private_folder(path.parent)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _SCHEMA):
            self._db.execute(statement)

    def all(self) -> list[Following]:
        with self._lock:
            rows = self._db.execute(
                "SELECT name, database, workspace_id, source, older_than, older_table FROM followings"
            ).fetchall()
        return [Following(*row) for row in rows]

    def add(self, following: Following) -> None:
        values = (
            following.table,
            following.database,
            following.workspace_id,
            following.source,
            following.older_than,
            following.older_table,
        )
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO followings VALUES (?, ?, ?, ?, ?, ?)", values)

    def remove(self, table: str) -> None:
        with self._lock:
            self._db.execute("DELETE FROM followings WHERE name = ?", (table,))

    def close(self) -> None:
        with self._lock:
            self._db.close()
