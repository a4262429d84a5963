"""How one release takes another's place: prepared, made beside it, and swapped at a moment of rest; or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy.orm import Session

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound, TradewindError, Unavailable
from tradewind.core.exclusion import only_here
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.core.signals import Signal
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.ddl import quoted
from tradewind.warehouse.datafiles.model import Finding, Level, Project
from tradewind.warehouse.datafiles.reading import read_project
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.workspaces import store
from tradewind.warehouse.workspaces.apply import (
    FILL_SETTINGS,
    NOTHING,
    Build,
    Builder,
    Progress,
    Side,
    behind,
    follow,
    pairs,
    reserve,
)
from tradewind.warehouse.workspaces.evolution import columns_given, described, forward_select
from tradewind.warehouse.workspaces.files import Files, pack
from tradewind.warehouse.workspaces.landing import DirectWrites, Landing, all_held
from tradewind.warehouse.workspaces.lending import about_sharing
from tradewind.warehouse.workspaces.plan import Facts, How, Plan, Terms, plan
from tradewind.warehouse.workspaces.releases import Releases, derived_of
from tradewind.warehouse.workspaces.secrets import Secrets
from tradewind.warehouse.workspaces.store import Home, Kind, Status
from tradewind.warehouse.workspaces.trial import Tried, try_out

CATCH_UP_SECONDS = 600.0
_UNUSED_SECONDS = 30.0
_UNDER_WAY = "Another deploy of this workspace is under way. Wait until it is done, then try again."
_OVERTAKEN = "Another deploy went live after this change was begun; nothing was changed. Try again."
_DIED = "The process that deployed it ended before it was done."

logger = get_logger(__name__)


class GivesTokens(Protocol):
    """Whoever keeps tokens: the lines of the files become tokens when the release does."""

    def apply_lines(self, tx: Session, workspace_id: str, project: Project, /) -> Any: ...


def silent(_: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a build or a deploy."""

    result: str
    """success, failed or no_changes."""
    findings: tuple[Finding, ...] = ()
    plan: Plan = field(default_factory=Plan)
    number: int | None = None
    status: str = ""
    is_live: bool = False

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is Level.ERROR]


@dataclass(slots=True)
class _Prepared:
    home: Home
    old: Side
    new: Side
    tried: Tried
    plan: Plan
    terms: Terms

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.tried.findings, *self.plan.findings)

    @property
    def rebuilt(self) -> list[str]:
        return [step.source for step in self.plan.steps if step.how is not How.KEPT]

    def outcome(self) -> Outcome:
        if self.tried.errors or self.plan.errors:
            return Outcome("failed", self.findings, self.plan)
        live = self.home.live_release
        if live is not None and not self.plan.has_changes and not self.rebuilt:
            return Outcome("no_changes", self.findings, self.plan, live, Status.LIVE, is_live=True)
        return Outcome("success", self.findings, self.plan)


class Deploys:
    """Deploys of all workspaces; those of one workspace come one after the other."""

    def __init__(
        self,
        database: Database,
        warehouse: Warehouse,
        clock: Clock,
        releases: Releases,
        secrets: Secrets,
        landing: Landing,
    ) -> None:
        self._database = database
        self._warehouse = warehouse
        self._clock = clock
        self._releases = releases
        self._secrets = secrets
        self.landing = landing
        self.tokens: GivesTokens | None = None
        self.direct_writes = DirectWrites()
        self.changed = Signal()
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._steps: dict[str, tuple[int | None, list[str]]] = {}
        """By workspace: the deployment that was begun last, and what it has told of its way."""

    def check(self, workspace_id: str, files: Files, terms: Terms) -> Outcome:
        return self._prepare(workspace_id, files, terms).outcome()

    def deploy(
        self,
        workspace_id: str,
        files: Files,
        terms: Terms,
        *,
        promote: bool,
        progress: Progress,
        made_from: int | None = None,
    ) -> Outcome:
        with self.alone(workspace_id):
            if made_from is not None and (self._releases.home(workspace_id).live_release or 0) != made_from:
                raise Conflict(_OVERTAKEN)
            return self._deploy(workspace_id, files, terms, promote=promote, progress=progress)

    def progress(self, workspace_id: str, number: int) -> list[str]:
        """The steps that a deployment has gone, if this process began it last."""
        known, steps = self._steps.get(workspace_id, (None, []))
        return list(steps) if known == number else []

    @contextmanager
    def alone(self, workspace_id: str) -> Iterator[None]:
        """Nobody else deploys to the workspace inside the block, on no server. Raises Conflict while somebody does."""
        with self._lock:
            lock = self._locks.setdefault(workspace_id, threading.Lock())
        if not lock.acquire(blocking=False):
            raise Conflict(_UNDER_WAY)
        try:
            with self._only_here(workspace_id) as nobody_else:
                if not nobody_else:
                    raise Conflict(_UNDER_WAY)
                yield
        finally:
            lock.release()

    def _only_here(self, workspace_id: str) -> AbstractContextManager[bool]:
        return only_here(self._database, f"deploy {workspace_id}")

    # --- prepare ---

    def _prepare(self, workspace_id: str, files: Files, terms: Terms) -> _Prepared:
        home = self._releases.home(workspace_id)
        secrets = self._secrets.of(workspace_id)
        project = read_project(files, secrets=secrets)
        old = self._releases.side(home, home.live_release)
        if project.errors:
            return _Prepared(home, old, NOTHING, Tried(project, [], list(project.findings)), Plan(), terms)
        shared = {name: loan.source for name, loan in self._releases.loans(home).items()}
        tried = try_out(self._warehouse, f"{home.database}_trial_{new_id()[-8:]}", project, secrets, shared)
        with self._database.read() as tx:
            tried.findings += about_sharing(home, project, shared, store.homes(tx), for_build=terms.for_build)
        terms = replace(terms, after_build=not old.has_ttl)
        facts = self._facts(home, old)
        made = plan(old.project, tried.project, old_views=old.views, new_views=tried.views, facts=facts, terms=terms)
        if not tried.errors:
            made = replace(made, findings=(*made.findings, *self._forward_queries(home, old, tried.project, made)))
        return _Prepared(home, old, Side(tried.project, tried.views, {}, not terms.for_build), tried, made, terms)

    def _facts(self, home: Home, old: Side) -> Facts:
        def has_rows(name: str) -> bool:
            table = old.physical(name)
            if table is None:
                return False
            if self.landing.has_entries(home.id, name):
                return True
            return bool(self._warehouse.query(f"SELECT 1 FROM {quoted(home.database, table)} LIMIT 1"))

        return Facts(has_rows, lambda name: self.landing.has_entries(home.id, name))

    def _forward_queries(self, home: Home, old: Side, project: Project, made: Plan) -> list[Finding]:
        """What is wrong with the FORWARD_QUERYs that would run, asked on the tables as they are."""
        found = []
        with self._warehouse.connection(FILL_SETTINGS) as engine:
            engine.forbid_writing()
            for step in made.steps:
                source = project.sources[step.source]
                table = old.physical(step.source)
                if step.how is not How.MOVED or not source.forward_query or table is None:
                    continue
                try:
                    select = forward_select(source, home.database, table)
                    columns_given(source, described(engine, select))
                except InvalidInput as refused:
                    message = f"FORWARD_QUERY of {source.name}: {refused}"
                    found.append(Finding(Level.ERROR, source.place_of("FORWARD_QUERY"), message))
        return found

    # --- make ---

    def _deploy(self, workspace_id: str, files: Files, terms: Terms, *, promote: bool, progress: Progress) -> Outcome:
        progress("checking the project")
        prepared = self._prepare(workspace_id, files, terms)
        told = prepared.outcome()
        if told.result != "success":
            return told
        home = prepared.home
        if terms.for_build and home.live_release is not None and prepared.old.has_ttl:
            raise Conflict(
                "A deployed project is live here, and a build would not keep its rows. Build in a branch or a workspace"
                " of its own, or deploy."
            )
        number = self._write_down(prepared, files)
        progress = self._remembered(workspace_id, number, progress)
        try:
            with self.direct_writes.excluded(workspace_id, prepared.rebuilt):
                self._build(prepared, number, progress)
                if promote:
                    progress("taking the live one's place")
                    self._promote(home, number, prepared.old, prepared.new)
        except BaseException as failure:
            self._fail(home, number, failure)
            raise
        if promote:
            self._swept(home)
            return replace(told, number=number, status=Status.LIVE, is_live=True)
        with self._database.write() as tx:
            store.set_status(tx, home.id, number, Status.DATA_READY, now=self._clock.now())
        self._releases.stage(home.id, self._releases.loaded(home, number, prepared.new))
        return replace(told, number=number, status=Status.DATA_READY)

    def _remembered(self, workspace_id: str, number: int, progress: Progress) -> Progress:
        steps: list[str] = []
        self._steps[workspace_id] = (number, steps)

        def tell(step: str) -> None:
            steps.append(step)
            progress(step)

        return tell

    def _write_down(self, prepared: _Prepared, files: Files) -> int:
        told = prepared.plan.as_json() | {
            "views": [view.as_json() for view in prepared.tried.views],
            "derived": derived_of(prepared.tried.project),
            "findings": [finding_json(finding) for finding in prepared.findings],
            "is_build": prepared.terms.for_build,
        }
        home, now = prepared.home, self._clock.now()
        with self._database.write() as tx:
            staged = store.releases_in(tx, [Status.DATA_READY], home.id)
            if staged:
                raise Conflict(f"Deployment {staged[-1].number} is ready and waits: set it live or delete it first.")
            number = store.add_release(tx, home.id, pack(files), told, now=now)
            prepared.new = reserve(tx, home, number, prepared.plan, prepared.old, prepared.new, now=now)
        return number

    def _build(self, prepared: _Prepared, number: int, progress: Progress) -> None:
        home = prepared.home
        build = Build(home, home, number, prepared.plan, prepared.old, prepared.new, self._secrets.of(home.id))
        self.make(build, progress)
        with self._database.write() as tx:
            store.set_status(tx, home.id, number, Status.SCHEMA_READY, now=self._clock.now())
        self._releases.remember(home, number, prepared.new)

    def make(self, build: Build, progress: Progress) -> None:
        """Makes and fills the tables of a release that is written down."""
        with self._warehouse.connection(FILL_SETTINGS) as engine:
            Builder(build, engine, self._database, self.landing, self._clock.now(), progress).run()

    # --- take the live one's place ---

    def _promote(self, home: Home, number: int, old: Side, new: Side) -> None:
        """Lets the new tables catch up with the old ones; then, at a moment of rest, the new release is live."""
        changing = pairs(old, new)
        staying = {table.name for table in new.tables.values()}
        leaving = [table.name for table in old.tables.values() if table.name not in staying and table.is_followed]
        moving = [name for name in old.project.sources if old.physical(name) not in staying]
        fresh = self._releases.loaded(home, number, new)
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while True:
            with all_held(self.landing, home.id, moving):
                if not behind(self.landing, changing):
                    with self._releases.moving:
                        with self._database.write() as tx:
                            store.mark_live(tx, home.id, number, before=home.live_release, now=self._clock.now())
                            store.keep_resting(tx, home.id, _with_topics(new.project), new.project.pipes)
                            if self.tokens is not None:
                                self.tokens.apply_lines(tx, home.id, new.project)
                        self._releases.serve(fresh)
                    for table in leaving:
                        self.landing.detach(table)
                    break
            if time.monotonic() > deadline:
                raise Unavailable("The new tables do not catch up with what comes in. The live release is unchanged.")
            time.sleep(0.02)
        self._warehouse.touch()
        self.changed.send()

    def serve_first(self, home: Home, number: int, side: Side) -> None:
        """Makes the first release of a workspace live."""
        self._releases.remember(home, number, side)
        self._promote(home, number, NOTHING, side)

    def set_live(self, workspace_id: str, number: int) -> Outcome:
        """Makes a staged deployment live. Raises Conflict for one that is not ready."""
        with self.alone(workspace_id):
            home = self._releases.home(workspace_id)
            row = self._releases.row(workspace_id, number)
            if home.live_release == number:
                return Outcome("no_changes", number=number, status=Status.LIVE, is_live=True)
            if row.status != Status.DATA_READY:
                raise Conflict(f"Deployment {number} is {row.status}: only one that is ready can be set live.")
            old, new = self._releases.side(home, home.live_release), self._releases.side(home, number)
            self._promote(home, number, old, new)
            self._releases.stage(workspace_id, None)
            self._swept(home)
            return Outcome("success", number=number, status=Status.LIVE, is_live=True)

    def discard(self, workspace_id: str, number: int) -> None:
        """Deletes a deployment that is not live, with the tables that only it has."""
        with self.alone(workspace_id):
            home = self._releases.home(workspace_id)
            row = self._releases.row(workspace_id, number)
            if home.live_release == number:
                raise Conflict(f"Deployment {number} is live. Set another live, or delete the workspace.")
            if row.status == Status.DELETED:
                raise NotFound(f"Deployment {number} is deleted already.")
            with self._database.write() as tx:
                store.set_status(tx, workspace_id, number, Status.DELETED, now=self._clock.now())
            if row.status == Status.DATA_READY:
                self._releases.stage(workspace_id, None)
            self._swept(home)

    def rollback(self, workspace_id: str, number: int | None, terms: Terms, *, progress: Progress = silent) -> Outcome:
        """Makes an earlier release live again, the one before the live one unless said otherwise.

        Its tables, if they still stand, first take what has come in meanwhile. Else its files are deployed anew.
        """
        with self.alone(workspace_id):
            home = self._releases.home(workspace_id)
            with self._database.read() as tx:
                wanted = number if number is not None else store.previous_release(tx, workspace_id)
                if wanted is None:
                    raise Conflict("There is no earlier release to go back to.")
                row = store.find_release(tx, workspace_id, wanted)
                stands = wanted == store.previous_release(tx, workspace_id)
            if wanted == home.live_release:
                return Outcome("no_changes", number=wanted, status=Status.LIVE, is_live=True)
            if row.status != Status.RETIRED:
                raise Conflict(f"Deployment {wanted} is {row.status}: it was never live.")
            if stands and self._return_to(home, wanted, progress):
                return Outcome("success", number=wanted, status=Status.LIVE, is_live=True)
            progress(f"deploying the files of {wanted} anew")
            files = self._releases.files(workspace_id, wanted)
            return self._deploy(workspace_id, files, terms, promote=True, progress=progress)

    def _return_to(self, home: Home, number: int, progress: Progress) -> bool:
        """Lets the tables of a retired release follow again and makes it live; False when the log no longer reaches."""
        old, new = self._releases.side(home, home.live_release), self._releases.side(home, number)
        staying = {table.name for table in old.tables.values()}
        returning = [table for table in new.tables.values() if table.name not in staying and table.is_followed]
        progress("catching up")
        try:
            with self.direct_writes.excluded(home.id, [table.source for table in returning]):
                for table in returning:
                    follow(self.landing, home, number, new, table)
                self._promote(home, number, old, new)
        except TradewindError as failure:
            logger.warning("a retired release cannot catch up", workspace=home.name, reason=str(failure))
            for table in returning:
                self.landing.detach(table.name)
            return False
        return True

    # --- clean up ---

    def recover(self) -> None:
        """After a start: what a process that died was deploying is failed and cleaned up, the live releases stand.

        What another server is deploying is left to it.
        """
        with self._database.read() as tx:
            homes = store.homes(tx)
        if not homes:
            return
        databases = {row["name"] for row in self._warehouse.query("SELECT name FROM system.databases")}
        for home in homes:
            with self._only_here(home.id) as nobody_else:
                if nobody_else:
                    self._recover(home, databases)

    def _recover(self, home: Home, databases: set[str]) -> None:
        with self._database.read() as tx:
            unfinished = store.releases_in(tx, store.UNFINISHED, home.id)
        if unfinished:
            with self._database.write() as tx:
                for row in unfinished:
                    store.set_status(tx, home.id, row.number, Status.FAILED, now=self._clock.now(), error=_DIED)
        for name in sorted(databases):
            if name.startswith(f"{home.database}_trial_"):
                self._warehouse.command(f"DROP DATABASE IF EXISTS {identifier(name)} SYNC")
        self._swept(home)
        self._settle_followers(home)

    def _settle_followers(self, home: Home) -> None:
        """Only tables that are read or wait to be read follow the log."""
        with self._database.read() as tx:
            reading = {home.live_release} | {r.number for r in store.releases_in(tx, [Status.DATA_READY], home.id)}
            needed = {
                table.id
                for number in reading
                if number is not None
                for table in store.tables_of(tx, home.id, number).values()
            }
            others = [table for table in store.all_tables(tx, home.id) if table.id not in needed and table.is_followed]
        for table in others:
            self.landing.detach(table.name)

    def _fail(self, home: Home, number: int, failure: BaseException) -> None:
        """The live release is as it was; what was made beside it goes."""
        with self._database.write() as tx:
            if store.find_release(tx, home.id, number).status != Status.LIVE:
                reason = str(failure) or type(failure).__name__
                store.set_status(tx, home.id, number, Status.FAILED, now=self._clock.now(), error=reason[:2000])
        self._swept(home)

    def _swept(self, home: Home) -> None:
        try:
            self._sweep(home)
        except Exception:
            logger.exception("tables that nobody needs could not be dropped; it is tried again", workspace=home.name)

    def _sweep(self, home: Home) -> None:
        """Drops what no release needs: all but the tables of the live one, the one before it and a staged one."""
        with self._database.read() as tx:
            found = [store.find_home(tx, home.id).live_release, store.previous_release(tx, home.id)]
            kept = {number for number in found if number is not None}
            kept |= {row.number for row in store.releases_in(tx, [Status.DATA_READY], home.id)}
        kept |= self._releases.still_read(home.id, kept, _UNUSED_SECONDS)
        with self._database.read() as tx:
            needed = {table.id for number in kept for table in store.tables_of(tx, home.id, number).values()}
            gone = [table for table in store.all_tables(tx, home.id) if table.id not in needed]
        if gone:
            with self._warehouse.connection() as engine:
                # Views first: one whose table is gone would fail every insert.
                for table in sorted(gone, key=lambda table: table.kind not in (Kind.VIEW, Kind.FORWARD)):
                    if table.is_followed:
                        self.landing.forget(table.name)
                    what = "VIEW" if table.kind in (Kind.VIEW, Kind.FORWARD) else "TABLE"
                    engine.command(f"DROP {what} IF EXISTS {quoted(home.database, table.name)} SYNC")
            with self._database.write() as tx:
                store.forget_tables(tx, [table.id for table in gone])
        self._releases.forget(home.id, kept)


def _with_topics(project: Project) -> list[str]:
    return [name for name, source in project.sources.items() if source.kafka is not None]


def finding_json(finding: Finding) -> Mapping[str, Any]:
    """A finding for programs."""
    return {
        "level": finding.level.value,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "message": finding.message,
        "fix": finding.fix,
    }
