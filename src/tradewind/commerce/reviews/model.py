"""Table of reviews."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Review(Base):
    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_is_one_to_five"),
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_reviews_product_id", "product_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str] = mapped_column(String(128))
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    rating: Mapped[int]
    title: Mapped[str | None] = mapped_column(String(300))
    comment: Mapped[str | None] = mapped_column(String(10_000))
    status: Mapped[str] = mapped_column(String(16), default="published")
    reviewed_at: Mapped[datetime]
    created_at: Mapped[datetime]
