"""What planning asks of stock: goods in the order of their ids, what lies where, and from where they are sold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Category, Product, ProductKind, ProductStatus, SalesChannel
from tradewind.commerce.inventory.model import Location, Reason, StockMovement
from tradewind.core.money import micros_to_decimal, to_decimal

SALES_OF_DAYS = 90


@dataclass(frozen=True, slots=True)
class GoodsView:
    """A good that is on sale. Price and cost are in `currency`; None where nobody has said."""

    product_id: str
    sku: str
    name: str
    category: str
    price: Decimal | None
    cost: Decimal | None
    currency: str | None
    shelf_life_days: int | None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A location in use; `channel` is the code of the channel that alone sells from it."""

    location_id: str
    code: str
    name: str
    channel: str | None


def goods_page(tx: Session, *, after: str | None, limit: int, sku: str | None = None) -> list[GoodsView]:
    """Active goods in the order of their ids."""
    query = (
        select(Product, Category.path)
        .join(Category, Category.id == Product.category_id, isouter=True)
        .where(Product.kind == str(ProductKind.GOOD), Product.status == str(ProductStatus.ACTIVE))
        .order_by(Product.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Product.id > after)
    if sku is not None:
        query = query.where(Product.sku == sku)
    return [_goods(product, path) for product, path in tx.execute(query)]


def places(tx: Session) -> list[PlaceView]:
    """The locations in use, by code."""
    columns = (Location.id, Location.code, Location.name, SalesChannel.code.label("channel"))
    query = select(*columns).join(SalesChannel, SalesChannel.id == Location.channel_id, isouter=True)
    rows = tx.execute(query.where(Location.is_active).order_by(Location.code).limit(10_000))
    return [PlaceView(row.id, row.code, row.name, row.channel) for row in rows]


def sold_from(tx: Session, product_ids: Collection[str], *, now: datetime) -> dict[tuple[str, str], int]:
    """Units sold in the last 90 days by product and location; none that did not sell."""
    found: dict[tuple[str, str], int] = {}
    for part in chunks(sorted(product_ids)):
        rows = tx.execute(
            select(StockMovement.product_id, StockMovement.location_id, func.sum(-StockMovement.delta))
            .where(
                StockMovement.product_id.in_(part),
                StockMovement.reason == str(Reason.SALE),
                StockMovement.occurred_at >= now - timedelta(days=SALES_OF_DAYS),
            )
            .group_by(StockMovement.product_id, StockMovement.location_id)
        )
        found |= {(product, place): int(units) for product, place, units in rows if units > 0}
    return found


def first_stocked(tx: Session, product_ids: Collection[str]) -> dict[str, datetime]:
    """When the first units of each product came to any shelf."""
    found: dict[str, datetime] = {}
    for part in chunks(sorted(product_ids)):
        rows = tx.execute(
            select(StockMovement.product_id, func.min(StockMovement.occurred_at))
            .where(StockMovement.product_id.in_(part), StockMovement.delta > 0)
            .group_by(StockMovement.product_id)
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def _goods(product: Product, path: str | None) -> GoodsView:
    life: Any = product.attributes.get("shelf_life_days") if product.attributes else None
    currency = product.currency
    return GoodsView(
        product.id,
        product.sku or "",
        product.name,
        path or "",
        None if product.price_minor is None or currency is None else to_decimal(product.price_minor, currency),
        None if product.cost_micros is None else micros_to_decimal(product.cost_micros),
        currency,
        life if isinstance(life, int) and not isinstance(life, bool) and 1 <= life <= 3650 else None,
    )
