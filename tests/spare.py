"""PostgreSQL databases that one test after the other uses, each as if it were new.

To copy a migrated database takes the server ten times as long as to delete the few rows that a test has written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tradewind.migrations.tables import metadata

MakeDatabase = Callable[..., str]

_SHAPE: LiteralString = """
    SELECT coalesce(sum(hashtext(kind || name)::bigint), 0) FROM (
        SELECT 'column' AS kind, c.relname || '.' || a.attname || ' ' || a.atttypid || ' ' || a.attnotnull AS name
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
        UNION ALL SELECT 'constraint', conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS things
"""
_VERSION: LiteralString = "SELECT max(version_num) FROM alembic_version"
_OTHERS: LiteralString = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
    AND pid <> pg_backend_pid()
"""


class SpareDatabases:
    """Hands out copies of a migrated database, and takes them back to hand them out again."""

    def __init__(self, make: MakeDatabase, template: str) -> None:
        self._make = make
        self._template = template
        self._spare: list[str] = []
        self._first: _Content | None = None

    def take(self) -> str:
        url = self._spare.pop() if self._spare else self._make(self._template)
        if self._first is None:
            with _connected(url) as connection:
                self._first = _Content(connection)
        return url

    def give_back(self, url: str) -> None:
        """Empties a database; one that somebody still uses, or whose tables a test has changed, is not used again."""
        assert self._first is not None
        with _connected(url) as connection:
            is_free = _value(connection, _OTHERS) == 0
            if is_free and (_value(connection, _SHAPE), _value(connection, _VERSION)) == self._first.shape:
                self._first.restore(connection)
                self._spare.append(url)


class _Content:
    """What a migrated database holds: its tables, the rows that migrations write, and where its sequences begin."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.shape = (_value(connection, _SHAPE), _value(connection, _VERSION))
        known = [table.name for table in reversed(metadata.sorted_tables)]
        found = {
            name
            for (name,) in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        } - {"alembic_version"}
        # What is written by hand for text search hangs on tables of the models, hence goes first.
        tables = [*sorted(found - set(known)), *(name for name in known if name in found)]
        sequences = [
            name
            for (name,) in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'"
            )
        ]
        self._seeds = {name: rows for name in reversed(tables) if (rows := _rows(connection, name))}
        self._clear = sql.SQL("; ").join(
            [
                *(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in tables),
                *(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)) for name in sequences),
            ]
        )

    def restore(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute("SET lock_timeout = '5s'")
        connection.execute(self._clear)
        for name, rows in self._seeds.items():
            table = sql.Identifier(name)
            back = sql.SQL("INSERT INTO {} SELECT * FROM jsonb_populate_recordset(NULL::{}, %s::jsonb)")
            connection.execute(back.format(table, table), [json.dumps(rows)])


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def _value(connection: psycopg.Connection[Any], query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _rows(connection: psycopg.Connection[Any], table: str) -> list[Any]:
    query = sql.SQL("SELECT to_jsonb(one) FROM {} AS one").format(sql.Identifier(table))
    return [row for (row,) in connection.execute(query)]
