"""Which tables follow the log: kept in the ledger's file, so that a restart goes on without anybody's help."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from tradewind.core.folders import private_folder

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS followings (name TEXT PRIMARY KEY, database TEXT NOT NULL,"
    " workspace_id TEXT NOT NULL, source TEXT NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Following:
    """A physical table, and the data source (or quarantine) whose log it follows."""

    table: str
    database: str
    workspace_id: str
    source: str

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
            rows = self._db.execute("SELECT name, database, workspace_id, source FROM followings").fetchall()
        return [Following(*row) for row in rows]

    def add(self, following: Following) -> None:
        values = (following.table, following.database, following.workspace_id, following.source)
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO followings VALUES (?, ?, ?, ?)", values)

    def remove(self, table: str) -> None:
        with self._lock:
            self._db.execute("DELETE FROM followings WHERE name = ?", (table,))

    def close(self) -> None:
        with self._lock:
            self._db.close()
