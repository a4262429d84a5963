"""The sink lands every fact once: in its table and in every view behind it, whatever dies on whichever line."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.spine import NOON, Shop, a_line, a_platform, a_refund, an_order, some_orders, value
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.core.errors import Unavailable
from tradewind.events.contracts import Fact, encode
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import Bounds, Entry, Partition
from tradewind.platform import Access, Platform
from tradewind.verify import is_clean, verify
from tradewind.warehouse.client import QueryFailed, Warehouse
from tradewind.warehouse.sink import Sink

ORDERS = Partition("orders", 0)


@pytest.fixture
def platform(data_dir: Path, chdb_path: Path) -> Iterator[Platform]:
    with a_platform(data_dir, chdb_path) as platform:
        yield platform


class Crash(BaseException):
    """The process dies here; nobody catches it."""


class Fate:
    """Counts the steps of everything it is wound around, and lets the process die at one of them, or in one by name."""

    def __init__(self, dies_at: int = -1, *, dies_in: str = "") -> None:
        self._left = dies_at
        self._dies_in = dies_in
        self.died_in = ""

    def around(self, target: Any) -> Any:
        return _Mortal(target, self)

    def step(self, name: str) -> None:
        self._left -= 1
        if self._left == -1 or name == self._dies_in:
            self.died_in = name
            raise Crash(name)


class _Mortal:
    """Stands for an object of the sink; each call may die before it has done anything, or after it has done all."""

    def __init__(self, target: Any, fate: Fate) -> None:
        self._target, self._fate = target, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if not callable(found):
            return found

        def call(*positional: Any, **named: Any) -> Any:
            self._fate.step(f"before {name}")
            result = found(*positional, **named)
            self._fate.step(f"after {name}")
            return result

        return call


def assert_landed_once(platform: Platform) -> None:
    checks = verify(Access(platform.database, platform.warehouse, lambda: None, None))
    assert is_clean(checks), [str(difference) for check in checks for difference in check.differences]
    rows = value(platform.warehouse, "SELECT count() FROM log_orders")
    assert rows == platform.log.end(ORDERS)
    entries = value(platform.warehouse, "SELECT sum(length(entries)) FROM log_orders")
    assert value(platform.warehouse, "SELECT count() FROM live_sales WHERE order_id != ''") == entries


def dead_sink(platform: Platform, fate: Fate) -> None:
    """A sink over the platform's own stores that runs until it has landed everything or its fate is met."""
    Sink(fate.around(platform.log), fate.around(platform.ledger), fate.around(platform.warehouse)).drain()


def test_a_sink_that_dies_on_any_line_lands_everything_once(platform: Platform) -> None:
    shop = Shop.open(platform.database, keeps_stock=False)
    died_in: list[str] = []
    for dies_at in count():
        shop.book(an_order(f"T{dies_at}"), an_order("changing", a_line("MUG", 1 + dies_at)))
        platform.relay.drain()
        fate = Fate(dies_at)
        try:
            dead_sink(platform, fate)
        except Crash:
            died_in.append(fate.died_in)
        else:
            break
        platform.sink.drain()
        assert value(platform.warehouse, "SELECT count() FROM log_orders") == platform.log.end(ORDERS)
    assert_landed_once(platform)
    for step in ("open", "insert_lines", "close", "read"):
        assert {f"before {step}", f"after {step}"} <= set(died_in)


def test_a_sink_that_dies_again_and_again_at_the_insert_lands_its_batch_once(platform: Platform) -> None:
    Shop.open(platform.database, keeps_stock=False).book(*some_orders(5))
    platform.relay.drain()
    for _ in range(4):
        with pytest.raises(Crash):
            dead_sink(platform, Fate(dies_in="after insert_lines"))
    platform.sink.drain()
    assert_landed_once(platform)


def test_a_batch_of_other_bounds_would_be_stored_twice_which_is_why_intents_are_kept(platform: Platform) -> None:
    """The danger itself: the engine knows a batch by its token, and the token by its bounds."""
    Shop.open(platform.database, keeps_stock=False).book(*some_orders(4))
    platform.relay.drain()
    partition_before = platform.ledger.position(ORDERS)
    platform.sink.drain()
    platform.ledger.rewind(ORDERS, partition_before)
    platform.sink.drain()
    assert value(platform.warehouse, "SELECT count() FROM log_orders") == 4  # the same bounds: nothing new

    platform.ledger.rewind(ORDERS, partition_before)
    platform.ledger.close(platform.ledger.open(Bounds(ORDERS, 0, 0)))
    platform.sink.drain()
    assert value(platform.warehouse, "SELECT count() FROM log_orders") == 7


def test_an_intent_left_open_is_finished_with_its_own_bounds_whatever_the_batch_size_is_now(
    data_dir: Path, chdb_path: Path
) -> None:
    with a_platform(data_dir, chdb_path, warehouse={"batch_rows": 2}) as platform:
        Shop.open(platform.database, keeps_stock=False).book(*some_orders(9))
        platform.relay.drain()
        platform.ledger.open(Bounds(ORDERS, 0, 6))
        assert platform.sink.step(ORDERS) == 7
        assert platform.sink.step(ORDERS) == 2
        platform.sink.drain()
        assert_landed_once(platform)


def test_the_live_views_say_what_is_landed(platform: Platform) -> None:
    shop = Shop.open(platform.database)
    shop.book(*some_orders(40))
    shop.book(*some_orders(20, prices_include_tax=True))  # changes half of them
    with platform.database.write() as tx:
        book_refunds(
            tx, [a_refund(f"R-{i}", refunded_at=NOON - timedelta(hours=7 * i)) for i in range(5)], shop.booking
        )
    platform.settle()
    assert_landed_once(platform)
    landed = platform.warehouse.query(
        "SELECT e.grain AS g, e.channel AS c, sum(e.units) AS u, sum(e.revenue) AS r, sum(toInt64(e.orders)) AS o"
        " FROM (SELECT entries FROM log_orders UNION ALL SELECT entries FROM log_refunds) ARRAY JOIN entries AS e"
        " GROUP BY g, c ORDER BY g, c"
    )
    for table in ("live_sales", "live_daily_sales"):
        live = platform.warehouse.query(
            f"SELECT grain AS g, channel AS c, sum(units) AS u, sum(revenue) AS r, sum(toInt64(orders)) AS o"
            f" FROM {table} GROUP BY g, c ORDER BY g, c"
        )
        assert live == landed
    assert landed[0]["r"] > 0


def a_channel_fact(code: str, **more: Any) -> Fact:
    payload = {"contract": 1, "channel_id": code, "channel": code, "name": code, "kind": "k", "version": 1} | more
    return Fact("channels", code, NOON, encode(payload))


BAD: dict[str, dict[str, Any]] = {
    "unknown field": {"colour": "red"},
    "text for a number": {"version": "first"},
    "null where none may be": {"name": None},
}


def append(platform: Platform, minor: int, facts: Sequence[Fact]) -> None:
    platform.log.append(facts, producer="test", sequence=(1, minor))


def test_a_fact_that_the_table_refuses_becomes_a_dead_letter_and_holds_up_no_other(platform: Platform) -> None:
    awkward = 'quo"te, back\\slash, new\nline, tab\t, ünïcode 漢字, {braces:String}, \u2028'
    facts = [a_channel_fact("before", name=awkward)]
    facts += [a_channel_fact(f"bad-{i}", **more) for i, more in enumerate(BAD.values())]
    facts += [Fact("channels", "torn", NOON, b'{"contract":1,"channel'), a_channel_fact("after", name=awkward)]
    append(platform, 1, facts)
    assert platform.sink.drain() == len(facts)

    assert platform.warehouse.query("SELECT channel, name FROM log_channels ORDER BY log_offset") == [
        {"channel": "before", "name": awkward},
        {"channel": "after", "name": awkward},
    ]
    letters = platform.ledger.dead_letters()
    assert sorted(letter.key for letter in letters) == sorted([*(f"bad-{i}" for i in range(len(BAD))), "torn"])
    assert all(letter.reason for letter in letters)
    (unknown,) = [letter for letter in letters if letter.key == "bad-0"]
    assert "colour" in unknown.reason
    assert unknown.payload == facts[1].payload
    assert platform.sink.counts.dead == len(letters)
    assert platform.sink.backlog() == 0


def test_a_batch_with_dead_letters_that_is_cut_off_ends_the_same(platform: Platform) -> None:
    for dies_at in count():
        names = [f"{dies_at}-{i}" for i in range(3)]
        append(platform, dies_at + 1, [*map(a_channel_fact, names), a_channel_fact(f"bad-{dies_at}", colour="red")])
        try:
            dead_sink(platform, Fate(dies_at * 2))
        except Crash:
            platform.sink.drain()
        else:
            break
    landed = platform.warehouse.query("SELECT channel FROM log_channels")
    assert len(landed) == len({row["channel"] for row in landed}) == 3 * (dies_at + 1)
    assert platform.ledger.dead_letter_count() == dies_at + 1


class AwayWarehouse:
    """A warehouse that does not answer for a while."""

    def __init__(self, warehouse: Warehouse, times: int) -> None:
        self._warehouse, self._times = warehouse, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._warehouse, name)

    def insert_lines(self, table: str, lines: bytes, *, token: str) -> None:
        self._times -= 1
        if self._times >= 0:
            raise Unavailable("away")
        self._warehouse.insert_lines(table, lines, token=token)


def test_a_warehouse_that_is_away_costs_time_and_no_fact(platform: Platform) -> None:
    Shop.open(platform.database, keeps_stock=False).book(*some_orders(3))
    platform.relay.drain()
    away: Any = AwayWarehouse(platform.warehouse, 2)
    sink, stop = Sink(platform.log, platform.ledger, away), threading.Event()
    loop = threading.Thread(target=sink.run, args=(stop,))
    loop.start()
    deadline = time.monotonic() + 20
    while sink.backlog() and time.monotonic() < deadline:
        time.sleep(0.02)
    stop.set()
    loop.join()
    assert platform.ledger.dead_letter_count() == 0
    assert_landed_once(platform)


def test_a_topic_that_is_nobodys_is_left_alone(platform: Platform) -> None:
    append(platform, 1, [Fact("clicks", "k", NOON, b"{}")])
    assert platform.sink.drain() == 0
    assert platform.sink.backlog() == 0


def test_every_batch_that_can_be_seen_is_told_with_a_new_version(platform: Platform) -> None:
    platform.settle()
    before, version = platform.landed.count, platform.data_version
    Shop.open(platform.database, keeps_stock=False).book(an_order("A"))
    platform.settle()
    assert platform.landed.count - before == platform.data_version - version == 3  # channel, product, order


def test_what_landed_keeps_its_place_in_the_log_and_both_its_times(platform: Platform) -> None:
    Shop.open(platform.database, keeps_stock=False).book(an_order("A", a_line("MUG", 2, "9.99")))
    platform.settle()
    entry: Entry = platform.log.read(Bounds(ORDERS, 0, 0))[0]
    (row,) = platform.warehouse.query(
        "SELECT event_at, ingested_at, log_partition, log_offset, revenue FROM log_orders"
    )
    assert (row["event_at"], row["ingested_at"]) == (entry.event_at, entry.appended_at)
    assert (row["log_partition"], row["log_offset"], row["revenue"]) == (0, 0, Decimal("19.98"))


def test_a_ledger_of_its_own_lets_a_second_warehouse_read_the_log_anew(platform: Platform, data_dir: Path) -> None:
    """Replay from the beginning, under another consumer: the first one's place is not touched."""
    Shop.open(platform.database, keeps_stock=False).book(*some_orders(3))
    platform.settle()
    other = BatchLedger(data_dir / "other.db", "second")
    assert other.position(ORDERS) == 0
    assert platform.log.bounds(ORDERS, other.position(ORDERS), 100) == Bounds(ORDERS, 0, 2)
    assert platform.ledger.position(ORDERS) == 3
    other.close_file()


def test_a_table_that_is_missing_is_waited_for_and_not_blamed_on_the_facts(platform: Platform) -> None:
    Shop.open(platform.database).book(an_order())
    platform.relay.drain()
    platform.warehouse.command("RENAME TABLE log_orders TO log_orders_away")
    with pytest.raises(QueryFailed):
        platform.sink.drain()
    platform.warehouse.command("RENAME TABLE log_orders_away TO log_orders")
    platform.sink.drain()
    assert platform.ledger.dead_letter_count() == 0
    assert platform.warehouse.query("SELECT count() AS n FROM log_orders") == [{"n": 1}]
