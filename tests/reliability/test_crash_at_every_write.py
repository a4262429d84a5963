"""A server killed at every single statement of a write: told again under its key, the request happens exactly once.

The server is a process that is really killed, with SIGKILL, and the answer comes from another one. What counts as
"once" is taken from a run that nobody disturbs: so many rows more in each table, so much more in each sum.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import BigInteger, Integer, func, select

from tests.commerce.shopfront import CLERK, Front
from tests.reliability.mortal import Mortal, Told
from tests.spine import NOON, total
from tradewind.api.cart_references import CartReferences
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.tokens import create_token
from tradewind.commerce.checkout.service import Placed
from tradewind.commerce.inventory.model import Reservation, Stock, StockMovement
from tradewind.commerce.orders.model import NumberSeries, Order
from tradewind.commerce.purchasing.orders import (
    NewPurchaseLine,
    NewPurchaseOrder,
    create_purchase_order,
    send_purchase_order,
)
from tradewind.commerce.purchasing.suppliers import NewSupplier, create_supplier
from tradewind.core.database import Database
from tradewind.migrations.tables import metadata

pytestmark = [pytest.mark.crash, pytest.mark.slow]

KEY = "k3y-0f-tests-" + "abcdefghij" * 3
V1 = "/api/v1"
GROUPED = ("status", "previous_status", "payment_status", "topic", "reason", "kind", "action")
"""Columns of which it is counted which value stands how often."""
NOT_SUMMED = {("outbox", "position"), ("outbox", "transaction")}
"""PostgreSQL hands these out before a transaction ends, and never again."""
ID = re.compile(r"\b[0-9a-hjkmnp-tv-z]{26}\b")
NUMBER = re.compile(r"\b([A-Za-z]+)-\d{5}\b")

NEVER = 1_000_000
TOGETHER = 4

Books = Tally[str]


@dataclass(frozen=True)
class Ask:
    """A request that changes something."""

    path: str
    body: dict[str, Any]


class Shop:
    """A shop with plenty of everything, and requests to it that have never been made."""

    def __init__(self, database: Database) -> None:
        self.front = front = Front.open(database)
        self.references = CartReferences(KEY)
        self.mug = front.product("MUG", "12.99", stock=10_000)
        self.cap = front.product("CAP", "7.01", stock=10_000)
        front.tax("19", inclusive=False)
        front.promotion("TEN", percent=Decimal(10), total_limit=10_000, customer_limit=3)
        with database.write() as tx:
            self.token = create_token(tx, "till", [Scope.ADMIN], now=NOON).secret
            self.supplier = create_supplier(tx, NewSupplier("potter", "Potter", "EUR"), actor=CLERK, now=NOON).id
        self._buyers = self._plates = 0

    def checkout(self, provider: str) -> Ask:
        self._buyers += 1
        cart = self.front.cart(country="DE", codes=["TEN"], MUG=2, CAP=1)
        address = {"name": "Ada Lovelace", "line1": "Long Street 1", "city": "Berlin", "country": "DE"}
        email = f"ada{self._buyers}@example.com"
        cart_id = self.references.of(cart, None)
        told = {"cart_id": cart_id, "provider": provider, "email": email, "shipping_address": address}
        return Ask(f"{V1}/checkout", told)

    def payment(self) -> Ask:
        return Ask(f"{V1}/payments/{self._ordered().intent_id}/received", {"method": "bank transfer"})

    def refund(self) -> Ask:
        placed = self._ordered()
        self.front.pay(placed)
        lines = [{"line_no": 1, "quantity": 1}]
        return Ask(f"{V1}/orders/{placed.order_id}/refunds", {"lines": lines, "reason": "chipped"})

    def adjustment(self) -> Ask:
        self._plates += 1
        plate = self.front.product(f"PLATE-{self._plates:05}", "3.00", stock=10)  # the answer tells its level
        told = {"product_id": plate, "location_id": self.front.location_id, "delta": -3, "reason": "damage"}
        return Ask(f"{V1}/inventory/adjust", told)

    def receipt(self) -> Ask:
        lines = [NewPurchaseLine(self.mug, 10, Decimal("2.50")), NewPurchaseLine(self.cap, 5, Decimal("1.25"))]
        with self.front.database.write() as tx:
            new = NewPurchaseOrder(self.supplier, self.front.location_id, lines)
            made = create_purchase_order(tx, new, actor=CLERK, now=NOON).id
            send_purchase_order(tx, made, actor=CLERK, now=NOON)
        arrived = [{"line_no": 1, "quantity": 4}, {"line_no": 2, "quantity": 5}]
        return Ask(f"{V1}/purchase-orders/{made}/receive", {"lines": arrived})

    def _ordered(self) -> Placed:
        return self.front.place(self.front.cart(MUG=2, CAP=1), provider="manual")


WRITES: dict[str, Callable[[Shop], Ask]] = {
    "checkout that waits for its payment": lambda shop: shop.checkout("test"),
    "checkout that is confirmed at once": lambda shop: shop.checkout("manual"),
    "payment entered by hand": Shop.payment,
    "refund": Shop.refund,
    "stock adjustment": Shop.adjustment,
    "receipt of a purchase order": Shop.receipt,
}


@dataclass(frozen=True)
class Trade:
    """A shop, and the server that sells for it."""

    shop: Shop
    server: Mortal


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def trade(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    """One for all writes of an engine: to start a server takes longer than to kill it."""
    if request.param == "sqlite":
        copied = tmp_path_factory.mktemp("crash") / "store.db"
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_sqlite'), copied)}"
    else:
        url = request.getfixturevalue("make_postgres")(request.getfixturevalue("migrated_postgres"))
    with closing(Database(url)) as database:
        shop = Shop(database)
        with Mortal(url, KEY, shop.token) as server:
            yield Trade(shop, server)


def _questions() -> Iterator[tuple[list[str], str]]:
    """What is asked of each table, with the names of the answers: put together once, because it is asked so often."""
    for table in metadata.tables.values():
        summed = [
            column.name
            for column in table.columns
            if isinstance(column.type, Integer | BigInteger) and (table.name, column.name) not in NOT_SUMMED
        ]
        sums = "".join(f', sum("{name}")' for name in summed)
        names = [table.name, *(f"{table.name}.{name}" for name in summed)]
        yield names, f'SELECT count(*){sums} FROM "{table.name}"'
        for name in (column.name for column in table.columns if column.name in GROUPED):
            yield [f"{table.name}.{name}"], f'SELECT count(*), "{name}" FROM "{table.name}" GROUP BY "{name}"'


QUESTIONS = list(_questions())


def books_of(database: Database) -> Books:
    """Rows of every table, the sum of every column of whole numbers, and how often each state stands there."""
    books: Books = Tally()
    with database.read() as tx:
        for names, question in QUESTIONS:
            answers: Sequence[Any] = tx.connection().exec_driver_sql(question).all()
            for row in answers:
                if " GROUP BY " in question:
                    books[f"{names[0]}={row[1]}"] = row[0]
                else:
                    books.update({name: int(value or 0) for name, value in zip(names, row, strict=True)})
    return books


def changes(before: Books, after: Books) -> dict[str, int]:
    return {name: after[name] - before[name] for name in before | after if after[name] != before[name]}


def shape_of(told: Told) -> tuple[int | None, str]:
    """An answer without what no two have in common: its ids, and the numbers of its documents."""
    names: dict[str, str] = {}
    text = orjson.dumps(told.body, option=orjson.OPT_SORT_KEYS).decode()
    text = ID.sub(lambda found: names.setdefault(found[0], f"<id {len(names)}>"), text)
    return told.status, NUMBER.sub(r"\1-<number>", text)


def assert_sound(database: Database) -> None:
    """Levels are what moved and what is held, and no number was given twice or passed over."""
    with database.read() as tx:
        moved = select(StockMovement.product_id, func.sum(StockMovement.delta)).group_by(StockMovement.product_id)
        levels = select(Stock.product_id, func.sum(Stock.on_hand)).group_by(Stock.product_id)
        assert {*tx.execute(moved)} == {*tx.execute(levels)}
        assert total(tx, Reservation.quantity) == total(tx, Stock.reserved)
        numbers = sorted(tx.scalars(select(Order.order_number)))
        assert numbers == [f"SHOP-{number:05}" for number in range(1, len(numbers) + 1)]
        series = select(NumberSeries.next_value).where(NumberSeries.prefix == "SHOP-")
        assert tx.scalar(series) == (len(numbers) + 1 if numbers else None)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("write", WRITES)
def test_a_write_killed_at_any_statement_happens_exactly_once(trade: Trade, write: str) -> None:
    shop, server = trade.shop, trade.server
    database, ask_anew = shop.front.database, WRITES[write]
    server.post(*told(ask_anew(shop)), f"{write} warms up")
    first = ask_anew(shop)
    before = books_of(database)
    undisturbed = server.post(*told(first), f"{write} undisturbed", dies_at=NEVER)
    once = changes(before, books_of(database))
    assert undisturbed.status in (200, 201), undisturbed.body
    assert once["idempotency_keys"] == 1
    assert once["audit_log"] >= 1
    assert not undisturbed.is_replay

    dies_at, deaths = 0, Tally[str]()
    while True:
        dies_at += 1
        ask, key = ask_anew(shop), f"{write} {dies_at}"
        before = books_of(database)
        died = server.post(*told(ask), key, dies_at=dies_at)
        left = changes(before, books_of(database))
        where = undisturbed.moments[dies_at - 1 : dies_at]
        assert left in ({}, once), where

        again = server.post(*told(ask), key)
        assert changes(before, books_of(database)) == once, where
        assert again.is_replay == (left == once), where
        assert shape_of(again) == shape_of(undisturbed), where
        assert_sound(database)
        if died.status is not None:
            break
        deaths["after the commit" if left else "before the commit"] += 1

    assert shape_of(died) == shape_of(undisturbed)
    assert dies_at == len(undisturbed.moments) + 1
    assert deaths["before the commit"] > 5, "there was nothing to die at"
    assert deaths["after the commit"] >= 1, "it never died between commit and answer"


@pytest.mark.timeout(120)
def test_of_writers_killed_together_each_is_done_once_and_who_was_answered_stays(trade: Trade) -> None:
    """Writers may share a commit: nobody may be told of it before it is on the disk."""
    shop, server = trade.shop, trade.server
    database = shop.front.database
    server.post(*told(shop.checkout("manual")), "together warms up")
    asks = [(*told(shop.checkout("manual")), f"together undisturbed {number}") for number in range(TOGETHER)]
    before = books_of(database)
    undisturbed = server.post_together(asks, dies_at=NEVER)
    assert [one.status for one in undisturbed] == [201] * TOGETHER
    once = {name: count // TOGETHER for name, count in changes(before, books_of(database)).items()}
    last = max(len(one.moments) for one in undisturbed)

    seen = Tally[str]()
    # Where they commit and answer it is looked closely.
    for dies_at in (last // 4, last // 2, *range(last - 18, last + 1, 2)):
        asks = [(*told(shop.checkout("manual")), f"together {dies_at} {number}") for number in range(TOGETHER)]
        before = books_of(database)
        died = server.post_together(asks, dies_at=dies_at)
        left = changes(before, books_of(database))
        done, answered = left.get("orders", 0), [one.status for one in died].count(201)
        assert left == {name: count * done for name, count in once.items() if done}, dies_at
        assert answered <= done, dies_at
        seen[f"{'some' if answered else 'none'} answered, {'some' if done else 'none'} done"] += 1

        again = server.post_together(asks)
        assert [one.status for one in again] == [201] * TOGETHER
        assert [one.is_replay for one in again].count(True) == done, dies_at
        for first, second in zip(died, again, strict=True):
            assert first.status is None or (second.is_replay and second.body == first.body), dies_at
        assert changes(before, books_of(database)) == {name: count * TOGETHER for name, count in once.items()}
        assert_sound(database)
    assert len(seen) > 1, f"all died alike: {seen}"


def told(ask: Ask) -> tuple[str, dict[str, Any]]:
    return ask.path, ask.body
