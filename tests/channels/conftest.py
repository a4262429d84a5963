"""What the tests of file imports share: a store to import into, and what its books say afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tradewind.channels.files.options import ImportOptions, Progress, quiet
from tradewind.channels.files.preset import Preset
from tradewind.channels.files.result import ImportResult
from tradewind.channels.files.service import run_import
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database

NOW = "2026-06-01T12:00:00+00:00"
BOOKS = ("orders", "order_items", "order_history", "payments", "refunds", "refund_items", "stock_movements", "products")


@dataclass(slots=True)
class Shop:
    """A store, and a folder to import from."""

    database: Database
    data_dir: Path
    folder: Path

    def file(self, name: str, content: str | bytes) -> Path:
        """A file to import."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(
        self, preset: Preset | str, path: Path, *, progress: Progress = quiet, now: str = NOW, **options: Any
    ) -> ImportResult:
        chosen = ImportOptions(data_dir=self.data_dir, **options)
        return run_import(self.database, preset, path, options=chosen, progress=progress, clock=ManualClock(now))

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        with self.database.read() as tx:
            return [tuple(row) for row in tx.execute(text(query))]

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def counts(self) -> dict[str, int]:
        """Rows per table of the books, and facts that wait in the outbox."""
        return {table: self.value(f"SELECT count(*) FROM {table}") for table in (*BOOKS, "outbox")}

    def booked(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that was booked, without what differs from one import to the next: ids and the time of day."""
        queries = {
            "orders": "SELECT order_number, external_id, placed_at, status, currency, subtotal_minor, discount_minor,"
            " shipping_minor, tax_minor, total_minor, revenue_minor, units, ship_country FROM orders",
            "lines": "SELECT order_number, line_no, i.sku, quantity, unit_price_micros, i.discount_minor, total_minor"
            " FROM order_items i JOIN orders o ON o.id = i.order_id",
            "refunds": "SELECT external_id, refunded_at, currency, items_minor, amount_minor, units FROM refunds",
            "movements": "SELECT p.sku, m.delta, m.reason, m.occurred_at FROM stock_movements m"
            " JOIN products p ON p.id = m.product_id",
            "stock": "SELECT p.sku, s.on_hand FROM stock s JOIN products p ON p.id = s.product_id",
            "products": "SELECT sku, name, kind FROM products",
            "payments": "SELECT external_id, amount_minor, currency, method FROM payments",
            "facts": "SELECT topic, count(*) FROM outbox GROUP BY topic",
        }
        # Lines keep only what an order's total is made of where SQL's own names would be ambiguous.
        queries["lines"] = queries["lines"].replace("total_minor", "i.total_minor")
        return {name: sorted((_plain(row) for row in self.rows(query)), key=str) for name, query in queries.items()}

    def problems(self, result: ImportResult) -> list[dict[str, str]]:
        """The error report, row by row."""
        import csv

        assert result.errors_path is not None
        with result.errors_path.open(newline="") as file:
            return list(csv.DictReader(file))


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row in which moments and sums look alike on both engines."""
    return tuple(_plain_value(value) for value in row)


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return int(value) if isinstance(value, Decimal | bool) else value


def assert_nothing_booked(shop: Shop) -> None:
    """Not a row in any book, and no fact on its way."""
    assert shop.counts() == dict.fromkeys((*BOOKS, "outbox"), 0)


@pytest.fixture
def shop(store_url: str, data_dir: Path, tmp_path: Path) -> Iterator[Shop]:
    """An empty store; the test runs once on each engine."""
    yield from _open(store_url, data_dir, tmp_path)


@pytest.fixture
def sqlite_shop(migrated_sqlite: Path, data_dir: Path, tmp_path: Path) -> Iterator[Shop]:
    """An empty store on SQLite, for what has nothing to do with the engine."""
    path = tmp_path / "store.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    yield from _open(f"sqlite:///{path}", data_dir, tmp_path)


def _open(url: str, data_dir: Path, tmp_path: Path) -> Iterator[Shop]:
    database = Database(url)
    folder = tmp_path / "files"
    folder.mkdir()
    yield Shop(database, data_dir, folder)
    database.close()


@pytest.fixture
def make_parquet(tmp_path: Path) -> Path:
    """A generic file as Parquet, with prices as binary floating point numbers and moments as such."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "order_number": pa.array([1001.0, 1001.0, 1002.0]),
            "placed_at": pa.array([datetime.fromisoformat("2026-01-02 10:00")] * 3, pa.timestamp("ns")),
            "sku": pa.array(["MUG", "TEE", "MUG"]).dictionary_encode(),
            "quantity": pa.array([3, 1, 1], pa.int16()),
            "unit_price": pa.array([0.1, 19.99, 1234.565]),
            "currency": ["EUR"] * 3,
            "customer_id": pa.array([17850.0, 17850.0, None]),
        }
    )
    path = tmp_path / "made.parquet"
    pq.write_table(table, path)
    return path


@pytest.fixture
def make_xlsx(tmp_path: Path) -> Path:
    """The same as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["order_number", "placed_at", "sku", "quantity", "unit_price", "currency", "customer_id"])
    moment = datetime.fromisoformat("2026-01-02 10:00")
    sheet.append([1001, moment, "MUG", 3, 0.1, "EUR", 17850])
    sheet.append([1001, moment, " TEE ", 1, 19.99, "EUR", 17850])
    sheet.append([None] * 7)
    sheet.append([1002, moment, "MUG", 1, 1234.565, "EUR", None])
    path = tmp_path / "made.xlsx"
    book.save(path)
    return path
