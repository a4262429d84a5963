"""What every channel's data become before they are booked: orders, refunds, fees, stock and products of one shape.

Mapping functions make these from raw payloads without any I/O. Amounts are decimals in the currency beside them, and
what the channel did not say is None, never 0. Times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tradewind.commerce.fees.model import FeeKind, FeeStatus
from tradewind.commerce.orders.states import OrderStatus


class Fulfillment(StrEnum):
    """How much of an order has been sent."""

    UNFULFILLED = "unfulfilled"
    PARTIAL = "partial"
    FULFILLED = "fulfilled"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class UnifiedCustomer:
    """Who bought. `key` is one person's on that channel; an address of a relay says nothing of a person elsewhere."""

    key: str
    email: str | None = None
    is_relay: bool = False
    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class UnifiedLine:
    """One line as the channel has it now. `quantity` is what was ordered, cancelled units among them."""

    external_line_id: str
    sku: str | None
    quantity: int
    unit_price: Decimal | None
    title: str | None = None
    listing_id: str | None = None
    quantity_cancelled: int = 0
    quantity_shipped: int = 0
    discount: Decimal | None = None
    tax: Decimal | None = None
    shipping: Decimal | None = None
    total: Decimal | None = None
    is_gift_card: bool = False


@dataclass(frozen=True, slots=True)
class UnifiedRefundLine:
    """Units of one line that were given back, and the money for them without tax and shipping."""

    sku: str | None
    quantity: int
    amount: Decimal
    external_line_id: str | None = None
    is_restocked: bool = False


@dataclass(frozen=True, slots=True)
class UnifiedRefund:
    """One credit note. `amount` is all that was given back, tax and shipping with it."""

    external_id: str
    refunded_at: datetime
    currency: str
    amount: Decimal
    order_external_id: str
    lines: tuple[UnifiedRefundLine, ...] = ()
    tax: Decimal | None = None
    shipping: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class UnifiedOrder:
    """One order of a channel. Components may fail to add up to `total`: that is a warning, never repaired."""

    external_id: str
    order_number: str
    placed_at: datetime
    status: OrderStatus
    currency: str
    lines: tuple[UnifiedLine, ...]
    channel_updated_at: datetime | None = None
    fulfillment_status: Fulfillment = Fulfillment.UNFULFILLED
    payment_status: str = "unknown"
    raw_status: str | None = None
    marketplace: str | None = None
    """Amazon's marketplace id, a shop's domain, Walmart's ship-node type."""
    group_id: str | None = None
    fulfillment_channel: str | None = None
    """fba, fbm, wfs, seller or merchant."""
    subtotal: Decimal | None = None
    shipping: Decimal | None = None
    discount: Decimal | None = None
    tax: Decimal | None = None
    other: Decimal | None = None
    total: Decimal | None = None
    refunded: Decimal | None = None
    net_total: Decimal | None = None
    prices_include_tax: bool = False
    presentment_currency: str | None = None
    presentment_total: Decimal | None = None
    customer: UnifiedCustomer | None = None
    ship_country: str | None = None
    ship_region: str | None = None
    ship_city: str | None = None
    ship_postal: str | None = None
    is_test: bool = False
    is_replacement: bool = False
    is_sold_elsewhere: bool = False
    """Sent for an order that another channel took: moves stock, is nobody's revenue here."""
    refunds: tuple[UnifiedRefund, ...] = ()
    warnings: tuple[str, ...] = ()
    """Codes such as totals_mismatch or unknown_status; see docs/connectors.md."""


@dataclass(frozen=True, slots=True)
class UnifiedFee:
    """What a channel took, as a cost: positive is money gone, negative is money given back."""

    external_id: str
    posted_at: datetime
    kind: FeeKind
    amount: Decimal
    currency: str
    status: FeeStatus
    raw_kind: str
    order_external_id: str | None = None
    sku: str | None = None
    replaces: str | None = None
    """All rows that were told under this key before are void: a settlement report that is read again."""


@dataclass(frozen=True, slots=True)
class UnifiedStock:
    """Units of one SKU at one of the channel's places, at a moment."""

    sku: str
    location: str
    as_of: datetime
    available: int | None
    reserved: int | None = None
    inbound: int | None = None
    unsellable: int | None = None
    on_hand: int | None = None
    keeper: str = "seller"
    """Who holds the goods: seller, fba or wfs. Only a marketplace's own counts are facts of ours."""


@dataclass(frozen=True, slots=True)
class UnifiedProduct:
    """One thing that is listed, as the channel shows it."""

    external_id: str
    sku: str
    title: str | None = None
    brand: str | None = None
    category: str | None = None
    status: str = "active"
    price: Decimal | None = None
    compare_at_price: Decimal | None = None
    currency: str | None = None
    channel_updated_at: datetime | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class UnifiedFeedback:
    """What buyers say of a product or of the seller, as far as a channel tells: topics and ratings, never a person."""

    external_id: str
    told_at: datetime
    subject: str
    """An ASIN, or `seller`."""
    topic: str | None = None
    rating: Decimal | None = None
    count: int | None = None


Unified = UnifiedOrder | UnifiedRefund | UnifiedFee | UnifiedStock | UnifiedProduct | UnifiedCustomer | UnifiedFeedback
