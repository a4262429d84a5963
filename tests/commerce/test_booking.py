"""Booking an order: once, whole or not at all, whoever tells of it and however often."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, a_line, an_order, rows_of, some_orders, total
from tradewind.commerce.booking import Effect
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.orders.model import Order, OrderChange, OrderItem
from tradewind.commerce.orders.service import OrderNumberTaken, book_order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.events import outbox

TABLES = (Order, OrderItem, OrderChange, Product, Customer, Stock, StockMovement, outbox.OutboxRow)


def counts(database: Database) -> dict[str, int]:
    with database.read() as tx:
        return {table.__tablename__: rows_of(tx, table) for table in TABLES}


def facts(database: Database, topic: str = "orders") -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 100_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == topic]


def state(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as tx:
        rows = tx.execute(
            select(Order.order_number, Order.total_minor, Order.revenue_minor, Order.units, Order.status)
            .join(OrderItem, OrderItem.order_id == Order.id)
            .add_columns(OrderItem.line_no, OrderItem.sku, OrderItem.quantity, OrderItem.revenue_minor)
            .order_by(Order.order_number, OrderItem.line_no)
        )
        return [tuple(row) for row in rows]


def test_an_order_is_booked_with_all_that_belongs_to_it(store: Database) -> None:
    shop = Shop.open(store)
    customer = NewCustomer("c-1", email="ann@example.com", name="Ann")
    before = counts(store)
    (outcome,) = shop.book(an_order("A", a_line("MUG", 2), a_line("CUP", 1, "4.50"), customer=customer))
    assert outcome.effect is Effect.CREATED
    added = {table: count - before[table] for table, count in counts(store).items()}
    assert added == {
        "orders": 1,
        "order_items": 2,
        "order_history": 1,
        "products": 2,
        "customers": 1,
        "stock": 2,
        "stock_movements": 2,
        "outbox": 6,  # the order, two products, the customer, two movements
    }
    (fact,) = facts(store)
    assert (fact["order_id"], fact["version"], fact["total"], fact["revenue"]) == (outcome.id, 1, "24.50", "24.50")
    assert "ann@example.com" not in str(fact)  # personal data travels with the customer alone


def test_the_same_again_changes_nothing(store: Database) -> None:
    shop = Shop.open(store)
    orders = some_orders(30)
    assert {outcome.effect for outcome in shop.book(*orders)} == {Effect.CREATED}
    before = counts(store)
    assert {outcome.effect for outcome in shop.book(*orders)} == {Effect.UNCHANGED}
    assert counts(store) == before


@pytest.mark.parametrize("seed", range(3))
def test_batches_cut_and_shuffled_in_any_way_end_in_the_same_state(store: Database, seed: int) -> None:
    shop, chance = Shop.open(store), random.Random(seed)
    orders = [*some_orders(25), *some_orders(25)]  # each told twice
    chance.shuffle(orders)
    while orders:
        size = chance.randint(1, 9)
        shop.book(*orders[:size])
        orders = orders[size:]
    whole = sorted(state(store))

    other = Shop.open(store, "other")
    other.book(*some_orders(25))
    with store.read() as tx:
        assert rows_of(tx, Order) == 50
    assert sorted(state(store)) == sorted(whole * 2)
    assert len(facts(store)) == 50


def test_other_content_under_a_known_id_is_a_new_version(store: Database) -> None:
    shop = Shop.open(store)
    (first,) = shop.book(an_order("A", a_line("MUG", 2), a_line("CUP", 1)))
    (second,) = shop.book(an_order("A", a_line("MUG", 1), status=OrderStatus.SHIPPED))
    assert (second.effect, second.id) == (Effect.CHANGED, first.id)
    assert [(row[2], row[6], row[7]) for row in state(store)] == [(1000, "MUG", 1)]
    assert [(fact["version"], fact["previous_status"]) for fact in facts(store)] == [(1, ""), (2, "confirmed")]
    with store.read() as tx:
        assert [change.status for change in tx.scalars(select(OrderChange).order_by(OrderChange.id))] == [
            "confirmed",
            "shipped",
        ]
        assert total(tx, Stock.on_hand) == -1


def test_an_order_told_twice_in_one_batch_ends_as_if_told_one_by_one(store: Database) -> None:
    shop = Shop.open(store)
    outcomes = shop.book(
        an_order("A", a_line("MUG", 5)),
        an_order("B"),
        an_order("A", a_line("MUG", 5)),
        an_order("A", a_line("MUG", 2)),
        an_order("A", a_line("MUG", 3)),
    )
    assert [outcome.effect for outcome in outcomes] == [
        Effect.CREATED,
        Effect.CREATED,
        Effect.UNCHANGED,
        Effect.CHANGED,
        Effect.CHANGED,
    ]
    assert [(row[0], row[7]) for row in state(store)] == [("A", 3), ("B", 1)]
    units = [sum(e["units"] for e in fact["entries"] if e["grain"] == "order") for fact in facts(store)]
    assert units == [5, 1, -3, 1]
    with store.read() as tx:
        assert total(tx, Stock.on_hand) == -4


def test_what_the_channel_said_earlier_does_not_undo_what_it_said_later(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", status=OrderStatus.SHIPPED, channel_updated_at=NOON))
    late = an_order("A", status=OrderStatus.PENDING, channel_updated_at=NOON.replace(hour=9))
    assert shop.book(late)[0].effect is Effect.UNCHANGED
    assert state(store)[0][4] == "shipped"


def test_two_orders_with_one_number_are_a_conflict_and_the_first_stands(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", external_id="x-1"))
    before = counts(store)
    (outcome,) = shop.book(an_order("A", a_line("NEW"), external_id="x-2"))
    assert outcome.effect is Effect.REFUSED
    assert isinstance(outcome.error, OrderNumberTaken)
    assert "Order number A belongs to another order of this channel" in str(outcome.error)
    assert counts(store) == before

    together = shop.book(an_order("B", external_id="y-1"), an_order("B", external_id="y-2"))
    assert [o.effect for o in together] == [Effect.CREATED, Effect.REFUSED]
    assert Shop.open(store, "other").book(an_order("A"))[0].effect is Effect.CREATED


def test_a_refused_order_leaves_nothing_and_holds_up_no_other(store: Database) -> None:
    shop = Shop.open(store)
    bad = an_order("BAD", a_line("NEVER", price="5", discount=Decimal(6)), customer=NewCustomer("never"))
    outcomes = shop.book(an_order("A"), bad, an_order("B"))
    assert [o.effect for o in outcomes] == [Effect.CREATED, Effect.REFUSED, Effect.CREATED]
    assert outcomes[1].id is None
    with store.read() as tx:
        assert list(tx.scalars(select(Product.sku))) == ["MUG"]
        assert rows_of(tx, Customer) == 0
        assert sorted(tx.scalars(select(Order.order_number))) == ["A", "B"]


def test_one_order_that_is_refused_raises_what_refuses_it(store: Database) -> None:
    shop = Shop.open(store)
    before = counts(store)
    with pytest.raises(InvalidInput, match=r"more than the line is worth"), store.write() as tx:
        book_order(tx, an_order("A", a_line(discount=Decimal(11))), shop.booking)
    assert counts(store) == before


def test_a_transaction_that_fails_takes_its_bookings_and_their_facts_with_it(store: Database) -> None:
    shop = Shop.open(store)
    before = counts(store)

    def fail() -> None:
        with store.write() as tx:
            book_order(tx, an_order("A"), shop.booking)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert counts(store) == before


def test_lines_keep_what_was_true_at_the_time_of_sale(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", a_line(name="Red mug", unit_cost=Decimal("3.333333"))))
    with store.read() as tx:
        item = tx.scalars(select(OrderItem)).one()
        product = tx.scalars(select(Product)).one()
        assert (item.name, item.unit_cost_micros, item.unit_price_micros) == ("Red mug", 3_333_333, 10_000_000)
        assert (product.name, product.cost_micros) == ("Red mug", 3_333_333)


def test_many_orders_in_one_batch_are_looked_up_in_parts(store: Database) -> None:
    """More keys than either database takes in one list."""
    orders = some_orders(1_203, skus=1_100)
    shop = Shop.open(store, keeps_stock=False)
    assert len(shop.book(*orders)) == 1_203
    assert {outcome.effect for outcome in shop.book(*orders)} == {Effect.UNCHANGED}


def test_an_empty_batch_is_nothing(store: Database) -> None:
    shop = Shop.open(store)
    before = counts(store)
    assert shop.book() == []
    assert counts(store) == before
