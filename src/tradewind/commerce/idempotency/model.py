"""Table of answered requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base


class IdempotencyKey(Base):
    """A request that was answered, with the answer. Written in the transaction of what it did."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_expires_at", "expires_at"),)

    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The id of the person or token: keys of different callers have nothing to do with each other."""
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Of method, path and body: another content under one key is a mistake of the caller."""
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str | None] = mapped_column(String(64))
    """Of the thing that was answered, where it has versions."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
