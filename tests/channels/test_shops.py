"""Exports of Shopify and Amazon, as these write them."""

from __future__ import annotations

from decimal import Decimal

from tests.channels.conftest import Shop

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,"
    "Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Country,Shipping City,Shipping Province,Shipping Country,Notes,Cancelled at,Payment Method,"
    "Refunded Amount,Vendor,Id,Tags,Source,Lineitem discount"
).split(",")
AMAZON = (
    "amazon-order-id merchant-order-id purchase-date last-updated-date order-status fulfillment-channel sales-channel"
    " order-channel url ship-service-level product-name sku asin item-status quantity currency item-price item-tax"
    " shipping-price shipping-tax gift-wrap-price gift-wrap-tax item-promotion-discount ship-promotion-discount"
    " ship-city ship-state ship-postal-code ship-country promotion-ids"
).split()


def shopify(*rows: dict[str, str]) -> str:
    return ",".join(SHOPIFY) + "\n" + "".join(",".join(row.get(name, "") for name in SHOPIFY) + "\n" for row in rows)


def amazon(*rows: dict[str, str]) -> str:
    return "\t".join(AMAZON) + "\n" + "".join("\t".join(row.get(name, "") for name in AMAZON) + "\n" for row in rows)


def a_sale(**more: str) -> dict[str, str]:
    """An order of one bag for 50 EUR, paid and sent."""
    told = {
        "Name": "#1001",
        "Id": "5001",
        "Email": "Ann@Example.com",
        "Financial Status": "paid",
        "Fulfillment Status": "fulfilled",
        "Currency": "EUR",
        "Subtotal": "50.00",
        "Shipping": "5.00",
        "Taxes": "8.78",
        "Total": "55.00",
        "Discount Amount": "0.00",
        "Created at": "2026-05-01 09:58:12 -0400",
        "Lineitem quantity": "1",
        "Lineitem name": "Bag",
        "Lineitem price": "50.00",
        "Lineitem sku": "BAG",
        "Lineitem requires shipping": "true",
        "Shipping Country": "DE",
        "Shipping City": "Berlin",
        "Refunded Amount": "0.00",
    }
    return told | {name.replace("_", " "): value for name, value in more.items()}


def a_line(name: str, price: str, quantity: str = "1", **more: str) -> dict[str, str]:
    """A further line of order #1001: Shopify leaves the order's own columns empty."""
    told = {"Name": "#1001", "Email": "Ann@Example.com", "Created at": "2026-05-01 09:58:12 -0400"}
    return told | {"Lineitem name": name, "Lineitem price": price, "Lineitem quantity": quantity} | more


def test_shopify_lines_join_the_order_whose_columns_stand_on_its_first_row(shop: Shop) -> None:
    first = a_sale(Subtotal="87.00", Total="98.31", Taxes="6.31", Discount_Amount="3.00")
    path = shop.file("orders_export.csv", shopify(first, a_line("Mug", "10.00", "4")))
    result = shop.run("shopify-orders", path)
    assert result.exit_code == 0
    assert shop.rows(
        "SELECT order_number, external_id, status, subtotal_minor, discount_minor, shipping_minor, tax_minor,"
        " total_minor, revenue_minor, prices_include_tax, ship_country FROM orders"
    ) == [("#1001", "5001", "shipped", 9000, 300, 500, 631, 9831, 8700, False, "DE")]
    assert shop.rows("SELECT line_no, sku, discount_minor FROM order_items ORDER BY 1") == [
        (1, "BAG", 167),
        (2, "(no SKU) Mug", 133),
    ]
    assert str(shop.value("SELECT placed_at FROM orders")).startswith("2026-05-01 13:58:12")
    assert not result.tally.warnings


def test_shopify_prices_contain_the_tax_where_only_that_makes_the_total_come_out(sqlite_shop: Shop) -> None:
    sqlite_shop.run("shopify-orders", sqlite_shop.file("orders.csv", shopify(a_sale())))
    found = sqlite_shop.rows("SELECT prices_include_tax, total_minor, revenue_minor, tax_minor FROM orders")
    assert found == [(1, 5500, 4202, 878)]


def test_shopify_free_shipping_is_a_discount_on_the_shipping(sqlite_shop: Shop) -> None:
    free = a_sale(Total="50.00", Taxes="0.00", Discount_Amount="5.00")
    result = sqlite_shop.run("shopify-orders", sqlite_shop.file("orders.csv", shopify(free)))
    assert sqlite_shop.rows("SELECT shipping_minor, discount_minor, total_minor FROM orders") == [(0, 0, 5000)]
    assert not result.tally.warnings


def test_shopify_amounts_that_do_not_add_up_are_kept_as_told_with_a_warning(sqlite_shop: Shop) -> None:
    result = sqlite_shop.run("shopify-orders", sqlite_shop.file("orders.csv", shopify(a_sale(Total="77.77"))))
    assert sqlite_shop.rows("SELECT total_minor, subtotal_minor FROM orders") == [(7777, 5000)]
    assert result.tally.warnings == {"totals_mismatch": 1}
    assert result.exit_code == 0


def test_shopify_statuses_are_the_first_rule_that_fits(sqlite_shop: Shop) -> None:
    told = [
        ({"Cancelled_at": "2026-05-02 10:00:00 +0000", "Financial_Status": "refunded"}, "cancelled"),
        ({"Financial_Status": "refunded"}, "refunded"),
        ({"Financial_Status": "pending"}, "pending"),
        ({"Financial_Status": "expired"}, "pending"),
        ({"Fulfillment_Status": "partial"}, "processing"),
        ({"Fulfillment_Status": ""}, "confirmed"),
        ({"Financial_Status": "partially_refunded"}, "shipped"),
    ]
    rows = [a_sale(Name=f"#{number}", Id=str(number), **more) for number, (more, _) in enumerate(told)]
    sqlite_shop.run("shopify-orders", sqlite_shop.file("orders.csv", shopify(*rows)))
    found = sqlite_shop.rows("SELECT status FROM orders ORDER BY order_number")
    assert [status for (status,) in found] == [status for _, status in told]


def test_shopify_money_given_back_is_booked_as_it_grows_and_never_twice(shop: Shop) -> None:
    def export(refunded: str) -> str:
        return shopify(a_sale(Financial_Status="partially_refunded", Refunded_Amount=refunded))

    first = shop.run("shopify-orders", shop.file("1.csv", export("20.00")))
    again = shop.run("shopify-orders", shop.file("1.csv", export("20.00")), again=True)
    assert again.changed_nothing
    more = shop.run("shopify-orders", shop.file("2.csv", export("55.00")))
    assert shop.rows("SELECT amount_minor, items_minor, tax_minor, shipping_minor, units FROM refunds ORDER BY id") == [
        (2000, 1528, 319, 153, 0),
        (3500, 2674, 559, 267, 0),
    ]
    # All of it given back takes exactly the order's revenue off.
    assert shop.value("SELECT sum(items_minor) FROM refunds") == shop.value("SELECT revenue_minor FROM orders")
    less = shop.run("shopify-orders", shop.file("3.csv", export("10.00")))
    (problem,) = shop.problems(less)
    assert problem["code"] == "refund_shrinks"
    assert "A refund is never taken back" in problem["reason"]
    assert [r.count("refunds.created") for r in (first, again, more, less)] == [1, 0, 1, 0]


def test_shopify_refunds_of_orders_that_count_in_no_revenue_take_nothing_off(sqlite_shop: Shop) -> None:
    row = a_sale(Financial_Status="refunded", Refunded_Amount="55.00")
    result = sqlite_shop.run("shopify-orders", sqlite_shop.file("orders.csv", shopify(row)))
    assert sqlite_shop.value("SELECT count(*) FROM refunds") == 0
    assert result.tally.warnings == {"refund_of_unsold_order": 1}
    assert result.sums()["EUR"]["sold"] == 0


def test_shopify_guests_and_other_spellings_of_columns(sqlite_shop: Shop) -> None:
    text = shopify(a_sale(Email="")).replace("Lineitem sku", "Lineitem SKU").replace("Cancelled at", "Canceled at")
    sqlite_shop.run("shopify-orders", sqlite_shop.file("orders.csv", text))
    assert sqlite_shop.rows("SELECT sku FROM order_items") == [("BAG",)]
    assert sqlite_shop.rows("SELECT customer_id FROM orders") == [(None,)]


def test_shopify_what_needs_no_shipping_has_no_stock(sqlite_shop: Shop) -> None:
    row = a_sale() | {"Lineitem requires shipping": "false"}
    sqlite_shop.run("shopify-orders", sqlite_shop.file("orders.csv", shopify(row)))
    assert sqlite_shop.rows("SELECT kind FROM products") == [("service",)]
    assert sqlite_shop.value("SELECT count(*) FROM stock_movements") == 0


def an_item(**more: str) -> dict[str, str]:
    told = {
        "amazon-order-id": "111-1",
        "purchase-date": "2026-05-01T10:00:00+00:00",
        "last-updated-date": "2026-05-02T10:00:00+00:00",
        "order-status": "Shipped",
        "sales-channel": "Amazon.com",
        "product-name": "Café press",
        "sku": "CP-1",
        "item-status": "Shipped",
        "quantity": "3",
        "currency": "USD",
        "item-price": "10.00",
        "ship-country": "US",
        "ship-state": "NY",
    }
    return told | {name.replace("_", "-"): value for name, value in more.items()}


def test_amazon_item_prices_are_of_the_line_and_stay_exact(shop: Shop) -> None:
    item = an_item(
        item_tax="0.83", shipping_price="5.00", shipping_tax="0.40", ship_promotion_discount="5.00",
        item_promotion_discount="-1.00", gift_wrap_price="2.00",
    )  # fmt: skip
    result = shop.run("amazon-orders", shop.file("report.txt", amazon(item).encode("cp1252")))
    assert result.exit_code == 0
    assert shop.rows("SELECT quantity, unit_price_micros, discount_minor, total_minor, name FROM order_items") == [
        (3, 3_333_333, 100, 900, "Café press")
    ]
    assert shop.rows("SELECT shipping_minor, tax_minor, other_minor, total_minor, prices_include_tax FROM orders") == [
        (0, 123, 200, 1223, False)
    ]


def test_amazon_a_large_quantity_keeps_the_line_exact_all_the_same(sqlite_shop: Shop) -> None:
    item = an_item(quantity="70000", item_price="10000.01")
    sqlite_shop.run("amazon-orders", sqlite_shop.file("report.txt", amazon(item)))
    assert sqlite_shop.rows("SELECT total_minor FROM order_items") == [(1_000_001,)]


def test_amazon_cancelled_and_pending_orders(sqlite_shop: Shop) -> None:
    nothing = {"currency": "", "item_price": "", "item_status": "Cancelled", "quantity": "0"}
    rows = [
        an_item(),
        an_item(sku="MUG", **(nothing | {"quantity": "0"})),
        an_item(sku="POT", item_status="Cancelled", item_price="89.95", quantity="1"),
        an_item(amazon_order_id="111-2", order_status="Cancelled", sales_channel="Amazon.de", **nothing),
        an_item(
            amazon_order_id="111-3", order_status="Pending", sales_channel="Amazon.co.uk", currency="", item_price=""
        ),
    ]
    result = sqlite_shop.run("amazon-orders", sqlite_shop.file("report.txt", amazon(*rows)))
    assert result.exit_code == 0
    assert sqlite_shop.rows("SELECT order_number, status, currency, total_minor, units FROM orders ORDER BY 1") == [
        ("111-1", "shipped", "USD", 1000, 3),
        ("111-2", "cancelled", "EUR", 0, 0),
        ("111-3", "pending", "GBP", 0, 3),
    ]
    assert result.sums()["USD"]["sold"] == Decimal("10.00")


def test_amazon_an_unknown_status_is_confirmed_with_a_warning(sqlite_shop: Shop) -> None:
    result = sqlite_shop.run("amazon-orders", sqlite_shop.file("r.txt", amazon(an_item(order_status="Teleported"))))
    assert sqlite_shop.rows("SELECT status FROM orders") == [("confirmed",)]
    assert result.tally.examples["unknown_status"] == "Status 'Teleported' is not known; the order counts as confirmed."


def test_amazon_goods_sent_for_other_channels_move_stock_and_are_no_order(sqlite_shop: Shop) -> None:
    item = an_item(sales_channel="Non-Amazon", currency="", item_price="")
    sqlite_shop.run("amazon-orders", sqlite_shop.file("report.txt", amazon(item)))
    assert sqlite_shop.rows("SELECT is_replacement, revenue_minor FROM orders") == [(1, 0)]
    assert sqlite_shop.value("SELECT on_hand FROM stock") == -3


def test_amazon_a_later_report_brings_the_order_forward_and_an_earlier_one_does_not_take_it_back(shop: Shop) -> None:
    pending = amazon(an_item(order_status="Pending", currency="", item_price=""))
    shipped = amazon(an_item(last_updated_date="2026-05-04T10:00:00+00:00"))
    shop.run("amazon-orders", shop.file("1.txt", pending))
    shop.run("amazon-orders", shop.file("2.txt", shipped))
    shop.run("amazon-orders", shop.file("1.txt", pending), again=True)
    assert shop.rows("SELECT status, total_minor, version FROM orders") == [("shipped", 1000, 2)]
