"""Prepared statements say and return what the toolkit's own would, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import JSON, bindparam, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tradewind.core import prepared
from tradewind.core.database import Base, Database
from tradewind.core.errors import Unavailable
from tradewind.core.prepared import Prepared


class Own(DeclarativeBase):
    """Apart from the store's tables, which are compared with the migrations."""

    type_annotation_map = Base.type_annotation_map


class Thing(Own):
    __tablename__ = "test_things"

    shelf: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_new: Mapped[bool]


THINGS: Any = Thing.__table__
MOMENT = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))


def putting(dialect_name: str) -> Any:
    insert = (postgresql if dialect_name == "postgresql" else sqlite).insert(THINGS)
    return insert.on_conflict_do_update(
        index_elements=["shelf", "place"], set_={"told": insert.excluded.told}
    ).returning(THINGS.c.told)


PUT = Prepared(putting)
OF_SHELVES = Prepared(
    select(Thing)
    .where(THINGS.c.shelf.in_(bindparam("shelves", expanding=True)))
    .order_by(THINGS.c.shelf, THINGS.c.place)
)
AT = Prepared(
    select(THINGS.c.shelf, THINGS.c.place)
    .where(tuple_(THINGS.c.shelf, THINGS.c.place).in_(bindparam("keys", expanding=True)), THINGS.c.place < 100)
    .order_by(THINGS.c.shelf)
)


@pytest.fixture
def store(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.engine.begin() as connection:
        THINGS.create(connection)
    with database.write() as tx:
        for shelf, place in (("a", 1), ("a", 2), ("b", 1), ("c%s", 1)):
            put(tx, shelf, place)
    yield database
    database.close()


def put(tx: Any, shelf: str, place: int, **told: Any) -> Any:
    return PUT.scalar(tx, shelf=shelf, place=place, at=MOMENT, told=told, is_new=True)


def test_rows_come_as_the_toolkit_reads_them(store: Database) -> None:
    with store.read() as tx:
        rows = OF_SHELVES.all(tx, shelves=["a", "c%s"])
        own = tx.execute(select(THINGS).where(THINGS.c.shelf.in_(["a", "c%s"])).order_by(*THINGS.primary_key)).all()
    assert [tuple(row) for row in rows] == [tuple(row) for row in own]
    assert rows[0].at == MOMENT
    assert rows[0].at.tzinfo == UTC
    assert (rows[0].is_new, rows[0].told) == (True, {})


def test_lists_may_be_of_any_length_and_of_pairs(store: Database) -> None:
    with store.read() as tx:
        for shelves, found in ((["b"], 1), (["a", "b"], 3), ([], 0), ([f"s{n}" for n in range(300)] + ["a"], 2)):
            assert len(OF_SHELVES.all(tx, shelves=shelves)) == found
        for keys in ([("a", 2)], [("a", 2), ("b", 1)], [("b", 2)]):
            kept = [key for key in keys if key != ("b", 2)]
            assert [tuple(row) for row in AT.all(tx, keys=keys)] == kept


def test_a_few_plans_do_for_lists_of_all_lengths_and_find_each_row_once(store: Database) -> None:
    fresh = Prepared(select(THINGS.c.place).where(THINGS.c.place.in_(bindparam("places", expanding=True))))
    with store.read() as tx:
        for length in range(0, 1_400, 7):
            found = fresh.scalars(tx, places=range(length, 0, -1))
            assert sorted(found) == [place for place in (1, 1, 1, 2) if place <= length]
    assert 5 < len(fresh._plans) <= len(prepared._LENGTHS)


def test_a_change_tells_how_many_rows_it_met(store: Database) -> None:
    move = Prepared(update(THINGS).where(THINGS.c.shelf == bindparam("of_shelf")).values(is_new=bindparam("fresh")))
    with store.write() as tx:
        assert move.run(tx, of_shelf="a", fresh=False) == 2
        assert move.run(tx, of_shelf="z", fresh=False) == 0
    with store.read() as tx:
        assert [row.is_new for row in OF_SHELVES.all(tx, shelves=["a", "b"])] == [False, False, True]


def test_where_the_databases_differ_each_has_its_own_statement(store: Database) -> None:
    with store.write() as tx:
        assert put(tx, "a", 1, number=1) == {"number": 1}
        assert put(tx, "a", 1, number=2) == {"number": 2}
    with store.read() as tx:
        assert OF_SHELVES.first(tx, shelves=["a"]).told == {"number": 2}
        assert OF_SHELVES.first(tx, shelves=["nothing"]) is None
        assert OF_SHELVES.scalar(tx, shelves=["nothing"]) is None
        assert OF_SHELVES.scalars(tx, shelves=["a", "b"]) == ["a", "a", "b"]


def test_what_is_refused_is_refused_in_the_toolkits_words(store: Database) -> None:
    shove = Prepared(update(THINGS).where(THINGS.c.place == 2).values(place=bindparam("there")))
    with pytest.raises((IntegrityError, Unavailable)), store.write() as tx:
        shove.run(tx, there=1)
    with store.read() as tx:
        assert [row.place for row in OF_SHELVES.all(tx, shelves=["a"])] == [1, 2]


def test_a_value_that_is_missing_is_named(store: Database) -> None:
    with store.read() as tx, pytest.raises(KeyError, match="shelves"):
        OF_SHELVES.all(tx)
