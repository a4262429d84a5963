"""Rows that are put in place of what stood under their key, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_AT_ONCE = 2_000


def upsert(tx: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows with all their columns; a row under the same primary key is overwritten. Keys come once."""
    if not rows:
        return
    assert isinstance(table, Table)
    keys = [column.name for column in table.primary_key]
    statement = (sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql).insert(table)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    change = statement.on_conflict_do_update(index_elements=keys, set_=rest)
    for start in range(0, len(rows), _AT_ONCE):
        tx.execute(change, [dict(row) for row in rows[start : start + _AT_ONCE]])
