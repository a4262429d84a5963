"""Orders of both APIs become unified ones to the cent, and what is odd is said, not mended."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.channels.amazon.samples import needs_samples, sample
from tradewind.channels.amazon.mapping import map_order
from tradewind.channels.contract import Rejected
from tradewind.channels.unified import Fulfillment, UnifiedOrder
from tradewind.commerce.orders.states import OrderStatus

NOW = datetime(2026, 7, 6, tzinfo=UTC)


def booked(raw: Any) -> UnifiedOrder:
    mapped = map_order(raw, NOW)
    assert mapped.rejected == ()
    (order,) = mapped.records
    assert isinstance(order, UnifiedOrder)
    assert mapped.external_id == order.external_id
    return order


def refused(raw: Any) -> Rejected:
    mapped = map_order(raw, NOW)
    assert mapped.records == ()
    (flaw,) = mapped.rejected
    return flaw


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def an_order(**changes: Any) -> dict[str, Any]:
    """20.00 of goods, 5.00 to send them, 2.00 off, 2.30 tax: 25.30."""
    raw: dict[str, Any] = {
        "orderId": "114-1",
        "createdTime": "2026-07-01T10:00:00Z",
        "lastUpdatedTime": "2026-07-02T10:00:00+02:00",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER"},
        "proceeds": {"grandTotal": usd("25.30")},
        "fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT"},
        "orderItems": [
            {
                "orderItemId": "1",
                "quantityOrdered": 2,
                "product": {"asin": "B1", "sellerSku": "MUG", "price": {"unitPrice": usd("10.00")}},
                "proceeds": {
                    "breakdowns": [
                        {"type": "ITEM", "subtotal": usd("20.00")},
                        {"type": "SHIPPING", "subtotal": usd("5.00")},
                        {"type": "DISCOUNT", "subtotal": usd("-2.00")},
                        {"type": "TAX", "subtotal": usd("2.30")},
                    ]
                },
                "fulfillment": {"quantityFulfilled": 2, "quantityUnfulfilled": 0},
            }
        ],
    }
    return raw | changes


# --- Samples: the expected results of the reference ---


@needs_samples
def test_a_pending_order_of_v0_knows_no_money_and_the_repeated_page_tells_of_the_same_order() -> None:
    pages = [sample(f"orders_v0/getOrders.pending_page{n}.json")["payload"]["Orders"] for n in (1, 2)]
    orders = [booked(raw) for page in pages for raw in page]
    assert len(orders) == 2
    assert len({order.external_id for order in orders}) == 1
    assert orders[0] == orders[1]
    order = orders[0]
    assert order.status is OrderStatus.PENDING
    assert order.payment_status == "pending"
    assert (order.total, order.subtotal, order.tax) == (None, None, None)
    assert (order.ship_country, order.ship_region, order.ship_city, order.ship_postal) == (None, None, None, None)
    assert order.currency == "USD"
    assert order.fulfillment_status is Fulfillment.UNFULFILLED


@needs_samples
def test_pages_that_repeat_an_order_tell_of_four() -> None:
    raws = [raw for n in (1, 2) for raw in sample(f"derived/searchOrders.page{n}.json")["orders"]]
    orders = {order.external_id: order for order in map(booked, raws)}
    assert len(raws) == 5
    assert len(orders) == 4

    first = orders["111-0000001-0000001"]
    assert (first.subtotal, first.shipping, first.discount, first.tax, first.total) == tuple(
        map(Decimal, ("69.97", "5.99", "10.00", "5.46", "71.42"))
    )
    assert first.status is OrderStatus.PROCESSING
    assert first.fulfillment_status is Fulfillment.PARTIAL
    assert not first.prices_include_tax
    assert first.warnings == ()
    assert [line.total for line in first.lines] == [Decimal("50.94"), Decimal("20.48")]
    assert [line.discount for line in first.lines] == [Decimal("7.00"), Decimal("3.00")]
    assert (first.ship_city, first.ship_region, first.ship_postal, first.ship_country) == (
        "Portland",
        "OR",
        "97201",
        "US",
    )
    assert first.customer is not None
    assert first.customer.is_relay
    assert first.customer.name is None

    pending = orders["111-0000002-0000002"]
    assert pending.status is OrderStatus.PENDING
    assert (pending.total, pending.subtotal, pending.customer) == (None, None, None)
    assert pending.fulfillment_channel == "fba"

    cancelled = orders["111-0000003-0000003"]
    assert cancelled.status is OrderStatus.CANCELLED
    assert cancelled.lines[0].quantity == 0
    assert cancelled.lines[0].unit_price is None
    assert cancelled.fulfillment_status is Fulfillment.NONE

    replacement = orders["111-0000004-0000004"]
    assert replacement.is_replacement
    assert replacement.group_id == "111-0000001-0000001"
    assert replacement.total == Decimal(0)


@needs_samples
def test_yen_have_no_cents_and_items_add_up_where_the_order_has_no_breakdown() -> None:
    (raw,) = sample("orders_2026-01-01/searchOrders.page1.json")["orders"]
    order = booked(raw)
    assert (order.currency, order.total, order.subtotal) == ("JPY", Decimal(19940), Decimal(19940))
    assert [line.unit_price for line in order.lines] == [Decimal(5980), Decimal(6980)]
    assert order.lines[1].quantity == 2
    assert order.marketplace == "A1VC38T7YXB528"
    assert order.fulfillment_channel == "fba"
    assert order.status is OrderStatus.SHIPPED
    assert (order.shipping, order.discount, order.tax) == (None, None, None)


@needs_samples
def test_a_british_order_adds_its_tax() -> None:
    order = booked(sample("orders_2026-01-01/getOrder.shipped_with_tax_and_shipping.json")["order"])
    assert (order.subtotal, order.shipping, order.tax, order.total) == tuple(
        map(Decimal, ("89.97", "10.00", "4.00", "103.97"))
    )
    assert not order.prices_include_tax
    assert order.warnings == ()
    assert order.status is OrderStatus.SHIPPED  # its package is on the way
    assert order.placed_at == datetime(2024, 12, 25, 9, 15, tzinfo=UTC)


@needs_samples
def test_an_order_that_waits_is_confirmed() -> None:
    order = booked(sample("orders_2026-01-01/getOrder.unshipped.json")["order"])
    assert (order.status, order.fulfillment_status) == (OrderStatus.CONFIRMED, Fulfillment.UNFULFILLED)
    assert (order.total, order.currency, order.fulfillment_channel) == (Decimal("299.90"), "BRL", "fbm")
    assert (order.ship_city, order.ship_country) == ("São Paulo", "BR")


@needs_samples
def test_gift_wrap_in_another_currency_is_not_summed_and_what_a_line_does_not_say_is_not_nought() -> None:
    payload = sample("orders_v0/getOrderItems.two_items.json")["payload"]
    order = booked(
        {
            "AmazonOrderId": payload["AmazonOrderId"],
            "PurchaseDate": "2013-09-06T12:00:00Z",
            "OrderStatus": "PartiallyShipped",
            "MarketplaceId": "A1VC38T7YXB528",
            "OrderItems": payload["OrderItems"],
        }
    )
    assert "other_currency" in order.warnings
    first, second = order.lines
    # Cash on delivery 10.00 − 1.00 and the second line's wrap of 1.99 yen; the first one's 41.99 pounds are not yen.
    assert order.other == Decimal("10.99")
    assert order.subtotal == Decimal("43.94")
    assert (first.unit_price, first.shipping) == (Decimal("25.99"), Decimal("1.26"))
    assert (second.tax, second.shipping, second.quantity_shipped) == (None, None, 0)
    assert second.unit_price == Decimal("8.975")


@needs_samples
def test_every_amount_of_a_v0_line_is_of_the_whole_line() -> None:
    payload = sample("orders_v0/getOrderItems.with_tax_fields.json")["payload"]
    order = booked(
        {
            "AmazonOrderId": payload["AmazonOrderId"],
            "PurchaseDate": "1.569521782042E9",
            "OrderStatus": "Unshipped",
            "OrderTotal": {"CurrencyCode": "BRL", "Amount": "8.02"},
            "OrderItems": payload["OrderItems"],
        }
    )
    assert (order.subtotal, order.shipping, order.tax, order.discount) == (
        Decimal("1.00"),
        Decimal("7.02"),
        Decimal("0.00"),
        Decimal("0.00"),
    )
    assert order.warnings == ()
    assert order.placed_at == datetime(2019, 9, 26, 18, 16, 22, 42000, tzinfo=UTC)


@needs_samples
@pytest.mark.parametrize(
    ("name", "total", "currency", "status", "channel"),
    [
        ("orders_v0/getOrder.fba_multicurrency.json", "100.00", "EUR", OrderStatus.SHIPPED, "fba"),
        ("orders_v0/getOrder.b2b_unshipped.json", "149.99", "USD", OrderStatus.CONFIRMED, "fbm"),
    ],
)
def test_an_old_order_without_items_keeps_its_total(
    name: str, total: str, currency: str, status: OrderStatus, channel: str
) -> None:
    order = booked(sample(name)["payload"])
    assert (order.total, order.currency, order.status) == (Decimal(total), currency, status)
    assert order.fulfillment_channel == channel
    assert order.fulfillment_status is (
        Fulfillment.FULFILLED if status is OrderStatus.SHIPPED else Fulfillment.UNFULFILLED
    )


@needs_samples
def test_an_old_buyer_is_known_by_the_alias_and_an_old_address_by_its_town() -> None:
    order = booked(
        sample("orders_v0/getOrder.b2b_unshipped.json")["payload"]
        | {"BuyerInfo": sample("orders_v0/getOrderBuyerInfo.json")["payload"]}
        | {"ShippingAddress": sample("orders_v0/getOrderAddress.json")["payload"]["ShippingAddress"]}
    )
    assert order.customer is not None
    assert order.customer.email == "fzyrv6gwkhbb15c@example.com"
    assert (order.ship_city, order.ship_region, order.ship_country) == ("Canton", "MI", "US")


# --- Statuses, section 6 ---


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("CANCELLED", OrderStatus.CANCELLED),
        ("PENDING", OrderStatus.PENDING),
        ("PENDING_AVAILABILITY", OrderStatus.PENDING),
        ("SHIPPED", OrderStatus.SHIPPED),
        ("PARTIALLY_SHIPPED", OrderStatus.PROCESSING),
        ("UNSHIPPED", OrderStatus.CONFIRMED),
        ("UNFULFILLABLE", OrderStatus.CONFIRMED),
    ],
)
def test_each_status_has_its_meaning(written: str, status: OrderStatus) -> None:
    order = booked(an_order(fulfillment={"fulfillmentStatus": written, "fulfilledBy": "MERCHANT"}))
    assert (order.status, order.raw_status) == (status, written)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Canceled", OrderStatus.CANCELLED),
        ("Pending", OrderStatus.PENDING),
        ("PendingAvailability", OrderStatus.PENDING),
        ("Shipped", OrderStatus.SHIPPED),
        ("PartiallyShipped", OrderStatus.PROCESSING),
        ("Unshipped", OrderStatus.CONFIRMED),
        ("InvoiceUnconfirmed", OrderStatus.CONFIRMED),
        ("Unfulfillable", OrderStatus.CONFIRMED),
    ],
)
def test_each_old_status_has_its_meaning(written: str, status: OrderStatus) -> None:
    raw = {"AmazonOrderId": "1", "PurchaseDate": "2026-07-01", "OrderStatus": written, "MarketplaceId": "ATVPDKIKX0DER"}
    assert booked(raw).status is status


@pytest.mark.parametrize("raw", [an_order(), {"AmazonOrderId": "1", "PurchaseDate": "2026-07-01"}])
def test_an_unknown_status_is_confirmed_and_said(raw: dict[str, Any]) -> None:
    raw = deepcopy(raw) | {
        "OrderStatus": "Teleported",
        "MarketplaceId": "ATVPDKIKX0DER",
        "fulfillment": {"fulfillmentStatus": "Teleported", "fulfilledBy": "ROBOTS"},
        "FulfillmentChannel": "ROBOTS",
    }
    order = booked(raw)
    assert (order.status, order.raw_status) == (OrderStatus.CONFIRMED, "Teleported")
    assert order.fulfillment_channel is None
    assert {"unknown_status", "unknown_fulfillment"} <= set(order.warnings)


def test_an_order_is_delivered_when_all_parcels_of_the_merchant_arrived() -> None:
    def parcels(*states: str) -> list[dict[str, Any]]:
        return [{"packageStatus": {"status": state}} for state in states]

    assert booked(an_order(packages=parcels("DELIVERED", "DELIVERED"))).status is OrderStatus.DELIVERED
    assert booked(an_order(packages=parcels("DELIVERED", "IN_TRANSIT"))).status is OrderStatus.SHIPPED
    assert booked(an_order(packages=[])).status is OrderStatus.SHIPPED
    by_amazon = {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"}
    assert booked(an_order(packages=parcels("DELIVERED"), fulfillment=by_amazon)).status is OrderStatus.SHIPPED


@pytest.mark.parametrize(
    ("ordered", "fulfilled", "unfulfilled", "cancelled", "expected"),
    [
        (3, 0, 3, 0, Fulfillment.UNFULFILLED),
        (3, 1, 2, 0, Fulfillment.PARTIAL),
        (3, 1, 1, 1, Fulfillment.PARTIAL),
        (3, 2, 0, 1, Fulfillment.FULFILLED),
        (3, 0, 0, 3, Fulfillment.NONE),
    ],
)
def test_fulfilment_comes_from_quantities(
    ordered: int, fulfilled: int, unfulfilled: int, cancelled: int, expected: Fulfillment
) -> None:
    raw = an_order()
    raw["orderItems"][0] |= {
        "quantityOrdered": ordered,
        "fulfillment": {"quantityFulfilled": fulfilled, "quantityUnfulfilled": unfulfilled},
    }
    order = booked(raw)
    assert order.lines[0].quantity_cancelled == cancelled
    assert order.fulfillment_status is expected


# --- Totals, section 5.2 ---


@pytest.mark.parametrize(
    ("total", "includes", "warnings"),
    [
        ("25.30", False, ()),
        ("25.32", False, ()),
        ("23.00", True, ()),
        ("22.98", True, ()),
        ("25.33", False, ("totals_mismatch",)),
        ("40.00", False, ("totals_mismatch",)),
    ],
)
def test_the_identity_is_tried_with_tax_and_with_prices_that_include_it(
    total: str, includes: bool, warnings: tuple[str, ...]
) -> None:
    order = booked(an_order(proceeds={"grandTotal": usd(total)}))
    assert (order.total, order.prices_include_tax, order.warnings) == (Decimal(total), includes, warnings)
    assert (order.subtotal, order.tax) == (Decimal("20.00"), Decimal("2.30"))


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_discount_is_positive_whatever_its_sign(sign: str) -> None:
    raw = an_order()
    raw["orderItems"][0]["proceeds"]["breakdowns"][2]["subtotal"] = usd(f"{sign}2.00")
    order = booked(raw)
    assert (order.discount, order.lines[0].discount) == (Decimal("2.00"), Decimal("2.00"))
    assert order.warnings == ()


def test_what_fits_no_column_is_kept_as_other() -> None:
    raw = an_order(proceeds={"grandTotal": usd("32.30")})
    raw["orderItems"][0]["proceeds"]["breakdowns"] += [
        {"type": "GIFT_WRAP", "subtotal": usd("3.00")},
        {"type": "COD_FEE", "subtotal": usd("3.00")},
        {"type": "SURCHARGE_OF_2031", "subtotal": usd("1.00")},
    ]
    order = booked(raw)
    assert order.other == Decimal("7.00")
    assert order.warnings == ("unknown_breakdown",)


def test_without_breakdowns_goods_are_prices_times_quantities() -> None:
    raw = an_order(proceeds={"grandTotal": usd("20.00")})
    del raw["orderItems"][0]["proceeds"]
    order = booked(raw)
    assert (order.subtotal, order.shipping, order.tax) == (Decimal("20.00"), None, None)
    assert order.lines[0].total is None
    del raw["orderItems"][0]["product"]["price"]
    assert booked(raw).subtotal is None


def test_a_price_that_does_not_divide_keeps_six_digits() -> None:
    raw = an_order()
    raw["orderItems"][0]["quantityOrdered"] = 3
    del raw["orderItems"][0]["product"]["price"]
    assert booked(raw).lines[0].unit_price == Decimal("6.666667")


# --- What a platform may send one day ---


def test_missing_money_stays_unknown() -> None:
    order = booked(an_order(proceeds={}, orderItems=[{"orderItemId": "1", "quantityOrdered": 1}]))
    assert (order.total, order.subtotal, order.currency) == (None, None, "USD")
    assert order.lines[0].unit_price is None
    assert order.warnings == ("sku_missing",)


def test_new_fields_change_nothing() -> None:
    raw = an_order(quantumState={"spin": [1, 2]})
    raw["orderItems"][0]["newThing"] = {"deep": [{"er": None}]}
    assert booked(raw) == booked(an_order())


def test_empty_texts_and_nulls_are_unknown() -> None:
    order = booked(
        an_order(
            recipient={"deliveryAddress": {"city": "", "stateOrRegion": None, "countryCode": "USA"}},
            buyer={"buyerEmail": ""},
            associatedOrders=None,
            packages=None,
        )
    )
    assert (order.ship_city, order.ship_region, order.ship_country, order.customer) == (None, None, None, None)


def test_one_alias_is_one_customer_whatever_its_case() -> None:
    keys = {
        booked(an_order(buyer={"buyerEmail": alias})).customer.key  # type: ignore[union-attr]
        for alias in ("A1b2@marketplace.amazon.com", "a1B2@Marketplace.amazon.com ")
    }
    assert len(keys) == 1


def test_orders_of_another_shop_that_amazon_only_sends_are_marked() -> None:
    assert booked(
        an_order(salesChannel={"channelName": "NON_AMAZON", "marketplaceId": "ATVPDKIKX0DER"})
    ).is_sold_elsewhere
    assert not booked(an_order()).is_sold_elsewhere


@pytest.mark.parametrize("created", ["1994-12-31T23:59:59Z", "2026-07-09T00:00:00Z"])
def test_an_odd_date_is_booked_and_said(created: str) -> None:
    assert booked(an_order(createdTime=created)).warnings == ("odd_date",)


def test_a_negative_price_and_another_currency_are_said() -> None:
    raw = an_order()
    raw["orderItems"][0]["product"]["price"]["unitPrice"] = usd("-1.00")
    assert "negative_price" in booked(raw).warnings
    raw["orderItems"][0]["product"]["price"]["unitPrice"] = {"amount": "9.00", "currencyCode": "CAD"}
    order = booked(raw)
    assert "other_currency" in order.warnings
    assert order.lines[0].unit_price == Decimal("10.00")  # from the line's own amount


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"orderId": " "}, "no_external_id"),
        ({"createdTime": None}, "no_date"),
        ({"createdTime": "yesterday"}, "bad_date"),
        ({"proceeds": {"grandTotal": usd("12,50")}}, "bad_amount"),
        ({"proceeds": {"grandTotal": usd("NaN")}}, "bad_amount"),
        ({"proceeds": {"grandTotal": usd("1e99")}}, "bad_amount"),
        ({"proceeds": {"grandTotal": usd("1_000")}}, "bad_amount"),
        ({"proceeds": {"grandTotal": {"amount": "1.00", "currencyCode": "DOLLAR"}}}, "bad_currency"),
        ({"proceeds": {"grandTotal": "12.00"}}, "bad_amount"),
        ({"proceeds": [1]}, "malformed_payload"),
        ({"orderItems": {"orderItemId": "1"}}, "malformed_payload"),
        ({"orderItems": [{"orderItemId": "1", "quantityOrdered": -1}]}, "bad_quantity"),
        ({"orderItems": [{"orderItemId": "1", "quantityOrdered": "1.5"}]}, "bad_quantity"),
        ({"orderItems": [{"orderItemId": "1", "quantityOrdered": True}]}, "bad_quantity"),
        ({"orderItems": [{"orderItemId": "1"}]}, "bad_quantity"),
        ({"orderItems": [{"quantityOrdered": 1}]}, "no_external_id"),
        ({"proceeds": {}, "orderItems": [], "salesChannel": {"marketplaceId": "A-NEW-ONE"}}, "bad_currency"),
    ],
)
def test_only_what_cannot_be_booked_is_refused(changes: dict[str, Any], code: str) -> None:
    flaw = refused(an_order(**changes))
    assert flaw.code == code
    assert flaw.reason
