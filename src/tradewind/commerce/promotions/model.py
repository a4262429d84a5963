"""Tables of promotions: discount codes and what applies by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Promotion(Base):
    """`code` is None for one that applies by itself. Codes are stored in upper case."""

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("used >= 0 AND (total_limit IS NULL OR used <= total_limit)", name="used_is_within_limit"),
        Index(
            "ix_promotions_automatic",
            "is_active",
            sqlite_where=text("code IS NULL"),
            postgresql_where=text("code IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    code: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    """percent, amount, free_shipping or buy_x_get_y."""
    percent_ppm: Mapped[int | None]
    """Share taken off, in millionths: 100000 is 10 %."""
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    """Currency of amount and minimum; None where neither is set."""
    buy_quantity: Mapped[int | None]
    get_quantity: Mapped[int | None]
    minimum_minor: Mapped[int | None] = mapped_column(BigInteger)
    """Least worth of the goods it asks for, before discounts."""
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Which goods and whom: `skus`, `category_paths`, `customer_groups`, `countries`; an empty one means all."""
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    total_limit: Mapped[int | None]
    customer_limit: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    """Counted only where there is a limit: one without is never a hot row."""
    is_stackable: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PromotionUse(Base):
    """One use of a limited promotion by an order; deleted when the order is cancelled."""

    __tablename__ = "promotion_uses"
    __table_args__ = (
        Index("ix_promotion_uses_customer_key_promotion_id", "customer_key", "promotion_id"),
        Index("ix_promotion_uses_order_id", "order_id"),
    )

    promotion_id: Mapped[str] = mapped_column(ForeignKey("promotions.id"), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    customer_key: Mapped[str] = mapped_column(String(64))
    """The customer's id, or a digest of a guest's e-mail address."""
    used_at: Mapped[datetime]
