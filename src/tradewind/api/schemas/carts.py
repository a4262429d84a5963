"""Shapes of carts. Amounts are in the cart's `currency`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from tradewind.api.cart_references import REFERENCE_PATTERN
from tradewind.api.schemas.products import PLAIN, Currency, Id, Sku, Word
from tradewind.api.wire import Amount, Wire
from tradewind.commerce.carts.lines import MAX_QUANTITY
from tradewind.commerce.carts.loading import MAX_LINES
from tradewind.commerce.carts.priced import PricedCart, ProblemCode
from tradewind.commerce.carts.service import OWN_SHOP, CartStatus
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.core.money import to_decimal

Country = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$")]
Region = Annotated[str, StringConstraints(max_length=100, pattern=PLAIN)]
Email = Annotated[str, StringConstraints(max_length=320, pattern=PLAIN)]
Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY, examples=[2])]


class _Body(Wire):
    model_config = ConfigDict(extra="forbid")


class CartItemIn(_Body):
    """Units of a product, named by its id or by its SKU."""

    product_id: Id | None = None
    sku: Sku | None = Field(None, examples=["MUG-RED"])
    quantity: Quantity = 1

    @model_validator(mode="after")
    def names_one_product(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("name the product by product_id or by sku, and not by both")
        return self


class NewCart(_Body):
    """Everything may be left out: then it is a guest's empty cart in the store's currency."""

    currency: Currency | None = Field(None, description="Unset: the store's currency.", examples=["EUR"])
    channel: Word = Field(OWN_SHOP, description="Code of the sales channel.")
    customer_id: Id | None = Field(None, description="A customer's open cart on the channel is gone on with.")
    country: Country | None = Field(None, examples=["DE"])
    region: Region | None = Field(None, description="A code such as CA or US-CA.")
    email: Email | None = None
    items: list[CartItemIn] = Field(default_factory=list, max_length=MAX_LINES)


class CartChange(_Body):
    """Changes what it says, and nothing else; null takes it away."""

    country: Country | None = Field(None, description="Where it goes. Decides on tax and shipping.", examples=["DE"])
    region: Region | None = Field(None, description="A code such as CA or US-CA. Taken away with a new country.")
    shipping_method_id: Id | None = None
    email: Email | None = Field(None, description="Where a guest can be reached. Never shown again.")


class CartQuantity(_Body):
    quantity: int = Field(ge=0, le=MAX_QUANTITY, description="0 takes the product out.", examples=[3])


class CartCode(_Body):
    code: str = Field(min_length=1, max_length=64, pattern=PLAIN, examples=["WELCOME10"])


class CartOwner(_Body):
    customer_id: Id = Field(description="Who has signed in.")


class AddToCart(_Body):
    """As small as it gets."""

    product_id: Id
    quantity: Quantity = 1


class Added(Wire):
    status: Literal["success"] = "success"


class CartLineOut(Wire):
    product_id: str
    sku: str
    name: str
    quantity: int
    unit_price: Amount | None = Field(description="Null for what cannot be bought now: it counts for nothing.")
    gross: Amount = Field(description="Price times quantity.")
    discount: Amount
    tax: Amount
    tax_percent: Amount
    total: Amount = Field(description="Gross less discount; the tax is inside it where prices include tax.")
    available: int | None = Field(description="Units that can be had now; null where stock is not kept.")


class CartPromotionOut(Wire):
    promotion_id: str
    code: str | None
    name: str
    kind: PromotionKind
    amount: Amount = Field(description="What it takes off, shipping included.")
    shipping: Amount = Field(description="Of that, off shipping.")


class CartTaxOut(Wire):
    name: str
    percent: Amount
    net: Amount = Field(description="What it is on, without the tax itself.")
    tax: Amount


class CartProblemOut(Wire):
    code: ProblemCode
    message: str = Field(description="May be shown as it is.")
    is_blocking: bool = Field(description="No order can be made of the cart before this is solved.")
    product_id: str | None
    discount_code: str | None


class CartOut(Wire):
    """A cart, priced now. Reading it again may give other prices: `problems` says so."""

    cart_id: str = Field(pattern=REFERENCE_PATTERN, description="Whoever has a guest's may use that cart.")
    version: int
    status: CartStatus
    order_id: str | None
    customer_id: str | None
    currency: str
    country: str | None
    region: str | None
    codes: list[str]
    lines: list[CartLineOut]
    promotions: list[CartPromotionOut]
    taxes: list[CartTaxOut]
    prices_include_tax: bool
    is_shipped: bool = Field(description="Whether anything in it has to be sent.")
    shipping_method_id: str | None
    shipping_method: str | None = Field(description="Its name, if it fits.")
    carrier: str | None
    weight_grams: int
    subtotal: Amount = Field(description="Of the lines, before discounts.")
    discount: Amount = Field(description="Of the lines.")
    shipping: Amount = Field(description="Before its discount.")
    shipping_discount: Amount
    tax: Amount
    total: Amount = Field(description="What the buyer pays.")
    problems: list[CartProblemOut]
    is_orderable: bool
    expires_at: datetime

    @classmethod
    def of(cls, priced: PricedCart, reference: str) -> CartOut:
        def money(minor: int) -> Amount:
            return to_decimal(minor, priced.currency)

        return cls(
            cart_id=reference,
            version=priced.version,
            status=CartStatus(priced.status),
            order_id=priced.order_id,
            customer_id=priced.customer_id,
            currency=priced.currency,
            country=priced.country,
            region=priced.region,
            codes=list(priced.codes),
            lines=[
                CartLineOut(
                    product_id=line.product_id,
                    sku=line.sku,
                    name=line.name,
                    quantity=line.quantity,
                    unit_price=None if line.unit_price_minor is None else money(line.unit_price_minor),
                    gross=money(line.gross_minor),
                    discount=money(line.discount_minor),
                    tax=money(line.tax_minor),
                    tax_percent=percent(line.tax_rate_ppm),
                    total=money(line.total_minor),
                    available=line.available,
                )
                for line in priced.lines
            ],
            promotions=[
                CartPromotionOut(
                    promotion_id=applied.promotion_id,
                    code=applied.code,
                    name=applied.name,
                    kind=PromotionKind(applied.kind),
                    amount=money(applied.amount_minor),
                    shipping=money(applied.shipping_minor),
                )
                for applied in priced.promotions
            ],
            taxes=[
                CartTaxOut(
                    name=share.name,
                    percent=percent(share.rate_ppm),
                    net=money(share.net_minor),
                    tax=money(share.tax_minor),
                )
                for share in priced.taxes
            ],
            prices_include_tax=priced.prices_include_tax,
            is_shipped=priced.is_shipped,
            shipping_method_id=priced.shipping_method_id,
            shipping_method=priced.shipping_method,
            carrier=priced.carrier,
            weight_grams=priced.weight_grams,
            subtotal=money(priced.subtotal_minor),
            discount=money(priced.discount_minor),
            shipping=money(priced.shipping_minor),
            shipping_discount=money(priced.shipping_discount_minor),
            tax=money(priced.tax_minor),
            total=money(priced.total_minor),
            problems=[CartProblemOut.model_validate(problem) for problem in priced.problems],
            is_orderable=priced.is_orderable,
            expires_at=priced.expires_at,
        )


class CartSummaryOut(Wire):
    cart_id: str
    status: CartStatus
    customer_id: str | None
    order_id: str | None
    currency: str
    lines: int
    units: int
    abandoned_at: datetime | None = Field(description="Since when it is told that nobody came back to it.")
    expires_at: datetime
    created_at: datetime
    updated_at: datetime


class CartPage(Wire):
    items: list[CartSummaryOut]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class MergedCart(CartOut):
    left_out: list[str] = Field(description="Ids of products for which the customer's cart had no room.")


class ShippingOptionOut(Wire):
    shipping_method_id: str
    name: str
    carrier: str | None
    price: Amount = Field(description="For this cart as it is.")


class ShippingOptions(Wire):
    currency: str
    items: list[ShippingOptionOut]


def percent(ppm: int) -> Amount:
    """A rate in percent: 190000 millionths are 19."""
    return Decimal(ppm) / 10_000
