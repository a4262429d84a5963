"""The operational store's engine and its transactions, alike on SQLite and PostgreSQL.

A writer on SQLite begins with BEGIN IMMEDIATE, so that it waits at the door instead of failing half-way
with "database is locked". Reads are transactions too: everything they see is of one moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from tradewind.core.clock import utc_text
from tradewind.core.commits import Commits
from tradewind.core.errors import InvalidInput, Misconfigured, Unavailable
from tradewind.core.folders import private_folder
from tradewind.core.signals import Signal

UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK = "23505", "40001", "40P01"
"""What PostgreSQL calls the three ways in which two writers can collide."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


_BUSY = "Another writer holds the database for too long. Try again in a moment."


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC on the way in and out; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone: a stored moment needs one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    # SQLite keeps moments as texts. They are turned by hand: the toolkit's own way is ten times slower, and an order
    # has two dozen of them.

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else utc_text(value)


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def json_text(value: Any) -> str:
    """A value as columns of JSON hold it."""
    return orjson.dumps(value).decode()


class Base(DeclarativeBase):
    """Parent of every table of the operational store."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime()}  # noqa: RUF012 (SQLAlchemy reads it from the class)


class Database:
    """Opens transactions. `committed` is sent after each commit of a writer, to wake the relay."""

    def __init__(self, url: str, *, pool_size: int = 10, lock_timeout_seconds: float = 30) -> None:
        self.url = url
        self.committed = Signal()
        self._engine = _engine(url, pool_size, lock_timeout_seconds)
        self._writers = self._engine.execution_options(writes=True)
        self._commits = Commits(self._connect_writer) if self.dialect == "sqlite" else None
        self._lock_timeout_seconds = lock_timeout_seconds

    @property
    def dialect(self) -> str:
        return self._engine.dialect.name

    @property
    def engine(self) -> Engine:
        return self._engine

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Session]:
        """One transaction that commits at the end of the block, or leaves nothing behind.

        On SQLite short ones share a commit; `alone` is for those that work for long.
        """
        with _plain_errors(), self._writing(alone) as session:
            yield session
        self.committed.send()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one moment and changes nothing."""
        with _plain_errors(), Session(self._engine) as session:
            yield session
            session.rollback()

    def close(self) -> None:
        """Closes every connection; the next transaction opens one anew."""
        if self._commits is not None:
            self._commits.close(self._lock_timeout_seconds)
        self._engine.dispose()

    def _connect_writer(self) -> Connection:
        """A connection whose transactions are begun and ended at the driver, and always open to the toolkit."""
        connection = self._engine.connect().execution_options(begins_itself=True)
        connection.begin()
        return connection

    @contextmanager
    def _writing(self, alone: bool) -> Iterator[Session]:
        if self._commits is None:
            with Session(self._writers, expire_on_commit=False) as session, session.begin():
                yield session
            return
        try:
            with self._commits.write(self._lock_timeout_seconds, alone=alone) as session:
                yield session
        except TimeoutError:
            raise Unavailable(_BUSY) from None


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError as refused:
        if getattr(refused.orig, "sqlstate", None) == UNIQUE_VIOLATION:
            raise _raced() from refused
        raise
    except OperationalError as away:
        if getattr(away.orig, "sqlstate", None) in (SERIALIZATION_FAILURE, DEADLOCK):
            raise _raced() from away
        if (
            "locked" in str(away.orig)
            or "lock timeout" in str(away.orig)
            or "LockNotAvailable" in type(away.orig).__name__
        ):
            raise Unavailable(_BUSY) from away
        raise
    except sqlite3.OperationalError as away:
        # At the door: a process beside us writes.
        if "locked" in str(away):
            raise Unavailable(_BUSY) from away
        raise
    except DataError as unfit:
        # PostgreSQL keeps no NUL in a text and does not compare with one either, wherever in a query it stands.
        if "NUL" in str(unfit.orig):
            raise InvalidInput("A text of the request holds a NUL character, which no text can hold.") from unfit
        raise


def _raced() -> Unavailable:
    """Writers look before they insert, so on PostgreSQL this is another writer who did the same meanwhile."""
    return Unavailable("Another writer changed the same at the same moment; nothing was written. Try again.")


def _engine(url: str, pool_size: int, lock_timeout_seconds: float) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            private_folder(Path(parsed.database).parent)
        engine = create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=10,
            connect_args={"timeout": lock_timeout_seconds},
            json_serializer=json_text,
            json_deserializer=orjson.loads,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() != "postgresql":
        raise Misconfigured(
            f"TRADEWIND_DATABASE_URL begins with '{parsed.drivername}'. Use sqlite:///path or postgresql+psycopg://user:password@host/db."
        )
    milliseconds = int(lock_timeout_seconds * 1000)
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"options": f"-c lock_timeout={milliseconds} -c timezone=UTC", "connect_timeout": 10},
        json_serializer=json_text,
        json_deserializer=orjson.loads,
    )


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # We say BEGIN ourselves: the driver's own habit of beginning late would let two writers collide half-way.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
        # A bulk import rewrites the same index pages again and again: fold 64 MiB of them before copying back.
        "wal_autocheckpoint=16384",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("begins_itself", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")
