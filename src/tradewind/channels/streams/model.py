"""Tables of streams: how far each partition is taken, and what could not be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class StreamPosition(Base):
    """Moves in the same transaction as what the messages before it did."""

    __tablename__ = "stream_positions"

    consumer: Mapped[str] = mapped_column(String(64), primary_key=True)
    topic: Mapped[str] = mapped_column(String(249), primary_key=True)
    partition: Mapped[int] = mapped_column(primary_key=True)
    next_offset: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]


class StreamDeadLetter(Base):
    """A message that could not be booked, as it came, with the reason; it can be tried again."""

    __tablename__ = "stream_dead_letters"
    __table_args__ = (
        UniqueConstraint("consumer", "topic", "partition", "offset"),
        Index("ix_stream_dead_letters_replayed_at", "replayed_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    consumer: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(249))
    partition: Mapped[int]
    offset: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    value: Mapped[bytes | None] = mapped_column(LargeBinary)
    told_at: Mapped[datetime]
    """When it was put into the topic."""
    code: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(2000))
    refused_at: Mapped[datetime]
    replayed_at: Mapped[datetime | None]
    """When it was booked after all."""
