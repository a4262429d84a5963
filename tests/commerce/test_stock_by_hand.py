"""Stock by hand: every movement has a reason, nothing falls below nothing, and nothing is booked twice."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from tests.commerce.shelf import LATER, Shelves, assert_books_agree, at_once, audited
from tests.spine import NOON, Shop, an_order, rows_of
from tradewind.commerce.inventory import adjustments
from tradewind.commerce.inventory.adjustments import (
    Adjustment,
    AdjustmentKeyTaken,
    NotCounted,
    NotEnoughOnHand,
    StockChanged,
    adjust,
    set_reorder_point,
)
from tradewind.commerce.inventory.levels import Level, LevelKey, levels_of
from tradewind.commerce.inventory.locations import (
    LocationCodeTaken,
    LocationInUse,
    NewLocation,
    change_location,
    create_location,
    remove_location,
)
from tradewind.commerce.inventory.low_stock import low_stock, low_stock_page
from tradewind.commerce.inventory.model import Location, Reason, Stock, StockMovement
from tradewind.commerce.inventory.store import MovementFilter, levels_page, movements_page
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.paging import encode_cursor
from tradewind.events import outbox


def test_receiving_fifty_and_breaking_five_leaves_forty_five_with_both_reasons(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    shelves.change("MUG", 50, Reason.RECEIPT, note="delivery 7")
    shelves.change("MUG", -5, Reason.DAMAGE)
    assert shelves.there("MUG").available == 45
    with store.read() as tx:
        booked = movements_page(tx, MovementFilter(product_id=shelves.ids["MUG"]), limit=10).items
        assert [(m.delta, m.reason, m.note) for m in booked] == [(-5, "damage", None), (50, "receipt", "delivery 7")]
        facts = [f for f in outbox.waiting(tx, outbox.BEGINNING, 100).facts if f.topic == "stock_movements"]
    assert len(facts) == 2
    assert_books_agree(store)


def test_an_adjustment_answers_with_the_level_afterwards(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=10)
    shelves.reserve("order-1", MUG=4)
    told = [shelves.adjustment("MUG", -1), shelves.adjustment("MUG", -2)]
    for moment, reserved in ((NOON, 4), (LATER, 0)):
        levels = shelves.do(adjust, told[:1] if moment == LATER else told, now=moment)
        assert {(level.on_hand, level.reserved) for level in levels} == {(7 if moment == NOON else 6, reserved)}


def test_units_that_are_not_there_cannot_go(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    with pytest.raises(NotEnoughOnHand, match="4 of MUG cannot go from main: 3 are on hand"):
        shelves.change("MUG", -4, Reason.DAMAGE)
    with pytest.raises(NotEnoughOnHand):
        shelves.do(adjust, [shelves.adjustment("MUG", -2), shelves.adjustment("MUG", -2)])
    assert shelves.on_hand("MUG") == 3
    shelves.change("MUG", -3, Reason.DAMAGE)
    assert shelves.on_hand("MUG") == 0
    assert_books_agree(store)


def test_who_expected_another_level_books_nothing(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    shelves.change("MUG", 2, expected_on_hand=3)
    with pytest.raises(StockChanged, match="MUG has 5 on hand at main, not 3") as refused:
        shelves.change("MUG", 2, expected_on_hand=3)
    assert refused.value.on_hand == 5
    shelves.do(adjust, [shelves.adjustment("MUG", 1), shelves.adjustment("MUG", 1, expected_on_hand=6)])
    assert shelves.on_hand("MUG") == 7


def test_the_same_adjustment_told_again_changes_nothing_whatever_was_expected(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    for _ in range(3):
        shelves.change("MUG", 2, expected_on_hand=3, source_key="scanner:17")
    assert shelves.on_hand("MUG") == 5
    with pytest.raises(AdjustmentKeyTaken, match="scanner:17"):
        shelves.change("MUG", 4, source_key="scanner:17")
    twice = [shelves.adjustment("MUG", 1, source_key="scanner:18")] * 2
    shelves.do(adjust, twice)
    assert shelves.on_hand("MUG") == 6
    assert at_once(*(partial(shelves.change, "MUG", 1, source_key="scanner:19") for _ in range(4))) == []
    assert shelves.on_hand("MUG") == 7
    assert_books_agree(store)


def test_nothing_is_added_to_a_level_that_nobody_ever_counted(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    with pytest.raises(NotCounted, match="MUG was never counted at main"):
        shelves.change("MUG", 3)
    shelves.change("MUG", 3, Reason.COUNT)
    shelves.change("MUG", 3)
    assert shelves.available("MUG") == 6


@pytest.mark.parametrize(
    ("delta", "reason", "field"),
    [
        (0, Reason.ADJUSTMENT, "delta"),
        (10**12, Reason.RECEIPT, "delta"),
        (-1, Reason.RECEIPT, "delta"),
        (-1, Reason.RETURN, "delta"),
        (1, Reason.DAMAGE, "delta"),
        (-1, Reason.SALE, "reason"),
        (1, Reason.CANCELLATION, "reason"),
        (1, Reason.TRANSFER, "reason"),
    ],
)
def test_what_contradicts_itself_is_refused_by_field(store: Database, delta: int, reason: Reason, field: str) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=3)
    with pytest.raises(InvalidInput) as refused:
        shelves.change("MUG", delta, reason)
    assert refused.value.field == field


def test_only_goods_at_places_that_exist_and_are_in_use_are_adjusted(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    with pytest.raises(InvalidInput, match="WRAP is a service"):
        shelves.change("WRAP", 1, Reason.RECEIPT)
    for product, place in (("nothing", shelves.main), (shelves.ids["MUG"], "nowhere")):
        with pytest.raises(NotFound):
            shelves.do(adjust, [Adjustment(product, place, 1, Reason.RECEIPT)])
    shelves.do(change_location, shelves.shop, is_active=False)
    with pytest.raises(InvalidInput, match="shop is switched off"):
        shelves.change("MUG", 1, Reason.RECEIPT, at=shelves.shop)
    with store.read() as tx:
        assert rows_of(tx, StockMovement) == rows_of(tx, Stock) == 0


def take_all_at_once(shelves: Shelves) -> list[Exception]:
    """Eight who each believe that five are there, and take them."""
    shelves.stocked(MUG=5)
    return at_once(*(partial(shelves.change, "MUG", -5, Reason.DAMAGE, expected_on_hand=5) for _ in range(8)))


def test_of_many_who_take_the_same_units_one_gets_them(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    refused = take_all_at_once(shelves)
    assert [type(refusal) for refusal in refused] == [StockChanged] * 7
    assert shelves.on_hand("MUG") == 0
    assert_books_agree(store)


def test_without_holding_the_level_several_get_them(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The danger itself. SQLite lets in one at a time."""
    both_read = threading.Barrier(2)

    def read_only(tx: object, keys: set[LevelKey], *, now: object) -> dict[LevelKey, Level]:
        with postgres.read() as reader:
            found = levels_of(reader, {key[0] for key in keys}, now=NOON)
        both_read.wait(10)
        return {(level.product_id, level.location_id): level for level in found}

    shelves = Shelves(postgres, "MUG").stocked(MUG=5)
    monkeypatch.setattr(adjustments, "make_and_hold_levels", read_only)
    assert at_once(*(partial(shelves.change, "MUG", -5, Reason.DAMAGE) for _ in range(2))) == []
    assert shelves.on_hand("MUG") == -5


def test_each_change_by_hand_says_who_made_it(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=5)
    shelves.change("MUG", -2, Reason.DAMAGE)
    told = audited(store, f"{shelves.ids['MUG']}:{shelves.main}")[-1]
    assert told == ("ada", "stock.adjust", {"on_hand": 5, "reasons": None}, {"on_hand": 3, "reasons": ["damage"]})


def test_a_reorder_point_makes_a_product_low_where_it_is_set(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP").stocked(MUG=30, CUP=30)
    shelves.do(set_reorder_point, shelves.ids["MUG"], shelves.main, 31)
    with store.read() as tx:
        page = low_stock_page(tx, default_reorder_point=10, now=NOON, limit=10)
        assert low_stock(tx, default_reorder_point=10, now=NOON)[0] == 1
    assert [(low.sku, low.available, low.reorder_point, low.severity) for low in page.items] == [
        ("MUG", 30, 31, "info")
    ]
    shelves.do(set_reorder_point, shelves.ids["MUG"], shelves.main, None)
    with store.read() as tx:
        assert low_stock_page(tx, default_reorder_point=10, now=NOON, limit=10).items == []
    with pytest.raises(InvalidInput):
        shelves.do(set_reorder_point, shelves.ids["MUG"], shelves.main, -1)


def test_the_low_stock_list_pages_from_the_lowest_up_and_leaves_out_what_has_expired(store: Database) -> None:
    skus = [f"SKU-{n}" for n in range(7)]
    shelves = Shelves(store, *skus).stocked(**{sku: 3 + n % 3 for n, sku in enumerate(skus)})
    shelves.stocked(**{"SKU-6": 50})
    held: dict[str, Any] = {"SKU-6": 52, "SKU-0": 3}
    shelves.reserve("order-1", **held)
    found: list[tuple[int, str]] = []
    cursor = None
    with store.read() as tx:
        while True:
            page = low_stock_page(tx, default_reorder_point=10, now=NOON, limit=2, cursor=cursor)
            found.extend((low.available, low.sku) for low in page.items)
            if (cursor := page.next_cursor) is None:
                break
        later = low_stock_page(tx, default_reorder_point=10, now=LATER, limit=50)
    assert found == sorted(found)
    assert [sku for _, sku in found][:2] == ["SKU-0", "SKU-6"]
    assert len(found) == 7
    assert "SKU-6" not in [low.sku for low in later.items]


def test_levels_and_movements_page_without_gaps_or_repeats(store: Database) -> None:
    skus = [f"SKU-{n}" for n in range(5)]
    shelves = Shelves(store, *skus).stocked(**dict.fromkeys(skus, 3))
    for sku in skus[:2]:
        shelves.change(sku, 2, Reason.RECEIPT, at=shelves.shop)
    places = [(sku, place) for sku in skus for place in ("main", "shop") if place == "main" or sku in skus[:2]]
    with store.read() as tx:
        for size in range(1, 9):
            seen: list[tuple[str, str]] = []
            cursor = None
            while True:
                page = levels_page(tx, now=NOON, limit=size, cursor=cursor)
                seen.extend((level.sku, level.location) for level in page.items)
                if (cursor := page.next_cursor) is None:
                    break
            assert seen == places
        assert [level.sku for level in levels_page(tx, now=NOON, limit=9, text="ku-1").items] == ["SKU-1", "SKU-1"]
        there = levels_page(tx, now=NOON, limit=9, location_id=shelves.shop).items
        assert {level.location for level in there} == {"shop"}
        moved: list[str] = []
        cursor = None
        while True:
            movements = movements_page(tx, MovementFilter(location_id=shelves.shop), limit=2, cursor=cursor)
            moved.extend(movement.sku for movement in movements.items)
            if (cursor := movements.next_cursor) is None:
                break
        for forged in (["a\0", "b"], ["\ud800", "b"], [1, 2], ["a"]):
            with pytest.raises(InvalidInput):
                levels_page(tx, now=NOON, limit=9, cursor=encode_cursor(forged))
        for place in ([2**70, "a", "b"], ["a", "b", "c"], [1, "\0", "c"]):
            with pytest.raises(InvalidInput):
                low_stock_page(tx, default_reorder_point=1, now=NOON, limit=9, cursor=encode_cursor(place))
    assert moved == skus[1::-1]


def test_a_location_that_was_used_is_switched_off_and_not_removed(store: Database) -> None:
    shelves = Shelves(store, "MUG").stocked(MUG=1)
    with pytest.raises(LocationInUse):
        shelves.do(remove_location, shelves.main)
    shelves.do(remove_location, shelves.shop)
    with store.read() as tx:
        assert list(tx.scalars(select(Location.code))) == ["main"]
    with pytest.raises(LocationCodeTaken):
        shelves.do(create_location, NewLocation("main", "Another"))
    for code in ("", "a b", "x" * 65, "-x"):
        with pytest.raises(InvalidInput):
            shelves.do(create_location, NewLocation(code, "Name"))


def test_what_is_changed_of_a_location_stands_in_the_audit_log(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    shelves.do(change_location, shelves.shop, name="Corner shop", is_active=False)
    shelves.do(change_location, shelves.shop, name="Corner shop")  # says nothing new
    told = audited(store, shelves.shop)
    assert [action for _, action, _, _ in told] == ["location.create", "location.update"]
    assert told[-1][3] == {"name": "Corner shop", "is_active": False}


def test_sales_of_a_channel_may_go_below_nothing_and_a_person_may_not(store: Database) -> None:
    """The channel has sold them already; refusing to write it down would only hide it."""
    shelves = Shelves(store, "MUG").stocked(MUG=1)
    Shop.open(store).book(an_order("A-1"), an_order("A-2"))
    assert shelves.on_hand("MUG") == -1
    with pytest.raises(NotEnoughOnHand):
        shelves.change("MUG", -1)
    assert shelves.there("MUG").available == 0
    assert_books_agree(store)
