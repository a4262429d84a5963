"""Stock is a ledger: a level is the sum of its movements, whoever writes at the same time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.spine import NOON, Shop, a_line, an_order, rows_of, total
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.inventory.low_stock import low_stock
from tradewind.commerce.inventory.model import Reason, Stock, StockMovement
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.events import outbox


class Shelf:
    """Products of a store with one place to keep them."""

    def __init__(self, database: Database, *skus: str) -> None:
        self.database = database
        with database.write() as tx:
            put_products(tx, [NewProduct(sku) for sku in skus], now=NOON)
            self.location_id = ensure_location(tx, "main", name="Main", now=NOON).id
            self.ids = {sku: ref.id for sku, ref in find_products(tx, skus).items()}

    def movement(self, sku: str, delta: int, reason: Reason = Reason.ADJUSTMENT, key: str | None = None) -> NewMovement:
        return NewMovement(self.ids[sku], self.location_id, delta, reason, NOON, source_key=key)

    def move(self, *movements: NewMovement) -> int:
        with self.database.write() as tx:
            return record_movements(tx, movements, now=NOON)

    def levels(self) -> dict[str, int]:
        names = {product_id: sku for sku, product_id in self.ids.items()}
        with self.database.read() as tx:
            return {names[level.product_id]: level.on_hand for level in tx.scalars(select(Stock))}


def assert_levels_are_sums(database: Database) -> None:
    with database.read() as tx:
        summed = {
            (row[0], row[1]): int(row[2])
            for row in tx.execute(
                select(StockMovement.product_id, StockMovement.location_id, func.sum(StockMovement.delta)).group_by(
                    StockMovement.product_id, StockMovement.location_id
                )
            )
        }
        levels = {(level.product_id, level.location_id): level.on_hand for level in tx.scalars(select(Stock))}
    assert levels == summed


def test_levels_move_by_what_is_recorded(store: Database) -> None:
    shelf = Shelf(store, "MUG", "CUP")
    assert shelf.move(shelf.movement("MUG", 10, Reason.RECEIPT), shelf.movement("CUP", 3)) == 2
    assert shelf.move(shelf.movement("MUG", -4), shelf.movement("MUG", -1)) == 2
    assert shelf.levels() == {"MUG": 5, "CUP": 3}
    assert_levels_are_sums(store)


def test_the_same_movement_told_again_changes_nothing(store: Database) -> None:
    shelf = Shelf(store, "MUG")
    once = shelf.movement("MUG", 10, key="sheet-1:7")
    assert shelf.move(once, once) == 1
    assert shelf.move(once) == 0
    assert shelf.move(shelf.movement("MUG", 1), shelf.movement("MUG", 1)) == 2  # without a key they are two
    assert shelf.levels() == {"MUG": 12}


def test_a_movement_of_nothing_is_refused_and_nothing_of_its_batch_is_kept(store: Database) -> None:
    shelf = Shelf(store, "MUG")
    with pytest.raises(InvalidInput, match=r"zero units says nothing"):
        shelf.move(shelf.movement("MUG", 5), shelf.movement("MUG", 0))
    assert shelf.levels() == {}
    with store.read() as tx:
        assert rows_of(tx, StockMovement) == 0


def test_levels_are_the_sum_of_movements_while_many_write_at_once(store: Database) -> None:
    skus = [f"SKU-{i}" for i in range(6)]
    shelf, failures = Shelf(store, *skus), list[Exception]()

    def work(writer: int) -> None:
        try:
            for turn in range(12):
                order = skus if writer % 2 else skus[::-1]  # opposite orders: a trap for lock order
                shelf.move(*(shelf.movement(sku, 1 + (writer + turn) % 3) for sku in order))
        except Exception as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert_levels_are_sums(store)
    assert sum(shelf.levels().values()) == sum(6 * (1 + (w + t) % 3) for w in range(6) for t in range(12))
    with store.read() as tx:
        told = [f for f in outbox.waiting(tx, outbox.BEGINNING, 10_000).facts if f.topic == "stock_movements"]
        assert len(told) == rows_of(tx, StockMovement) == 6 * 12 * 6


def test_read_add_write_would_lose_units(postgres: Database) -> None:
    """The danger itself: two writers add to the level they both read. SQLite lets in one at a time."""
    store = postgres
    shelf = Shelf(store, "MUG")
    shelf.move(shelf.movement("MUG", 10))
    both_read = threading.Barrier(2)

    def add_one() -> None:
        with store.write() as tx:
            level = tx.scalars(select(Stock)).one()
            read = level.on_hand
            both_read.wait(5)
            level.on_hand = read + 1

    threads = [threading.Thread(target=add_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.levels() == {"MUG": 11}  # one of the two is lost


def test_selling_a_service_moves_no_stock(store: Database) -> None:
    Shop.open(store).book(an_order("A", a_line("POST", kind=ProductKind.SERVICE), a_line("MUG")))
    with store.read() as tx:
        assert total(tx, Stock.on_hand) == -1


def test_low_stock_speaks_only_of_what_was_counted_and_names_the_worst_first(store: Database) -> None:
    shelf = Shelf(store, "OUT", "LOW", "HALF", "FULL", "UNCOUNTED")
    shelf.move(
        *(shelf.movement(sku, 20, Reason.RECEIPT) for sku in ("OUT", "LOW", "HALF", "FULL")),
        shelf.movement("UNCOUNTED", -3, Reason.SALE),
    )
    shelf.move(shelf.movement("OUT", -20), shelf.movement("LOW", -17), shelf.movement("HALF", -13))
    with store.read() as tx:
        count, worst = low_stock(tx, default_reorder_point=10, now=NOON, limit=2)
        everything = low_stock(tx, default_reorder_point=10, now=NOON)[1]
    assert count == 3
    assert [(low.sku, low.available, low.severity) for low in worst] == [("OUT", 0, "critical"), ("LOW", 3, "warning")]
    assert [(low.sku, low.severity) for low in everything][2] == ("HALF", "info")


def test_a_products_own_reorder_point_goes_before_the_stores(store: Database) -> None:
    shelf = Shelf(store, "MUG")
    shelf.move(shelf.movement("MUG", 30, Reason.COUNT))
    with store.write() as tx:
        tx.scalars(select(Stock)).one().reorder_point = 50
    with store.read() as tx:
        assert low_stock(tx, default_reorder_point=10, now=NOON)[0] == 1
        assert low_stock(tx, default_reorder_point=10, now=NOON)[1][0].reorder_point == 50


def test_a_movement_keeps_the_moment_at_which_it_happened(store: Database) -> None:
    shop = Shop.open(store).at(NOON + timedelta(days=9))
    shop.book(an_order("A"))
    with store.read() as tx:
        movement = tx.scalars(select(StockMovement)).one()
        assert movement.occurred_at == NOON
        assert movement.created_at == NOON + timedelta(days=9)


def levels_of(database: Database) -> list[int]:
    with database.read() as tx:
        return list(tx.scalars(select(Stock.on_hand)))


def test_goods_leave_the_shelf_when_a_waiting_order_is_confirmed(store: Database) -> None:
    shop = Shop.open(store)
    (booked,) = shop.book(an_order("A-1", a_line("MUG", 2), status=OrderStatus.PENDING))
    assert levels_of(store) == []
    assert booked.id is not None
    for status, level in ((OrderStatus.CONFIRMED, -2), (OrderStatus.SHIPPED, -2), (OrderStatus.REFUNDED, -2)):
        with store.write() as tx:
            change_status(tx, booked.id, status, now=NOON)
        assert levels_of(store) == [level]
    assert_levels_are_sums(store)


def test_a_service_taken_off_an_order_brings_nothing_back(store: Database) -> None:
    shop = Shop.open(store)
    postage = a_line("POST", kind=ProductKind.SERVICE)
    shop.book(an_order("A-1", a_line("MUG"), postage))
    shop.book(an_order("A-1", a_line("MUG")))
    assert levels_of(store) == [-1]
    assert_levels_are_sums(store)
