"""Short ways to say what a test of the spine needs: an order, a shop to book it in, a platform to carry it.

Everything is real: stores, log, engine. Only what outlives a test is shared: one engine per process, whose
database is dropped between tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, Origin, Outcome
from tradewind.commerce.catalog.service import ensure_channel
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine
from tradewind.core.clock import Clock, ManualClock
from tradewind.core.database import Database
from tradewind.core.settings import Settings, load_settings
from tradewind.platform import Platform
from tradewind.warehouse.client import Warehouse

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def a_line(sku: str = "MUG", quantity: int = 1, price: str = "10.00", **more: Any) -> NewLine:
    return NewLine(sku, quantity, Decimal(price), **more)


def an_order(number: str = "A-1", *lines: NewLine, **more: Any) -> NewOrder:
    """A confirmed order of one mug, unless said otherwise."""
    told: dict[str, Any] = {"placed_at": NOON, "currency": "EUR", "lines": lines or (a_line(),)} | more
    return NewOrder(order_number=number, **told)


def a_refund(number: str = "R-1", *lines: NewRefundLine, **more: Any) -> NewRefund:
    told: dict[str, Any] = {
        "refunded_at": NOON + timedelta(days=1),
        "currency": "EUR",
        "lines": lines or (NewRefundLine("MUG", 1, Decimal("10.00")),),
    } | more
    return NewRefund(external_id=number, **told)


@dataclass(frozen=True)
class Shop:
    """A channel of a store with a warehouse to sell from."""

    database: Database
    booking: Booking

    @classmethod
    def open(cls, database: Database, code: str = "shop", *, keeps_stock: bool = True) -> Shop:
        with database.write() as tx:
            channel = ensure_channel(tx, code, name=code.title(), kind="shop", now=NOON)
            location = ensure_location(tx, "main", name="Main", now=NOON)
            where = location.id if keeps_stock else None
            return cls(database, Booking(channel.id, channel.code, NOON, Origin.CHANNEL, where))

    def at(self, moment: datetime) -> Shop:
        return Shop(self.database, replace(self.booking, now=moment))

    def book(self, *orders: NewOrder) -> list[Outcome]:
        """Books a batch in one transaction."""
        with self.database.write() as tx:
            return book_orders(tx, orders, self.booking)


@contextmanager
def a_platform(
    data_dir: Path, engine: Path, *, clock: Clock | None = None, database_url: str | None = None, **areas: Any
) -> Iterator[Platform]:
    """A platform whose warehouse is empty at the start; its loops are not started."""
    platform = Platform(platform_settings(data_dir, engine, database_url, **areas), clock=clock or ManualClock(NOON))
    try:
        yield platform
    finally:
        for database in (platform.warehouse.database, f"{platform.warehouse.database}_live"):
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{database}` SYNC")
        platform.close()


def platform_settings(data_dir: Path, engine: Path, database_url: str | None = None, **areas: Any) -> Settings:
    warehouse = {"url": f"chdb://{engine}"} | areas.pop("warehouse", {})
    database = {"url": database_url} if database_url else {}
    return load_settings(data_dir=data_dir, warehouse=warehouse, database=database, **areas)


def value(warehouse: Warehouse, sql: str) -> Any:
    """The only value of a query's only row."""
    (row,) = warehouse.query(sql)
    (found,) = row.values()
    return found


def rows_of(tx: Session, table: Any) -> int:
    return tx.scalar(select(func.count()).select_from(table)) or 0


def total(tx: Session, column: Any) -> int:
    return int(tx.scalar(select(func.sum(column))) or 0)


def some_orders(count: int, *, prefix: str = "A", skus: int = 5, **more: Any) -> Sequence[NewOrder]:
    """Orders an hour apart, of one or two lines each, with prices that leave a trace in every sum."""
    return [
        an_order(
            f"{prefix}-{i}",
            a_line(f"SKU-{i % skus}", 1 + i % 3, f"{3 + i % 7}.{i % 100:02}"),
            *([a_line(f"SKU-{(i + 1) % skus}", 1, "0.99")] if i % 2 else []),
            **({"placed_at": NOON - timedelta(hours=i), "ship_country": ("DE", "FR", "US")[i % 3]} | more),
        )
        for i in range(count)
    ]
