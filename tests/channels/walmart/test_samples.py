"""Each sample of Walmart's payloads becomes what the reference says, to the cent (edge cases 18 to 22)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from tests.channels.walmart.samples import FOLDER, orders_of, sample
from tradewind.channels.contract import Resource, Verdict
from tradewind.channels.unified import (
    Fulfillment,
    UnifiedFee,
    UnifiedOrder,
    UnifiedProduct,
    UnifiedRefund,
    UnifiedStock,
)
from tradewind.channels.walmart.judge import judge_list, judge_one, judge_token
from tradewind.channels.walmart.mapping import map_raw
from tradewind.channels.walmart.returns import orders_of as orders_of_return
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.orders.states import OrderStatus

NOW = datetime(2026, 7, 8, 12, tzinfo=UTC)


def order_of(raw: object) -> UnifiedOrder:
    mapped = map_raw(Resource.ORDERS, raw)
    assert not mapped.rejected, mapped.rejected
    (order,) = mapped.records
    assert isinstance(order, UnifiedOrder)
    return order


def money(order: UnifiedOrder) -> tuple[str | None, ...]:
    parts = (order.subtotal, order.shipping, order.discount, order.tax, order.total)
    return tuple(None if one is None else str(one) for one in parts)


def adds_up(order: UnifiedOrder) -> bool:
    parts = [one or Decimal(0) for one in (order.subtotal, order.shipping, order.tax, order.other)]
    return sum(parts) - (order.discount or 0) == order.total


def test_the_first_page_of_the_official_example() -> None:
    orders = [order_of(raw) for raw in orders_of("orders/getAllOrders.page1.json")]
    assert len(orders) == 10
    assert all(adds_up(order) for order in orders)
    cancelled = [order for order in orders if order.status is OrderStatus.CANCELLED]
    assert len(cancelled) == 6
    assert all(order.total == 0 and order.fulfillment_status is Fulfillment.NONE for order in cancelled)
    first = orders[0]
    assert (first.status, first.fulfillment_status) == (OrderStatus.CONFIRMED, Fulfillment.UNFULFILLED)
    assert money(first) == ("10", None, None, "0.8", "10.8")
    assert (first.currency, first.ship_country, first.ship_region, first.ship_city) == ("USD", "US", "NY", "Warners")
    assert first.placed_at == datetime(2019, 9, 14, 13, 9, 31, tzinfo=UTC)
    assert first.channel_updated_at == datetime(2019, 9, 14, 13, 10, 47, tzinfo=UTC)
    assert first.is_replacement
    assert not orders[1].is_replacement


def test_a_tax_that_is_missing_is_not_zero() -> None:
    by_id = {order.external_id: order for order in map(order_of, orders_of("orders/getAllOrders.page1.json"))}
    assert by_id["2792525175246"].tax is None
    assert by_id["2792525175246"].lines[0].tax is None
    assert by_id["3796235970012"].tax == 0


def test_two_orders_of_one_relay_address_are_one_customer() -> None:
    orders = [order_of(raw) for raw in orders_of("orders/getAllOrders.page1.json")]
    keys = [order.customer.key for order in orders if order.customer]
    assert len(keys) == 10
    assert len(set(keys)) == 7
    assert all(order.customer.is_relay for order in orders if order.customer)


def test_a_line_with_three_states_at_once() -> None:
    first, _, _ = map(order_of, orders_of("derived/getAllOrders.last_page.json"))
    assert (first.status, first.fulfillment_status) == (OrderStatus.PROCESSING, Fulfillment.PARTIAL)
    tent, mug = first.lines
    assert (tent.quantity, tent.quantity_shipped, tent.quantity_cancelled) == (3, 1, 1)
    assert tent.unit_price == Decimal("19.99")
    assert (tent.tax, tent.shipping, tent.total) == (Decimal("5.45"), Decimal("6.0"), Decimal("71.42"))
    assert (mug.unit_price, mug.discount, mug.total) == (Decimal("12.5"), Decimal("1.25"), Decimal("12.28"))
    assert [Decimal(one or 0) for one in money(first)] == [
        Decimal(one) for one in ("72.47", "6", "1.25", "6.48", "83.70")
    ]
    assert adds_up(first)
    assert first.warnings == ()


def test_purchase_orders_of_one_shopper_s_order_share_a_group() -> None:
    first, second, third = map(order_of, orders_of("derived/getAllOrders.last_page.json"))
    assert first.group_id == second.group_id == "200011000000001" != third.group_id
    assert (first.marketplace, first.fulfillment_channel) == ("SellerFulfilled", "seller")
    assert (second.marketplace, second.fulfillment_channel) == ("WFSFulfilled", "wfs")


def test_an_order_that_was_refunded_as_a_whole() -> None:
    _, second, _ = map(order_of, orders_of("derived/getAllOrders.last_page.json"))
    assert second.status is OrderStatus.REFUNDED
    assert (second.total, second.refunded, second.net_total) == (Decimal("43.3"), Decimal("43.3"), Decimal(0))
    (refund,) = second.refunds
    assert (refund.amount, refund.tax, refund.reason) == (Decimal("43.3"), Decimal("3.3"), "DAMAGED")
    assert [(line.sku, line.quantity, line.amount) for line in refund.lines] == [("CAMP-STOVE", 1, Decimal("40.0"))]


def test_a_cancelled_order_of_a_guest_without_an_address() -> None:
    _, _, third = map(order_of, orders_of("derived/getAllOrders.last_page.json"))
    assert third.status is OrderStatus.CANCELLED
    assert third.customer is None
    assert third.total == 0
    assert third.tax is None
    assert third.lines[0].quantity_cancelled == 2


def test_a_single_order_is_wrapped() -> None:
    order = order_of(sample("orders/getAnOrder.shipped.json"))
    assert (order.external_id, order.status) == ("1815367951431", OrderStatus.SHIPPED)
    assert money(order) == ("5", None, None, "0.34", "5.34")


def test_refund_charges_are_documents_of_their_own() -> None:
    order = order_of(sample("orders/refundOrderLines.json"))
    assert (order.status, order.total, order.refunded) == (OrderStatus.REFUNDED, Decimal("21.99"), Decimal("21.99"))
    goods, shipping = order.refunds
    assert (goods.amount, goods.shipping, len(goods.lines)) == (Decimal("19.99"), Decimal(0), 1)
    assert (shipping.amount, shipping.shipping, len(shipping.lines)) == (Decimal(2), Decimal(2), 0)
    assert goods.external_id != shipping.external_id


def test_a_cancelled_line_carries_no_money() -> None:
    order = order_of(sample("orders/cancelOrderLines.json"))
    assert (order.status, order.total, order.shipping) == (OrderStatus.CANCELLED, Decimal(0), Decimal(0))


def test_pages_without_orders() -> None:
    assert orders_of("derived/getAllOrders.empty.json") == []
    answer = httpx.Response(404, json=_plain("derived/getAllOrders.none.404.json"))
    assert judge_list(answer, NOW).verdict is Verdict.EMPTY
    assert (
        judge_list(httpx.Response(404, json=_plain("derived/getAllItems.end.404.json")), NOW).verdict is Verdict.EMPTY
    )
    assert judge_one(answer, NOW).verdict is Verdict.PERMANENT


def test_the_seller_s_stock_by_ship_node() -> None:
    page = sample("inventory/getInventories.page1.json")["elements"]["inventories"]
    found = [
        record
        for raw in page
        for record in map_raw(Resource.INVENTORY, {**raw, "asOf": "2026-07-02T10:00:00Z"}).records
        if isinstance(record, UnifiedStock)
    ]
    assert [(one.sku, one.location, one.available, one.reserved, one.on_hand) for one in found] == [
        ("AI-IGH4-5509", "361451354333223041", 93, 0, 93),
        ("AI-IGH4-5509", "100009", 433, 3, 436),
        ("06397309545443", "100009", 0, 5, 5),
    ]
    assert all(one.keeper == "seller" for one in found)


def test_walmart_s_own_stock_over_two_pages() -> None:
    pages = [sample(f"derived/getWFSInventory.page{number}.json")["payload"]["inventory"] for number in (1, 2)]
    found = [
        record
        for raw in [*pages[0], *pages[1]]
        for record in map_raw(Resource.INVENTORY, {**raw, "asOf": "2026-07-04T10:00:00Z"}).records
        if isinstance(record, UnifiedStock)
    ]
    assert [(one.sku, one.available, one.reserved, one.on_hand, one.keeper) for one in found] == [
        ("CAMP-STOVE", 14, 2, 16, "wfs"),
        ("CAMP-LAMP", 0, 0, 0, "wfs"),
        ("CAMP-TENT-WFS", 7, 0, 7, "wfs"),
    ]
    assert found[0].as_of == datetime(2026, 7, 2, 10, tzinfo=UTC)


def test_items_of_the_catalogue() -> None:
    raws = sample("items/getAllItems.page1.json")["ItemResponse"]
    products = [record for raw in raws for record in map_raw(Resource.PRODUCTS, raw).records]
    assert len(products) == 20
    first = products[0]
    assert isinstance(first, UnifiedProduct)
    assert (first.sku, first.external_id, first.status) == ("2792005", "0RE1TWYTKBKH", "inactive")
    assert (first.price, first.currency) == (Decimal("59.99"), "USD")
    assert first.category == "Mens Jackets & Outerwear"
    by_sku = {one.sku: one for one in products if isinstance(one, UnifiedProduct)}
    assert by_sku["4534200"].category == "Jeans"
    assert by_sku["4RL3E7TaH9XMNU7"].status == "active"
    assert by_sku["NIJDJuuyUKhQQei"].status == "archived"
    (single,) = sample("items/getAnItem.json")["ItemResponse"]
    (product,) = map_raw(Resource.PRODUCTS, single).records
    assert isinstance(product, UnifiedProduct)
    assert (product.price, product.status) == (Decimal(3), "active")


def test_a_return_gives_back_the_completed_units_only() -> None:
    (raw,) = sample("returns/getReturns.page1.json")["returnOrders"]
    assert orders_of_return(raw) == ["4790210558890"]
    (refund,) = map_raw(Resource.RETURNS, raw).records
    assert isinstance(refund, UnifiedRefund)
    assert refund.amount == raw["totalRefundAmount"]["currencyAmount"] == Decimal("127.45")
    assert (refund.tax, refund.currency, refund.reason) == (Decimal("7.5"), "USD", "ARRIVED_LATE")
    assert [(line.sku, line.quantity, line.amount) for line in refund.lines] == [
        ("ANTL_GDL-0700", 1, Decimal("119.95"))
    ]
    assert refund.refunded_at == datetime(2023, 6, 22, 2, 20, 51, tzinfo=UTC)
    assert refund.order_external_id == "4790210558890"


def test_a_settlement_over_two_pages() -> None:
    rows = [row for number in (1, 2) for row in sample(f"derived/reconFileJson.page{number}.json")["reportData"]]
    assert sum(Decimal(row["Amount"]) for row in rows if row.get("Amount")) == Decimal("-21.72")
    mapped = map_raw(Resource.FEES, {"reportDate": "07072026", "rows": rows})
    assert not mapped.rejected
    fees = [record for record in mapped.records if isinstance(record, UnifiedFee)]
    assert [(one.kind, one.amount, one.order_external_id, one.sku) for one in fees] == [
        (FeeKind.COMMISSION, Decimal("3.00"), "108900000000001", "CAMP-TENT-4P"),
        (FeeKind.SHIPPING_LABEL, Decimal("8.23"), "108900000000001", "CAMP-TENT-4P"),
        (FeeKind.REFUND_REVERSAL, Decimal("-6.00"), "108900000000002", "camp-stove"),
        (FeeKind.COMMISSION, Decimal("4.79"), "108900000000005", "CAMP-MUG"),
        (FeeKind.STORAGE, Decimal("23.65"), None, None),
    ]
    assert len({one.external_id for one in fees}) == len(fees)
    assert {one.replaces for one in fees} == {"recon-07072026"}
    assert fees[0].posted_at == datetime(2026, 7, 3, 7, tzinfo=UTC)
    assert (Decimal("31.96") * Decimal("0.15")).quantize(Decimal("0.01")) == Decimal("4.79")
    assert map_raw(Resource.FEES, {"reportDate": "07072026", "rows": rows}).records == mapped.records


@pytest.mark.parametrize(
    ("name", "status", "verdict", "code"),
    [
        ("400.invalid_param", 400, Verdict.PERMANENT, "INVALID_REQUEST_PARAM"),
        ("400.errors_list_variant", 400, Verdict.PERMANENT, "INVALID_REQUEST_PARAM"),
        ("400.errors_object_variant", 400, Verdict.PERMANENT, "INVALID_REQUEST_CONTENT"),
        ("401.unauthorized", 401, Verdict.AUTH_EXPIRED, "UNAUTHORIZED"),
        ("403.forbidden", 403, Verdict.AUTH_FATAL, "FORBIDDEN"),
        ("429.throttled", 429, Verdict.THROTTLED, "REQUEST_THRESHOLD_VIOLATED"),
        ("500.system_error", 500, Verdict.TRANSIENT, "SYSTEM_ERROR"),
        ("504.downstream_timeout", 504, Verdict.TRANSIENT, "DOWNSTREAM_SYSTEM_TIME_OUT"),
    ],
)
def test_errors_in_all_three_shapes(name: str, status: int, verdict: Verdict, code: str) -> None:
    judged = judge_one(httpx.Response(status, json=_plain(f"derived/errors/{name}.json")), NOW)
    assert (judged.verdict, judged.code) == (verdict, code)
    assert judged.message


def test_a_wrong_secret_is_fatal_at_the_token_endpoint() -> None:
    answer = httpx.Response(401, json=_plain("derived/errors/401.unauthorized.json"))
    assert judge_token(answer, NOW).verdict is Verdict.AUTH_FATAL


def _plain(name: str) -> object:
    sample(name)
    return httpx.Response(200, content=(FOLDER / name).read_bytes()).json()
