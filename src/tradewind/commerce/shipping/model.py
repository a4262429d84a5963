"""Tables of shipping: what it costs, and what was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class ShippingMethod(Base):
    __tablename__ = "shipping_methods"
    __table_args__ = (CheckConstraint("price_minor >= 0", name="price_is_not_negative"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str | None] = mapped_column(String(100))
    places: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Countries (`DE`) and regions (`US-CA`) it goes to; an empty list is everywhere."""
    currency: Mapped[str] = mapped_column(String(3))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    min_grams: Mapped[int] = mapped_column(default=0)
    max_grams: Mapped[int | None]
    """Included weight range: from, and up to but not including."""
    free_from_minor: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Shipment(Base):
    """Some units of an order on their way: shipped, delivered or cancelled."""

    __tablename__ = "shipments"
    __table_args__ = (Index("ix_shipments_order_id", "order_id"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[str] = mapped_column(String(64), unique=True)
    location_id: Mapped[str | None] = mapped_column(ForeignKey("locations.id"))
    carrier: Mapped[str | None] = mapped_column(String(100))
    tracking_number: Mapped[str | None] = mapped_column(String(128))
    tracking_url: Mapped[str | None] = mapped_column(String(1000))
    status: Mapped[str] = mapped_column(String(16))
    shipped_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ShipmentLine(Base):
    __tablename__ = "shipment_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_is_positive"),)

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipments.id"), primary_key=True)
    order_line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quantity: Mapped[int] = mapped_column(BigInteger)


class Return(Base):
    """Goods that a buyer sends back: requested, approved, received, rejected or cancelled."""

    __tablename__ = "returns"
    __table_args__ = (Index("ix_returns_order_id", "order_id"), Index("ix_returns_status", "status"))

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(2000))
    refund_id: Mapped[str | None] = mapped_column(ForeignKey("refunds.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReturnLine(Base):
    __tablename__ = "return_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_is_positive"),)

    return_id: Mapped[str] = mapped_column(ForeignKey("returns.id"), primary_key=True)
    order_line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quantity: Mapped[int] = mapped_column(BigInteger)
    restocked: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of these, how many went back on the shelf; the rest came back broken or not at all."""
