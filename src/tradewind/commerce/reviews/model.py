"""Table of reviews."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class ReviewStatus(StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"


class Review(Base):
    """`external_id` is the channel's id of it; for one written in our own shop it names the order's line."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_is_one_to_five"),
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_reviews_product_id_status_rating", "product_id", "status", "rating"),
        Index("ix_reviews_status_reviewed_at", "status", "reviewed_at", "id"),
        Index("ix_reviews_customer_id", "customer_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str] = mapped_column(String(128))
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    """The purchase it tells of, where we know one."""
    rating: Mapped[int]
    title: Mapped[str | None] = mapped_column(String(300))
    comment: Mapped[str | None] = mapped_column(String(10_000))
    status: Mapped[str] = mapped_column(String(16), default=ReviewStatus.PUBLISHED)
    """Only published ones count."""
    version: Mapped[int] = mapped_column(default=1)
    reviewed_at: Mapped[datetime]
    created_at: Mapped[datetime]
