"""The log's port: append-only, partitioned, replayable; a consumer keeps its own position.

`SqliteLog` is the embedded side: a file of its own, so that readers of the log never wait for writers of
the operational store. One table per partition keeps appends at the end of a B-tree. `KafkaLog` in
kafka_log.py is the side that scales out.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from tradewind.core.folders import private_folder
from tradewind.core.signals import Signal
from tradewind.events.contracts import Fact


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    topic: str
    number: int

    def __str__(self) -> str:
        return f"{self.topic}:{self.number}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A contiguous range of a partition, both ends included."""

    partition: Partition
    first: int
    last: int

    @property
    def token(self) -> str:
        """The name under which a sink stores this range once: topic:partition:first-last."""
        return f"{self.partition}:{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1


class Entry(NamedTuple):
    """A fact in its place. `appended_at` is the ingestion time: the moment from which we knew it."""

    offset: int
    key: str
    event_at: datetime
    appended_at: datetime
    payload: bytes


class EventLog(Protocol):
    """What the relay, the sink and replays need of a log."""

    appended: Signal

    def append(
        self,
        facts: Sequence[Fact],
        *,
        producer: str,
        sequence: tuple[int, int],
        after: tuple[int, int] | None = None,
    ) -> None:
        """Stores facts and the producer's place, both or neither. A place already passed stores nothing.

        So does a log whose place is not `after`: whoever gathered the facts did not know what is in it. They ask
        for the place again.
        """
        ...

    def sequence(self, producer: str) -> tuple[int, int]:
        """The place of the producer's last stored fact; (0, 0) before the first.

        Where an append of another process may still be under way, an older place: see `after`.
        """
        ...

    def partitions(self) -> list[Partition]: ...

    def end(self, partition: Partition) -> int:
        """The offset that the next fact of the partition will get."""
        ...

    def bounds(self, partition: Partition, start: int, limit: int) -> Bounds | None:
        """Some entries from offset `start` on, `limit` at most; None when there are none yet.

        Offsets grow and may leave numbers out, so a range may hold fewer entries than it is long.
        """
        ...

    def read(self, bounds: Bounds) -> list[Entry]:
        """The entries of a range, in order. Raises LogGap when retention has taken some of them."""
        ...

    def retain(self, newer_than: datetime, passed: dict[Partition, int]) -> int:
        """Deletes entries older than a moment that every consumer has passed; returns how many."""
        ...

    def close(self) -> None: ...


class LogGap(Exception):
    """Entries that were asked for are no longer in the log."""


_DELETED_AT_ONCE = 1000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS partitions (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, number INTEGER NOT NULL, next_offset INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, number)
);
CREATE TABLE IF NOT EXISTS producers (name TEXT PRIMARY KEY, major INTEGER NOT NULL, minor INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, note TEXT NOT NULL, noted_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS notes_noted_at ON notes (noted_at);
"""


class SqliteLog:
    """The log in one SQLite file. Safe for several threads and processes; one writer at a time."""

    def __init__(self, path: Path, *, partitions: int = 1, page_size: int = 4096) -> None:
        """`page_size` is that of a new file: large entries are written and deleted faster in large pages."""
        private_folder(path.parent)
        self.appended = Signal()
        self._path = path
        self._partitions_of_new_topics = partitions
        self._page_size = page_size
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._known: dict[Partition, int] = {}
        with self._write() as db:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)

    def append(
        self,
        facts: Sequence[Fact],
        *,
        producer: str,
        sequence: tuple[int, int],
        after: tuple[int, int] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> None:
        """As the port says; `notes` are kept with the facts, all or nothing: what was answered to whom."""
        now = to_micros(datetime.now(UTC))
        with self._write() as db:
            place = self._sequence(db, producer)
            if place >= sequence or (after is not None and place != after):
                return
            for partition, group in self._by_partition(db, facts):
                table = self._table(db, partition)
                (start,) = db.execute("SELECT next_offset FROM partitions WHERE id = ?", (table,)).fetchone()
                db.executemany(
                    f"INSERT INTO entries_{table} (position, key, event_at, appended_at, payload)"
                    " VALUES (?, ?, ?, ?, ?)",
                    ((start + i, f.key, to_micros(f.event_at), now, f.payload) for i, f in enumerate(group)),
                )
                db.execute("UPDATE partitions SET next_offset = ? WHERE id = ?", (start + len(group), table))
            db.execute("INSERT OR REPLACE INTO producers VALUES (?, ?, ?)", (producer, *sequence))
            if notes:
                db.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", ((*n, now) for n in notes.items()))
        self.appended.send()

    def note(self, name: str) -> str | None:
        """What was noted under a name."""
        row = self._db.execute("SELECT note FROM notes WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def forget_notes(self, older_than: datetime) -> int:
        """Deletes notes from before a moment; returns how many."""
        with self._write() as db:
            return db.execute("DELETE FROM notes WHERE noted_at < ?", (to_micros(older_than),)).rowcount

    def sequence(self, producer: str) -> tuple[int, int]:
        return self._sequence(self._db, producer)

    def partitions(self) -> list[Partition]:
        rows = self._db.execute("SELECT topic, number FROM partitions ORDER BY topic, number").fetchall()
        return [Partition(topic, number) for topic, number in rows]

    def end(self, partition: Partition) -> int:
        row = self._db.execute(
            "SELECT next_offset FROM partitions WHERE topic = ? AND number = ?",
            (partition.topic, partition.number),
        ).fetchone()
        return int(row[0]) if row else 0

    def bounds(self, partition: Partition, start: int, limit: int) -> Bounds | None:
        last = min(self.end(partition), start + limit) - 1
        return Bounds(partition, start, last) if last >= start else None

    def sizes(self, bounds: Bounds) -> list[int]:
        """The bytes of each entry of a range, in order, without reading them."""
        table = self._table(self._db, bounds.partition)
        rows = self._db.execute(
            f"SELECT length(payload) FROM entries_{table} WHERE position BETWEEN ? AND ? ORDER BY position",
            (bounds.first, bounds.last),
        )
        return [row[0] for row in rows]

    def read(self, bounds: Bounds) -> list[Entry]:
        table = self._table(self._db, bounds.partition)
        rows = self._db.execute(
            f"SELECT position, key, event_at, appended_at, payload FROM entries_{table}"
            " WHERE position BETWEEN ? AND ? ORDER BY position",
            (bounds.first, bounds.last),
        ).fetchall()
        if len(rows) != len(bounds):
            raise LogGap(
                f"{bounds.token}: the log holds {len(rows)} of {len(bounds)} entries; retention took the others."
            )
        return [Entry(row[0], row[1], from_micros(row[2]), from_micros(row[3]), row[4]) for row in rows]

    def retain(self, newer_than: datetime, passed: dict[Partition, int]) -> int:
        return sum(
            self._forget(partition, self._first_kept(partition, newer_than, end)) for partition, end in passed.items()
        )

    def _first_kept(self, partition: Partition, newer_than: datetime, passed: int) -> int:
        """Where the entries begin that stay. They lie in the order of their age, so only old ones are looked at."""
        found = self._db.execute(
            f"SELECT position FROM entries_{self._table(self._db, partition)}"
            " WHERE position < ? AND appended_at >= ? ORDER BY position LIMIT 1",
            (passed, to_micros(newer_than)),
        ).fetchone()
        return int(found[0]) if found else passed

    def _forget(self, partition: Partition, end: int) -> int:
        """Deletes what is before a place, a piece at a time, so that whoever appends need not wait for long."""
        deleted = 0
        table = self._table(self._db, partition)
        while True:
            (first,) = self._db.execute(f"SELECT min(position) FROM entries_{table}").fetchone()
            if first is None or first >= end:
                return deleted
            with self._write() as db:
                piece = db.execute(
                    f"DELETE FROM entries_{table} WHERE position < ?", (min(end, first + _DELETED_AT_ONCE),)
                )
                deleted += piece.rowcount

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()

    @property
    def _db(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
            for pragma in (f"page_size={self._page_size}", "journal_mode=WAL", "synchronous=FULL", "cache_size=-16384"):
                connection.execute(f"PRAGMA {pragma}")
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")

    @staticmethod
    def _sequence(db: sqlite3.Connection, producer: str) -> tuple[int, int]:
        row = db.execute("SELECT major, minor FROM producers WHERE name = ?", (producer,)).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    def _by_partition(self, db: sqlite3.Connection, facts: Sequence[Fact]) -> list[tuple[Partition, list[Fact]]]:
        groups: dict[str, list[list[Fact]]] = {}
        for fact in facts:
            parts = groups.get(fact.topic)
            if parts is None:
                (known,) = db.execute("SELECT count(*) FROM partitions WHERE topic = ?", (fact.topic,)).fetchone()
                parts = groups[fact.topic] = [[] for _ in range(known or self._partitions_of_new_topics)]
                for number in range(len(parts)):
                    self._table(db, Partition(fact.topic, number))
            part = parts[zlib.crc32(fact.key.encode()) % len(parts)] if len(parts) > 1 else parts[0]
            part.append(fact)
        return [
            (Partition(topic, number), part)
            for topic, parts in groups.items()
            for number, part in enumerate(parts)
            if part
        ]

    def _table(self, db: sqlite3.Connection, partition: Partition) -> int:
        """The number of the partition's table, made when the partition is new."""
        if partition in self._known:
            return self._known[partition]
        values = (partition.topic, partition.number)
        db.execute("INSERT OR IGNORE INTO partitions (topic, number) VALUES (?, ?)", values)
        (table,) = db.execute("SELECT id FROM partitions WHERE topic = ? AND number = ?", values).fetchone()
        db.execute(
            f"CREATE TABLE IF NOT EXISTS entries_{table} (position INTEGER PRIMARY KEY, key TEXT NOT NULL,"
            " event_at INTEGER NOT NULL, appended_at INTEGER NOT NULL, payload BLOB NOT NULL)"
        )
        if not db.in_transaction:  # inside one, the table is not there for sure until it commits
            self._known[partition] = table
        return int(table)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(value: datetime) -> int:
    """A moment as microseconds since 1970."""
    delta = value - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


@lru_cache(maxsize=10_000)
def from_micros(micros: int) -> datetime:
    """The moment again."""
    # Remembered, because what was appended together has one time.
    return _EPOCH + timedelta(microseconds=micros)
