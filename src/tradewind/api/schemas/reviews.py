"""Shapes of reviews and ratings."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, Field

from tradewind.api.wire import Amount, Wire
from tradewind.commerce.reviews.model import ReviewStatus


class ReviewSummary(Wire):
    """What somebody says of a product."""

    review_id: str
    product_id: str
    product_name: str
    sku: str | None
    channel: str
    customer_id: str | None
    order_id: str | None
    rating: int = Field(description="From 1 (bad) to 5 (good).")
    title: str | None
    comment: str | None
    status: ReviewStatus
    is_verified: bool = Field(description="We know the purchase that it tells of.")
    version: int = Field(description="Moves with every change; the ETag says the same.")
    reviewed_at: datetime


class ReviewPage(Wire):
    items: list[ReviewSummary]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class ReviewBody(Wire):
    """A review by a customer who bought the product."""

    model_config = ConfigDict(extra="forbid")

    customer_id: str = Field(max_length=64)
    product_id: str = Field(max_length=64, description="The product, or the group whose variant was bought.")
    rating: int = Field(ge=1, le=5, examples=[5])
    title: str | None = Field(None, max_length=300, examples=["Keeps tea hot"])
    comment: str | None = Field(None, max_length=10_000, examples=["Still warm after two hours."])
    order_id: str | None = Field(
        None, max_length=64, description="The purchase; unset: the newest one not reviewed yet."
    )


class ProductRating(Wire):
    """The published ratings of one product; those of its variants where it is a group."""

    product_id: str
    count: int
    average: Amount | None = Field(description="With two digits; null where nobody has rated.")
    stars: list[int] = Field(description="How many gave 1, 2, 3, 4 and 5.")


class ProductRatings(Wire):
    items: list[ProductRating]
