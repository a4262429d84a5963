"""Documents are numbered one by one: no number twice, and no gap."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from tests.commerce.shelf import at_once
from tradewind.commerce.numbers import take_number
from tradewind.core.database import Database


def test_each_series_counts_by_itself(store: Database) -> None:
    with store.write() as tx:
        taken = [take_number(tx, series, prefix=f"{series}-") for series in ("A", "A", "B", "A")]
        assert take_number(tx, "C", prefix="", digits=2) == "01"
    assert taken == ["A-00001", "A-00002", "B-00001", "A-00003"]


def test_what_does_not_happen_takes_no_number(store: Database) -> None:
    with suppress(KeyError), store.write() as tx:
        assert take_number(tx, "A", prefix="A-") == "A-00001"
        raise KeyError
    with store.write() as tx:
        assert take_number(tx, "A", prefix="A-") == "A-00001"


def test_many_at_once_take_different_numbers_without_a_gap(store: Database) -> None:
    taken: list[str] = []

    def take(writer: int) -> None:
        for turn in range(8):
            with suppress(KeyError), store.write() as tx:
                number = take_number(tx, "A", prefix="A-")
                if (writer + turn) % 4 == 0:
                    raise KeyError
                taken.append(number)

    assert at_once(*(partial(take, writer) for writer in range(6))) == []
    assert sorted(taken) == [f"A-{n:05}" for n in range(1, len(taken) + 1)]
    assert len(taken) == 36
