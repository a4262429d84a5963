"""Read queries of stock: locations, levels, movements, and the documents that move goods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.inventory.levels import LevelKey, among, live_reserved
from tradewind.commerce.inventory.model import (
    Location,
    Stock,
    StockCount,
    StockCountLine,
    StockMovement,
    Transfer,
    TransferLine,
)
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.paging import Page, decode_cursor, one_id
from tradewind.core.text import check_text

LONGEST_SEARCH = 128


@dataclass(frozen=True, slots=True)
class LocationView:
    location_id: str
    code: str
    name: str
    kind: str
    channel_id: str | None
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LevelView:
    """Units of a product at a location. `available` is what may be promised: nothing where nobody ever counted."""

    product_id: str
    sku: str
    name: str
    location_id: str
    location: str
    on_hand: int
    reserved: int
    available: int
    inbound: int
    reorder_point: int | None
    is_counted: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MovementView:
    movement_id: str
    product_id: str
    sku: str
    location_id: str
    location: str
    delta: int
    reason: str
    reference: str | None
    note: str | None
    occurred_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TransferView:
    transfer_id: str
    number: str
    from_location_id: str
    to_location_id: str
    status: str
    note: str | None
    version: int
    created_at: datetime
    shipped_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TransferLineView:
    product_id: str
    sku: str
    name: str
    quantity: int
    received: int


@dataclass(frozen=True, slots=True)
class CountView:
    count_id: str
    number: str
    location_id: str
    status: str
    note: str | None
    created_at: datetime
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CountLineView:
    product_id: str
    sku: str
    name: str
    counted: int
    expected: int
    counted_at: datetime

    @property
    def difference(self) -> int:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """Which movements; None means all."""

    product_id: str | None = None
    location_id: str | None = None
    reason: str | None = None
    reference: str | None = None


def locations_page(
    tx: Session, *, limit: int, cursor: str | None = None, is_active: bool | None = None
) -> Page[LocationView]:
    """Locations by code."""
    query = select(Location).order_by(Location.code).limit(limit + 1)
    if is_active is not None:
        query = query.where(Location.is_active.is_(is_active))
    if cursor is not None:
        query = query.where(Location.code > one_id(cursor))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.code,), location_view)


def find_location(tx: Session, location_id: str) -> LocationView:
    location = tx.get(Location, location_id)
    if location is None:
        raise NotFound(f"There is no location {location_id[:40]}.")
    return location_view(location)


def location_view(row: Location) -> LocationView:
    return LocationView(row.id, row.code, row.name, row.kind, row.channel_id, row.is_active, row.created_at)


def levels_page(
    tx: Session,
    *,
    now: datetime,
    limit: int,
    cursor: str | None = None,
    location_id: str | None = None,
    text: str | None = None,
) -> Page[LevelView]:
    """Levels by SKU, then by location; `text` is part of a SKU or a name, in any case."""
    # The products of the page first, along the index of their SKUs: the levels of all others are never looked at.
    # Two more than shown: all levels of the first may lie on the page before.
    shown = select(Product.id).order_by(Product.sku).limit(limit + 2)
    level = select(Stock.product_id).where(Stock.product_id == Product.id)
    query = _levels(now).order_by(Product.sku, Location.code).limit(limit + 1)
    if location_id is not None:
        level = level.where(Stock.location_id == location_id)
        query = query.where(Stock.location_id == location_id)
    if text and (wanted := text.strip()[:LONGEST_SEARCH]):
        shown = shown.where(or_(*(c.icontains(wanted, autoescape=True) for c in (Product.sku, Product.name))))
    if cursor is not None:
        sku, code = _texts(cursor)
        shown = shown.where(Product.sku >= sku)
        query = query.where(or_(Product.sku > sku, Location.code > code))
    query = query.where(Stock.product_id.in_(shown.where(level.exists())))
    return Page.cut(tx.execute(query).all(), limit, lambda row: (row.sku or "", row.code), _level_view)


def product_levels(tx: Session, product_id: str, *, now: datetime) -> list[LevelView]:
    """A product's levels everywhere, by location."""
    query = _levels(now).where(Stock.product_id == product_id).order_by(Location.code).limit(1000)
    return [_level_view(row) for row in tx.execute(query)]


def levels_at(tx: Session, keys: Iterable[LevelKey], *, now: datetime) -> dict[LevelKey, LevelView]:
    """Levels by product and location."""
    found: dict[LevelKey, LevelView] = {}
    for part in chunks(sorted(set(keys))):
        for row in tx.execute(_levels(now).where(among(part))):
            found[row.product_id, row.location_id] = _level_view(row)
    return found


def movements_page(tx: Session, chosen: MovementFilter, *, limit: int, cursor: str | None = None) -> Page[MovementView]:
    """The ledger, what was booked last first."""
    query = (
        select(StockMovement, Product.sku, Location.code)
        .join(Product, Product.id == StockMovement.product_id)
        .join(Location, Location.id == StockMovement.location_id)
        .order_by(StockMovement.id.desc())
        .limit(limit + 1)
    )
    if chosen.product_id is not None:
        query = query.where(StockMovement.product_id == chosen.product_id)
    if chosen.location_id is not None:
        query = query.where(StockMovement.location_id == chosen.location_id)
    if chosen.reason is not None:
        query = query.where(StockMovement.reason == chosen.reason)
    if chosen.reference is not None:
        query = query.where(StockMovement.reference == chosen.reference)
    if cursor is not None:
        query = query.where(StockMovement.id < one_id(cursor))
    rows = tx.execute(query).all()
    return Page.cut(rows, limit, lambda row: (row[0].id,), _movement_view)


def transfers_page(
    tx: Session, *, limit: int, cursor: str | None = None, status: str | None = None
) -> Page[TransferView]:
    """Transfers, the newest first."""
    query = select(Transfer).order_by(Transfer.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(Transfer.status == status)
    if cursor is not None:
        query = query.where(Transfer.id < one_id(cursor))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.id,), transfer_view)


def find_transfer(tx: Session, transfer_id: str) -> TransferView:
    row = tx.get(Transfer, transfer_id)
    if row is None:
        raise NotFound(f"There is no transfer {transfer_id[:40]}.")
    return transfer_view(row)


def transfer_view(row: Transfer) -> TransferView:
    return TransferView(
        row.id,
        row.number,
        row.from_location_id,
        row.to_location_id,
        row.status,
        row.note,
        row.version,
        row.created_at,
        row.shipped_at,
        row.closed_at,
    )


def transfer_lines(tx: Session, transfer_id: str) -> list[TransferLineView]:
    query = _lines(TransferLine, TransferLine.quantity, TransferLine.received).where(
        TransferLine.transfer_id == transfer_id
    )
    return [TransferLineView(row.product_id, row.sku or "", *row[2:]) for row in tx.execute(query)]


def counts_page(tx: Session, *, limit: int, cursor: str | None = None, status: str | None = None) -> Page[CountView]:
    """Count sheets, the newest first."""
    query = select(StockCount).order_by(StockCount.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(StockCount.status == status)
    if cursor is not None:
        query = query.where(StockCount.id < one_id(cursor))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.id,), count_view)


def find_count(tx: Session, count_id: str) -> CountView:
    row = tx.get(StockCount, count_id)
    if row is None:
        raise NotFound(f"There is no count {count_id[:40]}.")
    return count_view(row)


def count_view(row: StockCount) -> CountView:
    return CountView(row.id, row.number, row.location_id, row.status, row.note, row.created_at, row.posted_at)


def count_lines(tx: Session, count_id: str) -> list[CountLineView]:
    """The sheet's lines by SKU; a sheet has a bound of its own."""
    query = _lines(StockCountLine, StockCountLine.counted, StockCountLine.expected, StockCountLine.counted_at).where(
        StockCountLine.count_id == count_id
    )
    return [CountLineView(row.product_id, row.sku or "", *row[2:]) for row in tx.execute(query)]


def _levels(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Stock.product_id, Product.sku, Product.name, Stock.location_id, Location.code)
        .add_columns(Location.name.label("location"), Stock.on_hand, live_reserved(now).label("live"), Stock.inbound)
        .add_columns(Stock.reorder_point, Stock.is_counted, Stock.updated_at)
        .join(Product, Product.id == Stock.product_id)
        .join(Location, Location.id == Stock.location_id)
    )


def _level_view(row: Row[*tuple[Any, ...]]) -> LevelView:
    reserved = int(row.live)
    return LevelView(
        product_id=row.product_id,
        sku=row.sku or "",
        name=row.name,
        location_id=row.location_id,
        location=row.code,
        on_hand=row.on_hand,
        reserved=reserved,
        available=max(0, row.on_hand - reserved) if row.is_counted else 0,
        inbound=row.inbound,
        reorder_point=row.reorder_point,
        is_counted=row.is_counted,
        updated_at=row.updated_at,
    )


def _movement_view(row: Row[*tuple[Any, ...]]) -> MovementView:
    movement: StockMovement = row[0]
    return MovementView(
        movement_id=movement.id,
        product_id=movement.product_id,
        sku=row.sku or "",
        location_id=movement.location_id,
        location=row.code,
        delta=movement.delta,
        reason=movement.reason,
        reference=movement.reference,
        note=movement.note,
        occurred_at=movement.occurred_at,
        created_at=movement.created_at,
    )


def _lines(table: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """A document's lines with what people call the product, by SKU."""
    query = select(table.product_id, Product.sku, Product.name, *columns)
    return query.join(Product, Product.id == table.product_id).order_by(Product.sku, table.product_id)


def _texts(cursor: str) -> tuple[str, str]:
    first, second = decode_cursor(cursor, 2)
    return _comparable(first), _comparable(second)


def _comparable(text: object) -> str:
    """A text of a cursor that both databases can compare with; a SKU may be in any script."""
    if not isinstance(text, str):
        raise InvalidInput("This cursor is not one of ours. Start again without it.", field="cursor")
    check_text(text, 1000, field="cursor", of="a list")
    return text
