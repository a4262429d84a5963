"""Facts leave the outbox in commit order, and none can appear before a place that was already read."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.spine import NOON
from tradewind.core.database import Database
from tradewind.events import outbox
from tradewind.events.contracts import Fact
from tradewind.events.outbox import BEGINNING, OutboxRow, Place


def fact(name: str) -> Fact:
    return Fact("orders", name, NOON, name.encode())


def commit(database: Database, *names: str) -> None:
    with database.write() as tx:
        outbox.append(tx, [fact(name) for name in names])


def look(database: Database, after: Place = BEGINNING, limit: int = 100) -> tuple[list[str], Place]:
    with database.read() as tx:
        batch = outbox.waiting(tx, after, limit)
    return [found.key for found in batch.facts], batch.end


def taken(database: Database, after: Place = BEGINNING, limit: int = 100) -> tuple[list[str], Place]:
    """What can be taken; looks again while there is something, for a transaction elsewhere that just ends."""
    deadline = time.monotonic() + 5
    while True:
        names, place = look(database, after, limit)
        with database.read() as tx:
            behind = outbox.count(tx, after)
        if names or not behind or time.monotonic() > deadline:
            return names, place


class OpenTransaction:
    """A writer whose commit the test chooses."""

    def __init__(self, database: Database) -> None:
        self._stack = ExitStack()
        self.tx: Session = self._stack.enter_context(database.write())

    def append(self, *names: str) -> None:
        outbox.append(self.tx, [fact(name) for name in names])
        self.tx.flush()

    def commit(self) -> None:
        self._stack.close()


def test_facts_exist_only_if_their_transaction_commits(store: Database) -> None:
    def fail() -> None:
        with store.write() as tx:
            outbox.append(tx, [fact("never")])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    commit(store, "a", "b")
    assert taken(store)[0] == ["a", "b"]


def test_a_fact_comes_back_as_it_went_in(store: Database) -> None:
    commit(store, "a")
    taken(store)
    with store.read() as tx:
        assert outbox.waiting(tx, BEGINNING, 10).facts == [fact("a")]


def test_batches_follow_each_other_without_gap_or_overlap(store: Database) -> None:
    for start in range(0, 20, 4):
        commit(store, *(f"{number:02}" for number in range(start, start + 4)))
    found: list[str] = []
    place = BEGINNING
    while True:
        names, place = taken(store, place, limit=3)
        if not names:
            break
        found += names
    assert found == [f"{number:02}" for number in range(20)]
    with store.read() as tx:
        assert outbox.end(tx) == place
        assert outbox.count(tx, place) == 0
        assert outbox.count(tx, BEGINNING) == 20


def test_forgetting_removes_up_to_a_place_and_nothing_behind_it(store: Database) -> None:
    commit(store, "a", "b")
    _, place = taken(store)
    commit(store, "c")
    with store.write() as tx:
        outbox.forget(tx, place)
    assert taken(store, place)[0] == ["c"]
    with store.read() as tx:
        assert outbox.count(tx, BEGINNING) == 1


def test_a_forgotten_place_is_never_given_again(store: Database) -> None:
    commit(store, "a")
    _, place = taken(store)
    with store.write() as tx:
        outbox.forget(tx, place)
    commit(store, "b")
    names, later = taken(store, place)
    assert names == ["b"]
    assert later > place


def test_a_reader_by_row_number_alone_would_lose_what_commits_late(postgres: Database) -> None:
    """The danger itself: row numbers are handed out before the commit, so a later number can be seen first."""
    slow = OpenTransaction(postgres)
    slow.append("slow")
    commit(postgres, "fast")
    with postgres.read() as tx:
        seen = tx.execute(select(OutboxRow.position, OutboxRow.key)).all()
    assert [row.key for row in seen] == ["fast"]
    last = max(row.position for row in seen)

    slow.commit()
    with postgres.read() as tx:
        behind = tx.scalars(select(OutboxRow.key).where(OutboxRow.position > last)).all()
        everything = tx.scalars(select(OutboxRow.key)).all()
    assert sorted(everything) == ["fast", "slow"]
    assert behind == []  # the naive reader goes on behind `fast` and never meets `slow`


def test_a_fact_that_commits_late_is_waited_for_and_never_passed(postgres: Database) -> None:
    slow = OpenTransaction(postgres)
    slow.append("slow")
    commit(postgres, "fast")
    names, place = look(postgres)
    assert names == []  # `fast` is held back: `slow` may still appear before it

    slow.commit()
    names, place = taken(postgres, place)
    assert names == ["slow", "fast"]
    assert taken(postgres, place)[0] == []


def test_a_transaction_that_is_rolled_back_does_not_hold_up_the_others(postgres: Database) -> None:
    doomed = OpenTransaction(postgres)
    doomed.append("doomed")
    commit(postgres, "fast")
    assert look(postgres)[0] == []
    doomed.tx.rollback()
    doomed.commit()
    assert taken(postgres)[0] == ["fast"]


def test_a_transaction_that_appends_late_keeps_its_own_place(postgres: Database) -> None:
    """Its number is given at its first append, before that of the one that began later but was quicker."""
    slow = OpenTransaction(postgres)
    slow.append("slow-1")
    commit(postgres, "fast")
    slow.append("slow-2")
    slow.commit()
    assert taken(postgres)[0] == ["slow-1", "slow-2", "fast"]


def test_a_long_transaction_in_another_database_holds_up_nothing(
    postgres: Database, make_postgres: object, migrated_postgres: str
) -> None:
    stranger = Database(make_postgres(migrated_postgres))  # type: ignore[operator]
    long = OpenTransaction(stranger)
    long.append("elsewhere")
    commit(postgres, "here")
    assert taken(postgres)[0] == ["here"]
    long.commit()
    stranger.close()
