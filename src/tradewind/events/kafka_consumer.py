"""Follows topics for somebody who keeps the position together with the effect; Kafka's own offsets are a courtesy.

Partitions are shared out among the members of a group. Whoever is given one goes on from the position that the
taker has stored, whatever Kafka remembers; so a member that was slow to hear that its partition has gone, and
takes a batch too late, finds the position moved and stores nothing. Needs `tradewind[kafka]`.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.events.kafka_client import ANSWERS_WITHIN, Settings, consumer, plain_errors

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Message, TopicPartition

BATCH = 1_000
_POLL_SECONDS = 0.2
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

logger = get_logger(__name__)


class Record(NamedTuple):
    """A message of a topic."""

    topic: str
    partition: int
    offset: int
    at: datetime
    """When it was produced or appended, as the topic keeps it."""
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()

    @property
    def place(self) -> str:
        return f"{self.topic}:{self.partition}:{self.offset}"


class PositionMoved(Exception):
    """Somebody else has taken the batch: nothing of it was stored now."""


class Taker(Protocol):
    """Does something with records, and stores behind which of them it stands, both or neither."""

    def position(self, topic: str, partition: int) -> int | None:
        """The offset to go on from; None: nothing was taken yet."""
        ...

    def begin(self, topic: str, partition: int, offset: int) -> None:
        """Told once per partition, before its first record: where it begins."""
        ...

    def take(self, records: Sequence[Record]) -> None:
        """Takes records of one partition, in order. Raises PositionMoved when the stored position lies behind the
        first of them; anything else that it raises is logged, and the batch comes again."""
        ...


class Follower:
    """One member of a group. `run` it in a thread of its own."""

    def __init__(
        self,
        settings: Settings,
        *,
        group: str,
        topics: Sequence[str],
        taker: Taker,
        offset_reset: str = "earliest",
        batch: int = BATCH,
    ) -> None:
        self._servers = str(settings.get("bootstrap.servers", ""))
        self._settings = {
            **settings,
            "group.id": group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest" if offset_reset in ("earliest", "smallest", "beginning") else "latest",
            "isolation.level": "read_committed",
            "queued.max.messages.kbytes": 32_768,
            "fetch.error.backoff.ms": 100,
            "fetch.queue.backoff.ms": 50,
            "topic.metadata.refresh.interval.ms": 10_000,
        }
        self._from_the_start = self._settings["auto.offset.reset"] == "earliest"
        self._topics = list(topics)
        self._taker = taker
        self._batch = batch
        self.lag: dict[tuple[str, int], int] = {}
        """Records that are there and not taken, by partition, as far as was heard."""

    def run(self, stop: threading.Event) -> None:
        """Takes what comes until told to stop. A failure is logged and the same batch tried again."""
        while not stop.is_set():
            try:
                with plain_errors(self._servers):
                    self._follow(stop)
            except Unavailable as away:
                logger.warning("topics wait", topics=self._topics, reason=str(away))
            except Exception:
                logger.exception("following topics failed; it goes on from the stored position", topics=self._topics)
            stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)

    def _follow(self, stop: threading.Event) -> None:
        """From joining the group to leaving it."""
        member = consumer(self._settings)
        try:
            member.subscribe(self._topics, on_assign=self._on_assign, on_revoke=self._on_revoke)
            while not stop.is_set():
                by_partition = _grouped(member.consume(self._batch, _POLL_SECONDS))
                for records in by_partition:
                    self._take(member, records)
        finally:
            member.close()

    def _take(self, member: Consumer, records: Sequence[Record]) -> None:
        first = records[0]
        try:
            self._taker.take(records)
        except PositionMoved:
            place = self._taker.position(first.topic, first.partition)
            logger.info("a batch was taken by another member", place=first.place, goes_on_from=place)
            if place is not None:
                with _forgiving():
                    member.seek(_place(first.topic, first.partition, place))
        else:
            self._commit(member, records[-1])

    def _commit(self, member: Consumer, last: Record) -> None:
        """Tells Kafka how far we are, for those who watch the group's lag."""
        with _forgiving():
            member.commit(offsets=[_place(last.topic, last.partition, last.offset + 1)], asynchronous=True)
            _, end = member.get_watermark_offsets(_place(last.topic, last.partition, 0), cached=True)
            self.lag[last.topic, last.partition] = max(0, int(end) - last.offset - 1)

    def _on_assign(self, member: Consumer, given: list[TopicPartition]) -> None:
        for partition in given:
            place = self._taker.position(partition.topic, partition.partition)
            where = _place(partition.topic, partition.partition, 0)
            first_kept, end = member.get_watermark_offsets(where, timeout=ANSWERS_WITHIN)
            if place is None:
                # Written down now: what comes after this moment counts, whenever the first of it is taken.
                place = first_kept if self._from_the_start else end
                self._taker.begin(partition.topic, partition.partition, place)
            partition.offset = place
            if first_kept > place:
                # Kafka's retention was shorter than our absence. Nothing can bring it back; somebody has to know.
                logger.error("records are gone before they were taken", place=str(partition), first_kept=first_kept)
                partition.offset = first_kept
        member.assign(given)

    def _on_revoke(self, _: Consumer, taken: list[TopicPartition]) -> None:
        for partition in taken:
            self.lag.pop((partition.topic, partition.partition), None)


def _grouped(messages: Iterable[Message]) -> list[list[Record]]:
    """Records by partition, each in order. Raises what Kafka says is wrong."""
    found: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for message in messages:
        error = message.error()
        if error is not None:
            from confluent_kafka import KafkaException

            if error.name() in ("UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC"):
                continue  # it is looked for again by itself, and the topics beside it go on
            raise KafkaException(error)
        record = record_of(message)
        found[record.topic, record.partition].append(record)
    return [*found.values()]


def record_of(message: Message) -> Record:
    milliseconds = max(0, message.timestamp()[1])
    headers: Any = message.headers() or ()
    return Record(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        _EPOCH + timedelta(milliseconds=milliseconds),
        _raw(message.key()),
        _raw(message.value()),
        tuple((name, _raw(value)) for name, value in headers),
    )


def _raw(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


def _place(topic: str, partition: int, offset: int) -> TopicPartition:
    from confluent_kafka import TopicPartition

    return TopicPartition(topic, partition, offset)


class _forgiving:  # noqa: N801 (reads as a word of the language)
    """What is only a courtesy may fail: the stored position is what counts."""

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: object, __: object) -> bool:
        return type(error).__name__ == "KafkaException"
