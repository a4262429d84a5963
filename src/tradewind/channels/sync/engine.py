"""The sync engine: reads a resource of an account window by window and books it; nothing is skipped, nothing doubled.

Pages are booked as they come. The watermark moves only when the last page of a window is booked, so after a crash the
window is read again, and what it told already is known word by word.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import Select, delete, select

from tradewind.channels.contract import ChannelFailed, Mapped, Page, Resource, Verdict
from tradewind.channels.sync import runs
from tradewind.channels.sync.alerts import raise_alert, resolve_alert
from tradewind.channels.sync.booking import Booker
from tradewind.channels.sync.connections import ConnectionNotActive, find_connection, set_state
from tradewind.channels.sync.model import ChannelConnection, State, SyncCursor
from tradewind.channels.sync.opened import Opened, Openings
from tradewind.channels.sync.pacing import Pacer, RealPacer, SyncStopped
from tradewind.channels.sync.registry import Connectors
from tradewind.channels.sync.storing import Store
from tradewind.channels.sync.windows import Plan, Reach, asked, plans
from tradewind.commerce.booking import Booking, Origin
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, TradewindError
from tradewind.core.exclusion import file_lock, only_here
from tradewind.core.logging import get_logger

MOST_PAGES = 10_000
_BATCH = 500
"""Payloads that are booked together, at least, where pages come faster than they are booked."""
_ACCOUNT_PAUSE = timedelta(hours=6)
_FAILURES_TOLD = 3
_REFUSED_TOLD = 5

logger = get_logger(__name__)

Progress = Callable[[str, Resource, str, int], None]
"""Told after each batch: connection, resource, scope, payloads read so far."""


class SyncUnderWay(Conflict):
    code = "sync_under_way"

    def __init__(self, name: str, resource: str) -> None:
        super().__init__(f"The {resource} of '{name}' are being read already. Wait until that run ends.")


class TooManyPages(TradewindError):
    code = "too_many_pages"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a run is to read. `since`: only from there on; `full`: all of it again, known payloads too."""

    since: datetime | None = None
    full: bool = False
    why: str = "by hand"


class Engine:
    """Runs syncs. One run per account and resource at a time, whatever the number of threads and processes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        connectors: Connectors,
        secret_key: Callable[[], str],
        *,
        folder: Path,
        pacer: Pacer | None = None,
        http: Callable[[], httpx.Client] | None = None,
    ) -> None:
        """`folder` holds the locks of processes that share an embedded store."""
        self.database = database
        self.clock = clock
        self.connectors = connectors
        self.pacer = pacer or RealPacer()
        self.secret_key = secret_key
        self.openings = Openings(database, clock, self.pacer, connectors, secret_key, http)
        self._folder = folder
        self._busy: set[str] = set()
        self._guard = threading.Lock()

    def close(self) -> None:
        self.openings.close()

    def sync(
        self, name_or_id: str, resource: Resource, ask: Ask | None = None, *, progress: Progress | None = None
    ) -> runs.RunResult:
        """Reads one resource of one account as far as it goes. A failure ends the run and is told in its result.

        Raises SyncUnderWay, ConnectionNotActive, and InvalidInput for a resource that the connector does not have.
        """
        asked_for = ask or Ask()
        row = self._active(name_or_id)
        with self.alone(f"sync:{row.id}:{resource}", row.name, resource):
            opened = self.openings.get(row.id)
            if resource not in opened.connector.resources:
                offered = ", ".join(opened.connector.resources)
                raise InvalidInput(f"{opened.connector.label} has no {resource}. It has: {offered}.", field="resource")
            return self._run(opened, resource, asked_for, progress)

    def check(self, name_or_id: str) -> str:
        """Tries the credentials; returns what the account is called. Raises ChannelFailed."""
        with self.database.read() as tx:
            identity = find_connection(tx, name_or_id).id
        told = self.openings.get(identity).connection.check()
        with self.database.write() as tx:
            row = find_connection(tx, identity, lock=True)
            if row.state == State.NEEDS_ATTENTION:
                set_state(row, State.ACTIVE, None, now=self.clock.now())
            resolve_alert(tx, identity, "credentials", now=self.clock.now())
        return told

    def booker(self, opened: Opened) -> Booker:
        row = opened.row
        booking = Booking(row.channel_id, opened.channel_code, self.clock.now(), Origin.CHANNEL, row.location_id)
        return Booker(row.id, booking)

    @contextmanager
    def alone(self, key: str, name: str, what: str) -> Iterator[None]:
        """Nobody else does this meanwhile. Raises SyncUnderWay."""
        with self._guard:
            if key in self._busy:
                raise SyncUnderWay(name, what)
            self._busy.add(key)
        try:
            with only_here(self.database, key) as first, file_lock(self._folder, key) as second:
                if not (first and second):
                    raise SyncUnderWay(name, what)
                yield
        finally:
            with self._guard:
                self._busy.discard(key)

    def _active(self, name_or_id: str) -> ChannelConnection:
        """The connection, if it may work now; one whose pause is over is active again."""
        now = self.clock.now()
        with self.database.read() as tx:
            row = find_connection(tx, name_or_id)
            tx.expunge(row)
        if row.state == State.PAUSED and row.resume_at is not None and row.resume_at <= now:
            with self.database.write() as tx:
                row = find_connection(tx, row.id, lock=True)
                set_state(row, State.ACTIVE, None, now=now)
                tx.flush()
                tx.expunge(row)
        if row.state != State.ACTIVE:
            raise ConnectionNotActive(row.name, row.state, row.state_reason)
        return row

    # --- One run ---------------------------------------------------------------------------------------------------

    def _run(self, opened: Opened, resource: Resource, ask: Ask, progress: Progress | None) -> runs.RunResult:
        row = opened.row
        began = time.monotonic()
        with self.database.write() as tx:
            tally = runs.start(tx, row.id, row.channel_id, resource, ask.why, now=self.clock.now())
        store = Store(self.booker(opened), opened.vault, row.id, resource, tally, force=ask.full)
        status, error = runs.FINISHED, None
        try:
            for scope in opened.connector.scopes(opened.account, resource):
                self._scope(opened, resource, scope, ask, store, tally, progress)
        except SyncStopped:
            status, error = runs.STOPPED, "The server stopped."
        except (ChannelFailed, TradewindError, httpx.HTTPError) as failure:
            status, error = runs.FAILED, str(failure)
            self._failed(opened, resource, failure)
        except Exception as failure:
            # A connector's own mistake ends its run and no other.
            status, error = runs.FAILED, f"Unexpected {type(failure).__name__}; the log shows where."
            logger.exception("a sync failed", connection=row.id, resource=str(resource))
            self._failed(opened, resource, failure)
        with self.database.write() as tx:
            runs.end(tx, tally, status, error, now=self.clock.now())
        if status == runs.FINISHED:
            self._well(row.id, resource, tally)
        seconds = time.monotonic() - began
        logger.info(
            "sync ended",
            connection=row.id,
            channel=opened.channel_code,
            resource=str(resource),
            status=status,
            read=tally.counts["payloads.read"],
            booked=tally.counts["payloads.booked"],
            refused=tally.counts["payloads.refused"],
            seconds=round(seconds, 3),
        )
        counts, warnings = dict(tally.counts), dict(tally.warnings)
        return runs.RunResult(tally.run_id, row.name, resource, status, counts, warnings, error, seconds)

    def _scope(
        self,
        opened: Opened,
        resource: Resource,
        scope: str,
        ask: Ask,
        store: Store,
        tally: runs.Tally,
        progress: Progress | None,
    ) -> None:
        reach = self._reach(opened.row.id, resource, scope, anew=ask.full)
        now, connector = self.clock.now(), opened.connector
        if ask.since is not None:
            plan = asked(reach, ask.since, now=now, lag=connector.lag)
            todo: Iterator[Plan] = iter(() if plan is None else (plan,))
        else:
            todo = plans(
                reach,
                now=now,
                lag=connector.lag,
                overlap=connector.overlap,
                window_days=connector.window_days(resource),
                history_days=opened.row.history_days,
            )
        for plan in todo:
            tally.position = {
                "scope": scope,
                "since": None if plan.window.since is None else plan.window.since.isoformat(),
                "until": plan.window.until.isoformat(),
            }
            self._window(opened, resource, scope, plan, store, tally, progress)

    def _window(
        self,
        opened: Opened,
        resource: Resource,
        scope: str,
        plan: Plan,
        store: Store,
        tally: runs.Tally,
        progress: Progress | None,
    ) -> None:
        read = opened.connection.first_load if plan.is_first_load else opened.connection.pages
        waiting: list[Mapped] = []
        upper: datetime | None = None
        for page in _guarded(read(resource, scope, plan.window), resource):
            waiting.extend(page.items)
            upper = page.upper or upper
            tally.counts["pages"] += 1
            if len(waiting) >= _BATCH:
                self._book(opened, waiting, scope, store)
                waiting = []
                if progress is not None:
                    progress(opened.row.name, resource, scope, tally.counts["payloads.read"])
        self._book(opened, waiting, scope, store, resource=resource, reach=_after(plan, upper))
        if progress is not None:
            progress(opened.row.name, resource, scope, tally.counts["payloads.read"])

    def _book(
        self,
        opened: Opened,
        items: Sequence[Mapped],
        scope: str,
        store: Store,
        *,
        resource: Resource | None = None,
        reach: Reach | None = None,
    ) -> None:
        """One transaction; with `reach` it is the last one of a window, and the cursor moves with it."""
        now = self.clock.now()
        with self.database.write(alone=True) as tx:
            store.book(tx, items, scope, now)
            if reach is not None:
                cursor = tx.get_one(SyncCursor, (opened.row.id, str(resource), scope), with_for_update=True)
                cursor.watermark, cursor.loaded_from = reach.watermark, reach.loaded_from
                cursor.is_loaded, cursor.finished_at, cursor.updated_at = reach.is_loaded, now, now

    def _reach(self, connection_id: str, resource: Resource, scope: str, *, anew: bool) -> Reach:
        """How far it has been read; a cursor that does not exist is made."""
        with self.database.write() as tx:
            key = (connection_id, str(resource), scope)
            cursor = tx.get(SyncCursor, key)
            if cursor is not None and anew:
                tx.execute(
                    delete(SyncCursor).where(
                        SyncCursor.connection_id == key[0], SyncCursor.resource == key[1], SyncCursor.scope == key[2]
                    )
                )
                tx.expunge(cursor)
                cursor = None
            if cursor is None:
                cursor = SyncCursor(
                    connection_id=connection_id,
                    resource=str(resource),
                    scope=scope,
                    is_loaded=False,
                    failures=0,
                    state=str(State.ACTIVE),
                    updated_at=self.clock.now(),
                )
                tx.add(cursor)
                tx.flush()
            return Reach(cursor.watermark, cursor.loaded_from, cursor.is_loaded)

    # --- How it went -----------------------------------------------------------------------------------------------

    def _well(self, connection_id: str, resource: Resource, tally: runs.Tally) -> None:
        refused, read = tally.counts["payloads.refused"], tally.counts["payloads.read"]
        now = self.clock.now()
        with self.database.write() as tx:
            for cursor in tx.scalars(_cursors(connection_id, resource)):
                cursor.failures, cursor.state, cursor.state_reason = 0, str(State.ACTIVE), None
            resolve_alert(tx, connection_id, f"failing:{resource}", now=now)
            resolve_alert(tx, connection_id, f"refused:{resource}", now=now)
            resolve_alert(tx, connection_id, "credentials", now=now)
            resolve_alert(tx, connection_id, "account", now=now)
            if refused >= _REFUSED_TOLD and refused * 100 > read:
                message = (
                    f"{refused} of {read} payloads of {resource} could not be booked. They wait in quarantine with"
                    " their reasons: tradewind channel quarantine"
                )
                raise_alert(tx, connection_id, f"quarantine:{resource}", message, now=now)
            elif read:
                resolve_alert(tx, connection_id, f"quarantine:{resource}", now=now)

    def _failed(self, opened: Opened, resource: Resource, failure: Exception) -> None:
        verdict = failure.judged.verdict if isinstance(failure, ChannelFailed) else None
        only_here = verdict is Verdict.AUTH_FATAL and self._others_work(opened)
        identity, now = opened.row.id, self.clock.now()
        with self.database.write() as tx:
            row = find_connection(tx, identity, lock=True)
            failures = 0
            for cursor in tx.scalars(_cursors(identity, resource)):
                cursor.failures += 1
                failures = max(failures, cursor.failures)
                if only_here:
                    cursor.state, cursor.state_reason = str(State.NEEDS_ATTENTION), str(failure)[:2000]
            if only_here:
                message = f"The account has no right to read {resource}: {failure}"
                raise_alert(tx, identity, f"refused:{resource}", message, now=now)
            elif verdict is Verdict.AUTH_FATAL:
                set_state(row, State.NEEDS_ATTENTION, str(failure), now=now)
                message = f"{failure} Enter the credentials anew: tradewind connect credentials {row.name}"
                raise_alert(tx, identity, "credentials", message, now=now)
            elif verdict is Verdict.ACCOUNT_STATE:
                set_state(row, State.PAUSED, str(failure), now=now, resume_at=now + _ACCOUNT_PAUSE)
                raise_alert(tx, identity, "account", f"{failure} It is tried again in six hours.", now=now)
            elif failures >= _FAILURES_TOLD and verdict is not Verdict.THROTTLED:
                message = f"The {resource} could not be read {failures} times in a row: {failure}"
                raise_alert(tx, identity, f"failing:{resource}", message, now=now)

    def _others_work(self, opened: Opened) -> bool:
        """Whether the credentials are good and only this operation is refused."""
        try:
            opened.connection.check()
        except (TradewindError, httpx.HTTPError):
            return False
        return True


def _cursors(connection_id: str, resource: Resource) -> Select[SyncCursor]:
    return (
        select(SyncCursor)
        .where(SyncCursor.connection_id == connection_id, SyncCursor.resource == str(resource))
        .with_for_update()
    )


def _guarded(pages: Iterator[Page], resource: Resource) -> Iterator[Page]:
    """A connector that never comes to an end is stopped."""
    for number, page in enumerate(pages):
        if number >= MOST_PAGES:
            raise TooManyPages(f"The {resource} have more than {MOST_PAGES} pages in one window: the paging is broken.")
        yield page


def _after(plan: Plan, upper: datetime | None) -> Reach:
    """The channel may say that it has told less than it was asked for; it is never believed to have told more."""
    reach = plan.after
    if upper is None or reach.watermark is None or reach.watermark != plan.window.until:
        return reach
    return replace(reach, watermark=min(upper, reach.watermark))
