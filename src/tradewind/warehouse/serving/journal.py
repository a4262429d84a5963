"""Rows of the service data sources on their way: queued by whoever has something to tell, written in batches.

Nobody waits for it. When more is told than can be written, the newest is dropped and counted: a figure less is better
than a request that waits.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from tradewind.core.errors import TradewindError
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.serving.service_sources import SERVICE_SOURCES, ServiceSources

_MOST_WAITING = 200_000
_MOST_IN_A_BATCH = 50_000

logger = get_logger(__name__)


class Journal:
    """Threads may share it; `run` writes until it is told to stop, and then what is left."""

    def __init__(self, warehouse: Warehouse, sources: ServiceSources, *, every_seconds: float) -> None:
        self._warehouse = warehouse
        self._sources = sources
        self._every_seconds = every_seconds
        self._waiting: deque[tuple[str, str, Mapping[str, Any]]] = deque()
        self._writing = threading.Lock()
        self._asked: list[Callable[[], None]] = []
        self.dropped = 0

    def ask(self, teller: Callable[[], None]) -> None:
        """Before each round of writing it is asked to add what it has gathered."""
        self._asked.append(teller)

    def add(self, database: str, source: str, row: Mapping[str, Any]) -> None:
        """Tells a row of `tinybird.<source>` of a workspace's database. Returns at once."""
        if len(self._waiting) >= _MOST_WAITING:
            self.dropped += 1
            return
        self._waiting.append((database, source, row))

    def flush(self) -> int:
        """Writes what is waiting now; returns how many rows."""
        written = 0
        with self._writing:
            for teller in self._asked:
                teller()
            while self._waiting:
                batches: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
                for _ in range(min(len(self._waiting), _MOST_IN_A_BATCH)):
                    database, source, row = self._waiting.popleft()
                    batches[database, source].append(row)
                for (database, source), rows in batches.items():
                    written += self._write(database, source, rows)
        return written

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(self._every_seconds):
            self._safely_flush()
        self._safely_flush()

    def _safely_flush(self) -> None:
        try:
            self.flush()
        except Exception:
            logger.exception("what was measured could not be written; the next round goes on")

    def _write(self, database: str, source: str, rows: list[Mapping[str, Any]]) -> int:
        lines = b"\n".join(orjson.dumps(row, default=str) for row in rows)
        table = f"`{database}`.`{SERVICE_SOURCES[source].physical}`"
        try:
            self._sources.ensure(database, source)
            self._warehouse.insert_lines(table, lines, token=new_id(), touches=False)
        except TradewindError as failure:
            # A branch that was dropped takes its measurements with it.
            self._sources.forget(database)
            self.dropped += len(rows)
            logger.warning("measurements were not written", source=source, rows=len(rows), reason=str(failure)[:300])
            return 0
        return len(rows)
