"""A store that plans: three goods, two places, a supplier, and past sales that are told through the production way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Api, opened, serving
from tests.spine import NOON, Shop, a_line, an_order
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.inventory.adjustments import Adjustment, adjust
from tradewind.commerce.inventory.locations import NewLocation, create_location
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.purchasing.suppliers import NewSupplier, Offer, create_supplier, put_offers
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database

ADA = Actor("ada")
SKUS = ("MUG", "CUP", "JUG", "NEW")


class Stocked:
    """The store's ids by name."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as tx:
            put_products(
                tx,
                [
                    NewProduct("MUG", "Mug, red", currency="EUR", price=Decimal("10.00"), unit_cost=Decimal("4.00")),
                    NewProduct("CUP", "Cup", currency="EUR", price=Decimal("8.00"), unit_cost=Decimal("3.00")),
                    NewProduct("JUG", "=Jug", currency="EUR", price=Decimal("30.00"), unit_cost=Decimal("12.00")),
                    NewProduct("NEW", "New thing", currency="EUR", price=Decimal("5.00"), unit_cost=Decimal("2.00")),
                ],
                now=NOON - timedelta(days=400),
            )
            self.ids = {sku: ref.id for sku, ref in find_products(tx, list(SKUS)).items()}
            self.main = ensure_location(tx, "main", name="Main", now=NOON).id
            self.shop = create_location(tx, NewLocation("shop-2", "Shop", "shop"), actor=ADA, now=NOON).id
            self.potter = create_supplier(
                tx, NewSupplier("potter", "The Potter", "EUR", lead_time_days=10), actor=ADA, now=NOON
            ).id
            put_offers(
                tx,
                self.potter,
                [
                    Offer(self.ids["MUG"], Decimal("3.50"), min_quantity=24, pack_size=12),
                    Offer(self.ids["CUP"], None),
                ],
                actor=ADA,
                now=NOON,
            )

    def receive(
        self, sku: str, units: int, at: str | None = None, *, reason: Reason = Reason.RECEIPT, **more: Any
    ) -> None:
        with self.database.write() as tx:
            told = Adjustment(self.ids[sku], at or self.main, units, reason, **more)
            adjust(tx, [told], actor=ADA, now=NOON - timedelta(days=300))

    def sell(self, days: int = 100) -> None:
        """Four mugs and two cups a day, a jug every fifth; more on some days than on others."""
        shop = Shop.open(self.database, keeps_stock=False)
        orders = []
        for ago in range(1, days + 1):
            lines = [a_line("MUG", 2 + 4 * (ago % 2), "10.00"), a_line("CUP", 1 + 2 * (ago % 2), "8.00")]
            if ago % 5 == 0:
                lines.append(a_line("JUG", 1, "30.00"))
            orders.append(
                an_order(f"A-{ago}", *lines, placed_at=NOON - timedelta(days=ago), status=OrderStatus.DELIVERED)
            )
        shop.book(*orders)


@pytest.fixture(scope="module")
def planned(chdb_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, Stocked]]:
    """A server on a store with sales, signed in; nothing is planned yet."""
    with opened(tmp_path_factory.mktemp("plans"), chdb_path, ManualClock(NOON)) as platform:
        stocked = Stocked(platform.database)
        stocked.receive("MUG", 60)
        stocked.receive("CUP", 10)
        stocked.receive("CUP", 400, stocked.shop)
        stocked.receive("JUG", 5)
        stocked.sell()
        platform.settle()
        with serving(platform, ManualClock(NOON)) as made:
            made.as_user("ada")
            yield made, stocked


@pytest.fixture
def api(planned: tuple[Api, Stocked]) -> Api:
    return planned[0]


@pytest.fixture
def stocked(planned: tuple[Api, Stocked]) -> Stocked:
    return planned[1]
