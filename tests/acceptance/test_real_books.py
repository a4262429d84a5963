"""The books of the real sets: every row accounted for, every published sum to the cent.

On SQLite; that PostgreSQL says the same is held against the files by `test_real_orders`.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Store

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("real_orders_sqlite")]


@dataclass(frozen=True, slots=True)
class Books:
    """An operational store, to look into."""

    connection: sqlite3.Connection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]


@pytest.fixture
def of_olist(booked: Callable[[str], Store]) -> Iterator[Books]:
    """As they stood when Olist was imported and nothing else."""
    with closing(sqlite3.connect(booked("sqlite").books_of_olist)) as connection:
        yield Books(connection)


@pytest.fixture
def of_both(booked: Callable[[str], Store]) -> Iterator[Books]:
    """As they stand with Online Retail on top."""
    with closing(sqlite3.connect(booked("sqlite").books)) as connection:
        yield Books(connection)


def test_olist_is_booked_to_the_cent(booked: Callable[[str], Store], of_olist: Books, shared_data: Path) -> None:
    store = booked("sqlite")
    told = store.told["olist"]
    assert told["orders"]["created"] == 99_441
    assert told["lines"]["orders"] == 112_650
    assert told["payments"]["created"] == 103_886
    assert told["products"]["created"] == 32_951
    assert told["rows"]["read"] == told["rows"]["booked"] == 99_441 + 112_650 + 103_886 + 32_951
    assert told["sums"]["BRL"]["gross"] == Decimal("13591643.70")
    assert told["sums"]["BRL"]["paid"] == Decimal("16008872.12")

    assert of_olist.value("SELECT sum(total_minor) FROM order_items") == 1_359_164_370
    assert of_olist.value("SELECT sum(subtotal_minor) FROM orders") == 1_359_164_370
    assert of_olist.value("SELECT sum(amount_minor) FROM payments") == 1_600_887_212
    assert of_olist.value("SELECT count(order_id) FROM payments") == 14_435
    assert of_olist.value("SELECT sum(shipping_minor) FROM orders") == 11_684_687
    assert dict(of_olist.rows("SELECT status, count(*) FROM orders GROUP BY 1")) == {
        "confirmed": 89_442,
        "delivered": 9_718,
        "shipped": 106,
        "cancelled": 113,
        "processing": 60,
        "pending": 2,
    }
    assert of_olist.value("SELECT count(*) FROM orders WHERE order_number LIKE 'olist-%'") == 99_441 - 13_788
    assert of_olist.value("SELECT count(*) FROM products WHERE category_id IS NOT NULL") == 32_951 - 610
    assert of_olist.value("SELECT count(*) FROM customers") == 9_998
    # São Paulo is three hours behind UTC, two in its summer.
    first = of_olist.value("SELECT placed_at FROM orders WHERE external_id = '0'")
    assert str(first).startswith("2017-10-02 13:56:33")
    sold = of_olist.value(
        "SELECT sum(quantity) FROM order_items i JOIN orders o ON o.id = i.order_id"
        " WHERE status NOT IN ('cancelled', 'pending')"
    )
    assert of_olist.value("SELECT -sum(on_hand) FROM stock") == sold
    assert of_olist.value("SELECT count(*) FROM stock WHERE is_counted") == 0
    assert of_olist.value("SELECT count(*) FROM outbox WHERE topic = 'orders'") == 99_441
    again = store.imports("olist", shared_data / "olist")
    assert again["already_imported_at"] is not None
    assert again["orders"]["unchanged"] == 99_441


def test_online_retail_accounts_for_every_row(booked: Callable[[str], Store], of_olist: Books, of_both: Books) -> None:
    told = booked("sqlite").told["online-retail"]
    lines, rows = told["lines"], told["rows"]
    assert lines == {"orders": 530_144, "refunds": 9_290, "movements": 2_464}
    assert sum(lines.values()) + rows["left_out"] + rows["refused"] == rows["read"] == 541_909
    # Eleven corrections of stock for postage and vouchers, which are kept on no shelf.
    assert (rows["left_out"], rows["refused"]) == (11, 0)
    with Path(told["errors_file"]).open(newline="") as report:
        assert {problem["code"] for problem in csv.DictReader(report)} == {"left_out"}

    sums = told["sums"]["GBP"]
    assert sums["gross"] == sums["sold"] == Decimal("10666684.54")
    assert sums["sold"] - sums["refunded"] == Decimal("9747747.93")
    net = of_both.value("SELECT sum(revenue_minor) FROM orders WHERE currency = 'GBP'") - of_both.value(
        "SELECT sum(items_minor) FROM refunds"
    )
    assert net == 974_774_793
    for table, count in {"order_items": 530_144, "refund_items": 9_290, "products": 4_070, "customers": 4_372}.items():
        counted = f"SELECT count(*) FROM {table}"
        assert of_both.value(counted) - of_olist.value(counted) == count, table
    assert of_both.value("SELECT count(*) FROM stock_movements WHERE reason IN ('adjustment', 'damage')") == 2_464
    # Paying customers without a credit note: the set's published figures.
    found = of_both.rows(
        "SELECT count(*), count(DISTINCT o.id), count(DISTINCT o.customer_id) FROM order_items i"
        " JOIN orders o ON o.id = i.order_id"
        " WHERE o.currency = 'GBP' AND o.customer_id IS NOT NULL AND i.unit_price_micros > 0"
    )
    assert found == [(397_884, 18_532, 4_338)]
    kinds = dict(
        of_both.rows("SELECT sku, kind FROM products WHERE sku IN ('POST', 'M', 'DOT', '85123A', 'gift_0001_20')")
    )
    assert kinds == {"POST": "service", "M": "service", "DOT": "service", "85123A": "good", "gift_0001_20": "service"}
    assert dict(of_both.rows("SELECT sku, name FROM products WHERE sku IN ('85123A', '22423')")) == {
        "85123A": "WHITE HANGING HEART T-LIGHT HOLDER",
        "22423": "REGENCY CAKESTAND 3 TIER",
    }
    countries = {
        country for (country,) in of_both.rows("SELECT DISTINCT ship_country FROM orders WHERE currency = 'GBP'")
    }
    assert {"GB", "IE", "ZA", "US", "AE", "CZ", None} <= countries
    assert len(countries) == 36
