"""Use cases of the catalogue: channels, products and categories come into being here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import (
    LONGEST_CATEGORY,
    Category,
    Product,
    ProductKind,
    ProductStatus,
    SalesChannel,
)
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, micros_to_decimal, to_decimal, to_micros, to_minor
from tradewind.core.text import check_texts
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product as a source tells it. What is None is unknown and leaves what we know alone."""

    sku: str
    name: str | None = None
    kind: ProductKind = ProductKind.GOOD
    category: str | None = None
    brand: str | None = None
    currency: str | None = None
    price: Decimal | None = None
    unit_cost: Decimal | None = None
    weight_grams: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ProductRef:
    """What a line needs to know of its product."""

    id: str
    sku: str
    name: str
    kind: str
    currency: str | None
    cost_micros: int | None


@dataclass(frozen=True, slots=True)
class CatalogChange:
    created: int
    changed: int


def ensure_channel(tx: Session, code: str, *, name: str, kind: str, now: datetime) -> SalesChannel:
    """The channel with this code, made when there is none yet."""
    channel = tx.scalar(select(SalesChannel).where(SalesChannel.code == code))
    if channel is None:
        channel = SalesChannel(id=new_id(), code=code, name=name, kind=kind, is_active=True, created_at=now)
        tx.add(channel)
        tx.flush()
        payload = {
            "contract": 1,
            "channel_id": channel.id,
            "channel": code,
            "name": name,
            "kind": kind,
            "version": 1,
        }
        outbox.append(tx, [Fact(Topic.CHANNELS, channel.id, now, encode(payload))])
    return channel


def put_products(tx: Session, products: Sequence[NewProduct], *, now: datetime) -> CatalogChange:
    """Creates products and brings known ones up to what the source says, by SKU. The same again changes nothing."""
    wanted = {product.sku: product for product in products}
    for product in wanted.values():
        _check(product)
    categories = _ensure_categories(tx, {p.category for p in wanted.values() if p.category})
    known = {p.sku: p for part in chunks(wanted) for p in tx.scalars(select(Product).where(Product.sku.in_(part)))}
    facts: list[Fact] = []
    new_rows: list[dict[str, Any]] = []
    for sku, product in wanted.items():
        values = _values(product, categories)
        row = known.get(sku)
        if row is None:
            fresh = _defaults(sku, now) | values
            new_rows.append(fresh)
            facts.append(_fact(fresh, product.category, now))
        elif differences := {name: value for name, value in values.items() if getattr(row, name) != value}:
            differences |= {"version": row.version + 1, "updated_at": now}
            tx.execute(update(Product).where(Product.id == row.id).values(**differences))
            current = {column.name: getattr(row, column.name) for column in Product.__table__.columns} | differences
            facts.append(_fact(current, _category_path(tx, current["category_id"]), now))
    insert_rows(tx, Product.__table__, new_rows)
    outbox.append(tx, facts)
    return CatalogChange(created=len(new_rows), changed=len(facts) - len(new_rows))


def find_products(tx: Session, skus: Iterable[str]) -> dict[str, ProductRef]:
    """The known products among these SKUs."""
    columns = (Product.id, Product.sku, Product.name, Product.kind, Product.currency, Product.cost_micros)
    found: dict[str, ProductRef] = {}
    for part in chunks(skus):
        for row in tx.execute(select(*columns).where(Product.sku.in_(part))):
            found[row.sku or ""] = ProductRef(row.id, row.sku or "", row.name, row.kind, row.currency, row.cost_micros)
    return found


def ensure_products(tx: Session, products: Mapping[str, NewProduct], *, now: datetime) -> dict[str, ProductRef]:
    """References for all SKUs; those that nobody has told us of yet are made from what the line says."""
    found = find_products(tx, products)
    missing = [product for sku, product in products.items() if sku not in found]
    if missing:
        put_products(tx, missing, now=now)
        found |= find_products(tx, [product.sku for product in missing])
    return found


_TEXTS = (("sku", 128), ("name", 10_000), ("category", LONGEST_CATEGORY), ("brand", 200), ("description", 100_000))


def _check(product: NewProduct) -> None:
    if not product.sku.strip():
        raise InvalidInput("A product needs a SKU: the id under which it is stocked and counted.", field="sku")
    if (product.price is not None or product.unit_cost is not None) and product.currency is None:
        raise InvalidInput(f"Product {product.sku} has a price but no currency.", field="currency")
    if product.price is not None and product.price < 0:
        raise InvalidInput(f"Product {product.sku} has a negative price, {product.price}.", field="price")
    if product.unit_cost is not None and product.unit_cost < 0:
        raise InvalidInput(f"Product {product.sku} has a negative cost, {product.unit_cost}.", field="unit_cost")
    check_texts(product, _TEXTS, of=f"product {product.sku[:40]}")


def _values(product: NewProduct, categories: Mapping[str, str]) -> dict[str, Any]:
    """The columns that the source knows something about."""
    currency = check_currency(product.currency) if product.currency else None
    values: dict[str, Any] = {
        "name": product.name.strip()[:500] if product.name and product.name.strip() else None,
        "kind": str(product.kind),
        "category_id": categories[product.category] if product.category else None,
        "brand": product.brand,
        "currency": currency,
        "price_minor": to_minor(product.price, currency, field="price")
        if product.price is not None and currency
        else None,
        "cost_micros": to_micros(product.unit_cost, field="unit_cost") if product.unit_cost is not None else None,
        "weight_grams": product.weight_grams,
        "description": product.description,
    }
    return {name: value for name, value in values.items() if value is not None}


def _defaults(sku: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "parent_id": None,
        "kind": str(ProductKind.GOOD),
        "sku": sku,
        "name": sku,
        "description": "",
        "category_id": None,
        "brand": None,
        "options": {},
        "attributes": {},
        "barcode": None,
        "weight_grams": None,
        "status": str(ProductStatus.ACTIVE),
        "price_minor": None,
        "cost_micros": None,
        "currency": None,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


def _ensure_categories(tx: Session, paths: set[str]) -> dict[str, str]:
    """Ids by path; 'Home / Kitchen' is a child of 'Home'."""
    found: dict[str, str] = {}
    for part in chunks(sorted(paths)):
        found |= {
            row.path: row.id for row in tx.execute(select(Category.path, Category.id).where(Category.path.in_(part)))
        }
    for path in sorted(paths - set(found)):
        parent, _, name = path.rpartition(" / ")
        parent_id = _ensure_categories(tx, {parent})[parent] if parent else None
        category = Category(id=new_id(), parent_id=parent_id, name=name, path=path)
        tx.add(category)
        tx.flush()
        found[path] = category.id
    return found


def _category_path(tx: Session, category_id: str | None) -> str | None:
    return tx.scalar(select(Category.path).where(Category.id == category_id)) if category_id else None


def _fact(row: Mapping[str, Any], category: str | None, now: datetime) -> Fact:
    currency = row["currency"]
    payload = {
        "contract": 1,
        "product_id": row["id"],
        "version": row["version"],
        "parent_id": row["parent_id"],
        "kind": row["kind"],
        "sku": row["sku"],
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
