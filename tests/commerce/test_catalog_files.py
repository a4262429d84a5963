"""The catalogue as a file: what goes out comes in again, and a row that cannot be says why."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.commerce.catalogue import ANN, a_group, a_product, product_facts, vary
from tests.spine import NOON, rows_of
from tradewind.commerce.catalog.exchange import COLUMNS, FileFormat, ImportReport, export_products, import_products
from tradewind.commerce.catalog.model import PriceChange, Product
from tradewind.commerce.catalog.store import ProductFilter
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput

EVERYTHING = ProductFilter(statuses=(), with_variants=True)


def take_in(store: Database, content: str | bytes, file_format: FileFormat = FileFormat.CSV) -> ImportReport:
    body = content.encode() if isinstance(content, str) else content
    with store.write() as tx:
        return import_products(tx, body, file_format, actor=ANN, now=NOON)


def exported(store: Database, file_format: FileFormat = FileFormat.CSV) -> bytes:
    with store.read() as tx:
        return b"".join(export_products(tx, file_format, EVERYTHING))


def empty(store: Database) -> None:
    with store.write() as tx:
        for table in ("price_history", "product_prices"):
            tx.execute(text(f"DELETE FROM {table}"))
        tx.execute(text("DELETE FROM products WHERE parent_id IS NOT NULL"))
        tx.execute(text("DELETE FROM products"))


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.refused


FILE = """\
sku,name,category,currency,price,weight_grams,attributes,status
MUG,Mug,Home / Kitchen,EUR,9.90,300,"{""colour"": ""red""}",active
CUP,"Cup, tall",Home,EUR,5,,,draft
"""


def test_a_file_makes_products_and_the_same_again_changes_nothing(store: Database) -> None:
    assert counts(take_in(store, FILE)) == (2, 0, 0, 0)
    assert counts(take_in(store, FILE)) == (0, 0, 2, 0)
    assert counts(take_in(store, FILE.replace("9.90", "8.50").replace(",", ";").replace('"Cup; tall"', "Cup"))) == (
        (0, 2, 0, 0)
    )
    with store.read() as tx:
        mug = tx.scalars(select(Product).where(Product.sku == "MUG")).one()
        assert (mug.price_minor, mug.attributes, mug.weight_grams, mug.version) == (850, {"colour": "red"}, 300, 2)
        assert tx.scalars(select(PriceChange.new_minor).order_by(PriceChange.id)).all() == [990, 500, 850]
    assert len(product_facts(store)) == 4


def test_rows_that_cannot_be_are_told_one_by_one_and_the_others_are_booked(store: Database) -> None:
    report = take_in(
        store,
        "sku,name,currency,price,status,weight_grams,attributes,category,options\n"
        "A,Fine,EUR,1,,,,,\n"
        ",Nameless,EUR,1,,,,,\n"
        "B,B,,1,,,,,\n"
        "C,C,EUR,-1,,,,,\n"
        "D,D,EURO,1,,,,,\n"
        "E,E,EUR,cheap,,,,,\n"
        "F,F,EUR,1,sold,,,,\n"
        "G,G,EUR,1,,1.5,,,\n"
        "H,H,EUR,1,,,[1],,\n"
        "I,I,EUR,1,,,,Home // Kitchen,\n"
        "A,Again,EUR,1,,,,,\n"
        'J,J,EUR,1,,,,,"{""Size"": ""M""}"\n',
    )
    assert (report.created, report.refused, report.rows) == (1, 11, 12)
    assert [(error.row, error.field) for error in report.errors] == [
        (2, "sku"),
        (3, "currency"),
        (4, "price"),
        (5, "currency"),
        (6, "price"),
        (7, "status"),
        (8, "weight_grams"),
        (9, "attributes"),
        (10, "category"),
        (11, "sku"),
        (12, "options"),
    ]
    with store.read() as tx:
        assert tx.scalars(select(Product.name)).all() == ["Fine"]


@pytest.mark.parametrize(
    ("content", "file_format"),
    [
        (b"\xff\xfe", FileFormat.CSV),
        (b"name\nMug\n", FileFormat.CSV),
        (b"sku,colour\nMUG,red\n", FileFormat.CSV),
        (b"sku,sku\nMUG,red\n", FileFormat.CSV),
        (b"", FileFormat.CSV),
        (b"{", FileFormat.JSONL),
        (b"[1]", FileFormat.JSONL),
        (b'{"sku": "MUG", "colour": 1}', FileFormat.JSONL),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(store: Database, content: bytes, file_format: FileFormat) -> None:
    with pytest.raises(InvalidInput) as refused:
        take_in(store, content, file_format)
    assert refused.value.field == "body"
    with store.read() as tx:
        assert rows_of(tx, Product) == 0


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_groups_and_variants_go_out_and_come_in_again(store: Database, file_format: FileFormat) -> None:
    shirt = a_group(store)
    vary(
        store,
        shirt,
        {"sku": "S-1", "options": {"Size": "S", "Colour": "red"}},
        {"sku": "S-2", "options": {"Size": "M", "Colour": "red"}, "attributes": {"fit": "slim"}},
    )
    a_product(store, "MUG", description='Says "hi",\nand more')
    before = exported(store, file_format)
    empty(store)
    assert counts(take_in(store, before, file_format)) == (4, 0, 0, 0)
    assert sorted(exported(store, file_format).splitlines()) == sorted(before.splitlines())
    assert counts(take_in(store, before, file_format)) == (0, 0, 4, 0)


def test_a_variant_that_does_not_fit_is_refused_and_its_group_stays(store: Database) -> None:
    lines = [
        {"sku": "S-1", "parent_sku": "SHIRT", "options": {"Size": "S"}},
        {"sku": "S-2", "parent_sku": "SHIRT", "options": {"Size": "XL"}},
        {"sku": "S-3", "parent_sku": "NONE", "options": {"Size": "S"}},
        {"sku": "S-4", "parent_sku": "SHIRT", "options": {"Size": "S"}},
        {"sku": "SHIRT", "kind": "group", "name": "Shirt", "options": {"Size": ["S", "M"]}},
    ]
    report = take_in(store, b"\n".join(orjson.dumps(line) for line in lines), FileFormat.JSONL)
    assert counts(report) == (2, 0, 0, 3)
    assert [(error.row, error.sku, error.field) for error in report.errors] == [
        (2, "S-2", "options"),
        (3, "S-3", "parent_sku"),
        (4, "S-4", "sku"),
    ]


def test_cells_that_a_spreadsheet_would_run_are_kept_from_it(store: Database) -> None:
    for number, name in enumerate(("=1+1", "+1", "-1", "@SUM(A1)", "'=1", "plain")):
        a_product(store, f"P{number}", name)
    content = exported(store).decode()
    shown = [row["name"] for row in csv.DictReader(io.StringIO(content))]
    assert shown == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "''=1", "plain"]
    assert counts(take_in(store, content)) == (0, 0, 6, 0)


def test_an_export_has_no_last_page(store: Database) -> None:
    take_in(store, "sku\n" + "\n".join(f"SKU-{i}" for i in range(1_203)))
    assert len(exported(store).splitlines()) == 1_204
    assert exported(store).splitlines()[0].decode().split(",") == list(COLUMNS)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip).map(str.strip)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"sku": TEXT, "name": TEXT},
        optional={
            "brand": TEXT,
            "description": TEXT,
            "attributes": st.dictionaries(TEXT, TEXT | st.booleans() | st.integers(-99, 99), min_size=1, max_size=2),
        },
    ),
    max_size=5,
    unique_by=lambda row: str(row["sku"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_any_text_survives_the_way_out_and_in(store: Database, told: list[dict[str, Any]]) -> None:
    empty(store)
    take_in(store, b"\n".join(orjson.dumps(row) for row in told), FileFormat.JSONL)
    for file_format in FileFormat:
        report = take_in(store, exported(store, file_format), file_format)
        assert counts(report) == (0, 0, len(told), 0)
