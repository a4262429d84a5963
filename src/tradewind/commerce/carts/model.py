"""Tables of carts. Prices are never stored as binding: a cart is priced anew each time it is read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Cart(Base):
    """Open, ordered, merged or expired. A customer has at most one open cart per channel."""

    __tablename__ = "carts"
    __table_args__ = (
        Index(
            "uq_carts_open_customer",
            "customer_id",
            "channel_id",
            unique=True,
            sqlite_where=text("status = 'open' AND customer_id IS NOT NULL"),
            postgresql_where=text("status = 'open' AND customer_id IS NOT NULL"),
        ),
        Index("ix_carts_customer_id", "customer_id"),
        Index("ix_carts_updated_at", "updated_at", "id"),
        Index("ix_carts_status_updated_at", "status", "updated_at", "id"),
        Index(
            "ix_carts_expires_at",
            "expires_at",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_carts_not_told",
            "updated_at",
            sqlite_where=text("status = 'open' AND abandoned_at IS NULL"),
            postgresql_where=text("status = 'open' AND abandoned_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(100))
    shipping_method_id: Mapped[str | None] = mapped_column(ForeignKey("shipping_methods.id"))
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    email: Mapped[str | None] = mapped_column(String(320))
    status: Mapped[str] = mapped_column(String(16))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    version: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    abandoned_at: Mapped[datetime | None]
    """When it was told that nobody came back; a change clears it."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CartLine(Base):
    __tablename__ = "cart_items"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_is_positive"),)

    cart_id: Mapped[str] = mapped_column(ForeignKey("carts.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(BigInteger)
    seen_price_minor: Mapped[int | None] = mapped_column(BigInteger)
    """The price that was shown last, so that a change can be said."""
    added_at: Mapped[datetime]
