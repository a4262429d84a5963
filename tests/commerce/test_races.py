"""Several writers at once: nothing is booked twice, and nobody builds on a state that is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import orjson

from tests.spine import Shop, a_line, an_order, rows_of, some_orders, total
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.service import book_orders
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable
from tradewind.events import outbox


def at_once(*calls: Callable[[], Any]) -> list[Exception]:
    """Runs the calls in threads of their own; returns what they raised."""
    failures: list[Exception] = []

    def run(call: Callable[[], Any]) -> None:
        try:
            call()
        except Exception as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def until_done(call: Callable[[], Any]) -> None:
    """Repeats a call for as long as it is told to try again, as every caller of ours does."""
    for _ in range(200):
        try:
            call()
        except Unavailable:
            continue
        return
    raise AssertionError("told to try again for ever")


def revenue_told(database: Database) -> Decimal:
    with database.read() as tx:
        facts = outbox.waiting(tx, outbox.BEGINNING, 100_000).facts
    payloads = [orjson.loads(fact.payload) for fact in facts if fact.topic == "orders"]
    return sum((Decimal(e["revenue"]) for p in payloads for e in p["entries"] if e["grain"] == "order"), Decimal(0))


def test_writers_that_book_the_same_orders_at_once_book_each_once(store: Database) -> None:
    shop, orders = Shop.open(store), some_orders(30)
    parts = [orders[start : start + 6] for start in range(0, 30, 6)]

    def book_all(order_of_parts: list[Any]) -> None:
        for part in order_of_parts:
            until_done(partial(shop.book, *part))

    assert at_once(*(partial(book_all, [*parts[turn:], *parts[:turn]]) for turn in range(4))) == []
    with store.read() as tx:
        assert rows_of(tx, Order) == 30
        assert rows_of(tx, Product) == 5
        assert total(tx, Stock.on_hand) == total(tx, StockMovement.delta) == -total(tx, Order.units)
        revenue = Decimal(total(tx, Order.revenue_minor)) / 100
    assert revenue_told(store) == revenue


def test_a_change_waits_for_the_change_before_it_and_builds_on_that(postgres: Database) -> None:
    """Without the wait both would take back the first state, and the sales figures would be a state short."""
    shop = Shop.open(postgres)
    shop.book(an_order("A", a_line("MUG", 10)))
    first_changed, may_commit = threading.Event(), threading.Event()

    def first() -> None:
        with postgres.write() as tx:
            book_orders(tx, [an_order("A", a_line("MUG", 4))], shop.booking)
            first_changed.set()
            may_commit.wait(10)

    def second() -> None:
        first_changed.wait(10)
        threading.Timer(0.2, may_commit.set).start()
        shop.book(an_order("A", a_line("MUG", 7)))

    assert at_once(first, second) == []
    with postgres.read() as tx:
        assert total(tx, Order.version) == 3
        assert total(tx, Order.units) == 7
        assert total(tx, Stock.on_hand) == -7
    assert revenue_told(postgres) == Decimal(70)


def test_changes_of_the_same_orders_from_all_sides_add_up(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(*(an_order(name, a_line("MUG", 1)) for name in "ABC"))

    def change(writer: int) -> None:
        for turn in range(8):
            names = "ABC" if (writer + turn) % 2 else "CBA"
            batch = [an_order(name, a_line("MUG", 2 + writer * 8 + turn)) for name in names]
            until_done(partial(shop.book, *batch))

    assert at_once(*(partial(change, writer) for writer in range(4))) == []
    with store.read() as tx:
        revenue = Decimal(total(tx, Order.revenue_minor)) / 100
        units = total(tx, Order.units)
        assert total(tx, Order.version) == 3 * 33
        assert total(tx, Stock.on_hand) == -units
    assert revenue_told(store) == revenue
