"""Use cases of the catalogue: channels, products and categories come into being here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog import upkeep
from tradewind.commerce.catalog.categories import ensure_categories
from tradewind.commerce.catalog.checks import HEAVIEST_GRAMS, check_attributes
from tradewind.commerce.catalog.facts import product_fact, values_of
from tradewind.commerce.catalog.model import (
    LONGEST_CATEGORY,
    STANDARD_TAX,
    Category,
    Product,
    ProductKind,
    ProductStatus,
    SalesChannel,
)
from tradewind.commerce.catalog.prices import Prices, price_in, record_prices
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_micros, to_minor
from tradewind.core.prepared import Prepared
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
    status: ProductStatus | None = None
    barcode: str | None = None
    tax_class: str | None = None
    attributes: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ProductRef:
    """What a line needs to know of its product."""

    id: str
    sku: str
    name: str
    kind: str
    currency: str | None = None
    cost_micros: int | None = None


@dataclass(frozen=True, slots=True)
class CatalogChange:
    created: int
    changed: int


_CHANNEL_CODED = Prepared(select(SalesChannel.id).where(SalesChannel.code == bindparam("code")))


def find_channel(tx: Session, code: str) -> str | None:
    """The id of the channel with this code; None where there is none."""
    found: str | None = _CHANNEL_CODED.scalar(tx, code=code)
    return found


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
    """Creates products and brings known ones up to what the source says, by SKU. The same again changes nothing.

    Prices that differ are entered in their history.
    """
    wanted = {product.sku: product for product in products}
    for product in wanted.values():
        _check(product)
    categories = ensure_categories(tx, {p.category for p in wanted.values() if p.category}, now=now)
    values = {sku: _values(product, categories) for sku, product in wanted.items()}
    facts: list[Fact] = []
    prices: list[tuple[str, Prices, Prices]] = []
    new_rows: list[dict[str, Any]] = []
    known = _known(tx, wanted)
    differing = [row.id for sku, row in known.items() if _differences(row, values[sku])]
    for sku, row in _locked(tx, differing).items():
        if differences := _differences(row, values[sku]):
            differences |= {"version": row.version + 1, "updated_at": now}
            current = values_of(row) | differences
            prices.append((row.id, price_in(row.currency, row.price_minor), _price(current)))
            facts.append(product_fact(current, _category_path(tx, current["category_id"]), now))
            tx.execute(update(Product).where(Product.id == row.id).values(**differences))
    for sku in (sku for sku in wanted if sku not in known):
        fresh = _defaults(sku, now) | values[sku]
        new_rows.append(fresh)
        facts.append(product_fact(fresh, wanted[sku].category, now))
        prices.append((fresh["id"], {}, _price(fresh)))
    insert_rows(tx, Product.__table__, new_rows)
    record_prices(tx, prices, now=now)
    outbox.append(tx, facts)
    if facts:
        upkeep.changed(tx, [fact.key for fact in facts])
    return CatalogChange(created=len(new_rows), changed=len(facts) - len(new_rows))


_REFS = Prepared(
    select(Product.id, Product.sku, Product.name, Product.kind, Product.currency, Product.cost_micros).where(
        Product.sku.in_(bindparam("skus", expanding=True))
    )
)


def find_products(tx: Session, skus: Iterable[str]) -> dict[str, ProductRef]:
    """The known products among these SKUs."""
    found: dict[str, ProductRef] = {}
    for part in chunks(skus):
        for row in _REFS.all(tx, skus=list(part)):
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


def check_product(product: NewProduct) -> None:
    """Raises InvalidInput, naming the field, for what `put_products` would refuse."""
    _check(product)
    _values(product, {product.category: ""} if product.category else {})


_TEXTS = (
    ("sku", 128),
    ("name", 10_000),
    ("category", LONGEST_CATEGORY),
    ("brand", 200),
    ("description", 100_000),
    ("barcode", 64),
    ("tax_class", 32),
)


def _check(product: NewProduct) -> None:
    if not product.sku.strip():
        raise InvalidInput("A product needs a SKU: the id under which it is stocked and counted.", field="sku")
    if (product.price is not None or product.unit_cost is not None) and product.currency is None:
        raise InvalidInput(f"Product {product.sku} has a price but no currency.", field="currency")
    if product.price is not None and product.price < 0:
        raise InvalidInput(f"Product {product.sku} has a negative price, {product.price}.", field="price")
    if product.unit_cost is not None and product.unit_cost < 0:
        raise InvalidInput(f"Product {product.sku} has a negative cost, {product.unit_cost}.", field="unit_cost")
    if product.weight_grams is not None and not 0 <= product.weight_grams <= HEAVIEST_GRAMS:
        raise InvalidInput(f"A weight is between 0 and {HEAVIEST_GRAMS} grams.", field="weight_grams")
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
        "status": None if product.status is None else str(product.status),
        "barcode": product.barcode,
        "tax_class": product.tax_class,
        "attributes": None if product.attributes is None else check_attributes(product.attributes),
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
        "tax_class": STANDARD_TAX,
        "status": str(ProductStatus.ACTIVE),
        "price_minor": None,
        "cost_micros": None,
        "currency": None,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


def _known(tx: Session, skus: Iterable[str]) -> dict[str, Product]:
    return {p.sku or "": p for part in chunks(skus) for p in tx.scalars(select(Product).where(Product.sku.in_(part)))}


def _locked(tx: Session, product_ids: Iterable[str]) -> dict[str, Product]:
    """The rows by SKU as they are once nobody else changes them: what they differ by is worked out again."""
    rows = [
        row
        for part in chunks(sorted(product_ids))
        for row in tx.scalars(
            select(Product)
            .where(Product.id.in_(part))
            .order_by(Product.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ]
    return {row.sku or "": row for row in rows}


def _differences(row: Product, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _price(row: Mapping[str, Any]) -> dict[str, int]:
    return price_in(row["currency"], row["price_minor"])


def _category_path(tx: Session, category_id: str | None) -> str | None:
    return tx.scalar(select(Category.path).where(Category.id == category_id)) if category_id else None
