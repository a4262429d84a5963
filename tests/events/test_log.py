"""The log keeps everything in order, gives it back from any place, and forgets only what all have passed.

Every test runs on both sides of the port. Kafka numbers the ends of transactions too, so a test may not count
on consecutive offsets.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spine import NOON
from tradewind.events.contracts import Fact
from tradewind.events.kafka_log import KafkaLog
from tradewind.events.log import Bounds, Entry, EventLog, LogGap, Partition, SqliteLog

ORDERS = Partition("orders", 0)
OpenLog = Callable[..., EventLog]


@pytest.fixture(params=["sqlite", "kafka"])
def open_log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenLog]:
    opened: list[EventLog] = []
    kafka_url = request.getfixturevalue("kafka_url") if request.param == "kafka" else ""

    def open_it(**options: int) -> EventLog:
        fresh = KafkaLog(kafka_url, **options) if kafka_url else SqliteLog(tmp_path / "log.db", **options)
        opened.append(fresh)
        return fresh

    yield open_it
    for log in opened:
        log.close()


@pytest.fixture
def log(open_log: OpenLog) -> EventLog:
    return open_log()


def facts(*keys: str, topic: str = "orders") -> list[Fact]:
    return [Fact(topic, key, NOON + timedelta(microseconds=i), key.encode()) for i, key in enumerate(keys)]


def append(log: EventLog, minor: int, *keys: str, topic: str = "orders", after: int | None = None) -> None:
    place = None if after is None else (0, after)
    log.append(facts(*keys, topic=topic), producer="test", sequence=(0, minor), after=place)


def entries(log: EventLog, partition: Partition = ORDERS, start: int = 0, limit: int = 1_000) -> list[Entry]:
    """All entries from a place on, `limit` at most, in as many portions as the log makes of them."""
    found: list[Entry] = []
    while len(found) < limit and (bounds := log.bounds(partition, start, limit - len(found))):
        portion = log.read(bounds)
        assert portion
        assert (bounds.first, portion[-1].offset) == (start, bounds.last)
        found += portion
        start = bounds.last + 1
    return found


def keys(log: EventLog, partition: Partition = ORDERS, start: int = 0, limit: int = 1_000) -> list[str]:
    return [entry.key for entry in entries(log, partition, start, limit)]


def soon(holds: Callable[[], bool]) -> None:
    """What one process appends, another sees a moment later."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_entries_come_back_as_they_went_in_with_the_moment_we_knew_of_them(open_log: OpenLog) -> None:
    log = open_log()
    before = datetime.now(UTC)
    append(log, 1, "a", "b")
    first, second = entries(log)
    assert (first.offset, first.key, first.event_at, first.payload) == (0, "a", NOON, b"a")
    assert second.event_at == NOON + timedelta(microseconds=1)
    assert before <= first.appended_at <= datetime.now(UTC)


def test_a_reader_can_begin_anywhere_and_take_as_much_as_it_likes(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 1, *"abc")
    append(log, 2, *"de")
    every = entries(log)
    offsets = [entry.offset for entry in every]
    assert offsets == sorted(set(offsets))
    assert [entry.key for entry in every] == list("abcde")
    assert keys(log, start=offsets[3]) == ["d", "e"]
    assert keys(log, start=offsets[1], limit=2) == ["b", "c"]
    assert log.end(ORDERS) == offsets[-1] + 1
    again = Bounds(ORDERS, offsets[1], offsets[3])
    assert log.read(again) == log.read(again) == every[1:4]
    assert log.bounds(ORDERS, log.end(ORDERS), 10) is None
    assert log.bounds(Partition("nothing", 0), 0, 10) is None
    assert log.end(Partition("nothing", 0)) == 0


def test_another_reader_of_the_same_log_sees_the_same(open_log: OpenLog) -> None:
    log, other = open_log(), open_log()
    append(log, 1, *"abc")
    append(log, 2, "d")
    soon(lambda: entries(other) == entries(log))
    soon(lambda: other.end(ORDERS) == log.end(ORDERS))
    soon(lambda: other.sequence("test") == (0, 2))
    append(log, 3, "e")
    soon(lambda: keys(other, start=other.end(ORDERS) - 1) == ["e"])


def test_a_file_opened_anew_goes_on_where_it_was(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 1, "a")
    log.close()
    again = open_log()
    assert keys(again) == ["a"]
    assert again.sequence("test") == (0, 1)
    append(again, 1, "a")
    append(again, 2, "b")
    assert keys(again) == ["a", "b"]


def test_facts_gathered_behind_a_place_that_the_log_has_left_are_not_stored(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 2, "a", "b", after=0)
    append(log, 3, "b", "c", after=1)
    assert (keys(log), log.sequence("test")) == (["a", "b"], (0, 2))
    append(log, 3, "c", after=2)
    assert (keys(log), log.sequence("test")) == (["a", "b", "c"], (0, 3))


def test_topics_are_kept_apart_and_facts_of_one_append_are_stored_together(open_log: OpenLog) -> None:
    log = open_log()
    mixed = [*facts("a"), *facts("p", topic="products"), *facts("b")]
    log.append(mixed, producer="test", sequence=(0, 1))
    assert log.partitions() == [ORDERS, Partition("products", 0)]
    assert keys(log) == ["a", "b"]
    assert keys(log, Partition("products", 0)) == ["p"]


def test_facts_of_one_key_stay_in_one_partition_in_their_order(open_log: OpenLog) -> None:
    log = open_log(partitions=4)
    for number in range(1, 50):
        append(log, number, *(f"key-{key}" for key in range(7)))
    found = {partition: keys(log, partition) for partition in log.partitions()}
    assert len(found) == 4
    assert sum(len(mine) for mine in found.values()) == 49 * 7
    homes = [{partition for partition, mine in found.items() if f"key-{key}" in mine} for key in range(7)]
    assert all(len(home) == 1 for home in homes)
    assert len(set.union(*homes)) > 1  # the keys do spread


def test_an_existing_topic_keeps_the_partitions_it_has(open_log: OpenLog) -> None:
    append(open_log(partitions=2), 1, "a")
    log = open_log(partitions=8)
    append(log, 2, "b")
    assert len(log.partitions()) == 2


def test_retention_deletes_what_is_old_and_never_passes_a_consumer(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 1, *"abcdef")
    now = datetime.now(UTC)
    assert log.retain(now - timedelta(days=1), {ORDERS: 6}) == 0  # passed, but young
    assert log.retain(now + timedelta(days=1), {ORDERS: 0}) == 0  # old, but nobody has taken it
    assert log.retain(now + timedelta(days=1), {ORDERS: 4}) == 4
    assert keys(log, start=4) == ["e", "f"]
    end = log.end(ORDERS)
    append(log, 2, "g")
    assert keys(log, start=4) == ["e", "f", "g"]
    assert log.end(ORDERS) > end


def test_a_reader_of_what_retention_took_is_told_and_gets_no_part_of_it(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 1, *"abcd")
    log.retain(datetime.now(UTC) + timedelta(days=1), {ORDERS: 2})
    with pytest.raises(LogGap, match=r"orders:0:0-3: the log .* retention took"):
        log.read(Bounds(ORDERS, 0, 3))
    assert keys(log, start=2) == ["c", "d"]


def test_an_append_that_fails_stores_nothing_of_it(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 1, "a")
    broken = [*facts("b"), Fact("orders", None, NOON, b"")]  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)none|not null"):
        log.append(broken, producer="test", sequence=(0, 2))
    assert keys(log) == ["a"]
    assert log.sequence("test") == (0, 1)
    append(log, 2, "b")
    assert keys(log) == ["a", "b"]


def test_many_threads_may_append_and_read_at_once(open_log: OpenLog) -> None:
    log = open_log()
    failures: list[Exception] = []

    def work(name: str) -> None:
        try:
            for number in range(1, 10):
                log.append(facts(f"{name}{number}"), producer=name, sequence=(0, number))
                assert keys(log, start=max(0, log.end(ORDERS) - 1))
        except Exception as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(keys(log)) == sorted(f"{name}{number}" for name in "abcd" for number in range(1, 10))


def test_a_waiting_reader_is_woken_by_an_append(open_log: OpenLog) -> None:
    log = open_log()
    seen = log.appended.count
    append(log, 1, "a")
    assert log.appended.wait(seen, timeout=0) == seen + 1


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 9)), max_size=5))
def test_any_range_of_the_log_reads_as_the_same_range_of_a_list(
    log: EventLog, ranges: list[tuple[int, int, int]]
) -> None:
    partition = Partition(f"t{uuid.uuid4().hex}", 0)
    model: list[str] = []
    for number, (start, size, limit) in enumerate(ranges):
        fresh = [f"{number}-{i}" for i in range(size)]
        append(log, log.sequence("test")[1] + 1, *fresh, topic=partition.topic)
        model += fresh
        every = entries(log, partition)
        assert [entry.key for entry in every] == model
        assert entries(log, partition, start, limit) == [entry for entry in every if entry.offset >= start][:limit]
