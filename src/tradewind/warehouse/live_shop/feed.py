"""The feed: tells the live shop what is booked, each fact once.

It reads the log of booked facts and writes rows into the log of ingested ones, which keeps the feed's place with
the rows, both or neither. From there rows reach their tables as all others do: through `ingest.landing`, exactly
once, in every view, and across deploys.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.events.contracts import Fact
from tradewind.events.log import Entry, EventLog, Partition
from tradewind.warehouse.ingest.followers import topic_of
from tradewind.warehouse.ingest.journal import in_parts
from tradewind.warehouse.ingest.rows import ERROR, ERROR_COLUMN, IMPORT_ID, QUARANTINE, insertion_date, seconds_text
from tradewind.warehouse.live_shop.rows import SOURCES, lines_of
from tradewind.warehouse.workspaces.release import Release

_MOST_FACTS = 5_000
_SPACING_SECONDS = 0.1
"""Facts that come together are told together: each telling costs the disk a write, which orders wait for too."""
_IDLE_SECONDS = 0.2
_PAUSE_AFTER_FAILURE_SECONDS = 1.0

logger = get_logger(__name__)


class Feed:
    """From the log of booked facts to that of ingested rows. Threads may share it."""

    def __init__(self, booked: EventLog, told: EventLog) -> None:
        self._booked = booked
        self._told = told
        self._lock = threading.Lock()

    def begin(self, positions: Mapping[Partition, int], generation: int) -> None:
        """From now on facts are told from these places on; a higher generation counts instead of a lower one."""
        for partition, position in positions.items():
            self._told.append([], producer=_producer(partition), sequence=(generation, position))

    def positions(self) -> dict[Partition, int]:
        """How far each partition is told."""
        return {partition: self._told.sequence(_producer(partition))[1] for partition in self._partitions()}

    def drain(self, release: Release) -> int:
        """Tells everything that is in the log now; returns how many facts."""
        told = 0
        while moved := self.round(release):
            told += moved
        return told

    def round(self, release: Release) -> int:
        """Tells one batch of every partition."""
        return sum(self.step(partition, release) for partition in self._partitions())

    def step(self, partition: Partition, release: Release) -> int:
        """Tells one batch and returns how many facts it had; 0 when nothing waits. Safe to repeat."""
        producer = _producer(partition)
        with self._lock:
            place = generation, position = self._told.sequence(producer)
            bounds = self._booked.bounds(partition, position, _MOST_FACTS)
            if bounds is None:
                return 0
            entries = self._booked.read(bounds)
            facts = list(_facts(partition, entries, release))
            self._told.append(facts, producer=producer, sequence=(max(generation, 1), bounds.last + 1), after=place)
        return len(entries)

    def run(self, release: Release, stop: threading.Event) -> None:
        """Keeps telling until told to stop; a failure is logged and the same batch tried again."""
        seen = self._booked.appended.count
        while not stop.is_set():
            try:
                moved = self.round(release)
            except Unavailable as away:
                logger.warning("the live shop is not told what is booked", reason=str(away))
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            except Exception:
                logger.exception("the live shop is not told what is booked; it is tried again")
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            if moved:
                stop.wait(_SPACING_SECONDS)
            else:
                seen = self._booked.appended.wait(seen, _IDLE_SECONDS)

    def _partitions(self) -> list[Partition]:
        return [partition for partition in self._booked.partitions() if partition.topic in SOURCES]


def _producer(partition: Partition) -> str:
    return f"booked/{partition}"


def _facts(partition: Partition, entries: list[Entry], release: Release) -> Iterator[Fact]:
    """The batch as entries of the other log: rows for the data source, and what makes no row for its quarantine."""
    source, now = SOURCES[partition.topic], datetime.now(UTC)
    good: list[bytes] = []
    bad: list[bytes] = []
    for entry in entries:
        try:
            good.append(lines_of(partition.topic, entry.payload))
        except msgspec.DecodeError as wrong:
            logger.warning("a booked fact makes no row", topic=partition.topic, key=entry.key, reason=str(wrong))
            bad.append(_quarantined(release, source, str(wrong), now))
    for name, lines in ((source, good), (source + QUARANTINE, bad)):
        for part in in_parts(b"".join(lines)):
            yield Fact(topic_of(release.workspace_id, name), str(release.number), now, part)


def _quarantined(release: Release, source: str, reason: str, now: datetime) -> bytes:
    time_column = insertion_date([column.name for column in release.project.sources[source].columns])
    row = {ERROR_COLUMN: [], ERROR: [reason], IMPORT_ID: None, time_column: seconds_text(now)}
    return msgspec.json.encode(row) + b"\n"
