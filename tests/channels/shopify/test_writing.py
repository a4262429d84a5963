"""Stock and prices written to the stand-in: once, on the number that was seen, and no push stops another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.channels.shopify.shopfront import Shopfront, a_shop
from tradewind.channels.contract import ChannelFailed, PricePush, Raw, Resource, StockPush, Verdict, Window
from tradewind.channels.shopify.client import ShopifyClient
from tradewind.channels.shopify.writing import push_prices, push_stock
from tradewind.channels.unified import UnifiedProduct
from tradewind.sandbox.faults import Fault, FaultKind
from tradewind.sandbox.world import Pushed

MUG, STOVE = "CAMP-STEEL-MUG", "CAMP-GAS-STOVE"


@pytest.fixture
def shop() -> Iterator[Shopfront]:
    with a_shop(orders=20, days=10) as front:
        front.desk.limits.is_on = False
        yield front


def available(shop: Shopfront, sku: str, place: int = 1) -> int | None:
    (found,) = (
        one.available
        for one in shop.sandbox.world.stock("shopify")
        if (one.sku, one.location) == (sku, f"gid://shopify/Location/{place}")
    )
    return found


def price(shop: Shopfront, sku: str) -> Decimal | None:
    return next(one.price for one in shop.sandbox.world.products("shopify") if one.sku == sku)


def test_stock_is_set_where_it_was_meant(shop: Shopfront) -> None:
    connection, _ = shop.open()
    other = available(shop, MUG, 2)
    told = connection.push_stock([StockPush(MUG, "1", 7, "a"), StockPush(STOVE, "gid://shopify/Location/2", 0, "b")])
    assert [(one.key, one.is_done, one.error) for one in told] == [("a", True, None), ("b", True, None)]
    assert (available(shop, MUG), available(shop, MUG, 2), available(shop, STOVE, 2)) == (7, other, 0)


def test_what_is_there_already_is_not_written(shop: Shopfront) -> None:
    connection, _ = shop.open()
    there = available(shop, MUG)
    assert there is not None
    assert connection.push_stock([StockPush(MUG, "1", there, "a")])[0].is_done
    assert connection.push_prices([PricePush(MUG, Decimal("12.9"), "USD", "p")])[0].is_done
    assert shop.sandbox.world.pushes == []


def test_a_push_whose_answer_was_lost_is_made_once(shop: Shopfront) -> None:
    connection, _ = shop.open()
    connection.check()
    lost: list[str] = []

    def lose(request: httpx.Request) -> None:
        if b"StockSet" in request.content and not lost:
            lost.append("answer")
            shop.desk.faults.switch(Fault(FaultKind.DROPPED, path="graphql"))

    shop.http.event_hooks = {"request": [lose]}
    told = connection.push_stock([StockPush(MUG, "1", 5, "same-key")])
    assert [(one.is_done, one.error) for one in told] == [(True, None)]
    assert (lost, shop.desk.faults.waiting) == (["answer"], [])
    assert [(pushed.sku, pushed.available) for _, pushed in shop.sandbox.world.pushes] == [(MUG, 5)]


def test_a_number_that_changed_meanwhile_is_not_overwritten(shop: Shopfront) -> None:
    """Somebody counted between our look and our write: the next round looks again."""
    connection, _ = shop.open()
    elsewhere = Pushed(MUG, "gid://shopify/Location/1", available=55)

    def count(request: httpx.Request) -> None:
        if b"StockSet" in request.content:
            shop.sandbox.world.push("shopify", elsewhere)

    shop.http.event_hooks = {"request": [count]}
    (told,) = connection.push_stock([StockPush(MUG, "1", 1, "k")])
    assert (told.is_done, told.error) == (False, "The changeFromQuantity argument no longer matches.")
    assert available(shop, MUG) == 55
    shop.http.event_hooks = {"request": []}
    assert connection.push_stock([StockPush(MUG, "1", 1, "k2")])[0].is_done
    assert available(shop, MUG) == 1


@pytest.mark.parametrize(
    ("push", "reason"),
    [
        (StockPush("NO-SUCH-SKU", "1", 1, "k"), "no variant has the SKU NO-SUCH-SKU"),
        (StockPush(MUG, "99", 1, "k"), "is not stocked at the place 99"),
        (StockPush(MUG, None, 1, "k"), "is kept at 2 places in Shopify. Say which one is meant"),
    ],
)
def test_what_cannot_be_pushed_says_why_and_holds_up_no_other(shop: Shopfront, push: StockPush, reason: str) -> None:
    connection, _ = shop.open()
    refused, done = connection.push_stock([push, StockPush(STOVE, "1", 4, "good")])
    assert not refused.is_done
    assert reason in (refused.error or "")
    assert (done.is_done, available(shop, STOVE)) == (True, 4)


def test_a_price_is_set_and_read_again(shop: Shopfront) -> None:
    connection, _ = shop.open()
    told = connection.push_prices([PricePush(MUG, Decimal("14.50"), "USD", "p")])
    assert [(one.is_done, one.error) for one in told] == [(True, None)]
    assert price(shop, MUG) == Decimal("14.50")
    shop.sandbox.clock.advance(seconds=1)
    window = Window(None, shop.sandbox.clock.now())
    read = [r for page in connection.pages(Resource.PRODUCTS, "", window) for item in page.items for r in item.records]
    assert {one.price for one in read if isinstance(one, UnifiedProduct) and one.sku == MUG} == {Decimal("14.50")}


def test_a_price_in_another_currency_is_refused(shop: Shopfront) -> None:
    connection, _ = shop.open()
    (told,) = connection.push_prices([PricePush(MUG, Decimal("14.50"), "EUR", "p")])
    assert told.error == "The shop's prices are in USD and this one is in EUR."
    assert price(shop, MUG) == Decimal("12.90")


def test_a_revoked_access_stops_all_pushes(shop: Shopfront) -> None:
    connection, _ = shop.open(shop.account(secrets={"access_token": "shpat_revoked"}))
    with pytest.raises(ChannelFailed) as failed:
        connection.push_stock([StockPush(MUG, "1", 1, "k")])
    assert failed.value.judged.verdict is Verdict.AUTH_FATAL
    assert shop.sandbox.world.pushes == []


def test_a_question_that_was_never_asked_waits_for_the_bucket_rather_than_being_refused(shop: Shopfront) -> None:
    shop.desk.limits.is_on = True
    connection, pacer = shop.open()
    connection.check()
    bucket = shop.desk.limits.bucket(shop.desk.credentials["shop"], "graphql")
    bucket.take(bucket.level(shop.sandbox.clock.now()) - 40, shop.sandbox.clock.now())
    connection.check()
    assert [one.error for one in connection.push_stock([StockPush(MUG, "1", 3, "k")])] == [None]
    assert shop.desk.limits.violations == {}
    assert 5 < sum(pacer.waited) < 20


def variant(number: int, **item: Any) -> Raw:
    level = {"location": {"id": "gid://shopify/Location/1"}, "quantities": [{"name": "available", "quantity": 2}]}
    return {
        "id": f"gid://shopify/ProductVariant/{number}",
        "sku": "MUG",
        "price": "12.90",
        "product": {"id": "gid://shopify/Product/1"},
        "inventoryItem": {"id": f"gid://shopify/InventoryItem/{number}", "tracked": True}
        | {"inventoryLevels": {"nodes": [level]}}
        | item,
    }


class Told(ShopifyClient):
    """A client whose shop answers what it is told to."""

    def __init__(self, *variants: Raw, errors: Sequence[Raw] = ()) -> None:
        self._variants, self._errors = variants, errors
        self.asked: list[str] = []

    def pages(self, operation: str, *_: Any, **__: Any) -> Iterator[tuple[list[Raw], Raw]]:
        assert operation == "VariantsBySku"
        yield list(self._variants), {"shop": {"currencyCode": "USD"}}

    def ask(self, operation: str, variables: Mapping[str, Any], rows: int = 0) -> Raw:
        assert (bool(variables), rows) == (True, 0)
        self.asked.append(operation)
        field = "inventorySetQuantities" if operation == "StockSet" else "productVariantsBulkUpdate"
        return {field: {"userErrors": list(self._errors)}}


def test_a_sku_of_two_variants_and_stock_that_is_not_tracked_are_left_alone() -> None:
    twice, untracked = Told(variant(1), variant(2)), Told(variant(1, tracked=False))
    assert "several variants share the SKU MUG" in (push_stock(twice, [StockPush("MUG", None, 1, "k")])[0].error or "")
    assert "does not track the stock" in (push_stock(untracked, [StockPush("MUG", None, 1, "k")])[0].error or "")
    assert twice.asked == untracked.asked == []


def test_user_errors_are_told_in_shopifys_words() -> None:
    client = Told(variant(1), errors=[{"message": "Price is too odd"}, {"message": "Try another"}])
    (told,) = push_prices(client, [PricePush("MUG", Decimal("1.00"), "USD", "k")])
    assert (told.is_done, told.error) == (False, "Price is too odd; Try another")
    assert push_stock(Told(variant(1)), [StockPush("MUG", None, 1, "k")])[0].is_done
