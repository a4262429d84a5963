"""Entries in the sales figures: whatever happens to an order, its entries add up to what is true of it now."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.spine import NOON, Shop, a_line, a_refund, an_order
from tradewind.commerce.inventory.model import StockMovement
from tradewind.commerce.orders.facts import Entry, difference
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.new import NewOrder
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import SOLD, OrderStatus, next_states
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.payments.refunds import NewRefundLine, book_refunds
from tradewind.core.database import Database
from tradewind.events import outbox
from tradewind.events.contracts import Topic

Figures = dict[tuple[str, ...], tuple[Decimal, ...]]
MEASURES = ("units", "revenue", "refunded", "orders")


def entries_told(database: Database) -> list[dict[str, Any]]:
    with database.read() as tx:
        facts = outbox.waiting(tx, outbox.BEGINNING, 100_000).facts
    payloads = [orjson.loads(fact.payload) for fact in facts if fact.topic in (Topic.ORDERS, Topic.REFUNDS)]
    return [entry for payload in payloads for entry in payload["entries"]]


def summed(entries: Iterable[dict[str, Any]]) -> Figures:
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(MEASURES))
    for entry in entries:
        key = tuple(entry[name] for name in ("grain", "at", "channel", "country", "currency", "product_id"))
        sums[key] = [old + Decimal(entry[name]) for old, name in zip(sums[key], MEASURES, strict=True)]
    return {key: tuple(values) for key, values in sums.items() if any(values)}


def true_now(database: Database) -> Figures:
    """The figures as the rows of the store say them, computed on another way than the entries."""
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(MEASURES))
    with database.read() as tx:
        sold = [o for o in tx.scalars(select(Order)) if OrderStatus(o.status) in SOLD and not o.is_test]
        for order in sold:
            at = order.placed_at.strftime("%Y-%m-%d %H:%M:%S.%f")
            place = (at, "shop", order.ship_country or "", order.currency)
            counts = Decimal(0 if order.is_replacement else 1)
            whole = (Decimal(order.units), Decimal(order.revenue_minor) / 100, Decimal(0), counts)
            sums["order", *place, ""] = [v + w for v, w in zip(sums["order", *place, ""], whole, strict=True)]
            per_product: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
            for item in tx.scalars(select(OrderItem).where(OrderItem.order_id == order.id)):
                mine = per_product[item.product_id]
                per_product[item.product_id] = [mine[0] + item.quantity, mine[1] + Decimal(item.revenue_minor) / 100]
            for product_id, (units, revenue) in per_product.items():
                key = ("product", *place, product_id)
                part = (units, revenue, Decimal(0), counts)
                sums[key] = [old + new for old, new in zip(sums[key], part, strict=True)]
    return {key: tuple(values) for key, values in sums.items() if any(values)}


TELLINGS = st.fixed_dictionaries(
    {
        "number": st.sampled_from(["A", "B"]),
        "lines": st.lists(
            st.tuples(st.sampled_from(["MUG", "CUP", "POT"]), st.integers(1, 5), st.decimals("0.01", 99, places=2)),
            min_size=1,
            max_size=3,
        ),
        "status": st.sampled_from(list(OrderStatus)),
        "ship_country": st.sampled_from([None, "DE", "FR"]),
        "is_test": st.booleans(),
        "is_replacement": st.booleans(),
        "placed": st.integers(0, 3),
    }
)
STEPS = st.tuples(st.sampled_from(["A", "B"]), st.integers(0, 3))


def told(telling: dict[str, Any]) -> NewOrder:
    lines = [a_line(sku, quantity, str(price)) for sku, quantity, price in telling["lines"]]
    rest = {name: telling[name] for name in ("status", "ship_country", "is_test", "is_replacement")}
    return an_order(telling["number"], *lines, placed_at=NOON + timedelta(hours=telling["placed"]), **rest)


@contextmanager
def a_copy_of(template: Path) -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{shutil.copy(template, Path(folder) / 'store.db')}")
        yield database
        database.close()


@settings(max_examples=40)
@given(st.lists(st.lists(TELLINGS | STEPS, min_size=1, max_size=4), max_size=4))
def test_after_any_changes_the_entries_add_up_to_the_state(migrated_sqlite: Path, batches: list[list[Any]]) -> None:
    """Batches of tellings by the channel, mixed with steps of our own along the state machine."""
    with a_copy_of(migrated_sqlite) as store:
        shop = Shop.open(store)
        ids: dict[str, str] = {}
        for batch in batches:
            orders = [told(telling) for telling in batch if isinstance(telling, dict)]
            for order, outcome in zip(orders, shop.book(*orders), strict=True):
                assert outcome.error is None
                assert outcome.id is not None
                ids[order.order_number] = outcome.id
            for number, choice in (step for step in batch if isinstance(step, tuple)):
                with store.write() as tx:
                    order_row = tx.get(Order, ids.get(number, ""))
                    allowed = next_states(OrderStatus(order_row.status)) if order_row else ()
                    if order_row and allowed:
                        change_status(tx, order_row.id, allowed[choice % len(allowed)], now=NOON)
            assert summed(entries_told(store)) == true_now(store)


def entry(**more: Any) -> Entry:
    base: dict[str, Any] = {
        "grain": "order",
        "at": NOON,
        "channel": "shop",
        "country": "DE",
        "currency": "EUR",
        "product_id": "",
        "units": 2,
        "revenue": 2000,
        "refunded": 0,
        "orders": 1,
    }
    return Entry(**(base | more))


def test_a_change_takes_back_what_was_said_and_says_what_is_true() -> None:
    assert difference([entry()], [entry(revenue=1500)]) == [
        entry(units=-2, revenue=-2000, orders=-1),
        entry(revenue=1500),
    ]
    assert difference([entry()], []) == [entry(units=-2, revenue=-2000, orders=-1)]
    assert difference([entry()], [entry()]) == []


def test_a_change_that_touches_no_figure_makes_no_entry(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A"))
    before = len(entries_told(store))
    assert before == 2
    shop.book(an_order("A", note="gift wrapped"))
    assert len(entries_told(store)) == before


def test_a_replacement_moves_goods_and_is_no_order(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", a_line(price="0"), is_replacement=True))
    assert [(e["units"], e["orders"]) for e in entries_told(store)] == [(1, 0), (1, 0)]


@pytest.mark.parametrize("status", [OrderStatus.PENDING, OrderStatus.CANCELLED, OrderStatus.REFUNDED])
def test_what_is_not_sold_makes_no_entry(store: Database, status: OrderStatus) -> None:
    Shop.open(store).book(an_order("A", status=status), an_order("B", is_test=True))
    assert entries_told(store) == []


def _net(shop: Shop) -> tuple[int, int, int]:
    """What the credit notes of the store take off: units, goods, all."""
    with shop.database.read() as tx:
        rows = tx.scalars(select(Refund)).all()
        return tuple(sum(getattr(row, name) for row in rows) for name in ("units", "items_minor", "amount_minor"))


def test_credit_notes_of_an_order_count_as_long_as_it_is_sold_and_are_never_rewritten(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A-1", a_line("MUG", 3), a_line("CUP", 1, "4.00")), an_order("A-2"))
    lines = (
        NewRefundLine("MUG", 1, Decimal("10.00"), is_restocked=True),
        NewRefundLine("CUP", 0, Decimal("1.50")),
    )
    first = a_refund("R-1", *lines, order_reference="A-1", shipping=Decimal("2.00"), tax=Decimal("0.50"))
    second = a_refund("R" * 128, order_reference="A-1", refunded_at=NOON + timedelta(days=2))
    others = a_refund("R-3", NewRefundLine("MUG", 1, Decimal("7.00")), order_reference="A-2")
    with shop.database.write() as tx:
        book_refunds(tx, [first, second, others], shop.booking)
    told = _net(shop)
    shelf = stock_of(shop)

    def tell(status: OrderStatus) -> None:
        shop.book(an_order("A-1", a_line("MUG", 3), a_line("CUP", 1, "4.00"), status=status))

    for _ in range(2):
        tell(OrderStatus.CANCELLED)
        assert _net(shop) == (1, 700, 700)
        assert stock_of(shop) == shelf + 3 + 1 - 1, "what came back with the credit note does not come back twice"
        assert revenue_told(shop.database) == Decimal("10.00") - Decimal("7.00")
        tell(OrderStatus.REFUNDED)
        assert _net(shop) == (1, 700, 700)
        tell(OrderStatus.SHIPPED)
        assert _net(shop) == told
        assert stock_of(shop) == shelf
        assert revenue_told(shop.database) == Decimal("44.00") - Decimal("11.50") - Decimal("10.00") - Decimal("7.00")
    with shop.database.read() as tx:
        kept = tx.scalars(select(Refund).where(Refund.external_id.in_(["R-1", "R" * 128]))).all()
        assert sorted(row.amount_minor for row in kept) == [1000, 1400]
        assert tx.scalars(select(func.count(Refund.id))).one() == 3 + 2 * 4
        days = tx.execute(select(Refund.refunded_at, func.sum(Refund.items_minor)).group_by(Refund.refunded_at)).all()
        assert sorted(int(amount) for _, amount in days) == [1000, 1850]


def revenue_told(database: Database) -> Decimal:
    """As the live figures add it up."""
    return sum((Decimal(one["revenue"]) for one in entries_told(database) if one["grain"] == "order"), Decimal(0))


def stock_of(shop: Shop) -> int:
    with shop.database.read() as tx:
        return int(tx.scalar(select(func.sum(StockMovement.delta))) or 0)
