"""Numbers of documents that people read out: TR-00007. A series counts up by one and leaves no gap.

A number is taken in the transaction of what it names: if that does not happen, the number was not taken.
So two that take from one series follow each other; whoever needs speed has a series of their own.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, String, column, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

# The table's model stands with the orders; a document of any room may be numbered.
_SERIES = table("number_series", column("name", String), column("prefix", String), column("next_value", BigInteger))


def take_number(tx: Session, series: str, *, prefix: str, digits: int = 5) -> str:
    """The next number of a series, made with this prefix when it is new: `TR-00001`, `TR-00002` …"""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    taken = (
        dialect.insert(_SERIES)
        .values(name=series, prefix=prefix, next_value=2)
        .on_conflict_do_update(index_elements=["name"], set_={"next_value": _SERIES.c.next_value + 1})
        .returning(_SERIES.c.prefix, _SERIES.c.next_value)
    )
    row = tx.execute(taken).one()
    return f"{row.prefix}{row.next_value - 1:0{digits}d}"
