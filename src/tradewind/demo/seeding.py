"""Seeds a store with the demo's history. Safe to call at every start: what is booked is not booked again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from tradewind.commerce.booking import Effect, Origin
from tradewind.commerce.catalog.service import put_products
from tradewind.commerce.customers.service import ensure_customers
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.commerce.payments.service import record_payments
from tradewind.commerce.rates.service import put_rates
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.settings import Settings
from tradewind.demo.assortment import assortment
from tradewind.demo.history import Chapter, tell_history
from tradewind.demo.ledger import (
    Books,
    begin_run,
    demo_run,
    move_on,
    open_outlets,
    plan_of,
    raise_refusals,
)
from tradewind.demo.plan import DEFAULT_ORDERS, DEFAULT_SEED, StorePlan
from tradewind.demo.suppliers import open_suppliers
from tradewind.demo.totals import Totals

Progress = Callable[[int, int], None]
"""Called with the orders told so far and all of them, after each transaction."""


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What is in the store now. Unchanged: it was all there already. `plan` is that of the store, whatever
    was asked for."""

    effect: Effect
    plan: StorePlan
    counts: dict[str, int]
    """Of the whole history: orders, customers, payments, refunds, reviews."""
    seconds: float
    totals: Totals | None
    """What the whole history has to add up to; None when it was seeded earlier (see `expected_totals`)."""


def seed_store(
    database: Database,
    settings: Settings,
    clock: Clock,
    *,
    orders: int = DEFAULT_ORDERS,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> SeedResult:
    """Books two years of invented sales up to now, or as much of them as is still missing.

    A store has one demo history. Where one was begun, it is finished as it was planned then, with its own
    size, seed and end; other wishes come too late. Needs a store with the newest schema.
    """
    started = time.monotonic()
    with database.write(alone=True) as tx:
        run = demo_run(tx, lock=True)
        is_new = run is None
        if run is None:
            plan = StorePlan.of(settings.store, ends_at=clock.now(), orders=orders, seed=seed)
            run = begin_run(tx, plan, clock.now())
        if run.status == "finished":
            return SeedResult(Effect.UNCHANGED, plan_of(run), dict(run.counts), time.monotonic() - started, None)
        plan = plan_of(run)
        open_outlets(tx, plan.ends_at)
        products = assortment(plan.seed, plan.first_day, plan.last_day)
        books = Books(tx, [product.sku for product in products])
    totals = Totals(plan.zone)
    for chapter in tell_history(plan):
        _book_once(database, clock, books, chapter)
        totals = chapter.totals
        if progress is not None:
            progress(totals.orders, plan.orders)
    with database.write(alone=True) as tx:
        run = demo_run(tx, lock=True)
        if run is not None and run.status != "finished":
            books.find_products(tx)
            on_sale = [product for product in products if product.is_on_sale(plan.last_day)]
            open_suppliers(tx, on_sale, books.product_ids, plan.currency, plan.ends_at)
            run.status, run.finished_at, run.counts = "finished", clock.now(), _counts(totals)
    return SeedResult(
        Effect.CREATED if is_new else Effect.CHANGED, plan, _counts(totals), time.monotonic() - started, totals
    )


def _book_once(database: Database, clock: Clock, books: Books, chapter: Chapter) -> None:
    """Books a chapter in one transaction, unless it was booked before, here or by another process."""
    with database.read() as tx:
        run = demo_run(tx)
        if run is not None and run.position["chapters"] > chapter.number:
            return
    with database.write(alone=True) as tx:
        run = demo_run(tx, lock=True)
        if run is None or run.position["chapters"] > chapter.number:
            return
        _book(tx, books, chapter)
        move_on(run, clock.now(), chapter.counters, chapters=chapter.number + 1)


def _book(tx: Session, books: Books, chapter: Chapter) -> None:
    """All of a chapter, as if it had been booked when it happened: the rows' own times are of then."""
    now = chapter.ends_at
    put_rates(tx, chapter.rates, source="demo", now=now)
    for moment, told in groupby(chapter.products, key=_moment):
        put_products(tx, [product for _, product in told], now=moment)
    books.find_products(tx)
    books.move_stock(tx, chapter.movements, now)
    for channel, sales in chapter.sales.items():
        # People are known before they buy; their orders are booked at the chapter's end.
        people = [sale.order.customer for sale in sales if sale.order.customer is not None]
        ensure_customers(tx, people, books.booking(channel, chapter.starts_at, Origin.SIMULATOR))
        booking = books.booking(channel, now, Origin.SIMULATOR)
        raise_refusals(book_orders(tx, [sale.order for sale in sales], booking))
        raise_refusals(record_payments(tx, chapter.payments[channel], booking))
    for channel, refunds in chapter.refunds.items():
        raise_refusals(book_refunds(tx, refunds, books.booking(channel, now, Origin.SIMULATOR)))
    for channel, reviews in chapter.reviews.items():
        books.review(tx, reviews, books.booking(channel, now, Origin.SIMULATOR))


def _moment(entry: tuple[datetime, object]) -> datetime:
    return entry[0]


def _counts(totals: Totals) -> dict[str, int]:
    return {
        "orders": totals.orders,
        "customers": totals.customers,
        "payments": totals.payments,
        "refunds": totals.refunds,
        "reviews": totals.reviews,
    }
