"""Everything that moves stock, in any order: the books agree, and nobody is promised what is not there.

A plain model runs beside the store. It says what each step has to do, refusals included; after every step the
store has to say the same as the model, and each level has to be the sum of what it is made of.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import bindparam, update

from tests.commerce.shelf import Shelves, assert_books_agree
from tests.spine import NOON
from tradewind.commerce.inventory import reservations, transfers
from tradewind.commerce.inventory.adjustments import NotCounted, NotEnoughOnHand
from tradewind.commerce.inventory.counts import open_count, post_count, record_counted
from tradewind.commerce.inventory.levels import HERE, STOCK
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.reservations import (
    InsufficientStock,
    Wanted,
    availability,
    release,
    release_expired,
    reserve,
)
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.inventory.transfers import (
    NewTransfer,
    close_transfer,
    create_transfer,
    receive_transfer,
    ship_transfer,
)
from tradewind.commerce.purchasing.orders import (
    NewPurchaseLine,
    NewPurchaseOrder,
    cancel_purchase_order,
    create_purchase_order,
    receive_purchase_order,
    send_purchase_order,
)
from tradewind.commerce.purchasing.suppliers import NewSupplier, create_supplier
from tradewind.core.database import Database
from tradewind.core.errors import TradewindError
from tradewind.core.prepared import Prepared
from tradewind.migrations.tables import metadata

SKUS, PLACES = ("MUG", "CUP"), ("main", "shop")
LEVELS = st.tuples(st.sampled_from(SKUS), st.sampled_from(PLACES))
BASKETS = st.dictionaries(LEVELS, st.integers(1, 6), min_size=1, max_size=3)
UNITS = st.integers(1, 8)
ORDERS = st.sampled_from(("order-1", "order-2", "order-3"))
FEW = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
Level = tuple[str, str]


@dataclass
class Promise:
    basket: dict[Level, int]
    until: datetime | None


@dataclass
class Way:
    """Goods on their way to a level: a transfer's or a purchase order's."""

    id: str
    start: Level | None
    goal: Level
    open: int


@dataclass
class Books:
    """What the store has to say."""

    on_hand: dict[Level, int] = field(default_factory=lambda: defaultdict(int))
    counted: set[Level] = field(default_factory=set)
    promises: dict[str, Promise] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)

    def live(self, reference: str, now: datetime) -> dict[Level, int]:
        promise = self.promises.get(reference)
        return promise.basket if promise and (promise.until is None or promise.until > now) else {}

    def promised(self, level: Level, now: datetime, *, but: str = "") -> int:
        return sum(self.live(reference, now).get(level, 0) for reference in self.promises if reference != but)

    def available(self, level: Level, now: datetime, *, but: str = "") -> int:
        return max(0, self.on_hand[level] - self.promised(level, now, but=but)) if level in self.counted else 0

    def inbound(self, level: Level) -> int:
        return sum(way.open for way in self.ways if way.goal == level)


class StockMachine(RuleBasedStateMachine):
    """One life of two goods in two places."""

    database: Database

    @initialize()
    def open_the_shop(self) -> None:
        with self.database.write() as tx:
            for table in reversed(metadata.sorted_tables):
                if table.name in _TABLES:
                    tx.execute(table.delete())
        self.shelves = Shelves(self.database, *SKUS)
        self.supplier = self.shelves.do(create_supplier, NewSupplier("maker", "Maker", "EUR")).id
        self.places = {"main": self.shelves.main, "shop": self.shelves.shop}
        self.books, self.now = Books(), NOON
        self.goods_come(("MUG", "main"), 6)

    def do(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return self.shelves.do(call, *args, now=self.now, **named)

    def refused(self, error: type[TradewindError] | None, call: Callable[[], Any]) -> bool:
        """Makes the call, which has to be refused in this way or, with None, not at all."""
        if error is None:
            call()
            return False
        with pytest.raises(error):
            call()
        return True

    @rule(minutes=st.integers(1, 20))
    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(level=LEVELS, units=UNITS)
    def goods_come(self, level: Level, units: int) -> None:
        self.shelves.change(level[0], units, Reason.RECEIPT, at=self.places[level[1]])
        self.books.on_hand[level] += units
        self.books.counted.add(level)

    @rule(level=LEVELS, units=UNITS)
    def goods_break(self, level: Level, units: int) -> None:
        books = self.books
        error: type[TradewindError] | None = None
        if level not in books.counted:
            error = NotCounted
        elif units > books.on_hand[level]:
            error = NotEnoughOnHand
        place = self.places[level[1]]
        if not self.refused(error, lambda: self.shelves.change(level[0], -units, Reason.DAMAGE, at=place)):
            books.on_hand[level] -= units

    @rule(reference=ORDERS, basket=BASKETS, minutes=st.none() | st.integers(1, 30))
    def units_are_promised(self, reference: str, basket: dict[Level, int], minutes: int | None) -> None:
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        wanted = [Wanted(self.shelves.ids[sku], self.places[place], n) for (sku, place), n in basket.items()]
        # A promise that stands may be kept, even where units broke since.
        own = self.books.live(reference, self.now)
        possible = all(
            units <= max(own.get(level, 0), self.books.available(level, self.now, but=reference))
            for level, units in basket.items()
        )

        def promise() -> None:
            with self.database.write() as tx:
                reserve(tx, reference, wanted, expires_at=until, now=self.now)

        if not self.refused(None if possible else InsufficientStock, promise):
            self.books.promises[reference] = Promise(basket, until)

    @rule(reference=ORDERS)
    def units_are_given_back(self, reference: str) -> None:
        held = self.books.live(reference, self.now)
        self.books.promises.pop(reference, None)
        assert self.shelves.release(reference, now=self.now) == sum(held.values())

    @rule(reference=ORDERS)
    def units_are_sold(self, reference: str) -> None:
        """As an order does when it is paid: the promise ends, and its units leave."""
        held = self.books.live(reference, self.now)
        self.books.promises.pop(reference, None)
        sold = [
            NewMovement(self.shelves.ids[sku], self.places[place], -units, Reason.SALE, self.now, reference)
            for (sku, place), units in held.items()
        ]
        with self.database.write() as tx:
            release(tx, reference, now=self.now)
            record_movements(tx, sold, now=self.now)
        for level, units in held.items():
            self.books.on_hand[level] -= units

    @rule()
    def what_has_expired_is_swept(self) -> None:
        with self.database.write() as tx:
            release_expired(tx, now=self.now)
        for reference, promise in list(self.books.promises.items()):
            if promise.until is not None and promise.until <= self.now:
                del self.books.promises[reference]

    @rule(sku=st.sampled_from(SKUS), there=st.booleans(), units=UNITS)
    def goods_are_sent(self, sku: str, there: bool, units: int) -> None:
        ways = PLACES if there else PLACES[::-1]
        start, goal = (sku, ways[0]), (sku, ways[1])
        new = NewTransfer(self.places[ways[0]], self.places[ways[1]], {self.shelves.ids[sku]: units})
        transfer = self.do(create_transfer, new)
        error = InsufficientStock if units > self.books.available(start, self.now) else None
        if not self.refused(error, lambda: self.do(ship_transfer, transfer.id)):
            self.books.on_hand[start] -= units
            self.books.ways.append(Way(transfer.id, start, goal, units))

    @rule(sku=st.sampled_from(SKUS), place=st.sampled_from(PLACES), units=UNITS)
    def goods_are_bought(self, sku: str, place: str, units: int) -> None:
        lines = [NewPurchaseLine(self.shelves.ids[sku], units, Decimal(1))]
        order = self.do(create_purchase_order, NewPurchaseOrder(self.supplier, self.places[place], lines))
        self.do(send_purchase_order, order.id)
        self.books.ways.append(Way(order.id, None, (sku, place), units))

    @precondition(lambda self: self.books.ways)
    @rule(data=st.data(), units=UNITS)
    def goods_arrive(self, data: st.DataObject, units: int) -> None:
        way = data.draw(st.sampled_from(self.books.ways))
        if way.start is not None:
            units = min(units, way.open)
            self.do(receive_transfer, way.id, {self.shelves.ids[way.goal[0]]: units})
        else:
            self.do(receive_purchase_order, way.id, {1: units})
        self.books.on_hand[way.goal] += units
        self.books.counted.add(way.goal)
        way.open = max(0, way.open - units)
        if not way.open:
            self.books.ways.remove(way)

    @precondition(lambda self: self.books.ways)
    @rule(data=st.data())
    def goods_are_lost(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from(self.books.ways))
        self.do(close_transfer if way.start is not None else cancel_purchase_order, way.id)
        self.books.ways.remove(way)

    @rule(level=LEVELS, counted=st.integers(0, 10), came=st.integers(0, 3))
    def goods_are_counted_while_more_come(self, level: Level, counted: int, came: int) -> None:
        sheet = self.do(open_count, self.places[level[1]])
        self.do(record_counted, sheet.id, {self.shelves.ids[level[0]]: counted})
        if came:
            self.shelves.change(level[0], came, Reason.RECEIPT, at=self.places[level[1]])
        self.do(post_count, sheet.id)
        self.books.on_hand[level] = counted + came
        self.books.counted.add(level)

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        ids, books = self.shelves.ids, self.books
        with self.database.read() as tx:
            said = {
                place: availability(tx, ids.values(), now=self.now, location_ids=[at])
                for place, at in self.places.items()
            }
        for level in ((sku, place) for sku in SKUS for place in PLACES):
            there, counted = said[level[1]][ids[level[0]]], level in books.counted
            assert there.on_hand == (books.on_hand[level] if counted else 0)
            assert there.available == books.available(level, self.now)
            assert there.inbound == books.inbound(level)
            assert there.reserved == (books.promised(level, self.now) if counted else 0)

    @invariant()
    def the_books_agree(self) -> None:
        assert_books_agree(self.database)


_TABLES = frozenset(
    "audit_log outbox reservations stock_movements stock transfer_lines transfers stock_count_lines stock_counts"
    " purchase_order_lines purchase_orders supplier_products suppliers locations products number_series".split()
)


def machine(database: Database) -> type[StockMachine]:
    return type("Machine", (StockMachine,), {"database": database})


def test_whatever_happens_to_stock_the_books_agree(store: Database) -> None:
    # PostgreSQL waits for a disk at every step.
    few = FEW if store.dialect == "sqlite" else settings(FEW, max_examples=8)
    run_state_machine_as_test(machine(store), settings=few)


@dataclass(frozen=True)
class Guard:
    """Something that keeps the books right, and what stands in its place when it is taken away."""

    module: Any
    name: str
    careless: Any


def nothing(*_: Any, **__: Any) -> Any:
    return 0


GUARDS = {
    "promise only what is there": Guard(
        reservations,
        "_PROMISE",
        Prepared(update(STOCK).where(HERE).values(reserved=STOCK.c.reserved + bindparam("units"))),
    ),
    "give back what is released": Guard(reservations, "_give_back", nothing),
    "ship only what is available": Guard(transfers, "reserve", nothing),
    "count what is on its way": Guard(transfers, "move_inbound", nothing),
}


@pytest.fixture
def sqlite_store(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """One engine is enough to show what is missing."""
    database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'store.db')}")
    yield database
    database.close()


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS.keys())
def test_without_this_guard_they_do_not(sqlite_store: Database, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.module, guard.name, guard.careless)
    many = settings(FEW, max_examples=300, phases=[Phase.generate], derandomize=True, database=None, print_blob=False)
    with pytest.raises((AssertionError, pytest.fail.Exception, ExceptionGroup)):
        run_state_machine_as_test(machine(sqlite_store), settings=many)
