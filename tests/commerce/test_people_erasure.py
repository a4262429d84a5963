"""What is left of who asked to be forgotten: sums and states, and nothing of who it was."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select

from tests.commerce.people import ANN, HOME, a_canary, erase, facts, merge, of_channel, profile, rows_with_the_canary
from tests.spine import NOON, Shop, an_order, rows_of, total
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.customers.addresses import add_address
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.profiles import CustomerErased, CustomerMerged, customer_for_change
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.customers.store import addresses_of, find_customer
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.notifications.service import queue_mail
from tradewind.commerce.orders.addresses import PostalAddress, put_addresses
from tradewind.commerce.orders.addresses import addresses_of as of_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import PaymentIntent, Refund
from tradewind.commerce.people.erasure import OpenOrders, erase_customer
from tradewind.commerce.people.history import orders_of_person
from tradewind.commerce.reviews.model import Review
from tradewind.commerce.shipping.model import Return, Shipment
from tradewind.core.database import Database
from tradewind.core.errors import NotFound


def money(database: Database) -> list[int]:
    with database.read() as tx:
        columns = (Order.total_minor, Order.revenue_minor, Order.units, Refund.amount_minor, PaymentIntent.amount_minor)
        return [total(tx, column) for column in columns] + [total(tx, Review.rating), rows_of(tx, Order)]


def test_no_row_of_any_table_says_who_an_erased_person_was_and_no_total_changes(store: Database) -> None:
    ada = a_canary(store)
    assert len(rows_with_the_canary(store)) > 20, "the canary has to be there before it can be gone"
    before = money(store)
    erasure = erase(store, ada)
    assert rows_with_the_canary(store) == []
    assert money(store) == before
    assert (erasure.profiles, erasure.orders, erasure.reviews, erasure.addresses) == (2, 1, 1, 1)
    assert (erasure.carts, erasure.mails) == (2, 2)
    assert erasure.audit_entries >= 8


def test_the_warehouse_hears_last_of_nobody(store: Database) -> None:
    ada = a_canary(store)
    with store.read() as tx:
        versions = dict(tx.execute(select(Customer.id, Customer.version)).all())
    erase(store, ada)
    told = {fact["customer_id"]: fact for fact in facts(store, "customers")}
    assert set(told) == set(versions)
    for customer_id, fact in told.items():
        assert fact["version"] == versions[customer_id] + 1
        assert [fact[name] for name in ("email", "name", "phone", "country", "region", "city")] == [""] * 6
        assert fact["birth_date"] is None
        assert "canary" not in fact["external_id"]
    (review,) = facts(store, "reviews")
    assert (review["title"], review["comment"], review["rating"]) == ("", "", 1)


def test_an_erasure_keeps_what_happened_and_stops_what_would(store: Database) -> None:
    ada = a_canary(store)
    erase(store, ada)
    with store.read() as tx:
        assert set(tx.scalars(select(Cart.status))) == {"expired"}
        assert set(tx.execute(select(Mail.status, Mail.recipient)).all()) == {
            ("failed", "[erased]"),
            ("sent", "[erased]"),
        }
        assert tx.scalars(select(Shipment.tracking_number)).all() == [None]
        assert tx.scalars(select(Return.reason)).all() == ["x"]
        entries = tx.scalars(select(AuditEntry).where(AuditEntry.action == "thing.change")).all()
        assert {orjson.dumps(entry.before) for entry in entries} == {b'{"name":"[erased]","n":1}'}
        (noted,) = tx.scalars(select(AuditEntry).where(AuditEntry.action == "customer.erase"))
        assert noted.subject_id == ada
        assert find_customer(tx, ada).is_erased
        with pytest.raises(CustomerErased):
            customer_for_change(tx, ada)


def test_who_was_erased_stays_so_whatever_the_channel_tells_and_the_order_is_still_theirs(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", customer=ANN))
    ann = of_channel(store)
    erase(store, ann)
    shop.book(an_order("B", customer=ANN))
    with store.read() as tx:
        found = find_customer(tx, ann)
        assert (found.email, found.name, found.external_id) != ("ann@example.com", "Ann", "ann-1")
        assert rows_of(tx, Customer) == 1
        assert len(orders_of_person(tx, ann, limit=5).items) == 2
    again = erase(store, ann)
    assert (again.profiles, again.orders) == (1, 2)
    shop.book(an_order("C", customer=ANN))
    with store.read() as tx:
        assert rows_of(tx, Customer) == 1


@pytest.mark.parametrize("status", ["pending", "confirmed", "processing"])
def test_who_still_waits_for_a_parcel_is_not_forgotten_by_mistake(store: Database, status: str) -> None:
    Shop.open(store).book(an_order("A", customer=ANN, status=OrderStatus(status)), an_order("B", customer=ANN))
    ann = of_channel(store)
    with store.write() as tx:
        order_id = tx.scalars(select(Order.id).where(Order.order_number == "A")).one()
        put_addresses(tx, order_id, shipping=PostalAddress(name="Ann", line1="Main Street 1"))
    with pytest.raises(OpenOrders, match="to be sent: A"):
        erase(store, ann)
    with store.read() as tx:
        assert find_customer(tx, ann).name == "Ann"
        assert of_order(tx, order_id)["shipping"].name == "Ann"
    with store.write() as tx:
        erase_customer(tx, ann, actor=SYSTEM, now=NOON, despite_open_orders=True)
    with store.read() as tx:
        assert of_order(tx, order_id)["shipping"].name is None


def test_a_mail_about_a_users_password_is_not_the_customers(store: Database) -> None:
    ann = profile(store, email="ann@example.com")
    with store.write() as tx:
        for kind, subject in (("password_reset", "reset"), ("order_confirmation", "order")):
            queue_mail(tx, kind, subject, "Ann@example.com", {"name": "Ann"}, now=NOON)
    assert erase(store, ann).mails == 1
    with store.read() as tx:
        waiting = tx.scalars(select(Mail.kind).where(Mail.status == "waiting")).all()
    assert waiting == ["password_reset"]


def test_others_are_left_alone(store: Database) -> None:
    Shop.open(store).book(
        an_order("A", customer=ANN), an_order("B", customer=NewCustomer("bob", name="Bob"), note="Hi")
    )
    bob = of_channel(store, "bob")
    with store.write() as tx:
        add_address(tx, customer_for_change(tx, bob), HOME, actor=SYSTEM, now=NOON)
    erase(store, of_channel(store))
    with store.read() as tx:
        assert find_customer(tx, bob).name == "Bob"
        assert len(addresses_of(tx, bob)) == 1
        assert tx.scalars(select(Order.note).where(Order.customer_id == bob)).one() == "Hi"
    with pytest.raises(NotFound):
        erase(store, "nobody")
    bobby = profile(store, name="Bobby")
    merge(store, bob, bobby)
    with pytest.raises(CustomerMerged):
        erase(store, bobby)
