"""Tables of orders. Lines snapshot price, discount, tax and cost at the time of sale."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("channel_id", "order_number"),
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_orders_placed_at", "placed_at", "id"),
        Index("ix_orders_channel_id_placed_at", "channel_id", "placed_at"),
        Index("ix_orders_customer_id", "customer_id"),
        Index("ix_orders_status", "status"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id"))
    order_number: Mapped[str] = mapped_column(String(128))
    """What people see; `external_id` is what the channel's programs use."""
    external_id: Mapped[str] = mapped_column(String(128))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    location_id: Mapped[str | None] = mapped_column(ForeignKey("locations.id"))
    """Where its goods leave from; none where stock is not kept for the channel."""
    placed_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16))
    fulfillment_status: Mapped[str] = mapped_column(String(16))
    payment_status: Mapped[str] = mapped_column(String(32))
    currency: Mapped[str] = mapped_column(String(3))
    subtotal_minor: Mapped[int] = mapped_column(BigInteger)
    """Σ price × quantity, before discounts."""
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    shipping_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    other_minor: Mapped[int] = mapped_column(BigInteger)
    """Gift wrap, tips, duties: what fits no other column and is never hidden in one."""
    fees_minor: Mapped[int] = mapped_column(BigInteger)
    """The channel's fees: a cost of ours, not a part of the total."""
    total_minor: Mapped[int] = mapped_column(BigInteger)
    revenue_minor: Mapped[int] = mapped_column(BigInteger)
    """Σ of the lines' revenue: after discounts, without tax and shipping."""
    units: Mapped[int] = mapped_column(BigInteger)
    prices_include_tax: Mapped[bool] = mapped_column(default=False)
    ship_country: Mapped[str | None] = mapped_column(String(2))
    ship_region: Mapped[str | None] = mapped_column(String(100))
    ship_city: Mapped[str | None] = mapped_column(String(200))
    is_test: Mapped[bool] = mapped_column(default=False)
    is_replacement: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(2000))
    source_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Digest of what the channel said last: the same again changes nothing."""
    channel_updated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OrderItem(Base):
    __tablename__ = "order_items"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_is_positive"),
        Index("ix_order_items_product_id", "product_id"),
    )

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    external_line_id: Mapped[str | None] = mapped_column(String(128))
    sku: Mapped[str | None] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(500))
    quantity: Mapped[int] = mapped_column(BigInteger)
    unit_price_micros: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    """Price × quantity, rounded once, less the discount."""
    revenue_minor: Mapped[int] = mapped_column(BigInteger)
    unit_cost_micros: Mapped[int | None] = mapped_column(BigInteger)


class OrderChange(Base):
    """An order's life so far: append-only."""

    __tablename__ = "order_history"
    __table_args__ = (Index("ix_order_history_order_id", "order_id"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16))
    previous_status: Mapped[str | None] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(2000))


class OrderAddress(Base):
    """Where an order goes and who pays, as it was when it was placed. Personal data."""

    __tablename__ = "order_addresses"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """`shipping` or `billing`."""
    email: Mapped[str | None] = mapped_column(String(320))
    name: Mapped[str | None] = mapped_column(String(300))
    company: Mapped[str | None] = mapped_column(String(300))
    line1: Mapped[str | None] = mapped_column(String(300))
    line2: Mapped[str | None] = mapped_column(String(300))
    city: Mapped[str | None] = mapped_column(String(200))
    region: Mapped[str | None] = mapped_column(String(100))
    postal_code: Mapped[str | None] = mapped_column(String(32))
    country: Mapped[str | None] = mapped_column(String(2))
    phone: Mapped[str | None] = mapped_column(String(64))


class OrderDiscount(Base):
    """What a promotion took off an order; the lines' discounts and the shipping add up to these."""

    __tablename__ = "order_discounts"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    promotion_id: Mapped[str] = mapped_column(ForeignKey("promotions.id"))
    code: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class OrderNote(Base):
    __tablename__ = "order_notes"
    __table_args__ = (Index("ix_order_notes_order_id", "order_id", "at"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    author: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(String(4000))
    is_for_customer: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class NumberSeries(Base):
    """The next number of a kind of document. Taken in the transaction that uses it, so that none is lost or doubled."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    """`order:<channel id>`, `purchase_order`, `transfer` …"""
    prefix: Mapped[str] = mapped_column(String(32), default="")
    next_value: Mapped[int] = mapped_column(BigInteger, default=1)
