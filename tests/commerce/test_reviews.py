"""Reviews in our own shop: by who bought, once per line, shown once somebody has looked, averaged as they stand."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.commerce.test_races import at_once, until_done
from tests.spine import NOON, Shop, a_line, an_order, rows_of
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.catalog.service import find_products
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.reviews.model import Review, ReviewStatus
from tradewind.commerce.reviews.service import NewReview, hold_reviews, record_reviews, tell_reviews
from tradewind.commerce.reviews.store import Rating, ReviewFilter, find_review, ratings_of, reviews_page
from tradewind.commerce.reviews.writing import AlreadyReviewed, NotBought, Opinion, moderate_review, write_review
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.events import outbox

ANN = NewCustomer("ann", name="Ann")


def ann_buys(database: Database, *lines: Any, number: str = "A", **more: Any) -> Shop:
    shop = Shop.open(database)
    shop.book(an_order(number, *lines, customer=ANN, **more))
    return shop


def id_of(database: Database, sku: str = "MUG") -> str:
    with database.read() as tx:
        return find_products(tx, [sku])[sku].id


def ann(database: Database) -> str:
    with database.read() as tx:
        return tx.scalars(select(Customer.id)).one()


def write(database: Database, rating: int = 5, sku: str = "MUG", **more: Any) -> str:
    opinion = Opinion(rating, more.pop("title", None), more.pop("comment", None))
    product_id, customer_id = id_of(database, sku), ann(database)
    with database.write() as tx:
        return write_review(tx, customer_id, product_id, opinion, actor=SYSTEM, now=NOON, **more).id


def moderate(database: Database, review_id: str, status: ReviewStatus = ReviewStatus.PUBLISHED) -> None:
    with database.write() as tx:
        moderate_review(tx, review_id, status, actor=SYSTEM, now=NOON)


def rating_of(database: Database, product_id: str) -> Rating:
    with database.read() as tx:
        return ratings_of(tx, [product_id])[product_id]


def told(database: Database) -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 10_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == "reviews"]


def test_a_review_tells_of_a_purchase_and_waits_to_be_looked_at(store: Database) -> None:
    ann_buys(store)
    review_id = write(store, 4, title=" Good ", comment="Holds\ttea")
    with store.read() as tx:
        found = find_review(tx, review_id)
    assert (found.rating, found.title, found.comment, found.status) == (4, "Good", "Holds\ttea", "pending")
    assert found.is_verified
    assert found.channel == "shop"
    assert rating_of(store, found.product_id).count == 0
    assert [(fact["rating"], fact["customer_id"], fact["order_id"], fact["status"]) for fact in told(store)] == [
        (4, found.customer_id, found.order_id, "pending")
    ]


def test_only_who_bought_it_may_say_how_it_is(store: Database) -> None:
    ann_buys(store)
    Shop.open(store).book(an_order("B", a_line("CUP")))
    with pytest.raises(NotBought):
        write(store, sku="CUP")
    with pytest.raises(NotBought):
        write(store, order_id="another order")


@pytest.mark.parametrize(
    "more", [{"status": OrderStatus.PENDING}, {"status": OrderStatus.CANCELLED}, {"is_test": True}]
)
def test_an_order_that_is_not_sold_is_no_purchase(store: Database, more: dict[str, Any]) -> None:
    ann_buys(store, **more)
    with pytest.raises(NotBought):
        write(store)


def test_each_line_is_reviewed_once_the_newest_purchase_first(store: Database) -> None:
    ann_buys(store, a_line("MUG"), a_line("CUP"), a_line("MUG"))
    ann_buys(store, number="B", placed_at=NOON + timedelta(days=1))
    reviews = [write(store) for _ in range(3)]
    with pytest.raises(AlreadyReviewed):
        write(store)
    write(store, sku="CUP")
    with store.read() as tx:
        orders = [find_review(tx, review_id).order_id for review_id in reviews]
        assert rows_of(tx, Review) == 4
    assert orders[1] == orders[2] != orders[0]


def test_a_group_is_reviewed_through_the_variant_that_was_bought_and_rated_by_all_of_them(store: Database) -> None:
    ann_buys(store, a_line("MUG-S"), a_line("MUG-L"), a_line("CUP"))
    small, large, group = (id_of(store, sku) for sku in ("MUG-S", "MUG-L", "CUP"))
    with store.write() as tx:
        tx.execute(update(Product).where(Product.id.in_((small, large))).values(parent_id=group))
        tx.execute(update(Product).where(Product.id == group).values(kind="group"))
    moderate(store, write(store, 5, sku="MUG-S"))
    moderate(store, write(store, 2, sku="MUG-L"))
    with store.read() as tx:
        assert ratings_of(tx, [small, large, group]) == {
            small: Rating((0, 0, 0, 0, 1)),
            large: Rating((0, 1, 0, 0, 0)),
            group: Rating((0, 1, 0, 0, 1)),
        }
        assert len(reviews_page(tx, ReviewFilter(product_id=group), limit=10).items) == 2
    assert rating_of(store, group).average == Decimal("3.50")


def test_a_review_counts_while_it_is_published(store: Database) -> None:
    ann_buys(store)
    review_id, product_id = write(store, 3), id_of(store)
    for status, count in (("published", 1), ("published", 1), ("rejected", 0), ("published", 1)):
        moderate(store, review_id, ReviewStatus(status))
        assert rating_of(store, product_id).count == count
    with store.write() as tx, pytest.raises(InvalidInput):
        moderate_review(tx, review_id, ReviewStatus.PENDING, actor=SYSTEM, now=NOON)
    with store.write() as tx, pytest.raises(NotFound):
        moderate_review(tx, "none", ReviewStatus.REJECTED, actor=SYSTEM, now=NOON)
    with store.read() as tx:
        steps = tx.scalars(select(AuditEntry).where(AuditEntry.action == "review.moderate")).all()
    assert len(steps) == 3
    assert [fact["status"] for fact in told(store)] == ["pending", "published", "rejected", "published"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Opinion(0), "rating"),
        (Opinion(6), "rating"),
        (Opinion(5, "x" * 301), "title"),
        (Opinion(5, None, "x" * 10_001), "comment"),
        (Opinion(5, None, "\0"), "comment"),
    ],
)
def test_a_review_that_cannot_be_is_refused(store: Database, told: Opinion, field: str) -> None:
    ann_buys(store)
    product_id, customer_id = id_of(store), ann(store)
    with store.write() as tx, pytest.raises(InvalidInput) as refused:
        write_review(tx, customer_id, product_id, told, actor=SYSTEM, now=NOON)
    assert refused.value.field == field


def test_who_reviews_one_purchase_from_all_sides_at_once_has_reviewed_it_once(store: Database) -> None:
    ann_buys(store)
    refused = at_once(*[partial(until_done, partial(write, store))] * 6)
    assert [type(refusal) for refusal in refused] == [AlreadyReviewed] * 5
    with store.read() as tx:
        assert rows_of(tx, Review) == 1
    assert len(told(store)) == 1


def test_two_who_moderate_at_once_leave_an_average_that_is_that_of_the_rows(store: Database) -> None:
    ann_buys(store, *[a_line() for _ in range(6)])
    reviews, product_id = [write(store, 1 + n % 5) for n in range(6)], id_of(store)

    def moderate_all(status: ReviewStatus, turn: int) -> None:
        for review_id in reviews[turn:] + reviews[:turn]:
            until_done(partial(moderate, store, review_id, status))

    kinds = (ReviewStatus.PUBLISHED, ReviewStatus.REJECTED)
    assert at_once(*(partial(moderate_all, kinds[n % 2], n) for n in range(4))) == []
    with store.read() as tx:
        published = tx.scalars(select(Review.rating).where(Review.status == "published")).all()
    assert rating_of(store, product_id).count == len(published)


def test_what_is_told_last_of_a_review_is_what_stands(postgres: Database) -> None:
    """Somebody who moderates waits for somebody who tells the review for another reason, and tells it after them."""
    ann_buys(postgres)
    review_id = write(postgres)
    moderation = threading.Thread(target=moderate, args=(postgres, review_id))
    with postgres.write() as tx:
        held = hold_reviews(tx, Review.id == review_id)
        moderation.start()
        moderation.join(0.5)
        assert moderation.is_alive()
        tell_reviews(tx, held, now=NOON)
    moderation.join(60)
    assert [fact["status"] for fact in told(postgres)] == ["pending", "pending", "published"]


@given(ratings=st.lists(st.tuples(st.integers(1, 5), st.sampled_from(ReviewStatus)), max_size=12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_average_is_that_of_the_published_ratings(store: Database, ratings: list[tuple[int, ReviewStatus]]) -> None:
    shop = ann_buys(store)
    product_id = id_of(store)
    with store.write() as tx:
        tx.execute(Review.__table__.delete())  # type: ignore[attr-defined]  # a table, which can be emptied
        news = [NewReview(f"r-{n}", product_id, rating, NOON) for n, (rating, _) in enumerate(ratings)]
        record_reviews(tx, news, shop.booking)
        for n, (_, status) in enumerate(ratings):
            tx.execute(update(Review).where(Review.external_id == f"r-{n}").values(status=str(status)))
    counted = [rating for rating, status in ratings if status is ReviewStatus.PUBLISHED]
    found = rating_of(store, product_id)
    assert found.stars == tuple(counted.count(star) for star in (1, 2, 3, 4, 5))
    if not counted:
        assert found.average is None
    else:
        assert found.average is not None
        assert abs(found.average - Decimal(sum(counted)) / len(counted)) <= Decimal("0.005")


def test_reviews_are_listed_newest_first_each_once_whatever_the_size_of_a_page(store: Database) -> None:
    shop = ann_buys(store)
    product_id = id_of(store)
    with store.write() as tx:
        news = [NewReview(f"r-{n}", product_id, 5, NOON + timedelta(hours=n // 2), comment=str(n)) for n in range(7)]
        record_reviews(tx, news, shop.booking)
    for limit in (1, 2, 3, 7, 8):
        found: list[str] = []
        cursor = None
        while cursor is not None or not found:
            with store.read() as tx:
                page = reviews_page(tx, ReviewFilter(status=ReviewStatus.PUBLISHED), limit=limit, cursor=cursor)
            found += [review.comment or "" for review in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert found == [str(n) for n in (6, 5, 4, 3, 2, 1, 0)]
    with store.read() as tx:
        assert reviews_page(tx, ReviewFilter(customer_id="nobody"), limit=5).items == []
        assert not reviews_page(tx, ReviewFilter(status=ReviewStatus.PENDING), limit=5).items
