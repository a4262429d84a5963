"""Topics as data sources: every record is a row once, in the table, its views or the quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.kafka.broker import Broker
from tests.streams.clicks import CLICKS, a_click, a_following_platform, count, deploy, rows, running
from tests.streams.conftest import Topics, wait_until
from tradewind.platform import Platform
from tradewind.warehouse.ingest.service import Ingest
from tradewind.warehouse.streams.topics import TopicSources


@pytest.fixture
def platform(tmp_path: Path, chdb_path: Path) -> Iterator[Platform]:
    with a_following_platform(tmp_path, chdb_path) as platform:
        yield platform


def test_a_record_is_a_row_with_what_kafka_knows_of_it(platform: Platform, topics: Topics) -> None:
    topic = topics.make("clicks", 2)
    deploy(platform, topics.servers, topic)
    topics.send(
        "clicks", a_click(7, note="hi"), partition=1, key="k", headers={"trace": b"t-1"}, timestamp=1_772_366_400_000
    )
    with running(platform):
        wait_until(lambda: count(platform) == 1)
    (row,) = rows(
        platform,
        "SELECT user, amount, note, __topic, __partition, __offset, toString(__timestamp, 'UTC') AS at, __key, __value,"
        " __headers['trace'] AS trace FROM {table}",
    )
    assert row == ("u2", 7, "hi", topic, 1, 0, "2026-03-01 12:00:00", "k", "", "t-1")
    assert rows(platform, "SELECT user, amount, partition FROM {table}", "totals") == [("u2", 7, 1)]


def test_a_record_that_does_not_fit_stands_in_the_quarantine_with_its_text(platform: Platform, topics: Topics) -> None:
    deploy(platform, topics.servers, topics.make("clicks"))
    topics.send("clicks", b"{broken", a_click(1), {"user": {"id": "x"}, "amount": "many"}, b"[1]", None, b"\xff")
    topics.send("clicks", b"\0\0\0\0\x05" + b'{"user": {"id": "s"}, "amount": 2}')
    with running(platform):
        wait_until(lambda: count(platform) == 2 and count(platform, "clicks_quarantine") == 5)
    found = rows(
        platform, "SELECT __value, __offset, c__error_column FROM {table} ORDER BY __offset", "clicks_quarantine"
    )
    assert [(value, offset) for value, offset, _ in found] == [
        ("{broken", "0"),
        ("", "2"),
        ("[1]", "3"),
        ("", "4"),
        ("\N{REPLACEMENT CHARACTER}", "5"),
    ]
    assert found[1][2] == ["amount"]


def test_a_restart_goes_on_where_the_rows_end_and_a_new_schema_follows_by_itself(
    platform: Platform, topics: Topics
) -> None:
    topic = topics.make("clicks", 3)
    deploy(platform, topics.servers, topic)
    topics.send("clicks", *map(a_click, range(50)))
    with running(platform):
        wait_until(lambda: count(platform) == 50)
    topics.send("clicks", *map(a_click, range(50, 80)))
    with running(platform):
        wait_until(lambda: count(platform) == 80)
        wider = CLICKS.format(topic=topic, reset="earliest").replace(
            "`note`", "`extra` String `json:$.extra` DEFAULT '-',\n    `note`"
        )
        deploy(platform, topics.servers, topic, **{"clicks.datasource": wider})
        topics.send("clicks", *(a_click(number, extra="new") for number in range(80, 100)))
        wait_until(lambda: count(platform) == 100)
    assert rows(platform, "SELECT extra, count() AS n FROM {table} GROUP BY extra ORDER BY extra") == [
        ("-", 80),
        ("new", 20),
    ]
    assert rows(platform, "SELECT sum(amount) AS n FROM {table}", "totals") == [(sum(range(100)),)]


def test_the_latest_records_are_those_after_the_first_look(platform: Platform, topics: Topics) -> None:
    topic = topics.make("clicks")
    topics.send("clicks", *map(a_click, range(5)))
    deploy(platform, topics.servers, topic, reset="latest")
    with running(platform):
        wait_until(lambda: any(platform.topics.followed().values()))
    topics.send("clicks", *map(a_click, range(5, 8)))
    with running(platform):
        wait_until(lambda: count(platform) == 3)


def test_a_source_without_a_connection_waits_and_disturbs_nobody(platform: Platform, topics: Topics) -> None:
    deploy(platform, topics.servers, topics.make("clicks"), **{"cluster.connection": ""})
    platform.topics.look()
    assert platform.topics.followed() == {}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_batch_that_is_cut_off_at_any_moment_is_stored_once(
    platform: Platform, topics: Topics, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    deploy(platform, topics.servers, topics.make("clicks"))
    topics.send("clicks", *map(a_click, range(40)))
    keep, cuts = Ingest.keep, [3]

    def cut_off(self: Ingest, *args: Any, **options: Any) -> Any:
        """Dies before the rows are in the log, or just when they are, and the ledger does not know."""
        if cuts[0] == 0:
            return keep(self, *args, **options)
        cuts[0] -= 1
        if when == "after":
            keep(self, *args, **options).durable.result()
        raise RuntimeError("cut off")

    monkeypatch.setattr(Ingest, "keep", cut_off)
    with running(platform):
        wait_until(lambda: cuts[0] < 3)
        topics.send("clicks", *map(a_click, range(40, 60)))  # the batch that comes again must not grow
        wait_until(lambda: count(platform) == 60)
    assert rows(platform, "SELECT sum(amount) AS n FROM {table}", "totals") == [(sum(range(60)),)]


@pytest.mark.slow
@pytest.mark.crash
@pytest.mark.timeout(300)
def test_a_broker_that_is_killed_and_comes_back_costs_no_row(platform: Platform, broker: Broker) -> None:
    topics = Topics(broker.servers)
    deploy(platform, topics.servers, topics.make("clicks", 2))
    with running(platform):
        topics.send("clicks", *map(a_click, range(100)))
        wait_until(lambda: count(platform) > 0)
        broker.kill()
        broker.start()
        topics.send("clicks", *map(a_click, range(100, 200)))
        wait_until(lambda: count(platform) == 200)
    assert rows(platform, "SELECT sum(amount) AS n FROM {table}", "totals") == [(sum(range(200)),)]


def test_the_ledger_of_topics_stands_beside_the_data(platform: Platform) -> None:
    assert isinstance(platform.topics, TopicSources)
    assert (platform.settings.data_dir / "topics.db").exists()
