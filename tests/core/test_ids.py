"""Ids are unique and come out in the order in which they were made."""

from __future__ import annotations

import threading

from tradewind.core.ids import ID_LENGTH, new_id


def test_ids_come_out_sorted_even_within_a_millisecond() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {len(made) for made in ids} == {ID_LENGTH}


def test_ids_made_by_many_threads_at_once_are_unique_and_sorted_within_each() -> None:
    made: list[list[str]] = [[] for _ in range(8)]

    def make(mine: list[str]) -> None:
        mine.extend(new_id() for _ in range(5_000))

    threads = [threading.Thread(target=make, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == sorted(mine) for mine in made)
    assert len({one for mine in made for one in mine}) == 40_000
