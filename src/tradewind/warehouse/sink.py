"""The sink: moves the log into the landed tables, each fact exactly once, through crashes on any line.

A batch is a fixed range of a partition. Its bounds are written down before it is inserted, and its
insert carries a token made from them, so a batch that was cut off is repeated with the same rows under
the same token and stored once: in the landed table and in every view behind it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.core.signals import Signal
from tradewind.events.contracts import Topic, moment
from tradewind.events.ledger import BatchLedger, DeadLetter
from tradewind.events.log import Entry, EventLog, Partition
from tradewind.warehouse.client import QueryFailed, Warehouse
from tradewind.warehouse.refusals import refused_lines, structure_of

_IDLE_SECONDS = 0.1
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_TOPICS = frozenset(Topic)


def landed_table(topic: str) -> str:
    return f"log_{topic}"


logger = get_logger(__name__)


@dataclass(slots=True)
class SinkCounts:
    """What this process has landed since it started."""

    events: int = 0
    batches: int = 0
    dead: int = 0
    version: int = 0
    """Moves with every batch: answers computed at one version stay true until the next."""
    last_batch_at: float = field(default_factory=time.monotonic)


class Sink:
    """One per warehouse. `landed` is sent after every batch that readers can see."""

    def __init__(self, log: EventLog, ledger: BatchLedger, warehouse: Warehouse) -> None:
        self._log = log
        self._ledger = ledger
        self._warehouse = warehouse
        self._last_batch: dict[Partition, float] = {}
        self.landed = Signal()
        self.counts = SinkCounts()

    def drain(self) -> int:
        """Lands everything that is in the log now; returns the number of events landed."""
        landed = 0
        while count := self.round():
            landed += count
        return landed

    def round(self) -> int:
        """Lands one batch of every partition; returns the number of events landed."""
        return sum(self.step(partition) for partition in self._partitions())

    def step(self, partition: Partition) -> int:
        """Lands one batch of a partition and returns its size; 0 when nothing waits. Safe to repeat."""
        bounds = self._ledger.unfinished(partition)
        if bounds is None:
            found = self._log.bounds(partition, self._ledger.position(partition), self._warehouse.settings.batch_rows)
            if found is None:
                return 0
            bounds = self._ledger.open(found)
        entries = self._log.read(bounds)
        dead = self._insert(partition, entries, bounds.token)
        self._ledger.close(bounds, dead)
        self._last_batch[partition] = time.monotonic()
        self.counts.events += len(entries)
        self.counts.batches += 1
        self.counts.dead += len(dead)
        self.counts.version += 1
        self.counts.last_batch_at = time.monotonic()
        self.landed.send()
        return len(entries)

    def backlog(self) -> int:
        """Entries of the log that are not landed yet."""
        return sum(self._log.end(p) - self._ledger.position(p) for p in self._partitions())

    def positions(self) -> dict[Partition, int]:
        """How far each partition is landed; retention never passes this."""
        return {partition: self._ledger.position(partition) for partition in self._partitions()}

    def run(self, stop: threading.Event) -> None:
        """Keeps landing until told to stop; a failure is logged and the same batch tried again."""
        seen = self._log.appended.count
        while not stop.is_set():
            try:
                waits = {partition: self._due_in(partition) for partition in self._partitions()}
                moved = sum(self.step(partition) for partition, seconds in waits.items() if seconds <= 0)
            except Unavailable as away:
                logger.warning("sink waits", reason=str(away))
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            except Exception:
                logger.exception("sink failed; it tries the same batch again")
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            if not moved:
                soonest = min((seconds for seconds in waits.values() if seconds > 0), default=_IDLE_SECONDS)
                seen = self._log.appended.wait(seen, min(soonest, _IDLE_SECONDS))

    def _partitions(self) -> list[Partition]:
        return [partition for partition in self._log.partitions() if partition.topic in _TOPICS]

    def _due_in(self, partition: Partition) -> float:
        """Seconds until the partition's next batch: they are spaced out, since each becomes a part to be merged."""
        spacing = self._warehouse.settings.batch_wait_ms / 1000
        return self._last_batch.get(partition, -spacing) + spacing - time.monotonic()

    def _insert(self, partition: Partition, entries: Sequence[Entry], token: str) -> list[DeadLetter]:
        """Inserts a batch; entries that the table refuses become dead letters, the others are stored."""
        table = landed_table(partition.topic)
        lines = [_line(partition, entry) for entry in entries]
        try:
            self._warehouse.insert_lines(table, b"\n".join(lines), token=token)
            return []
        except QueryFailed as failure:
            # The block is stored whole or not at all. Which lines fit is a question to the engine that
            # changes nothing, and its answer is the same after a crash: same token, same rows.
            refused = refused_lines(self._warehouse, structure_of(self._warehouse, table), lines)
            if not refused:
                raise
            logger.warning(
                "facts refused by the warehouse",
                topic=partition.topic,
                count=len(refused),
                reason=str(failure),
            )
        good = [line for index, line in enumerate(lines) if index not in refused]
        if good:
            self._warehouse.insert_lines(table, b"\n".join(good), token=token)
        return [
            DeadLetter(partition, entries[i].offset, entries[i].key, reason, entries[i].payload)
            for i, reason in refused.items()
        ]


def _line(partition: Partition, entry: Entry) -> bytes:
    """The entry as a line of its landed table: the payload with its place and its two times put in front."""
    return (
        f'{{"log_partition":{partition.number},"log_offset":{entry.offset},"event_at":"{moment(entry.event_at)}",'
        f'"ingested_at":"{moment(entry.appended_at)}",'
    ).encode() + entry.payload[1:]
