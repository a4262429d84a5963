"""Formats: the same orders come out of every kind of file, exact to the digit."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from tests.channels.conftest import Shop
from tradewind.channels.files.preset import load_preset

ROWS = [
    ["order_number", "placed_at", "sku", "quantity", "unit_price", "currency", "city"],
    ["A1", "2026-01-02T10:00:00Z", "MUG", "3", "0.105", "EUR", "Köln"],
    ["A1", "2026-01-02T10:00:00Z", "TEE, large", "1", "19.99", "EUR", "Köln"],
    ["A2", "2026-01-02 10:00", "MUG", "1", "1234.565", "EUR", "Málaga"],
]
BOOKED = [("A1", 2031, "Köln"), ("A2", 123457, "Málaga")]


def written(delimiter: str) -> str:
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in ROWS]
    return "".join(delimiter.join(row) + "\r\n" for row in quoted)


def booked(shop: Shop) -> list[tuple[object, ...]]:
    return list(shop.rows("SELECT order_number, total_minor, ship_city FROM orders ORDER BY 1"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_the_delimiter_is_found_in_the_header(sqlite_shop: Shop, delimiter: str) -> None:
    sqlite_shop.run("generic", sqlite_shop.file("orders.txt", written(delimiter)))
    assert booked(sqlite_shop) == BOOKED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found_out(sqlite_shop: Shop, encoding: str) -> None:
    sqlite_shop.run("generic", sqlite_shop.file("orders.csv", written(",").encode(encoding)))
    assert booked(sqlite_shop) == BOOKED


def test_a_gzipped_file_is_read_as_it_is(sqlite_shop: Shop) -> None:
    sqlite_shop.run("generic", sqlite_shop.file("orders.csv.gz", gzip.compress(written(",").encode())))
    assert booked(sqlite_shop) == BOOKED


@pytest.mark.parametrize("kind", ["make_parquet", "make_xlsx"])
def test_parquet_and_xlsx_carry_prices_and_ids_exactly(
    sqlite_shop: Shop, request: pytest.FixtureRequest, kind: str
) -> None:
    path: Path = request.getfixturevalue(kind)
    result = sqlite_shop.run("generic", path)
    assert sqlite_shop.rows("SELECT order_number, total_minor FROM orders ORDER BY 1") == [
        ("1001", 2029),
        ("1002", 123457),
    ]
    assert sqlite_shop.rows("SELECT sku, unit_price_micros FROM order_items WHERE sku = 'MUG' ORDER BY 2") == [
        ("MUG", 100_000),
        ("MUG", 1_234_565_000),
    ]
    assert sqlite_shop.rows("SELECT external_id FROM customers") == [("17850",)]
    assert result.sums()["EUR"]["gross"] == Decimal("1254.86")


def test_rows_are_counted_as_a_person_sees_them(sqlite_shop: Shop, make_xlsx: Path, make_parquet: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(make_xlsx)
    book.active["D5"] = "many"  # type: ignore[index]
    book.save(make_xlsx)
    (problem,) = sqlite_shop.problems(sqlite_shop.run("generic", make_xlsx))
    assert (problem["row"], problem["column"], problem["value"]) == ("5", "quantity", "many")

    text = written(",").replace("A2,", "\r\nA2,").replace('"TEE, large"', '"TEE,\nlarge"').replace("1234.565", "x")
    (problem,) = sqlite_shop.problems(sqlite_shop.run("generic", sqlite_shop.file("orders.csv", text)))
    # Row 1 is the header; the line break inside a cell starts no row, the empty line is one.
    assert problem["row"] == "5"


def test_a_formula_that_was_never_worked_out_is_told_from_a_number(sqlite_shop: Shop, make_xlsx: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(make_xlsx)
    book.active["E5"] = "=1+1"  # type: ignore[index]
    book.save(make_xlsx)
    (problem,) = sqlite_shop.problems(sqlite_shop.run("generic", make_xlsx))
    assert "a formula that was never worked out" in problem["reason"]


def test_a_preset_of_ones_own_reads_commas_as_decimal_points_and_other_dates(sqlite_shop: Shop) -> None:
    preset = sqlite_shop.file(
        "mine.yaml",
        """
name: mine
title: Kassenexport
channel: {code: kasse, name: Kasse}
currency: EUR
timezone: Europe/Berlin
decimal: comma
dates: ["%d.%m.%Y %H:%M"]
tables:
  lines:
    fields:
      order_number: {from: Beleg, required: true}
      placed_at: Datum
      sku: Artikel
      quantity: Menge
      line_amount: Betrag
""",
    )
    path = sqlite_shop.file(
        "kasse.csv",
        "Beleg;Datum;Artikel;Menge;Betrag\n7;02.01.2026 09:30;TEE;3;1.000,00\n8;02.07.2026 09:30;TEE;1;12.34\n",
    )
    result = sqlite_shop.run(str(preset), path)
    assert sqlite_shop.rows("SELECT total_minor FROM orders") == [(100_000,)]
    assert sqlite_shop.rows("SELECT unit_price_micros FROM order_items") == [(333_333_333,)]
    assert str(sqlite_shop.value("SELECT placed_at FROM orders")).startswith("2026-01-02 08:30")
    (problem,) = sqlite_shop.problems(result)
    assert problem["reason"] == "This is not a number. Write it like 1.234,50."


def test_a_preset_can_be_bent_for_one_import(sqlite_shop: Shop) -> None:
    path = sqlite_shop.file(
        "orders.csv", "order_number,placed_at,sku,quantity,unit_price,currency\nA,2026-07-01 00:30,MUG,1,5,\n"
    )
    sqlite_shop.run("generic", path, channel="fair", location="booth", currency="CHF", timezone="Europe/Zurich")
    assert sqlite_shop.rows("SELECT code FROM channels") == [("fair",)]
    assert sqlite_shop.rows("SELECT currency FROM orders") == [("CHF",)]
    assert str(sqlite_shop.value("SELECT placed_at FROM orders")).startswith("2026-06-30 22:30")
    assert sqlite_shop.rows("SELECT l.code, s.on_hand FROM stock s JOIN locations l ON l.id = s.location_id") == [
        ("booth", -1)
    ]


def test_the_hour_that_clocks_repeat_or_skip_is_read_without_a_crash(sqlite_shop: Shop) -> None:
    header = "order_number,placed_at,sku,quantity,unit_price,currency\n"
    rows = "A,2026-10-25 02:30,MUG,1,5,EUR\nB,2026-03-29 02:30,MUG,1,5,EUR\n"
    sqlite_shop.run("generic", sqlite_shop.file("orders.csv", header + rows), timezone="Europe/Berlin")
    found = [str(row[0])[:16] for row in sqlite_shop.rows("SELECT placed_at FROM orders ORDER BY order_number")]
    assert found == ["2026-10-25 00:30", "2026-03-29 01:30"]


def test_every_shipped_preset_is_valid_and_says_what_it_is() -> None:
    from tradewind.channels.files.preset import preset_names, preset_text

    assert preset_names() == ["ad-spend", "amazon-orders", "generic", "olist", "online-retail", "shopify-orders"]
    for name in preset_names():
        preset = load_preset(name)
        assert preset.name == name
        assert preset.title
        assert preset.about
        assert preset_text(name).startswith("#")
