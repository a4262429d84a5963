"""How rows of an old table become rows of a new one: by altering a clone, through FORWARD_QUERY, column by column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.client import Connection
from tradewind.warehouse.datafiles import ddl
from tradewind.warehouse.datafiles.compiling import compile_sql
from tradewind.warehouse.datafiles.model import Column, DataSource, Project
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.workspaces.views import Names

_LITERAL = re.compile(r"\s*(-?\d+(\.\d+)?|'([^'\\]|\\.)*'|true|false|null|\[\]|map\(\))\s*", re.IGNORECASE)


class ForwardQueryUnfit(InvalidInput):
    """What FORWARD_QUERY gives is not what the new table needs."""

    code = "forward_query_unfit"


def clone(old: str, new: str) -> str:
    """The statement for a new table with the rows of an old one; both share their files, so it takes no time."""
    return f"CREATE TABLE {new} CLONE AS {old}"


def alterations(old: DataSource, new: DataSource, table: str, *, had_ttl: bool, has_ttl: bool) -> list[str]:
    """Statements that make a clone of the old table what the new data source says."""
    before = {column.name: column for column in ddl.stored_columns(old)}
    after = ddl.stored_columns(new)
    kept = [column.name for column in after if column.name in before]
    is_reordered = kept != [name for name in before if name in kept]
    statements: list[str] = []
    previous: str | None = None
    for column in after:
        statements += _column_alterations(before.get(column.name), column, previous, is_reordered)
        previous = column.name
    old_ttl, new_ttl = (old.engine.ttl if had_ttl else None), (new.engine.ttl if has_ttl else None)
    if old_ttl != new_ttl:
        statements.append(f"MODIFY TTL {new_ttl}" if new_ttl else "REMOVE TTL")
    settings = ddl.table_settings(new.engine)
    changed = {k: v for k, v in settings.items() if ddl.table_settings(old.engine).get(k) != v}
    if changed:
        statements.append("MODIFY SETTING " + ", ".join(f"{name} = {value}" for name, value in changed.items()))
    return [f"ALTER TABLE {table} {statement}" for statement in statements]


def _column_alterations(old: Column | None, new: Column, previous: str | None, is_reordered: bool) -> list[str]:
    place = "FIRST" if previous is None else f"AFTER {identifier(previous)}"
    definition = ddl.column_definition(new)
    if old is None:
        added = [f"ADD COLUMN {definition} {place}"]
        default = ddl.default_of(new)
        if default is not None and not _LITERAL.fullmatch(default):
            # `now()` would be another value at each reading of the rows that were there before.
            added.append(f"MATERIALIZE COLUMN {identifier(new.name)} SETTINGS mutations_sync = 2")
        return added
    if ddl.column_definition(old) == definition:
        return [f"MODIFY COLUMN {definition} {place}"] if is_reordered else []
    altered = [f"MODIFY COLUMN {definition} {place}"]
    if old.default is not None and new.default is None:
        altered.insert(0, f"MODIFY COLUMN {identifier(new.name)} REMOVE DEFAULT")
    if old.codec and not new.codec:
        altered.insert(0, f"MODIFY COLUMN {identifier(new.name)} REMOVE CODEC")
    return altered


def forward_select(source: DataSource, database: str, table: str) -> str:
    """FORWARD_QUERY with the table that it is about; it can name no other. Raises SqlError."""
    names = Names(Project({source.name: source}), database, {source.name: table})
    text = f"{(source.forward_query or 'SELECT *').strip().rstrip(';')}\nFROM {identifier(source.name)}"
    return compile_sql(names, text).sql


def plain_select(old: DataSource, new: DataSource, table: str) -> str:
    """The columns that both tables have."""
    names = {column.name for column in ddl.stored_columns(old)}
    kept = [identifier(column.name) for column in ddl.stored_columns(new) if column.name in names]
    return f"SELECT {', '.join(kept)} FROM {table}"


def described(engine: Connection, select: str) -> list[str]:
    return [row["name"] for row in engine.query(f"DESCRIBE (\n{select}\n)")]


def insert(target: str, columns: Sequence[str], select: str) -> str:
    """The statement that writes a query's columns into the columns of the same names."""
    names = ", ".join(identifier(name) for name in columns)
    return f"INSERT INTO {target} ({names})\n{selected(columns, select)}"


def selected(columns: Sequence[str], select: str) -> str:
    """Some columns of a query."""
    return f"SELECT {', '.join(identifier(name) for name in columns)} FROM (\n{select}\n)"


def columns_given(source: DataSource, given: Sequence[str]) -> list[str]:
    """The columns of a data source among those that a query gives. Raises ForwardQueryUnfit when one is missing."""
    found = [column.name for column in ddl.stored_columns(source) if column.name in given]
    missing = [
        column.name
        for column in source.columns
        if column.name not in given and column.default is None and not column.is_nullable
    ]
    if missing:
        raise ForwardQueryUnfit(
            f"The FORWARD_QUERY of {source.name} does not give {', '.join(missing)}."
            " Add them to its list, or give the columns a DEFAULT."
        )
    return found


def quarantine_select(old: DataSource, new: DataSource, table: str) -> tuple[list[str], str]:
    """Columns of the new quarantine and a query that gives them from the old one."""
    before, after = dict(ddl.quarantine_columns(old)), dict(ddl.quarantine_columns(new))
    kept = [name for name in after if name in before]
    return kept, f"SELECT {', '.join(identifier(name) for name in kept)} FROM {table}"
