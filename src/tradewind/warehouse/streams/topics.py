"""Topics of Kafka as data sources: each record becomes a row, or stands in the quarantine, once.

A range of a partition is written down before it is handed to ingest, under a key made from its bounds. After a
crash the same range comes again under the same key, which ingest has kept with the rows: nothing is stored twice.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import orjson

from tradewind.core.errors import Conflict, TradewindError
from tradewind.core.logging import get_logger
from tradewind.events.kafka_consumer import Follower, PositionMoved, Record
from tradewind.events.kafka_newest import newest
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import Bounds, Partition
from tradewind.warehouse.datafiles.model import Column, DataSource, KafkaSource, Project
from tradewind.warehouse.ingest.rows import RowChecker
from tradewind.warehouse.ingest.service import Counts, Ingest
from tradewind.warehouse.streams.connections import kafka_settings
from tradewind.warehouse.streams.resting import Resting
from tradewind.warehouse.workspaces.model import TOPIC
from tradewind.warehouse.workspaces.release import Release

IMPLICIT: Final = ("__value", "__topic", "__partition", "__offset", "__timestamp", "__key", "__headers")
"""Columns that every source of this kind has, filled from the record and not from its value."""

_LOOK_EVERY_SECONDS = 2.0
_MOST_SOURCES = 64
_SCHEMA_REGISTRY_HEAD = 5
"""Bytes that a producer with a schema registry puts before the value: a zero and the schema's number."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch that is in the log."""

    workspace_id: str
    database: str
    source: str
    topic: str
    partition: int
    counts: Counts
    bytes: int
    seconds: float
    lag: int


class SourceTaker:
    """Hands the records of one data source's topic to ingest."""

    def __init__(
        self,
        ingest: Ingest,
        ledger: BatchLedger,
        release: Callable[[], Release | None],
        workspace_id: str,
        source: str,
        tell: Callable[[Release, Record, Counts, int, float], None],
    ) -> None:
        self._ingest = ingest
        self._ledger = ledger
        self._release = release
        self._workspace_id = workspace_id
        self._source = source
        self._tell = tell
        self._gathered: dict[Partition, list[Record]] = defaultdict(list)
        self._checker: tuple[DataSource, RowChecker] | None = None

    def position(self, topic: str, partition: int) -> int | None:
        place = self._place(topic, partition)
        self._gathered.pop(place, None)
        return self._ledger.known_position(place)

    def begin(self, topic: str, partition: int, offset: int) -> None:
        self._ledger.rewind(self._place(topic, partition), offset)

    def take(self, records: Sequence[Record]) -> None:
        place = self._place(records[0].topic, records[0].partition)
        known = self._ledger.known_position(place)
        gathered = [*self._gathered.pop(place, ()), *records]
        if known is not None and gathered[0].offset < known:
            raise PositionMoved(gathered[0].place)
        unfinished = self._ledger.unfinished(place)
        if unfinished is not None:
            if gathered[-1].offset < unfinished.last:
                self._gathered[place] = gathered  # the range comes as it was, or not at all
                return
            again = [record for record in gathered if record.offset <= unfinished.last]
            self._keep(unfinished, again)
            gathered = gathered[len(again) :]
        if gathered:
            self._keep(self._ledger.open(Bounds(place, gathered[0].offset, gathered[-1].offset)), gathered)

    def _keep(self, bounds: Bounds, records: Sequence[Record]) -> None:
        release = self._release()
        found = release.project.source(self._source) if release is not None else None
        if release is None or found is None or found.kafka is None:
            raise Conflict(f"The data source {self._source} is not fed by a topic any more.")
        began = time.monotonic()
        body = b"\n".join(orjson.dumps(row_of(record, found.kafka)) for record in records)
        with release.in_use():
            checked = self._checker_of(found).ndjson(body, import_id=bounds.token)
            accepted = self._ingest.keep(release, self._source, checked, key=f"kafka {bounds.token}", body=body)
            receipt = accepted.durable.result()
        self._ledger.close(bounds)
        counts = Counts(receipt.rows, receipt.bad_rows)
        self._tell(release, records[-1], counts, len(body), time.monotonic() - began)

    def _checker_of(self, source: DataSource) -> RowChecker:
        if self._checker is None or self._checker[0] is not source:
            self._checker = (source, RowChecker(lifted(source)))
        return self._checker[1]

    def _place(self, topic: str, partition: int) -> Partition:
        return Partition(f"{self._workspace_id}/{self._source}/{topic}", partition)


def lifted(source: DataSource) -> DataSource:
    """The source as it reads rows of `row_of`: the value stands one level below the record."""
    return replace(source, columns=tuple(_lifted(column) for column in source.columns))


def _lifted(column: Column) -> Column:
    if column.name in IMPLICIT:
        return replace(column, json_path=f"$.{column.name}")
    path = column.json_path or f"$['{column.name}']"
    return replace(column, json_path=f"$.value{path.removeprefix('$')}")


def row_of(record: Record, kafka: KafkaSource) -> dict[str, Any]:
    """What a record holds, for the checker. A value that is no JSON object misses every column, and keeps its text."""
    value, text = _value(record.value)
    row: dict[str, Any] = {
        "__topic": record.topic,
        "__partition": record.partition,
        "__offset": record.offset,
        "__timestamp": record.at.strftime("%Y-%m-%d %H:%M:%S"),
        "__key": "" if record.key is None else record.key.decode("utf-8", "replace"),
        "__value": text if kafka.store_raw_value or value is None else "",
    }
    if kafka.store_headers:
        row["__headers"] = {name: (held or b"").decode("utf-8", "replace") for name, held in record.headers}
    return row if value is None else row | {"value": value}


def _value(raw: bytes | None) -> tuple[dict[str, Any] | None, str]:
    raw = raw or b""
    if raw[:1] == b"\0" and len(raw) > _SCHEMA_REGISTRY_HEAD:
        raw = raw[_SCHEMA_REGISTRY_HEAD:]
    text = raw.decode("utf-8", "replace")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None, text
    return (value if isinstance(value, dict) else None), text


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A data source that a topic feeds; equal while nothing about that has changed."""

    key: tuple[str, str]
    kafka: KafkaSource
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Running:
    wanted: _Wanted
    thread: threading.Thread
    stop: threading.Event


class TopicSources:
    """Follows the topics of all live data sources that have one. `run` in a thread of its own."""

    def __init__(
        self,
        ingest: Ingest,
        ledger_path: Path,
        live: Callable[[], Sequence[Release]],
        resting: Resting,
        *,
        told: Callable[[Taken], None] = lambda _: None,
    ) -> None:
        self._ingest = ingest
        self._ledger = BatchLedger(ledger_path, "topics")
        self._live = live
        self._resting = resting
        self._told = told
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], _Running] = {}
        self._complained: set[tuple[str, str, str]] = set()

    def run(self, stop: threading.Event) -> None:
        """Begins and ends followers as releases come and go, until told to stop."""
        try:
            while not stop.is_set():
                try:
                    self.look()
                except Exception:
                    logger.exception("topics of data sources could not be looked at; it is tried again")
                stop.wait(_LOOK_EVERY_SECONDS)
        finally:
            self.end()

    def look(self) -> None:
        """Makes what is followed agree with what is live and does not rest."""
        with self._lock:
            wanted = {one.key: one for one in self._wanted()}
            for key, running in [*self._running.items()]:
                if wanted.get(key) != running.wanted or not running.thread.is_alive():
                    self._end(key)
            for key, one in wanted.items():
                if key not in self._running and len(self._running) < _MOST_SOURCES:
                    self._running[key] = self._begin(one)

    def stop(self, workspace_id: str, source: str) -> None:
        """Takes no more of its topic until `start`, after a restart neither; what it has begun to store, it stores."""
        self._resting.add(workspace_id, TOPIC, source)
        with self._lock:
            if (workspace_id, source) in self._running:
                self._end((workspace_id, source))

    def start(self, workspace_id: str, source: str) -> None:
        """Goes on where its rows end, from the next look on."""
        self._resting.remove(workspace_id, TOPIC, source)

    def stopped(self, workspace_id: str) -> set[str]:
        """The data sources of a workspace that were stopped."""
        return {name for of, kind, name in self._resting.all() if (of, kind) == (workspace_id, TOPIC)}

    def sample(self, project: Project, kafka: KafkaSource, most: int) -> list[dict[str, Any]]:
        """The newest messages of a topic as rows would begin, the text of each with it; nobody's position moves."""
        settings = kafka_settings(project, kafka.connection)
        shown = replace(kafka, store_raw_value=True, store_headers=True)
        found = newest(settings, group=kafka.group_id, topic=kafka.topic, most=most)
        return [row_of(record, shown) for record in found]

    def followed(self) -> dict[str, bool]:
        """The data sources that are followed, and whether each knows by now where it begins."""
        return {
            source: self._ledger.knows(f"{workspace_id}/{source}/{one.wanted.kafka.topic}")
            for (workspace_id, source), one in self._running.items()
        }

    def end(self) -> None:
        with self._lock:
            for running in self._running.values():
                running.stop.set()
            for key in [*self._running]:
                self._end(key)

    def close(self) -> None:
        self.end()
        self._ledger.close_file()

    def _wanted(self) -> Iterator[_Wanted]:
        resting = self._resting.all()
        for release in self._live():
            for source in release.project.sources.values():
                if source.kafka is None or (release.workspace_id, TOPIC, source.name) in resting:
                    continue
                try:
                    settings = kafka_settings(release.project, source.kafka.connection)
                except TradewindError as unfit:
                    self._complain(release, source.name, str(unfit))
                else:
                    yield _Wanted((release.workspace_id, source.name), source.kafka, settings)

    def _begin(self, wanted: _Wanted) -> _Running:
        (workspace_id, source), kafka = wanted.key, wanted.kafka

        def release() -> Release | None:
            return next((one for one in self._live() if one.workspace_id == workspace_id), None)

        def tell(of: Release, last: Record, counts: Counts, size: int, seconds: float) -> None:
            lag = follower.lag.get((last.topic, last.partition), 0)
            self._told(Taken(workspace_id, of.database, source, last.topic, last.partition, counts, size, seconds, lag))

        taker = SourceTaker(self._ingest, self._ledger, release, workspace_id, source, tell)
        follower = Follower(
            wanted.settings, group=kafka.group_id, topics=[kafka.topic], taker=taker, offset_reset=kafka.offset_reset
        )
        stop = threading.Event()
        thread = threading.Thread(target=follower.run, args=(stop,), name=f"topic-{source}"[:60], daemon=True)
        thread.start()
        return _Running(wanted, thread, stop)

    def _end(self, key: tuple[str, str]) -> None:
        running = self._running.pop(key)
        running.stop.set()
        running.thread.join(30)

    def _complain(self, release: Release, source: str, reason: str) -> None:
        if (release.workspace_id, source, reason) not in self._complained:
            self._complained.add((release.workspace_id, source, reason))
            logger.warning("a data source is not connected", source=source, reason=reason)
