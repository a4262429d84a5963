"""Reads one partition of the log from Kafka: committed records, in order, from any place."""

from __future__ import annotations

import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from tradewind.core.errors import Unavailable
from tradewind.events.kafka_client import ANSWERS_WITHIN, Address, consumer
from tradewind.events.log import Bounds, Entry, LogGap, Partition, from_micros, to_micros

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Message, TopicPartition

TIMES: Final = struct.Struct(">qq")
"""When a fact happened and when it was appended, in microseconds: Kafka's own times are coarser."""
TIMES_HEADER: Final = "tradewind-times"
_NOWHERE = -1


class Reader:
    """Stands behind the last record it fetched, so that reading on costs no search. For one thread at a time."""

    def __init__(self, address: Address, partition: Partition, topic: str) -> None:
        self.lock = threading.Lock()
        self._open: Callable[[], Consumer] = lambda: consumer(
            {
                **address.settings,
                "group.id": f"{address.prefix}readers",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "error",
                "queued.max.messages.kbytes": 16_384,
                # A reader that jumps waits for the fetch that is under way; one that is idle asks so often.
                "fetch.wait.max.ms": 50,
                "fetch.error.backoff.ms": 20,
                "fetch.queue.backoff.ms": 20,
            }
        )
        self._consumer: Consumer | None = None
        self._partition = partition
        self._topic = topic
        self._ahead: deque[Message] = deque()
        self._next = _NOWHERE
        """The offset that the consumer goes on from, behind what is in `_ahead`."""
        self._first_ahead = _NOWHERE
        """From this offset on, everything committed before `_next` is in `_ahead`."""
        self._end_seen = (_NOWHERE, _NOWHERE)

    def ahead(self, start: int, limit: int, at_least: int) -> list[Message]:
        """Some of the next records from `start` on, one at least if there is one, and all before `at_least`."""
        try:
            self._go_ahead(start, limit, at_least)
        except _NotThereYet:
            return []
        return [self._ahead[index] for index in range(min(limit, len(self._ahead)))]

    def take(self, bounds: Bounds) -> list[Entry]:
        """The entries of a range. Raises LogGap when they are gone, or not there yet."""
        try:
            self._go_to(bounds.first)
            deadline = time.monotonic() + ANSWERS_WITHIN
            while self._next <= bounds.last:
                if not self._fetch(len(bounds), 0.05) and self._next <= bounds.last >= self._committed_end():
                    raise LogGap(f"{bounds.token}: the log ends at {self._committed_end()}.")
                self._left(deadline)
        except _OutOfRange as gone:
            raise self._gap(bounds.token, gone) from gone
        entries = []
        while self._ahead and (self._ahead[0].offset() or 0) <= bounds.last:
            entries.append(_entry(self._ahead.popleft()))
        self._first_ahead = bounds.last + 1
        return entries

    def end(self, at_least: int) -> int:
        """The offset behind the last committed record; what Kafka itself writes there does not count."""
        committed = self._committed_end()
        if committed <= at_least + 1:  # what this process wrote and the mark behind it, which may be still to come
            return at_least
        if self._end_seen[0] == committed:
            return self._end_seen[1]
        first, back, found = self.first(), 2, _NOWHERE
        while found == _NOWHERE and committed > first:
            start = max(first, committed - back)
            found = self._last_record(start, committed)
            if start == first:
                break
            back *= 16
        self._end_seen = (committed, max(found + 1, first if found == _NOWHERE else 0))
        return self._end_seen[1]

    def first(self) -> int:
        """The offset of the oldest entry that is kept."""
        return self._watermarks()[0]

    def offset_at(self, moment: datetime) -> int:
        """The offset of the first entry that was appended at a moment or later; the end when there is none."""
        asked = self._place(to_micros(moment) // 1000)
        found = self._get().offsets_for_times([asked], timeout=ANSWERS_WITHIN)[0].offset
        return int(found) if found >= 0 else self._committed_end()

    def close(self) -> None:
        """Lets go of its connections; it opens new ones when it is used again."""
        if self._consumer is not None:
            self._consumer.close()
        self._consumer = None
        self._forget()

    def _go_ahead(self, start: int, limit: int, at_least: int) -> None:
        self._go_to(start)
        deadline = time.monotonic() + ANSWERS_WITHIN
        self._fetch(limit, 0)
        while len(self._ahead) < limit and self._next < at_least:
            self._fetch(limit, self._left(deadline))
        if not self._ahead:
            end = self._committed_end()
            while not self._ahead and self._next < end:
                self._fetch(limit, self._left(deadline))

    def _last_record(self, start: int, end: int) -> int:
        self._go_to(start)
        deadline = time.monotonic() + ANSWERS_WITHIN
        while self._next < end:
            self._fetch(10_000, self._left(deadline))
        last = (self._ahead[-1].offset() or 0) if self._ahead else _NOWHERE
        self._forget()
        return last

    def _go_to(self, start: int) -> None:
        """Makes `start` the next place to read from; what was fetched already and lies behind it is kept."""
        if not self._first_ahead <= start <= self._next or self._first_ahead == _NOWHERE:
            self._forget()
            self._get().assign([self._place(start)])
            self._next = start
        while self._ahead and (self._ahead[0].offset() or 0) < start:
            self._ahead.popleft()
        self._first_ahead = start

    def _fetch(self, limit: int, seconds: float) -> bool:
        """Takes what the consumer has, waiting for the first of it; whether it moved on."""
        message = self._get().poll(seconds)
        if message is None:
            return False
        wanted = max(0, limit - len(self._ahead) - 1)
        rest = self._get().consume(min(wanted, 100_000), 0) if wanted else []
        for one in (message, *rest):
            self._take(one)
        return True

    def _take(self, message: Message) -> None:
        error = message.error()
        if error is None:
            offset = message.offset() or 0
            if offset >= self._next:  # after a jump, the client may hand out the same records a second time
                self._ahead.append(message)
                self._next = offset + 1
        elif error.name() == "_PARTITION_EOF":
            self._next = max(self._next, message.offset() or 0)
        elif error.name() in ("_AUTO_OFFSET_RESET", "OFFSET_OUT_OF_RANGE"):
            start = self._next
            self._forget()
            first, end = self._watermarks()
            if start < first:
                raise _OutOfRange(f"{self._partition} has no offset {start}; retention took it.")
            if start > end:
                raise _NotThereYet(f"{self._partition} has no offset {start} yet.")
            self._go_to(start)  # a new topic's broker may say so before it is ready
        else:
            from confluent_kafka import KafkaException

            self._forget()
            raise KafkaException(error)

    def _gap(self, token: str, gone: Exception) -> LogGap:
        return LogGap(f"{token}: the log begins at {self.first()} and ends at {self._committed_end()}; {gone}")

    def _committed_end(self) -> int:
        return self._watermarks()[1]

    def _watermarks(self) -> tuple[int, int]:
        found = self._get().get_watermark_offsets(self._place(0), timeout=ANSWERS_WITHIN)
        if found is None:
            raise Unavailable(f"Kafka did not say where {self._partition} ends. Try again.")
        return found

    def _left(self, deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            self._forget()
            raise Unavailable(f"Kafka did not hand out {self._partition} within {ANSWERS_WITHIN:.0f} s. Try again.")
        return left

    def _forget(self) -> None:
        self._ahead.clear()
        self._next = self._first_ahead = _NOWHERE

    def _get(self) -> Consumer:
        if self._consumer is None:
            self._consumer = self._open()
        return self._consumer

    def _place(self, offset: int) -> TopicPartition:
        from confluent_kafka import TopicPartition

        return TopicPartition(self._topic, self._partition.number, offset)


class _OutOfRange(LogGap):
    """What Kafka says of an offset that it does not keep."""


class _NotThereYet(_OutOfRange):
    """What it says of one behind the end."""


def _entry(message: Message) -> Entry:
    key, value = _raw(message.key()), _raw(message.value())
    stamped = dict(message.headers() or ()).get(TIMES_HEADER)
    happened, appended = TIMES.unpack(stamped) if isinstance(stamped, bytes) else (message.timestamp()[1] * 1000,) * 2
    return Entry(
        message.offset() or 0,
        key.decode(),
        from_micros(happened),
        from_micros(appended),
        value,
    )


def _raw(value: bytes | str | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""
