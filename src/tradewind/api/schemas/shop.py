"""Shapes of what a shop lays down once: taxes and ways of shipping."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from tradewind.api.schemas.products import PLAIN, Currency
from tradewind.api.wire import Amount, Wire
from tradewind.commerce.places import MAX_PLACES
from tradewind.commerce.shipping.methods import MAX_GRAMS
from tradewind.commerce.taxes.service import MAX_RATES

Place = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PLAIN)]
Places = Annotated[
    list[Place],
    Field(
        max_length=MAX_PLACES,
        description="Countries (DE) and regions (US-CA); empty is everywhere else.",
        examples=[["DE", "AT"]],
    ),
]
Money = Annotated[Decimal, Field(ge=0, max_digits=17, decimal_places=4)]


class _Body(Wire):
    model_config = ConfigDict(extra="forbid")


class TaxRateIn(_Body):
    tax_class: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")] = Field(examples=["standard"])
    name: Name = Field(examples=["VAT 19 %"])
    percent: Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)] = Field(examples=[19])
    is_on_shipping: bool = Field(False, description="Shipping is taxed with this rate. One per zone.")


class TaxZoneIn(_Body):
    """A zone with all of its rates."""

    name: Name = Field(examples=["Germany"])
    places: Places = Field(default_factory=list)
    prices_include_tax: bool
    rates: list[TaxRateIn] = Field(default_factory=list, max_length=MAX_RATES)


class TaxRateOut(Wire):
    tax_class: str
    name: str
    percent: Amount
    is_on_shipping: bool


class TaxZoneOut(Wire):
    zone_id: str
    name: str
    places: list[str]
    prices_include_tax: bool
    rates: list[TaxRateOut]
    version: int = Field(description="Moves with every change; the ETag says the same.")
    created_at: datetime
    updated_at: datetime


class TaxZones(Wire):
    items: list[TaxZoneOut]


class ShippingMethodIn(_Body):
    name: Name = Field(examples=["Parcel"])
    carrier: Annotated[str, StringConstraints(max_length=100, pattern=PLAIN)] | None = None
    places: Places = Field(default_factory=list)
    currency: Currency = Field(examples=["EUR"])
    price: Money = Field(examples=[4.9])
    min_grams: int = Field(0, ge=0, le=MAX_GRAMS)
    max_grams: int | None = Field(None, ge=1, le=MAX_GRAMS, description="Up to, but not including.")
    free_from: Money | None = Field(None, description="Worth of the goods, after discounts, from which it is free.")
    position: int = Field(0, ge=-1_000_000, le=1_000_000, description="Buyers see the lowest first.")
    is_active: bool = True


class ShippingMethodOut(Wire):
    method_id: str
    name: str
    carrier: str | None
    places: list[str]
    currency: str
    price: Amount
    min_grams: int
    max_grams: int | None
    free_from: Amount | None
    position: int
    is_active: bool
    version: int = Field(description="Moves with every change; the ETag says the same.")
    created_at: datetime
    updated_at: datetime


class ShippingMethods(Wire):
    items: list[ShippingMethodOut]
