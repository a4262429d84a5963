"""A platform with the live shop on it, its loops not started: `settle` moves all that is booked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.spine import NOON, Shop, a_platform
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.core.clock import ManualClock
from tradewind.platform import Platform

MOMENT = NOON + timedelta(minutes=30)


@dataclass(frozen=True)
class LiveStore:
    """A shop that sells, and its live side as of half past twelve."""

    platform: Platform
    shop: Shop

    def stock(self, **units: int) -> None:
        """Moves units of products, which are there with a price of their own once they are named."""
        with self.platform.database.write() as tx:
            told = [
                NewProduct(
                    sku, sku.title(), ProductKind.GOOD, currency="EUR", price=price_of(sku), category=kind_of(sku)
                )
                for sku in units
                if sku not in find_products(tx, [sku])
            ]
            put_products(tx, told, now=NOON)
            place = ensure_location(tx, "main", name="Main", now=NOON).id
            found = find_products(tx, list(units))
            moved = [
                NewMovement(found[sku].id, place, count, Reason.RECEIPT if count > 0 else Reason.DAMAGE, NOON)
                for sku, count in units.items()
                if count
            ]
            record_movements(tx, moved, now=NOON)

    def grid(self, **values: str) -> list[dict[str, Any]]:
        """The grid once everything that is booked has arrived."""
        self.platform.settle()
        return self.ask("product_grid", **values)

    def ask(self, pipe: str, at: datetime = MOMENT, /, **values: str) -> list[dict[str, Any]]:
        return self.platform.live_shop.ask(pipe, {"at": f"{at:%Y-%m-%d %H:%M:%S}.000", **values})

    def by_sku(self, **values: str) -> dict[str, dict[str, Any]]:
        return {row["sku"]: row for row in self.grid(show_oos="1", **values)}


def price_of(sku: str) -> Decimal:
    """A price that grows with the name."""
    return Decimal(sum(map(ord, sku))) / 100


def kind_of(sku: str) -> str:
    return "Kitchen" if sku < "M" else "Office"


@contextmanager
def a_live_store(data_dir: Path, engine: Path, *, is_open: bool = True) -> Iterator[LiveStore]:
    with a_platform(data_dir, engine, clock=ManualClock(MOMENT)) as platform:
        if is_open:
            platform.live_shop.open()
        yield LiveStore(platform, Shop.open(platform.database))
