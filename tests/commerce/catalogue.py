"""Short ways to make a catalogue."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import select

from tests.spine import NOON
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.catalog.model import Product, ProductKind
from tradewind.commerce.catalog.products import add_variants, create_product, lock_product, update_product
from tradewind.core.database import Database
from tradewind.events import outbox

ANN = Actor("ann", "u1")


def a_product(store: Database, sku: str | None = "MUG", name: str = "Mug", **more: Any) -> str:
    """A product for 10 EUR; returns its id."""
    kind = more.pop("kind", ProductKind.GOOD)
    values: Any = {"sku": sku, "name": name, "currency": "EUR", "price": Decimal("10.00")} | more
    with store.write() as tx:
        return create_product(tx, values, kind=kind, actor=ANN, now=NOON).id


def a_group(store: Database, name: str = "Shirt", **options: list[str]) -> str:
    told = options or {"Size": ["S", "M"], "Colour": ["red", "blue"]}
    return a_product(store, name.upper(), name, kind=ProductKind.GROUP, options=told, price=None)


def vary(store: Database, group_id: str, *variants: dict[str, Any]) -> list[str]:
    with store.write() as tx:
        told: Any = variants
        return [one.id for one in add_variants(tx, lock_product(tx, group_id), told, actor=ANN, now=NOON)]


def change(store: Database, product_id: str, *, at: datetime = NOON, **values: Any) -> bool:
    with store.write() as tx:
        told: Any = values
        return update_product(tx, lock_product(tx, product_id), told, actor=ANN, now=at)


def product(store: Database, product_id: str) -> Product:
    with store.read() as tx:
        found = tx.scalars(select(Product).where(Product.id == product_id)).one()
        tx.expunge(found)
        return found


def product_facts(store: Database) -> list[dict[str, Any]]:
    with store.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 10_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == "products"]
