"""Reviews as channels tell of them: recorded once, and told on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, chunks
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.reviews.model import Review, ReviewStatus
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.text import check_texts
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode


@dataclass(frozen=True, slots=True)
class NewReview:
    external_id: str
    product_id: str
    rating: int
    reviewed_at: datetime
    title: str | None = None
    comment: str | None = None
    customer_id: str | None = None
    order_id: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.rating <= 5:
            raise InvalidInput(f"Rating {self.rating} is not one of 1 to 5.", field="rating")
        texts = (("external_id", 128), ("title", 300), ("comment", 10_000))
        check_texts(self, texts, of=f"review {self.external_id[:40]}")


def record_reviews(tx: Session, reviews: Sequence[NewReview], booking: Booking) -> int:
    """Records reviews that are not known yet; returns how many."""
    known: set[str] = set()
    for part in chunks({review.external_id for review in reviews}):
        query = select(Review.external_id).where(Review.channel_id == booking.channel_id, Review.external_id.in_(part))
        known |= set(tx.scalars(query))
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "channel_id": booking.channel_id,
            "external_id": review.external_id,
            "product_id": review.product_id,
            "customer_id": review.customer_id,
            "order_id": review.order_id,
            "rating": review.rating,
            "title": review.title,
            "comment": review.comment,
            "status": str(ReviewStatus.PUBLISHED),
            "version": 1,
            "reviewed_at": review.reviewed_at,
            "created_at": booking.now,
        }
        for review in {review.external_id: review for review in reviews}.values()
        if review.external_id not in known
    ]
    if rows:
        tx.execute(insert(Review.__table__), rows)  # type: ignore[arg-type]
    outbox.append(tx, [review_fact(row, booking.channel_code) for row in rows])
    return len(rows)


def hold_reviews(tx: Session, which: ColumnElement[bool]) -> Sequence[Review]:
    """Reviews as they are now, held for the rest of the transaction: what is told of them is told in order."""
    query = select(Review).where(which).order_by(Review.id).with_for_update()
    return tx.scalars(query, execution_options={"populate_existing": True}).all()


def tell_reviews(tx: Session, reviews: Sequence[Review], *, now: datetime) -> None:
    """Puts the present state of reviews into the outbox; the one that was told last counts."""
    columns = Review.__table__.columns
    channel_ids = {review.channel_id for review in reviews}
    codes = {
        row.id: row.code
        for row in tx.execute(select(SalesChannel.id, SalesChannel.code).where(SalesChannel.id.in_(channel_ids)))
    }
    rows = [{column.name: getattr(review, column.name) for column in columns} for review in reviews]
    outbox.append(tx, [review_fact(row, codes[row["channel_id"]], told_at=now) for row in rows])


def review_fact(row: dict[str, Any], channel_code: str, *, told_at: datetime | None = None) -> Fact:
    """The fact of a review, complete. `told_at` is when it changed, for one that is told again."""
    payload = {
        "contract": 2,
        "review_id": row["id"],
        "channel": channel_code,
        "product_id": row["product_id"],
        "customer_id": row["customer_id"] or "",
        "order_id": row["order_id"] or "",
        "rating": row["rating"],
        "title": row["title"] or "",
        "comment": row["comment"] or "",
        "reviewed_at": row["reviewed_at"],
        "status": row["status"],
    }
    return Fact(Topic.REVIEWS, row["product_id"], told_at or row["reviewed_at"], encode(payload))
