"""Topics of the log on a cluster: what they are called there, how many partitions they have, and what is kept."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final

from tradewind.core.errors import Unavailable
from tradewind.events.kafka_client import ANSWERS_WITHIN
from tradewind.events.log import Partition

if TYPE_CHECKING:
    from confluent_kafka.admin import AdminClient

LARGEST_MESSAGE: Final = 64 * 1024 * 1024
PLACES: Final = Partition("~producers", 0)
"""Where producers' places stand; no topic of facts can be called so, for theirs begin with a letter or digit."""

_KNOWN_SECONDS = 1.0
# Retention is ours: entries go when every consumer has passed them, and never before.
_KEPT = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
_NEWEST_OF_EACH = {"cleanup.policy": "compact", "segment.ms": "3600000", "min.cleanable.dirty.ratio": "0.1"}


class Topics:
    """The topics below a prefix."""

    def __init__(self, admin: AdminClient, prefix: str, partitions_of_new: int) -> None:
        self._admin = admin
        self._prefix = prefix
        self._partitions_of_new = partitions_of_new
        self._counts: dict[str, int] = {}
        self._known_at = float("-inf")
        self._lock = threading.Lock()

    def name(self, topic: str) -> str:
        """What a topic is called on the cluster, where only letters, digits, `_`, `-` and `.` may stand."""
        return self._prefix + "".join(_spelled(letter) for letter in topic)

    def meaning(self, name: str) -> str | None:
        """The topic that a name on the cluster stands for; None for a name that is not ours."""
        first, *rest = name.removeprefix(self._prefix).encode().split(b"-")
        try:
            topic = (first + b"".join(bytes([int(part[:2], 16)]) + part[2:] for part in rest)).decode()
        except ValueError:
            return None
        return topic if self.name(topic) == name else None

    def ensure(self, topic: str) -> int:
        """The number of a topic's partitions; it is made when it is new."""
        from confluent_kafka import KafkaException
        from confluent_kafka.cimpl import NewTopic

        with self._lock:
            if (count := self._counts.get(topic)) or (count := self._look().get(topic)):
                return count
            is_places = topic == PLACES.topic
            new = NewTopic(
                self.name(topic),
                num_partitions=1 if is_places else self._partitions_of_new,
                config=(_NEWEST_OF_EACH if is_places else _KEPT) | {"max.message.bytes": str(LARGEST_MESSAGE)},
            )
            made: Future[None] = self._admin.create_topics([new], operation_timeout=ANSWERS_WITHIN)[self.name(topic)]
            try:
                made.result(ANSWERS_WITHIN)
            except KafkaException as refused:
                if refused.args[0].name() != "TOPIC_ALREADY_EXISTS":
                    raise
            deadline = time.monotonic() + ANSWERS_WITHIN
            while not (count := self._look().get(topic)):
                if time.monotonic() > deadline:
                    raise Unavailable(f"Kafka made the topic {self.name(topic)} and does not show it. Try again.")
                time.sleep(0.02)
            return count

    def partitions(self) -> list[Partition]:
        """All partitions of facts."""
        with self._lock:
            if time.monotonic() - self._known_at > _KNOWN_SECONDS:
                self._look()
            return sorted(
                Partition(topic, number)
                for topic, count in self._counts.items()
                if topic != PLACES.topic
                for number in range(count)
            )

    def holds(self, partition: Partition) -> bool:
        """Whether there is such a partition, known from the last look or a new one."""
        if partition.number < self._counts.get(partition.topic, 0):
            return True
        return partition in self.partitions()

    def delete_before(self, partition: Partition, offset: int) -> None:
        """Forgets the entries before an offset."""
        from confluent_kafka import TopicPartition

        place = TopicPartition(self.name(partition.topic), partition.number, offset)
        for done in self._admin.delete_records([place], request_timeout=ANSWERS_WITHIN).values():
            done.result(ANSWERS_WITHIN)

    def _look(self) -> dict[str, int]:
        found = self._admin.list_topics(timeout=ANSWERS_WITHIN).topics
        self._counts = {
            meaning: len(topic.partitions)
            for name, topic in found.items()
            if topic.error is None and topic.partitions and (meaning := self.meaning(name)) is not None
        }
        self._known_at = time.monotonic()
        return self._counts


def _spelled(letter: str) -> str:
    if letter == "_" or (letter.isascii() and letter.isalnum()):
        return letter
    return "".join(f"-{byte:02x}" for byte in letter.encode())
