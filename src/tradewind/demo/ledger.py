"""Books what the demo tells through commerce, and remembers in the store itself how far it has come.

The demo has one row among the sync runs. Its position moves in the transaction of what it stands for, so
whoever continues, after a crash or beside another process, knows what is booked and which numbers are taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.channels.model import SyncRun
from tradewind.commerce.booking import Booking, Effect, Origin, Outcome, chunks
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.catalog.service import ensure_channel, find_products
from tradewind.commerce.inventory.model import Location
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.orders.model import Order
from tradewind.commerce.reviews.service import NewReview, record_reviews
from tradewind.core.errors import NotFound
from tradewind.core.ids import new_id
from tradewind.demo.aftermath import PlannedReview
from tradewind.demo.outlets import LOCATIONS, OUTLETS
from tradewind.demo.plan import StorePlan
from tradewind.demo.sales import Counters
from tradewind.demo.shelf import PlannedMovement

KIND = "demo"
FINGERPRINT = "demo-store"


class NotSeeded(NotFound):
    """The simulator goes on from a history, and there is none."""

    code = "demo_not_seeded"

    def __init__(self) -> None:
        super().__init__("This store has no demo history to go on from. Seed it first: tradewind up --demo does.")


def demo_run(tx: Session, *, lock: bool = False) -> SyncRun | None:
    """The demo's own row. Locked: nobody else books for the demo until this transaction ends."""
    query = (
        select(SyncRun).where(SyncRun.fingerprint == FINGERPRINT, SyncRun.kind == KIND).order_by(SyncRun.id).limit(1)
    )
    return tx.scalar(query.with_for_update() if lock else query)


def begin_run(tx: Session, plan: StorePlan, now: datetime) -> SyncRun:
    run = SyncRun(
        id=new_id(),
        kind=KIND,
        source=f"demo store, seed {plan.seed}",
        fingerprint=FINGERPRINT,
        status="running",
        position={"plan": plan.as_json(), "chapters": 0},
        counts={},
        started_at=now,
        updated_at=now,
    )
    tx.add(run)
    tx.flush()
    return run


def move_on(run: SyncRun, now: datetime, counters: Counters, **position: Any) -> None:
    """Takes down how far the run has come; a new object, because changes inside a JSON value go unnoticed."""
    run.position = run.position | asdict(counters) | position
    run.updated_at = now


def plan_of(run: SyncRun) -> StorePlan:
    return StorePlan.from_json(run.position["plan"])


def counters_of(run: SyncRun) -> Counters:
    return Counters(dict(run.position.get("orders", {})), dict(run.position.get("customers", {})))


def open_outlets(tx: Session, now: datetime) -> None:
    """Channels and locations, made when they are not there yet."""
    for outlet in OUTLETS:
        ensure_channel(tx, outlet.code, name=outlet.name, kind=outlet.kind, now=now)
    for code, name in LOCATIONS.items():
        ensure_location(tx, code, name=name, now=now)


class Books:
    """Ids of the demo's channels, locations and products, and the ways to book under them."""

    def __init__(self, tx: Session, skus: Sequence[str]) -> None:
        codes = [outlet.code for outlet in OUTLETS]
        rows = tx.execute(select(SalesChannel.code, SalesChannel.id).where(SalesChannel.code.in_(codes)))
        self.channel_ids = {row.code: row.id for row in rows}
        places = tx.execute(select(Location.code, Location.id).where(Location.code.in_(list(LOCATIONS))))
        self.location_ids = {row.code: row.id for row in places}
        self._skus = skus
        self.product_ids: dict[str, str] = {}

    def booking(self, channel: str, now: datetime, origin: Origin) -> Booking:
        location = next(outlet.location for outlet in OUTLETS if outlet.code == channel)
        return Booking(self.channel_ids[channel], channel, now, origin, self.location_ids[location])

    def find_products(self, tx: Session) -> None:
        """Looks up those products of the range that are not known yet: it is launched bit by bit."""
        missing = [sku for sku in self._skus if sku not in self.product_ids]
        self.product_ids |= {sku: ref.id for sku, ref in find_products(tx, missing).items()}

    def move_stock(self, tx: Session, movements: Sequence[PlannedMovement], now: datetime) -> int:
        return record_movements(
            tx,
            [
                NewMovement(
                    product_id=self.product_ids[m.sku],
                    location_id=self.location_ids[m.location],
                    delta=m.delta,
                    reason=m.reason,
                    occurred_at=m.occurred_at,
                    source_key=m.source_key,
                    note=m.note,
                )
                for m in movements
            ],
            now=now,
        )

    def review(self, tx: Session, reviews: Sequence[PlannedReview], booking: Booking) -> int:
        orders: dict[str, tuple[str, str | None]] = {}
        for part in chunks({review.order_number for review in reviews}):
            query = select(Order.order_number, Order.id, Order.customer_id).where(
                Order.channel_id == booking.channel_id, Order.order_number.in_(part)
            )
            orders |= {row.order_number: (row.id, row.customer_id) for row in tx.execute(query)}
        told = [
            NewReview(
                external_id=review.external_id,
                product_id=self.product_ids[review.sku],
                rating=review.rating,
                reviewed_at=review.reviewed_at,
                title=review.title,
                comment=review.comment,
                order_id=orders[review.order_number][0],
                customer_id=orders[review.order_number][1],
            )
            for review in reviews
            if review.order_number in orders
        ]
        return record_reviews(tx, told, booking)


def raise_refusals(outcomes: Sequence[Outcome]) -> None:
    """The demo books nothing that could be refused; a refusal means that its numbers are taken, or a mistake in it."""
    for outcome in outcomes:
        if outcome.effect is Effect.REFUSED and outcome.error is not None:
            raise outcome.error
