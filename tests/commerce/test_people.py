"""One person in every room: what they bought, what two profiles become, what is left of who asked to be forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import JSON, Boolean, Date, LargeBinary, String, func, select
from sqlalchemy.orm import Session

from tests.commerce.test_races import at_once, revenue_told, until_done
from tests.spine import NOON, Shop, a_line, a_refund, an_order, rows_of, total
from tradewind.commerce.access.audit import SYSTEM, Change, record
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.carts.service import add_item, create_cart
from tradewind.commerce.catalog.model import Product
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
    edit_customer,
    ensure_guest,
)
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.customers.store import CustomerFilter, addresses_of, customers_page, find_customer
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.notifications.service import queue_mail
from tradewind.commerce.orders.addresses import PostalAddress, put_addresses
from tradewind.commerce.orders.addresses import addresses_of as of_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import PaymentIntent, Refund
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.commerce.people.erasure import Erasure, OpenOrders, erase_customer
from tradewind.commerce.people.export import export_person
from tradewind.commerce.people.history import bought_by_person, orders_of_person
from tradewind.commerce.people.holdings import holdings
from tradewind.commerce.people.merge import merge_customers
from tradewind.commerce.promotions.model import PromotionUse
from tradewind.commerce.reviews.model import Review
from tradewind.commerce.reviews.service import NewReview, record_reviews
from tradewind.commerce.shipping.model import Return, Shipment
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.events import outbox
from tradewind.migrations.tables import metadata

CANARY = "canary bird"
HOME = {"name": "Ada Example", "line1": "Main Street 1", "city": "Berlin", "country": "DE"}
ANN = NewCustomer("ann-1", email="ann@example.com", name="Ann", city="Bonn")


def profile(database: Database, **values: Any) -> str:
    with database.write() as tx:
        return create_customer(tx, values, actor=SYSTEM, now=NOON).id


def of_channel(database: Database, external_id: str = "ann-1") -> str:
    with database.read() as tx:
        return tx.scalars(select(Customer.id).where(Customer.external_id == external_id)).one()


def merge(database: Database, survivor_id: str, duplicate_id: str) -> None:
    with database.write() as tx:
        merge_customers(tx, survivor_id, duplicate_id, actor=SYSTEM, now=NOON)


def erase(database: Database, customer_id: str) -> Erasure:
    with database.write() as tx:
        return erase_customer(tx, customer_id, actor=SYSTEM, now=NOON)


def facts(database: Database, topic: str) -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 10_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == topic]


def relay(database: Database) -> None:
    """What has been told is on its way: the outbox is empty."""
    with database.write() as tx:
        outbox.forget(tx, outbox.waiting(tx, outbox.BEGINNING, 10_000).end)


# --- What a person bought ---------------------------------------------------------------------------------------------


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


# --- Two profiles of one person ---------------------------------------------------------------------------------------


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


def a_promotion(tx: Session) -> str:
    table = metadata.tables["promotions"]
    promotion_id = new_id()
    values = {c.name: None for c in table.columns if c.nullable} | {
        "id": promotion_id,
        "name": "Spring",
        "kind": "percent",
        "percent_ppm": 100_000,
        "conditions": {},
        "used": 0,
        "is_stackable": False,
        "priority": 0,
        "is_active": True,
        "version": 1,
        "created_at": NOON,
        "updated_at": NOON,
    }
    tx.execute(table.insert().values(**values))
    return promotion_id


def points_at(table: str) -> Iterator[Any]:
    """Every column that refers to a row of the table."""
    for other in metadata.sorted_tables:
        for column in other.columns:
            if any(key.column.table.name == table for key in column.foreign_keys):
                yield column


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


# --- Who asked to be forgotten ----------------------------------------------------------------------------------------

TECHNICAL = {
    "status",
    "currency",
    "provider",
    "kind",
    "code",
    "sku",
    "method",
    "carrier",
    "number",
    "origin",
    "purpose",
}
KEPT = {
    "orders": {
        "order_number",
        "external_id",
        "fulfillment_status",
        "payment_status",
        "ship_country",
        "ship_region",
        "ship_city",
    },
    "order_items": {"external_line_id", "name"},
    "order_history": {"previous_status"},
    "order_notes": {"author"},
    "order_discounts": {"name"},
    "order_addresses": {"country", "region"},
    "promotion_uses": {"customer_key"},
    "payments": {"external_id", "order_reference"},
    "payment_intents": {"provider_id", "failure"},
    "provider_refunds": {"provider_id", "failure", "reason", "credit_note"},
    "refunds": {"external_id", "ship_country", "reason"},
    "refund_items": {"name"},
    "returns": {"reason"},
    "reviews": {"external_id"},
    "carts": {"country", "region", "codes"},
    "mails": {"subject_id"},
}
"""Texts that stay after an erasure: numbers and names of things, states, places larger than a street."""


def fill(tx: Session, model: Any, **known: Any) -> Any:
    """A row with the canary in every text that is not told to stay."""
    table = model.__table__
    kept = TECHNICAL | KEPT.get(table.name, set())
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name in known:
            row[column.name] = known[column.name]
        elif column.foreign_keys and column.nullable:
            row[column.name] = None
        elif column.primary_key and isinstance(column.type, String):
            row[column.name] = new_id()[-(column.type.length or 26) :]
        elif isinstance(column.type, JSON):
            row[column.name] = {} if column.name in kept else {"told": [CANARY]}
        elif isinstance(column.type, LargeBinary):
            row[column.name] = b"\0" * 32
        elif isinstance(column.type, String):
            row[column.name] = "x" if column.name in kept else CANARY[: column.type.length]
        elif isinstance(column.type, Boolean):
            row[column.name] = False
        elif isinstance(column.type, Date):
            row[column.name] = date(1990, 2, 3)
        elif "_at" in column.name or column.name == "at":
            row[column.name] = NOON
        else:
            row[column.name] = 1
    tx.execute(table.insert().values(**row))
    return row


def a_canary(database: Database) -> str:
    """A person of whom every table holds a row with the canary in all its texts."""
    shop = Shop.open(database)
    person = NewCustomer(CANARY, f"{CANARY}@example.com", CANARY)
    shop.book(an_order("A", a_line("MUG", 2, "7.35"), customer=person, status=OrderStatus.DELIVERED))
    customer_id = of_channel(database, CANARY)
    with database.write() as tx:
        order = tx.scalars(select(Order)).one()
        order.note = CANARY
        row = tx.get_one(Customer, customer_id)
        row.phone = row.region = row.city = CANARY
        row.birth_date = date(1990, 2, 3)
        dup = fill(tx, Customer, channel_id=None, external_id=None, merged_into_id=customer_id, email="CANARY@Bird.com")
        product_id = tx.scalars(select(Product.id)).one()
        group_id = create_group(tx, "vip", "VIP", actor=SYSTEM, now=NOON).id
        of = {
            "customer_id": customer_id,
            "order_id": order.id,
            "channel_id": order.channel_id,
            "product_id": product_id,
            "group_id": group_id,
            "promotion_id": a_promotion(tx),
            "status": "open",
            "codes": [],
            "captured_minor": 0,
            "refunded_minor": 0,
        }
        ids: dict[str, str] = {}
        filled = {"customers", "orders", "order_items", "order_history"}
        for model in holdings((), ()):
            name = model.__tablename__
            if name in filled:
                continue
            told = {key: value for key, value in of.items() if key in model.__table__.columns}
            parents = {"cart_id": "carts", "intent_id": "payment_intents", "refund_id": "refunds"}
            parents |= {"shipment_id": "shipments", "return_id": "returns"}
            told |= {
                key: ids[table] for key, table in parents.items() if key in model.__table__.columns and table in ids
            }
            if name == "returns":
                told["refund_id"] = None
            if name == "mails":
                told |= {"recipient": "Canary@bird.com", "status": "waiting"}
            ids[name] = fill(tx, model, **told).get("id", "")
        fill(tx, Mail, subject_id=order.id, status="sent", kind="order_confirmation")
        fill(
            tx,
            Cart,
            **{k: v for k, v in of.items() if k in Cart.__table__.columns}
            | {"customer_id": None, "email": "canary@BIRD.com"},
        )
        subjects = [customer_id, dup["id"], order.id, ids["carts"], ids["reviews"], ids["shipments"], ids["returns"]]
        for subject_id in subjects:
            change = Change("thing.change", subject_id, {"name": CANARY, "n": 1}, {"name": None, "n": {"x": [CANARY]}})
            record(tx, SYSTEM, change, now=NOON)
        edit_customer(tx, customer_for_change(tx, customer_id), {"city": CANARY.upper()}, actor=SYSTEM, now=NOON)
    relay(database)
    return customer_id


def rows_with_the_canary(database: Database) -> list[str]:
    with database.read() as tx:
        return [
            f"{table.name}: {row}"
            for table in metadata.sorted_tables
            for row in tx.execute(select(table))
            if "canary" in repr(row).lower()
        ]


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


# --- What we hold about somebody --------------------------------------------------------------------------------------


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
