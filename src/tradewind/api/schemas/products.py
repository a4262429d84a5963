"""Shapes of products, their prices and pictures. Amounts are in the `currency` beside them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from tradewind.api.wire import Amount, Unversioned, Wire
from tradewind.commerce.catalog.checks import LONGEST_DESCRIPTION, MOST_ATTRIBUTES, MOST_OPTIONS
from tradewind.commerce.catalog.model import STANDARD_TAX, ProductKind, ProductStatus
from tradewind.commerce.catalog.store import ProductView

ID = r"^[0-9a-z]{1,26}$"
PLAIN = r"^[^\x00]*$"
"""Any text that both databases can hold."""
MEDIA = "/api/v1/media/"

Id = Annotated[str, StringConstraints(pattern=ID)]
Price = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=6)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=PLAIN)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PLAIN)]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=PLAIN)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PLAIN)]
Text = Annotated[str, StringConstraints(max_length=500, pattern=PLAIN)]
Number = Annotated[float, Field(gt=-(2**53), lt=2**53, allow_inf_nan=False)]
AttributeValue = bool | int | Number | Text | Annotated[list[Text], Field(max_length=100)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$")]


class ProductRow(Wire):
    """A product as a row of a list."""

    product_id: str
    parent_id: str | None = Field(description="The group that this is a variant of.")
    kind: ProductKind
    sku: str | None
    name: str
    category_id: str | None
    category: str | None = Field(description="Names from the root down, joined by ' / '.", examples=["Home / Kitchen"])
    brand: str | None
    status: ProductStatus
    options: dict[str, Any] = Field(description="Of a group: names with their values. Of a variant: one value each.")
    currency: str | None
    price: Amount | None
    lowest_price_30_days: Amount | None = Field(
        description="Where the price was last lowered: the lowest of the 30 days before, which buyers must be told."
    )
    reduced_at: datetime | None
    picture_url: str | None = Field(description="The first picture.")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, view: ProductView) -> ProductRow:
        shown = {name: getattr(view, name) for name in cls.model_fields if name != "picture_url"}
        return cls(**shown, picture_url=MEDIA + view.picture if view.picture else None)


class ProductPage(Wire):
    items: list[ProductRow]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class CurrencyPrice(Wire):
    """What a product costs in a currency."""

    currency: str
    price: Amount
    lowest_price_30_days: Amount | None
    reduced_at: datetime | None


class MediaOut(Wire):
    """A picture. Addresses are good for ever: a changed picture has another one."""

    media_id: str
    position: int
    url: str
    copies: dict[str, str] = Field(description="Addresses of smaller copies by width in pixels.")
    content_type: str
    width: int
    height: int
    size_bytes: int
    alt: str
    created_at: datetime


class ProductOut(ProductRow):
    """A product with all of its own."""

    description: str
    attributes: dict[str, Any]
    barcode: str | None
    weight_grams: int | None
    tax_class: str
    unit_cost: Amount | None
    prices: list[CurrencyPrice] = Field(description="In every currency, its own one first.")
    media: list[MediaOut]
    variants: int = Field(description="How many variants a group has.")


class _Body(Wire):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProductIn(_Body):
    """A product as it shall be. PUT replaces all of these: what is left out has its default."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sku": "MUG-RED",
                    "name": "Mug, red",
                    "brand": "Acme",
                    "currency": "EUR",
                    "price": 12.9,
                    "attributes": {"colour": "red", "dishwasher": True},
                }
            ]
        }
    )

    name: Name
    sku: Sku | None = None
    description: Annotated[str, StringConstraints(max_length=LONGEST_DESCRIPTION, pattern=PLAIN)] = ""
    category_id: Id | None = None
    brand: Short | None = None
    attributes: Annotated[dict[Word, AttributeValue], Field(default_factory=dict, max_length=MOST_ATTRIBUTES)]
    options: Annotated[
        dict[Word, Annotated[str, StringConstraints(max_length=100)] | Annotated[list[Short], Field(max_length=100)]],
        Field(
            default_factory=dict,
            max_length=MOST_OPTIONS,
            description="Of a group: values by name. Of a variant: one value for each name.",
        ),
    ]
    barcode: Word | None = None
    weight_grams: Annotated[int, Field(ge=0, le=10**9)] | None = None
    tax_class: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")] = STANDARD_TAX
    status: ProductStatus = ProductStatus.ACTIVE
    currency: Currency | None = None
    price: Price | None = None
    unit_cost: Price | None = None


class NewProductIn(ProductIn):
    """A new product; a GROUP has variants and is never sold itself."""

    kind: ProductKind = ProductKind.GOOD


class ProductPatch(_Body):
    """What shall change; what is left out stays."""

    name: Name | None = None
    sku: Sku | None = None
    description: Annotated[str, StringConstraints(max_length=LONGEST_DESCRIPTION, pattern=PLAIN)] | None = None
    category_id: Id | None = None
    brand: Short | None = None
    attributes: Annotated[dict[Word, AttributeValue], Field(max_length=MOST_ATTRIBUTES)] | None = None
    options: (
        Annotated[
            dict[
                Word, Annotated[str, StringConstraints(max_length=100)] | Annotated[list[Short], Field(max_length=100)]
            ],
            Field(max_length=MOST_OPTIONS),
        ]
        | None
    ) = None
    barcode: Word | None = None
    weight_grams: Annotated[int, Field(ge=0, le=10**9)] | None = None
    tax_class: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")] | None = None
    status: ProductStatus | None = None
    currency: Currency | None = None
    price: Price | None = None
    unit_cost: Price | None = None


class VariantIn(_Body):
    """A variant; what it does not say it takes from its group."""

    sku: Sku
    options: Annotated[
        dict[Word, Annotated[str, StringConstraints(max_length=100)]],
        Field(max_length=MOST_OPTIONS, examples=[{"Size": "M", "Colour": "red"}]),
    ]
    name: Name | None = None
    barcode: Word | None = None
    weight_grams: Annotated[int, Field(ge=0, le=10**9)] | None = None
    attributes: Annotated[dict[Word, AttributeValue], Field(max_length=MOST_ATTRIBUTES)] | None = None
    currency: Currency | None = None
    price: Price | None = None
    unit_cost: Price | None = None


class VariantsIn(_Body):
    variants: Annotated[list[VariantIn], Field(min_length=1, max_length=200)]


class VariantsOut(Wire):
    product_ids: list[str] = Field(description="In the order of the request.")


class PriceIn(_Body):
    price: Price


class PriceStepOut(Wire):
    """A change of a price; null means that there was, or is, none in this currency."""

    currency: str
    old_price: Amount | None
    new_price: Amount | None
    changed_at: datetime


class PriceHistoryPage(Wire):
    items: list[PriceStepOut]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class MediaPatch(_Body):
    """What shall change of a picture."""

    alt: Text | None = None
    position: Annotated[int, Field(ge=0, le=1000, description="0 is the first.")] | None = None


class FoundOut(ProductRow):
    """A hit. Marked texts are HTML, with the hits in <mark> and all else escaped."""

    marked_name: str | None
    excerpt: str | None = Field(description="The part of the description around its first hit, marked.")


class FacetValue(Wire):
    value: str
    label: str = Field(description="What to show for it: a category's path, otherwise the value itself.")
    hits: int


class PriceRange(Wire):
    currency: str
    lowest: Amount
    highest: Amount


class FacetsOut(Wire):
    """How the best hits spread, up to 1,000 of them: the most frequent values, up to 20 of each kind."""

    hits: int
    is_complete: bool = Field(description="Whether all hits were counted, and not only the best.")
    categories: list[FacetValue]
    brands: list[FacetValue]
    prices: list[PriceRange]
    attributes: dict[str, list[FacetValue]]


class FoundPage(Wire):
    items: list[FoundOut]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")
    corrected: dict[str, list[str]] = Field(
        description="Words that no product holds, with those that were looked for in their place."
    )
    facets: FacetsOut | None = Field(description="Only when asked for.")


class RowErrorOut(Wire):
    row: int = Field(description="Counts from 1, a CSV's header apart.")
    sku: str | None
    field: str | None
    message: str


class ImportOut(Wire):
    """What an import did or, as a dry run, would do."""

    is_dry_run: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    refused: int
    errors: list[RowErrorOut] = Field(description="The first 1,000 of them.")


class CategoryOut(Unversioned):
    category_id: str
    parent_id: str | None
    name: str
    path: str = Field(description="Names from the root down, joined by ' / '.", examples=["Home / Kitchen"])
    products: int = Field(description="Directly in it, not archived, variants apart.")


class CategoryList(Wire):
    items: list[CategoryOut]


class NewCategoryIn(_Body):
    name: Short
    parent_id: Id | None = None


class CategoryPatch(_Body):
    """What shall change: a name, or a parent (null hangs the category at the root)."""

    name: Short | None = None
    parent_id: Id | None = None


class ListingIn(_Body):
    """What a channel shows; without a price of its own the product's holds there."""

    title: Name | None = None
    currency: Currency | None = None
    price: Price | None = None
    is_active: bool = True


class ListingOut(Unversioned):
    listing_id: str
    channel: str
    external_id: str
    title: str | None
    currency: str | None
    price: Amount | None
    is_active: bool
    created_at: datetime


class ListingList(Wire):
    items: list[ListingOut]
