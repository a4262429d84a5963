"""The relay moves every fact once, whatever dies when."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.spine import NOON
from tradewind.core.database import Database
from tradewind.core.signals import Signal
from tradewind.events import outbox
from tradewind.events.contracts import Fact
from tradewind.events.log import Bounds, Entry, EventLog, Partition, SqliteLog
from tradewind.events.relay import PRODUCER, Relay


class Crash(Exception):
    """The process dies here."""


class DyingLog:
    """A log whose append dies once: before it stores anything, or after it has stored everything."""

    appended: Signal

    def __init__(self, log: EventLog, *, stores_first: bool) -> None:
        self._log = log
        self._stores_first = stores_first
        self.appended = log.appended

    def append(
        self,
        facts: Sequence[Fact],
        *,
        producer: str,
        sequence: tuple[int, int],
        after: tuple[int, int] | None = None,
    ) -> None:
        if self._stores_first:
            self._log.append(facts, producer=producer, sequence=sequence, after=after)
        raise Crash

    def sequence(self, producer: str) -> tuple[int, int]:
        return self._log.sequence(producer)

    def partitions(self) -> list[Partition]:
        return self._log.partitions()

    def end(self, partition: Partition) -> int:
        return self._log.end(partition)

    def bounds(self, partition: Partition, start: int, limit: int) -> Bounds | None:
        return self._log.bounds(partition, start, limit)

    def read(self, bounds: Bounds) -> list[Entry]:
        return self._log.read(bounds)

    def retain(self, newer_than: object, passed: object) -> int:
        raise NotImplementedError

    def close(self) -> None:
        self._log.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db")
    yield log
    log.close()


def commit(database: Database, *names: str) -> None:
    with database.write() as tx:
        outbox.append(tx, [Fact("orders", name, NOON, name.encode()) for name in names])


def logged(log: EventLog) -> list[str]:
    found = []
    for partition in log.partitions():
        bounds = log.bounds(partition, 0, 1_000_000)
        found += [entry.key for entry in log.read(bounds)] if bounds else []
    return found


def waiting_rows(database: Database) -> int:
    with database.read() as tx:
        return outbox.count(tx, outbox.BEGINNING)


def test_everything_that_committed_is_moved_in_order_and_then_forgotten(store: Database, log: SqliteLog) -> None:
    commit(store, "a", "b")
    commit(store, "c")
    relay = Relay(store, log, batch=2)
    assert relay.backlog() == 3
    assert relay.drain() == 3
    assert logged(log) == ["a", "b", "c"]
    assert relay.backlog() == waiting_rows(store) == 0
    assert relay.drain() == 0


@pytest.mark.parametrize("stores_first", [False, True])
def test_a_relay_that_dies_while_it_appends_moves_every_fact_once(
    store: Database, log: SqliteLog, stores_first: bool
) -> None:
    commit(store, "a", "b", "c")
    with pytest.raises(Crash):
        Relay(store, DyingLog(log, stores_first=stores_first)).drain()
    assert waiting_rows(store) == 3  # it died before it could forget them

    commit(store, "d")
    Relay(store, log).drain()
    assert logged(log) == ["a", "b", "c", "d"]
    assert waiting_rows(store) == 0


def test_a_batch_that_was_cut_differently_after_a_crash_is_still_moved_once(store: Database, log: SqliteLog) -> None:
    commit(store, *"abcdef")
    with pytest.raises(Crash):
        Relay(store, DyingLog(log, stores_first=True), batch=4).drain()
    Relay(store, log, batch=3).drain()
    assert logged(log) == list("abcdef")


def test_a_place_that_was_passed_stores_nothing(log: SqliteLog) -> None:
    facts = [Fact("orders", "a", NOON, b"a")]
    log.append(facts, producer=PRODUCER, sequence=(0, 5))
    for repeated in ((0, 5), (0, 4)):
        log.append(facts, producer=PRODUCER, sequence=repeated)
    log.append(facts, producer="another", sequence=(0, 1))
    assert logged(log) == ["a", "a"]
    assert log.sequence(PRODUCER) == (0, 5)


def test_writers_that_commit_all_the_time_lose_nothing_and_keep_their_own_order(
    store: Database, log: SqliteLog
) -> None:
    relay, stop = Relay(store, log, batch=7), threading.Event()
    loop = threading.Thread(target=relay.run, args=(stop,))
    loop.start()

    def write(writer: int) -> None:
        for number in range(40):
            commit(store, f"{writer}-{number:02}-a", f"{writer}-{number:02}-b")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    deadline = time.monotonic() + 20
    while relay.backlog() and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    loop.join()
    found = logged(log)
    assert len(found) == len(set(found)) == 320
    for number in range(4):
        mine = [key for key in found if key.startswith(f"{number}-")]
        assert mine == sorted(mine)
