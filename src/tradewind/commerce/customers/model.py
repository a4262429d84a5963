"""Tables of customers: the only place, with their log topic, that holds personal data."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Customer(Base):
    """`external_id` is the channel's id of the person; both are empty for our own shop's customers."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("channel_id", "external_id"), Index("ix_customers_email", "email"))

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channels.id"))
    external_id: Mapped[str | None] = mapped_column(String(128))
    email: Mapped[str | None] = mapped_column(String(320))
    name: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(64))
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(100))
    city: Mapped[str | None] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    is_erased: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
