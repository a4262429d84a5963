"""Read queries of products: lists in several orders, one product with all of its own, and what was searched for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Category, Product, ProductKind, ProductMedia, ProductStatus
from tradewind.commerce.catalog.prices import Reduction, other_prices, price_in, reductions
from tradewind.commerce.catalog.search.finding import below
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.money import micros_to_decimal, to_decimal
from tradewind.core.paging import Page, decode_cursor

MOST_SKUS = 200
"""That a list may be asked for by name."""


class Sort(StrEnum):
    """The order of a list. Those by price leave out products without one."""

    NEWEST = "newest"
    NAME = "name"
    CHEAPEST = "price"
    DEAREST = "-price"
    CHANGED = "changed"
    """The last changed first."""


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products; an empty choice means all."""

    category_id: str | None = None
    """This category and all below it."""
    brands: tuple[str, ...] = ()
    statuses: tuple[ProductStatus, ...] = (ProductStatus.ACTIVE, ProductStatus.DRAFT)
    kinds: tuple[ProductKind, ...] = ()
    skus: tuple[str, ...] = ()
    parent_id: str | None = None
    with_variants: bool = False
    """Whether variants stand in the list beside their groups. Those of one group, and SKUs asked for, always do."""


@dataclass(frozen=True, slots=True)
class PriceView:
    """What a product costs in a currency. The lowest price of 30 days is told of a price that was lowered last."""

    currency: str
    price: Decimal
    lowest_price_30_days: Decimal | None
    reduced_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as a row of a list."""

    product_id: str
    parent_id: str | None
    kind: str
    sku: str | None
    name: str
    category_id: str | None
    category: str | None
    brand: str | None
    status: str
    options: Mapping[str, Any]
    currency: str | None
    price: Decimal | None
    lowest_price_30_days: Decimal | None
    reduced_at: datetime | None
    picture: str | None
    """Key of the first picture."""
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """What a list does not show."""

    product: ProductView
    description: str
    attributes: Mapping[str, Any]
    barcode: str | None
    weight_grams: int | None
    tax_class: str
    unit_cost: Decimal | None
    prices: Sequence[PriceView]
    variants: int


_COLUMNS = (
    Product.id,
    Product.parent_id,
    Product.kind,
    Product.sku,
    Product.name,
    Product.category_id,
    Category.path,
    Product.brand,
    Product.status,
    Product.options,
    Product.currency,
    Product.price_minor,
    Product.version,
    Product.created_at,
    Product.updated_at,
)
_SORTED = 3_000
_FIRST = {Sort.NAME: Product.name, Sort.CHEAPEST: Product.price_minor, Sort.DEAREST: Product.price_minor}


def products_page(
    tx: Session, chosen: ProductFilter, *, sort: Sort = Sort.NEWEST, limit: int, cursor: str | None = None
) -> Page[ProductView]:
    """Products in an order that inserts do not disturb. A page costs the same however deep it lies."""
    query = _filtered(_select(), chosen, _tree(tx, chosen.category_id))
    if sort in (Sort.CHEAPEST, Sort.DEAREST):
        query = query.where(Product.price_minor.is_not(None))
    rows = tx.execute(_ordered(query, sort, cursor).limit(limit + 1)).all()
    shown = {view.product_id: view for view in _views(tx, rows[:limit])}
    return Page.cut(rows, limit, _position(sort), lambda row: shown[row.id])


def products_by_id(tx: Session, product_ids: Sequence[str]) -> dict[str, ProductView]:
    """The products with these ids that there are."""
    views: dict[str, ProductView] = {}
    for part in chunks(product_ids):
        rows = tx.execute(_select().where(Product.id.in_(part))).all()
        views |= {view.product_id: view for view in _views(tx, rows)}
    return views


def find_product(tx: Session, product_id: str) -> ProductDetail:
    """One product; NotFound when there is none."""
    row = tx.get(Product, product_id)
    if row is None:
        raise NotFound(f"There is no product {product_id[:40]}.")
    lowered = reductions(tx, [product_id])
    prices = price_in(row.currency, row.price_minor) | other_prices(tx, product_id)
    return ProductDetail(
        product=products_by_id(tx, [product_id])[product_id],
        description=row.description,
        attributes=row.attributes,
        barcode=row.barcode,
        weight_grams=row.weight_grams,
        tax_class=row.tax_class,
        unit_cost=None if row.cost_micros is None else micros_to_decimal(row.cost_micros),
        prices=[_price(code, minor, lowered.get((product_id, code))) for code, minor in prices.items()],
        variants=tx.scalar(select(func.count()).where(Product.parent_id == product_id)) or 0,
    )


def descriptions(tx: Session, product_ids: Sequence[str]) -> dict[str, str]:
    """The descriptions of these products, for excerpts."""
    return {
        row.id: row.description
        for part in chunks(product_ids)
        for row in tx.execute(select(Product.id, Product.description).where(Product.id.in_(part)))
    }


def all_products(tx: Session, chosen: ProductFilter, *, batch: int = 500) -> Iterator[Sequence[Row[Any]]]:
    """Every product that fits, the oldest first, in batches: for exports, which know no last page."""
    after = ""
    query = _filtered(
        select(Product, Category.path).outerjoin(Category, Category.id == Product.category_id),
        chosen,
        _tree(tx, chosen.category_id),
    )
    while True:
        rows = tx.execute(query.where(Product.id > after).order_by(Product.id).limit(batch)).all()
        if not rows:
            return
        after = rows[-1][0].id
        yield rows
        tx.expunge_all()


def _select() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).outerjoin(Category, Category.id == Product.category_id)


def _filtered(query: Select[*tuple[Any, ...]], chosen: ProductFilter, tree: _Tree | None) -> Select[*tuple[Any, ...]]:
    if len(chosen.skus) > MOST_SKUS:
        raise InvalidInput(f"A list can be asked for up to {MOST_SKUS} SKUs.", field="sku")
    if chosen.statuses:
        query = query.where(Product.status.in_([str(status) for status in chosen.statuses]))
    if chosen.kinds:
        query = query.where(Product.kind.in_([str(kind) for kind in chosen.kinds]))
    if chosen.brands:
        query = query.where(Product.brand.in_(chosen.brands))
    if chosen.skus:
        query = query.where(Product.sku.in_(chosen.skus))
    if tree is not None:
        # An expression, for which there is no index, where the category holds so much that the order's is better.
        column = func.coalesce(Product.category_id, "") if tree.is_large else Product.category_id
        query = query.where(column.in_(tree.ids))
    if chosen.parent_id is not None:
        query = query.where(Product.parent_id == chosen.parent_id)
    elif not chosen.with_variants and not chosen.skus:
        # The same: nearly all products are no variants, and SQLite would sort them all.
        query = query.where(func.coalesce(Product.parent_id, "") == "")
    return query


@dataclass(frozen=True, slots=True)
class _Tree:
    """A category with all below it, and whether it holds more than is put in order while somebody waits."""

    ids: Sequence[str]
    is_large: bool


def _tree(tx: Session, category_id: str | None) -> _Tree | None:
    if category_id is None:
        return None
    ids = below(tx, category_id)
    some = select(Product.id).where(Product.category_id.in_(ids)).limit(_SORTED + 1).subquery()
    return _Tree(ids, (tx.scalar(select(func.count()).select_from(some)) or 0) > _SORTED)


def _ordered(query: Select[*tuple[Any, ...]], sort: Sort, cursor: str | None) -> Select[*tuple[Any, ...]]:
    is_rising = sort in (Sort.NAME, Sort.CHEAPEST)
    column: Any = _FIRST.get(sort) if sort is not Sort.CHANGED else Product.updated_at
    order = [part for part in (column, Product.id) if part is not None]
    query = query.order_by(*(order if is_rising else [part.desc() for part in order]))
    if cursor is None:
        return query
    position = _decoded(cursor, sort)

    def beyond(part: Any, value: Any) -> Any:
        return part > value if is_rising else part < value

    if column is None:
        return query.where(beyond(Product.id, position[0]))
    first, last = position
    # The first half alone lets the index seek; the second is exact among equals.
    seek = column >= first if is_rising else column <= first
    return query.where(seek, or_(beyond(column, first), and_(column == first, beyond(Product.id, last))))


def _position(sort: Sort) -> Callable[[Row[Any]], Sequence[Any]]:
    if sort is Sort.NEWEST:
        return lambda row: (row.id,)
    if sort is Sort.NAME:
        return lambda row: (row.name, row.id)
    if sort is Sort.CHANGED:
        return lambda row: (row.updated_at.isoformat(), row.id)
    return lambda row: (row.price_minor, row.id)


def _decoded(cursor: str, sort: Sort) -> list[Any]:
    position = decode_cursor(cursor, 1 if sort is Sort.NEWEST else 2)
    kinds: dict[Sort, type] = {Sort.CHEAPEST: int, Sort.DEAREST: int}
    fits = isinstance(position[-1], str) and "\0" not in position[-1]
    first = position[0]
    if sort is Sort.CHANGED:
        try:
            first = datetime.fromisoformat(first)
        except (TypeError, ValueError):
            first = None
        fits = fits and first is not None and first.tzinfo is not None
    else:
        fits = fits and type(first) is kinds.get(sort, str) and (not isinstance(first, int) or abs(first) < 2**63)
        fits = fits and (not isinstance(first, str) or "\0" not in first)
    if not fits:
        raise InvalidInput(
            "This cursor is not one of ours, or of another order. Start again without it.", field="cursor"
        )
    return [first, *position[1:]]


def _views(tx: Session, rows: Sequence[Row[Any]]) -> list[ProductView]:
    ids = [row.id for row in rows]
    lowered = reductions(tx, ids)
    pictures = _first_pictures(tx, ids)
    return [_view(row, lowered.get((row.id, row.currency)), pictures.get(row.id)) for row in rows]


def _view(row: Row[Any], reduction: Reduction | None, picture: str | None) -> ProductView:
    prices = [_price(code, minor, reduction) for code, minor in price_in(row.currency, row.price_minor).items()]
    price = prices[0] if prices else None
    return ProductView(
        product_id=row.id,
        parent_id=row.parent_id,
        kind=row.kind,
        sku=row.sku,
        name=row.name,
        category_id=row.category_id,
        category=row.path,
        brand=row.brand,
        status=row.status,
        options=row.options,
        currency=row.currency,
        price=price.price if price else None,
        lowest_price_30_days=price.lowest_price_30_days if price else None,
        reduced_at=price.reduced_at if price else None,
        picture=picture,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _price(currency: str, minor: int, reduction: Reduction | None) -> PriceView:
    return PriceView(
        currency=currency,
        price=to_decimal(minor, currency),
        lowest_price_30_days=to_decimal(reduction.lowest_minor, currency) if reduction else None,
        reduced_at=reduction.since if reduction else None,
    )


def _first_pictures(tx: Session, product_ids: Sequence[str]) -> dict[str, str]:
    query = select(ProductMedia.product_id, ProductMedia.key).order_by(
        ProductMedia.position.desc(), ProductMedia.id.desc()
    )
    return {
        row.product_id: row.key
        for part in chunks(product_ids)
        for row in tx.execute(query.where(ProductMedia.product_id.in_(part)))
    }
