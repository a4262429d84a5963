"""Amazon's connector holds what every connector must, and no payload is so broken that its mapping fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.amazon.market import US, Market
from tests.channels.conformance import describes_itself, maps_well, syncs_well
from tradewind.channels.amazon.connector import AmazonConnector
from tradewind.channels.contract import Account, Resource
from tradewind.channels.sync.engine import Engine
from tradewind.sandbox.server import Sandbox

ODD: tuple[Any, ...] = (None, "", "nonsense", -1, [], {}, [None], True, [[]], [{}])
EUROPE = "GB DE FR IT ES NL SE PL BE IE TR AE EG IN"


@pytest.fixture(scope="module")
def market() -> Iterator[Market]:
    with Market.open(days=30, orders=60, is_limited=False) as opened:
        yield opened


def test_it_describes_itself_for_every_marketplace_of_a_region(market: Market) -> None:
    for places in ("US", EUROPE):
        account = Account("c", "amazon", "amazon", {**market.account.values, "marketplaces": places})
        describes_itself(AmazonConnector(), account)


def test_orders_of_both_apis_are_mapped_well(market: Market) -> None:
    fresh = [item.raw for item in market.items(Resource.ORDERS, "US,CA")][:6]
    old = {
        "AmazonOrderId": "1",
        "PurchaseDate": "2026-03-01T00:00:00Z",
        "OrderStatus": "Shipped",
        "MarketplaceId": US,
        "OrderTotal": {"CurrencyCode": "USD", "Amount": "11.01"},
        "OrderItems": [{"OrderItemId": "1", "QuantityOrdered": 1, "SellerSKU": "MUG"}],
    }
    maps_well(market.connection, {Resource.ORDERS: [*fresh, old]})


def damaged(raw: Any) -> Iterator[Any]:
    """The payload with one thing in it odd or gone, at any depth."""
    if isinstance(raw, dict):
        for name, value in raw.items():
            yield {key: other for key, other in raw.items() if key != name}
            yield from ({**raw, name: odd} for odd in ODD)
            yield from ({**raw, name: deeper} for deeper in damaged(value))
    elif isinstance(raw, list) and raw:
        yield from ([deeper, *raw[1:]] for deeper in damaged(raw[0]))


@pytest.mark.parametrize(
    ("resource", "scope", "fees_from"),
    [
        (Resource.ORDERS, "US,CA", "transactions"),
        (Resource.FEES, "", "transactions"),
        (Resource.FEES, "", "settlements"),
        (Resource.INVENTORY, US, "transactions"),
        (Resource.PRODUCTS, US, "transactions"),
        (Resource.FEEDBACK, US, "transactions"),
    ],
)
def test_no_payload_is_so_broken_that_it_stops_the_others(resource: Resource, scope: str, fees_from: str) -> None:
    with Market.open(days=30, orders=60, is_limited=False, values={"fees_from": fees_from}) as market:
        items = market.items(resource, scope)
        tried = 0
        for item in (items[0], items[len(items) // 2], items[-1]):
            for broken in damaged(item.raw):
                mapped = market.connection.map(resource, broken)
                assert all(flaw.code and flaw.reason for flaw in mapped.rejected)
                tried += 1
        assert tried > 20


def test_a_sync_ends_well_and_the_same_again_changes_nothing(served: tuple[Sandbox, Engine]) -> None:
    _, engine = served
    for resource in (Resource.ORDERS, Resource.FEES):
        syncs_well(engine, "amazon", resource)
