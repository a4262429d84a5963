"""The newest records of a topic, for somebody who only wants to look: no position is kept or moved."""

from __future__ import annotations

import heapq
import time
from typing import TYPE_CHECKING

from tradewind.core.errors import NotFound, Unavailable
from tradewind.events.kafka_client import ANSWERS_WITHIN, Settings, consumer, plain_errors
from tradewind.events.kafka_consumer import Record, record_of

if TYPE_CHECKING:
    from confluent_kafka import Consumer

_POLL_SECONDS = 0.2


def newest(settings: Settings, *, group: str, topic: str, most: int) -> list[Record]:
    """At most so many, the newest first. Raises NotFound without the topic, Unavailable without an answer.

    The group is only named, for clusters that let nobody read without one of theirs: it is not joined.
    """
    servers = str(settings.get("bootstrap.servers", ""))
    reader = consumer(
        {
            **settings,
            "group.id": group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "queued.max.messages.kbytes": 32_768,
        }
    )
    try:
        with plain_errors(servers):
            return _read(reader, servers, topic, most)
    finally:
        reader.close()


def _read(reader: Consumer, servers: str, topic: str, most: int) -> list[Record]:
    from confluent_kafka import KafkaException, TopicPartition

    ends = _ends(reader, servers, topic)
    reader.assign([TopicPartition(topic, part, max(first, end - most)) for part, (first, end) in ends.items()])
    left, found, deadline = set(ends), list[Record](), time.monotonic() + ANSWERS_WITHIN
    while left:
        if time.monotonic() > deadline:
            raise Unavailable(f"Kafka at {servers} did not give the records of {topic} in time.")
        for message in reader.consume(most, _POLL_SECONDS):
            part, error = message.partition() or 0, message.error()
            if error is None:
                found.append(record_of(message))
            elif error.name() != "_PARTITION_EOF":
                raise KafkaException(error)
            # What is written while we read would keep us for ever.
            if error is not None or found[-1].offset + 1 >= ends[part][1]:
                left.discard(part)
        found = heapq.nlargest(most, found, key=lambda record: (record.at, record.partition, record.offset))
    return found


def _ends(reader: Consumer, servers: str, topic: str) -> dict[int, tuple[int, int]]:
    """The first offset and the one behind the last of each partition that holds anything."""
    from confluent_kafka import TopicPartition

    known = reader.list_topics(topic, timeout=ANSWERS_WITHIN).topics[topic]
    if known.error is not None or not known.partitions:
        raise NotFound(f"There is no topic '{topic}' at {servers}.")
    found: dict[int, tuple[int, int]] = {}
    for part in known.partitions:
        first, end = reader.get_watermark_offsets(TopicPartition(topic, part), timeout=ANSWERS_WITHIN)
        if end > first:
            found[part] = first, end
    return found
