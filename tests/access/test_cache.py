"""The cache keeps one contract on both sides: in the process and in Redis."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tradewind.core.cache import Cache, LocalCache, open_cache
from tradewind.core.errors import Misconfigured, Unavailable


@pytest.fixture(params=["process", "redis"])
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    opened = open_cache(request.getfixturevalue("redis_url") if request.param == "redis" else None)
    yield opened
    opened.close()


def test_a_value_stays_until_its_time_is_over(cache: Cache) -> None:
    cache.set("k", b"\x00value", ttl_seconds=0.15)
    assert cache.get("k") == b"\x00value"
    time.sleep(0.2)

    assert cache.get("k") is None


def test_a_newer_value_replaces_the_older_and_deleting_forgets(cache: Cache) -> None:
    cache.set("k", b"1", ttl_seconds=60)
    cache.set("k", b"2", ttl_seconds=60)
    assert cache.get("k") == b"2"
    cache.delete("k")
    cache.delete("k")

    assert cache.get("k") is None


def test_a_window_opens_with_the_first_count_and_is_not_prolonged(cache: Cache) -> None:
    started = time.monotonic()
    counts = [cache.increment("c", window_seconds=0.4) for _ in range(3)]
    assert [count.value for count in counts] == [1, 2, 3]
    assert 0 < counts[-1].seconds_left <= 0.4
    time.sleep(max(0.0, started + 0.45 - time.monotonic()))

    assert cache.increment("c", window_seconds=0.4).value == 1


def test_a_counter_can_be_read(cache: Cache) -> None:
    cache.increment("c", window_seconds=60)
    cache.increment("c", window_seconds=60)

    assert cache.get("c") == b"2"


def test_counts_of_many_threads_are_all_counted(cache: Cache) -> None:
    with ThreadPoolExecutor(8) as crowd:
        values = list(crowd.map(lambda _: cache.increment("c", window_seconds=60).value, range(200)))

    assert sorted(values) == list(range(1, 201))


def test_everybody_who_listens_hears_each_message_once(cache: Cache) -> None:
    heard: list[tuple[str, bytes]] = []
    complete = threading.Event()

    def listener(name: str) -> None:
        def hear(message: bytes) -> None:
            heard.append((name, message))
            if len(heard) == 4:
                complete.set()

        subscriptions.append(cache.subscribe("news", hear))

    subscriptions: list = []  # type: ignore[type-arg]
    listener("a")
    listener("b")
    cache.publish("other", b"no")
    cache.publish("news", b"1")
    cache.publish("news", b"2")

    assert complete.wait(5)
    assert sorted(heard) == [("a", b"1"), ("a", b"2"), ("b", b"1"), ("b", b"2")]
    for subscription in subscriptions:
        subscription.close()
    cache.publish("news", b"3")
    time.sleep(0.1)
    assert len(heard) == 4


def test_a_flood_of_keys_makes_room_by_dropping_those_that_end_first() -> None:
    cache = LocalCache(most_entries=100)
    cache.set("lasting", b"1", ttl_seconds=1000)
    for number in range(1000):
        cache.set(f"flood-{number}", b"x", ttl_seconds=10)

    assert cache.get("lasting") == b"1"
    assert sum(cache.get(f"flood-{number}") is not None for number in range(1000)) <= 100


def test_a_cache_that_is_away_says_so(free_port: int) -> None:
    cache = open_cache(f"redis://127.0.0.1:{free_port}/0")

    with pytest.raises(Unavailable, match="Redis"):
        cache.get("k")
    cache.close()


def test_another_kind_of_address_is_refused_with_the_right_one() -> None:
    with pytest.raises(Misconfigured, match="redis://host:6379/0"):
        open_cache("memcached://host")
