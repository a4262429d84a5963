"""Transactions of the operational store, alike on both engines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tradewind.core.database import Base, Database
from tradewind.core.errors import Misconfigured, Unavailable
from tradewind.core.signals import Signal


class Note(Base):
    """A table of the test's own; it is made by hand and in no migration."""

    __tablename__ = "test_notes"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


# Made above for its types only: tables of the product are those of its migrations.
Base.metadata.remove(Note.__table__)  # type: ignore[arg-type]


@pytest.fixture
def notes(database_url: str) -> Iterator[Database]:
    database = Database(database_url, lock_timeout_seconds=0.5)
    with database.engine.begin() as connection:
        Note.__table__.create(connection)  # type: ignore[attr-defined]
    yield database
    database.close()


def write_down(tx: Session, name: str, at: datetime | None = None) -> None:
    tx.add(Note(name=name, at=at or datetime(2026, 1, 1, tzinfo=UTC)))
    tx.flush()


def write_in_turn(database: Database, name: str) -> None:
    with database.write() as tx:
        write_down(tx, name)


def names(database: Database) -> list[str]:
    with database.read() as tx:
        return list(tx.scalars(text("SELECT name FROM test_notes ORDER BY name")))


def test_a_block_that_raises_leaves_nothing_behind(notes: Database) -> None:
    def fail() -> None:
        with notes.write() as tx:
            write_down(tx, "gone")
            raise KeyError("half-way")

    with pytest.raises(KeyError):
        fail()
    assert names(notes) == []


def test_a_commit_is_told_and_a_rollback_is_not(notes: Database) -> None:
    before = notes.committed.count
    with notes.write() as tx:
        write_down(tx, "kept")
        assert notes.committed.count == before
    assert notes.committed.count == before + 1
    with pytest.raises(KeyError), notes.write():
        raise KeyError
    assert notes.committed.count == before + 1
    assert names(notes) == ["kept"]


def test_a_reading_block_changes_nothing(notes: Database) -> None:
    with notes.read() as tx:
        write_down(tx, "not kept")
    assert names(notes) == []


def test_moments_come_back_aware_and_in_utc(notes: Database) -> None:
    told = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with notes.write() as tx:
        write_down(tx, "moment", told)
    with notes.read() as tx:
        found = tx.get_one(Note, "moment").at
    assert found == told
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(notes: Database) -> None:
    naive = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
    with pytest.raises(Exception, match=r"has no zone"), notes.write() as tx:
        write_down(tx, "naive", naive)


class Rival:
    """Writes a row in a thread of its own and holds its transaction open until told."""

    def __init__(self, database: Database, name: str) -> None:
        self._wrote, self._may_commit = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(database, name))
        self._thread.start()
        assert self._wrote.wait(5)

    def _run(self, database: Database, name: str) -> None:
        with database.write() as tx:
            write_down(tx, name)
            self._wrote.set()
            self._may_commit.wait(10)

    def commit(self) -> None:
        self._may_commit.set()
        self._thread.join(5)


def test_a_writer_that_waits_too_long_for_another_is_told_to_try_again(notes: Database) -> None:
    rival = Rival(notes, "same")
    with pytest.raises(Unavailable, match=r"Another writer holds the database for too long. Try again"):
        write_in_turn(notes, "same")
    rival.commit()
    assert names(notes) == ["same"]


def test_a_writer_who_loses_a_race_for_a_row_is_told_to_try_again(postgres_url: str) -> None:
    """Only PostgreSQL lets two writers in at once; on SQLite the second looks after the first has committed."""
    database = Database(postgres_url)
    with database.engine.begin() as connection:
        Note.__table__.create(connection)  # type: ignore[attr-defined]
    rival = Rival(database, "same")
    threading.Timer(0.1, rival.commit).start()
    with pytest.raises(Unavailable, match=r"Another writer changed the same at the same moment"):
        write_in_turn(database, "same")
    assert names(database) == ["same"]
    database.close()


def test_an_address_of_another_kind_is_refused_by_the_name_of_its_setting() -> None:
    with pytest.raises(Misconfigured, match=r"TRADEWIND_DATABASE_URL begins with 'mysql'. Use sqlite:///path or"):
        Database("mysql://localhost/x")


def test_a_signal_wakes_a_waiter_and_is_not_lost_while_it_is_busy() -> None:
    signal = Signal()
    seen = signal.count
    signal.send()
    assert signal.wait(seen, timeout=0) == seen + 1
    assert signal.wait(seen + 1, timeout=0.01) == seen + 1
    threading.Timer(0.05, signal.send).start()
    assert signal.wait(seen + 1, timeout=5) == seen + 2
