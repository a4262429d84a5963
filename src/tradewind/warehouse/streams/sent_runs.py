"""Which run of a sink a topic has taken last, kept by Kafka itself, in the same transaction as its rows.

A consumer group's position carries a text. A group that nobody consumes with therefore holds what a cluster would
otherwise need another topic for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tradewind.events.kafka_client import ANSWERS_WITHIN, consumer

if TYPE_CHECKING:
    from confluent_kafka import Producer


class SentRuns:
    """The runs of one sink to one topic. Opened after the sink's producer has ended what a former one left open."""

    def __init__(self, settings: Mapping[str, Any], sink: str, topic: str) -> None:
        self._topic = topic
        self._group = consumer(
            {**settings, "group.id": sink, "isolation.level": "read_committed", "enable.auto.commit": False}
        )

    def rows_of(self, job_id: str) -> int | None:
        """How many rows the run put into the topic; None when it is not the one that was there last."""
        from confluent_kafka import TopicPartition

        (found,) = self._group.committed([TopicPartition(self._topic, 0)], timeout=ANSWERS_WITHIN)
        noted, _, rows = (found.metadata or "").partition(" ")
        return int(rows) if noted == job_id else None

    def note(self, sender: Producer, job_id: str, rows: int) -> None:
        """Makes it part of the transaction that this run is there."""
        from confluent_kafka import TopicPartition

        told = TopicPartition(self._topic, 0, 0, metadata=f"{job_id} {rows}")
        sender.send_offsets_to_transaction([told], self._group.consumer_group_metadata(), ANSWERS_WITHIN)

    def close(self) -> None:
        self._group.close()
