"""Short ways to say what a test of stock needs: goods, places to keep them, and what must hold of both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from tests.spine import NOON
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.inventory.adjustments import Adjustment, adjust
from tradewind.commerce.inventory.locations import NewLocation, create_location
from tradewind.commerce.inventory.model import Reason, Reservation, Stock, StockMovement, Transfer, TransferLine
from tradewind.commerce.inventory.reservations import Availability, Wanted, availability, release, reserve
from tradewind.commerce.purchasing.model import PurchaseOrder, PurchaseOrderLine
from tradewind.commerce.purchasing.orders import UNDER_WAY
from tradewind.core.database import Database

ADA = Actor("ada")
LATER = NOON + timedelta(minutes=15)


class Shelves:
    """Goods of a store, a service, and two places."""

    def __init__(self, database: Database, *skus: str) -> None:
        self.database = database
        with database.write() as tx:
            put_products(tx, [NewProduct(sku) for sku in skus], now=NOON)
            put_products(tx, [NewProduct("WRAP", kind=ProductKind.SERVICE)], now=NOON)
            self.ids = {sku: ref.id for sku, ref in find_products(tx, [*skus, "WRAP"]).items()}
            self.main = create_location(tx, NewLocation("main", "Main"), actor=ADA, now=NOON).id
            self.shop = create_location(tx, NewLocation("shop", "Shop", "shop"), actor=ADA, now=NOON).id

    def do(self, call: Callable[..., Any], *args: Any, now: datetime = NOON, **named: Any) -> Any:
        """A use case in a transaction of its own."""
        with self.database.write() as tx:
            return call(tx, *args, actor=ADA, now=now, **named)

    def change(
        self, sku: str, delta: int, reason: Reason = Reason.ADJUSTMENT, *, at: str | None = None, **more: Any
    ) -> None:
        self.do(adjust, [self.adjustment(sku, delta, reason, at=at, **more)])

    def adjustment(
        self, sku: str, delta: int, reason: Reason = Reason.ADJUSTMENT, *, at: str | None = None, **more: Any
    ) -> Adjustment:
        return Adjustment(self.ids[sku], at or self.main, delta, reason, **more)

    def stocked(self, **units: int) -> Shelves:
        """Receipts at the main place."""
        for sku, count in units.items():
            self.change(sku, count, Reason.RECEIPT)
        return self

    def wanted(self, **units: int) -> list[Wanted]:
        return [Wanted(self.ids[sku], self.main, count) for sku, count in units.items()]

    def reserve(self, reference: str, *, until: datetime | None = LATER, now: datetime = NOON, **units: int) -> None:
        with self.database.write() as tx:
            reserve(tx, reference, self.wanted(**units), expires_at=until, now=now)

    def release(self, reference: str, *, now: datetime = NOON) -> int:
        with self.database.write() as tx:
            return release(tx, reference, now=now)

    def there(self, sku: str, *, now: datetime = NOON, at: str | None = None) -> Availability:
        with self.database.read() as tx:
            places = None if at is None else [at]
            return availability(tx, [self.ids[sku]], now=now, location_ids=places)[self.ids[sku]]

    def available(self, sku: str, *, now: datetime = NOON) -> int:
        return self.there(sku, now=now).available

    def on_hand(self, sku: str, *, at: str | None = None) -> int:
        with self.database.read() as tx:
            query = select(Stock.on_hand).where(Stock.product_id == self.ids[sku])
            return tx.scalar(query.where(Stock.location_id == (at or self.main))) or 0


def assert_books_agree(database: Database) -> None:
    """Levels are the sums of movements, of reservations, and of what is on its way."""
    with database.read() as tx:
        columns = (Stock.product_id, Stock.location_id, Stock.on_hand, Stock.reserved, Stock.inbound)
        levels = tx.execute(select(*columns)).all()
        moved = _sums(tx, StockMovement.product_id, StockMovement.location_id, StockMovement.delta)
        promised = _sums(tx, Reservation.product_id, Reservation.location_id, Reservation.quantity)
        coming: dict[tuple[str, str], int] = {}
        way = select(TransferLine.product_id, Transfer.to_location_id, TransferLine.quantity - TransferLine.received)
        way = way.join(Transfer, Transfer.id == TransferLine.transfer_id).where(Transfer.status == "shipped")
        line = PurchaseOrderLine
        bought = select(line.product_id, PurchaseOrder.location_id, line.quantity - line.received)
        bought = bought.join(PurchaseOrder, PurchaseOrder.id == line.purchase_order_id)
        bought = bought.where(PurchaseOrder.status.in_([str(s) for s in UNDER_WAY]), line.received < line.quantity)
        for query in (way, bought):
            for product_id, location_id, units in tx.execute(query):
                coming[product_id, location_id] = coming.get((product_id, location_id), 0) + units
    for level in levels:
        key = (level.product_id, level.location_id)
        assert level.on_hand == moved.pop(key, 0), "on hand is not the sum of movements"
        assert level.reserved == promised.pop(key, 0), "reserved is not the sum of reservations"
        assert level.inbound == coming.pop(key, 0), "inbound is not what is on its way"
    assert promised == {}, "a level is missing"
    assert not any(moved.values()), "a level is missing"
    assert not any(coming.values()), "a level is missing"


def at_once(*calls: Callable[[], Any]) -> list[Exception]:
    """Runs the calls in threads of their own, begun together; returns what they raised."""
    failures: list[Exception] = []
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> None:
        ready.wait(10)
        try:
            call()
        except Exception as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def _sums(tx: Any, product: Any, location: Any, units: Any) -> dict[tuple[str, str], int]:
    rows = tx.execute(select(product, location, func.sum(units)).group_by(product, location))
    return {(row[0], row[1]): int(row[2]) for row in rows}


def audited(database: Database, subject_id: str) -> list[tuple[str, str, Any, Any]]:
    """Who did what to a thing, the first step first: name, action, before, after."""
    with database.read() as tx:
        query = select(AuditEntry.actor, AuditEntry.action, AuditEntry.before, AuditEntry.after)
        rows = tx.execute(query.where(AuditEntry.subject_id == subject_id).order_by(AuditEntry.id))
        return [(row.actor, row.action, row.before, row.after) for row in rows]
