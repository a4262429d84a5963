"""Tables of purchasing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


def every_day() -> list[int]:
    return list(range(7))


class Supplier(Base):
    __tablename__ = "suppliers"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    lead_time_days: Mapped[int | None]
    order_weekdays: Mapped[list[int]] = mapped_column(JSON, default=every_day, server_default=text("'[0,1,2,3,4,5,6]'"))
    """On which it takes orders, from 0 (Monday) to 6."""
    closed: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """Half-open ranges of days on which it takes none, in order and apart from each other."""
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SupplierProduct(Base):
    """What a supplier asks for a product, and in which lots."""

    __tablename__ = "supplier_products"
    __table_args__ = (Index("ix_supplier_products_product_id", "product_id"),)

    supplier_id: Mapped[str] = mapped_column(ForeignKey("suppliers.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    supplier_sku: Mapped[str | None] = mapped_column(String(128))
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    min_quantity: Mapped[int] = mapped_column(BigInteger, default=1)
    pack_size: Mapped[int] = mapped_column(BigInteger, default=1)
    updated_at: Mapped[datetime]


class PurchaseOrder(Base):
    """draft, ordered, partial, received or cancelled."""

    __tablename__ = "purchase_orders"
    __table_args__ = (
        Index("ix_purchase_orders_status", "status"),
        Index("ix_purchase_orders_supplier_id", "supplier_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("suppliers.id"))
    location_id: Mapped[str] = mapped_column(ForeignKey("locations.id"))
    status: Mapped[str] = mapped_column(String(16))
    currency: Mapped[str] = mapped_column(String(3))
    expected_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(2000))
    version: Mapped[int] = mapped_column(default=1)
    ordered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PurchaseOrderLine(Base):
    __tablename__ = "purchase_order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_is_positive"),
        CheckConstraint("received >= 0", name="received_is_not_negative"),
        Index("ix_purchase_order_lines_product_id", "product_id"),
    )

    purchase_order_id: Mapped[str] = mapped_column(ForeignKey("purchase_orders.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    """May exceed what was ordered: suppliers send more, and it is on the shelf all the same."""
    unit_cost_micros: Mapped[int] = mapped_column(BigInteger)
