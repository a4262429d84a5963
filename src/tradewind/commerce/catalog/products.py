"""Use cases of one product: made, changed, varied, archived. Each writes the audit log, the fact and the index.

A variant is a product with a SKU of its own below a group; its options (colour: red) are unique in the group.
Products are archived and never deleted: orders and movements go on pointing at them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog import upkeep
from tradewind.commerce.catalog.categories import hold_category
from tradewind.commerce.catalog.checks import Attribute, check_attributes, check_options, check_values
from tradewind.commerce.catalog.facts import tell, values_of
from tradewind.commerce.catalog.model import STANDARD_TAX, Product, ProductKind, ProductPrice, ProductStatus
from tradewind.commerce.catalog.prices import Prices, own_and_other, price_in, record_prices
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_micros, to_minor

MOST_VARIANTS = 2_000
_INHERITED = ("category_id", "brand", "tax_class")
"""What a variant takes from its group, and follows as long as it has the same."""


class SkuTaken(Conflict):
    code = "sku_taken"

    def __init__(self, sku: str) -> None:
        super().__init__(f"There is a product with the SKU '{sku}' already. Choose another, or change that product.")


class OptionsTaken(Conflict):
    code = "options_taken"

    def __init__(self, options: Mapping[str, Any]) -> None:
        told = ", ".join(f"{name} {value}" for name, value in options.items())
        super().__init__(f"The group has a variant with {told} already.")


class ProductValues(TypedDict, total=False):
    """What can be said of a product. What is not said stays as it is, or has its default in a new one."""

    sku: str | None
    name: str
    description: str
    category_id: str | None
    brand: str | None
    attributes: Mapping[str, Attribute]
    options: Mapping[str, Any]
    """Of a group: names with the values there may be. Of a variant: one value for each of them."""
    barcode: str | None
    weight_grams: int | None
    tax_class: str
    status: ProductStatus
    currency: str | None
    price: Decimal | None
    unit_cost: Decimal | None


def lock_product(tx: Session, product_id: str) -> Product:
    """The product as it is, and nobody else changes it until the end of the transaction. Raises NotFound."""
    parent_id = tx.scalar(select(Product.parent_id).where(Product.id == product_id))
    if parent_id is not None:
        # Group before variant, always in this order: two writers wait for each other and not in a circle.
        tx.execute(select(Product.id).where(Product.id == parent_id).with_for_update())
    query = select(Product).where(Product.id == product_id).with_for_update()
    found = tx.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(f"There is no product {product_id[:40]}.")
    return found


def create_product(
    tx: Session, values: ProductValues, *, kind: ProductKind = ProductKind.GOOD, actor: Actor, now: datetime
) -> Product:
    """A new product or, with kind GROUP, one that variants are added to. Raises SkuTaken."""
    if not _said(values, "sku") and kind is not ProductKind.GROUP:
        raise InvalidInput("A product needs a SKU: the id under which it is stocked and counted.", field="sku")
    if kind is ProductKind.GROUP:
        check_options(values.get("options", {}))
    elif values.get("options"):
        raise InvalidInput("Only a group and its variants have options.", field="options")
    product = _add(tx, _blank(kind, now), values)
    _finish_new(tx, [product], actor=actor, now=now)
    return product


def add_variants(
    tx: Session, group: Product, variants: Sequence[ProductValues], *, actor: Actor, now: datetime
) -> list[Product]:
    """Adds variants to a group that `lock_product` has locked: all of them, or none. Raises OptionsTaken, SkuTaken.

    What a variant does not say it takes from the group; its name is the group's with the option values.
    """
    if group.kind != ProductKind.GROUP:
        raise InvalidInput(f"Product {group.sku or group.id} is not a group: it cannot have variants.", field="kind")
    taken = set(_options_in(tx, group.id))
    if len(taken) + len(variants) > MOST_VARIANTS:
        raise InvalidInput(f"A group has up to {MOST_VARIANTS} variants.", field="variants")
    made = []
    for number, values in enumerate(variants):
        options = _fitting(group, values.get("options", {}))
        if (key := _key(options)) in taken:
            raise OptionsTaken(options)
        taken.add(key)
        if not _said(values, "sku"):
            raise InvalidInput("A variant needs a SKU of its own.", field=f"variants.{number}.sku")
        blank = _blank(ProductKind.GOOD, now) | {"parent_id": group.id}
        blank |= {name: getattr(group, name) for name in (*_INHERITED, "currency", "status")}
        named = ProductValues(name=f"{group.name} – {' / '.join(map(str, options.values()))}"[:500])
        made.append(_add(tx, blank, named | values))
    _next_version(group, now)
    tx.flush()
    tell(tx, group, now=now)
    _finish_new(tx, made, actor=actor, now=now)
    return made


def update_product(tx: Session, product: Product, values: ProductValues, *, actor: Actor, now: datetime) -> bool:
    """Changes what is said, of a product that `lock_product` has locked; False when that changes nothing.

    A group hands its category, brand and tax class on to the variants that had the same.
    """
    if "options" in values:
        _check_new_options(tx, product, values["options"])
    if "sku" in values and not _said(values, "sku") and product.kind != ProductKind.GROUP:
        raise InvalidInput("A product needs a SKU: the id under which it is stocked and counted.", field="sku")
    columns = _columns(tx, values, values_of(product))
    before, before_prices = values_of(product), own_and_other(tx, product)
    differing = {name: value for name, value in columns.items() if before[name] != value}
    if not differing:
        return False
    for name, value in differing.items():
        setattr(product, name, value)
    _next_version(product, now)
    _drop_second_price(tx, product)
    followers = _pass_on(tx, product, before, now) if product.kind == ProductKind.GROUP else []
    tx.flush()
    record_prices(tx, [(product.id, before_prices, own_and_other(tx, product))], now=now)
    _tell_changes(tx, [(product, before), *followers], "product.update", actor=actor, now=now)
    return True


def archive_product(tx: Session, product: Product, *, actor: Actor, now: datetime) -> None:
    """Takes a product out of sale and out of lists, a group with its variants; once archived, nothing more happens."""
    touched = []
    for row in [product, *_variants(tx, product)]:
        if row.status != ProductStatus.ARCHIVED:
            before = values_of(row)
            row.status = ProductStatus.ARCHIVED
            _next_version(row, now)
            touched.append((row, before))
    if touched:
        tx.flush()
        _tell_changes(tx, touched, "product.archive", actor=actor, now=now)


def _said(values: ProductValues, name: Literal["sku"]) -> bool:
    return bool((values.get(name) or "").strip())


def _blank(kind: ProductKind, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": str(kind),
        "description": "",
        "options": {},
        "attributes": {},
        "tax_class": STANDARD_TAX,
        "status": str(ProductStatus.ACTIVE),
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


def _add(tx: Session, blank: Mapping[str, Any], values: ProductValues) -> Product:
    if "name" not in values:
        raise InvalidInput("A product needs a name.", field="name")
    columns = dict(blank) | _columns(tx, values, blank)
    product = Product(**columns)
    tx.add(product)
    # Flushed one by one, so that the second of two equal SKUs of one call is told from what the store holds.
    tx.flush()
    return product


def _finish_new(tx: Session, made: Sequence[Product], *, actor: Actor, now: datetime) -> None:
    none: Prices = {}
    record_prices(tx, [(row.id, none, price_in(row.currency, row.price_minor)) for row in made], now=now)
    tell(tx, *made, now=now)
    changes = [Change("product.create", product.id, None, _shown(values_of(product))) for product in made]
    record(tx, actor, *changes, now=now)
    upkeep.changed(tx, [product.id for product in made])


def _tell_changes(
    tx: Session, touched: Sequence[tuple[Product, Mapping[str, Any]]], action: str, *, actor: Actor, now: datetime
) -> None:
    tell(tx, *(product for product, _ in touched), now=now)
    changes = [Change(action, row.id, _shown(before), _shown(values_of(row))) for row, before in touched]
    record(tx, actor, *changes, now=now)
    upkeep.changed(tx, [product.id for product, _ in touched])


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit log keeps of a product."""
    left_out = ("id", "version", "created_at", "updated_at")
    return {name: value for name, value in values.items() if name not in left_out and value is not None}


def _columns(tx: Session, values: ProductValues, known: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that the values are about, checked against each other and against what is known."""
    check_values(values)
    columns: dict[str, Any] = {
        name: value for name, value in values.items() if name not in ("price", "unit_cost", "currency", "status")
    }
    for name in ("sku", "barcode", "brand"):
        if name in columns:
            columns[name] = (columns[name] or "").strip() or None
    if "name" in columns:
        columns["name"] = columns["name"].strip()
    if "status" in values:
        columns["status"] = str(values["status"])
    if "attributes" in values:
        columns["attributes"] = check_attributes(values["attributes"])
    if "options" in values:
        columns["options"] = dict(values["options"])
    if (category_id := values.get("category_id")) is not None:
        hold_category(tx, category_id)
    if (sku := columns.get("sku")) is not None and sku != known.get("sku"):
        _check_free(tx, sku, known["id"])
    return columns | _amounts(values, known)


def _amounts(values: ProductValues, known: Mapping[str, Any]) -> dict[str, Any]:
    """Price and cost in the currency that they will have; one that is not said again cannot change its currency."""
    told = values["currency"] if "currency" in values else known.get("currency")
    currency = check_currency(told) if told else None
    columns: dict[str, Any] = {"currency": currency} if "currency" in values else {}
    if currency != known.get("currency"):
        for column, field in (("price_minor", "price"), ("cost_micros", "unit_cost")):
            if known.get(column) is not None and field not in values:
                raise InvalidInput(
                    f"The product has a {field.replace('_', ' ')} in {known['currency']}: say it in the new currency.",
                    field=field,
                )
    for field in ("price", "unit_cost"):
        amount = values.get(field)
        if amount is not None and currency is None:
            raise InvalidInput(f"A {field.replace('_', ' ')} needs a currency.", field="currency")
    if "price" in values:
        price = values["price"]
        columns["price_minor"] = None if price is None or currency is None else to_minor(price, currency, field="price")
    if "unit_cost" in values:
        cost = values["unit_cost"]
        columns["cost_micros"] = None if cost is None else to_micros(cost, field="unit_cost")
    return columns


def _check_free(tx: Session, sku: str, own_id: str) -> None:
    other = tx.scalar(select(Product.id).where(Product.sku == sku))
    if other is not None and other != own_id:
        raise SkuTaken(sku)


def _check_new_options(tx: Session, product: Product, options: Mapping[str, Any]) -> None:
    if product.kind == ProductKind.GROUP:
        check_options(options)
        for variant in _variants(tx, product):
            _fits(variant.options, options)
    elif product.parent_id is not None:
        group = tx.get_one(Product, product.parent_id)
        fitting = _fitting(group, options)
        if _key(fitting) != _key(product.options) and _key(fitting) in set(_options_in(tx, group.id)):
            raise OptionsTaken(fitting)
    elif options:
        raise InvalidInput("Only a group and its variants have options.", field="options")


def _fitting(group: Product, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options in the group's order, if there is one allowed value for each; InvalidInput otherwise."""
    _fits(options, group.options)
    return {name: options[name] for name in group.options}


def _fits(options: Mapping[str, Any], allowed: Mapping[str, Any]) -> None:
    if options.keys() != allowed.keys():
        raise InvalidInput(
            f"A variant of this group has one value for each of: {', '.join(allowed) or 'no options'}."
            f" This one has {', '.join(options) or 'none'}.",
            field="options",
        )
    for name, value in options.items():
        if value not in allowed[name]:
            raise InvalidInput(
                f"'{value}' is not one of the values of {name}: {', '.join(map(str, allowed[name]))}.", field="options"
            )


def _key(options: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in options.items()))


def _options_in(tx: Session, group_id: str) -> list[tuple[tuple[str, str], ...]]:
    rows = tx.execute(select(Product.options).where(Product.parent_id == group_id).limit(MOST_VARIANTS))
    return [_key(row.options) for row in rows]


def _variants(tx: Session, group: Product) -> Sequence[Product]:
    query = select(Product).where(Product.parent_id == group.id).order_by(Product.id).limit(MOST_VARIANTS)
    return tx.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def _next_version(product: Product, now: datetime) -> None:
    product.version += 1
    product.updated_at = now


def _drop_second_price(tx: Session, product: Product) -> None:
    """A currency that has become the product's own has one price: the product's."""
    if product.currency is not None and (second := tx.get(ProductPrice, (product.id, product.currency))) is not None:
        tx.delete(second)
        tx.flush()


def _pass_on(
    tx: Session, group: Product, before: Mapping[str, Any], now: datetime
) -> list[tuple[Product, dict[str, Any]]]:
    changed = [name for name in _INHERITED if before[name] != getattr(group, name)]
    followers = []
    for variant in _variants(tx, group) if changed else ():
        same = [name for name in changed if getattr(variant, name) == before[name]]
        if same:
            followers.append((variant, values_of(variant)))
            for name in same:
                setattr(variant, name, getattr(group, name))
            _next_version(variant, now)
    return followers
