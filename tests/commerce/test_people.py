"""One person in every room: what they bought, and what is held about them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import orjson
import pytest

from tests.commerce.people import ANN, CANARY, a_canary, erase, of_channel, points_at, rows_with_the_canary
from tests.spine import NOON, Shop, a_line, an_order
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.people.export import export_person
from tradewind.commerce.people.history import bought_by_person, orders_of_person
from tradewind.commerce.people.holdings import holdings
from tradewind.core.database import Database
from tradewind.core.errors import NotFound


def test_a_history_has_every_order_and_its_figures_only_what_is_sold(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(
        an_order("A", a_line(price="10.00"), customer=ANN),
        an_order("B", a_line(price="5.50"), customer=ANN, placed_at=NOON + timedelta(days=1)),
        an_order("C", customer=ANN, status=OrderStatus.CANCELLED),
        an_order("D", customer=ANN, is_test=True),
        an_order("E", a_line(price="900"), customer=ANN, currency="JPY"),
        an_order("F", customer=NewCustomer("bob")),
    )
    ann = of_channel(store)
    with store.read() as tx:
        assert {order.order_number for order in orders_of_person(tx, ann, limit=10).items} == {*"ABCDE"}
        eur, jpy = bought_by_person(tx, ann)
        assert bought_by_person(tx, "nobody") == []
    assert (eur.currency, eur.placed, eur.orders, eur.total) == ("EUR", 3, 2, Decimal("15.50"))
    assert (eur.first_order_at, eur.last_order_at) == (NOON, NOON + timedelta(days=1))
    assert (jpy.currency, jpy.orders, jpy.total) == ("JPY", 1, Decimal(900))


def test_every_table_that_points_at_a_person_or_an_order_is_exported_and_erased() -> None:
    """A table that comes later has to be put on the list, with its texts blanked or told to stay."""
    listed = {model.__tablename__ for model in holdings((), ())}
    pointing = {column.table.name for table in ("customers", "orders") for column in points_at(table)}
    assert pointing - listed == set()
    parts = {column.table.name for table in listed for column in points_at(table)}
    assert parts - listed == set()


def test_an_export_has_every_row_of_the_person_and_of_nobody_else(store: Database) -> None:
    ada = a_canary(store)
    Shop.open(store).book(an_order("B", a_line("CUP"), customer=NewCustomer("bob", name="Bob")))
    with store.read() as tx:
        found = {table: list(rows) for table, rows in export_person(tx, ada)}
        assert [table for table, rows in found.items() if not rows] == []
        assert len(found["customers"]) == 2
        assert [order["order_number"] for order in found["orders"]] == ["A"]
        assert {cart["email"] for cart in found["carts"]} == {CANARY, "canary@BIRD.com"}
        assert len(found["mails"]) == 2
        assert "Bob" not in repr(found)
        assert orjson.dumps(found)
        told = repr(found).lower()
    # All that an erasure would take away was in it.
    for row in rows_with_the_canary(store):
        if not row.startswith("audit_log"):
            table = row.partition(":")[0]
            assert table in found
            assert "canary" in told
    with store.read() as tx, pytest.raises(NotFound):
        next(export_person(tx, "nobody"))


def test_an_export_after_an_erasure_says_nothing_of_who_it_was(store: Database) -> None:
    ada = a_canary(store)
    erase(store, ada)
    with store.read() as tx:
        found = {table: list(rows) for table, rows in export_person(tx, ada)}
    assert "canary" not in repr(found).lower()
    assert len(found["orders"]) == 1
