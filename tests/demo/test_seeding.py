"""Seeding books the history through commerce: once, completely, and to the cent of what was generated."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.demo.books import NOW, SMALL, SeededStore, broken_invariants, ledger_days, told_days
from tradewind.channels.model import SyncRun
from tradewind.commerce.booking import Effect
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.inventory.low_stock import low_stock
from tradewind.commerce.inventory.model import StockMovement
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.payments.model import Payment, Refund
from tradewind.commerce.purchasing.model import Supplier, SupplierProduct
from tradewind.commerce.rates.model import FxRate
from tradewind.commerce.reviews.model import Review
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.money import to_micros
from tradewind.core.settings import Settings
from tradewind.demo.assortment import assortment
from tradewind.demo.history import expected_totals
from tradewind.demo.seeding import seed_store
from tradewind.demo.suppliers import SUPPLIERS
from tradewind.events.outbox import OutboxRow
from tradewind.migrations import upgrade


def rows(database: Database, table: type[Any]) -> int:
    with database.read() as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0


def fingerprint(database: Database) -> list[tuple[Any, ...]]:
    """The booked content without our own ids."""
    order = (Order.order_number, Order.placed_at, Order.status, Order.total_minor, Order.created_at, Customer.email)
    line = (OrderItem.line_no, OrderItem.sku, OrderItem.quantity, OrderItem.revenue_minor, OrderItem.unit_cost_micros)
    query = select(*order, *line).join(OrderItem, OrderItem.order_id == Order.id)
    query = query.outerjoin(Customer, Customer.id == Order.customer_id)
    moved = select(StockMovement.source_key, StockMovement.delta, StockMovement.occurred_at, Product.sku)
    moved = moved.join(Product, Product.id == StockMovement.product_id).where(StockMovement.source_key.is_not(None))
    with database.read() as tx:
        booked = [tuple(row) for row in tx.execute(query.order_by(Order.order_number, OrderItem.line_no))]
        return booked + [tuple(row) for row in tx.execute(moved.order_by(StockMovement.source_key))]


_ROOT = Path(__file__).resolve().parents[2]
_PATH = os.pathsep.join([str(_ROOT / "src"), str(_ROOT)])


class Interrupted(Exception):
    pass


class DiesInTheMiddle(Database):
    """A store whose n-th transaction fails at its very end, like a process that is killed."""

    dies_at = 0

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Session]:
        with super().write(alone=alone) as tx:
            yield tx
            self.dies_at -= 1
            if self.dies_at == 0:
                raise Interrupted


def test_the_ledger_holds_what_was_generated_to_the_cent(seeded: SeededStore) -> None:
    database = seeded.database
    assert seeded.result.effect is Effect.CREATED
    assert seeded.result.totals is not None
    expected = dict(seeded.result.totals.days)
    assert len({currency for _, _, currency in expected}) == 2
    assert sum(day.refunded for day in expected.values()) > 0
    assert ledger_days(database, seeded.result.plan.zone) == expected
    assert told_days(database, seeded.result.plan.zone) == expected
    assert expected_totals(seeded.result.plan).days == expected


def test_counts_are_those_of_the_tables(seeded_once: SeededStore) -> None:
    database = seeded_once.database
    tables = {"orders": Order, "customers": Customer, "payments": Payment, "refunds": Refund, "reviews": Review}
    assert seeded_once.result.counts == {name: rows(database, table) for name, table in tables.items()}
    assert seeded_once.result.counts["orders"] == SMALL
    assert rows(database, Product) == 120


def test_stock_is_the_sum_of_its_movements_and_nothing_is_oversold(seeded: SeededStore) -> None:
    database = seeded.database
    assert broken_invariants(database) == []


def test_some_products_are_low_and_a_few_are_out(seeded: SeededStore) -> None:
    database = seeded.database
    with database.read() as tx:
        count, worst = low_stock(tx, default_reorder_point=seeded.result.plan.reorder_point, now=NOW, limit=50)
    assert 8 <= count <= 40
    assert {"critical", "warning"} <= {alert.severity for alert in worst}
    assert len({alert.location for alert in worst}) == 2


def test_every_product_on_sale_has_one_supplier_that_asks_what_it_costs(seeded_once: SeededStore) -> None:
    plan = seeded_once.result.plan
    costs = {
        product.sku: to_micros(product.cost(plan.currency))
        for product in assortment(plan.seed, plan.first_day, plan.last_day)
        if product.is_on_sale(plan.last_day)
    }
    query = select(Product.sku, SupplierProduct).join(SupplierProduct, SupplierProduct.product_id == Product.id)
    with seeded_once.database.read() as tx:
        offers = [(sku, offer.cost_micros, offer.min_quantity % offer.pack_size) for sku, offer in tx.execute(query)]
    assert sorted(offers) == sorted((sku, cost, 0) for sku, cost in costs.items())
    assert rows(seeded_once.database, Supplier) == len(SUPPLIERS)


def test_every_foreign_order_has_a_rate_of_its_month(seeded_once: SeededStore) -> None:
    database = seeded_once.database
    with database.read() as tx:
        placed = list(tx.scalars(select(Order.placed_at).where(Order.currency == "USD")))
        months = {rate.day for rate in tx.scalars(select(FxRate).where(FxRate.base == "USD", FxRate.quote == "EUR"))}
    assert placed
    assert {date(at.year, at.month, 1) for at in placed} <= months


def test_history_carries_its_own_dates(seeded_once: SeededStore) -> None:
    """Nobody buys before we know them, and a product is not older or newer than its launch."""
    database = seeded_once.database
    with database.read() as tx:
        known_late = select(Order.id).join(Customer, Customer.id == Order.customer_id)
        assert tx.scalars(known_late.where(Customer.created_at > Order.placed_at)).all() == []
        newest = tx.scalar(select(func.max(Order.created_at)))
        launched = tx.scalars(select(Product.created_at)).all()
    assert newest == seeded_once.result.plan.ends_at
    assert max(launched) - min(launched) > timedelta(days=900)


def test_a_second_start_books_nothing(seeded: SeededStore, settings: Settings, clock: ManualClock) -> None:
    database = seeded.database
    facts = rows(database, OutboxRow)
    clock.advance(days=3)

    again = seed_store(database, settings, clock, orders=9_999, seed=1)

    assert again.effect is Effect.UNCHANGED
    assert (again.plan, again.counts) == (seeded.result.plan, seeded.result.counts)
    assert rows(database, OutboxRow) == facts
    assert rows(database, SyncRun) == 1


def test_an_interrupted_seeding_is_finished_as_it_was_planned(
    store_url: str, tmp_path: Path, settings: Settings, clock: ManualClock
) -> None:
    whole, broken = Database(f"sqlite:///{tmp_path / 'whole.db'}"), DiesInTheMiddle(store_url)
    upgrade(whole)
    seed_store(whole, settings, clock, orders=900)
    for dies_at in (1, 2, 3):
        broken.dies_at = dies_at
        with pytest.raises(Interrupted):
            seed_store(broken, settings, clock, orders=900)
    clock.advance(hours=5)
    broken.dies_at = 0
    # The first attempt died before it had a plan, so the plan is that of the second, of the same moment.
    finished = seed_store(broken, settings, clock, orders=77, seed=1)

    assert finished.effect is Effect.CHANGED
    assert finished.plan.orders == 900
    assert fingerprint(broken) == fingerprint(whole)
    assert broken_invariants(broken) == []
    assert finished.totals is not None
    assert ledger_days(broken, finished.plan.zone) == dict(finished.totals.days)
    for database in (whole, broken):
        database.close()


_SEEDS_UNTIL_KILLED = """
import sys
from tests.demo.books import NOW
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.settings import Settings
from tradewind.demo.seeding import seed_store

def told(done, whole):
    print(done, flush=True)

seed_store(Database(sys.argv[1]), Settings(_env_file=None), ManualClock(NOW), orders=2_500, progress=told)
"""


@pytest.mark.crash
def test_a_killed_seeding_loses_and_doubles_nothing(
    sqlite_database: Database, settings: Settings, clock: ManualClock
) -> None:
    for chapters in (1, 3):
        command = [sys.executable, "-c", _SEEDS_UNTIL_KILLED, sqlite_database.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": _PATH}) as child:
            assert child.stdout is not None
            for _ in range(chapters):
                assert child.stdout.readline()
            child.kill()
    assert 0 < rows(sqlite_database, Order) < 2_500
    assert broken_invariants(sqlite_database) == []

    finished = seed_store(sqlite_database, settings, clock)

    assert finished.effect is Effect.CHANGED
    assert rows(sqlite_database, Order) == finished.plan.orders == 2_500
    assert finished.totals is not None
    assert ledger_days(sqlite_database, finished.plan.zone) == dict(finished.totals.days)
    assert told_days(sqlite_database, finished.plan.zone) == dict(finished.totals.days)
    assert broken_invariants(sqlite_database) == []


def test_progress_ends_at_all_orders(sqlite_database: Database, settings: Settings, clock: ManualClock) -> None:
    seen: list[tuple[int, int]] = []
    seed_store(sqlite_database, settings, clock, orders=1_000, progress=lambda done, whole: seen.append((done, whole)))
    assert seen == sorted(seen)
    assert seen[-1] == (1_000, 1_000)


def test_two_processes_that_seed_at_once_book_one_history(
    database: Database, settings: Settings, clock: ManualClock, store_url: str
) -> None:
    """The second one comes in the middle of the first and overtakes it."""
    other = Database(store_url)

    def overtake(done: int, whole: int) -> None:
        if done < whole:
            seed_store(other, settings, clock)

    first = seed_store(database, settings, clock, orders=1_200, progress=overtake)
    other.close()

    assert rows(database, Order) == 1_200
    assert first.totals is not None
    assert ledger_days(database, first.plan.zone) == dict(first.totals.days)


@pytest.mark.parametrize(("currency", "foreign"), [("USD", "CAD"), ("JPY", "USD"), ("KWD", "USD")])
def test_any_reporting_currency_will_do(
    sqlite_database: Database, clock: ManualClock, currency: str, foreign: str
) -> None:
    settings = Settings.model_validate({"_env_file": None, "store": {"currency": currency, "timezone": "Asia/Tokyo"}})
    result = seed_store(sqlite_database, settings, clock, orders=200)
    assert result.totals is not None
    assert {key[2] for key in result.totals.days} == {currency, foreign}
    assert ledger_days(sqlite_database, result.plan.zone) == dict(result.totals.days)
    assert broken_invariants(sqlite_database) == []
