"""Table of fees."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class FeeKind(StrEnum):
    """What a fee is taken for. What a channel calls otherwise is `other`, with its own word kept beside."""

    COMMISSION = "commission"
    FULFILLMENT = "fulfillment"
    STORAGE = "storage"
    PAYMENT_PROCESSING = "payment_processing"
    SHIPPING_LABEL = "shipping_label"
    REFUND_REVERSAL = "refund_reversal"
    SUBSCRIPTION = "subscription"
    ADVERTISING = "advertising"
    TAX_WITHHELD = "tax_withheld"
    """Sales tax that the channel pays on for us. It is no cost: it was never revenue."""
    OTHER = "other"


class FeeStatus(StrEnum):
    """How final a fee is."""

    ESTIMATED = "estimated"
    DEFERRED = "deferred"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    """The source says it no more. Its row stays, with an amount of zero."""


class Fee(Base):
    """One amount taken, or given back where it is negative. `external_id` is its key in the channel."""

    __tablename__ = "fees"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_fees_order_id", "order_id"),
        Index("ix_fees_posted_at", "posted_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str] = mapped_column(String(256))
    kind: Mapped[str] = mapped_column(String(32))
    raw_kind: Mapped[str | None] = mapped_column(String(200))
    """What the channel calls it."""
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    posted_at: Mapped[datetime]
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    order_reference: Mapped[str | None] = mapped_column(String(128))
    """The order as the channel names it, whether we know that order or not."""
    sku: Mapped[str | None] = mapped_column(String(128))
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
