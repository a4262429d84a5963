"""What a priced cart is: the result of `pricing.price_cart`, and all that an order needs to be made of it.

Amounts are minor units of the cart's currency. Pure records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProblemCode(StrEnum):
    """What a buyer has to know about a cart, for programs."""

    PRICE_CHANGED = "price_changed"
    """The price is another than the one that was shown last; the line has the new one."""
    NOT_AVAILABLE = "not_available"
    """The product is no longer sold; the line counts for nothing."""
    NO_PRICE = "no_price"
    """The product has no price in the cart's currency; the line counts for nothing."""
    INSUFFICIENT_STOCK = "insufficient_stock"
    """Fewer units are available than the line asks for."""
    CODE_NOT_VALID = "code_not_valid"
    """There is no such code now: unknown, switched off, not begun or over."""
    CODE_USED_UP = "code_used_up"
    """The limit of the code, in all or for this buyer, is reached."""
    CODE_NOT_APPLICABLE = "code_not_applicable"
    """The cart does not meet the code's conditions."""
    CODE_NOT_COMBINED = "code_not_combined"
    """Another promotion, or several, save more and do not go together with this one."""
    SHIPPING_NOT_CHOSEN = "shipping_not_chosen"
    SHIPPING_NOT_AVAILABLE = "shipping_not_available"
    """The chosen method does not go to this place, or not at this weight."""


_BLOCKING = frozenset(
    {
        ProblemCode.NOT_AVAILABLE,
        ProblemCode.NO_PRICE,
        ProblemCode.INSUFFICIENT_STOCK,
        ProblemCode.SHIPPING_NOT_CHOSEN,
        ProblemCode.SHIPPING_NOT_AVAILABLE,
    }
)


@dataclass(frozen=True, slots=True)
class CartProblem:
    """Something about a cart that its buyer has to know, in a sentence that may be shown as it is."""

    code: ProblemCode
    message: str
    product_id: str | None = None
    discount_code: str | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether no order can be made of the cart before this is solved."""
        return self.code in _BLOCKING


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line of a cart. `total_minor` is gross less discount; the tax is inside it where prices include tax."""

    product_id: str
    sku: str
    name: str
    kind: str
    quantity: int
    unit_price_minor: int | None
    """None where the product cannot be bought now: such a line counts for nothing in all sums."""
    gross_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    tax_rate_ppm: int
    available: int | None
    """Units that can be had now; None where stock is not kept: of services."""
    unit_cost_micros: int | None = None
    """What a unit cost us, where that is known in the cart's currency. Not for buyers."""

    @property
    def is_sellable(self) -> bool:
        return self.unit_price_minor is not None


@dataclass(frozen=True, slots=True)
class AppliedPromotion:
    """A promotion that made the cart cheaper: `amount_minor` in all, of which some may be off shipping."""

    promotion_id: str
    code: str | None
    name: str
    kind: str
    amount_minor: int
    shipping_minor: int
    is_limited: bool
    """Whether a use of it has to be taken when the order is placed."""


@dataclass(frozen=True, slots=True)
class TaxShare:
    """One rate of tax on a cart: on what it is, without tax, and how much it is. Shipping is in it."""

    name: str
    rate_ppm: int
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A cart with everything worked out.

    subtotal = Σ gross; discount = Σ discount of lines; tax = Σ tax of lines + tax of shipping;
    total = subtotal − discount + shipping − shipping discount (+ tax, unless prices include it).
    Σ amount of promotions = discount + shipping discount.
    """

    cart_id: str
    version: int
    """Moves with every change of the cart."""
    status: str
    """open, ordered, merged or expired."""
    order_id: str | None
    channel_id: str
    customer_id: str | None
    email: str | None
    country: str | None
    region: str | None
    currency: str
    codes: tuple[str, ...]
    lines: tuple[PricedLine, ...]
    promotions: tuple[AppliedPromotion, ...]
    taxes: tuple[TaxShare, ...]
    prices_include_tax: bool
    shipping_method_id: str | None
    shipping_method: str | None
    carrier: str | None
    is_shipped: bool
    """Whether anything in the cart has to be sent."""
    weight_grams: int
    subtotal_minor: int
    discount_minor: int
    """Of the lines."""
    shipping_minor: int
    """The method's price, before its discount."""
    shipping_discount_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    problems: tuple[CartProblem, ...]
    expires_at: datetime

    @property
    def shipping_payable_minor(self) -> int:
        """What shipping adds to an order."""
        return self.shipping_minor - self.shipping_discount_minor

    @property
    def is_orderable(self) -> bool:
        """Whether an order can be made of it as it is."""
        return self.status == "open" and bool(self.lines) and not any(found.is_blocking for found in self.problems)

    @property
    def limited_promotion_ids(self) -> tuple[str, ...]:
        """The promotions of which placing the order takes a use; see promotions.service.take_uses."""
        return tuple(applied.promotion_id for applied in self.promotions if applied.is_limited)
