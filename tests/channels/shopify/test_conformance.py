"""Shopify's connector holds what every connector must, and no payload is so broken that its mapping fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.conformance import describes_itself, maps_well, syncs_well
from tests.channels.shopify.shopfront import Shopfront, a_shop
from tradewind.channels.contract import Mapped, Resource, Window
from tradewind.channels.shopify.connector import ShopifyConnector
from tradewind.channels.sync.engine import Engine

ODD: tuple[Any, ...] = (None, "", "nonsense", -1, [], {}, [None], True, [[]], [{}])


@pytest.fixture(scope="module")
def shop() -> Iterator[Shopfront]:
    with a_shop(orders=60, days=30) as front:
        front.desk.limits.is_on = False
        yield front


def items(shop: Shopfront, resource: Resource) -> list[Mapped]:
    connection, _ = shop.open()
    window = Window(None, shop.sandbox.clock.now())
    return [item for page in connection.pages(resource, "", window) for item in page.items]


def test_it_describes_itself(shop: Shopfront) -> None:
    describes_itself(ShopifyConnector(), shop.account())


@pytest.mark.parametrize("resource", [Resource.ORDERS, Resource.CUSTOMERS])
def test_payloads_are_mapped_well(shop: Shopfront, resource: Resource) -> None:
    """Of variants and items some mean nothing to us: those without a SKU."""
    connection, _ = shop.open()
    refunded = [item.raw for item in items(shop, resource) if item.raw.get("refunds")]
    raws = [item.raw for item in items(shop, resource)]
    maps_well(connection, {resource: [*refunded[:2], *raws[:3]]})


@pytest.mark.parametrize("resource", sorted(ShopifyConnector.resources))
def test_no_payload_is_so_broken_that_it_stops_the_others(shop: Shopfront, resource: Resource) -> None:
    connection, _ = shop.open()
    tried = 0
    for item in items(shop, resource)[:2]:
        for broken in damaged(item.raw):
            mapped = connection.map(resource, broken)
            assert all(flaw.code and flaw.reason for flaw in mapped.rejected)
            tried += 1
    assert tried > 20


def damaged(raw: Any) -> Iterator[Any]:
    """The payload with one thing in it odd or gone, at any depth."""
    if isinstance(raw, dict):
        for name, value in raw.items():
            yield {key: other for key, other in raw.items() if key != name}
            yield from ({**raw, name: odd} for odd in ODD)
            yield from ({**raw, name: deeper} for deeper in damaged(value))
    elif isinstance(raw, list) and raw:
        yield from ([deeper, *raw[1:]] for deeper in damaged(raw[0]))


def test_a_sync_ends_well_and_the_same_again_changes_nothing(served: tuple[Shopfront, Engine]) -> None:
    _, engine = served
    for resource in ShopifyConnector.resources:
        syncs_well(engine, "shopify", resource)
