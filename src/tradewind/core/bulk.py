"""Many rows at once, at the speed of the driver: what an import spends most of its time on.

The toolkit's own insert turns each row into parameters through a layer per column; over a million rows
that costs more than the database does. Here a table's plan is made once: SQLite gets tuples, PostgreSQL a
COPY. Values are the same as everywhere else: aware moments, plain numbers and texts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Boolean, Numeric, Table, insert
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tradewind.core.clock import utc_text
from tradewind.core.database import UTCDateTime, json_text
from tradewind.core.prepared import driver_of

Rows = Sequence[Mapping[str, Any]]

_COPY_FROM = 50
"""Rows from which a COPY is worth its round trips."""
_PUT_AT_ONCE = 2_000


def insert_rows(tx: Session, table: Any, rows: Rows) -> None:
    """Adds rows that all have the same columns, in the caller's transaction."""
    if not rows:
        return
    if not isinstance(table, Table):
        raise TypeError("rows are inserted into a table")
    columns = tuple(rows[0])
    dialect, connection = driver_of(tx)
    if dialect.name == "sqlite":
        statement, plain = _sqlite_plan(table, columns)
        _to_the_driver(connection, statement, plain, rows)
    elif len(rows) < _COPY_FROM:
        tx.execute(insert(table), [dict(row) for row in rows])
    else:
        _copy(tx, table, columns, rows)


def put_rows(tx: Session, table: Any, rows: Rows) -> None:
    """The same, but a row under a primary key that is there already takes its place. Keys come once."""
    if not rows:
        return
    if not isinstance(table, Table):
        raise TypeError("rows are put into a table")
    columns, keys = tuple(rows[0]), [column.name for column in table.primary_key]
    rest = [name for name in columns if name not in keys]
    dialect, connection = driver_of(tx)
    if dialect.name == "sqlite":
        statement, plain = _sqlite_plan(table, columns)
        places = ", ".join(f'"{name}"' for name in keys)
        news = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
        _to_the_driver(connection, f"{statement} ON CONFLICT ({places}) DO UPDATE SET {news}", plain, rows)
        return
    adding = postgresql.insert(table)
    putting = adding.on_conflict_do_update(index_elements=keys, set_={name: adding.excluded[name] for name in rest})
    for start in range(0, len(rows), _PUT_AT_ONCE):
        tx.execute(putting, [dict(row) for row in rows[start : start + _PUT_AT_ONCE]])


def _to_the_driver(
    connection: Any, statement: str, plain: Callable[[Mapping[str, Any]], tuple[Any, ...]], rows: Rows
) -> None:
    cursor = connection.cursor()
    try:
        cursor.executemany(statement, [plain(row) for row in rows])
    except sqlite3.Error as broken:
        raise DBAPIError.instance(statement, None, broken, sqlite3.Error) from broken
    finally:
        cursor.close()


@lru_cache(maxsize=256)
def _sqlite_plan(table: Table, columns: tuple[str, ...]) -> tuple[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]]:
    """The statement, and how a row becomes its parameters."""
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(columns))})'
    pick = itemgetter(*columns) if len(columns) > 1 else lambda row: (row[columns[0]],)
    converted = [(place, convert) for place, name in enumerate(columns) if (convert := _to_sqlite(table, name))]
    if not converted:
        return statement, pick

    def plain(row: Mapping[str, Any]) -> tuple[Any, ...]:
        values = list(pick(row))
        for place, convert in converted:
            if values[place] is not None:
                values[place] = convert(values[place])
        return tuple(values)

    return statement, plain


def _to_sqlite(table: Table, column: str) -> Callable[[Any], Any] | None:
    kind = table.c[column].type
    if isinstance(kind, UTCDateTime):
        return utc_text
    if isinstance(kind, JSON):
        return json_text
    if isinstance(kind, Numeric):
        return float
    return int if isinstance(kind, Boolean) else None


def _copy(tx: Session, table: Table, columns: tuple[str, ...], rows: Rows) -> None:
    import psycopg

    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    pick = itemgetter(*columns) if len(columns) > 1 else lambda row: (row[columns[0]],)
    packed = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, JSON)]
    raw = tx.connection().connection.cursor()
    try:
        with raw.copy(statement) as stream:
            for row in rows:
                values = pick(row)
                if packed:
                    values = tuple(json_text(v) if place in packed else v for place, v in enumerate(values))
                stream.write_row(values)
    except psycopg.Error as broken:
        raise DBAPIError.instance(statement, None, broken, psycopg.Error) from broken
    finally:
        raw.close()
