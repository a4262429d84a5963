"""The log's Kafka side: transactions on the way in, committed records on the way out, positions held by us.

One append is one transaction: its facts and the producer's new place, which stands in a compacted topic, are
there together or not at all. A producer's transactional id is its name, so that whoever begins to append under
a name ends what a former process left open, and shuts that process out. Kafka numbers the ends of transactions
too: offsets grow, but are not consecutive. Needs `tradewind[kafka]`.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.core.signals import Signal
from tradewind.events.contracts import Fact
from tradewind.events.kafka_client import ANSWERS_WITHIN, Address, admin, away, plain_errors, producer
from tradewind.events.kafka_reader import TIMES, TIMES_HEADER, Reader
from tradewind.events.kafka_topics import LARGEST_MESSAGE, PLACES, Topics
from tradewind.events.log import Bounds, Entry, LogGap, Partition, to_micros

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message, Producer

_COMMITS_WITHIN = 30.0
_READERS = 16
"""Partitions whose readers keep their connections."""
_SENDERS = 32
"""Producers that keep theirs."""

Place = tuple[int, int]
logger = get_logger(__name__)


class KafkaLog:
    """The log on a Kafka cluster. Safe for several threads and processes."""

    def __init__(self, url: str, *, partitions: int = 1) -> None:
        self.appended = Signal()
        self._address = Address.of(url)
        self._topics = Topics(admin(self._address.settings), self._address.prefix, partitions)
        self._places = _Places(Reader(self._address, PLACES, self._topics.name(PLACES.topic)))
        self._senders: OrderedDict[str, _Sender] = OrderedDict()
        self._readers: OrderedDict[Partition, Reader] = OrderedDict()
        self._written: dict[Partition, int] = {}
        """Behind the last record of this process in each partition: what it wrote, it can read at once."""
        self._guard = threading.Lock()
        with plain_errors(self._address.servers):
            self._topics.ensure(PLACES.topic)

    def append(self, facts: Sequence[Fact], *, producer: str, sequence: Place, after: Place | None = None) -> None:
        with self._sending(producer) as sender:
            place = sender.begin()
            if place >= sequence or (after is not None and place != after):
                return
            topics = {fact.topic for fact in facts}
            names = {self._topics.name(topic): topic for topic in topics}
            ends = sender.send(self._messages(facts), sequence)
            with self._guard:
                for (name, number), end in ends.items():
                    partition = Partition(names[name], number)
                    self._written[partition] = max(end, self._written.get(partition, 0))
        self.appended.send()

    def sequence(self, producer: str) -> Place:
        with self._guard:
            sender = self._senders.get(producer)
        if sender is not None and (place := sender.place) is not None:
            return place
        with plain_errors(self._address.servers):
            return self._places.of(producer)

    def partitions(self) -> list[Partition]:
        with plain_errors(self._address.servers):
            return self._topics.partitions()

    def end(self, partition: Partition) -> int:
        with self._reading(partition) as reader:
            return reader.end(self._written.get(partition, 0)) if reader else 0

    def bounds(self, partition: Partition, start: int, limit: int) -> Bounds | None:
        with self._reading(partition) as reader:
            found = reader.ahead(start, limit, self._written.get(partition, 0)) if reader else []
        return Bounds(partition, start, found[-1].offset() or 0) if found else None

    def read(self, bounds: Bounds) -> list[Entry]:
        with self._reading(bounds.partition) as reader:
            if reader is None:
                raise LogGap(f"{bounds.token}: the log has no such partition.")
            return reader.take(bounds)

    def retain(self, newer_than: datetime, passed: dict[Partition, int]) -> int:
        deleted = 0
        for partition, position in passed.items():
            with self._reading(partition) as reader:
                if reader is None:
                    continue
                first, through = reader.first(), min(position, reader.offset_at(newer_than))
                if through > first:
                    self._topics.delete_before(partition, through)
                    deleted += through - first
        return deleted

    def close(self) -> None:
        with self._guard:
            senders, readers = [*self._senders.values()], [*self._readers.values()]
            self._senders.clear()
            self._readers.clear()
        for sender in senders:
            with sender.lock:
                sender.close()
        for reader in (*readers, self._places.reader):
            with reader.lock:
                reader.close()

    @contextmanager
    def _sending(self, name: str) -> Iterator[_Sender]:
        with self._guard:
            sender = self._senders.pop(name, None) or _Sender(
                self._address, name, self._topics.name(PLACES.topic), self._places
            )
            self._senders[name] = sender
            surplus = [self._senders.popitem(last=False)[1] for _ in range(len(self._senders) - _SENDERS)]
        for old in surplus:
            with old.lock:
                old.close()
        with plain_errors(self._address.servers), sender.lock:
            yield sender

    @contextmanager
    def _reading(self, partition: Partition) -> Iterator[Reader | None]:
        """The partition's reader, for this thread alone; None when there is no such partition."""
        with plain_errors(self._address.servers):
            if not self._topics.holds(partition):
                yield None
                return
            with self._guard:
                reader = self._readers.pop(partition, None) or Reader(
                    self._address, partition, self._topics.name(partition.topic)
                )
                self._readers[partition] = reader
                surplus = [self._readers.popitem(last=False)[1] for _ in range(len(self._readers) - _READERS)]
            for old in surplus:
                with old.lock:
                    old.close()
            with reader.lock:
                yield reader

    def _messages(self, facts: Sequence[Fact]) -> list[dict[str, Any]]:
        """All facts in the form that the producer takes, before the first of them is on its way."""
        now = to_micros(datetime.now(UTC))
        counts = {topic: self._topics.ensure(topic) for topic in {fact.topic for fact in facts}}
        names = {topic: self._topics.name(topic) for topic in counts}
        return [
            {
                "topic": names[fact.topic],
                "partition": zlib.crc32(key) % counts[fact.topic],
                "key": key,
                "value": fact.payload,
                "timestamp": now // 1000,
                "headers": [(TIMES_HEADER, TIMES.pack(to_micros(fact.event_at), now))],
            }
            for fact in facts
            for key in [fact.key.encode()]
        ]


class _Sender:
    """Appends under one name, a transaction at a time."""

    def __init__(self, address: Address, name: str, places_topic: str, places: _Places) -> None:
        self.lock = threading.Lock()
        self.place: Place | None = None
        """Known while nothing is in doubt."""
        self._address = address
        self._name = name
        self._places_topic = places_topic
        self._places = places
        self._producer: Producer | None = None

    def begin(self) -> Place:
        """Makes sure that nobody else appends under the name and that nothing is in doubt; the place reached."""
        if self.place is None:
            self.close()
            self._producer = producer(
                {
                    **self._address.settings,
                    "transactional.id": f"{self._address.prefix}{self._name}",
                    "transaction.timeout.ms": int(_COMMITS_WITHIN * 1000),
                    "acks": "all",
                    "linger.ms": 0,
                    "compression.type": "lz4",
                    "message.max.bytes": LARGEST_MESSAGE,
                    "queue.buffering.max.messages": 1_000_000,
                    "queue.buffering.max.kbytes": 262_144,
                }
            )
            # Ends what a former process under this name left open, one way or the other, before it answers.
            self._producer.init_transactions(ANSWERS_WITHIN)
            self.place = self._places.of(self._name)
        return self.place

    def send(self, messages: Sequence[dict[str, Any]], sequence: Place) -> dict[tuple[str, int], int]:
        """Stores the messages and the place in one transaction; behind which offset each partition's last one is.

        Raises Unavailable when that failed or may have: `begin` finds out which before anything else is sent.
        """
        assert self._producer is not None
        ends: dict[tuple[str, int], int] = {}
        failures: list[KafkaError] = []

        def stored(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                failures.append(error)
            else:
                ends[message.topic() or "", message.partition() or 0] = (message.offset() or 0) + 1

        self.place = None
        try:
            self._producer.begin_transaction()
            for message in messages:
                self._produce(message, stored)
            place = {"topic": self._places_topic, "partition": 0, "key": self._name, "value": orjson.dumps(sequence)}
            self._produce(place, stored)
            self._commit(failures)
        except BaseException:
            self._abort()
            raise
        self.place = sequence
        return {partition: end for partition, end in ends.items() if partition[0] != self._places_topic}

    def _commit(self, failures: Sequence[KafkaError]) -> None:
        """Asks again while the cluster says that asking again helps."""
        from confluent_kafka import KafkaException

        assert self._producer is not None
        deadline = time.monotonic() + _COMMITS_WITHIN
        while True:
            try:
                self._producer.commit_transaction(max(0.1, deadline - time.monotonic()))
            except KafkaException as failure:
                error: KafkaError = failure.args[0]
                if not error.retriable() or time.monotonic() > deadline:
                    raise away(self._address.servers, failures[0] if failures else error) from failure
            else:
                return

    def close(self) -> None:
        """Lets go of the connection; an open transaction ends by itself."""
        self._producer = None
        self.place = None

    def _produce(self, message: dict[str, Any], stored: Any) -> None:
        assert self._producer is not None
        deadline = time.monotonic() + ANSWERS_WITHIN
        while True:
            try:
                self._producer.produce(**message, on_delivery=stored)
            except BufferError:
                if time.monotonic() > deadline:
                    raise Unavailable(f"Kafka at {self._address.servers} takes nothing more. Try again.") from None
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return

    def _abort(self) -> None:
        """So that readers need not wait until it times out; if this fails too, the next `begin` does it."""
        if self._producer is not None:
            with suppress(Exception):
                self._producer.purge()
                self._producer.abort_transaction(2.0)
        self.close()


class _Places:
    """The places of all producers, read from their topic as far as it goes."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._known: dict[str, Place] = {}
        self._next = 0

    def of(self, name: str) -> Place:
        with self.reader.lock:
            self._next = max(self._next, self.reader.first())
            while found := self.reader.ahead(self._next, 10_000, 0):
                bounds = Bounds(PLACES, self._next, found[-1].offset() or 0)
                for entry in self.reader.take(bounds):
                    major, minor = orjson.loads(entry.payload)
                    self._known[entry.key] = (major, minor)
                self._next = bounds.last + 1
        return self._known.get(name, (0, 0))
