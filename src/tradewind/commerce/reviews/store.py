"""Read queries of reviews: pages, the newest first, and what the ratings of products come to.

Averages are computed when they are asked for, over an index that holds nothing else: no counter can drift.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Product, SalesChannel
from tradewind.commerce.reviews.model import Review, ReviewStatus
from tradewind.core.errors import NotFound
from tradewind.core.paging import Page, moment_and_id

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews; None means all."""

    product_id: str | None = None
    """Of this product, and of its variants where it is a group."""
    customer_id: str | None = None
    status: ReviewStatus | None = None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as it is shown. `is_verified`: we know the purchase that it tells of."""

    review_id: str
    product_id: str
    product_name: str
    sku: str | None
    channel: str
    customer_id: str | None
    order_id: str | None
    rating: int
    title: str | None
    comment: str | None
    status: str
    is_verified: bool
    version: int
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class Rating:
    """The published ratings of a product: `stars` counts those of 1, 2, 3, 4 and 5."""

    stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def count(self) -> int:
        return sum(self.stars)

    @property
    def average(self) -> Decimal | None:
        """With two digits, rounded half up; None where nobody has rated."""
        if not self.count:
            return None
        points = sum(star * count for star, count in enumerate(self.stars, start=1))
        return (Decimal(points) / self.count).quantize(_CENT, ROUND_HALF_UP)


def reviews_page(tx: Session, chosen: ReviewFilter, *, limit: int, cursor: str | None = None) -> Page[ReviewView]:
    """Reviews, the newest first."""
    query = _where(_select(), chosen).order_by(Review.reviewed_at.desc(), Review.id.desc()).limit(limit + 1)
    if cursor is not None:
        at, review_id = moment_and_id(cursor)
        query = query.where(
            Review.reviewed_at <= at,
            or_(Review.reviewed_at < at, and_(Review.reviewed_at == at, Review.id < review_id)),
        )
    return Page.cut(tx.execute(query).all(), limit, lambda row: (row[0].reviewed_at.isoformat(), row[0].id), _view)


def find_review(tx: Session, review_id: str) -> ReviewView:
    row = tx.execute(_select().where(Review.id == review_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no review {review_id[:40]}.")
    return _view(row)


def ratings_of(tx: Session, product_ids: Iterable[str]) -> dict[str, Rating]:
    """The ratings of products by their ids; a group's are those of its variants. Who has none has an empty one."""
    counts = {product_id: [0, 0, 0, 0, 0] for product_id in product_ids}
    for part in chunks(counts):
        own = select(Review.product_id, Review.rating, func.count()).where(Review.product_id.in_(part))
        of_variants = (
            select(Product.parent_id, Review.rating, func.count())
            .join(Review, Review.product_id == Product.id)
            .where(Product.parent_id.in_(part))
        )
        for query, owner in ((own, Review.product_id), (of_variants, Product.parent_id)):
            published = query.where(Review.status == str(ReviewStatus.PUBLISHED)).group_by(owner, Review.rating)
            for product_id, rating, count in tx.execute(published):
                counts[product_id or ""][rating - 1] += count
    return {product_id: Rating((s[0], s[1], s[2], s[3], s[4])) for product_id, s in counts.items()}


_Rows = Select[Review, str, str, str | None]


def _select() -> _Rows:
    query = select(Review, SalesChannel.code, Product.name, Product.sku)
    return query.join(SalesChannel, SalesChannel.id == Review.channel_id).join(Product, Product.id == Review.product_id)


def _where(query: _Rows, chosen: ReviewFilter) -> _Rows:
    if chosen.product_id is not None:
        variants = or_(Product.id == chosen.product_id, Product.parent_id == chosen.product_id)
        query = query.where(Review.product_id.in_(select(Product.id).where(variants).correlate(None)))
    if chosen.customer_id is not None:
        query = query.where(Review.customer_id == chosen.customer_id)
    if chosen.status is not None:
        query = query.where(Review.status == str(chosen.status))
    return query


def _view(row: Row[Review, str, str, str | None]) -> ReviewView:
    review, channel, product_name, sku = row
    return ReviewView(
        review_id=review.id,
        product_id=review.product_id,
        product_name=product_name,
        sku=sku,
        channel=channel,
        customer_id=review.customer_id,
        order_id=review.order_id,
        rating=review.rating,
        title=review.title,
        comment=review.comment,
        status=review.status,
        is_verified=review.order_id is not None,
        version=review.version,
        reviewed_at=review.reviewed_at,
    )
