"""Use cases of reviews in our own shop: who bought something rates it, once per line of an order.

A review waits until somebody has looked at it. That a line is rated once is held by the database: the
review's `external_id` names the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.customers.profiles import customer_for_change
from tradewind.commerce.customers.store import ids_of_person
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.states import SOLD
from tradewind.commerce.reviews.model import Review, ReviewStatus
from tradewind.commerce.reviews.service import NewReview, hold_reviews, tell_reviews
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id

_LINES_LOOKED_AT = 400

_Line = Row[str, int, str, str]


class NotBought(Conflict):
    """Only who bought a product may say how it is."""

    code = "not_bought"

    def __init__(self, customer_id: str, product_id: str) -> None:
        super().__init__(
            f"Customer {customer_id} has no sold order with product {product_id}. Only what was bought can be reviewed."
        )


class AlreadyReviewed(Conflict):
    """Each purchase has its review."""

    code = "already_reviewed"

    def __init__(self, customer_id: str, product_id: str) -> None:
        super().__init__(
            f"Customer {customer_id} has reviewed every purchase of product {product_id}. One order line is reviewed"
            " once."
        )


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thinks of a product, from 1 (bad) to 5 (good)."""

    rating: int
    title: str | None = None
    comment: str | None = None


def write_review(
    tx: Session,
    customer_id: str,
    product_id: str,
    opinion: Opinion,
    *,
    actor: Actor,
    now: datetime,
    order_id: str | None = None,
) -> Review:
    """A review of a purchase: of the newest one not reviewed yet, or of the one in the order that is named.

    A group of variants is reviewed through the variant that was bought. Raises NotBought or AlreadyReviewed.
    """
    customer = customer_for_change(tx, customer_id)
    purchases = _purchases(tx, customer.id, product_id, order_id)
    if not purchases:
        raise NotBought(customer.id, product_id[:40])
    for line in _not_reviewed(tx, purchases):
        # Checked as what channels tell is checked: rating, lengths, characters.
        told = NewReview(
            _line_key(line), line.product_id, opinion.rating, now, _text(opinion.title), _text(opinion.comment)
        )
        review_id = _insert(tx, told, line, customer.id, now=now)
        if review_id is not None:
            review = tx.get_one(Review, review_id)
            said = {"rating": told.rating, "title": told.title, "comment": told.comment}
            record(tx, actor, Change("review.create", review.id, after={"product_id": line.product_id} | said), now=now)
            tell_reviews(tx, [review], now=now)
            return review
    raise AlreadyReviewed(customer.id, product_id[:40])


def hold_review(tx: Session, review_id: str) -> Review:
    """The review as it is now, held for the rest of the transaction."""
    found = hold_reviews(tx, Review.id == review_id)
    if not found:
        raise NotFound(f"There is no review {review_id[:40]}.")
    return found[0]


def moderate_review(tx: Session, review_id: str, status: ReviewStatus, *, actor: Actor, now: datetime) -> Review:
    """Publishes or rejects a review, also one that was decided on before. The same again changes nothing."""
    if status is ReviewStatus.PENDING:
        raise InvalidInput("A review is published or rejected; it does not go back to waiting.", field="status")
    review = hold_review(tx, review_id)
    before = {"status": review.status}
    if review.status != status:
        review.status = str(status)
        review.version += 1
        tx.flush()
        record(tx, actor, Change("review.moderate", review.id, before=before, after={"status": str(status)}), now=now)
        tell_reviews(tx, [review], now=now)
    return review


def _purchases(tx: Session, customer_id: str, product_id: str, order_id: str | None) -> Sequence[_Line]:
    """The person's sold lines of the product or of its variants, the newest first."""
    variants = select(Product.id).where(or_(Product.id == product_id, Product.parent_id == product_id))
    query = (
        select(OrderItem.order_id, OrderItem.line_no, OrderItem.product_id, Order.channel_id)
        .join(Order, Order.id == OrderItem.order_id)
        .where(
            Order.customer_id.in_(ids_of_person(tx, customer_id)),
            Order.status.in_([str(status) for status in SOLD]),
            Order.is_test.is_(False),
            OrderItem.product_id.in_(variants),
        )
        .order_by(Order.placed_at.desc(), OrderItem.order_id.desc(), OrderItem.line_no)
        .limit(_LINES_LOOKED_AT)
    )
    if order_id is not None:
        query = query.where(Order.id == order_id)
    return tx.execute(query).all()


def _not_reviewed(tx: Session, purchases: Sequence[_Line]) -> list[_Line]:
    keys = [_line_key(line) for line in purchases]
    channels = {line.channel_id for line in purchases}
    reviewed = select(Review.external_id).where(Review.channel_id.in_(channels), Review.external_id.in_(keys))
    known = set(tx.scalars(reviewed))
    return [line for line, key in zip(purchases, keys, strict=True) if key not in known]


def _line_key(line: _Line) -> str:
    return f"{line.order_id}-{line.line_no}"


def _insert(tx: Session, told: NewReview, line: _Line, customer_id: str, *, now: datetime) -> str | None:
    """The new review's id; None when another writer reviewed the same line a moment ago."""
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    review_id = new_id()
    query = dialect.insert(Review).on_conflict_do_nothing().returning(Review.id)
    added = tx.execute(
        query.values(
            id=review_id,
            channel_id=line.channel_id,
            external_id=told.external_id,
            product_id=told.product_id,
            customer_id=customer_id,
            order_id=line.order_id,
            rating=told.rating,
            title=told.title,
            comment=told.comment,
            status=str(ReviewStatus.PENDING),
            version=1,
            reviewed_at=told.reviewed_at,
            created_at=now,
        )
    )
    return review_id if added.first() is not None else None


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None
