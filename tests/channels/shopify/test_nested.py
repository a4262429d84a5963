"""Lists inside of lists: lines, refunded units and places of stock that go on over further pages, over the network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests.channels.shopify.shopfront import Shopfront, a_shop
from tests.channels.shopify.test_sync import caught_up, everything, latest, loaded, records, same
from tradewind.channels.contract import ChannelFailed, Resource, Verdict
from tradewind.channels.shopify.documents import document
from tradewind.channels.unified import UnifiedStock
from tradewind.sandbox.faults import Fault, FaultKind

_INNER = re.compile(r"(lineItems|refundLineItems|inventoryLevels)\(first: \d+\)")


SEED = 38
"""Of a shop with refunds of several lines."""


@pytest.fixture(scope="module")
def front() -> Iterator[Shopfront]:
    with a_shop(orders=120, days=40, seed=SEED) as made:
        made.desk.limits.is_on = False
        yield made


@pytest.fixture
def shop(front: Shopfront, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shopfront]:
    """Every inner list is cut after its first row, and goes on one row at a time."""
    monkeypatch.setattr(
        "tradewind.channels.shopify.client.document", lambda name: _INNER.sub(r"\1(first: 1)", document(name))
    )
    monkeypatch.setattr("tradewind.channels.shopify.nested._INNER_ROWS", 1)
    front.sandbox.clock.advance(seconds=60)
    yield front
    front.http.event_hooks = {"request": []}
    front.desk.faults.clear()


@pytest.fixture
def asked(shop: Shopfront) -> Counter[str]:
    """How often each operation was sent."""
    counted: Counter[str] = Counter()

    def count(request: httpx.Request) -> None:
        counted.update([operation(request)])

    shop.http.event_hooks = {"request": [count]}
    return counted


def operation(request: httpx.Request) -> str:
    found = re.search(rb'"operationName": "(\w+)"', request.content)
    return "" if found is None else found.group(1).decode()


def test_all_lines_and_refunded_units_come_to_their_order(shop: Shopfront, asked: Counter[str]) -> None:
    connection, _ = shop.open()
    assert same(latest(records(connection.pages(Resource.ORDERS, "", everything(shop)))), shop)
    assert asked["OrderLines"] > 20
    assert asked["RefundLines"] >= 1


def test_a_bulk_operation_gets_the_units_of_its_refunds(shop: Shopfront, asked: Counter[str]) -> None:
    connection, _ = shop.open()
    assert same(loaded(shop, connection), shop)
    assert asked["RefundLines"] >= 1


def test_stock_at_all_places_comes_to_its_item(shop: Shopfront, asked: Counter[str]) -> None:
    connection, _ = shop.open()
    found = records(connection.pages(Resource.INVENTORY, "", everything(shop)))
    assert {one for one in found if isinstance(one, UnifiedStock)} == set(shop.sandbox.world.stock("shopify"))
    assert asked["InventoryLevels"] == len({one.sku for one in found if isinstance(one, UnifiedStock)})


@pytest.mark.parametrize("kind", [FaultKind.EMPTY_PAGE, FaultKind.TRUNCATED, FaultKind.THROTTLED])
def test_a_fault_within_a_list_loses_nothing(shop: Shopfront, kind: FaultKind) -> None:
    connection, _ = shop.open()
    window = everything(shop)
    pages = connection.pages(Resource.ORDERS, "", window)
    found = latest(records([next(pages)]))
    shop.desk.faults.switch(Fault(kind, times=3))
    found |= latest(records(pages))
    assert same(found | caught_up(shop, connection, window.until), shop)


def test_an_order_that_changed_between_its_pages_is_read_anew(shop: Shopfront) -> None:
    """Half of its lines would be of yesterday and half of today."""
    connection, _ = shop.open()
    changed: list[str] = []

    def change(request: httpx.Request) -> None:
        if operation(request) == "OrderLines" and not changed:
            number = re.search(rb"gid://shopify/Order/(\d+)", request.content)
            assert number is not None
            changed.append(number.group(1).decode())
            shop.sandbox.clock.advance(seconds=5)
            shop.sandbox.world.touch("shopify", changed[0])

    window = everything(shop)
    shop.http.event_hooks = {"request": [change]}
    found = latest(records(connection.pages(Resource.ORDERS, "", window)))
    touched = found[changed[0]]
    assert touched.channel_updated_at is not None
    assert touched.channel_updated_at >= window.until
    assert same(found | caught_up(shop, connection, window.until), shop)


def test_an_order_that_never_rests_ends_the_run_and_is_tried_with_the_next(shop: Shopfront) -> None:
    connection, _ = shop.open()

    def change(request: httpx.Request) -> None:
        number = re.search(rb"gid://shopify/Order/(\d+)", request.content)
        if operation(request) == "OrderLines" and number is not None:
            shop.sandbox.clock.advance(seconds=5)
            shop.sandbox.world.touch("shopify", number.group(1).decode())

    window = everything(shop)
    shop.http.event_hooks = {"request": [change]}
    with pytest.raises(ChannelFailed, match="changed each time") as failed:
        records(connection.pages(Resource.ORDERS, "", window))
    assert failed.value.judged.verdict is Verdict.TRANSIENT


def test_an_order_that_changed_after_a_bulk_operation_ran_is_read_anew(shop: Shopfront) -> None:
    connection, _ = shop.open()
    refunded = next(
        order for order in shop.sandbox.world.orders("shopify", None, shop.sandbox.clock.now()) if order.refunds
    )

    def change(request: httpx.Request) -> None:
        if operation(request) == "OrderRefunds":
            shop.sandbox.clock.advance(seconds=5)
            shop.sandbox.world.touch("shopify", refunded.external_id)

    window = everything(shop)
    shop.http.event_hooks = {"request": [change]}
    found = latest(records(connection.first_load(Resource.ORDERS, "", window)))
    moved = found[refunded.external_id]
    assert moved.channel_updated_at is not None
    assert moved.channel_updated_at >= window.until
    assert moved.refunds != ()


def test_an_operation_that_nobody_asks_after_ends_all_the_same(shop: Shopfront) -> None:
    """The answer to its start is lost, or our process dies: the next one waits for it and starts its own."""
    connection, pacer = shop.open()
    connection.check()
    shop.desk.faults.switch(Fault(FaultKind.DROPPED, path="graphql"))
    assert same(loaded(shop, connection), shop)
    assert shop.desk.faults.waiting == []
    assert sum(pacer.waited) < 120
