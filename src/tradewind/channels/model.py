"""Table of runs: what was read from where, how far it came, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class SyncRun(Base):
    """One import or sync. `position` moves in the same transaction as the facts it stands for."""

    __tablename__ = "sync_runs"
    __table_args__ = (Index("ix_sync_runs_fingerprint", "fingerprint"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channels.id"))
    kind: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(1000))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Digest of the content and of how it is read: the same run again continues or changes nothing."""
    status: Mapped[str] = mapped_column(String(16))
    """running, finished or failed."""
    position: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str | None] = mapped_column(String(2000))
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
