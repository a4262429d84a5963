"""What the official payloads do not show: odd, missing, new and broken values have a defined meaning."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.channels.shopify.payloads import SHOP, bag, line, order
from tradewind.channels.contract import Mapped, Rejected, Resource
from tradewind.channels.shopify.mapping import map_payload
from tradewind.channels.unified import Fulfillment, UnifiedFee, UnifiedOrder, UnifiedProduct, UnifiedStock
from tradewind.commerce.fees.model import FeeKind, FeeStatus
from tradewind.commerce.orders.states import OrderStatus

TODAY = "2026-03-05T00:00:00Z"
DELIVERED = {"status": "SUCCESS", "deliveredAt": TODAY}
UNDER_WAY = {"status": "SUCCESS", "deliveredAt": None}
FAILED = {"status": "FAILURE", "deliveredAt": None}


def mapped(raw: dict[str, Any], resource: Resource = Resource.ORDERS) -> Mapped:
    return map_payload(resource, raw, SHOP)


def told(**changes: Any) -> UnifiedOrder:
    record = mapped(order(**changes)).records[0]
    assert isinstance(record, UnifiedOrder)
    return record


@pytest.mark.parametrize(
    ("changes", "status", "fulfillment"),
    [
        ({"cancelledAt": TODAY, "displayFinancialStatus": "PAID"}, "cancelled", "unfulfilled"),
        ({"cancelledAt": TODAY, "displayFulfillmentStatus": "RESTOCKED"}, "cancelled", "none"),
        ({"displayFinancialStatus": "REFUNDED", "displayFulfillmentStatus": "FULFILLED"}, "refunded", "fulfilled"),
        ({"displayFinancialStatus": "PENDING", "displayFulfillmentStatus": "FULFILLED"}, "pending", "fulfilled"),
        ({"displayFinancialStatus": "EXPIRED"}, "pending", "unfulfilled"),
        ({"displayFinancialStatus": None}, "pending", "unfulfilled"),
        ({"displayFulfillmentStatus": "FULFILLED", "fulfillments": [DELIVERED]}, "delivered", "fulfilled"),
        ({"displayFulfillmentStatus": "FULFILLED", "fulfillments": [DELIVERED, FAILED]}, "delivered", "fulfilled"),
        ({"displayFulfillmentStatus": "FULFILLED", "fulfillments": [DELIVERED, UNDER_WAY]}, "shipped", "fulfilled"),
        ({"displayFulfillmentStatus": "FULFILLED", "fulfillments": []}, "shipped", "fulfilled"),
        ({"displayFulfillmentStatus": "FULFILLED"}, "shipped", "fulfilled"),
        ({"displayFulfillmentStatus": "PARTIALLY_FULFILLED"}, "processing", "partial"),
        ({"displayFulfillmentStatus": "IN_PROGRESS"}, "processing", "unfulfilled"),
        ({"displayFulfillmentStatus": "PENDING_FULFILLMENT"}, "processing", "unfulfilled"),
        ({"displayFulfillmentStatus": "ON_HOLD"}, "processing", "unfulfilled"),
        ({"displayFulfillmentStatus": "SCHEDULED"}, "processing", "unfulfilled"),
        ({"displayFulfillmentStatus": "OPEN"}, "processing", "unfulfilled"),
        ({"displayFulfillmentStatus": "REQUEST_DECLINED"}, "confirmed", "unfulfilled"),
        ({"displayFinancialStatus": "AUTHORIZED"}, "confirmed", "unfulfilled"),
        ({"displayFinancialStatus": "PARTIALLY_PAID"}, "confirmed", "unfulfilled"),
        ({"displayFinancialStatus": "VOIDED"}, "confirmed", "unfulfilled"),
        ({}, "confirmed", "unfulfilled"),
    ],
)
def test_statuses_follow_the_first_row_that_fits(changes: dict[str, Any], status: str, fulfillment: str) -> None:
    record = told(**changes)
    assert (record.status, record.fulfillment_status) == (OrderStatus(status), Fulfillment(fulfillment))
    assert record.warnings == ()


@pytest.mark.parametrize("key", ["displayFinancialStatus", "displayFulfillmentStatus"])
def test_an_unknown_status_is_confirmed_with_its_word_and_a_warning(key: str) -> None:
    record = told(**{key: "TELEPORTED"})
    assert record.status is OrderStatus.CONFIRMED
    assert "TELEPORTED" in (record.raw_status or "")
    assert record.warnings == ("unknown_status",)


def test_new_fields_change_nothing() -> None:
    assert told(quantumState={"a": [1]}, lineItems={"nodes": [line(hologram=True)]}) == told()


@pytest.mark.parametrize(
    "key", ["totalShippingPriceSet", "totalDiscountsSet", "totalTaxSet", "totalPriceSet", "totalRefundedSet"]
)
def test_missing_money_is_unknown_and_never_nothing(key: str) -> None:
    record = told(**{key: None})
    found = {
        "totalShippingPriceSet": record.shipping,
        "totalDiscountsSet": record.discount,
        "totalTaxSet": record.tax,
        "totalPriceSet": record.total,
        "totalRefundedSet": record.refunded,
    }
    assert found.pop(key) is None
    assert None not in found.values()


def test_a_line_without_price_has_no_total_and_the_order_no_subtotal() -> None:
    bare = line(2, originalUnitPriceSet=None, taxLines=None, discountAllocations=None)
    record = told(lineItems={"nodes": [line(), bare]})
    assert (record.lines[1].unit_price, record.lines[1].total, record.lines[1].tax, record.lines[1].discount) == (
        None, None, None, None,
    )  # fmt: skip
    assert record.subtotal is None
    assert record.lines[0].total == Decimal("22.00")


def test_taxes_that_are_in_the_prices_are_not_added_again() -> None:
    record = told(taxesIncluded=True, totalPriceSet=bag("25.00"))
    assert record.prices_include_tax
    assert record.warnings == ()
    assert record.lines[0].total == Decimal("20.00")
    assert told(taxesIncluded=True).warnings == ("totals_mismatch",)


def test_components_that_do_not_add_up_are_warned_of_and_kept() -> None:
    record = told(totalPriceSet=bag("27.03"))
    assert record.warnings == ("totals_mismatch",)
    assert (record.subtotal, record.total) == (Decimal("20.00"), Decimal("27.03"))
    assert told(totalPriceSet=bag("27.02")).warnings == ()


def test_what_fits_no_column_stands_by_itself() -> None:
    extras = {
        "totalTipReceivedSet": bag("1.50"),
        "originalTotalDutiesSet": bag("3.00"),
        "originalTotalAdditionalFeesSet": bag("0.50"),
    }
    record = told(**extras, totalPriceSet=bag("32.00"))
    assert (record.other, record.warnings) == (Decimal("5.00"), ())
    inside = told(**extras, dutiesIncluded=True, totalPriceSet=bag("29.00"))
    assert (inside.other, inside.warnings) == (Decimal("2.00"), ())
    assert told().other is None


def test_rounded_cash_is_other_only_where_the_total_says_so() -> None:
    rounding = {"totalCashRoundingAdjustment": {"paymentSet": bag("-0.03")}}
    told_in_total = told(**rounding, totalPriceSet=bag("26.97"))
    assert (told_in_total.other, told_in_total.warnings) == (Decimal("-0.03"), ())
    beside = told(**rounding)
    assert (beside.other, beside.warnings) == (None, ())


def test_another_currency_inside_is_warned_of_and_left_out() -> None:
    record = told(lineItems={"nodes": [line(taxLines=[{"priceSet": bag("2.00", "GBP")}])]})
    assert record.warnings == ("currency_mismatch",)
    assert record.lines[0].tax == 0


def test_odd_values_are_stored_with_a_warning() -> None:
    gift = line(sku="", originalUnitPriceSet=bag("-1.00"), isGiftCard=True)
    record = told(lineItems={"nodes": [gift]}, processedAt="1994-12-31T00:00:00Z")
    assert record.lines[0].is_gift_card
    assert record.lines[0].sku is None
    assert set(record.warnings) == {"missing_sku", "negative_price", "date_too_early", "totals_mismatch"}
    assert told(processedAt="2026-03-09T00:00:00Z").warnings == ("date_in_future",)


def test_imported_orders_keep_their_own_day() -> None:
    assert told(processedAt="2024-01-01T00:00:00+01:00").placed_at.isoformat() == "2023-12-31T23:00:00+00:00"
    assert told(processedAt=None).placed_at.isoformat() == "2026-03-01T10:00:00+00:00"


def test_a_guest_with_an_address_is_known_by_it() -> None:
    customer = told(email="Jane@Example.com", customer=None).customer
    assert customer is not None
    assert customer.key == "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": None, "legacyResourceId": None}, "no_external_id"),
        ({"processedAt": "yesterday", "createdAt": None}, "no_order_date"),
        ({"totalPriceSet": bag("12,50")}, "bad_money"),
        ({"totalPriceSet": bag("NaN")}, "bad_money"),
        ({"totalPriceSet": bag(True)}, "bad_money"),
        ({"totalPriceSet": "27.00"}, "bad_shape"),
        ({"lineItems": {"nodes": [line(quantity=-1)]}}, "bad_quantity"),
        ({"lineItems": {"nodes": [line(quantity="2")]}}, "bad_quantity"),
        ({"lineItems": {"nodes": [line(quantity=Decimal("1.5"))]}}, "bad_quantity"),
        ({"lineItems": {"nodes": [line(quantity=None)]}}, "bad_quantity"),
        ({"lineItems": {"nodes": [line(id=None)]}}, "no_external_id"),
        ({"lineItems": {"nodes": ["Mug"]}}, "bad_shape"),
        ({"lineItems": 7}, "bad_shape"),
        ({"shippingAddress": "Main Street"}, "bad_shape"),
        ({"currencyCode": "usd"}, "bad_currency"),
        ({"currencyCode": None}, "bad_currency"),
    ],
)
def test_what_cannot_be_booked_goes_to_quarantine_with_its_reason(changes: dict[str, Any], code: str) -> None:
    result = mapped(order(**changes))
    assert result.records == ()
    assert [rejected.code for rejected in result.rejected] == [code]
    assert result.raw == order(**changes)


def test_the_reason_in_quarantine_repeats_no_datum() -> None:
    rejected = mapped(order(shippingAddress="Main Street 1", totalPriceSet=bag("secret"))).rejected[0]
    assert "Main" not in rejected.reason
    assert "secret" not in rejected.reason


def refund(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Refund/{number}",
        "createdAt": TODAY,
        "totalRefundedSet": bag("11.00"),
        "refundLineItems": {
            "nodes": [
                {
                    "quantity": 1,
                    "restockType": "RETURN",
                    "subtotalSet": bag("10.00"),
                    "totalTaxSet": bag("1.00"),
                    "lineItem": {"id": "gid://shopify/LineItem/1"},
                }
            ]
        },
    } | changes


def test_refunds_with_money_alone_units_alone_and_shipping() -> None:
    goodwill = refund(1, refundLineItems={"nodes": []}, totalRefundedSet=bag("3.00"))
    units = refund(2, totalRefundedSet=bag("0.00"))
    nothing = refund(3, refundLineItems={"nodes": []}, totalRefundedSet=bag("0.00"))
    shipping = {"nodes": [{"subtotalAmountSet": bag("5.00"), "taxAmountSet": bag("0.50")}]}
    with_shipping = refund(4, refundShippingLines=shipping, totalRefundedSet=bag("16.50"))
    found = told(refunds=[goodwill, units, nothing, with_shipping]).refunds
    assert [(one.external_id, str(one.amount), len(one.lines), one.tax, one.shipping) for one in found] == [
        ("1", "3.00", 0, None, None),
        ("2", "0.00", 1, Decimal("1.00"), None),
        ("4", "16.50", 1, Decimal("1.50"), Decimal("5.00")),
    ]


def test_refunded_prices_are_told_without_their_tax() -> None:
    record = told(taxesIncluded=True, totalPriceSet=bag("25.00"), refunds=[refund(1)])
    assert record.refunds[0].lines[0].amount == Decimal("9.00")


def test_one_bad_refund_does_not_hide_its_order() -> None:
    result = mapped(order(refunds=[refund(1, createdAt=None), refund(2, totalRefundedSet=None), refund(3)]))
    record = result.records[0]
    assert isinstance(record, UnifiedOrder)
    assert [one.external_id for one in record.refunds] == ["3"]
    assert result.rejected == (
        Rejected("1", "no_refund_date", "The refund has no date that can be read."),
        Rejected("2", "bad_money", "The refund does not say how much money went back."),
    )


def test_units_are_shipped_cancelled_or_refunded_once() -> None:
    lines = [
        line(1, quantity=5, currentQuantity=3, unfulfilledQuantity=1),  # 1 refunded, 1 taken off, 1 waits
        line(2, quantity=2, currentQuantity=0, unfulfilledQuantity=0),  # taken off whole
    ]
    found = told(lineItems={"nodes": lines}, refunds=[refund(1)]).lines
    assert [(one.quantity_shipped, one.quantity_cancelled) for one in found] == [(3, 1), (0, 2)]


def payment(**changes: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/OrderTransaction/5",
        "kind": "SALE",
        "status": "SUCCESS",
        "processedAt": TODAY,
        "fees": [{"id": "gid://shopify/TransactionFee/9", "type": "processing_fee", "amount": _cash("0.88")}],
    } | changes


def _cash(amount: Any, currency: str = "USD") -> dict[str, Any]:
    return {"amount": amount, "currencyCode": currency}


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, True),
        ({"kind": "CAPTURE"}, True),
        ({"kind": "AUTHORIZATION"}, False),
        ({"kind": "REFUND"}, False),
        ({"status": "FAILURE"}, False),
        ({"status": "PENDING"}, False),
        ({"test": True}, False),
        ({"fees": []}, False),
    ],
)
def test_only_payments_that_succeeded_cost(changes: dict[str, Any], is_told: bool) -> None:
    fees = mapped(order(transactions=[payment(**changes)])).records[1:]
    assert [fee.external_id for fee in fees if isinstance(fee, UnifiedFee)] == ["5:9"] * is_told


def test_an_unknown_kind_of_payment_is_warned_of() -> None:
    assert told(transactions=[payment(kind="BARTER")]).warnings == ("unknown_transaction",)


def movement(**changes: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/ShopifyPaymentsBalanceTransaction/31",
        "type": "REFUND",
        "test": False,
        "transactionDate": TODAY,
        "amount": _cash("-20.00"),
        "fee": _cash("-0.30"),
        "net": _cash("-19.70"),
        "associatedOrder": {"id": "gid://shopify/Order/77"},
        "associatedPayout": {"id": "gid://shopify/ShopifyPaymentsPayout/1", "status": "PAID"},
    } | changes


@pytest.mark.parametrize(
    ("changes", "kind", "amount", "status"),
    [
        ({}, FeeKind.REFUND_REVERSAL, "-0.30", FeeStatus.SETTLED),
        ({"type": "DISPUTE_WITHDRAWAL", "fee": _cash("15.00")}, FeeKind.PAYMENT_PROCESSING, "15.00", FeeStatus.SETTLED),
        ({"type": "SHIPPING_LABEL", "net": _cash("-4.20")}, FeeKind.SHIPPING_LABEL, "4.20", FeeStatus.SETTLED),
        ({"type": "MYSTERY", "fee": _cash("1.00")}, FeeKind.OTHER, "1.00", FeeStatus.SETTLED),
        ({"associatedPayout": {"status": "SCHEDULED"}}, FeeKind.REFUND_REVERSAL, "-0.30", FeeStatus.DEFERRED),
    ],
)
def test_movements_of_the_balance_become_costs(
    changes: dict[str, Any], kind: FeeKind, amount: str, status: FeeStatus
) -> None:
    (fee,) = mapped(movement(**changes), Resource.FEES).records
    assert isinstance(fee, UnifiedFee)
    assert (fee.kind, str(fee.amount), fee.status) == (kind, amount, status)
    assert (fee.external_id, fee.order_external_id, fee.raw_kind) == ("31", "77", changes.get("type", "REFUND"))


@pytest.mark.parametrize("changes", [{"type": "CHARGE"}, {"test": True}, {"fee": _cash("0.00")}])
def test_movements_without_a_cost_of_their_own_bring_none(changes: dict[str, Any]) -> None:
    result = mapped(movement(**changes), Resource.FEES)
    assert (result.records, result.rejected) == ((), ())


def test_things_without_a_sku_or_a_count_bring_no_record() -> None:
    variant = {"id": "gid://shopify/ProductVariant/1", "sku": None, "price": "1.00"}
    untracked = {"id": "gid://shopify/InventoryItem/1", "sku": "A", "tracked": False}
    assert mapped(variant, Resource.PRODUCTS).records == ()
    assert mapped(untracked, Resource.INVENTORY).records == ()


def test_a_variants_price_is_in_the_shops_currency() -> None:
    variant = {
        "id": "gid://shopify/ProductVariant/1",
        "sku": "MUG",
        "price": "12.90",
        "compareAtPrice": "15.00",
        "product": {"status": "ARCHIVED", "title": "Mug", "productType": ""},
        "shop": {"currencyCode": "CHF"},
    }
    (product,) = mapped(variant, Resource.PRODUCTS).records
    assert product == UnifiedProduct(
        "gid://shopify/ProductVariant/1",
        "MUG",
        "Mug",
        status="archived",
        price=Decimal("12.90"),
        compare_at_price=Decimal("15.00"),
        currency="CHF",
    )


def test_stock_below_nothing_and_unsellable_units_are_told() -> None:
    level = {
        "updatedAt": TODAY,
        "location": {"id": "gid://shopify/Location/4"},
        "quantities": [
            {"name": "available", "quantity": -2},
            {"name": "damaged", "quantity": 1},
            {"name": "quality_control", "quantity": 3},
        ],
    }
    item = {"id": "gid://shopify/InventoryItem/1", "sku": "MUG", "inventoryLevels": {"nodes": [level]}}
    (stock,) = mapped(item, Resource.INVENTORY).records
    assert isinstance(stock, UnifiedStock)
    assert (stock.available, stock.unsellable, stock.reserved, stock.on_hand) == (-2, 4, None, None)
