"""Tables of stock. The ledger is append-only; a level is the sum of its movements, always."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Reason(StrEnum):
    """Why units moved."""

    RECEIPT = "receipt"
    SALE = "sale"
    CANCELLATION = "cancellation"
    RETURN = "return"
    DAMAGE = "damage"
    COUNT = "count"
    TRANSFER = "transfer"
    ADJUSTMENT = "adjustment"


class Location(Base):
    """A warehouse, a shop, a channel's fulfilment centre; it may belong to one channel."""

    __tablename__ = "locations"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(32), default="warehouse")
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channels.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Stock(Base):
    """A level. It says something only once it `is_counted`: since the first receipt or count.

    Before that it is the sum of the sales we were told of, and negative.
    """

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_is_not_negative"),
        Index("ix_stock_low", "product_id", sqlite_where=text("is_counted"), postgresql_where=text("is_counted")),
    )

    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[str] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(BigInteger)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    inbound: Mapped[int] = mapped_column(BigInteger, default=0)
    reorder_point: Mapped[int | None]
    is_counted: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]


class StockMovement(Base):
    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("delta <> 0", name="delta_is_not_zero"),
        Index("ix_stock_movements_product_id_location_id", "product_id", "location_id"),
        Index("ix_stock_movements_reference", "reference"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    location_id: Mapped[str] = mapped_column(ForeignKey("locations.id"))
    delta: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str | None] = mapped_column(String(128))
    """What caused it: an order's or a refund's id, a count sheet."""
    source_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """The source's own name for this movement: the same again changes nothing."""
    note: Mapped[str | None] = mapped_column(String(500))
    occurred_at: Mapped[datetime]
    created_at: Mapped[datetime]
