"""The batch ledger: what a consumer has taken, what it is about to take, and what it could not take.

A consumer writes its intent (fixed bounds) before it acts and closes it afterwards. After a crash an
intent that is still open is repeated with the same bounds. Dead letters are closed in the same
transaction as the batch they came from, so nothing is skipped without a trace.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tradewind.core.folders import private_folder
from tradewind.events.log import Bounds, Partition

_SCHEMA = """
CREATE TABLE IF NOT EXISTS positions (
    consumer TEXT, topic TEXT, number INTEGER, next_offset INTEGER NOT NULL, moved_at TEXT NOT NULL,
    PRIMARY KEY (consumer, topic, number)
);
CREATE TABLE IF NOT EXISTS intents (
    consumer TEXT, topic TEXT, number INTEGER, first INTEGER NOT NULL, last INTEGER NOT NULL, opened_at TEXT NOT NULL,
    PRIMARY KEY (consumer, topic, number)
);
CREATE TABLE IF NOT EXISTS dead_letters (
    consumer TEXT, topic TEXT, number INTEGER, position INTEGER, key TEXT NOT NULL, reason TEXT NOT NULL,
    payload BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY (consumer, topic, number, position)
);
"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A fact that a consumer could not take, with the reason and its place in the log."""

    partition: Partition
    offset: int
    key: str
    reason: str
    payload: bytes


class BatchLedger:
    """A consumer's ledger in a SQLite file that lies beside what the consumer writes to."""

    def __init__(self, path: Path, consumer: str) -> None:
        private_folder(path.parent)
        self._consumer = consumer
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    def of(self, consumer: str) -> BatchLedger:
        """The ledger of another consumer in the same file. Closing the file closes it for all."""
        other = object.__new__(BatchLedger)
        other._consumer, other._lock, other._db = consumer, self._lock, self._db
        return other

    def forget(self) -> None:
        """Removes all traces of the consumer: its table is gone."""
        with self._write() as db:
            for table in ("positions", "intents", "dead_letters"):
                db.execute(f"DELETE FROM {table} WHERE consumer = ?", (self._consumer,))

    def position(self, partition: Partition) -> int:
        """The first offset that the consumer has not taken."""
        row = self._one("SELECT next_offset FROM positions WHERE consumer = ? AND topic = ? AND number = ?", partition)
        return int(row[0]) if row else 0

    def has_position(self, partition: Partition) -> bool:
        """Whether the consumer was ever anywhere in the partition."""
        query = "SELECT 1 FROM positions WHERE consumer = ? AND topic = ? AND number = ?"
        return self._one(query, partition) is not None

    def any_position(self) -> int:
        """The position of a consumer of one partition, whichever that is."""
        with self._lock:
            row = self._db.execute(
                "SELECT max(next_offset) FROM positions WHERE consumer = ?", (self._consumer,)
            ).fetchone()
        return int(row[0] or 0)

    def knows(self, topic: str) -> bool:
        """Whether the consumer has a position in any partition of a topic."""
        with self._lock:
            query = "SELECT 1 FROM positions WHERE consumer = ? AND topic = ? LIMIT 1"
            return self._db.execute(query, (self._consumer, topic)).fetchone() is not None

    def known_position(self, partition: Partition) -> int | None:
        """The same, or None before the consumer took or was about to take anything."""
        row = self._one("SELECT next_offset FROM positions WHERE consumer = ? AND topic = ? AND number = ?", partition)
        if row is not None:
            return int(row[0])
        unfinished = self.unfinished(partition)
        return None if unfinished is None else unfinished.first

    def unfinished(self, partition: Partition) -> Bounds | None:
        """Bounds that were opened and not closed: they come first, and unchanged."""
        row = self._one("SELECT first, last FROM intents WHERE consumer = ? AND topic = ? AND number = ?", partition)
        return Bounds(partition, row[0], row[1]) if row else None

    def open(self, bounds: Bounds) -> Bounds:
        """Writes down the intent to take these bounds."""
        with self._write() as db:
            db.execute(
                "INSERT INTO intents VALUES (?, ?, ?, ?, ?, ?)",
                (*self._key(bounds.partition), bounds.first, bounds.last, _now()),
            )
        return bounds

    def close(self, bounds: Bounds, dead: Sequence[DeadLetter] = ()) -> None:
        """The bounds are taken, but for the dead letters: the position moves past all of them."""
        key = self._key(bounds.partition)
        with self._write() as db:
            db.executemany(
                "INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(*key, letter.offset, letter.key, letter.reason, letter.payload, _now()) for letter in dead],
            )
            db.execute("INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)", (*key, bounds.last + 1, _now()))
            db.execute("DELETE FROM intents WHERE consumer = ? AND topic = ? AND number = ?", key)

    def rewind(self, partition: Partition, offset: int) -> None:
        """Sets the position back, to take a part of the log again. The target has to be emptied first."""
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)",
                (*self._key(partition), offset, _now()),
            )
            db.execute("DELETE FROM intents WHERE consumer = ? AND topic = ? AND number = ?", self._key(partition))

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """The newest dead letters."""
        with self._lock:
            rows = self._db.execute(
                "SELECT topic, number, position, key, reason, payload FROM dead_letters WHERE consumer = ?"
                " ORDER BY at DESC, position DESC LIMIT ?",
                (self._consumer, limit),
            ).fetchall()
        return [DeadLetter(Partition(row[0], row[1]), row[2], row[3], row[4], row[5]) for row in rows]

    def dead_letter_count(self) -> int:
        with self._lock:
            return int(
                self._db.execute("SELECT count(*) FROM dead_letters WHERE consumer = ?", (self._consumer,)).fetchone()[
                    0
                ]
            )

    def close_file(self) -> None:
        with self._lock:
            self._db.close()

    def _key(self, partition: Partition) -> tuple[str, str, int]:
        return self._consumer, partition.topic, partition.number

    def _one(self, query: str, partition: Partition) -> tuple[int, ...] | None:
        with self._lock:
            row: tuple[int, ...] | None = self._db.execute(query, self._key(partition)).fetchone()
        return row

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _now() -> str:
    return datetime.now(UTC).isoformat()
