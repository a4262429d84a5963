"""A whole shop read from the stand-in: page by page and in bulk, within its cost bucket, with all faults on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.channels.shopify.shopfront import Shopfront, a_shop
from tradewind.channels.contract import ChannelFailed, Page, Resource, Verdict, Window
from tradewind.channels.shopify.connector import ShopifyConnection, ShopifyConnector
from tradewind.channels.unified import (
    Unified,
    UnifiedCustomer,
    UnifiedFee,
    UnifiedOrder,
    UnifiedProduct,
    UnifiedStock,
)
from tradewind.sandbox.faults import Fault, FaultKind

ORDERS = 200
ALL_FAULTS = [kind for kind in FaultKind if kind is not FaultKind.CLOCK_SKEW]


@pytest.fixture(scope="module")
def shop() -> Iterator[Shopfront]:
    with a_shop(orders=ORDERS) as front:
        yield front


@pytest.fixture(autouse=True)
def _quiet(shop: Shopfront) -> Iterator[None]:
    """Each test begins without limits, faults and violations, whatever came before; so only faults move the clock."""
    shop.desk.faults.clear()
    shop.desk.limits.is_on = False
    shop.desk.limits.violations.clear()
    shop.sandbox.clock.advance(seconds=60)
    yield
    shop.desk.faults.clear()


def everything(shop: Shopfront) -> Window:
    return Window(None, shop.sandbox.clock.now())


def records(pages: Iterable[Page]) -> list[Unified]:
    """What pages told, in their order, nothing rejected."""
    items = [item for page in pages for item in page.items]
    assert [item.rejected for item in items if item.rejected] == []
    return [record for item in items for record in item.records]


def latest(found: list[Unified]) -> dict[str, UnifiedOrder]:
    """Orders by id, each as it was told last."""
    return {record.external_id: record for record in found if isinstance(record, UnifiedOrder)}


def truth(shop: Shopfront) -> dict[str, UnifiedOrder]:
    now = shop.sandbox.clock.now() + timedelta(seconds=1)
    return {order.external_id: comparable(order) for order in shop.sandbox.world.orders("shopify", None, now)}


def comparable(order: UnifiedOrder) -> UnifiedOrder:
    """The order without what Shopify tells otherwise or not at all.

    Units that went back count as neither sent nor there, reasons are not told, and the world's tax of a refund is one
    sum. Money, statuses, people, places and refunds stay.
    """
    return replace(
        order,
        raw_status=None,
        payment_status="",
        other=None,
        presentment_currency=order.presentment_currency or order.currency,
        presentment_total=order.total if order.presentment_total is None else order.presentment_total,
        lines=tuple(
            replace(line, quantity_shipped=0, quantity_cancelled=0, shipping=None, tax=line.tax or Decimal(0))
            for line in order.lines
        ),
        refunds=tuple(replace(refund, reason=None, shipping=refund.shipping or None) for refund in order.refunds),
    )


def same(found: dict[str, UnifiedOrder], shop: Shopfront) -> bool:
    told = {key: comparable(order) for key, order in found.items()}
    known = truth(shop)
    for key, order in known.items():
        assert told.get(key) == order
    return told.keys() == known.keys()


def caught_up(shop: Shopfront, connection: ShopifyConnection, since: datetime) -> dict[str, UnifiedOrder]:
    """What changed since, also while it was read: that belongs to the next window."""
    found: dict[str, UnifiedOrder] = {}
    for _ in range(5):
        now = shop.sandbox.clock.now()
        window = Window(since - ShopifyConnector.overlap, now + timedelta(seconds=1))
        found |= latest(records(connection.pages(Resource.ORDERS, "", window)))
        if shop.sandbox.clock.now() == now:
            return found
        since = now
    raise AssertionError("the shop's clock does not come to rest")


def loaded(shop: Shopfront, connection: ShopifyConnection) -> dict[str, UnifiedOrder]:
    """The first load, and what changed while it ran."""
    window = everything(shop)
    found = latest(records(connection.first_load(Resource.ORDERS, "", window)))
    return found | caught_up(shop, connection, window.until)


def test_pages_bring_every_order_to_the_cent(shop: Shopfront) -> None:
    connection, pacer = shop.open()
    found = latest(records(connection.pages(Resource.ORDERS, "", everything(shop))))
    assert same(found, shop)
    assert (len(found), pacer.waited) == (ORDERS, [])


def test_a_bucket_is_waited_for_as_long_as_it_takes_and_never_overdrawn(shop: Shopfront) -> None:
    shop.desk.limits.is_on = True
    connection, pacer = shop.open()
    records(connection.pages(Resource.ORDERS, "", everything(shop)))
    assert shop.desk.limits.violations == {}
    assert 22 <= sum(pacer.waited) < 23  # 5 full pages of 842 points at 100 a second, less the 2,000 of the bucket


def test_the_first_load_brings_the_same_in_bulk(shop: Shopfront) -> None:
    connection, _ = shop.open()
    before = dict(shop.desk.limits.calls)
    found = loaded(shop, connection)
    assert same(found, shop)
    assert sum(1 for order in found.values() if order.refunds) > 5
    asked = shop.desk.limits.calls["graphql"] - before["graphql"]
    assert asked <= 3 + 2 + 1  # one run, two polls, the refunds' lines of 250 orders at a time, and what changed since


def test_fees_stand_with_their_orders_and_once(shop: Shopfront) -> None:
    connection, _ = shop.open()
    now = shop.sandbox.clock.now()
    told = records(connection.pages(Resource.ORDERS, "", everything(shop)))
    told += records(connection.pages(Resource.FEES, "", everything(shop)))
    fees = {fee.external_id: fee.amount for fee in told if isinstance(fee, UnifiedFee)}
    known = [fee.amount for fee in shop.sandbox.world.fees("shopify", None, now + timedelta(seconds=1))]
    assert len(known) > 150
    assert sorted(fees.values()) == sorted(known)


def test_products_stock_and_customers_are_the_worlds(shop: Shopfront) -> None:
    connection, _ = shop.open()
    world = shop.sandbox.world
    products = records(connection.pages(Resource.PRODUCTS, "", everything(shop)))
    assert [
        (one.external_id, one.sku, one.price, one.currency) for one in products if isinstance(one, UnifiedProduct)
    ] == [(one.external_id, one.sku, one.price, "USD") for one in world.products("shopify")]
    stock = records(connection.pages(Resource.INVENTORY, "", Window(everything(shop).until, everything(shop).until)))
    assert {one for one in stock if isinstance(one, UnifiedStock)} == set(world.stock("shopify"))
    people = records(connection.pages(Resource.CUSTOMERS, "", everything(shop)))
    buyers = {order.customer for order in truth(shop).values() if order.customer}
    assert {one for one in people if isinstance(one, UnifiedCustomer)} == buyers


def test_windows_that_follow_each_other_miss_nothing(shop: Shopfront) -> None:
    connection, _ = shop.open()
    known: dict[str, UnifiedOrder] = {}
    since = shop.sandbox.clock.now()
    known |= latest(records(connection.pages(Resource.ORDERS, "", Window(None, since))))
    for _ in range(4):
        shop.sandbox.clock.advance(hours=7)
        known |= caught_up(shop, connection, since)
        since = shop.sandbox.clock.now()
    assert same(known, shop)


@pytest.mark.parametrize("kind", ALL_FAULTS)
def test_each_fault_is_overcome(shop: Shopfront, kind: FaultKind) -> None:
    connection, _ = shop.open()
    # A token that is refused again after it was renewed is no fault of a moment.
    shop.desk.faults.switch(Fault(kind, times=1 if kind is FaultKind.EXPIRED_TOKEN else 2))
    window = everything(shop)
    found = latest(records(connection.pages(Resource.ORDERS, "", window)))
    found |= caught_up(shop, connection, window.until)
    assert same(found, shop)
    assert shop.desk.faults.waiting == []


@pytest.mark.parametrize("kind", [FaultKind.TRUNCATED, FaultKind.DROPPED, FaultKind.UNAVAILABLE, FaultKind.THROTTLED])
def test_the_file_of_a_bulk_operation_is_fetched_again_where_it_broke(shop: Shopfront, kind: FaultKind) -> None:
    connection, _ = shop.open()
    shop.desk.faults.switch(Fault(kind, times=2, path="/bulk/"))
    assert same(loaded(shop, connection), shop)
    assert shop.desk.faults.waiting == []


def test_a_file_in_many_parts_is_one_file(shop: Shopfront, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewind.channels.shopify.bulk.PART_BYTES", 20_011)
    connection, _ = shop.open()
    assert same(loaded(shop, connection), shop)


def test_one_order_is_read_anew(shop: Shopfront) -> None:
    connection, _ = shop.open()
    key, known = next((key, order) for key, order in truth(shop).items() if order.refunds)
    (order,) = (one for one in records([connection.read(Resource.ORDERS, key)]) if isinstance(one, UnifiedOrder))
    assert comparable(order) == known
    assert connection.read(Resource.ORDERS, "1").items == []


def test_one_product_item_and_customer_are_read_anew(shop: Shopfront) -> None:
    connection, _ = shop.open()
    for resource, key, count in (
        (Resource.PRODUCTS, "gid://shopify/Product/801", 1),
        (Resource.PRODUCTS, "703", 1),
        (Resource.INVENTORY, "802", 2),
        (Resource.CUSTOMERS, "1", 0),
    ):
        assert len(records([connection.read(resource, key)])) == count, (resource, key)


def test_a_kept_payload_means_the_same_again(shop: Shopfront) -> None:
    connection, _ = shop.open()
    page = next(iter(connection.pages(Resource.ORDERS, "", everything(shop))))
    for item in page.items:
        assert connection.map(Resource.ORDERS, item.raw) == item


def test_the_check_names_the_shop_and_refuses_what_cannot_work(shop: Shopfront) -> None:
    connection, _ = shop.open()
    assert connection.check() == "Tradewind Sandbox"
    old, _ = shop.open(shop.account(values={"api_version": "2024-01"}))
    with pytest.raises(ChannelFailed, match="no longer supports version 2024-01") as failed:
        old.check()
    assert failed.value.judged.verdict is Verdict.PERMANENT


def test_a_static_token_works_and_a_wrong_one_stops_at_once(shop: Shopfront) -> None:
    good, _ = shop.open(shop.account(secrets={"access_token": "shpat_sandbox"}))
    assert good.check() == "Tradewind Sandbox"
    wrong, pacer = shop.open(shop.account(secrets={"access_token": "shpat_wrong"}))
    with pytest.raises(ChannelFailed) as failed:
        wrong.check()
    assert (failed.value.judged.verdict, pacer.waited) == (Verdict.AUTH_FATAL, [])
    assert "shpat_wrong" not in str(failed.value)


def test_a_wrong_secret_gets_no_token(shop: Shopfront) -> None:
    wrong, _ = shop.open(shop.account(secrets={"client_secret": "guessed"}))
    with pytest.raises(ChannelFailed, match="Check both") as failed:
        wrong.check()
    assert failed.value.judged.verdict is Verdict.AUTH_FATAL
    assert "guessed" not in str(failed.value)


def test_a_day_later_the_token_is_renewed(shop: Shopfront) -> None:
    connection, _ = shop.open()
    connection.check()
    shop.sandbox.clock.advance(hours=23, minutes=30)
    assert connection.check() == "Tradewind Sandbox"
