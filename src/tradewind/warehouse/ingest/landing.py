"""From the log into the tables: each physical table follows the log of its source by itself, each row exactly once.

A table is a consumer with a place of its own, so that one that a deploy fills can follow beside the one that is
read. A batch is a fixed range of the log: written down before it is inserted, inserted under a token made of its
bounds, so that a batch that was cut off is repeated with the same rows and stored once, in every view as well.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta

from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.core.settings import IngestSettings
from tradewind.core.signals import Signal
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import Bounds, EventLog, Partition
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.model import DataSource
from tradewind.warehouse.ingest.followers import Follower, LandingCounts, ViewFailed, Waiter, topic_of
from tradewind.warehouse.ingest.following import Following, Followings
from tradewind.warehouse.ingest.parts import PartCounts
from tradewind.warehouse.ingest.rows import QUARANTINE
from tradewind.warehouse.ingest.storing import Storing

_MOST_ENTRIES = 4_000
_MOST_COUNTED = 100_000
_USUAL_ENTRY_BYTES = 256 * 1024
_IDLE_SECONDS = 0.05
_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 15.0
_PATIENT_PARTS = 100
"""From so many parts of a table on, its batches come less often, until the engine has merged them."""
_LONGEST_SPACING_SECONDS = 10.0

logger = get_logger(__name__)


class Landing:
    """All followers of all workspaces. `landed` is sent after every batch that readers can see."""

    def __init__(
        self,
        log: EventLog,
        ledger: BatchLedger,
        followings: Followings,
        warehouse: Warehouse,
        settings: IngestSettings,
        open_writer: Callable[[], Warehouse],
    ) -> None:
        self._log = log
        self._ledger = ledger
        self._followings = followings
        self._warehouse = warehouse
        self._settings = settings
        self._lock = threading.RLock()
        self._topics: dict[str, threading.RLock] = {}
        self._followers: dict[str, Follower] = {}
        self.parts = PartCounts(warehouse)
        self.landed = Signal()
        self.counts = LandingCounts()
        self._storing = Storing(log, warehouse, open_writer, self.counts)
        for following in followings.all():
            self._followers[following.table] = self._follower(following)

    # --- Who follows what --------------------------------------------------------------------------------------------

    def attach(
        self,
        workspace_id: str,
        source: DataSource | str,
        database: str,
        table: str,
        position: int | None = None,
        *,
        older: tuple[int, str] | None = None,
    ) -> None:
        """From now on the table follows the log of the source from there; without a position, from where it stood
        before, or from the log's end. `source` may be the name of a quarantine.

        With `older`, rows that were checked for a release before that number go into that table instead, under the
        same guarantee.
        """
        name = source if isinstance(source, str) else source.name
        following = Following(table, database, workspace_id, name, *(older or (None, None)))
        partition = Partition(following.topic, 0)
        with self._topic_lock(following.topic):
            ledger = self._ledger.of(table)
            if position is None and not ledger.has_position(partition):
                position = self._log.end(partition)
            if position is not None:
                ledger.rewind(partition, position)
            self._followings.add(following)
            with self._lock:
                self._followers[table] = self._follower(following)
        self._log.appended.send()

    def detach(self, table: str) -> None:
        """The table follows no more, from the batch after the one that is under way; its position is kept."""
        with self._lock:
            follower = self._followers.get(table)
        if follower is None:
            return
        with self._topic_lock(follower.following.topic), self._lock:
            self._followings.remove(table)
            self._followers.pop(table, None)
            self._release(follower, "The table that this was on its way to is read no more.")

    def forget(self, table: str) -> None:
        """The table is gone: nothing is kept of it."""
        self.detach(table)
        self._ledger.of(table).forget()

    def follows(self, table: str) -> bool:
        return table in self._followers

    def followers(self) -> list[Follower]:
        with self._lock:
            return list(self._followers.values())

    def followers_of(self, topic: str) -> list[Follower]:
        with self._lock:
            return [follower for follower in self._followers.values() if follower.following.topic == topic]

    def position(self, table: str) -> int:
        """The first place in the log of its source that a table has not taken; kept after `detach`."""
        follower = self._followers.get(table)
        if follower is not None:
            return follower.position
        return self._ledger.of(table).any_position()

    def caught_up(self, table: str) -> bool:
        """Whether the table has taken all that is in the log now."""
        follower = self._followers.get(table)
        return follower is None or follower.position >= self._log.end(follower.partition)

    def trouble(self, table: str) -> str | None:
        """Why the table cannot take what comes next, while that is so."""
        follower = self._followers.get(table)
        return follower.trouble if follower is not None else None

    def has_entries(self, workspace_id: str, source: str) -> bool:
        """Whether anything was ever put into the log of the source."""
        return self._log.end(Partition(topic_of(workspace_id, source), 0)) > 0

    @contextmanager
    def held(self, workspace_id: str, source: str) -> Iterator[None]:
        """Nothing is on its way into any table of the source, or of its quarantine, inside the block."""
        names = sorted({source, source.removesuffix(QUARANTINE) + QUARANTINE})
        with ExitStack() as holds:
            for name in names:
                holds.enter_context(self._topic_lock(topic_of(workspace_id, name)))
            yield

    def backlog(self) -> int:
        """Entries of the log that some table has not taken yet."""
        with self._lock:
            followers = list(self._followers.values())
        return sum(max(0, self._log.end(follower.partition) - follower.position) for follower in followers)

    def backlog_bytes(self) -> int:
        """The bytes of all that; of a topic that several tables follow, those of the one that is furthest behind."""
        behind: dict[Partition, int] = {}
        with self._lock:
            for follower in self._followers.values():
                partition = follower.partition
                behind[partition] = min(behind.get(partition, follower.position), follower.position)
        total = 0
        for partition, position in behind.items():
            found = self._log.bounds(partition, position, _MOST_COUNTED)
            if found is not None:
                sizes = getattr(self._log, "sizes", None)
                total += sum(sizes(found)) if sizes is not None else len(found) * _USUAL_ENTRY_BYTES
        return total

    def passed(self) -> dict[Partition, int]:
        """How far every topic was taken by all tables that follow it; by topic without any, how far it goes."""
        positions: dict[Partition, int] = {}
        for partition in self._log.partitions():
            if "/" not in partition.topic:
                continue
            followers = self.followers_of(partition.topic)
            if followers:
                positions[partition] = min(follower.position for follower in followers)
        return positions

    def close(self) -> None:
        """Closes the connections; nothing may be moving any more."""
        self._storing.close()

    def retain(self, keep: timedelta) -> int:
        """Deletes what every table has taken and is older than that."""
        return self._log.retain(datetime.now(UTC) - keep, self.passed())

    # --- Waiting -----------------------------------------------------------------------------------------------------

    def visible(self, table: str, end: int) -> Future[None]:
        """Done when the table has taken everything before that place; fails with ViewFailed when a view took none."""
        future: Future[None] = Future()
        with self._lock:
            follower = self._followers.get(table)
            if follower is not None and follower.position < end:
                follower.waiters.append(Waiter(end, future))
                return future
        if follower is not None:
            self._tell(follower, Waiter(end, future))
        else:
            future.set_result(None)
        return future

    # --- Moving ------------------------------------------------------------------------------------------------------

    def drain(self, workspace_id: str, source: str) -> int:
        """Lands everything that is in the log of a source now, in this thread; returns the number of rows."""
        rows = 0
        for follower in self.followers_of(topic_of(workspace_id, source)):
            end = self._log.end(follower.partition)
            while follower.position < end:
                moved = self.step(follower)
                if not moved:
                    break
                rows += moved
        self._warehouse.touch()
        return rows

    def settle(self) -> int:
        """Lands everything that is in the log now, in this thread."""
        rows = 0
        while True:
            with self._lock:
                followers = list(self._followers.values())
            moved = sum(self.step(follower) for follower in followers)
            if not moved:
                self._warehouse.touch()
                return rows
            rows += moved

    def run(self, stop: threading.Event) -> None:
        """Keeps landing until told to stop. Several threads may run it; a table is in one's hands at a time."""
        seen = self._log.appended.count
        while not stop.is_set():
            follower = self._take_due()
            if follower is None:
                seen = self._log.appended.wait(seen, _IDLE_SECONDS)
                continue
            try:
                self._attempt(follower)
            finally:
                follower.is_busy = False

    def step(self, follower: Follower) -> int:
        """Lands one batch and returns its rows; 0 when nothing waits. Safe to repeat."""
        with self._topic_lock(follower.following.topic):
            if self._followers.get(follower.following.table) is not follower:
                return 0
            bounds = follower.ledger.unfinished(follower.partition)
            if bounds is None:
                found = self._next_bounds(follower)
                if found is None:
                    return 0
                bounds = follower.ledger.open(found)
            entries = self._log.read(bounds)
            rows = self._storing.store(follower, bounds, entries)
            follower.ledger.close(bounds)
            self._moved(follower, bounds, rows)
            return rows

    # --- Inside ------------------------------------------------------------------------------------------------------

    def _follower(self, following: Following) -> Follower:
        ledger = self._ledger.of(following.table)
        return Follower(following, ledger, ledger.position(Partition(following.topic, 0)))

    def _topic_lock(self, topic: str) -> threading.RLock:
        with self._lock:
            return self._topics.setdefault(topic, threading.RLock())

    def _take_due(self) -> Follower | None:
        """The table that has waited longest for its next batch, and is from now on in the caller's hands."""
        now = time.monotonic()
        with self._lock:
            waiting = [f for f in self._followers.values() if not f.is_busy and f.due_at <= now]
            waiting.sort(key=lambda follower: follower.due_at)
            for follower in waiting:
                if follower.position < self._log.end(follower.partition):
                    follower.is_busy = True
                    return follower
        return None

    def _attempt(self, follower: Follower) -> None:
        started = time.monotonic()
        try:
            self.step(follower)
        except Exception as failure:  # noqa: BLE001 (told, and tried again: nothing may stop the others)
            follower.failures += 1
            follower.trouble = str(failure)[:1000]
            pause = min(_LONGEST_PAUSE_SECONDS, _PAUSE_SECONDS * 2 ** min(follower.failures - 1, 8))
            follower.due_at = time.monotonic() + pause
            if not isinstance(failure, Unavailable) and follower.failures in (1, 10, 100):
                logger.warning("a batch was not taken; it is tried again", table=follower.table, reason=str(failure))
            return
        follower.due_at = started + self._spacing(follower)

    def _spacing(self, follower: Follower) -> float:
        """Seconds from batch to batch: each becomes a part, and many parts need time to be merged."""
        usual = self._settings.batch_wait_ms / 1000
        parts = self.parts.of(follower.following.database, follower.following.table)
        if parts <= _PATIENT_PARTS:
            return usual
        return min(_LONGEST_SPACING_SECONDS, max(usual, 0.05) * 2 ** ((parts - _PATIENT_PARTS) / 25))

    def _next_bounds(self, follower: Follower) -> Bounds | None:
        found = self._log.bounds(follower.partition, follower.position, _MOST_ENTRIES)
        if found is None:
            return None
        sizes = getattr(self._log, "sizes", None)
        if sizes is None:
            return Bounds(found.partition, found.first, min(found.last, found.first + 31))
        room = self._settings.batch_mb * 1024**2
        last = found.first - 1
        for size in sizes(found):
            room -= size
            if room < 0 and last >= found.first:
                break
            last += 1
        return Bounds(found.partition, found.first, max(last, found.first))

    def _moved(self, follower: Follower, bounds: Bounds, rows: int) -> None:
        with self._lock:
            follower.position = bounds.last + 1
            follower.failures, follower.trouble = 0, None
            done = [waiter for waiter in follower.waiters if waiter.end <= follower.position]
            follower.waiters = [waiter for waiter in follower.waiters if waiter.end > follower.position]
            self.counts.rows += rows
            self.counts.batches += 1
            self.counts.version += 1
        # Before anybody is told: who waited asks next, and must not be given what was kept before.
        self._warehouse.touch(at_once=bool(done))
        for waiter in done:
            self._tell(follower, waiter)
        self.landed.send()

    def _tell(self, follower: Follower, waiter: Waiter) -> None:
        broken = next(
            (why for bounds, why in follower.broken_views if bounds.first < waiter.end <= bounds.last + 1), None
        )
        with suppress(Exception):
            if broken is None:
                waiter.future.set_result(None)
            else:
                waiter.future.set_exception(
                    ViewFailed(f"The rows are stored, but a view of them failed: {broken} Do not send them again.")
                )

    def _release(self, follower: Follower, why: str) -> None:
        for waiter in follower.waiters:
            with suppress(Exception):
                waiter.future.set_exception(Unavailable(why))
        follower.waiters = []
