"""The log on Kafka keeps each fact once when the process that appends, or the broker, is killed in the middle."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts.kafka.broker import Broker
from tests.spine import NOON
from tests.streams.conftest import PATIENCE, wait_until
from tradewind.core.errors import Misconfigured, Unavailable
from tradewind.core.settings import load_settings
from tradewind.events.contracts import Fact
from tradewind.events.kafka_client import Address
from tradewind.events.kafka_log import KafkaLog
from tradewind.events.log import Partition
from tradewind.platform import open_log

APPENDER = """
import sys
from datetime import UTC, datetime
from tradewind.core.errors import Unavailable
from tradewind.events.contracts import Fact
from tradewind.events.kafka_log import KafkaLog

log = KafkaLog(sys.argv[1], partitions=2)
while True:
    try:
        place = log.sequence("test")
        number = place[1] + 1
        facts = [Fact("orders", f"{number}-{part}", datetime.now(UTC), b"{}") for part in range(5)]
        log.append(facts, producer="test", sequence=(0, number), after=place)
    except Unavailable:
        continue
    print(number, flush=True)
"""


def keys(log: KafkaLog) -> list[str]:
    found = []
    for partition in log.partitions():
        start = 0
        while bounds := log.bounds(partition, start, 1_000):
            found += [entry.key for entry in log.read(bounds)]
            start = bounds.last + 1
    return found


@pytest.mark.slow
@pytest.mark.crash
@pytest.mark.timeout(300)
def test_a_process_that_is_killed_while_it_appends_loses_nothing_and_doubles_nothing(kafka_url: str) -> None:
    chance = random.Random(7)
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", APPENDER, kafka_url], stdout=subprocess.PIPE) as appender:
            try:
                assert appender.stdout is not None
                assert appender.stdout.readline()  # it is at work
                time.sleep(chance.uniform(0, 0.3))
            finally:
                appender.kill()
    log = KafkaLog(kafka_url, partitions=2)
    log.append([], producer="test", sequence=(0, 0))  # ends what the last one left open
    last = log.sequence("test")[1]
    assert last >= 5
    found = keys(log)
    assert sorted(found) == sorted(f"{number}-{part}" for number in range(1, last + 1) for part in range(5))
    log.close()


@pytest.mark.slow
@pytest.mark.crash
@pytest.mark.timeout(300)
def test_a_broker_that_is_killed_loses_nothing_and_doubles_nothing(broker: Broker) -> None:
    log = KafkaLog(f"kafka://{broker.servers}/killed")
    done = threading.Event()

    def append() -> None:
        number = 1
        while number <= 60:
            try:
                fact = Fact("orders", str(number), NOON, b"{}")
                log.append([fact], producer="test", sequence=(0, number), after=(0, number - 1))
            except Unavailable:
                continue
            number += 1
        done.set()

    appender = threading.Thread(target=append, daemon=True)
    appender.start()

    def has_begun() -> bool:
        try:
            return log.sequence("test")[1] >= 5
        except Unavailable:  # a topic that is new has no leader for a moment
            return False

    wait_until(has_begun)
    broker.kill()
    broker.start()
    assert done.wait(PATIENCE * 2)
    assert keys(log) == [str(number) for number in range(1, 61)]
    assert log.end(Partition("orders", 0)) > 60
    log.close()


def test_a_cluster_that_is_away_is_said_to_be(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewind.events.kafka_topics.ANSWERS_WITHIN", 1.0)
    with pytest.raises(Unavailable, match=f"Kafka at 127.0.0.1:{free_port} does not do as asked"):
        KafkaLog(f"kafka://127.0.0.1:{free_port}")


def test_an_address_says_where_and_how() -> None:
    plain = Address.of("kafka://one:9092,two:9092")
    assert (plain.servers, plain.prefix) == ("one:9092,two:9092", "tradewind-")
    signed = Address.of("kafka://me:p%40ss@one:9093/shop?sasl.mechanism=SCRAM-SHA-256")
    assert signed.prefix == "shop-"
    assert signed.settings == {
        "bootstrap.servers": "one:9093",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-256",
        "sasl.username": "me",
        "sasl.password": "p@ss",
    }
    assert "p@ss" not in repr(signed)
    for wrong in ("kafka://", "http://one:9092", "kafka://one:9092?acks=0", "kafka://one:9092?plugin.library.paths=x"):
        with pytest.raises(Misconfigured):
            Address.of(wrong)


def test_the_setting_chooses_the_log(tmp_path: Path, kafka_url: str) -> None:
    log = open_log(load_settings(data_dir=tmp_path, log={"url": kafka_url, "partitions": 2}))
    assert isinstance(log, KafkaLog)
    log.append([Fact("orders", "a", NOON, b"{}")], producer="test", sequence=(0, 1))
    assert len(log.partitions()) == 2
    log.close()
    assert not (tmp_path / "log.db").exists()
