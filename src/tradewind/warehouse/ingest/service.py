"""Ingest: a body of rows into the log, from there into its tables. What is acknowledged is on the disk."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tradewind.core.errors import NotFound, Unavailable
from tradewind.core.logging import get_logger
from tradewind.core.settings import IngestSettings
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import EventLog, SqliteLog
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.ingest.changes import Changes
from tradewind.warehouse.ingest.followers import topic_of
from tradewind.warehouse.ingest.following import Followings
from tradewind.warehouse.ingest.journal import Journal, Receipt, Submission
from tradewind.warehouse.ingest.landing import Landing
from tradewind.warehouse.ingest.moments import Moments
from tradewind.warehouse.ingest.pressure import Pressure
from tradewind.warehouse.ingest.rates import Rates
from tradewind.warehouse.ingest.replay import Replays
from tradewind.warehouse.ingest.rows import QUARANTINE, Checked, RowChecker, UnreadableBody
from tradewind.warehouse.serving.guard import Guard
from tradewind.warehouse.workspaces.landing import DirectWrites
from tradewind.warehouse.workspaces.release import Release

FORMATS: Final = ("ndjson", "json")
_PAGE_SIZE = 32 * 1024
_MOST_CHECKERS = 1000
VISIBLE_SECONDS = 60.0
"""Longest that a request waits for its rows to be read; they come all the same."""
_RETENTION_EVERY_SECONDS = 1.0
_NOTES_EVERY_SECONDS = 600.0
_YEARS = (
    "SELECT arrayMap(text -> toYear(parseDateTime64BestEffortOrNull(text, 3, 'UTC')), {texts:Array(String)}) AS years"
)

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a body's rows."""

    successful: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A body that is checked and on its way: `durable` when its rows are in the log."""

    durable: Future[Receipt]
    table: str


class Ingest:
    """One per warehouse. Its loops move what is in the log; `append` and the others work without them too."""

    def __init__(self, folder: Path, warehouse_url: str, warehouse: Warehouse, settings: IngestSettings) -> None:
        self.settings = settings
        self.guard: Guard | None = None
        self.direct_writes = DirectWrites()
        self._warehouse = warehouse
        self.log: EventLog = SqliteLog(folder / "ingest.db", page_size=_PAGE_SIZE)
        ledger_path = folder / "ingest_ledger.db"
        self._ledger = BatchLedger(ledger_path, "ingest")
        self._followings = Followings(ledger_path)
        self.landing = Landing(
            self.log,
            self._ledger,
            self._followings,
            warehouse,
            settings,
            lambda: Warehouse(warehouse_url, warehouse.settings),
        )
        self.journal = Journal(self.log)
        self.pressure = Pressure(settings, folder, self._backlog_bytes, self.landing.parts.of)
        self.changes = Changes(ledger_path, self.landing, warehouse, self._guarded, lambda: self.direct_writes)
        self.replays = Replays(ledger_path, self.log, self.landing, warehouse, self._guarded, self.checker)
        self.rates = Rates(settings.requests_per_second, settings.mb_per_second * 1024**2)
        self._moments = Moments(self._years_of)
        self._checkers: dict[tuple[str, int, str], RowChecker] = {}
        self._running = False

    def connect(self, guard: Guard, direct_writes: DirectWrites) -> None:
        """Tells who judges conditions, and who else writes into tables."""
        self.guard = guard
        self.direct_writes = direct_writes

    def recover(self, release_of: Callable[[str], Release | None]) -> None:
        """Goes on with what a process died in. Called once, before the loops run."""
        self.replays.recover(release_of)

    # --- Rows --------------------------------------------------------------------------------------------------------

    def append(
        self,
        release: Release,
        source: str,
        body: bytes,
        *,
        format: str = "ndjson",  # noqa: A002 (the parameter's name in the API)
        wait: bool = False,
        key: str | None = None,
    ) -> Counts:
        """Checks and keeps the rows of a body; with `wait` returns once they can be read, or after a minute.

        Raises UnreadableBody, NotFound, Overloaded, Unavailable, and ViewFailed when it waited.
        """
        checked = self.check(release, source, body, format=format)
        accepted = self.keep(release, source, checked, key=key, body=body)
        receipt = accepted.durable.result()
        if wait:
            self.wait_visible(release, source, receipt)
        return Counts(receipt.rows, receipt.bad_rows)

    def check(
        self,
        release: Release,
        source: str,
        body: bytes,
        *,
        format: str = "ndjson",  # noqa: A002 (the parameter's name in the API)
        import_id: str | None = None,
    ) -> Checked:
        """The rows of a body, checked against the source's schema. Raises UnreadableBody."""
        checker = self.checker(release, source)
        if format not in FORMATS:
            raise UnreadableBody(f"The format '{format[:40]}' is not known. Use ndjson or json.")
        return (checker.ndjson if format == "ndjson" else checker.json)(body, import_id=import_id)

    def keep(
        self, release: Release, source: str, checked: Checked, *, key: str | None = None, body: bytes = b""
    ) -> Accepted:
        """Puts checked rows into the queue of the log. Raises Overloaded and Unavailable."""
        name, table = self._table(release, source)
        self.pressure.check(release.database, table)
        topic, bad_topic = topic_of(release.workspace_id, name), topic_of(release.workspace_id, name + QUARANTINE)
        lines = {topic: checked.good}
        if checked.bad:
            lines[bad_topic] = checked.bad
        submission = Submission(
            lines,
            {topic: str(release.number), bad_topic: str(release.number)},
            checked.rows,
            checked.bad_rows,
            note=f"{topic}:{key}" if key else None,
            digest=hashlib.blake2b(body, digest_size=12).hexdigest() if key else "",
        )
        return Accepted(self.journal.submit(submission), table)

    def visible(self, release: Release, source: str, receipt: Receipt) -> list[Future[None]]:
        """Futures that are done when the rows can be read, in the table and in the quarantine."""
        name, table = self._table(release, source)
        tables = {
            topic_of(release.workspace_id, name): table,
            topic_of(release.workspace_id, name + QUARANTINE): release.tables.get(name + QUARANTINE),
        }
        return [self.landing.visible(where, end) for topic, end in receipt.ends.items() if (where := tables.get(topic))]

    def wait_visible(self, release: Release, source: str, receipt: Receipt, seconds: float = VISIBLE_SECONDS) -> bool:
        """Waits for them, and tells whether they came in time; without running loops, moves the rows itself.

        Raises ViewFailed, and Unavailable when the table is read no more.
        """
        futures = self.visible(release, source, receipt)
        if not self._running:
            self.settle()
        deadline = time.monotonic() + seconds
        for future in futures:
            try:
                future.result(max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return False
        return True

    def checker(self, release: Release, source: str) -> RowChecker:
        """The checker of a source as this release has it. Raises NotFound."""
        found = release.project.source(source)
        if found is None:
            raise source_not_found(source)
        key = (release.workspace_id, release.number, found.name)
        checker = self._checkers.get(key)
        if checker is None or checker.source is not found:
            if len(self._checkers) >= _MOST_CHECKERS:
                self._checkers.clear()
            checker = self._checkers[key] = RowChecker(found, self._moments)
        return checker

    # --- Loops -------------------------------------------------------------------------------------------------------

    def loops(self) -> list[tuple[str, Callable[[threading.Event], None]]]:
        """What has to run in threads of its own."""
        self._running = True
        landers = [(f"lander-{number}", self.landing.run) for number in range(self.settings.landers)]
        return [*landers, ("ingest-retention", self._retain)]

    def settle(self) -> int:
        """Lands everything that is in the log now, in this thread; returns the number of rows."""
        return self.landing.settle()

    def close(self) -> None:
        self.journal.close()
        self.replays.close()
        self.changes.close()
        self.landing.close()
        self._followings.close()
        self._ledger.close_file()
        self.log.close()

    def _retain(self, stop: threading.Event) -> None:
        notes_at = time.monotonic()
        while not stop.wait(_RETENTION_EVERY_SECONDS):
            try:
                self.landing.retain(timedelta(minutes=self.settings.keep_minutes))
                if time.monotonic() - notes_at > _NOTES_EVERY_SECONDS and isinstance(self.log, SqliteLog):
                    self.log.forget_notes(datetime.now(UTC) - timedelta(hours=self.settings.keys_hours))
                    notes_at = time.monotonic()
            except Exception:
                logger.exception("retention of ingested rows failed; it tries again")

    # --- Inside ------------------------------------------------------------------------------------------------------

    def _table(self, release: Release, source: str) -> tuple[str, str]:
        """A source's own name and its physical table; the tables begin to follow the log if nobody said so."""
        found = release.project.source(source)
        table = release.tables.get(found.name) if found is not None else None
        if found is None or table is None:
            raise source_not_found(source)
        if not self.landing.follows(table) and not self.landing.followers_of(
            topic_of(release.workspace_id, found.name)
        ):
            self.landing.attach(release.workspace_id, found, release.database, table)
        bad = release.tables.get(found.name + QUARANTINE)
        if bad is not None and not self.landing.follows(bad):
            bad_topic = topic_of(release.workspace_id, found.name + QUARANTINE)
            if not self.landing.followers_of(bad_topic):
                self.landing.attach(release.workspace_id, found.name + QUARANTINE, release.database, bad)
        return found.name, table

    def _guarded(self) -> Guard:
        if self.guard is None:
            raise Unavailable("Conditions cannot be judged yet. Try again in a moment.")
        return self.guard

    def _backlog_bytes(self) -> int:
        return self.journal.waiting_bytes + self.landing.backlog_bytes()

    def _years_of(self, texts: Sequence[str]) -> Sequence[int | None]:
        (row,) = self._warehouse.query(_YEARS, {"texts": list(texts)})
        return list(row["years"])


def source_not_found(name: str) -> NotFound:
    return NotFound(f"There is no data source '{name[:200]}'. Deploy it first.")
