"""Every unit that leaves on a transfer is on a shelf, on its way, or written off."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.commerce.shelf import Shelves, assert_books_agree, at_once, audited
from tests.spine import NOON
from tradewind.commerce.inventory import transfers
from tradewind.commerce.inventory.model import Reason, Transfer
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.inventory.store import MovementFilter, find_transfer, movements_page, transfer_lines
from tradewind.commerce.inventory.transfers import (
    NewTransfer,
    TransferState,
    cancel_transfer,
    change_transfer,
    close_transfer,
    create_transfer,
    receive_transfer,
    ship_transfer,
)
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound


def draft(shelves: Shelves, **units: int) -> str:
    new = NewTransfer(shelves.main, shelves.shop, {shelves.ids[sku]: count for sku, count in units.items()})
    made: Transfer = shelves.do(create_transfer, new)
    return made.id


def status_of(shelves: Shelves, transfer_id: str) -> str:
    with shelves.database.read() as tx:
        return find_transfer(tx, transfer_id).status


def test_goods_are_on_their_way_until_they_arrive(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    transfer = draft(shelves, MUG=6)
    assert shelves.there("MUG", at=shelves.shop).inbound == 0
    shelves.do(ship_transfer, transfer)
    assert (shelves.on_hand("MUG"), shelves.there("MUG", at=shelves.shop).inbound) == (4, 6)
    assert shelves.there("MUG").on_hand == 4
    assert_books_agree(store)

    shelves.do(receive_transfer, transfer, {shelves.ids["MUG"]: 2})
    there = shelves.there("MUG", at=shelves.shop)
    assert (there.on_hand, there.available, there.inbound) == (2, 2, 4)
    assert status_of(shelves, transfer) == "shipped"
    shelves.do(receive_transfer, transfer, {shelves.ids["MUG"]: 4})
    assert status_of(shelves, transfer) == "received"
    assert shelves.there("MUG").on_hand == 10
    assert_books_agree(store)


def test_what_never_arrives_is_damage(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=10, CUP=3)
    transfer = draft(shelves, MUG=6, CUP=3)
    shelves.do(ship_transfer, transfer)
    shelves.do(receive_transfer, transfer, {shelves.ids["MUG"]: 4, shelves.ids["CUP"]: 3})
    shelves.do(close_transfer, transfer)
    assert shelves.there("MUG").on_hand == 8
    assert shelves.there("MUG").inbound == 0
    with store.read() as tx:
        lost = movements_page(tx, MovementFilter(reason="damage"), limit=9).items
        assert [(line.sku, line.quantity, line.received) for line in transfer_lines(tx, transfer)] == [
            ("CUP", 3, 3),
            ("MUG", 6, 4),
        ]
    assert [(movement.sku, movement.delta, movement.location) for movement in lost] == [("MUG", -2, "main")]
    assert status_of(shelves, transfer) == "received"
    assert_books_agree(store)


def test_what_is_promised_to_orders_is_not_sent_elsewhere(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    shelves.reserve("order-1", until=None, MUG=5)
    transfer = draft(shelves, MUG=6)
    with pytest.raises(InsufficientStock, match="MUG: asked 6, available 5"):
        shelves.do(ship_transfer, transfer)
    assert status_of(shelves, transfer) == "draft"
    shelves.do(change_transfer, transfer, units={shelves.ids["MUG"]: 5})
    shelves.do(ship_transfer, transfer)
    assert shelves.there("MUG").available == 0
    assert_books_agree(store)


def test_without_its_guard_a_transfer_takes_what_is_promised(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(*_: Any, **__: Any) -> None:
        """Promises nothing and refuses nothing."""

    monkeypatch.setattr(transfers, "reserve", careless)
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    shelves.reserve("order-1", until=None, MUG=5)
    shelves.do(ship_transfer, draft(shelves, MUG=6))
    there = shelves.there("MUG", at=shelves.main)
    assert there.reserved > there.on_hand


def test_a_transfer_goes_through_its_states_once(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    transfer = draft(shelves, MUG=6)
    for step in (partial(receive_transfer, arrived={shelves.ids["MUG"]: 1}), close_transfer):
        with pytest.raises(TransferState, match="is draft"):
            shelves.do(step, transfer)
    shelves.do(ship_transfer, transfer)
    for step in (ship_transfer, cancel_transfer, partial(change_transfer, note="late")):
        with pytest.raises(TransferState, match="is shipped"):
            shelves.do(step, transfer)
    shelves.do(receive_transfer, transfer, {shelves.ids["MUG"]: 6})
    for step in (partial(receive_transfer, arrived={shelves.ids["MUG"]: 1}), close_transfer, ship_transfer):
        with pytest.raises(TransferState, match="is received"):
            shelves.do(step, transfer)
    dropped = draft(shelves, MUG=1)
    shelves.do(cancel_transfer, dropped)
    with pytest.raises(TransferState, match="is cancelled"):
        shelves.do(ship_transfer, dropped)
    assert_books_agree(store)


def test_more_than_is_under_way_cannot_arrive(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=10)
    transfer = draft(shelves, MUG=6)
    shelves.do(ship_transfer, transfer)
    for arrived in ({shelves.ids["MUG"]: 7}, {shelves.ids["CUP"]: 1}, {}, {shelves.ids["MUG"]: 0}):
        with pytest.raises(InvalidInput):
            shelves.do(receive_transfer, transfer, arrived)
    assert shelves.there("MUG", at=shelves.shop).on_hand == 0
    assert_books_agree(store)


def test_what_cannot_be_is_refused_before_there_is_a_draft(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    mug = shelves.ids["MUG"]
    for new, error in (
        (NewTransfer(shelves.main, shelves.main, {mug: 1}), InvalidInput),
        (NewTransfer(shelves.main, shelves.shop, {}), InvalidInput),
        (NewTransfer(shelves.main, shelves.shop, {mug: 0}), InvalidInput),
        (NewTransfer(shelves.main, shelves.shop, {shelves.ids["WRAP"]: 1}), InvalidInput),
        (NewTransfer(shelves.main, shelves.shop, {"nothing": 1}), NotFound),
        (NewTransfer(shelves.main, "nowhere", {mug: 1}), NotFound),
    ):
        with pytest.raises(error):
            shelves.do(create_transfer, new)
    first, second = (shelves.do(create_transfer, NewTransfer(shelves.main, shelves.shop, {mug: 1})) for _ in range(2))
    assert (first.number, second.number) == ("TR-00001", "TR-00002")  # what was refused took no number


def test_an_arrival_told_by_many_at_once_is_booked_once(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    transfer = draft(shelves, MUG=6)
    shelves.do(ship_transfer, transfer)
    told = at_once(*(partial(shelves.do, receive_transfer, transfer, {shelves.ids["MUG"]: 4}) for _ in range(5)))
    assert [type(refusal) for refusal in told] == [InvalidInput] * 4
    assert shelves.there("MUG", at=shelves.shop).on_hand == 4
    assert_books_agree(store)


def test_transfers_in_opposite_directions_at_once_do_not_block_each_other(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=20, CUP=20)
    for sku in ("MUG", "CUP"):
        shelves.change(sku, 20, Reason.RECEIPT, at=shelves.shop)
    units = {shelves.ids["MUG"]: 1, shelves.ids["CUP"]: 1}

    def send(number: int) -> None:
        ways = (shelves.main, shelves.shop) if number % 2 else (shelves.shop, shelves.main)
        for _ in range(4):
            transfer = shelves.do(create_transfer, NewTransfer(*ways, units), now=NOON)
            shelves.do(ship_transfer, transfer.id)
            shelves.do(receive_transfer, transfer.id, units)

    assert at_once(*(partial(send, number) for number in range(4))) == []
    assert shelves.there("MUG").on_hand == 40
    assert_books_agree(store)


def test_each_step_says_who_took_it(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    transfer = draft(shelves, MUG=6)
    shelves.do(ship_transfer, transfer)
    shelves.do(close_transfer, transfer)
    told = audited(store, transfer)
    assert [action for _, action, _, _ in told] == ["transfer.create", "transfer.ship", "transfer.close"]
    assert {actor for actor, _, _, _ in told} == {"ada"}
    assert told[-1][2:] == (
        {"status": "shipped", "units": None},
        {"status": "received", "units": {shelves.ids["MUG"]: 6}},
    )
