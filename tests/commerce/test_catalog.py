"""Products, people, rates and reviews: made once, kept up to date, told as facts of their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, an_order, rows_of
from tradewind.commerce.catalog.model import Category, Product, SalesChannel
from tradewind.commerce.catalog.service import CatalogChange, NewProduct, ensure_channel, find_products, put_products
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.rates.model import FxRate
from tradewind.commerce.rates.service import NewRate, put_rates
from tradewind.commerce.reviews.model import Review
from tradewind.commerce.reviews.service import NewReview, record_reviews
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.events import outbox


def put(database: Database, *products: NewProduct) -> CatalogChange:
    with database.write() as tx:
        return put_products(tx, products, now=NOON)


def facts(database: Database, topic: str) -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 10_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == topic]


def test_a_channel_comes_into_being_once(store: Database) -> None:
    for _ in range(2):
        with store.write() as tx:
            ensure_channel(tx, "amazon-de", name="Amazon", kind="amazon", now=NOON)
    with store.read() as tx:
        assert rows_of(tx, SalesChannel) == 1
    assert [fact["channel"] for fact in facts(store, "channels")] == ["amazon-de"]


def test_a_product_is_made_then_changed_and_the_same_again_changes_nothing(store: Database) -> None:
    mug = NewProduct("MUG", "Mug", category="Home / Kitchen", currency="EUR", price=Decimal("9.99"))
    assert put(store, mug) == CatalogChange(created=1, changed=0)
    assert put(store, mug) == CatalogChange(created=0, changed=0)
    assert put(store, NewProduct("MUG", unit_cost=Decimal("2.5"), currency="EUR")) == CatalogChange(0, 1)
    assert [(f["version"], f["price"], f["unit_cost"], f["category"]) for f in facts(store, "products")] == [
        (1, "9.99", None, "Home / Kitchen"),
        (2, "9.99", "2.50", "Home / Kitchen"),
    ]


def test_what_a_source_does_not_know_leaves_what_we_know_alone(store: Database) -> None:
    put(store, NewProduct("MUG", "Mug", brand="Acme"))
    put(store, NewProduct("MUG", "  "))
    with store.read() as tx:
        mug = tx.scalars(select(Product)).one()
        assert (mug.name, mug.brand, mug.version) == ("Mug", "Acme", 1)


def test_categories_are_a_tree(store: Database) -> None:
    put(store, NewProduct("A", category="Home / Kitchen / Mugs"), NewProduct("B", category="Home / Bath"))
    with store.read() as tx:
        rows = {row.path: (row.name, row.parent_id) for row in tx.scalars(select(Category))}
        ids = {row.path: row.id for row in tx.scalars(select(Category))}
    assert set(rows) == {"Home", "Home / Kitchen", "Home / Kitchen / Mugs", "Home / Bath"}
    assert rows["Home / Kitchen / Mugs"] == ("Mugs", ids["Home / Kitchen"])
    assert rows["Home"] == ("Home", None)


@pytest.mark.parametrize(
    ("product", "field"),
    [
        (NewProduct(" "), "sku"),
        (NewProduct("MUG", price=Decimal(1)), "currency"),
        (NewProduct("MUG", price=Decimal(-1), currency="EUR"), "price"),
        (NewProduct("MUG", price=Decimal(1), currency="EURO"), "currency"),
    ],
)
def test_a_product_that_cannot_be_is_refused(store: Database, product: NewProduct, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(store, product)
    assert refused.value.field == field
    with store.read() as tx:
        assert rows_of(tx, Product) == 0


def test_a_product_that_only_a_line_knows_gets_the_lines_name(store: Database) -> None:
    Shop.open(store).book(an_order("A"))
    with store.read() as tx:
        assert find_products(tx, ["MUG", "CUP"]).keys() == {"MUG"}
        assert find_products(tx, ["MUG"])["MUG"].name == "MUG"


def test_a_persons_profile_grows_with_what_orders_tell(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", customer=NewCustomer("c", email="ann@example.com")))
    shop.book(an_order("B", customer=NewCustomer("c", city="Bonn")))
    shop.book(an_order("C", customer=NewCustomer("c")))
    with store.read() as tx:
        person = tx.scalars(select(Customer)).one()
        assert (person.email, person.city, person.version) == ("ann@example.com", "Bonn", 2)
    assert [fact["version"] for fact in facts(store, "customers")] == [1, 2]


def test_a_person_who_was_erased_stays_so(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", customer=NewCustomer("c", email="ann@example.com")))
    with store.write() as tx:
        person = tx.scalars(select(Customer)).one()
        person.email, person.is_erased = None, True
    shop.book(an_order("B", customer=NewCustomer("c", email="ann@example.com")))
    with store.read() as tx:
        assert tx.scalars(select(Customer)).one().email is None


def test_a_rate_is_kept_as_its_digits_and_a_second_for_the_day_replaces_it(store: Database) -> None:
    for digits in ("1.0850", "1.085000000001"):
        with store.write() as tx:
            put_rates(tx, [NewRate(date(2026, 3, 1), "EUR", "USD", Decimal(digits))], source="test", now=NOON)
    with store.read() as tx:
        assert tx.scalars(select(FxRate)).one().rate == "1.085000000001"
    assert [(f["day"], f["rate"]) for f in facts(store, "fx_rates")] == [
        ("2026-03-01", "1.0850"),
        ("2026-03-01", "1.085000000001"),
    ]


@pytest.mark.parametrize("rate", ["0", "-1", "1.0000000000001", "1000000000000"])
def test_a_rate_that_cannot_be_kept_exactly_is_refused(rate: str) -> None:
    with pytest.raises(InvalidInput):
        NewRate(date(2026, 3, 1), "EUR", "USD", Decimal(rate))
    with pytest.raises(InvalidInput, match=r"is not a rate"):
        NewRate(date(2026, 3, 1), "EUR", "EUR", Decimal(1))


def test_a_review_is_recorded_once(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A"))
    with store.read() as tx:
        product_id = find_products(tx, ["MUG"])["MUG"].id
    review = NewReview("r-1", product_id, 5, NOON, comment="Good “mug”,\nholds\ttea")
    for expected in (1, 0):
        with store.write() as tx:
            assert record_reviews(tx, [review, review], shop.booking) == expected
    with store.read() as tx:
        assert rows_of(tx, Review) == 1
    assert facts(store, "reviews")[0]["comment"] == "Good “mug”,\nholds\ttea"
    with pytest.raises(InvalidInput, match=r"Rating 6 is not one of 1 to 5"):
        NewReview("r-2", product_id, 6, NOON)
