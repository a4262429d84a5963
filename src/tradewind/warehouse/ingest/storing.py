"""Puts a batch into its table, once, in spite of single rows or views that the engine refuses."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from tradewind.core.logging import get_logger
from tradewind.events.contracts import Fact
from tradewind.events.log import Bounds, Entry, EventLog
from tradewind.warehouse.client import QueryFailed, Warehouse
from tradewind.warehouse.ingest.followers import Follower, LandingCounts, topic_of
from tradewind.warehouse.ingest.rows import (
    ERROR,
    ERROR_COLUMN,
    IMPORT_ID,
    QUARANTINE,
    insertion_date,
    seconds_text,
)
from tradewind.warehouse.refusals import refused_lines, structure_of

_VIEW_ATTEMPTS = 3
READING: Mapping[str, str | int] = {
    "date_time_input_format": "best_effort",
    "input_format_skip_unknown_fields": 1,
    "input_format_null_as_default": 1,
    "input_format_defaults_for_omitted_fields": 1,
    "max_partitions_per_insert_block": 0,
    "joined_subquery_requires_alias": 0,
    "allow_suspicious_types_in_group_by": 1,
    "allow_suspicious_types_in_order_by": 1,
    "allow_suspicious_low_cardinality_types": 1,
    "allow_dynamic_type_in_join_keys": 1,
}
_COLUMN = re.compile(r"`([^`]+)` ")
_IN_A_VIEW = re.compile(r"while pushing to view", re.IGNORECASE)
_PASSES = re.compile(
    r"\((MEMORY_LIMIT_EXCEEDED|NOT_ENOUGH_SPACE|TIMEOUT_EXCEEDED|TOO_MANY_PARTS|TOO_MANY_SIMULTANEOUS_QUERIES|"
    r"CANNOT_ALLOCATE_MEMORY|CANNOT_WRITE_TO_FILE\w*|ABORTED|NETWORK_ERROR|SOCKET_TIMEOUT)\)"
)

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Target:
    database: str
    table: str

    @property
    def quoted(self) -> str:
        return f"`{self.database}`.`{self.table}`"


class _Writers:
    """A writer per thread: a long copy of somebody else keeps no rows waiting, nor one table's another's."""

    def __init__(self, open_writer: Callable[[], Warehouse]) -> None:
        self._open = open_writer
        self._local = threading.local()
        self._opened: list[Warehouse] = []

    @property
    def mine(self) -> Warehouse:
        writer: Warehouse | None = getattr(self._local, "writer", None)
        if writer is None:
            writer = self._local.writer = self._open()
            self._opened.append(writer)
        return writer

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()


class Storing:
    """The last step of landing. What only the engine refuses goes into the log of the quarantine."""

    def __init__(
        self, log: EventLog, warehouse: Warehouse, open_writer: Callable[[], Warehouse], counts: LandingCounts
    ) -> None:
        self._log = log
        self._warehouse = warehouse
        self._writers = _Writers(open_writer)
        self._counts = counts

    def close(self) -> None:
        """Closes the connections; nothing may be moving any more."""
        self._writers.close()

    def store(self, follower: Follower, bounds: Bounds, entries: Sequence[Entry]) -> int:
        """Stores the entries of a range and returns their rows. Safe to repeat with the same range."""
        where = follower.following
        if where.older_table is None:
            return self._insert_into(follower, bounds, where.table, entries)
        older = [entry for entry in entries if _is_older(entry, where.older_than)]
        newer = [entry for entry in entries if not _is_older(entry, where.older_than)]
        return self._insert_into(follower, bounds, where.older_table, older) + self._insert_into(
            follower, bounds, where.table, newer
        )

    def _insert_into(self, follower: Follower, bounds: Bounds, name: str, entries: Sequence[Entry]) -> int:
        lines = b"".join(entry.payload for entry in entries)
        if not lines:
            return 0
        target = _Target(follower.following.database, name)
        token = f"{bounds.token}:{name}"
        try:
            self._writers.mine.insert_lines(target.quoted, lines, token=token, settings=READING)
            return lines.count(b"\n")
        except QueryFailed as failure:
            if _PASSES.search(str(failure)):
                raise
            return self._insert_what_fits(follower, bounds, target, lines, token, failure)

    def _insert_what_fits(
        self, follower: Follower, bounds: Bounds, target: _Target, lines: bytes, token: str, failure: QueryFailed
    ) -> int:
        """The table refused the block: what it cannot hold goes to the quarantine, the rest is stored."""
        structure = structure_of(self._warehouse, target.table, target.database)
        pieces = lines.splitlines()
        refused: dict[int, str] = {}
        if structure and not _IN_A_VIEW.search(str(failure)):
            reading = {name: value for name, value in READING.items() if name != "max_partitions_per_insert_block"}
            refused = refused_lines(self._warehouse, structure, pieces, reading)
        if not refused:
            return self._insert_past_views(follower, bounds, target, lines, token, failure)
        logger.warning("rows refused by the engine", table=target.quoted, count=len(refused), reason=str(failure))
        good = [line for index, line in enumerate(pieces) if index not in refused]
        if good:
            self._writers.mine.insert_lines(target.quoted, b"\n".join(good), token=token, settings=READING)
        columns = [*_COLUMN.findall(structure)]
        self._quarantine(follower, bounds, columns, [(pieces[index], reason) for index, reason in refused.items()])
        self._counts.refused += len(refused)
        return len(good)

    def _insert_past_views(
        self, follower: Follower, bounds: Bounds, target: _Target, lines: bytes, token: str, failure: QueryFailed
    ) -> int:
        """A view fails on these rows: after some attempts they are stored without it, and everybody is told."""
        if not _IN_A_VIEW.search(str(failure)) or follower.failures + 1 < _VIEW_ATTEMPTS:
            raise failure
        settings = {**READING, "materialized_views_ignore_errors": 1}
        self._writers.mine.insert_lines(target.quoted, lines, token=token, settings=settings)
        logger.error("a view took nothing of a batch", table=target.quoted, batch=token, reason=str(failure))
        follower.broken_views = [*follower.broken_views[-99:], (bounds, str(failure)[:500])]
        return lines.count(b"\n")

    def _quarantine(
        self, follower: Follower, bounds: Bounds, columns: Sequence[str], refused: Sequence[tuple[bytes, str]]
    ) -> None:
        """Puts rows that only the engine refused into the log of the quarantine, once per batch."""
        where = follower.following
        topic = topic_of(where.workspace_id, where.source + QUARANTINE)
        now = datetime.now(UTC)
        time_column = insertion_date(columns)
        lines = []
        for line, reason in refused:
            row: dict[str, Any] = msgspec.json.decode(line)
            texts = {
                name: value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()
                for name, value in row.items()
            }
            told = {ERROR_COLUMN: [], ERROR: [reason], IMPORT_ID: None, **texts, time_column: seconds_text(now)}
            lines.append(msgspec.json.encode(told) + b"\n")
        self._log.append(
            [Fact(topic, "", now, b"".join(lines))],
            producer=f"refused/{where.table}",
            sequence=(0, bounds.last + 1),
        )


def _is_older(entry: Entry, number: int | None) -> bool:
    """Whether an entry was checked for a release before that number; its key is the release's."""
    return number is not None and entry.key.isdigit() and int(entry.key) < number
