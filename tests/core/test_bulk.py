"""Many rows at once: what is put in place of what stood under its key is what the toolkit would have written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import JSON, Numeric, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tradewind.core.bulk import insert_rows, put_rows
from tradewind.core.database import Base, Database
from tradewind.core.errors import Unavailable


class Own(DeclarativeBase):
    """Apart from the store's tables, which are compared with the migrations."""

    type_annotation_map = Base.type_annotation_map


class Kept(Own):
    __tablename__ = "test_kept"

    shelf: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    told: Mapped[list[str]] = mapped_column(JSON)
    rating: Mapped[Any | None] = mapped_column(Numeric(5, 2))
    is_new: Mapped[bool]
    body: Mapped[bytes]


KEPT: Any = Kept.__table__
MOMENT = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))


@pytest.fixture
def store(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.engine.begin() as connection:
        KEPT.create(connection)
    yield database
    database.close()


def a_row(place: int, **known: Any) -> dict[str, Any]:
    row = {"shelf": "it's", "place": place, "at": MOMENT, "told": ["a"], "rating": Decimal("4.25"), "is_new": True}
    return row | {"body": b"\0x"} | known


def rows(store: Database) -> list[dict[str, Any]]:
    with store.read() as tx:
        return [dict(row) for row in tx.execute(select(*KEPT.c).order_by(KEPT.c.place)).mappings()]


@pytest.mark.parametrize("count", [1, 60, 2_500])
def test_rows_take_the_place_of_those_under_their_keys(store: Database, count: int) -> None:
    with store.write() as tx:
        tx.execute(insert(KEPT), [a_row(place) for place in range(0, count, 2)])
        other: dict[str, Any] = {"at": None, "told": [], "rating": None, "is_new": False, "body": b"new"}
        put_rows(tx, KEPT, [a_row(place, **other) for place in range(count)])
        put_rows(tx, KEPT, [a_row(0)])
        put_rows(tx, KEPT, [])
    first, *rest = rows(store)
    assert first == a_row(0) | {"at": MOMENT.astimezone(UTC)}
    assert rest == [a_row(place, **other) for place in range(1, count)]


def test_a_row_that_is_only_added_is_refused_where_its_key_is_taken(store: Database) -> None:
    with store.write() as tx:
        insert_rows(tx, KEPT, [a_row(1)])
    with pytest.raises((IntegrityError, Unavailable)), store.write() as tx:
        insert_rows(tx, KEPT, [a_row(1)])
    assert len(rows(store)) == 1
