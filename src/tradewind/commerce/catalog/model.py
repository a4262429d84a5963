"""Tables of the catalogue. A product row is one SKU; a group's variants point at it by `parent_id`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH

LONGEST_CATEGORY = 200
"""Characters of a category's whole path, so that each name in it fits too."""


STANDARD_TAX = "standard"


class ProductKind(StrEnum):
    GOOD = "good"
    """Has stock."""
    SERVICE = "service"
    """Sold, but never on a shelf: postage, discounts, fees, corrections."""
    GROUP = "group"
    """Holds variants; never sold itself."""


class ProductStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class SalesChannel(Base):
    """Somewhere that orders come from: our own shop, a marketplace account, an imported file."""

    __tablename__ = "channels"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(32))
    is_active: Mapped[bool] = mapped_column(default=True)
    credentials: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_sync_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Category(Base):
    __tablename__ = "categories"
    __table_args__ = (Index("ix_categories_parent_id", "parent_id"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("categories.id"))
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(1000), unique=True)
    """Names from the root down, joined by ' / '."""


class Product(Base):
    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price_minor IS NULL OR price_minor >= 0", name="price_is_not_negative"),
        CheckConstraint("cost_micros IS NULL OR cost_micros >= 0", name="cost_is_not_negative"),
        Index("ix_products_category_id", "category_id"),
        Index("ix_products_parent_id", "parent_id"),
        # The orders in which lists are read; the newest first is the order of the ids.
        Index("ix_products_name", "name", "id"),
        Index("ix_products_price_minor", "price_minor", "id"),
        Index("ix_products_updated_at", "updated_at", "id"),
        Index("ix_products_brand", "brand", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"))
    kind: Mapped[str] = mapped_column(String(16), default=ProductKind.GOOD)
    sku: Mapped[str | None] = mapped_column(String(128), unique=True)
    name: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(default="")
    category_id: Mapped[str | None] = mapped_column(ForeignKey("categories.id"))
    brand: Mapped[str | None] = mapped_column(String(200))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    barcode: Mapped[str | None] = mapped_column(String(64))
    weight_grams: Mapped[int | None]
    tax_class: Mapped[str] = mapped_column(String(32), default=STANDARD_TAX, server_default=STANDARD_TAX)
    status: Mapped[str] = mapped_column(String(16), default=ProductStatus.ACTIVE)
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    """Currency of price and cost; both are unknown where it is."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Listing(Base):
    """A product offered on a channel, under the channel's own id (ASIN, variant id, item id)."""

    __tablename__ = "listings"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_listings_product_id", "product_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str] = mapped_column(String(128))
    title: Mapped[str | None] = mapped_column(String(500))
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class PriceChange(Base):
    """Append-only: what a product cost before and after, and since when."""

    __tablename__ = "price_history"
    __table_args__ = (Index("ix_price_history_product_id_changed_at", "product_id", "changed_at"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    currency: Mapped[str] = mapped_column(String(3))
    old_minor: Mapped[int | None] = mapped_column(BigInteger)
    new_minor: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]


class ProductPrice(Base):
    """A product's price in one more currency; the first one stands in the product itself."""

    __tablename__ = "product_prices"
    __table_args__ = (CheckConstraint("price_minor >= 0", name="price_is_not_negative"),)

    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]


class ProductMedia(Base):
    """A picture of a product. The bytes lie in the media store under `key`, which is made from their digest."""

    __tablename__ = "product_media"
    __table_args__ = (
        Index("ix_product_media_product_id", "product_id", "position"),
        Index("ix_product_media_key", "key"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    alt: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]


class LooseMedia(Base):
    """Bytes in the media store that no picture points at: not yet, or not any more. They are deleted in time."""

    __tablename__ = "loose_media"
    __table_args__ = (Index("ix_loose_media_since", "since"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    since: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    """When somebody began to delete them."""


class CatalogState(Base):
    """One row: a name for the catalogue as it is now, another one after every change. Answers are kept under it."""

    __tablename__ = "catalog_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(ID_LENGTH))
