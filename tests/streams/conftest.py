"""A producer, topics and a broker to mistreat."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from scripts.kafka.broker import Broker, missing

PATIENCE = 60.0


class Topics:
    """Makes topics with names of their own, and puts messages into them."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self._producer = Producer({"bootstrap.servers": servers, "acks": "all", "linger.ms": 0})
        self._tag = uuid.uuid4().hex[:10]

    def name(self, topic: str) -> str:
        return f"{topic}-{self._tag}"

    def make(self, topic: str, partitions: int = 1) -> str:
        admin = AdminClient({"bootstrap.servers": self.servers})
        new = NewTopic(self.name(topic), num_partitions=partitions, replication_factor=1)
        admin.create_topics([new])[self.name(topic)].result(30)
        return self.name(topic)

    def send(self, topic: str, *messages: Any, partition: int = -1, key: str | None = None, **options: Any) -> None:
        """Each message as JSON, unless it is bytes or None already; returns when all of them are in the topic."""
        failures: list[object] = []
        for message in messages:
            value = message if isinstance(message, bytes) or message is None else orjson.dumps(message)
            self._producer.produce(
                self.name(topic),
                value=value,
                key=key,
                partition=partition,
                on_delivery=lambda error, _: failures.append(error) if error else None,
                **options,
            )
        assert self._producer.flush(PATIENCE) == 0
        assert failures == []


@pytest.fixture
def topics(kafka_server: str) -> Topics:
    return Topics(kafka_server.removeprefix("kafka://"))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of this module's own, that may be killed."""
    if reason := missing():
        pytest.skip(f"needs a Kafka to kill: {reason}")
    broker = Broker.new(tmp_path_factory.mktemp("kafka") / Path("broker"))
    broker.start()
    yield broker
    broker.kill()


def wait_until(holds: Callable[[], bool], what: str = "", seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)
