"""What the warehouse is told of a product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Category, Product
from tradewind.core.money import micros_to_decimal, to_decimal
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

_STORED_SEPARATOR, _TOLD_SEPARATOR = " / ", " > "


def values_of(product: Product) -> dict[str, Any]:
    """A product's columns as they stand."""
    return {column.name: getattr(product, column.name) for column in Product.__table__.columns}


def tell(tx: Session, *products: Product, now: datetime) -> None:
    """Puts facts of these products, as they are now, into the caller's transaction."""
    ids = {product.category_id for product in products if product.category_id}
    paths = {
        row.id: row.path
        for part in chunks(sorted(ids))
        for row in tx.execute(select(Category.id, Category.path).where(Category.id.in_(part)))
    }
    outbox.append(tx, [product_fact(values_of(p), paths.get(p.category_id or ""), now) for p in products])


def product_fact(row: Mapping[str, Any], category: str | None, now: datetime) -> Fact:
    """The fact of a product whose columns these are; `category` is the path of its category."""
    currency = row["currency"]
    payload = {
        "contract": 1,
        "product_id": row["id"],
        "version": row["version"],
        "parent_id": row["parent_id"],
        "kind": row["kind"],
        "sku": row["sku"] or "",
        "name": row["name"],
        "category": category or "",
        "brand": row["brand"] or "",
        "status": row["status"],
        "currency": currency or "",
        "price": to_decimal(row["price_minor"], currency) if row["price_minor"] is not None and currency else None,
        "unit_cost": micros_to_decimal(row["cost_micros"]) if row["cost_micros"] is not None else None,
        "created_at": row["created_at"],
    }
    return Fact(Topic.PRODUCTS, row["id"], now, encode(payload))


def tell_categories(tx: Session, categories: Sequence[Category], *, now: datetime, is_deleted: bool = False) -> None:
    """Puts facts of these categories, as they are now, into the caller's transaction.

    A category counts no versions: the microsecond of the change orders its states.
    """
    version = int(now.timestamp() * 1_000_000)
    facts = [
        Fact(
            Topic.PRODUCT_CATEGORIES,
            category.id,
            now,
            encode(
                {
                    "contract": 1,
                    "category_id": category.id,
                    "version": version,
                    "parent_id": category.parent_id,
                    "name": category.name,
                    "path": category.path.replace(_STORED_SEPARATOR, _TOLD_SEPARATOR),
                    "status": "deleted" if is_deleted else "active",
                }
            ),
        )
        for category in categories
    ]
    outbox.append(tx, facts)
