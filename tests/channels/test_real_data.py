"""The real sets beside the checkout: every row accounted for, every published sum to the cent.

On SQLite: tests/acceptance imports the same sets on PostgreSQL too, and holds them against the files.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.channels.conftest import Shop


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_olist_is_booked_to_the_cent(sqlite_shop: Shop, shared_data: Path) -> None:
    result = sqlite_shop.run("olist", shared_data / "olist")
    assert result.exit_code == 0
    document = result.as_document()
    assert document["orders"]["created"] == 99_441
    assert document["lines"]["orders"] == 112_650
    assert document["payments"]["created"] == 103_886
    assert document["products"]["created"] == 32_951
    assert document["rows"]["read"] == document["rows"]["booked"] == 99_441 + 112_650 + 103_886 + 32_951
    assert result.sums()["BRL"]["gross"] == Decimal("13591643.70")
    assert result.sums()["BRL"]["paid"] == Decimal("16008872.12")

    assert sqlite_shop.value("SELECT sum(total_minor) FROM order_items") == 1_359_164_370
    assert sqlite_shop.value("SELECT sum(subtotal_minor) FROM orders") == 1_359_164_370
    assert sqlite_shop.value("SELECT sum(amount_minor) FROM payments") == 1_600_887_212
    assert sqlite_shop.value("SELECT count(order_id) FROM payments") == 14_435
    assert sqlite_shop.value("SELECT sum(shipping_minor) FROM orders") == 11_684_687
    assert dict(sqlite_shop.rows("SELECT status, count(*) FROM orders GROUP BY 1")) == {
        "confirmed": 89_442,
        "delivered": 9_718,
        "shipped": 106,
        "cancelled": 113,
        "processing": 60,
        "pending": 2,
    }
    assert sqlite_shop.value("SELECT count(*) FROM orders WHERE order_number LIKE 'olist-%'") == 99_441 - 13_788
    assert sqlite_shop.value("SELECT count(*) FROM products WHERE category_id IS NOT NULL") == 32_951 - 610
    assert sqlite_shop.value("SELECT count(*) FROM customers") == 9_998
    # São Paulo is three hours behind UTC, two in its summer.
    first = sqlite_shop.value("SELECT placed_at FROM orders WHERE external_id = '0'")
    assert str(first).startswith("2017-10-02 13:56:33")
    sold = sqlite_shop.value(
        "SELECT sum(quantity) FROM order_items i JOIN orders o ON o.id = i.order_id"
        " WHERE status NOT IN ('cancelled', 'pending')"
    )
    assert sqlite_shop.value("SELECT -sum(on_hand) FROM stock") == sold
    assert sqlite_shop.value("SELECT count(*) FROM stock WHERE is_counted") == 0
    assert sqlite_shop.value("SELECT count(*) FROM outbox WHERE topic = 'orders'") == 99_441
    again = sqlite_shop.run("olist", shared_data / "olist")
    assert again.already_imported_at is not None
    assert again.count("orders.unchanged") == 99_441


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_online_retail_accounts_for_every_row(sqlite_shop: Shop, shared_data: Path) -> None:
    result = sqlite_shop.run("online-retail", shared_data / "online_retail")
    assert result.exit_code == 0
    lines, rows = result.as_document()["lines"], result.as_document()["rows"]
    assert lines == {"orders": 530_144, "refunds": 9_290, "movements": 2_464}
    assert sum(lines.values()) + rows["left_out"] + rows["refused"] == rows["read"] == 541_909
    # Eleven corrections of stock for postage and vouchers, which are kept on no shelf.
    assert (rows["left_out"], rows["refused"]) == (11, 0)
    assert {problem["code"] for problem in sqlite_shop.problems(result)} == {"left_out"}

    sums = result.sums()["GBP"]
    assert sums["gross"] == sums["sold"] == Decimal("10666684.54")
    assert sums["sold"] - sums["refunded"] == Decimal("9747747.93")
    net = sqlite_shop.value("SELECT sum(revenue_minor) FROM orders") - sqlite_shop.value(
        "SELECT sum(items_minor) FROM refunds"
    )
    assert net == 974_774_793
    assert sqlite_shop.value("SELECT count(*) FROM order_items") == 530_144
    assert sqlite_shop.value("SELECT count(*) FROM refund_items") == 9_290
    assert sqlite_shop.value("SELECT count(*) FROM products") == 4_070
    assert sqlite_shop.value("SELECT count(*) FROM customers") == 4_372
    assert sqlite_shop.value("SELECT count(*) FROM stock_movements WHERE reason IN ('adjustment', 'damage')") == 2_464
    # Paying customers without a credit note: the set's published figures.
    found = sqlite_shop.rows(
        "SELECT count(*), count(DISTINCT o.id), count(DISTINCT o.customer_id) FROM order_items i"
        " JOIN orders o ON o.id = i.order_id WHERE o.customer_id IS NOT NULL AND i.unit_price_micros > 0"
    )
    assert found == [(397_884, 18_532, 4_338)]
    kinds = dict(
        sqlite_shop.rows("SELECT sku, kind FROM products WHERE sku IN ('POST', 'M', 'DOT', '85123A', 'gift_0001_20')")
    )
    assert kinds == {"POST": "service", "M": "service", "DOT": "service", "85123A": "good", "gift_0001_20": "service"}
    assert dict(sqlite_shop.rows("SELECT sku, name FROM products WHERE sku IN ('85123A', '22423')")) == {
        "85123A": "WHITE HANGING HEART T-LIGHT HOLDER",
        "22423": "REGENCY CAKESTAND 3 TIER",
    }
    countries = {country for (country,) in sqlite_shop.rows("SELECT DISTINCT ship_country FROM orders")}
    assert {"GB", "IE", "ZA", "US", "AE", "CZ", None} <= countries
    assert len(countries) == 36
