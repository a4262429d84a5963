"""The generic format: what its columns mean, and that the order of rows does not matter."""

from __future__ import annotations

import random
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.conftest import Shop
from tradewind.core.database import Database


def test_all_columns_reach_the_books(shop: Shop) -> None:
    header = (
        "order_number,external_id,placed_at,status,payment_status,currency,customer_id,customer_email,customer_name,"
        "country,region,city,shipping,order_discount,order_tax,other,fees,line_id,sku,product_name,category,quantity,"
        "unit_price,discount,tax,unit_cost,note\n"
    )
    first = (
        "A1,9001,2026-01-02T10:00:00+01:00,Shipped,paid,eur,C7,ann@example.com,Ann,Germany,BE,Berlin,"
        "4.90,3.00,2.50,1.00,0.75,L1,MUG,Red mug,Home / Kitchen,2,10.00,0.50,,4.00,gift\n"
    )
    second = "A1,,,,,,,,,,,,,,,,,L2,TEE,Tee,Clothes,1,5.50,,,,\n"
    result = shop.run("generic", shop.file("orders.csv", header + first + second))
    assert result.exit_code == 0
    assert shop.rows(
        "SELECT external_id, status, payment_status, currency, subtotal_minor, discount_minor, shipping_minor,"
        " tax_minor, other_minor, fees_minor, total_minor, revenue_minor, units, ship_country, ship_region, ship_city,"
        " note FROM orders"
    ) == [("9001", "shipped", "paid", "EUR", 2550, 350, 490, 250, 100, 75, 3040, 2200, 3, "DE", "BE", "Berlin", "gift")]
    assert shop.rows("SELECT line_no, external_line_id, name, unit_cost_micros FROM order_items ORDER BY 1") == [
        (1, "L1", "Red mug", 4_000_000),
        (2, "L2", "Tee", None),
    ]
    assert shop.rows("SELECT external_id, email, name, country FROM customers") == [
        ("C7", "ann@example.com", "Ann", "DE")
    ]
    assert sorted(shop.rows("SELECT path FROM categories")) == [("Clothes",), ("Home",), ("Home / Kitchen",)]
    assert str(shop.value("SELECT placed_at FROM orders")).startswith("2026-01-02 09:00")
    assert result.sums()["EUR"]["sold"] == Decimal("22.00")


def test_a_refund_row_gives_money_and_units_back(shop: Shop) -> None:
    path = shop.file(
        "orders.csv",
        "order_number,placed_at,sku,quantity,unit_price,currency,type,refund_number\n"
        "A,2026-01-02,MUG,3,10,EUR,,\nA,2026-01-09,MUG,1,10,EUR,refund,\nA,2026-01-12,MUG,1,9,EUR,refund,R-77\n",
    )
    result = shop.run("generic", path, location="main")
    assert sorted(shop.rows("SELECT external_id, items_minor, units FROM refunds")) == [
        ("A:refund", 1000, 1),
        ("R-77", 900, 1),
    ]
    assert shop.value("SELECT count(*) FROM refunds r JOIN orders o ON o.id = r.order_id") == 2
    assert shop.value("SELECT on_hand FROM stock") == -1
    assert (result.count("lines.orders"), result.count("lines.refunds")) == (1, 2)
    assert result.sums()["EUR"] | {} == {
        "gross": Decimal("30.00"),
        "sold": Decimal("30.00"),
        "shipping": Decimal("0.00"),
        "refunded": Decimal("19.00"),
        "paid": Decimal("0.00"),
        "advertising": Decimal("0.00"),
    }


def test_a_newer_file_changes_the_orders_it_tells_anew_and_an_older_one_does_not(shop: Shop) -> None:
    header = "order_number,placed_at,sku,quantity,unit_price,currency,status,updated_at\n"
    row = "A,2026-01-02,MUG,1,10,EUR,{},{}\n"
    shop.run("generic", shop.file("1.csv", header + row.format("confirmed", "2026-01-03")))
    newer = shop.run("generic", shop.file("2.csv", header + row.format("shipped", "2026-01-05")))
    older = shop.run("generic", shop.file("3.csv", header + row.format("processing", "2026-01-04")))
    assert (newer.count("orders.changed"), older.count("orders.unchanged")) == (1, 1)
    assert shop.rows("SELECT status, version FROM orders") == [("shipped", 2)]


def test_odd_dates_are_booked_with_a_warning(sqlite_shop: Shop) -> None:
    path = sqlite_shop.file(
        "orders.csv",
        "order_number,placed_at,sku,quantity,unit_price,currency\nA,2031-01-02,MUG,1,10,EUR\n"
        "B,1985-01-02,MUG,1,10,EUR\n",
    )
    result = sqlite_shop.run("generic", path)
    assert result.exit_code == 0
    assert dict(result.tally.warnings) == {"date_ahead": 1, "date_early": 1}
    assert "placed in the future, at 2031-01-02" in result.tally.examples["date_ahead"]


def test_a_dry_run_leaves_no_row_and_tells_the_same(shop: Shop) -> None:
    text = "order_number,placed_at,sku,quantity,unit_price,currency,customer_id\n" + "".join(
        f"A{n},2026-01-02,SKU{n % 7},{n % 3 + (n % 50 > 0)},9.99,EUR,C{n % 11}\n" for n in range(300)
    )
    path = shop.file("orders.csv", text)
    dry = shop.run("generic", path, is_dry_run=True, chunk_orders=40, location="main")
    assert all(count == 0 for count in shop.counts().values())
    assert [
        shop.value(f"SELECT count(*) FROM {table}") for table in ("channels", "locations", "sync_runs", "customers")
    ] == [0] * 4
    dry_problems = shop.problems(dry)
    real = shop.run("generic", path, chunk_orders=40, location="main")
    assert dry.as_document()["orders"] == real.as_document()["orders"]
    assert real.count("orders.refused") == len(dry_problems) > 0
    assert (dry.sums(), dry.as_document()["rows"], dry.as_document()["lines"]) == (
        real.sums(),
        real.as_document()["rows"],
        real.as_document()["lines"],
    )
    assert dry_problems == shop.problems(real)


Row = dict[str, Any]


@st.composite
def orders_with_lines(draw: st.DrawFn) -> list[Row]:
    """Rows of some orders; now and then one that cannot be booked."""
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 6))):
        header = {
            "order_number": f"N{number}",
            "placed_at": f"2026-01-{number + 1:02}",
            "currency": draw(st.sampled_from(["EUR", "JPY", "KWD"])),
            "customer_id": draw(st.sampled_from(["", "C1", "C2"])),
            "order_discount": draw(st.sampled_from(["", "0.01", "1.00"])),
        }
        rows += [
            header
            | {
                "line_no": line,
                "sku": draw(st.sampled_from(["MUG", "TEE", "CUP"])),
                "quantity": draw(st.sampled_from([1, 2, 7, 1000, 1, 2, 3, 0])),
                "unit_price": draw(st.decimals("0.01", "99.99", places=3)),
            }
            for line in range(1, draw(st.integers(1, 5)) + 1)
        ]
    return rows


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=orders_with_lines(), seed=st.integers(0, 2**16), chunk=st.integers(1, 4))
def test_a_shuffled_file_books_the_same(
    migrated_sqlite: Path, tmp_path: Path, rows: list[Row], seed: int, chunk: int
) -> None:
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    books = []
    for name, told in (("sorted", rows), ("shuffled", shuffled)):
        folder = tmp_path / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(migrated_sqlite, folder / "store.db")
        shop = Shop(Database(f"sqlite:///{folder / 'store.db'}"), folder / "data", folder)
        text = ",".join(rows[0]) + "\n" + "".join(",".join(str(value) for value in row.values()) + "\n" for row in told)
        path = shop.file("orders.csv", text)
        result = shop.run("generic", path, chunk_orders=chunk)
        books.append((shop.booked(), result.sums(), result.as_document()["rows"]))
        again = shop.run("generic", path, again=True)
        assert again.changed_nothing
        shop.database.close()
    assert books[0] == books[1]


def test_an_order_whose_refund_is_refused_is_not_booked_either(shop: Shop) -> None:
    header = "order_number,placed_at,sku,quantity,unit_price,currency,type,refund_number\n"
    shop.run("generic", shop.file("1.csv", header + "OLD,2026-01-09,MUG,1,10,EUR,refund,R-1\n"))
    before = shop.booked()
    text = header + "A,2026-01-02,TEE,3,10,EUR,,\nA,2026-01-09,MUG,1,99,EUR,refund,R-1\nB,2026-01-02,CUP,1,2,EUR,,\n"
    result = shop.run("generic", shop.file("2.csv", text))
    (problem,) = shop.problems(result)
    assert "Refund R-1 is already booked with other content" in problem["reason"]
    assert shop.rows("SELECT order_number FROM orders") == [("B",)]
    assert sorted(shop.rows("SELECT sku FROM products")) == [("CUP",), ("MUG",)]
    assert shop.booked()["refunds"] == before["refunds"]
    assert (result.count("orders.created"), result.count("orders.refused"), result.refused_rows) == (1, 1, 2)
    assert result.sums()["EUR"]["gross"] == Decimal("2.00")
