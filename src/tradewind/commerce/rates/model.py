"""Table of exchange rates. A rate is kept as the digits we were given, never as a float."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base


class FxRate(Base):
    """One unit of `base` is worth `rate` units of `quote`, from `day` on until a newer rate."""

    __tablename__ = "fx_rates"

    day: Mapped[date] = mapped_column(primary_key=True)
    base: Mapped[str] = mapped_column(String(3), primary_key=True)
    quote: Mapped[str] = mapped_column(String(3), primary_key=True)
    rate: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
