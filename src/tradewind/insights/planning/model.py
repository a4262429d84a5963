"""Tables of plans: what was proposed, from which inputs, and what became of it. Products are named, not referred to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class StoredPlan(Base):
    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    made_at: Mapped[datetime]
    today: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    lines: Mapped[int]
    orders: Mapped[int]
    """Lines that order something."""
    transfers: Mapped[int]


class StoredLine(Base):
    """A product in a place, in rank order. `quantity` may be edited until it is accepted; `planned` stays."""

    __tablename__ = "plan_lines"
    __table_args__ = (
        Index("ix_plan_lines_place", "plan_id", "product_id", "location_id"),
        Index("ix_plan_lines_cover", "plan_id", "cover_rank", "line_no"),
    )

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    location_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    supplier_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    is_listed: Mapped[bool]
    """Whether it stands on the purchase list: it orders something, or something stands against it."""
    planned: Mapped[int]
    quantity: Mapped[int]
    hold: Mapped[str | None] = mapped_column(String(32))
    cover_rank: Mapped[int]
    """Days of cover; a large number where nothing runs out within the forecast."""
    sentence: Mapped[str] = mapped_column(String(2000))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    accepted_as: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """The purchase order."""
    accepted_at: Mapped[datetime | None]


class StoredTransfer(Base):
    __tablename__ = "plan_transfers"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    sku: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(500))
    from_location_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    from_location: Mapped[str] = mapped_column(String(64))
    to_location_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    to_location: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int]
    gain_minor: Mapped[int] = mapped_column(BigInteger)
    sentence: Mapped[str] = mapped_column(String(2000))
    accepted_as: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    accepted_at: Mapped[datetime | None]


class StoredProduct(Base):
    """A product with its classes, most worth first."""

    __tablename__ = "plan_products"
    __table_args__ = (Index("ix_plan_products_pace", "plan_id", "pace", "line_no"),)

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    sku: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(500))
    category: Mapped[str] = mapped_column(String(1000))
    abc: Mapped[str] = mapped_column(String(1))
    xyz: Mapped[str | None] = mapped_column(String(1))
    pace: Mapped[str] = mapped_column(String(16))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
