"""Tables of payments and refunds. Either may come without an order we know: it is kept all the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_payments_order_id", "order_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str] = mapped_column(String(128))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    order_reference: Mapped[str | None] = mapped_column(String(128))
    """The order as the source names it, whether we know that order or not."""
    method: Mapped[str] = mapped_column(String(64))
    installments: Mapped[int] = mapped_column(default=1)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(16))
    paid_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Refund(Base):
    """Money given back: a credit note. `items_minor` is what it takes off revenue, on the refund's own day."""

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_refunds_order_id", "order_id"),
        Index("ix_refunds_refunded_at", "refunded_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str] = mapped_column(String(128))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    refunded_at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    items_minor: Mapped[int] = mapped_column(BigInteger)
    shipping_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    """Everything given back: items, shipping and tax."""
    units: Mapped[int] = mapped_column(BigInteger)
    ship_country: Mapped[str | None] = mapped_column(String(2))
    reason: Mapped[str | None] = mapped_column(String(200))
    source_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class RefundItem(Base):
    __tablename__ = "refund_items"

    refund_id: Mapped[str] = mapped_column(ForeignKey("refunds.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_line_no: Mapped[int | None]
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    sku: Mapped[str | None] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(500))
    quantity: Mapped[int] = mapped_column(BigInteger)
    unit_price_micros: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    is_restocked: Mapped[bool]


class PaymentIntent(Base):
    """Money that an order waits for, at one provider. Webhook, return page and poll all lead to this one state."""

    __tablename__ = "payment_intents"
    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        CheckConstraint("captured_minor >= 0 AND captured_minor <= amount_minor", name="captured_is_within_amount"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= captured_minor", name="refunded_is_within_captured"),
        Index("ix_payment_intents_order_id", "order_id"),
        Index("ix_payment_intents_status_checked_at", "status", "checked_at"),
        Index("ix_payment_intents_created_at", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    provider: Mapped[str] = mapped_column(String(32))
    provider_id: Mapped[str | None] = mapped_column(String(128))
    """The provider's own id; None until the provider has answered."""
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(16))
    """created, pending, authorized, captured, failed or cancelled."""
    captured_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    failure: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(default=1)
    checked_at: Mapped[datetime | None]
    """When the provider was last asked."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ProviderEvent(Base):
    """A message of a provider that was applied: the same again changes nothing."""

    __tablename__ = "provider_events"

    provider: Mapped[str] = mapped_column(String(32), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    kind: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime]


class ProviderRefund(Base):
    """Money going back through a provider: asked, then done or failed. `refund_id` is the credit note once booked."""

    __tablename__ = "provider_refunds"
    __table_args__ = (
        Index("ix_provider_refunds_intent_id", "intent_id"),
        Index("ix_provider_refunds_status_updated_at", "status", "updated_at"),
        UniqueConstraint("intent_id", "provider_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"))
    refund_id: Mapped[str | None] = mapped_column(ForeignKey("refunds.id"))
    provider_id: Mapped[str | None] = mapped_column(String(128))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(16))
    failure: Mapped[str | None] = mapped_column(String(500))
    is_sent: Mapped[bool] = mapped_column(default=False)
    """Whether the provider was asked at least once: from then on it may have done it."""
    reason: Mapped[str | None] = mapped_column(String(200))
    credit_note: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What is booked once the money has gone; None where there is nothing to book."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
