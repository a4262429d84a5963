"""Table of what was spent on advertising."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class AdSpend(Base):
    """What one campaign cost on one day, as it was stated last. `channel_id` is where its buyers were sent."""

    __tablename__ = "ad_spend"
    __table_args__ = (
        UniqueConstraint("channel_id", "campaign", "day"),
        Index("ix_ad_spend_day", "day", "id"),
        CheckConstraint("amount_minor >= 0", name="amount_is_not_negative"),
        CheckConstraint("clicks IS NULL OR clicks >= 0", name="clicks_are_not_negative"),
        CheckConstraint("impressions IS NULL OR impressions >= 0", name="impressions_are_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    campaign: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    """The store's business day."""
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    clicks: Mapped[int | None] = mapped_column(BigInteger)
    impressions: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
