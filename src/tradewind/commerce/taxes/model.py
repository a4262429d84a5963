"""Tables of taxes: zones, and rates by zone and class of goods."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class TaxZone(Base):
    __tablename__ = "tax_zones"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    places: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Countries (`DE`) and regions (`US-CA`); an empty list is everywhere else."""
    prices_include_tax: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TaxRate(Base):
    __tablename__ = "tax_rates"
    __table_args__ = (
        CheckConstraint("rate_ppm >= 0 AND rate_ppm <= 1000000", name="rate_is_a_share"),
        UniqueConstraint("zone_id", "tax_class"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    zone_id: Mapped[str] = mapped_column(ForeignKey("tax_zones.id"))
    tax_class: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    rate_ppm: Mapped[int]
    """Millionths: 190000 is 19 %."""
    is_on_shipping: Mapped[bool] = mapped_column(default=False)
    """The rate that shipping is taxed with in this zone."""
