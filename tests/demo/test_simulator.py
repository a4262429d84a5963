"""The simulator goes on from the history: it sells, ships, takes back and restocks, and never breaks the books."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.demo.books import SeededStore, broken_invariants, ledger_days, told_days
from tradewind.commerce.booking import Effect, Origin
from tradewind.commerce.inventory.model import Stock
from tradewind.commerce.orders.model import Order, OrderChange
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.rates.model import FxRate
from tradewind.commerce.reviews.model import Review
from tradewind.core.chance import stream
from tradewind.core.clock import ManualClock, SystemClock
from tradewind.core.database import Database
from tradewind.core.settings import Settings
from tradewind.demo import live
from tradewind.demo.ledger import NotSeeded
from tradewind.demo.live import LiveStore
from tradewind.demo.pace import Pace
from tradewind.demo.progress import Told, load, told_again
from tradewind.demo.seeding import seed_store
from tradewind.demo.simulator import Simulator


def simulate(simulator: Simulator, clock: ManualClock, *, seconds: float, tick: float = 2.0) -> None:
    for _ in range(int(seconds / tick)):
        clock.advance(seconds=tick)
        simulator.step()


def numbers(database: Database) -> Counter[tuple[str, str]]:
    with database.read() as tx:
        return Counter((row[0], row[1]) for row in tx.execute(select(Order.channel_id, Order.order_number)))


def statuses(database: Database) -> Counter[str]:
    with database.read() as tx:
        return Counter(tx.scalars(select(Order.status)))


def test_some_minutes_make_progress_and_keeps_the_books(
    seeded: SeededStore, settings: Settings, clock: ManualClock
) -> None:
    database = seeded.database
    before = statuses(database)
    simulator = Simulator(database, settings, clock, orders_per_second=0.6)

    simulate(simulator, clock, seconds=480, tick=6)

    counts = simulator.counts
    assert counts["failures"] == 0
    assert 150 < counts["orders"] < 1_000
    assert min(counts[what] for what in ("processing", "shipped", "delivered", "cancelled", "receipts")) > 0
    assert counts["reviews"] + counts["refunds"] > 0
    assert statuses(database).total() == before.total() + counts["orders"]
    assert broken_invariants(database) == []
    assert told_days(database, seeded.result.plan.zone) == ledger_days(database, seeded.result.plan.zone)


def test_a_restarted_simulator_takes_no_number_twice_and_goes_on_with_open_orders(
    seeded: SeededStore, settings: Settings, clock: ManualClock
) -> None:
    database = seeded.database
    sold = 0
    for _ in range(3):
        simulator = Simulator(database, settings, clock, orders_per_second=1.0)
        simulate(simulator, clock, seconds=60)
        assert simulator.counts["failures"] == 0
        assert simulator.counts["processing"] > 0
        sold += simulator.counts["orders"]

    assert sold > 100
    assert len(numbers(database)) == seeded.result.counts["orders"] + sold
    assert broken_invariants(database) == []


def test_two_simulators_on_one_store_share_the_numbers(
    seeded: SeededStore, settings: Settings, clock: ManualClock
) -> None:
    database = seeded.database
    other = Database(seeded.url)
    both = [
        Simulator(each, settings, clock, seed, orders_per_second=2.0) for seed, each in enumerate((database, other))
    ]
    for _ in range(20):
        clock.advance(seconds=2)
        for simulator in both:
            simulator.step()
    other.close()
    assert sum(simulator.counts["failures"] for simulator in both) == 0
    assert len(numbers(database)) == seeded.result.counts["orders"] + sum(s.counts["orders"] for s in both)


def test_an_error_is_counted_and_the_next_step_goes_on(
    seeded: SeededStore, settings: Settings, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = seeded.database
    simulator = Simulator(database, settings, clock, orders_per_second=1.0)
    simulate(simulator, clock, seconds=10)

    def broken(*_: Any) -> Sequence[Any]:
        raise RuntimeError("the till is stuck")

    with monkeypatch.context() as patched:
        patched.setattr(live, "record_payments", broken)
        simulate(simulator, clock, seconds=20)
    failures, sold = simulator.counts["failures"], simulator.counts["orders"]
    assert failures > 0
    assert broken_invariants(database) == []  # no order without its payment

    simulate(simulator, clock, seconds=20)
    assert simulator.counts["failures"] == failures
    assert simulator.counts["orders"] > sold


def test_a_number_that_somebody_else_took_is_passed_over(
    seeded_once: SeededStore, settings: Settings, clock: ManualClock
) -> None:
    database = seeded_once.database
    simulator = Simulator(database, settings, clock, orders_per_second=2.0)
    with database.write() as tx:
        told = load(tx, tx.scalars(select(Order.id).where(Order.order_number.like("TW-%")).limit(1)).one())
        taken = _next_number(database, "shop")
        theirs = told_again(told, OrderStatus.CONFIRMED, clock.now())
        object.__setattr__(theirs, "order_number", taken)
        object.__setattr__(theirs, "keys", (f"theirs-{taken}", taken))
        booking = _books(database).booking("shop", clock.now(), Origin.MANUAL)
        assert book_orders(tx, [theirs], booking)[0].effect is Effect.CREATED

    simulate(simulator, clock, seconds=60)

    assert simulator.counts["failures"] == 0
    assert simulator.counts["orders"] > 50
    assert _next_number(database, "shop") > taken


def test_orders_of_people_are_left_alone(seeded_once: SeededStore, settings: Settings, clock: ManualClock) -> None:
    database = seeded_once.database
    with database.write() as tx:
        mine = tx.scalars(select(Order).where(Order.status == "processing").limit(1)).one()
        mine.origin, mine_id = str(Origin.MANUAL), mine.id
    simulate(Simulator(database, settings, clock, orders_per_second=0.5), clock, seconds=200)
    with database.read() as tx:
        assert tx.get_one(Order, mine_id).status == "processing"


def test_own_orders_follow_the_state_machine_and_channels_tell_new_versions(
    seeded_once: SeededStore, settings: Settings, clock: ManualClock
) -> None:
    database = seeded_once.database
    simulate(Simulator(database, settings, clock, orders_per_second=0.5), clock, seconds=400, tick=5)
    legal = {("pending", "confirmed"), ("confirmed", "processing"), ("processing", "shipped"), ("shipped", "delivered")}
    legal |= {(status, "cancelled") for status in ("pending", "confirmed", "processing")}
    with database.read() as tx:
        moves = select(OrderChange.previous_status, OrderChange.status, func.count()).where(
            OrderChange.previous_status.is_not(None)
        )
        seen = {(row[0], row[1]) for row in tx.execute(moves.group_by(OrderChange.previous_status, OrderChange.status))}
        versions = tx.scalars(select(Order.version).where(Order.origin == str(Origin.SIMULATOR))).all()
    assert seen <= legal
    assert len(seen) >= 5
    assert max(versions) >= 3


def test_telling_an_order_again_keeps_every_amount(seeded_once: SeededStore, clock: ManualClock) -> None:
    """Also where a coupon of the whole order was spread over its lines."""
    database = seeded_once.database
    with database.write() as tx:
        ids = tx.scalars(select(Order.id).where(Order.status == "delivered", Order.discount_minor > 0).limit(40)).all()
        for order_id in ids:
            told = load(tx, order_id)
            before = _amounts(told)
            booking = _books(database).booking(_channel(database, told), clock.now(), Origin.SIMULATOR)
            outcome = book_orders(tx, [told_again(told, OrderStatus.DELIVERED, clock.now())], booking)[0]
            tx.expire_all()
            assert outcome.effect is Effect.CHANGED
            assert _amounts(load(tx, order_id)) == before
    assert broken_invariants(database) == []
    assert told_days(database, seeded_once.result.plan.zone) == ledger_days(database, seeded_once.result.plan.zone)


def test_a_pending_order_without_stock_is_cancelled_not_oversold(
    seeded_once: SeededStore, settings: Settings, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = seeded_once.database
    monkeypatch.setattr(live, "PENDING_SHARE", 1.0)
    simulator = Simulator(database, settings, clock, orders_per_second=1.5)
    simulate(simulator, clock, seconds=19, tick=1)
    pending = statuses(database)["pending"]
    assert pending > 10
    with database.write() as tx:
        for level in tx.scalars(select(Stock)):
            level.reserved = level.on_hand
    simulate(simulator, clock, seconds=120, tick=5)
    assert simulator.counts["failures"] == 0
    assert broken_invariants(database) == []
    with database.read() as tx:
        cancelled = (
            select(func.count())
            .select_from(OrderChange)
            .where(OrderChange.previous_status == "pending", OrderChange.status == "cancelled")
        )
        assert (tx.scalar(cancelled) or 0) > 0.5 * pending


def test_refunds_and_reviews_come_once_per_order(
    seeded_once: SeededStore, settings: Settings, clock: ManualClock
) -> None:
    database = seeded_once.database
    with database.read() as tx:
        delivered = select(Order.id).where(Order.status == "delivered", Order.order_number.like("TW-%"))
        order_id = tx.scalars(delivered.limit(1)).one()
    store = LiveStore(database, stream(1, "test"))
    known = _count(database, Refund), _count(database, Review)
    for _ in range(3):
        store._planned += [(clock.now(), what, order_id, "shop") for what in ("refund", "review")]
        store.hear_back(clock.now())
        store.hear_back(clock.now())
    fresh = _count(database, Refund) - known[0], _count(database, Review) - known[1]
    assert fresh[0] <= 1
    assert fresh[1] <= len({1, 2, 3, 4, 5})
    assert broken_invariants(database) == []


def test_a_new_month_brings_its_rate(seeded_once: SeededStore, settings: Settings, clock: ManualClock) -> None:
    database = seeded_once.database
    simulator = Simulator(database, settings, clock, orders_per_second=1.0)
    clock.advance(days=20)
    simulate(simulator, clock, seconds=10)
    with database.read() as tx:
        newest = tx.scalar(select(func.max(FxRate.day)))
    assert newest is not None
    assert (newest.year, newest.month, newest.day) == (2026, 12, 1)


def test_a_store_without_history_is_told_what_to_do(database: Database, settings: Settings, clock: ManualClock) -> None:
    with pytest.raises(NotSeeded, match="Seed it first: tradewind up --demo"):
        Simulator(database, settings, clock).step()


def test_running_waits_for_the_history_then_sells_until_told_to_stop(database: Database, settings: Settings) -> None:
    clock = SystemClock()
    simulator = Simulator(database, settings, clock, orders_per_second=20.0, is_even=True)
    stop = threading.Event()
    thread = threading.Thread(target=simulator.run, args=(stop,))
    thread.start()
    try:
        seed_store(database, settings, clock, orders=200)
        deadline = time.monotonic() + 30
        while simulator.counts["orders"] < 30 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
    assert simulator.counts["orders"] >= 30
    assert simulator.counts["failures"] == 0
    assert broken_invariants(database) == []


def test_the_pace_follows_the_hours_has_bursts_and_can_be_even() -> None:
    noon, night = datetime(2026, 11, 21, 20, tzinfo=UTC), datetime(2026, 11, 21, 3, tzinfo=UTC)

    def arrivals(start: datetime, *, is_even: bool) -> list[int]:
        pace = Pace(stream(5, "pace", start), 0.7, seeded_zone, start, is_even=is_even)
        return [len(pace.due(start + timedelta(seconds=second))) for second in range(1_800)]

    seeded_zone = Settings(_env_file=None).store.zone
    evening, small_hours, even = (
        arrivals(noon, is_even=False),
        arrivals(night, is_even=False),
        arrivals(night, is_even=True),
    )
    assert sum(evening) > 2 * sum(small_hours) > 0
    assert max(evening) >= 8
    assert 0.6 < sum(even) / 1_800 < 0.8


def test_a_long_sleep_is_not_made_up_for() -> None:
    start = datetime(2026, 11, 21, 12, tzinfo=UTC)
    pace = Pace(stream(5, "sleep"), 50.0, Settings(_env_file=None).store.zone, start, is_even=True)
    assert len(pace.due(start + timedelta(hours=8))) == 1


def _next_number(database: Database, channel: str) -> str:
    from tradewind.demo.ledger import counters_of, demo_run
    from tradewind.demo.outlets import OUTLET

    with database.read() as tx:
        run = demo_run(tx)
        assert run is not None
        return OUTLET[channel].order_number(counters_of(run).orders[channel] + 1)


def _books(database: Database) -> Any:
    return LiveStore(database, stream(1, "books"))._books


def _channel(database: Database, told: Told) -> str:
    (code,) = [code for code, id_ in _books(database).channel_ids.items() if id_ == told.row.channel_id]
    return str(code)


def _amounts(told: Told) -> list[object]:
    row = told.row
    whole = (row.total_minor, row.revenue_minor, row.discount_minor, row.tax_minor, row.fees_minor, row.customer_id)
    return [whole, *((i.sku, i.quantity, i.unit_price_micros, i.discount_minor, i.revenue_minor) for i in told.items)]


def _count(database: Database, table: type[Any]) -> int:
    with database.read() as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0
