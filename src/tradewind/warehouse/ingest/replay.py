"""Quarantined rows taken again: repaired, checked anew, and put back into the log; each exactly once, through crashes.

The quarantine's partitions are moved aside in one step. What lies there is read in a fixed order, some thousand rows
at a time; each such part goes back into the log in one append, good rows for the table and the others for the
quarantine, under a sequence number that the log takes once. So a replay that was cut off goes on where it stood.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.events.contracts import Fact
from tradewind.events.log import EventLog
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.ddl import SESSION_SETTINGS, quoted
from tradewind.warehouse.ingest.followers import topic_of
from tradewind.warehouse.ingest.journal import in_parts
from tradewind.warehouse.ingest.landing import Landing
from tradewind.warehouse.ingest.rows import QUARANTINE, RowChecker
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.serving.guard import Guard
from tradewind.warehouse.workspaces.release import Release

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS replays (id TEXT PRIMARY KEY, workspace_id TEXT NOT NULL, source TEXT NOT NULL,"
    " database TEXT NOT NULL, condition TEXT, repairs TEXT NOT NULL)"
)
_ROWS_AT_ONCE = 5_000
_LONGEST_EXPRESSION = 10_000
_MATCHES = "__matches"

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did: rows that are good now, and rows that stay in the quarantine."""

    rows: int
    left: int


@dataclass(frozen=True, slots=True)
class _Replay:
    id: str
    workspace_id: str
    source: str
    database: str
    condition: str | None
    repairs: Mapping[str, str]

    @property
    def aside(self) -> str:
        """The table that the rows are moved to."""
        return f"replay_{self.id}"


class Replays:
    """One per warehouse."""

    def __init__(
        self,
        path: Path,
        log: EventLog,
        landing: Landing,
        warehouse: Warehouse,
        guard: Callable[[], Guard],
        checker_of: Callable[[Release, str], RowChecker],
    ) -> None:
        self._log = log
        self._landing = landing
        self._warehouse = warehouse
        self._guard = guard
        self._checker_of = checker_of
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def replay(
        self,
        release: Release,
        source: str,
        *,
        condition: str | None = None,
        repairs: Mapping[str, str] | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Replayed:
        """Checks quarantined rows again: those that meet a condition, with `repairs` (expressions by column) applied.

        Rows that are good now go to the table and its views; the others stay, with what is wrong with them now.
        Raises InvalidInput for an expression that cannot be.
        """
        checker = self._checker_of(release, source)
        name = checker.source.name
        replay = _Replay(new_id(), release.workspace_id, name, release.database, condition, dict(repairs or {}))
        self._check(release, replay, checker)
        with self._landing.held(release.workspace_id, name):
            self._landing.drain(release.workspace_id, name + QUARANTINE)
            self._move_aside(release, replay)
        return self._finish(release, replay, progress)

    def recover(self, release_of: Callable[[str], Release | None]) -> int:
        """Goes on with replays that a process died in; returns how many."""
        rows = self._db.execute("SELECT id, workspace_id, source, database, condition, repairs FROM replays").fetchall()
        for row in rows:
            replay = _Replay(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]))
            release = release_of(replay.workspace_id)
            if release is not None and release.project.source(replay.source) is not None:
                logger.info("going on with a replay that was cut off", source=replay.source)
                self._finish(release, replay, lambda _: None)
        return len(rows)

    # --- Inside ------------------------------------------------------------------------------------------------------

    def _check(self, release: Release, replay: _Replay, checker: RowChecker) -> None:
        columns = {column.name for column in checker.source.columns}
        for column in replay.repairs:
            if column not in columns:
                raise InvalidInput(f"'{replay.source}' has no column '{column[:100]}' to repair.", field="set")
        table = release.tables.get(replay.source + QUARANTINE)
        if table is None:
            raise NotFound(f"'{replay.source}' has no quarantine.")
        for text in (replay.condition, *replay.repairs.values()):
            if text is None:
                continue
            if not text.strip() or len(text) > _LONGEST_EXPRESSION:
                raise InvalidInput(f"An expression has 1 to {_LONGEST_EXPRESSION} characters.")
            sql = f"SELECT ({text}) FROM {quoted(release.database, table)}"
            self._guard().check(sql, {}, [f"{release.database}.{table}"])
        with self._warehouse.connection(SESSION_SETTINGS) as connection:
            connection.query(f"{self._query(replay, checker, quoted(release.database, table))} LIMIT 1")

    def _move_aside(self, release: Release, replay: _Replay) -> None:
        quarantine = quoted(release.database, release.tables[replay.source + QUARANTINE])
        aside = quoted(replay.database, replay.aside)
        values = (replay.id, replay.workspace_id, replay.source, replay.database, replay.condition)
        with self._lock:
            self._db.execute("INSERT INTO replays VALUES (?, ?, ?, ?, ?, ?)", (*values, json.dumps(replay.repairs)))
        self._warehouse.command(f"CREATE TABLE {aside} AS {quarantine}")
        for row in self._warehouse.query(f"SELECT DISTINCT _partition_id AS id FROM {quarantine}"):
            self._warehouse.command(f"ALTER TABLE {quarantine} MOVE PARTITION ID '{row['id']}' TO TABLE {aside}")

    def _finish(self, release: Release, replay: _Replay, progress: Callable[[int], None]) -> Replayed:
        aside = quoted(replay.database, replay.aside)
        checker = self._checker_of(release, replay.source)
        producer = f"replay/{replay.id}"
        done, total, left = 0, 0, 0
        exists = self._warehouse.query(f"SELECT count() AS n FROM system.tables WHERE name = '{replay.aside}'")
        if exists[0]["n"]:
            sql = f"{self._query(replay, checker, aside)} ORDER BY ALL"
            with self._warehouse.connection(SESSION_SETTINGS) as connection:
                while rows := connection.query(f"{sql} LIMIT {_ROWS_AT_ONCE} OFFSET {done * _ROWS_AT_ONCE}"):
                    done += 1
                    good, bad, facts = self._part(release, replay, checker, rows)
                    if self._log.sequence(producer) < (0, done):
                        self._log.append(facts, producer=producer, sequence=(0, done))
                    total, left = total + good, left + bad
                    progress(total)
            self._warehouse.command(f"DROP TABLE {aside} SYNC")
        with self._lock:
            self._db.execute("DELETE FROM replays WHERE id = ?", (replay.id,))
        return Replayed(total, left)

    def _part(
        self, release: Release, replay: _Replay, checker: RowChecker, rows: list[dict[str, Any]]
    ) -> tuple[int, int, list[Fact]]:
        names = [column.name for column in checker.source.columns]
        wanted = [[row[name] for name in names] for row in rows if row[_MATCHES]]
        checked = checker.texts(wanted)
        kept = b"".join(msgspec.json.encode(_as_it_was(row)) + b"\n" for row in rows if not row[_MATCHES])
        topics = {
            topic_of(replay.workspace_id, replay.source): checked.good,
            topic_of(replay.workspace_id, replay.source + QUARANTINE): checked.bad + kept,
        }
        now = datetime.now(UTC)
        facts = [
            Fact(topic, str(release.number), now, part) for topic, lines in topics.items() for part in in_parts(lines)
        ]
        return checked.rows, len(rows) - checked.rows, facts

    def _query(self, replay: _Replay, checker: RowChecker, table: str) -> str:
        """Every row with its repaired columns under their names, the rest as it was under `was_…`."""
        matches = f"ifNull(({replay.condition}), 0) != 0" if replay.condition is not None else "1"
        columns = [column.name for column in checker.source.columns]
        parts = [f"{matches} AS {_MATCHES}"]
        parts += [
            f"toString(({replay.repairs[name]})) AS {identifier('new_' + name)}"
            for name in columns
            if name in replay.repairs
        ]
        inner = f"SELECT *, {', '.join(parts)} FROM {table}"
        if not replay.repairs:
            return inner
        renamed = ", ".join(
            f"if({_MATCHES}, {identifier('new_' + name)}, {identifier(name)}) AS {identifier(name)}"
            for name in columns
            if name in replay.repairs
        )
        left_out = ", ".join(identifier(name) for name in (*replay.repairs, *(f"new_{n}" for n in replay.repairs)))
        return f"SELECT * EXCEPT ({left_out}), {renamed} FROM ({inner})"


def _as_it_was(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name != _MATCHES}
    return {
        name: value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value
        for name, value in kept.items()
    }
