"""What the samples do not show: states in every mixture, values that are odd, broken or new."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.walmart.payloads import an_order, charge, line
from tradewind.channels.contract import Mapped, Resource
from tradewind.channels.unified import Fulfillment, UnifiedFee, UnifiedOrder, UnifiedRefund, UnifiedStock
from tradewind.channels.walmart.mapping import map_raw
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.orders.states import OrderStatus

C, P, S, D, X, R = (
    OrderStatus.CONFIRMED,
    OrderStatus.PROCESSING,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
    OrderStatus.CANCELLED,
    OrderStatus.REFUNDED,
)
NONE, UNSENT, PART, FULL = Fulfillment.NONE, Fulfillment.UNFULFILLED, Fulfillment.PARTIAL, Fulfillment.FULFILLED


def mapped_order(raw: Any) -> UnifiedOrder:
    mapped = map_raw(Resource.ORDERS, raw)
    assert not mapped.rejected, mapped.rejected
    (order,) = mapped.records
    assert isinstance(order, UnifiedOrder)
    return order


def rejection(mapped: Mapped) -> str:
    assert mapped.records == ()
    (rejected,) = mapped.rejected
    assert rejected.reason
    return rejected.code


@pytest.mark.parametrize(
    ("statuses", "status", "sent"),
    [
        ({"Created": 4}, C, UNSENT),
        ({"Acknowledged": 4}, P, UNSENT),
        ({"Created": 1, "Acknowledged": 3}, C, UNSENT),
        ({"Shipped": 1, "Acknowledged": 3}, P, PART),
        ({"Shipped": 4}, S, FULL),
        ({"Shipped": 2, "Delivered": 2}, S, FULL),
        ({"Delivered": 4}, D, FULL),
        ({"Delivered": 1, "Created": 3}, P, PART),
        ({"Cancelled": 4}, X, NONE),
        ({"Cancelled": 1, "Delivered": 3}, D, FULL),
        ({"Cancelled": 1, "Acknowledged": 3}, P, UNSENT),
        ({"Cancelled": 2, "Shipped": 1, "Acknowledged": 1}, P, PART),
    ],
)
def test_the_state_comes_from_the_units_of_all_lines(
    statuses: dict[str, int], status: OrderStatus, sent: Fulfillment
) -> None:
    order = mapped_order(an_order(line("1", "4", **statuses)))
    assert (order.status, order.fulfillment_status) == (status, sent)
    assert order.payment_status == "paid"
    assert order.warnings == ()


def test_lines_in_different_states_are_counted_together() -> None:
    order = mapped_order(an_order(line("1", "1", Shipped=1), line("2", "1", Cancelled=1)))
    assert (order.status, order.fulfillment_status) == (S, FULL)


def test_a_refund_of_all_that_was_not_cancelled_is_a_whole_one() -> None:
    given = {"refundCharges": {"refundCharge": [{"charge": charge(Decimal("-10.00"), tax=Decimal("-0.80"))}]}}
    half = line("1", "2", Shipped=1, Cancelled=1)
    assert mapped_order(an_order({**half, "refund": given})).status is R
    whole = line("1", "2", Shipped=2)
    order = mapped_order(an_order({**whole, "refund": given}))
    assert (order.status, order.refunded, order.net_total) == (S, Decimal("10.80"), Decimal("10.80"))
    assert [one.quantity for one in order.refunds[0].lines] == [1]


def test_a_second_refund_leaves_the_first_as_it_was() -> None:
    charges = [{"refundReason": "A", "charge": charge(Decimal("-3.00"))}]
    first = mapped_order(an_order({**line(Shipped=2), "refund": {"refundCharges": {"refundCharge": charges}}}))
    charges = [*charges, {"refundReason": "B", "charge": charge(Decimal("-3.00"))}]
    second = mapped_order(an_order({**line(Shipped=2), "refund": {"refundCharges": {"refundCharge": charges}}}))
    assert second.refunds[0] == first.refunds[0]
    assert second.refunded == Decimal("6.00")
    assert len({one.external_id for one in second.refunds}) == 2


def test_an_unknown_state_is_kept_as_text_with_a_warning() -> None:
    order = mapped_order(an_order(line("1", "2", Teleported=2)))
    assert (order.status, order.raw_status) == (C, "Teleported 2")
    assert order.warnings == ("unknown_status",)


def test_an_unknown_charge_is_kept_apart_with_a_warning() -> None:
    order = mapped_order(an_order(line("1", "1", charge(10), charge(3, "DRONE", "Flight"), Created=1)))
    assert (order.subtotal, order.other, order.total) == (Decimal(10), Decimal(3), Decimal(13))
    assert "unknown_charge" in order.warnings


def test_fees_are_neither_price_nor_shipping() -> None:
    order = mapped_order(an_order(line("1", "1", charge(10), charge(1, "FEE", "Recycling"), Created=1)))
    assert (order.subtotal, order.other, order.total) == (Decimal(10), Decimal(1), Decimal(11))
    assert order.warnings == ()


def test_an_amount_that_is_missing_is_not_zero() -> None:
    order = mapped_order(an_order(line("1", "1", charge(None), Created=1), line("2", "1", charge(5), Created=1)))
    assert order.lines[0].unit_price is None
    assert (order.subtotal, order.total, order.net_total) == (None, None, None)
    assert "money_missing" in order.warnings


def test_no_units_have_no_unit_price() -> None:
    order = mapped_order(an_order(line("1", "0", charge(0), Created=0)))
    assert order.lines[0].unit_price is None
    assert order.total == 0


def test_a_price_that_does_not_divide_is_cut_at_the_sixth_digit() -> None:
    order = mapped_order(an_order(line("1", "3", charge(Decimal("10.00")), Created=3)))
    assert order.lines[0].unit_price == Decimal("3.333333")
    assert order.subtotal == Decimal("10.00")


def test_another_currency_is_not_added_up() -> None:
    foreign = charge(5, "SHIPPING", "Shipping")
    foreign["chargeAmount"]["currency"] = "CAD"
    order = mapped_order(an_order(line("1", "1", charge(10), foreign, Created=1)))
    assert (order.currency, order.total, order.shipping) == ("USD", Decimal(10), None)
    assert "currency_differs" in order.warnings


def test_single_objects_stand_for_lists_of_one() -> None:
    plain = line("1", "2")
    told = {
        **plain,
        "charges": {"charge": plain["charges"]["charge"][0]},
        "orderLineStatuses": {"orderLineStatus": plain["orderLineStatuses"]["orderLineStatus"][0]},
    }
    single = mapped_order(an_order() | {"orderLines": {"orderLine": told}})
    assert single == mapped_order(an_order(plain))


def test_new_fields_change_nothing() -> None:
    extended = an_order(line() | {"mood": {"of": ["the", "day"]}}, orderSummary={"total": 1}, isDrone=True)
    assert mapped_order(extended) == mapped_order(an_order())


def test_the_ship_node_type_names_the_stream_and_who_sends() -> None:
    kinds = {
        kind: mapped_order(an_order(shipNode={"type": kind})).fulfillment_channel
        for kind in ("SellerFulfilled", "WFSFulfilled", "3PLFulfilled", "MoonFulfilled")
    }
    assert kinds == {"SellerFulfilled": "seller", "WFSFulfilled": "wfs", "3PLFulfilled": "3pl", "MoonFulfilled": None}
    bare = an_order()
    del bare["shipNode"]
    assert mapped_order(bare).marketplace == "SellerFulfilled"


def test_a_date_before_there_were_marketplaces_is_told() -> None:
    assert mapped_order(an_order(orderDate=0)).warnings == ("odd_date",)


def test_an_order_without_an_address_has_none() -> None:
    order = mapped_order(an_order(shippingInfo=None))
    assert (order.ship_country, order.ship_region, order.ship_city, order.ship_postal) == (None,) * 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purchaseOrderId": None}, "no_id"),
        ({"purchaseOrderId": " "}, "no_id"),
        ({"orderDate": None}, "no_date"),
        ({"orderDate": "yesterday"}, "bad_time"),
        ({"orderLines": {"orderLine": [line("1", "two")]}}, "bad_quantity"),
        ({"orderLines": {"orderLine": [line("1", "-1")]}}, "bad_quantity"),
        ({"orderLines": {"orderLine": [line("1", "1.5")]}}, "bad_quantity"),
        ({"orderLines": {"orderLine": [line("1", "1", charge("ten"))]}}, "bad_money"),
        ({"orderLines": {"orderLine": [line("1", "1", charge("NaN"))]}}, "bad_money"),
        ({"orderLines": {"orderLine": [line("1", "1", charge(True))]}}, "bad_money"),
        ({"orderLines": {"orderLine": ["a line"]}}, "malformed"),
        ({"orderLines": "none"}, "malformed"),
    ],
)
def test_what_cannot_be_booked_is_rejected_with_its_reason(change: dict[str, Any], code: str) -> None:
    assert rejection(map_raw(Resource.ORDERS, an_order() | change)) == code


def test_a_currency_of_other_than_three_letters_is_rejected() -> None:
    bad = charge(1)
    bad["chargeAmount"]["currency"] = "DOLLAR"
    assert rejection(map_raw(Resource.ORDERS, an_order(line("1", "1", bad)))) == "bad_currency"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.decimals(allow_nan=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    resource=st.sampled_from([Resource.ORDERS, Resource.RETURNS, Resource.INVENTORY, Resource.PRODUCTS, Resource.FEES]),
    raw=JUNK,
    key=st.sampled_from(["orderLines", "orderDate", "rows", "nodes", "price", "returnOrderLines", "customerEmailId"]),
)
def test_no_payload_whatever_breaks_the_mapping(resource: Resource, raw: Any, key: str) -> None:
    base = an_order() | {"sku": "A", "returnOrderId": "1", "asOf": "2026-01-01T00:00:00Z", "reportDate": "01012026"}
    for payload in (raw, base | {key: raw}):
        mapped = map_raw(resource, payload)
        assert mapped.records or mapped.rejected or resource in (Resource.FEES, Resource.RETURNS, Resource.INVENTORY)


def test_a_return_whose_order_tells_of_the_refund_gives_none_of_its_own() -> None:
    returned = {
        "returnOrderId": "R1",
        "returnOrderDate": "2026-07-01T00:00:00Z",
        "returnOrderLines": [
            {
                "purchaseOrderId": "108900000000009",
                "purchaseOrderLineNumber": 1,
                "item": {"sku": "SKU-1"},
                "charges": [{"chargePerUnit": {"currencyAmount": 10, "currencyUnit": "USD"}}],
                "currentRefundStatus": "REFUND_COMPLETED",
                "refundedQty": 1,
            }
        ],
    }
    given = {"refundCharges": {"refundCharge": [{"charge": charge(-10)}]}}
    with_refund = an_order({**line(Shipped=2), "refund": given})
    told = map_raw(Resource.RETURNS, {"return": returned, "orders": [{"order": with_refund}]})
    (order,) = told.records
    assert isinstance(order, UnifiedOrder)
    alone = map_raw(Resource.RETURNS, {"return": returned, "orders": [an_order(line(Shipped=2))]})
    kinds = {type(record): record for record in alone.records}
    refund = kinds[UnifiedRefund]
    assert isinstance(refund, UnifiedRefund)
    assert (refund.external_id, refund.amount) == (order.refunds[0].external_id, order.refunds[0].amount)


def test_a_return_that_has_only_begun_gives_nothing_back() -> None:
    returned = {
        "returnOrderId": "R1",
        "returnOrderLines": [
            {
                "purchaseOrderId": "1",
                "purchaseOrderLineNumber": 1,
                "currentRefundStatus": "REFUND_INITIATED",
                "quantity": {"measurementValue": 1},
            }
        ],
    }
    assert map_raw(Resource.RETURNS, returned).records == ()


def test_stock_without_a_reserved_figure() -> None:
    node = {"shipNode": "7", "availToSellQty": {"amount": 4}}
    raw = {"sku": "A", "asOf": "2026-07-02T10:00:00Z", "nodes": [node]}
    (count,) = map_raw(Resource.INVENTORY, raw).records
    assert isinstance(count, UnifiedStock)
    assert (count.available, count.reserved, count.on_hand) == (4, None, 4)


def a_row(**more: str) -> dict[str, str]:
    row = {"Transaction Type": "Sale", "Amount": "-1.00", "Amount Type": "Commission on Product"}
    row |= {"Transaction Key": "K1", "Purchase Order #": "1", "Partner Item Id": "A"}
    return (
        row
        | {"Transaction Posted Timestamp": "7/3/2026"}
        | {name.replace("_", " "): text for name, text in more.items()}
    )


def test_equal_rows_of_a_settlement_are_told_apart_by_their_place() -> None:
    mapped = map_raw(Resource.FEES, {"reportDate": "07072026", "rows": [a_row(), a_row()]})
    assert len({one.external_id for one in mapped.records if isinstance(one, UnifiedFee)}) == 2


def test_an_unknown_kind_of_fee_is_other_and_keeps_its_words() -> None:
    row = a_row(Transaction_Type="Adjustment", Amount_Type="Fee/Reimbursement", Transaction_Description="Moon tax")
    (fee,) = map_raw(Resource.FEES, {"reportDate": "07072026", "rows": [row]}).records
    assert isinstance(fee, UnifiedFee)
    assert (fee.kind, fee.raw_kind) == (FeeKind.OTHER, "Adjustment / Fee/Reimbursement / Moon tax")


def test_a_broken_row_of_a_settlement_is_rejected_and_the_others_stand() -> None:
    rows = [a_row(Amount="much"), a_row(Amount=""), a_row(Transaction_Posted_Timestamp="soon"), a_row()]
    mapped = map_raw(Resource.FEES, {"reportDate": "07072026", "rows": rows})
    assert [one.code for one in mapped.rejected] == ["bad_money", "bad_money", "bad_time"]
    assert len(mapped.records) == 1


def test_a_settlement_that_does_not_add_up_is_told() -> None:
    summary = {"Transaction Type": "PaymentSummary", "Total Payable": "-2.00", "Currency": "USD"}
    mapped = map_raw(Resource.FEES, {"reportDate": "07072026", "rows": [summary, a_row()]})
    assert [one.code for one in mapped.rejected] == ["settlement_differs"]
    assert len(mapped.records) == 1
