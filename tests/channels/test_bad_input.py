"""Bad input: each kind has a message that says what, where and what to do, and books nothing by halves."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tests.channels.conftest import Shop, assert_nothing_booked
from tradewind.channels.files.problems import BadPreset, UnknownPreset, UnreadableFile, WrongColumns

HEADER = "order_number,placed_at,sku,quantity,unit_price,currency,customer_id,country,status\n"
GOOD = "G1,2026-01-02 10:00,MUG,2,9.99,EUR,C1,DE,confirmed\n"


def lines(*rows: str) -> str:
    return HEADER + "".join(row + "\n" for row in rows)


# --- Nothing could be done: an error, and not a row anywhere ----------------------------------------------------------


def test_a_wrong_preset_names_what_is_missing_what_is_there_and_what_would_fit(shop: Shop) -> None:
    path = shop.file("orders.csv", HEADER + GOOD)
    with pytest.raises(WrongColumns) as refusal:
        shop.run("online-retail", path)
    message = str(refusal.value)
    assert "orders.csv does not fit the preset online-retail" in message
    assert "'invoice_no' or 'InvoiceNo' or 'Invoice'" in message
    assert "Its columns are: order_number, placed_at, sku" in message
    assert "This file looks like generic: try `tradewind import generic …`" in message
    assert_nothing_booked(shop)


def test_a_missing_column_is_named_with_the_columns_there_are(shop: Shop) -> None:
    path = shop.file("orders.csv", "order_number,placed_at,sku,unit_price,currency\nG1,2026-01-02,MUG,9.99,EUR\n")
    with pytest.raises(
        WrongColumns, match=r"no column for quantity \(looked for 'quantity'\)\. Its columns are: order_n"
    ):
        shop.run("generic", path)
    assert_nothing_booked(shop)


def test_a_preset_of_several_files_wants_their_folder(sqlite_shop: Shop) -> None:
    path = sqlite_shop.file("orders.csv", HEADER + GOOD)
    with pytest.raises(WrongColumns, match=r"reads a folder with orders, items, and orders\.csv is one file"):
        sqlite_shop.run("olist", path)


def test_a_folder_without_the_files_says_which_were_looked_for(sqlite_shop: Shop) -> None:
    sqlite_shop.file("something.csv", HEADER + GOOD)
    with pytest.raises(
        WrongColumns, match=r"no file for the table orders .*looked for orders\.csv .*It holds something"
    ):
        sqlite_shop.run("olist", sqlite_shop.folder)


def test_an_unknown_preset_lists_those_there_are(sqlite_shop: Shop) -> None:
    with pytest.raises(
        UnknownPreset, match=r"no preset 'shopfy'.*amazon-orders, generic, olist, online-retail, shopify"
    ):
        sqlite_shop.run("shopfy", sqlite_shop.file("a.csv", HEADER))


def test_a_preset_of_ones_own_with_a_misspelt_field_is_refused_with_the_fields_there_are(sqlite_shop: Shop) -> None:
    preset = sqlite_shop.file(
        "mine.yaml",
        "name: mine\ntitle: Mine\nchannel: {code: mine, name: Mine}\ntables:\n"
        "  lines:\n    fields: {order_nubmer: a}\n",
    )
    with pytest.raises(BadPreset, match=r"no field 'order_nubmer'; it has .*order_number"):
        sqlite_shop.run(str(preset), sqlite_shop.file("a.csv", HEADER))


def test_a_missing_file_says_so(sqlite_shop: Shop) -> None:
    with pytest.raises(UnreadableFile, match=r"no file or folder .*nowhere\.csv\. Check the path"):
        sqlite_shop.run("generic", sqlite_shop.folder / "nowhere.csv")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", "", "empty.csv is empty"),
        ("blank.csv", "\n  \n\n", "blank.csv is empty"),
        ("header.csv", HEADER, "header.csv has a header and no rows: there is nothing to import"),
        ("twice.csv", HEADER.replace("status", "SKU"), "twice.csv has two columns named 'SKU'. Rename one"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "photo.csv is not a table: it holds binary data"),
        ("random.csv", os.urandom(5000), "random.csv is not a table"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"x" * 100, "old Excel file"),
        ("cut.csv", HEADER + GOOD + "G2,2026-01-02,MU", "cut.csv is cut off: row 3 ends in the middle, after 3 of 9"),
        ("quote.csv", HEADER + 'G1,2026-01-02,"MUG,2,9.99,EUR\n' + GOOD, "a quoted value is not closed"),
        ("not.xlsx", b"PK\x03\x04 and then nothing", "not.xlsx is not a whole .xlsx workbook"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and len(value) < 12 else "",
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(
    sqlite_shop: Shop, name: str, content: str | bytes, message: str
) -> None:
    path = sqlite_shop.file(name, content)
    with pytest.raises(UnreadableFile) as refusal:
        sqlite_shop.run("generic", path)
    assert message in str(refusal.value)
    assert_nothing_booked(sqlite_shop)


def test_a_truncated_gzip_parquet_or_workbook_is_refused_before_anything_is_booked(
    sqlite_shop: Shop, make_parquet: Path, make_xlsx: Path
) -> None:
    many = HEADER + "".join(f"G{n},2026-01-02,SKU-{n * n},1,9.99,EUR,C{n},DE,confirmed\n" for n in range(20_000))
    archive = gzip.compress(many.encode())
    for name, content in (
        ("orders.csv.gz", archive[: len(archive) // 2]),
        ("orders.parquet", make_parquet.read_bytes()[:-20]),
        ("orders.xlsx", make_xlsx.read_bytes()[:-200]),
    ):
        path = sqlite_shop.file(name, content)
        with pytest.raises(UnreadableFile, match=r"cut off|damaged") as refusal:
            sqlite_shop.run("generic", path)
        assert name in str(refusal.value)
        assert_nothing_booked(sqlite_shop)


# --- Some rows are refused: a report, and the rest is booked ----------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "code", "reason"),
    [
        (
            "B1,31.13.2026,MUG,1,9.99,EUR,C1,DE,",
            "placed_at",
            "bad_value",
            "This is not a date. Write it like 2024-05-31",
        ),
        ("B1,,MUG,1,9.99,EUR,C1,DE,", "placed_at", "missing_value", "The order has no date"),
        ("B1,1650-01-02,MUG,1,9.99,EUR,C1,DE,", "placed_at", "refused", "check the year"),
        ("B1,2026-01-02,MUG,1,9.99,EUX,C1,DE,", "currency", "bad_value", "not a currency we know"),
        ("B1,2026-01-02,MUG,1,9.99,,C1,DE,", "currency", "missing_value", "give --currency EUR"),
        ("B1,2026-01-02,MUG,-1,9.99,EUR,C1,DE,", "quantity", "negative_quantity", "Book returns as refunds"),
        ("B1,2026-01-02,MUG,0,9.99,EUR,C1,DE,", "quantity", "refused", "not positive"),
        ("B1,2026-01-02,MUG,1.5,9.99,EUR,C1,DE,", "quantity", "bad_value", "a whole number of units"),
        ("B1,2026-01-02,MUG,1_000,9.99,EUR,C1,DE,", "quantity", "bad_value", "This is not a number"),
        ("B1,2026-01-02,MUG,,9.99,EUR,C1,DE,", "quantity", "missing_value", "The cell is empty"),
        ("B1,2026-01-02,MUG,1,-9.99,EUR,C1,DE,", "unit_price", "refused", "negative"),
        ("B1,2026-01-02,MUG,1,nan,EUR,C1,DE,", "unit_price", "bad_value", "This is not a number"),
        ('B1,2026-01-02,MUG,1,"1,234.50",EUR,C1,DE,', "unit_price", "bad_value", "no thousands separators"),
        ("B1,2026-01-02,MUG,1,=A1*2,EUR,C1,DE,", "unit_price", "bad_value", "a formula, not a number"),
        ("B1,2026-01-02,MUG,1,1e300,EUR,C1,DE,", "unit_price", "bad_value", "larger than any"),
        ("B1,2026-01-02,MUG,1,0.1234567,EUR,C1,DE,", "unit_price", "bad_value", "more than six digits"),
        ("B1,2026-01-02,MUG,999999999,99999999.99,EUR,C1,DE,", "", "refused", "larger than any"),
        ("B1,2026-01-02,,1,9.99,EUR,C1,DE,", "sku", "missing_value", "Every line needs a sku"),
        ("B1,2026-01-02,M\0UG,1,9.99,EUR,C1,DE,", "sku", "bad_value", "NUL byte"),
        ("B1,2026-01-02,MUG,1,9.99,EUR,C1,Atlantis,", "country", "bad_value", "two-letter ISO code"),
        ("B1,2026-01-02,MUG,1,9.99,EUR,C1,DE,lost", "status", "bad_value", "Use one of: pending, confirmed"),
        (",2026-01-02,MUG,1,9.99,EUR,C1,DE,", "order_number", "missing_value", "no order number"),
        ("B1,2026-01-02,MUG,1,9.99,EUR,C1,DE,,x", "", "bad_row", "The row has 10 cells where the header has 9"),
        ("B1,2026-01-02,MUG", "", "bad_row", "The row has 3 cells where the header has 9"),
        ("B" * 200 + ",2026-01-02,MUG,1,9.99,EUR,C1,DE,", "order_number", "bad_value", "longer than 128"),
    ],
)
def test_a_bad_row_is_reported_with_its_place_and_a_way_out(
    sqlite_shop: Shop, row: str, column: str, code: str, reason: str
) -> None:
    path = sqlite_shop.file("orders.csv", lines(GOOD.strip(), row, "G2,2026-01-03,TEE,1,5,EUR,C2,FR,"))
    result = sqlite_shop.run("generic", path)
    (problem,) = sqlite_shop.problems(result)
    assert (problem["file"], problem["row"]) == ("orders.csv", "3")
    assert problem["code"] == code
    if column:
        assert problem["column"] == column
    assert reason in problem["reason"]
    assert result.exit_code == 2
    assert sqlite_shop.rows("SELECT order_number FROM orders ORDER BY 1") == [("G1",), ("G2",)]
    assert (result.count("rows.read"), result.count("rows.booked"), result.refused_rows) == (3, 2, 1)


def test_an_order_with_one_bad_row_is_refused_as_a_whole_with_all_its_flaws(shop: Shop) -> None:
    path = shop.file(
        "orders.csv",
        lines(
            "A,2026-01-02,MUG,1,9.99,EUR,C1,DE,",
            "B,2026-01-02,TEE,1,5.00,EUR,C2,FR,",
            "A,2026-01-02,CUP,-3,4.00,EUR,C1,DE,",
            "A,2026-01-02,POT,1,zwei,EUR,C1,DE,",
        ),
    )
    result = shop.run("generic", path)
    assert [(p["row"], p["column"], p["value"]) for p in shop.problems(result)] == [
        ("5", "unit_price", "zwei"),
        ("4", "quantity", "'-3"),
    ]
    assert shop.rows("SELECT order_number FROM orders") == [("B",)]
    assert shop.rows("SELECT sku FROM products") == [("TEE",)]
    assert shop.value("SELECT count(*) FROM order_items") == 1
    assert (result.count("orders.created"), result.count("orders.refused"), result.refused_rows) == (1, 1, 3)


@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        ("A,2026-01-02,MUG,1,9.99,EUR,C1,DE,", "A,2026-01-02,TEE,1,5.00,EUR,C9,DE,", "customer_id"),
        ("A,2026-01-02,MUG,1,9.99,EUR,C1,DE,", "A,2026-01-02,TEE,1,5.00,USD,C1,DE,", "currency"),
        ("A,2026-01-02,MUG,1,9.99,EUR,C1,DE,", "A,2026-01-02,TEE,1,5.00,EUR,C1,FR,", "country"),
        ("A,2026-01-02,MUG,1,9.99,EUR,C1,DE,", "A,2026-01-04,TEE,1,5.00,EUR,C1,DE,", "placed_at"),
    ],
)
def test_two_orders_with_one_number_are_refused_with_both_rows(
    sqlite_shop: Shop, first: str, second: str, column: str
) -> None:
    path = sqlite_shop.file("orders.csv", lines(first, GOOD.strip(), second))
    result = sqlite_shop.run("generic", path)
    (problem,) = sqlite_shop.problems(result)
    assert (problem["code"], problem["column"], problem["row"]) == ("two_orders_one_number", column, "4")
    assert "Rows 2 and 4 give order A two values" in problem["reason"]
    assert "Two orders cannot share a number" in problem["reason"]
    assert sqlite_shop.rows("SELECT order_number FROM orders") == [("G1",)]


def test_rows_that_disagree_on_an_amount_of_the_order_are_refused(sqlite_shop: Shop) -> None:
    header = HEADER.replace("status", "shipping")
    path = sqlite_shop.file(
        "orders.csv", header + "A,2026-01-02,MUG,1,9.99,EUR,C1,DE,4.90\nA,2026-01-02,TEE,1,5,EUR,C1,DE,5.90\n"
    )
    (problem,) = sqlite_shop.problems(sqlite_shop.run("generic", path))
    assert problem["code"] == "rows_disagree"
    assert "4.90 and 5.90. Write it on one row of the order, or the same on each." in problem["reason"]
    assert_nothing_booked_but_the_channel(sqlite_shop)


def test_a_number_that_another_order_of_the_channel_has_is_refused(shop: Shop) -> None:
    header = HEADER.replace("status", "external_id")
    shop.run("generic", shop.file("one.csv", header + "A,2026-01-02,MUG,1,9.99,EUR,C1,DE,1001\n"))
    result = shop.run("generic", shop.file("two.csv", header + "A,2026-01-02,TEE,1,5,EUR,C1,DE,1002\n"))
    (problem,) = shop.problems(result)
    assert problem["code"] == "order_number_taken"
    assert "belongs to another order of this channel" in problem["reason"]
    assert shop.rows("SELECT external_id FROM orders") == [("1001",)]
    assert result.count("orders.refused") == 1


def test_the_report_is_safe_to_open_in_a_spreadsheet(sqlite_shop: Shop) -> None:
    path = sqlite_shop.file("orders.csv", lines("B,2026-01-02,MUG,1,=HYPERLINK(1),EUR,C1,DE,"))
    (problem,) = sqlite_shop.problems(sqlite_shop.run("generic", path))
    assert problem["value"] == "'=HYPERLINK(1)"


def test_the_report_goes_where_it_is_asked_for_and_a_clean_import_leaves_none(
    sqlite_shop: Shop, tmp_path: Path
) -> None:
    wanted = tmp_path / "reports" / "mine.csv"
    result = sqlite_shop.run("generic", sqlite_shop.file("a.csv", lines("B,x,MUG,1,1,EUR,,DE,")), errors_path=wanted)
    assert result.errors_path == wanted
    assert wanted.exists()
    clean = sqlite_shop.run("generic", sqlite_shop.file("b.csv", HEADER + GOOD), errors_path=wanted)
    assert clean.errors_path is None
    assert not wanted.exists()


def test_an_import_that_was_corrected_books_only_what_was_refused(shop: Shop) -> None:
    bad = lines(GOOD.strip(), "B,2026-01-02,MUG,x,9.99,EUR,C1,DE,")
    first = shop.run("generic", shop.file("orders.csv", bad))
    before = shop.counts()
    again = shop.run("generic", shop.file("orders.csv", bad))
    assert (first.exit_code, again.exit_code) == (2, 2)
    assert shop.counts() == before
    mended = shop.run("generic", shop.file("orders.csv", bad.replace(",x,", ",3,")))
    assert (mended.count("orders.created"), mended.count("orders.unchanged"), mended.exit_code) == (1, 1, 0)


def assert_nothing_booked_but_the_channel(shop: Shop) -> None:
    assert {name: count for name, count in shop.counts().items() if count} == {"outbox": 1}
    assert shop.rows("SELECT topic FROM outbox") == [("channels",)]
