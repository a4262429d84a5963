"""Numbers of documents that people read out: TR-00007. A series counts up by one and leaves no gap.

A number is taken in the transaction of what it names: if that does not happen, the number was not taken.
So two that take from one series follow each other; whoever needs speed has a series of their own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, String, column, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.core.prepared import Prepared

# The table's model stands with the orders; a document of any room may be numbered.
_SERIES = table("number_series", column("name", String), column("prefix", String), column("next_value", BigInteger))


def take_number(tx: Session, series: str, *, prefix: str, digits: int = 5) -> str:
    """The next number of a series, made with this prefix when it is new: `TR-00001`, `TR-00002` …"""
    row = _TAKING.first(tx, name=series, prefix=prefix, next_value=2)
    return f"{row.prefix}{row.next_value - 1:0{digits}d}"


def _taking(dialect_name: str) -> Any:
    dialect = sqlite if dialect_name == "sqlite" else postgresql
    insert = dialect.insert(_SERIES).on_conflict_do_update(
        index_elements=["name"], set_={"next_value": _SERIES.c.next_value + 1}
    )
    return insert.returning(_SERIES.c.prefix, _SERIES.c.next_value)


_TAKING = Prepared(_taking)
