"""What a database is told, heard at its driver: statements of the toolkit and prepared ones alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import event

from tradewind.core.database import Database

Listener = Callable[[str, Any], None]


@contextmanager
def listening(database: Database, listener: Listener) -> Iterator[None]:
    """Lets a function hear each statement with its parameters before it runs; what it raises stops the statement.

    Connections that are open go on unheard: begin before the transaction.
    """

    def prepare(_: Any, __: Any, ___: Any, options: dict[str, Any]) -> None:
        options |= _options(database.dialect, listener)

    database.close()
    event.listen(database.engine, "do_connect", prepare)
    try:
        yield
    finally:
        event.remove(database.engine, "do_connect", prepare)
        database.close()


@contextmanager
def before_commits(database: Database, listener: Callable[[], None]) -> Iterator[None]:
    """Calls a function before each commit of a writer; what it raises stops the commit.

    Connections that are open go on unheard: begin before the transaction.
    """

    class Connection(sqlite3.Connection):
        def commit(self) -> None:
            listener()
            super().commit()

    def prepare(_: Any, __: Any, ___: Any, options: dict[str, Any]) -> None:
        options["factory"] = Connection

    def committing(connection: SqlConnection) -> None:
        if connection.get_execution_options().get("writes", False):
            listener()

    # SQLite's writers commit at the driver, where the toolkit hears nothing of it.
    name, told = ("do_connect", prepare) if database.dialect == "sqlite" else ("commit", committing)
    database.close()
    event.listen(database.engine, name, told)
    try:
        yield
    finally:
        event.remove(database.engine, name, told)
        database.close()


@contextmanager
def heard(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements of the block."""
    told: list[tuple[str, Any]] = []
    with listening(database, lambda statement, parameters: told.append((statement, parameters))):
        yield told


def _options(dialect: str, listener: Listener) -> dict[str, Any]:
    def hear(statement: Any, parameters: Any) -> None:
        text = str(statement)
        if text.strip() and not text.startswith("PRAGMA"):
            listener(text, parameters)

    if dialect != "sqlite":

        class Cursor(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
                hear(query, params)
                return super().execute(query, params, **more)

            def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:
                hear(query, params_seq)
                super().executemany(query, params_seq, **more)

            def copy(self, statement: Any, params: Any = None, **more: Any) -> Any:
                hear(statement, params)
                return super().copy(statement, params, **more)

        return {"cursor_factory": Cursor}

    class HeardCursor(sqlite3.Cursor):
        def execute(self, statement: str, parameters: Any = (), /) -> HeardCursor:
            hear(statement, parameters)
            return super().execute(statement, parameters)

        def executemany(self, statement: str, parameters: Any, /) -> HeardCursor:
            hear(statement, parameters)
            return super().executemany(statement, parameters)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = HeardCursor) -> Any:
            return super().cursor(factory)

    return {"factory": Connection}
