"""A count books what differs, whatever was sold or came while the sheet lay open."""

from __future__ import annotations

from functools import partial

import pytest

from tests.commerce.shelf import LATER, Shelves, assert_books_agree, at_once, audited
from tests.spine import NOON
from tradewind.commerce.inventory.counts import (
    CountState,
    cancel_count,
    open_count,
    post_count,
    record_counted,
    strike_line,
)
from tradewind.commerce.inventory.model import Reason, StockCount
from tradewind.commerce.inventory.store import MovementFilter, count_lines, find_count, movements_page
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound


def sheet(shelves: Shelves, **counted: int) -> str:
    opened: StockCount = shelves.do(open_count, shelves.main)
    if counted:
        shelves.do(record_counted, opened.id, {shelves.ids[sku]: units for sku, units in counted.items()})
    return opened.id


def test_posting_books_the_differences_and_nothing_else(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP", "JUG").stocked(MUG=10, CUP=5, JUG=2)
    count = sheet(shelves, MUG=8, CUP=5, JUG=3)
    assert shelves.on_hand("MUG") == 10
    shelves.do(post_count, count, now=LATER)
    assert [shelves.on_hand(sku) for sku in ("MUG", "CUP", "JUG")] == [8, 5, 3]
    with store.read() as tx:
        booked = movements_page(tx, MovementFilter(reference=count), limit=9).items
        assert find_count(tx, count).posted_at == LATER
    assert {(m.sku, m.delta, m.reason, m.occurred_at, m.created_at) for m in booked} == {
        ("MUG", -2, "count", NOON, LATER),
        ("JUG", 1, "count", NOON, LATER),
    }
    assert_books_agree(store)


def test_what_moved_between_counting_and_posting_is_not_lost(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    count = sheet(shelves, MUG=9)  # one is missing
    shelves.change("MUG", -4)
    shelves.change("MUG", 20, Reason.RECEIPT)
    shelves.do(post_count, count)
    assert shelves.on_hand("MUG") == 9 - 4 + 20
    assert_books_agree(store)


def test_counting_again_replaces_the_line_with_what_is_expected_now(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    count = sheet(shelves, MUG=3)
    shelves.change("MUG", -4)
    shelves.do(record_counted, count, {shelves.ids["MUG"]: 6}, now=LATER)
    with store.read() as tx:
        (line,) = count_lines(tx, count)
    assert (line.counted, line.expected, line.difference, line.counted_at) == (6, 6, 0, LATER)
    shelves.do(post_count, count)
    assert shelves.on_hand("MUG") == 6


def test_a_count_says_how_many_there_are_of_what_nobody_counted_before(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP", "JUG")
    shelves.do(post_count, sheet(shelves, MUG=7, CUP=0))
    assert shelves.available("MUG") == 7
    shelves.change("CUP", 2)  # none is a number too: from then on it is counted
    assert shelves.available("CUP") == 2
    assert shelves.available("JUG") == 0
    assert_books_agree(store)


def test_a_sheet_is_posted_once(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    count = sheet(shelves, MUG=8)
    told = at_once(*(partial(shelves.do, post_count, count) for _ in range(6)))
    assert [type(refusal) for refusal in told] == [CountState] * 5
    assert shelves.on_hand("MUG") == 8
    for step in (
        cancel_count,
        partial(record_counted, counted={shelves.ids["MUG"]: 1}),
        partial(strike_line, product_id=shelves.ids["MUG"]),
    ):
        with pytest.raises(CountState, match="is posted"):
            shelves.do(step, count)
    assert_books_agree(store)


def test_what_is_struck_or_cancelled_books_nothing(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=10, CUP=10)
    count = sheet(shelves, MUG=8, CUP=8)
    shelves.do(strike_line, count, shelves.ids["MUG"])
    with pytest.raises(NotFound):
        shelves.do(strike_line, count, shelves.ids["MUG"])
    shelves.do(post_count, count)
    shelves.do(cancel_count, sheet(shelves, MUG=1))
    assert (shelves.on_hand("MUG"), shelves.on_hand("CUP")) == (10, 8)


def test_what_cannot_be_counted_is_refused(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    count = sheet(shelves)
    with pytest.raises(InvalidInput, match="has no lines"):
        shelves.do(post_count, count)
    for counted, error in (
        ({shelves.ids["MUG"]: -1}, InvalidInput),
        ({shelves.ids["WRAP"]: 1}, InvalidInput),
        ({"nothing": 1}, NotFound),
        ({}, InvalidInput),
    ):
        with pytest.raises(error):
            shelves.do(record_counted, count, counted)
    with pytest.raises(NotFound):
        shelves.do(open_count, "nowhere")


def test_each_step_says_who_took_it(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    count = sheet(shelves, MUG=8)
    shelves.do(post_count, count)
    told = audited(store, count)
    assert [action for _, action, _, _ in told] == ["stock_count.create", "stock_count.record", "stock_count.post"]
    assert told[-1][3] == {"status": "posted", "lines": 1, "differing": 1, "units": -2}
