"""Two profiles of one person become one, with everything that either has."""

from __future__ import annotations

import threading
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import func, select

from tests.commerce.people import ANN, HOME, a_promotion, erase, facts, merge, of_channel, points_at, profile
from tests.commerce.test_races import at_once, revenue_told, until_done
from tests.spine import NOON, Shop, a_line, a_refund, an_order, rows_of, total
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.carts.service import add_item, create_cart
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.customers.addresses import add_address
from tradewind.commerce.customers.consents import current_consents, note_consent
from tradewind.commerce.customers.groups import add_member, create_group, groups_of
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.profiles import (
    CustomerErased,
    CustomerMerged,
    EmailTaken,
    create_customer,
    customer_for_change,
    ensure_guest,
)
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.customers.store import CustomerFilter, addresses_of, customers_page, find_customer
from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.commerce.people.history import orders_of_person
from tradewind.commerce.promotions.model import PromotionUse
from tradewind.commerce.reviews.service import NewReview, record_reviews
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound


def a_busy_person(database: Database, sku: str, person: NewCustomer) -> str:
    """Somebody known to a channel with an order, a refund, a review, an address, a consent, a group and a cart."""
    shop = Shop.open(database)
    shop.book(an_order(f"{person.external_id}-order", a_line(sku, 2, "7.35"), customer=person))
    customer_id = of_channel(database, person.external_id)
    with database.write() as tx:
        product_id = find_products(tx, [sku])[sku].id
        order_id = tx.scalars(select(Order.id).where(Order.customer_id == customer_id)).one()
        book_refunds(tx, [a_refund(f"{person.external_id}-refund", customer=person)], shop.booking)
        opinion = NewReview(f"{person.external_id}-review", product_id, 4, NOON, customer_id=customer_id)
        record_reviews(tx, [opinion], shop.booking)
        held = customer_for_change(tx, customer_id)
        add_address(tx, held, HOME | {"company": person.external_id}, actor=SYSTEM, now=NOON)
        note_consent(tx, held, "newsletter", is_granted=True, source="form", actor=SYSTEM, now=NOON)
        create_group(tx, f"group-{person.external_id}", "Group", actor=SYSTEM, now=NOON)
        add_member(tx, held, f"group-{person.external_id}", actor=SYSTEM, now=NOON)
        cart_id = create_cart(tx, currency="EUR", customer_id=customer_id, actor=SYSTEM, now=NOON)
        put_products(tx, [NewProduct(sku, price=Decimal("7.35"), currency="EUR")], now=NOON)
        add_item(tx, cart_id, product_id, 2, actor=SYSTEM, now=NOON)
        promotion_id = a_promotion(tx)
        tx.add(PromotionUse(promotion_id=promotion_id, order_id=order_id, customer_key=customer_id, used_at=NOON))
    return customer_id


def test_everything_of_the_duplicate_is_found_under_the_survivor(store: Database) -> None:
    ann = a_busy_person(store, "MUG", ANN)
    dup = a_busy_person(store, "CUP", NewCustomer("ann-2", email="other@example.com", phone="123"))
    told_before = revenue_told(store)
    merge(store, ann, dup)
    with store.read() as tx:
        for column in points_at("customers"):
            left = tx.scalar(select(func.count()).select_from(column.table).where(column == dup))
            assert left == 0, f"{column.table.name}.{column.name} still points at the duplicate"
        assert tx.scalars(select(PromotionUse.customer_key)).all() == [ann, ann]
        survivor, gone = find_customer(tx, ann), find_customer(tx, dup)
        assert (survivor.email, survivor.name, survivor.phone, survivor.city) == (
            "ann@example.com",
            "Ann",
            "123",
            "Bonn",
        )
        assert gone.merged_into_id == ann
        assert [c.customer_id for c in customers_page(tx, CustomerFilter(), limit=10).items] == [ann]
        assert {order.order_number for order in orders_of_person(tx, ann, limit=10).items} == {
            "ann-1-order",
            "ann-2-order",
        }
        rows = addresses_of(tx, ann)
        assert [(row.company, row.is_default_shipping, row.is_default_billing) for row in rows] == [
            ("ann-1", True, True),
            ("ann-2", False, False),
        ]
        assert groups_of(tx, ann) == ["group-ann-1", "group-ann-2"]
        assert len(current_consents(tx, ann)) == 1
        (cart,) = tx.scalars(select(Cart).where(Cart.status == "open"))
        assert cart.customer_id == ann
        assert total(tx, CartLine.quantity) >= 4
        lines = tx.scalars(select(CartLine.quantity).where(CartLine.cart_id == cart.id)).all()
        assert sorted(lines) == [2, 2]
    # The warehouse hears who bought it, and not one cent is counted twice.
    assert revenue_told(store) == told_before
    last = {fact["order_number"]: fact for fact in facts(store, "orders")}
    assert {fact["customer_id"] for fact in last.values()} == {ann}
    assert last["ann-2-order"]["entries"] == []
    assert {fact["customer_id"] for fact in facts(store, "reviews")[-1:]} == {ann}
    assert facts(store, "customers")[-1]["phone"] == "123"


def test_a_merge_is_in_the_audit_log_of_both(store: Database) -> None:
    ann, bob = profile(store, name="Ann"), profile(store, name="Bob")
    merge(store, ann, bob)
    with store.read() as tx:
        entries = tx.scalars(select(AuditEntry).where(AuditEntry.action == "customer.merge")).all()
        assert {entry.subject_id for entry in entries} == {ann, bob}


def test_what_the_survivor_says_of_itself_stays_and_a_third_ones_address_too(store: Database) -> None:
    Shop.open(store).book(an_order("A", customer=ANN))
    profile(store, email="ann@example.com", name="Third")
    ann = profile(store, name="Ann Example", city="Kiel")
    merge(store, ann, of_channel(store))
    with store.read() as tx:
        survivor = find_customer(tx, ann)
    assert (survivor.email, survivor.name, survivor.city) == (None, "Ann Example", "Kiel")


def test_the_address_of_a_duplicate_leads_to_the_survivor(store: Database) -> None:
    ann, dup = profile(store, name="Ann"), profile(store, email="ann@example.com")
    other = profile(store, email="other@example.com")
    merge(store, ann, dup)
    merge(store, other, ann)
    with store.write() as tx:
        assert find_customer(tx, dup).merged_into_id == other
        for email in ("ann@example.com", "other@example.com"):
            assert ensure_guest(tx, {"email": email}, actor=SYSTEM, now=NOON) == other
            with pytest.raises(EmailTaken, match=other):
                create_customer(tx, {"email": email}, actor=SYSTEM, now=NOON)


def test_what_a_channel_tells_of_a_duplicate_later_is_the_survivors(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", customer=ANN))
    ann = profile(store, name="Ann")
    merge(store, ann, of_channel(store))
    shop.book(an_order("B", customer=NewCustomer("ann-1", city="Rome")))
    with store.read() as tx:
        assert {order.order_number for order in orders_of_person(tx, ann, limit=5).items} == {"A", "B"}
        assert find_customer(tx, ann).city == "Bonn"


def test_profiles_that_cannot_be_merged_are_refused(store: Database) -> None:
    ann, bob, cat = (profile(store, name=name) for name in ("Ann", "Bob", "Cat"))
    with pytest.raises(InvalidInput):
        merge(store, ann, ann)
    with pytest.raises(NotFound):
        merge(store, ann, "nobody")
    merge(store, ann, bob)
    for survivor, duplicate in ((ann, bob), (bob, ann), (cat, bob)):
        with pytest.raises(CustomerMerged, match=ann):
            merge(store, survivor, duplicate)
    erase(store, cat)
    with pytest.raises(CustomerErased):
        merge(store, ann, cat)
    for gone, refusal in ((bob, CustomerMerged), (cat, CustomerErased)):
        with store.write() as tx, pytest.raises(refusal):
            customer_for_change(tx, gone)


def test_two_who_merge_each_into_the_other_at_once_leave_one(store: Database) -> None:
    ann, bob = profile(store, name="Ann"), profile(store, name="Bob")
    calls = [partial(until_done, partial(merge, store, *pair)) for pair in ((ann, bob), (bob, ann))]
    assert [type(refusal) for refusal in at_once(*calls)] == [CustomerMerged]
    with store.read() as tx:
        assert tx.scalar(select(func.count()).where(Customer.merged_into_id.is_(None))) == 1


def test_an_order_that_comes_while_its_buyer_is_merged_away_is_the_survivors(store: Database) -> None:
    """The booking holds the profile it found: without that, the order would be left under the duplicate."""
    shop = Shop.open(store)
    shop.book(an_order("A-0", customer=ANN))
    dup, ann = of_channel(store), profile(store, name="Ann")
    begin = threading.Barrier(4)

    def book(writer: int) -> None:
        begin.wait(10)
        for turn in range(6):
            until_done(partial(shop.book, an_order(f"A-{writer}-{turn}", customer=ANN)))

    def merge_meanwhile() -> None:
        begin.wait(10)
        until_done(partial(merge, store, ann, dup))

    assert at_once(*(partial(book, writer) for writer in (1, 2, 3)), merge_meanwhile) == []
    with store.read() as tx:
        assert tx.scalars(select(Order.customer_id).distinct()).all() == [ann]
        assert rows_of(tx, Order) == 19
