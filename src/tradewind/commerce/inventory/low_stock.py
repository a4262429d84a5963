"""What runs low: counted levels of active products with fewer units available than their reorder point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Subquery, func, literal, select, tuple_
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import Product
from tradewind.commerce.inventory.levels import live_reserved
from tradewind.commerce.inventory.model import Location, Stock
from tradewind.core.errors import InvalidInput
from tradewind.core.paging import Page, decode_cursor
from tradewind.core.text import check_text

_MOST_FREE = 2**62


@dataclass(frozen=True, slots=True)
class LowStock:
    """A product at a location with fewer units available than its reorder point."""

    product_id: str
    sku: str
    name: str
    location: str
    available: int
    """Below zero where a channel sold more than there is."""
    reorder_point: int

    @property
    def severity(self) -> str:
        """critical at none, warning below half of the point, else info (shared rule for stock alerts)."""
        if self.available <= 0:
            return "critical"
        return "warning" if 2 * self.available < self.reorder_point else "info"


def low_stock(tx: Session, *, default_reorder_point: int, now: datetime, limit: int = 10) -> tuple[int, list[LowStock]]:
    """How many levels are below their reorder point, and the worst of them."""
    low = _low(default_reorder_point, now, None)
    total = tx.scalar(select(func.count()).select_from(low).where(low.c.available < low.c.point)) or 0
    rows = tx.execute(
        select(low).where(low.c.available < low.c.point).order_by(low.c.available, low.c.sku, low.c.code).limit(limit)
    )
    return total, [_view(row) for row in rows]


def low_stock_page(
    tx: Session,
    *,
    default_reorder_point: int,
    now: datetime,
    limit: int,
    cursor: str | None = None,
    location_id: str | None = None,
) -> Page[LowStock]:
    """The same, page by page, the lowest first."""
    low = _low(default_reorder_point, now, location_id)
    query = select(low).where(low.c.available < low.c.point)
    query = query.order_by(low.c.available, low.c.sku, low.c.code).limit(limit + 1)
    if cursor is not None:
        place = tuple_(*(literal(part) for part in _place(cursor)))
        query = query.where(tuple_(low.c.available, low.c.sku, low.c.code) > place)
    return Page.cut(tx.execute(query).all(), limit, lambda row: (int(row.available), row.sku, row.code), _view)


def _low(default_reorder_point: int, now: datetime, location_id: str | None) -> Subquery:
    """Levels that may be low. The plain column comes first: reservations are looked up only for what it lets pass."""
    point = func.coalesce(Stock.reorder_point, default_reorder_point)
    query = (
        select(Product.id, func.coalesce(Product.sku, "").label("sku"), Product.name)
        .add_columns(Location.code, Location.name.label("location"))
        .add_columns((Stock.on_hand - live_reserved(now)).label("available"), point.label("point"))
        .select_from(Stock)
        .join(Product, Product.id == Stock.product_id)
        .join(Location, Location.id == Stock.location_id)
        .where(Stock.is_counted, Product.status == "active", Stock.on_hand - Stock.reserved < point)
    )
    return (query if location_id is None else query.where(Stock.location_id == location_id)).subquery()


def _view(row: Row[*tuple[Any, ...]]) -> LowStock:
    return LowStock(row.id, row.sku, row.name, row.location, int(row.available), row.point)


def _place(cursor: str) -> tuple[int, str, str]:
    """Units, SKU and location of the last item; a SKU may be in any script, but has to be one that can be compared."""
    free, sku, code = decode_cursor(cursor, 3)
    if not isinstance(free, int) or abs(free) > _MOST_FREE or not isinstance(sku, str) or not isinstance(code, str):
        raise InvalidInput("This cursor is not one of ours. Start again without it.", field="cursor")
    for part in (sku, code):
        check_text(part, 1000, field="cursor", of="a list")
    return free, sku, code
