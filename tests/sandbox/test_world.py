"""The generated world: repeatable, consistent in itself, and told in the order of the last change."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tradewind.channels.unified import Fulfillment, UnifiedOrder
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.clock import ManualClock
from tradewind.sandbox.generated import GeneratedWorld
from tradewind.sandbox.world import Pushed

START = datetime(2026, 3, 1, tzinfo=UTC)
CHANNELS = ("amazon", "shopify", "walmart")


def a_world(clock: ManualClock, orders: int = 600, seed: int = 7) -> GeneratedWorld:
    return GeneratedWorld(seed=seed, start=START, days=90, orders=dict.fromkeys(CHANNELS, orders), clock=clock)


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    moved = ManualClock(START)
    moved.advance(days=90)
    return moved


@pytest.fixture(scope="module")
def world(clock: ManualClock) -> GeneratedWorld:
    return a_world(clock)


def all_orders(world: GeneratedWorld, channel: str) -> list[UnifiedOrder]:
    return list(world.orders(channel, None, world.now + timedelta(seconds=1)))


@pytest.mark.parametrize("channel", CHANNELS)
def test_components_add_up_to_the_total_of_every_order(world: GeneratedWorld, channel: str) -> None:
    for order in all_orders(world, channel):
        if order.total is None:
            assert order.status is OrderStatus.PENDING
            continue
        assert order.subtotal is not None
        assert order.shipping is not None
        assert order.discount is not None
        assert order.tax is not None
        assert order.subtotal + order.shipping + order.tax - order.discount == order.total
        assert sum(line.tax or 0 for line in order.lines) == order.tax
        assert sum(refund.amount for refund in order.refunds) == order.refunded
        for line in order.lines:
            assert 0 <= line.quantity_shipped + line.quantity_cancelled <= line.quantity


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_fate_occurs(world: GeneratedWorld, channel: str) -> None:
    orders = all_orders(world, channel)
    statuses = {order.status for order in orders}
    assert statuses >= {OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.SHIPPED, OrderStatus.DELIVERED}
    assert any(order.refunded and order.status is not OrderStatus.REFUNDED for order in orders)
    assert any(line.quantity_cancelled for order in orders for line in order.lines)
    assert len({order.marketplace for order in orders}) >= (1 if channel == "shopify" else 2)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_windows_of_a_moving_clock_tell_every_change_once_and_end_at_the_truth(channel: str) -> None:
    moved = ManualClock(START)
    world = a_world(moved, orders=200)
    found: dict[str, UnifiedOrder] = {}
    seen: dict[str, list[datetime]] = defaultdict(list)
    watermark = START
    partial = False
    while moved.now() < START + timedelta(days=100):
        moved.advance(hours=7)
        last = watermark
        for order in world.orders(channel, watermark, moved.now()):
            assert order.channel_updated_at is not None
            assert last <= order.channel_updated_at < moved.now()
            last = order.channel_updated_at
            found[order.external_id] = order
            seen[order.external_id].append(order.channel_updated_at)
            partial |= order.fulfillment_status is Fulfillment.PARTIAL
        watermark = moved.now()
    assert partial
    assert all(len(times) == len(set(times)) for times in seen.values())
    assert sorted(found) == sorted(order.external_id for order in all_orders(world, channel))
    assert all(world.order(channel, key) == order for key, order in found.items())


def test_the_same_seed_makes_the_same_world_and_another_does_not(world: GeneratedWorld, clock: ManualClock) -> None:
    again, other = a_world(clock), a_world(clock, seed=8)
    for channel in CHANNELS:
        assert all_orders(world, channel) == all_orders(again, channel)
        assert list(world.stock(channel)) == list(again.stock(channel))
        assert all_orders(world, channel) != all_orders(other, channel)


def test_a_touched_order_is_told_last_and_otherwise_as_before() -> None:
    moved = ManualClock(START)
    world = a_world(moved)
    moved.advance(days=80)
    first = next(world.orders("walmart", None, world.now))
    world.touch("walmart", first.external_id)
    told = all_orders(world, "walmart")
    assert [order.external_id for order in told].count(first.external_id) == 1
    assert told[-1].external_id == first.external_id
    assert told[-1].channel_updated_at == world.now
    assert (told[-1].total, told[-1].lines) == (first.total, first.lines)


def test_a_touched_order_that_goes_on_is_told_once() -> None:
    moved = ManualClock(START)
    world = a_world(moved, orders=50)
    moved.advance(days=20)
    for order in all_orders(world, "walmart"):
        world.touch("walmart", order.external_id)
    moved.advance(days=60)
    told = [order.external_id for order in all_orders(world, "walmart")]
    assert len(told) == len(set(told)) == world.count("walmart")


def test_fees_are_a_share_of_what_was_sent_and_come_in_the_order_of_their_posting(world: GeneratedWorld) -> None:
    fees = list(world.fees("walmart", None, world.now))
    assert [fee.posted_at for fee in fees] == sorted(fee.posted_at for fee in fees)
    assert len({fee.external_id for fee in fees}) == len(fees)
    parts = [
        list(world.fees("walmart", START + timedelta(days=10 * part), START + timedelta(days=10 * part + 10)))
        for part in range(9)
    ]
    assert [fee for part in parts for fee in part] == fees
    by_order = {fee.order_external_id: fee.amount for fee in fees if fee.kind == "commission"}
    order = next(order for order in all_orders(world, "walmart") if order.status is OrderStatus.DELIVERED)
    assert order.subtotal is not None
    assert order.discount is not None
    share = (order.subtotal - order.discount) * Decimal("0.15")
    assert abs(by_order[order.external_id] - share) <= Decimal("0.005")


def test_stock_falls_with_orders_and_stands_where_the_seller_sets_it() -> None:
    moved = ManualClock(START)
    world = a_world(moved, orders=900)
    moved.advance(days=5)
    before = {(count.sku, count.location): count for count in world.stock("walmart")}
    assert any(count.reserved for count in before.values())
    assert all(
        count.available is not None
        and count.available >= 0
        and count.on_hand == count.available + (count.reserved or 0)
        for count in before.values()
    )
    world.push("walmart", Pushed(sku="CAMP-DOME-TENT", location="100009", available=4, key="k"))
    after = {(count.sku, count.location): count for count in world.stock("walmart")}
    assert after["CAMP-DOME-TENT", "100009"].available == 4
    moved.advance(days=40)
    later = {(count.sku, count.location): count for count in world.stock("walmart")}
    assert later["CAMP-DOME-TENT", "100009"].available == 0
    assert later != after
    assert len(world.pushes) == 1
