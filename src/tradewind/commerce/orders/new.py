"""An order as somebody tells of it, before it is booked. Building one checks it; booking it needs no look back.

Amounts are decimals in the order's currency. A problem is reported with the field it is in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from tradewind.commerce.catalog.model import LONGEST_CATEGORY, ProductKind
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency
from tradewind.core.text import check_texts

ZERO = Decimal(0)
MAX_LINES = 5_000
MAX_QUANTITY = 1_000_000_000

# The most characters of each text, as the tables hold them; a line's name is cut instead.
_LINE_TEXTS = (("sku", 128), ("name", 10_000), ("category", LONGEST_CATEGORY), ("external_line_id", 128))
_ORDER_TEXTS = (
    ("order_number", 128),
    ("external_id", 128),
    ("fulfillment_status", 16),
    ("payment_status", 32),
    ("ship_country", 2),
    ("ship_region", 100),
    ("ship_city", 200),
    ("note", 2000),
)


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line: so many units of one SKU at one price, of which `discount` is taken off the whole line."""

    sku: str
    quantity: int
    unit_price: Decimal
    name: str | None = None
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    unit_cost: Decimal | None = None
    category: str | None = None
    kind: ProductKind = ProductKind.GOOD
    external_line_id: str | None = None

    def __post_init__(self) -> None:
        if not self.sku.strip():
            raise InvalidInput("The line has no SKU. Give the id under which the product is stocked.", field="sku")
        check_texts(self, _LINE_TEXTS, of=f"the line of {self.sku[:40]}")
        if self.unit_cost is not None and self.unit_cost < 0:
            raise InvalidInput(f"The cost of {self.sku} is negative, {self.unit_cost}.", field="unit_cost")
        if self.quantity <= 0:
            raise InvalidInput(
                f"Quantity {self.quantity} of {self.sku} is not positive."
                " Book returns as refunds, not as negative lines.",
                field="quantity",
            )
        if self.quantity > MAX_QUANTITY:
            raise InvalidInput(f"Quantity {self.quantity} of {self.sku} is larger than any we book.", field="quantity")
        if self.unit_price < 0:
            raise InvalidInput(
                f"The price of {self.sku} is negative, {self.unit_price}. Book credits as refunds.",
                field="unit_price",
            )
        if self.discount < 0 or self.tax < 0:
            raise InvalidInput(f"Discount and tax of {self.sku} must not be negative.", field="discount")


@dataclass(frozen=True, slots=True)
class NewOrder:
    """One order. `discount` is the part that no line carries yet: it is spread over the lines by value."""

    order_number: str
    placed_at: datetime
    currency: str
    lines: tuple[NewLine, ...]
    external_id: str = ""
    status: OrderStatus = OrderStatus.CONFIRMED
    fulfillment_status: str | None = None
    payment_status: str = "unknown"
    customer: NewCustomer | None = None
    shipping: Decimal = ZERO
    discount: Decimal = ZERO
    tax: Decimal | None = None
    """Tax of the whole order; None: the sum of the lines' tax."""
    other: Decimal = ZERO
    fees: Decimal = ZERO
    total: Decimal | None = None
    """What the channel says the total is; None: computed."""
    prices_include_tax: bool = False
    ship_country: str | None = None
    ship_region: str | None = None
    ship_city: str | None = None
    is_test: bool = False
    is_replacement: bool = False
    note: str | None = None
    channel_updated_at: datetime | None = None
    keys: tuple[str, str] = field(init=False, repr=False, compare=False, default=("", ""))
    """External id and number, as they are stored: the id is the number where a source has only that."""

    def __post_init__(self) -> None:
        number = self.order_number.strip()
        if not number:
            raise InvalidInput("The order has no number.", field="order_number")
        check_texts(self, _ORDER_TEXTS, of=f"order {number[:40]}")
        check_currency(self.currency)
        if self.placed_at.tzinfo is None:
            raise InvalidInput(f"The time of order {number} has no zone.", field="placed_at")
        if not datetime(1970, 1, 1, tzinfo=UTC) <= self.placed_at < datetime(2200, 1, 1, tzinfo=UTC):
            raise InvalidInput(
                f"Order {number} was placed at {self.placed_at.isoformat()}: check the year.",
                field="placed_at",
            )
        if len(self.lines) > MAX_LINES:
            raise InvalidInput(f"Order {number} has more than {MAX_LINES} lines.", field="lines")
        for name in ("shipping", "discount"):
            if getattr(self, name) < 0:
                raise InvalidInput(f"The {name} of order {number} is negative, {getattr(self, name)}.", field=name)
        object.__setattr__(self, "keys", (self.external_id or number, number))
