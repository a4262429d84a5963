"""Workspaces: which projects are deployed, which release is live, and how one takes the other's place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.core.signals import Signal
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.ddl import identifier, quoted
from tradewind.warehouse.datafiles.model import Finding, Level, Place, Project
from tradewind.warehouse.datafiles.reading import read_project
from tradewind.warehouse.workspaces import store
from tradewind.warehouse.workspaces.apply import (
    FILL_SETTINGS,
    NOTHING,
    Build,
    Builder,
    Progress,
    Side,
    behind,
    pairs,
    reserve,
)
from tradewind.warehouse.workspaces.evolution import columns_given, described, forward_select
from tradewind.warehouse.workspaces.files import Files, pack, unpack
from tradewind.warehouse.workspaces.landing import DirectWrites, Landing, NoLanding, all_held
from tradewind.warehouse.workspaces.model import ReleaseRow
from tradewind.warehouse.workspaces.plan import Facts, How, Plan, Terms, plan
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.secrets import Secrets
from tradewind.warehouse.workspaces.store import DEFAULT_NAME, Home, Kind, Status
from tradewind.warehouse.workspaces.trial import Tried, derived_source, try_out
from tradewind.warehouse.workspaces.views import View

_CATCH_UP_SECONDS = 600.0
_UNUSED_SECONDS = 30.0

logger = get_logger(__name__)


def _silent(_: str) -> None:
    pass


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
    def is_good(self) -> bool:
        return not (self.tried.errors or self.plan.errors)


class Workspaces:
    """All workspaces of one Tradewind. Threads share it; deploys of one workspace come one after the other."""

    def __init__(
        self,
        database: Database,
        warehouse: Warehouse,
        clock: Clock,
        key: Callable[[], str],
        *,
        landing: Landing | None = None,
    ) -> None:
        """`key` gives the secret key when a secret is first needed."""
        self._database = database
        self._warehouse = warehouse
        self._clock = clock
        self.landing: Landing = landing or NoLanding()
        self.secrets = Secrets(database, key)
        self.direct_writes = DirectWrites()
        self.changed = Signal()
        """Sent whenever another release is live somewhere."""
        self._default: str | None = None
        self._live: dict[str, Release | None] = {}
        self._sides: dict[tuple[str, int], Side] = {}
        self._outgoing: dict[str, list[Release]] = {}
        """Releases that were live and that a request may still be reading."""
        self._lock = threading.RLock()
        self._deploys: dict[str, threading.Lock] = {}

    # --- what is there ---

    def default(self) -> str:
        """The id of the workspace that is there from the start."""
        if self._default is None:
            with self._lock, self._database.write() as tx:
                home = store.home_named(tx, DEFAULT_NAME)
                if home is None:
                    home = store.add_home(tx, DEFAULT_NAME, parent_id=None, now=self._clock.now())
            self._default = home.id
        return self._default

    def home(self, workspace_id: str) -> Home:
        """A workspace's name, its database and what it is a branch of. Raises NotFound."""
        with self._database.read() as tx:
            return store.find_home(tx, workspace_id)

    def all(self) -> list[Home]:
        """Every workspace and branch."""
        self.default()
        with self._database.read() as tx:
            return store.homes(tx)

    def live(self, workspace_id: str) -> Release | None:
        """The release that requests read, or None before the first deploy. Costs nothing."""
        try:
            return self._live[workspace_id]
        except KeyError:
            return self._first_look(workspace_id)

    def release(self, workspace_id: str, number: int) -> Release:
        """A release that stands beside the live one, such as a staged one. Raises NotFound when it does not stand."""
        live = self.live(workspace_id)
        if live is not None and live.number == number:
            return live
        with self._database.read() as tx:
            row = store.find_release(tx, workspace_id, number)
        if row.status != Status.DATA_READY:
            raise NotFound(f"Deployment {number} is {row.status}: it cannot be read.")
        return self._loaded(self.home(workspace_id), number)

    def staging(self, workspace_id: str) -> Release | None:
        """The release that waits to be made live."""
        with self._database.read() as tx:
            rows = store.releases_in(tx, [Status.DATA_READY], workspace_id)
        return self.release(workspace_id, rows[-1].number) if rows else None

    def deployments(self, workspace_id: str) -> list[ReleaseRow]:
        """The newest deployments first."""
        with self._database.read() as tx:
            return store.releases(tx, workspace_id)

    def deployment(self, workspace_id: str, number: int) -> ReleaseRow:
        with self._database.read() as tx:
            return store.find_release(tx, workspace_id, number)

    # --- build and deploy ---

    def check(self, workspace_id: str, files: Files, terms: Terms | None = None) -> Outcome:
        """What a deploy of these files would do. Changes nothing."""
        prepared = self._prepare(workspace_id, files, terms or Terms())
        return self._told(prepared)

    def deploy(
        self,
        workspace_id: str,
        files: Files,
        terms: Terms | None = None,
        *,
        promote: bool = True,
        progress: Progress = _silent,
    ) -> Outcome:
        """Deploys a project: all of it or nothing. Without `promote` it stands ready beside the live one."""
        with self._deploying(workspace_id):
            progress("checking the project")
            prepared = self._prepare(workspace_id, files, terms or Terms())
            told = self._told(prepared)
            if told.result != "success":
                return told
            number = self._write_down(prepared, files)
            try:
                with self.direct_writes.excluded(workspace_id, _rebuilt(prepared.plan)):
                    build = self._build(prepared, number, progress)
                    if promote:
                        progress("taking the live one's place")
                        self._promote(prepared.home, number, build.old, build.new)
            except BaseException as failure:
                self._fail(prepared.home, number, failure)
                raise
            if promote:
                self._sweep(prepared.home)
            status = Status.LIVE if promote else Status.DATA_READY
            return replace(told, number=number, status=status, is_live=promote)

    @contextmanager
    def _deploying(self, workspace_id: str) -> Iterator[None]:
        with self._lock:
            lock = self._deploys.setdefault(workspace_id, threading.Lock())
        if not lock.acquire(blocking=False):
            raise Conflict("Another deploy of this workspace is under way. Wait until it is done, then try again.")
        try:
            yield
        finally:
            lock.release()

    def _prepare(self, workspace_id: str, files: Files, terms: Terms) -> _Prepared:
        home = self.home(workspace_id)
        secrets = self.secrets.of(workspace_id)
        project = read_project(files, secrets=secrets)
        old = self._side(home)
        if project.errors:
            tried = Tried(project, [], list(project.findings))
            return _Prepared(home, old, NOTHING, tried, Plan(), terms)
        tried = try_out(self._warehouse, f"{home.database}_trial_{new_id()[-8:]}", project, secrets)
        terms = replace(terms, after_build=not old.has_ttl)
        made = plan(
            old.project,
            tried.project,
            old_views=old.views,
            new_views=tried.views,
            facts=self._facts(home, old),
            terms=terms,
        )
        if not tried.errors:
            made = replace(made, findings=(*made.findings, *self._forward_queries(home, old, tried.project, made)))
        new = Side(tried.project, tried.views, {}, not terms.for_build)
        return _Prepared(home, old, new, tried, made, terms)

    def _told(self, prepared: _Prepared) -> Outcome:
        if not prepared.is_good:
            return Outcome("failed", prepared.findings, prepared.plan)
        is_same = not prepared.plan.has_changes and all(step.how is How.KEPT for step in prepared.plan.steps)
        if is_same and prepared.home.live_release is not None:
            return Outcome(
                "no_changes", prepared.findings, prepared.plan, prepared.home.live_release, Status.LIVE, is_live=True
            )
        return Outcome("success", prepared.findings, prepared.plan)

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
                    select = forward_select(source, quoted(home.database, table))
                    columns_given(source, described(engine, select))
                except InvalidInput as refused:
                    message = f"FORWARD_QUERY of {source.name}: {refused}"
                    found.append(Finding(Level.ERROR, _place_of_forward_query(source.place, source.text), message))
        return found

    def _write_down(self, prepared: _Prepared, files: Files) -> int:
        told = prepared.plan.as_json() | {
            "views": [view.as_json() for view in prepared.tried.views],
            "derived": _derived(prepared.tried.project),
            "findings": [_finding_json(finding) for finding in prepared.findings],
            "is_build": prepared.terms.for_build,
        }
        now = self._clock.now()
        with self._database.write() as tx:
            staged = store.releases_in(tx, [Status.DATA_READY], prepared.home.id)
            if staged:
                raise Conflict(f"Deployment {staged[-1].number} is ready and waits: set it live or delete it first.")
            number = store.add_release(tx, prepared.home.id, pack(files), told, now=now)
            prepared.new = reserve(tx, prepared.home, number, prepared.plan, prepared.old, prepared.new, now=now)
        return number

    def _build(self, prepared: _Prepared, number: int, progress: Progress) -> Build:
        home = prepared.home
        build = Build(home, number, prepared.plan, prepared.old, prepared.new, self.secrets.of(home.id))
        with self._warehouse.connection(FILL_SETTINGS) as engine:
            Builder(build, engine, self._database, self.landing, self._clock.now(), progress).run()
        with self._database.write() as tx:
            store.set_status(tx, home.id, number, Status.DATA_READY, now=self._clock.now())
        self._sides[home.id, number] = build.new
        return build

    # --- taking the live one's place ---

    def _promote(self, home: Home, number: int, old: Side, new: Side) -> None:
        """Lets the new tables catch up with the old ones; then, at a moment of rest, the new release is live."""
        changing = pairs(old, new)
        going = [table.name for name, table in old.tables.items() if name in old.project.sources]
        staying = {table.name for table in new.tables.values()}
        fresh = self._loaded(home, number, new)
        deadline = time.monotonic() + _CATCH_UP_SECONDS
        sources = [name for name in old.project.sources if old.physical(name) not in staying]
        while True:
            with all_held(self.landing, home.id, sources):
                if not behind(self.landing, changing):
                    before = home.live_release
                    with self._database.write() as tx:
                        store.mark_live(tx, home.id, number, before=before, now=self._clock.now())
                    leaving = self._live.get(home.id)
                    self._live[home.id] = fresh
                    if leaving is not None:
                        self._outgoing.setdefault(home.id, []).append(leaving)
                    for table in going:
                        if table not in staying:
                            self.landing.detach(table)
                    break
            if time.monotonic() > deadline:
                raise Unavailable("The new tables do not catch up with what comes in. The live release is unchanged.")
            time.sleep(0.02)
        self.changed.send()

    def _fail(self, home: Home, number: int, failure: BaseException) -> None:
        """The live release is as it was; what was made beside it goes."""
        with self._database.write() as tx:
            if store.find_release(tx, home.id, number).status != Status.LIVE:
                reason = str(failure) or type(failure).__name__
                store.set_status(tx, home.id, number, Status.FAILED, now=self._clock.now(), error=reason[:2000])
        try:
            self._sweep(home)
        except Exception:
            logger.exception("cleaning up after a failed deploy failed; the next start does it", workspace=home.name)

    def _sweep(self, home: Home) -> None:
        """Drops what no release needs: all but the live one's, the one's before it and a staged one's tables."""
        with self._database.read() as tx:
            current = store.find_home(tx, home.id)
            kept = {current.live_release, store.previous_release(tx, home.id)}
            kept |= {row.number for row in store.releases_in(tx, [Status.DATA_READY], home.id)}
        kept |= self._still_read(home.id, kept)
        with self._database.read() as tx:
            needed = {
                table.id
                for number in kept
                if number is not None
                for table in store.tables_of(tx, home.id, number).values()
            }
            gone = [table for table in store.all_tables(tx, home.id) if table.id not in needed]
        if not gone:
            return
        with self._warehouse.connection() as engine:
            # Views first: one whose table is gone would fail every insert.
            for table in sorted(gone, key=lambda table: table.kind != Kind.VIEW):
                what = "VIEW" if table.kind == Kind.VIEW else "TABLE"
                engine.command(f"DROP {what} IF EXISTS {quoted(home.database, table.name)} SYNC")
                if table.kind == Kind.TABLE:
                    self.landing.forget(table.name)
        with self._database.write() as tx:
            store.forget_tables(tx, [table.id for table in gone])
        self._sides = {key: side for key, side in self._sides.items() if key[0] != home.id or key[1] in kept}

    def _still_read(self, workspace_id: str, kept: set[int | None]) -> set[int]:
        """Releases that have to go and that somebody still reads after a patient wait: they go next time."""
        outgoing = self._outgoing.get(workspace_id, [])
        waiting = [
            release for release in outgoing if release.number in kept or not release.wait_unused(_UNUSED_SECONDS)
        ]
        self._outgoing[workspace_id] = waiting
        return {release.number for release in waiting}

    # --- reading back ---

    def _first_look(self, workspace_id: str) -> Release | None:
        with self._lock:
            if workspace_id not in self._live:
                home = self.home(workspace_id)
                self._live[workspace_id] = None if home.live_release is None else self._loaded(home, home.live_release)
            return self._live[workspace_id]

    def _loaded(self, home: Home, number: int, side: Side | None = None) -> Release:
        known = side or self._side_of(home, number)
        return Release(home.id, home.name, home.database, number, known.project, known.names, self.secrets.of(home.id))

    def _side(self, home: Home) -> Side:
        return NOTHING if home.live_release is None else self._side_of(home, home.live_release)

    def _side_of(self, home: Home, number: int) -> Side:
        known = self._sides.get((home.id, number))
        if known is None:
            with self._database.read() as tx:
                row = store.find_release(tx, home.id, number)
                tables = store.tables_of(tx, home.id, number)
            project = read_project(unpack(row.files), secrets=self.secrets.of(home.id))
            sources = dict(project.sources)
            for name, told in row.plan.get("derived", {}).items():
                node = next(
                    n for pipe in project.pipes.values() for n in pipe.nodes if n.datasource == name and n.engine
                )
                columns = [(column, kind) for column, kind in told]
                sources[name] = derived_source(name, node.place, columns, node.engine)  # type: ignore[arg-type]
            views = [View.of_json(view) for view in row.plan["views"]]
            known = Side(replace(project, sources=sources), views, tables, not row.plan.get("is_build", False))
            self._sides[home.id, number] = known
        return known


def _rebuilt(made: Plan) -> list[str]:
    return [step.source for step in made.steps if step.how is not How.KEPT]


def _derived(project: Project) -> dict[str, list[list[str]]]:
    """Data sources that no file describes."""
    return {
        source.name: [[column.name, column.full_type] for column in source.columns]
        for source in project.sources.values()
        if not source.text
    }


def _finding_json(finding: Finding) -> Mapping[str, Any]:
    place = finding.place
    return {
        "level": finding.level.value,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": finding.message,
        "fix": finding.fix,
    }


def _place_of_forward_query(place: Place, text: str) -> Place:
    lines = text.splitlines()
    found = next(
        (n for n, line in enumerate(lines, 1) if line.lstrip().upper().startswith("FORWARD_QUERY")), place.line
    )
    return replace(place, line=found)


def drop_database(warehouse: Warehouse, database: str) -> None:
    with warehouse.connection() as engine:
        engine.command(f"DROP DATABASE IF EXISTS {identifier(database)} SYNC")
