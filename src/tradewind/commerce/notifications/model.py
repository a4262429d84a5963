"""Table of mails that go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Mail(Base):
    """A mail that waits, was sent, or was given up. Written in the transaction of what it tells about."""

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_mails_status_next_try_at", "status", "next_try_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    """order_confirmation, shipment or password_reset."""
    subject_id: Mapped[str] = mapped_column(String(64))
    """What it is about: an order's or a shipment's id. One mail of a kind about one thing."""
    recipient: Mapped[str] = mapped_column(String(320))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the template is filled with."""
    status: Mapped[str] = mapped_column(String(16))
    """waiting, sent or failed."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
