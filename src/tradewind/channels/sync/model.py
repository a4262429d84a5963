"""Tables of the sync: accounts with sealed credentials, cursors, kept payloads, quarantine, and what was pushed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class State(StrEnum):
    """How an account, or one resource of it, stands."""

    ACTIVE = "active"
    NEEDS_ATTENTION = "needs_attention"
    """Somebody has to do something: a refused credential, a right that is missing."""
    PAUSED = "paused"
    """By hand, or because the channel froze the account; with `resume_at` it is tried again by itself."""


class ChannelConnection(Base):
    """One account of one platform. Its secrets are sealed with a key of its own, and that key with the secret key."""

    __tablename__ = "channel_connections"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    connector: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200), unique=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    location_id: Mapped[str | None] = mapped_column(ForeignKey("locations.id"))
    """Where goods that the seller sends leave from; none where stock is not kept for the account."""
    state: Mapped[str] = mapped_column(String(16))
    state_reason: Mapped[str | None] = mapped_column(String(2000))
    state_since: Mapped[datetime]
    resume_at: Mapped[datetime | None]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What is entered and no secret."""
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_secrets: Mapped[bytes] = mapped_column(LargeBinary)
    secrets_end_on: Mapped[date | None]
    """When the platform stops taking the secrets, as the user knows it."""
    history_days: Mapped[int]
    """How far back the first load goes."""
    pushes_stock: Mapped[bool] = mapped_column(default=False)
    pushes_prices: Mapped[bool] = mapped_column(default=False)
    stock_buffer: Mapped[int] = mapped_column(default=0)
    """Units that are kept back from the channel."""
    is_selling: Mapped[bool] = mapped_column(default=True)
    """Off: 0 is pushed for every SKU, whatever lies there."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SyncCursor(Base):
    """How far one resource of one scope has been read. Moves only when a whole window is booked."""

    __tablename__ = "sync_cursors"

    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"), primary_key=True)
    resource: Mapped[str] = mapped_column(String(16), primary_key=True)
    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    watermark: Mapped[datetime | None]
    loaded_from: Mapped[datetime | None]
    """How far back the first load has come; it goes from the newest window to the oldest."""
    is_loaded: Mapped[bool] = mapped_column(default=False)
    newest_fact_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Runs in a row that did not end well."""
    state: Mapped[str] = mapped_column(String(16), default=State.ACTIVE)
    state_reason: Mapped[str | None] = mapped_column(String(2000))
    updated_at: Mapped[datetime]


class ChannelPayload(Base):
    """The latest payload of a thing, as the channel sent it: packed and sealed, since it may tell of persons."""

    __tablename__ = "channel_payloads"

    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"), primary_key=True)
    resource: Mapped[str] = mapped_column(String(16), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    told_at: Mapped[datetime | None]
    """The channel's own time of the change."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    received_at: Mapped[datetime]


class QuarantinedPayload(Base):
    """A payload that could not be booked, with the reason; it can be tried again."""

    __tablename__ = "channel_quarantine"
    __table_args__ = (
        UniqueConstraint("connection_id", "resource", "content_hash"),
        Index("ix_channel_quarantine_replayed_at", "replayed_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"))
    resource: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str | None] = mapped_column(String(200))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    code: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(2000))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    refused_at: Mapped[datetime]
    replayed_at: Mapped[datetime | None]


class CallBudget(Base):
    """What a slow operation's bucket held at a moment, so that a new process does not take it for full."""

    __tablename__ = "channel_budgets"

    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"), primary_key=True)
    operation: Mapped[str] = mapped_column(String(64), primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime]


class ChannelStock(Base):
    """What the channel says it can sell, or holds, of a SKU at one of its places."""

    __tablename__ = "channel_stock"

    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"), primary_key=True)
    sku: Mapped[str] = mapped_column(String(128), primary_key=True)
    location: Mapped[str] = mapped_column(String(128), primary_key=True)
    keeper: Mapped[str] = mapped_column(String(16))
    available: Mapped[int | None] = mapped_column(BigInteger)
    reserved: Mapped[int | None] = mapped_column(BigInteger)
    inbound: Mapped[int | None] = mapped_column(BigInteger)
    unsellable: Mapped[int | None] = mapped_column(BigInteger)
    on_hand: Mapped[int | None] = mapped_column(BigInteger)
    as_of: Mapped[datetime]


class ChannelFeedback(Base):
    """What buyers say on the channel, as topics and ratings."""

    __tablename__ = "channel_feedback"

    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    told_at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(String(128))
    topic: Mapped[str | None] = mapped_column(String(200))
    rating: Mapped[Any | None] = mapped_column(Numeric(5, 2))
    count: Mapped[int | None] = mapped_column(BigInteger)


class SkuLink(Base):
    """A channel's spelling of a SKU, and the product that is meant, by its own SKU."""

    __tablename__ = "channel_sku_links"

    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    channel_sku: Mapped[str] = mapped_column(String(128), primary_key=True)
    sku: Mapped[str] = mapped_column(String(128))


class ChannelAlert(Base):
    """One cause that somebody should know of, open until it clears."""

    __tablename__ = "channel_alerts"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"))
    cause: Mapped[str] = mapped_column(String(128))
    message: Mapped[str] = mapped_column(String(2000))
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_channel_alerts_connection_id_cause", "connection_id", "cause"),)


class WebhookEvent(Base):
    """News from a channel, each once. The thing itself is read anew."""

    __tablename__ = "webhook_inbox"
    __table_args__ = (Index("ix_webhook_inbox_done_at", "done_at", "received_at"),)

    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    resource: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str | None] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(2000))
    done_at: Mapped[datetime | None]


class ChannelPush(Base):
    """What was last pushed to a channel, and what it said."""

    __tablename__ = "channel_pushes"

    connection_id: Mapped[str] = mapped_column(ForeignKey("channel_connections.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    """`stock` or `price`."""
    sku: Mapped[str] = mapped_column(String(128), primary_key=True)
    location: Mapped[str] = mapped_column(String(128), primary_key=True)
    value: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(ID_LENGTH))
    """The same for every try of one push, so that a repeat is harmless."""
    is_done: Mapped[bool]
    error: Mapped[str | None] = mapped_column(String(2000))
    pushed_at: Mapped[datetime]
