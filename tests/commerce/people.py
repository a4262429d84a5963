"""Short ways to make people, and one of whom every table holds a row with a word that can be looked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
from sqlalchemy import JSON, Boolean, Date, LargeBinary, String, select
from sqlalchemy.orm import Session

from tests.spine import NOON, Shop, a_line, an_order
from tradewind.commerce.access.audit import SYSTEM, Change, record
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.customers.groups import create_group
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.profiles import create_customer, customer_for_change, edit_customer
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.people.erasure import Erasure, erase_customer
from tradewind.commerce.people.holdings import holdings
from tradewind.commerce.people.merge import merge_customers
from tradewind.core.database import Database
from tradewind.core.ids import new_id
from tradewind.events import outbox
from tradewind.migrations.tables import metadata

CANARY = "canary bird"
HOME = {"name": "Ada Example", "line1": "Main Street 1", "city": "Berlin", "country": "DE"}
ANN = NewCustomer("ann-1", email="ann@example.com", name="Ann", city="Bonn")
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
    "fees": {"external_id", "order_reference", "raw_kind"},
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
