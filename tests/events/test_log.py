"""The log keeps everything in order, gives it back from any place, and forgets only what all have passed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spine import NOON
from tradewind.events.contracts import Fact
from tradewind.events.log import Bounds, LogGap, Partition, SqliteLog

ORDERS = Partition("orders", 0)
OpenLog = Callable[..., SqliteLog]


@pytest.fixture
def open_log(tmp_path: Path) -> Iterator[OpenLog]:
    opened: list[SqliteLog] = []

    def open_it(**options: int) -> SqliteLog:
        opened.append(SqliteLog(tmp_path / "log.db", **options))
        return opened[-1]

    yield open_it
    for log in opened:
        log.close()


def facts(*keys: str, topic: str = "orders") -> list[Fact]:
    return [Fact(topic, key, NOON + timedelta(microseconds=i), key.encode()) for i, key in enumerate(keys)]


def append(log: SqliteLog, minor: int, *keys: str, topic: str = "orders") -> None:
    log.append(facts(*keys, topic=topic), producer="test", sequence=(0, minor))


def keys(log: SqliteLog, partition: Partition = ORDERS, start: int = 0, limit: int = 1_000) -> list[str]:
    bounds = log.bounds(partition, start, limit)
    return [entry.key for entry in log.read(bounds)] if bounds else []


def test_entries_come_back_as_they_went_in_with_the_moment_we_knew_of_them(open_log: OpenLog) -> None:
    log = open_log()
    before = datetime.now(UTC)
    append(log, 1, "a", "b")
    first, second = log.read(Bounds(ORDERS, 0, 1))
    assert (first.offset, first.key, first.event_at, first.payload) == (0, "a", NOON, b"a")
    assert second.event_at == NOON + timedelta(microseconds=1)
    assert before <= first.appended_at <= datetime.now(UTC)


def test_a_reader_can_begin_anywhere_and_take_as_much_as_it_likes(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 1, *"abc")
    append(log, 2, *"de")
    assert keys(log) == list("abcde")
    assert keys(log, start=3) == ["d", "e"]
    assert keys(log, start=1, limit=2) == ["b", "c"]
    assert log.bounds(ORDERS, 5, 10) is None
    assert log.end(ORDERS) == 5
    assert log.bounds(Partition("nothing", 0), 0, 10) is None


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
    append(log, 2, "g")
    assert keys(log, start=4) == ["e", "f", "g"]
    assert log.end(ORDERS) == 7


def test_a_reader_of_what_retention_took_is_told_and_gets_no_part_of_it(open_log: OpenLog) -> None:
    log = open_log()
    append(log, 1, *"abcd")
    log.retain(datetime.now(UTC) + timedelta(days=1), {ORDERS: 2})
    with pytest.raises(LogGap, match=r"orders:0:0-3: the log holds 2 of 4 entries"):
        log.read(Bounds(ORDERS, 0, 3))


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
            for number in range(1, 30):
                log.append(facts(f"{name}{number}"), producer=name, sequence=(0, number))
                assert keys(log)[-1]
        except Exception as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(keys(log)) == sorted(f"{name}{number}" for name in "abcd" for number in range(1, 30))


def test_a_waiting_reader_is_woken_by_an_append(open_log: OpenLog) -> None:
    log = open_log()
    seen = log.appended.count
    append(log, 1, "a")
    assert log.appended.wait(seen, timeout=0) == seen + 1


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=8))
def test_any_range_of_the_log_reads_as_the_same_range_of_a_list(ranges: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder:
        log = SqliteLog(Path(folder) / "log.db")
        model: list[str] = []
        for minor, (start, size) in enumerate(ranges, start=1):
            fresh = [f"{minor}-{i}" for i in range(size)]
            append(log, minor, *fresh)
            model += fresh
            assert keys(log, start=start, limit=5) == model[start : start + 5]
        log.close()
