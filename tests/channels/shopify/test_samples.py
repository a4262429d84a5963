"""The official payloads become the documented orders, fees, products, stock and customers, to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.channels.shopify.conftest import Sample
from tradewind.channels.contract import Mapped, Resource
from tradewind.channels.shopify.mapping import map_payload
from tradewind.channels.unified import (
    Fulfillment,
    Unified,
    UnifiedCustomer,
    UnifiedFee,
    UnifiedOrder,
    UnifiedProduct,
    UnifiedRefundLine,
    UnifiedStock,
)
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.orders.states import OrderStatus

SHOP = "jsmith.myshopify.com"


@pytest.fixture(scope="module")
def orders(sample: Sample) -> dict[str, Mapped]:
    """The nine sample orders by the number that people see."""
    raws = [
        raw
        for page in ("page1", "page2")
        for raw in sample(f"graphql/orders.{page}.response")["data"]["orders"]["nodes"]
    ]
    return {raw["name"]: map_payload(Resource.ORDERS, raw, SHOP) for raw in raws}


def told(mapped: Mapped) -> UnifiedOrder:
    assert mapped.rejected == ()
    order = mapped.records[0]
    assert isinstance(order, UnifiedOrder)
    return order


def records(sample: Sample, resource: Resource, name: str, root: str) -> list[Unified]:
    nodes = sample(name)["data"][root]["nodes"]
    return [record for raw in nodes for record in map_payload(resource, raw, SHOP).records]


def amounts(order: UnifiedOrder) -> tuple[str, ...]:
    """Subtotal, shipping, discount, tax, total, refunded, net."""
    parts = (
        order.subtotal, order.shipping, order.discount, order.tax, order.total, order.refunded, order.net_total
    )  # fmt: skip
    return tuple(str(part) for part in parts)


@pytest.mark.parametrize(
    ("number", "status", "fulfillment", "expected"),
    [
        ("#1001", "confirmed", "unfulfilled", "597.00 0.00 10.00 11.94 598.94 209.00 389.94"),
        ("#1002", "confirmed", "unfulfilled", "199.00 0.00 0.00 0.00 199.00 0.00 199.00"),
        ("#1000", "cancelled", "unfulfilled", "597.00 0.00 10.00 11.94 598.94 209.00 389.94"),
        ("#1003", "confirmed", "unfulfilled", "224.97 0.00 0.00 13.50 238.47 0.00 238.47"),
        ("#1004", "confirmed", "unfulfilled", "199.00 0.00 0.00 0.00 199.00 0.00 199.00"),
        ("#1005", "confirmed", "unfulfilled", "199.00 0.00 17.91 0.00 181.09 0.00 181.09"),
        ("#1006", "confirmed", "unfulfilled", "199.00 0.00 17.91 0.00 181.09 0.00 181.09"),
        ("#1007", "confirmed", "unfulfilled", "199.00 0.00 0.00 0.00 199.00 0.00 199.00"),
        ("#1008", "processing", "partial", "597.00 0.00 0.00 0.00 597.00 0.00 398.00"),
    ],
)
def test_every_sample_order_maps_to_the_cent(
    orders: dict[str, Mapped], number: str, status: str, fulfillment: str, expected: str
) -> None:
    order = told(orders[number])
    assert (order.status, order.fulfillment_status) == (OrderStatus(status), Fulfillment(fulfillment))
    assert amounts(order) == tuple(expected.split())
    assert (order.marketplace, order.fulfillment_channel) == (SHOP, "merchant")


def test_discount_of_the_order_lies_on_its_lines_and_the_identity_holds(orders: dict[str, Mapped]) -> None:
    order = told(orders["#1001"])  # case 9: subtotalPriceSet says 597.00 and is not "after discount" here
    assert [str(line.discount) for line in order.lines] == ["3.34", "3.33", "3.33"]
    assert [str(line.total) for line in order.lines] == ["199.64", "199.65", "199.65"]
    assert order.warnings == ()
    refund = order.refunds[0]
    assert (refund.external_id, refund.amount, refund.tax, refund.shipping) == (
        "509562969", Decimal("209.00"), Decimal("7.96"), None,
    )  # fmt: skip
    assert refund.lines == (
        UnifiedRefundLine("IPOD2008BLACK", 1, Decimal("195.66"), "gid://shopify/LineItem/703073504", True),
        UnifiedRefundLine("IPOD2008GREEN", 1, Decimal("195.67"), "gid://shopify/LineItem/466157049", True),
    )
    # Refunded units are refunded, not cancelled, and what was refunded unsent was not sent.
    assert [(line.quantity_cancelled, line.quantity_shipped) for line in order.lines] == [(0, 0)] * 3


def test_a_guest_is_nobody(orders: dict[str, Mapped]) -> None:
    order = told(orders["#1002"])  # case 10
    assert order.customer is None
    assert (order.ship_country, order.ship_region, order.ship_city, order.ship_postal) == (None,) * 4


def test_a_cancelled_order_keeps_its_refund(orders: dict[str, Mapped]) -> None:
    order = told(orders["#1000"])  # case 11
    assert order.status is OrderStatus.CANCELLED
    assert [refund.amount for refund in order.refunds] == [Decimal("209.00")]


def test_a_line_of_its_own_without_sku_is_kept(orders: dict[str, Mapped]) -> None:
    order = told(orders["#1003"])  # case 12
    assert order.currency == "EUR"
    assert [(line.sku, line.listing_id, line.quantity, str(line.unit_price)) for line in order.lines] == [
        (None, None, 3, "74.99")
    ]
    assert order.warnings == ("missing_sku",)


def test_the_buyers_currency_stands_beside_the_shops_and_the_fee_is_told(orders: dict[str, Mapped]) -> None:
    order, fee = orders["#1006"].records  # case 13
    assert isinstance(order, UnifiedOrder)
    assert isinstance(fee, UnifiedFee)
    assert (order.currency, order.total) == ("USD", Decimal("181.09"))
    assert (order.presentment_currency, order.presentment_total) == ("CAD", Decimal("226.36"))
    assert (fee.kind, fee.amount, fee.currency) == (FeeKind.PAYMENT_PROCESSING, Decimal("5.55"), "USD")
    assert fee.order_external_id == order.external_id == "1073459990"


def test_a_test_order_says_so(orders: dict[str, Mapped]) -> None:
    assert {number for number, mapped in orders.items() if told(mapped).is_test} == {"#1007"}  # case 14


def test_an_edited_order_counts_what_is_left(orders: dict[str, Mapped]) -> None:
    order = told(orders["#1008"])  # case 15
    assert (order.total, order.net_total) == (Decimal("597.00"), Decimal("398.00"))
    assert [(line.sku, line.quantity, line.quantity_cancelled) for line in order.lines] == [
        ("IPOD2009BLACK", 1, 0),
        ("OLD-SKU", 2, 1),
    ]


def test_more_lines_of_a_second_page_belong_to_the_order(sample: Sample) -> None:
    raw = sample("graphql/orders.page2.response")["data"]["orders"]["nodes"][-1]
    more = sample("graphql/order_lines.page2.response")["data"]["order"]["lineItems"]["nodes"]
    whole = raw | {"lineItems": {"nodes": raw["lineItems"]["nodes"] + more}}
    order = told(map_payload(Resource.ORDERS, whole, SHOP))
    assert [line.title for line in order.lines][-1] == "Gift wrap"
    assert len(order.lines) == 3
    assert order.subtotal == Decimal("597.00")


REST_ORDERS = [
    ("order_1001_partially_refunded", "#1001", "confirmed"),
    ("order_cancelled", "#1001", "cancelled"),
    ("order_partially_paid", "#1002", "confirmed"),
    ("order_eur_custom_line", "#1002", "confirmed"),
    ("order_discount_code", "#1002", "confirmed"),
]


@pytest.mark.parametrize(("name", "number", "status"), REST_ORDERS)
def test_payloads_of_the_rest_shape_map_too(sample: Sample, name: str, number: str, status: str) -> None:
    order = told(map_payload(Resource.ORDERS, sample(f"rest_shape/{name}")["order"], SHOP))
    assert (order.order_number, order.status) == (number, OrderStatus(status))
    assert "totals_mismatch" not in order.warnings


def test_both_shapes_of_one_order_mean_the_same(sample: Sample, orders: dict[str, Mapped]) -> None:
    rest = told(map_payload(Resource.ORDERS, sample("rest_shape/order_1001_partially_refunded")["order"], SHOP))
    graphql = told(orders["#1001"])
    # The two samples were taken at different moments of the refund's life.
    assert replace(rest, refunds=graphql.refunds) == graphql
    assert rest.refunds[0].lines == graphql.refunds[0].lines


def test_an_empty_address_of_a_rest_payload_is_a_guest(sample: Sample) -> None:
    guest = sample("rest_shape/order_1002_guest")["orders"][0]
    assert guest["email"] == ""
    assert told(map_payload(Resource.ORDERS, guest, SHOP)).customer is None


def test_variants_become_products(sample: Sample) -> None:
    found = records(sample, Resource.PRODUCTS, "graphql/productVariants.page1.response", "productVariants")
    found += records(sample, Resource.PRODUCTS, "graphql/productVariants.page2.response", "productVariants")
    assert [product.sku for product in found if isinstance(product, UnifiedProduct)] == [
        "IPOD2008PINK", "IPOD2008RED", "IPOD2008GREEN", "IPOD2008BLACK", "IPOD2009BLACK",
    ]  # fmt: skip
    assert found[0] == UnifiedProduct(
        external_id="gid://shopify/ProductVariant/808950810",
        sku="IPOD2008PINK",
        title="IPod Nano - 8GB - Pink",
        brand="Apple",
        category="Cult Products",
        status="active",
        price=Decimal("199.00"),
        channel_updated_at=datetime(2025, 4, 2, 16, 29, 59, tzinfo=UTC),
    )


def test_stock_is_told_per_place(sample: Sample) -> None:
    found = records(sample, Resource.INVENTORY, "graphql/inventoryItems.response", "inventoryItems")
    counted: list[Any] = [
        (stock.sku, stock.location, stock.available, stock.reserved, stock.inbound, stock.unsellable, stock.on_hand)
        for stock in found
        if isinstance(stock, UnifiedStock)
    ]
    assert counted == [
        ("IPOD2008GREEN", "gid://shopify/Location/487838322", 27, 1, 0, None, 28),
        ("IPOD2008GREEN", "gid://shopify/Location/655441491", 3, 1, 0, None, 4),
        ("IPOD2008PINK", "gid://shopify/Location/487838322", 9, 1, 0, None, 10),
        ("IPOD2008PINK", "gid://shopify/Location/655441491", 1, 1, 0, None, 2),
    ]


def test_customers_have_a_key_and_perhaps_an_address(sample: Sample) -> None:
    assert records(sample, Resource.CUSTOMERS, "graphql/customers.response", "customers") == [
        UnifiedCustomer("1073339462", "steve.lastnameson@example.com"),
        UnifiedCustomer("207119551", "bob.norman@mail.example.com"),
        UnifiedCustomer("1073339999"),
    ]
