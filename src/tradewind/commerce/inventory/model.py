"""Tables of stock. The ledger is append-only; a level is the sum of its movements, always."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
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


class Reservation(Base):
    """Units held for an order that is not paid yet. One past its end counts for nothing, swept or not."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_is_positive"),
        UniqueConstraint("reference", "product_id", "location_id"),
        Index("ix_reservations_product_id_location_id", "product_id", "location_id", "expires_at"),
        Index("ix_reservations_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    reference: Mapped[str] = mapped_column(String(128))
    """Whose it is: an order's id. A reservation that is released or fulfilled is deleted."""
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    location_id: Mapped[str] = mapped_column(ForeignKey("locations.id"))
    quantity: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime | None]
    """None: held until it is released."""
    created_at: Mapped[datetime]


class Transfer(Base):
    """Goods on their way from one location to another: draft, shipped, received or cancelled."""

    __tablename__ = "transfers"
    __table_args__ = (Index("ix_transfers_status", "status"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    from_location_id: Mapped[str] = mapped_column(ForeignKey("locations.id"))
    to_location_id: Mapped[str] = mapped_column(ForeignKey("locations.id"))
    status: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(default=1)
    shipped_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class TransferLine(Base):
    __tablename__ = "transfer_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_is_positive"),
        CheckConstraint("received >= 0 AND received <= quantity", name="received_is_within_quantity"),
    )

    transfer_id: Mapped[str] = mapped_column(ForeignKey("transfers.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)


class StockCount(Base):
    """A count sheet of one location: open, posted or cancelled."""

    __tablename__ = "stock_counts"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    location_id: Mapped[str] = mapped_column(ForeignKey("locations.id"))
    status: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    posted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class StockCountLine(Base):
    __tablename__ = "stock_count_lines"
    __table_args__ = (CheckConstraint("counted >= 0", name="counted_is_not_negative"),)

    count_id: Mapped[str] = mapped_column(ForeignKey("stock_counts.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    counted: Mapped[int] = mapped_column(BigInteger)
    expected: Mapped[int] = mapped_column(BigInteger)
    """On hand when it was counted: what moved between counting and posting is not lost."""
    counted_at: Mapped[datetime]
