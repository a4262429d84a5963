"""Reviews of products, and what their ratings come to."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.customers import PeopleWriter
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.reviews import ProductRating, ProductRatings, ReviewBody, ReviewPage, ReviewSummary
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag
from tradewind.commerce.customers.profiles import CustomerErased, CustomerMerged
from tradewind.commerce.reviews.model import ReviewStatus
from tradewind.commerce.reviews.store import ReviewFilter, find_review, ratings_of, reviews_page
from tradewind.commerce.reviews.writing import (
    AlreadyReviewed,
    NotBought,
    Opinion,
    hold_review,
    moderate_review,
    write_review,
)
from tradewind.core.errors import NotFound
from tradewind.core.paging import MAX_LIMIT

router = Router("/reviews", tags=["reviews"])

ReviewId = Annotated[str, Path(max_length=64)]


@router.get("", response_model=ReviewPage, responses=problems(*SIGNED_IN), dependencies=[READS])
def reviews(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    product_id: Annotated[str | None, Query(max_length=64, description="Only of this product or group.")] = None,
    customer_id: Annotated[str | None, Query(max_length=64, description="Only by this customer.")] = None,
    status: Annotated[
        ReviewStatus | None,
        Query(description="Unset: published ones; of one customer, all."),
    ] = None,
) -> Response:
    """Reviews, the newest first."""
    if status is None and customer_id is None:
        status = ReviewStatus.PUBLISHED
    with services.platform.database.read() as tx:
        chosen = ReviewFilter(product_id=product_id, customer_id=customer_id, status=status)
        page = reviews_page(tx, chosen, limit=limit, cursor=cursor)
    items = [ReviewSummary.model_validate(review) for review in page.items]
    return answer(ReviewPage(items=items, next_cursor=page.next_cursor))


@router.get("/ratings", response_model=ProductRatings, responses=problems(*SIGNED_IN), dependencies=[READS])
def ratings(
    services: ServicesDep,
    product_id: Annotated[list[str], Query(min_length=1, max_length=MAX_LIMIT, description="Of these products.")],
) -> Response:
    """Count and average of the published ratings of products, in the order in which they are asked for."""
    with services.platform.database.read() as tx:
        found = ratings_of(tx, product_id)
    items = [
        ProductRating(product_id=key, count=rating.count, average=rating.average, stars=list(rating.stars))
        for key, rating in found.items()
    ]
    return answer(ProductRatings(items=items))


@router.post(
    "",
    status_code=201,
    response_model=ReviewSummary,
    responses=problems(*WRITES, NotFound, NotBought, AlreadyReviewed, CustomerErased, CustomerMerged),
)
def create_review(writer: PeopleWriter, body: ReviewBody) -> Response:
    """A review by somebody who bought the product. It is shown once it is published."""

    def work(tx: Session) -> ReviewSummary:
        review = write_review(
            tx,
            body.customer_id,
            body.product_id,
            Opinion(body.rating, body.title, body.comment),
            actor=writer.actor,
            now=writer.now,
            order_id=body.order_id,
        )
        return ReviewSummary.model_validate(find_review(tx, review.id))

    return writer.once(work, status=201)


@router.get(
    "/{review_id}", response_model=ReviewSummary, responses=problems(*SIGNED_IN, NotFound), dependencies=[READS]
)
def review(services: ServicesDep, review_id: ReviewId) -> Response:
    """One review, whatever its state."""
    with services.platform.database.read() as tx:
        found = ReviewSummary.model_validate(find_review(tx, review_id))
    return answer(found, headers={"ETag": etag(found.version)})


@router.post("/{review_id}/publish", response_model=ReviewSummary, responses=problems(*WRITES, NotFound, Changed))
def publish_review(writer: PeopleWriter, review_id: ReviewId) -> Response:
    """Shows a review, and counts its rating."""
    return _moderate(writer, review_id, ReviewStatus.PUBLISHED)


@router.post("/{review_id}/reject", response_model=ReviewSummary, responses=problems(*WRITES, NotFound, Changed))
def reject_review(writer: PeopleWriter, review_id: ReviewId) -> Response:
    """Does not show a review, and does not count its rating."""
    return _moderate(writer, review_id, ReviewStatus.REJECTED)


def _moderate(writer: Writer, review_id: str, status: ReviewStatus) -> Response:
    def work(tx: Session) -> ReviewSummary:
        writer.check_version(hold_review(tx, review_id).version)
        moderate_review(tx, review_id, status, actor=writer.actor, now=writer.now)
        return ReviewSummary.model_validate(find_review(tx, review_id))

    return writer.once(work)
