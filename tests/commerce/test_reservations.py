"""Nobody is promised a unit that is not there, and nobody holds one longer than was said."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tests.commerce.shelf import ADA, LATER, Shelves, assert_books_agree, at_once
from tests.spine import NOON, rows_of, total
from tradewind.commerce.catalog.service import ensure_channel
from tradewind.commerce.inventory import levels, reservations
from tradewind.commerce.inventory.levels import HERE, STOCK, LevelKey
from tradewind.commerce.inventory.locations import NewLocation, change_location, create_location
from tradewind.commerce.inventory.model import Location, Reason, Reservation, Stock
from tradewind.commerce.inventory.reservations import (
    InsufficientStock,
    NoLocation,
    Wanted,
    availability,
    choose_location,
    release_expired,
    reserve,
)
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.prepared import Prepared


def test_what_is_reserved_is_not_available(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=5)
    shelves.reserve("order-1", MUG=3)
    there = shelves.there("MUG")
    assert (there.on_hand, there.reserved, there.available, there.inbound) == (5, 3, 2, 0)
    assert shelves.release("order-1") == 3
    assert shelves.available("MUG") == 5
    assert shelves.release("order-1") == 0
    assert_books_agree(store)


def test_more_than_is_available_is_refused_with_what_is_missing(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP", "JUG").stocked(MUG=5, CUP=9)
    shelves.reserve("order-1", MUG=3)
    with pytest.raises(InsufficientStock, match=r"CUP: asked 10, available 9") as refused:
        shelves.reserve("order-2", MUG=3, CUP=10, JUG=1)
    assert isinstance(refused.value, ValueError)
    assert isinstance(refused.value, Conflict)
    assert refused.value.code == "insufficient_stock"
    told = {s.sku: (s.product_id, s.asked, s.available) for s in refused.value.shortfalls}
    ids = shelves.ids
    assert told == {"MUG": (ids["MUG"], 3, 2), "CUP": (ids["CUP"], 10, 9), "JUG": (ids["JUG"], 1, 0)}


def test_a_refusal_leaves_things_as_they_were_in_the_middle_of_a_transaction_too(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=5, CUP=1)
    shelves.reserve("order-1", MUG=1)
    with store.write() as tx:
        for reference in ("order-1", "order-2"):
            with pytest.raises(InsufficientStock):
                reserve(tx, reference, shelves.wanted(MUG=2, CUP=2), expires_at=None, now=NOON)
    assert shelves.there("MUG").reserved == 1
    assert shelves.there("CUP").reserved == 0
    assert_books_agree(store)


def test_a_reservation_counts_for_nothing_the_moment_it_ends(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=1)
    shelves.reserve("order-1", MUG=1)
    before = LATER - timedelta(microseconds=1)
    with pytest.raises(InsufficientStock):
        shelves.reserve("order-2", MUG=1, now=before)
    assert shelves.available("MUG", now=before) == 0
    assert shelves.available("MUG", now=LATER) == 1

    shelves.reserve("order-2", until=None, MUG=1, now=LATER)  # nobody swept: the units are taken all the same

    assert shelves.release("order-1", now=LATER) == 0
    assert shelves.available("MUG", now=LATER + timedelta(days=999)) == 0
    assert_books_agree(store)


EVERYTHING_COUNTS = select(
    Stock.product_id,
    Stock.location_id,
    Stock.on_hand,
    Stock.reserved.label("live"),
    Stock.inbound,
    Stock.is_counted,
).where(Stock.product_id.in_(bindparam("products", expanding=True)))
"""Levels, with what has ended still promised."""


@pytest.mark.parametrize(
    "guards",
    [
        [(reservations, "_sweep", lambda *_: 0)],  # its units are not taken
        [(levels, "_LEVELS", EVERYTHING_COUNTS), (levels, "_ON_SALE", Prepared(EVERYTHING_COUNTS))],  # it counts
    ],
    ids=["sweep", "levels"],
)
def test_without_this_guard_a_reservation_does_not_end(
    store: Database, guards: list[tuple[Any, str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, replacement in guards:
        monkeypatch.setattr(module, name, replacement)
    with pytest.raises((AssertionError, InsufficientStock)):
        test_a_reservation_counts_for_nothing_the_moment_it_ends(store)


def test_an_ended_reservation_is_not_renewed_with_units_that_broke_since(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=5)
    shelves.reserve("stands", MUG=2)
    shelves.reserve("ended", MUG=3, until=NOON + timedelta(minutes=1))
    shelves.change("MUG", -4, Reason.DAMAGE)
    moment = NOON + timedelta(minutes=2)
    shelves.reserve("stands", MUG=2, now=moment)  # was promised, and stays so
    with pytest.raises(InsufficientStock, match="asked 3, available 0"):
        shelves.reserve("ended", MUG=3, now=moment)
    assert_books_agree(store)


def test_sweeping_changes_sums_and_nothing_that_anybody_sees(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=5, CUP=5)
    shelves.reserve("order-1", MUG=2, CUP=1)
    shelves.reserve("order-2", until=LATER + timedelta(hours=1), MUG=1)
    seen = [shelves.there(sku, now=LATER) for sku in ("MUG", "CUP")]
    with store.write() as tx:
        assert release_expired(tx, now=LATER) == 3
        assert release_expired(tx, now=LATER) == 0
        assert total(tx, Stock.reserved) == rows_of(tx, Reservation) == 1
    assert [shelves.there(sku, now=LATER) for sku in ("MUG", "CUP")] == seen
    assert_books_agree(store)


def test_the_same_reference_again_replaces_what_it_holds(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=5, CUP=5)
    shelves.reserve("order-1", MUG=4)
    shelves.reserve("order-1", MUG=5)
    assert shelves.there("MUG").reserved == 5
    shelves.reserve("order-1", MUG=2, CUP=3)
    assert (shelves.there("MUG").reserved, shelves.there("CUP").reserved) == (2, 3)
    with pytest.raises(InsufficientStock) as refused:
        shelves.reserve("order-1", MUG=6)
    assert [(s.asked, s.available) for s in refused.value.shortfalls] == [(6, 5)]
    shelves.reserve("order-1", until=None, CUP=3)
    assert (shelves.there("MUG", now=LATER).reserved, shelves.there("CUP", now=LATER).reserved) == (0, 3)
    assert_books_agree(store)


def test_an_ended_reservation_is_renewed_only_while_its_units_are_still_there(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    shelves.reserve("late", MUG=2)
    shelves.reserve("late", until=None, MUG=2, now=LATER)
    assert shelves.available("MUG", now=LATER) == 1
    assert_books_agree(store)

    shelves.reserve("late", until=LATER + timedelta(minutes=1), MUG=2, now=LATER)
    much_later = LATER + timedelta(minutes=1)
    shelves.reserve("other", until=None, MUG=2, now=much_later)
    with pytest.raises(InsufficientStock) as refused:
        shelves.reserve("late", until=None, MUG=2, now=much_later)
    assert [(s.asked, s.available) for s in refused.value.shortfalls] == [(2, 1)]
    assert_books_agree(store)


def test_an_ended_reservation_that_wants_more_takes_what_others_let_go_and_keeps_its_own(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=4)
    shelves.reserve("mine", MUG=2)
    shelves.reserve("theirs", MUG=2)
    shelves.reserve("mine", until=None, MUG=4, now=LATER)
    assert shelves.there("MUG", now=LATER).reserved == 4
    assert_books_agree(store)


def test_a_service_needs_no_stock_and_a_good_that_was_never_counted_has_none(store: Database) -> None:
    shelves = Shelves(store, "MUG", "NEW").stocked(MUG=1)
    shelves.reserve("order-1", MUG=1, WRAP=7)
    with store.read() as tx:
        assert rows_of(tx, Reservation) == 1
    with pytest.raises(InsufficientStock, match="NEW: asked 1, available 0"):
        shelves.reserve("order-2", NEW=1, WRAP=1)
    assert_books_agree(store)


def test_one_product_on_two_lines_is_added_up(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    twice = [*shelves.wanted(MUG=2), *shelves.wanted(MUG=2)]
    with store.write() as tx, pytest.raises(InsufficientStock, match="asked 4, available 3"):
        reserve(tx, "order-1", twice, expires_at=None, now=NOON)
    with store.write() as tx:
        reserve(tx, "order-1", twice[:1] + shelves.wanted(MUG=1), expires_at=None, now=NOON)
    assert shelves.there("MUG").reserved == 3


@pytest.mark.parametrize("units", [0, -1, 10**12])
def test_units_that_cannot_be_are_refused(store: Database, units: int) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    with pytest.raises(InvalidInput) as refused:
        shelves.reserve("order-1", MUG=units)
    assert refused.value.field == "quantity"


def test_a_reservation_that_would_be_over_already_is_refused(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    with pytest.raises(InvalidInput) as refused:
        shelves.reserve("order-1", until=NOON, MUG=1)
    assert refused.value.field == "expires_at"


def test_the_first_place_that_has_everything_is_chosen(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=5, CUP=1)
    for sku in ("MUG", "CUP"):
        shelves.change(sku, 3, Reason.RECEIPT, at=shelves.shop)
    mug, cup, wrap = (shelves.ids[sku] for sku in ("MUG", "CUP", "WRAP"))
    with store.read() as tx:
        assert choose_location(tx, {mug: 2, cup: 1, wrap: 1}, now=NOON) == shelves.main
        assert choose_location(tx, {mug: 2, cup: 2, wrap: 1}, now=NOON) == shelves.shop
        assert choose_location(tx, {wrap: 5}, now=NOON) == shelves.main
        with pytest.raises(InsufficientStock) as refused:
            choose_location(tx, {mug: 5, cup: 4}, now=NOON)  # main lacks three, the shop two and one
    assert [(s.sku, s.asked, s.available) for s in refused.value.shortfalls] == [("CUP", 4, 1)]


def test_what_is_reserved_or_lies_where_nothing_is_sold_is_not_chosen(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=2)
    shelves.change("MUG", 2, Reason.RECEIPT, at=shelves.shop)
    mug = shelves.ids["MUG"]
    shelves.reserve("order-1", MUG=1)
    with store.read() as tx:
        assert choose_location(tx, {mug: 2}, now=NOON) == shelves.shop
        assert choose_location(tx, {mug: 2}, now=LATER) == shelves.main
    shelves.do(change_location, shelves.shop, is_active=False)
    with store.read() as tx:
        with pytest.raises(InsufficientStock):
            choose_location(tx, {mug: 2}, now=NOON)
        assert availability(tx, [mug], now=NOON)[mug].on_hand == 2
        assert availability(tx, [mug], now=NOON, location_ids=[shelves.shop])[mug].on_hand == 2
    shelves.do(change_location, shelves.main, is_active=False)
    with store.read() as tx, pytest.raises(NoLocation):
        choose_location(tx, {mug: 1}, now=NOON)


def test_a_channels_own_place_serves_it_alone_and_first(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=2)
    with store.write() as tx:
        mart = ensure_channel(tx, "mart", name="Mart", kind="marketplace", now=NOON)
        own = create_location(tx, NewLocation("mart", "Mart", "channel", mart.id), actor=ADA, now=NOON).id
        create_location(tx, NewLocation("told", "Told by a file", "channel"), actor=ADA, now=NOON)
    for place in (own, _place(store, "told")):
        shelves.change("MUG", 9, Reason.RECEIPT, at=place)
    mug = shelves.ids["MUG"]
    with store.read() as tx:
        assert choose_location(tx, {mug: 2}, now=NOON, channel_id=mart.id) == own
        assert choose_location(tx, {mug: 2}, now=NOON) == shelves.main
        assert availability(tx, [mug], now=NOON)[mug].available == 2
        assert availability(tx, [mug], now=NOON, channel_id=mart.id)[mug].available == 11
        with pytest.raises(InsufficientStock):
            choose_location(tx, {mug: 3}, now=NOON)


def test_availability_answers_for_every_product_that_was_asked(store: Database) -> None:
    shelves = Shelves(store, "MUG", "NEW").stocked(MUG=2)
    with store.read() as tx:
        found = availability(tx, [*shelves.ids.values(), "nobody"], now=NOON)
    assert {sku: found[product_id].available for sku, product_id in shelves.ids.items()} == {
        "MUG": 2,
        "NEW": 0,
        "WRAP": 0,
    }
    assert found["nobody"].available == 0


BUYERS, UNITS = 64, 20


CARELESS = Prepared(update(STOCK).where(HERE).values(reserved=STOCK.c.reserved + bindparam("units")))
"""What promises units without looking whether they are there."""


def buy_at_once(shelves: Shelves) -> tuple[int, list[Exception]]:
    """64 buyers in eight threads for 20 units; how many were promised one, and what the others were told."""
    told: list[Exception] = []

    def buy(first: int) -> None:
        for number in range(first, BUYERS, 8):
            try:
                shelves.reserve(f"order-{number}", until=None, MUG=1)
            except Exception as refusal:  # noqa: BLE001
                told.append(refusal)

    assert at_once(*(partial(buy, number) for number in range(8))) == []
    return BUYERS - len(told), told


def test_the_last_units_of_a_hot_product_go_to_as_many_buyers_as_there_are_units(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=UNITS)
    promised, told = buy_at_once(shelves)
    assert promised == UNITS
    assert {type(refusal) for refusal in told} == {InsufficientStock}
    assert shelves.available("MUG") == 0
    assert_books_agree(store)


def test_without_its_guard_the_same_product_is_sold_more_often_than_it_is_there(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reservations, "_PROMISE", CARELESS)
    shelves = Shelves(store, "MUG").stocked(MUG=UNITS)
    assert buy_at_once(shelves)[0] == BUYERS > UNITS


def test_looking_before_taking_is_no_guard(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The danger itself: buyers who all look first, and take what they saw. SQLite lets in one at a time."""
    take, both_looked = reservations._promise, threading.Barrier(2)

    def look_then_take(tx: Session, level: LevelKey, units: int) -> bool:
        here = (Stock.product_id == level[0], Stock.location_id == level[1])
        free = tx.scalar(select(Stock.on_hand - Stock.reserved).where(*here)) or 0
        both_looked.wait(10)
        return free >= units and take(tx, level, units)

    monkeypatch.setattr(reservations, "_PROMISE", CARELESS)
    monkeypatch.setattr(reservations, "_promise", look_then_take)
    shelves = Shelves(postgres, "MUG").stocked(MUG=1)
    assert at_once(*(partial(shelves.reserve, f"order-{n}", MUG=1) for n in range(2))) == []
    with postgres.read() as tx:
        assert total(tx, Stock.reserved) == 2 > total(tx, Stock.on_hand) == 1


def test_baskets_taken_in_opposite_orders_and_given_back_neither_block_nor_lose_anything(store: Database) -> None:
    skus = [f"SKU-{n}" for n in range(5)]
    shelves = Shelves(store, *skus).stocked(**dict.fromkeys(skus, 6))

    def work(writer: int) -> None:
        order = skus if writer % 2 else skus[::-1]
        for turn in range(10):
            moment = NOON + timedelta(minutes=5 * turn)
            end = None if turn % 3 else moment + timedelta(minutes=3)
            try:
                shelves.reserve(f"o-{writer}", until=end, now=moment, **dict.fromkeys(order, 1 + turn % 3))
            except InsufficientStock:
                with store.write() as tx:
                    release_expired(tx, now=moment)
            if turn % 2:
                shelves.release(f"o-{writer}", now=moment)

    assert at_once(*(partial(work, number) for number in range(6))) == []
    assert_books_agree(store)
    with store.read() as tx:
        assert all(level.reserved <= level.on_hand for level in tx.scalars(select(Stock)))


def test_two_at_once_for_one_reference_hold_its_units_once(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    shelves.reserve("order-1", MUG=1)
    assert at_once(*(partial(shelves.reserve, "order-1", MUG=2 + n) for n in range(6))) == []
    with store.read() as tx:
        assert rows_of(tx, Reservation) == 1
    assert_books_agree(store)


def test_places_of_one_basket_may_differ(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=1)
    shelves.change("MUG", 1, Reason.RECEIPT, at=shelves.shop)
    basket = [Wanted(shelves.ids["MUG"], place, 1) for place in (shelves.shop, shelves.main)]
    with store.write() as tx:
        reserve(tx, "order-1", basket, expires_at=None, now=NOON)
    assert shelves.available("MUG") == 0
    assert shelves.release("order-1") == 2
    assert_books_agree(store)


def _place(database: Database, code: str) -> str:
    with database.read() as tx:
        return tx.scalars(select(Location.id).where(Location.code == code)).one()
