"""The pictures of a product: added, described, put in order, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog import upkeep
from tradewind.commerce.catalog.facts import tell
from tradewind.commerce.catalog.loose_media import fasten, loosen
from tradewind.commerce.catalog.model import Product, ProductMedia
from tradewind.commerce.catalog.pictures import Picture, copy_key, widths_below
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.text import check_text

MOST_PICTURES = 50


@dataclass(frozen=True, slots=True)
class MediaView:
    """A picture. `copies` are keys by width, the smallest first."""

    media_id: str
    position: int
    key: str
    copies: dict[int, str]
    content_type: str
    width: int
    height: int
    size_bytes: int
    alt: str
    created_at: datetime


def media_of(tx: Session, product_id: str) -> list[MediaView]:
    """A product's pictures in their order."""
    query = select(ProductMedia).where(ProductMedia.product_id == product_id)
    return [_view(row) for row in tx.scalars(query.order_by(ProductMedia.position, ProductMedia.id))]


def add_media(
    tx: Session, product: Product, picture: Picture, *, alt: str = "", actor: Actor, now: datetime
) -> MediaView:
    """Puts a picture behind the others of a product that is locked. Its bytes are in the media store already."""
    check_text(alt, 500, field="alt", of="the picture")
    query = select(func.count(), func.coalesce(func.max(ProductMedia.position), -1))
    count, last = tx.execute(query.where(ProductMedia.product_id == product.id)).one()
    if count >= MOST_PICTURES:
        raise InvalidInput(f"A product has up to {MOST_PICTURES} pictures.", field="body")
    row = ProductMedia(
        id=new_id(),
        product_id=product.id,
        position=last + 1,
        key=picture.key,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        size_bytes=picture.size_bytes,
        alt=alt,
        created_at=now,
    )
    tx.add(row)
    fasten(tx, row.key)
    _next_version(tx, product, now)
    record(tx, actor, Change("product.add_picture", product.id, None, {"key": row.key, "alt": alt}), now=now)
    upkeep.changed(tx, [product.id])
    return _view(row)


def change_media(
    tx: Session,
    product: Product,
    media_id: str,
    *,
    alt: str | None = None,
    position: int | None = None,
    actor: Actor,
    now: datetime,
) -> MediaView:
    """Describes a picture, or puts it in another place among the others (0 is the first)."""
    rows = _rows(tx, product.id)
    row = _one(rows, media_id)
    before = {"alt": row.alt, "position": row.position}
    if alt is not None:
        check_text(alt, 500, field="alt", of="the picture")
        row.alt = alt
    if position is not None:
        rows.remove(row)
        rows.insert(position, row)
        for place, other in enumerate(rows):
            other.position = place
    _next_version(tx, product, now)
    after = {"alt": row.alt, "position": row.position}
    record(tx, actor, Change("product.change_picture", product.id, before, after), now=now)
    upkeep.changed(tx, [product.id])
    return _view(row)


def remove_media(tx: Session, product: Product, media_id: str, *, actor: Actor, now: datetime) -> None:
    """Takes a picture from a product; its bytes are deleted later, unless another picture has the same."""
    row = _one(_rows(tx, product.id), media_id)
    tx.delete(row)
    loosen(tx, row.key, now=now)
    _next_version(tx, product, now)
    record(tx, actor, Change("product.remove_picture", product.id, {"key": row.key, "alt": row.alt}, None), now=now)
    upkeep.changed(tx, [product.id])


def _next_version(tx: Session, product: Product, now: datetime) -> None:
    """A product is shown with its pictures, so it is another version with others."""
    product.version += 1
    product.updated_at = now
    tx.flush()
    tell(tx, product, now=now)


def _rows(tx: Session, product_id: str) -> list[ProductMedia]:
    query = select(ProductMedia).where(ProductMedia.product_id == product_id)
    return list(tx.scalars(query.order_by(ProductMedia.position, ProductMedia.id)))


def _one(rows: list[ProductMedia], media_id: str) -> ProductMedia:
    found = next((row for row in rows if row.id == media_id), None)
    if found is None:
        raise NotFound(f"The product has no picture {media_id[:40]}.")
    return found


def _view(row: ProductMedia) -> MediaView:
    return MediaView(
        media_id=row.id,
        position=row.position,
        key=row.key,
        copies={width: copy_key(row.key, width) for width in widths_below(row.width)},
        content_type=row.content_type,
        width=row.width,
        height=row.height,
        size_bytes=row.size_bytes,
        alt=row.alt,
        created_at=row.created_at,
    )
