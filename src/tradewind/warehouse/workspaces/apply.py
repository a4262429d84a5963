"""Carries out a plan: makes the new tables beside the live ones, fills them, and lets them follow the log.

Nothing here touches a table that is live. A group of data sources that views tie together is cloned at a moment
of rest; what comes in after that moment reaches the new tables through the log, once they are filled and their
views stand. So no row is missing and none is there twice, however long the filling takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from tradewind.core.database import Database
from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.warehouse.client import Connection
from tradewind.warehouse.datafiles import ddl
from tradewind.warehouse.datafiles.ddl import SUFFIX_OF_QUARANTINE, quoted
from tradewind.warehouse.datafiles.model import Engine, Project
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.workspaces import evolution, store
from tradewind.warehouse.workspaces.landing import Landing, all_held
from tradewind.warehouse.workspaces.plan import How, Plan, Step, definition_digest
from tradewind.warehouse.workspaces.store import Home, Kind, Stored
from tradewind.warehouse.workspaces.views import Names, View, components, in_order, view_sql

Progress = Callable[[str], None]
logger = get_logger(__name__)

FILL_SETTINGS: Mapping[str, str | int] = {
    **ddl.SESSION_SETTINGS,
    "max_threads": 2,
    "max_insert_threads": 1,
    # A large group-by spills to disk instead of taking the memory that requests need.
    "max_bytes_before_external_group_by": 512 * 1024**2,
    "max_bytes_before_external_sort": 512 * 1024**2,
    "max_memory_usage": 2 * 1024**3,
}


@dataclass(frozen=True, slots=True)
class Side:
    """A release as a deploy sees it: the old one or the new one."""

    project: Project
    views: Sequence[View]
    tables: Mapping[str, Stored]
    """By name: data sources, quarantines (with their suffix) and views (`view:pipe`)."""
    has_ttl: bool = True

    def physical(self, name: str) -> str | None:
        found = self.tables.get(name)
        return None if found is None else found.name

    @property
    def names(self) -> dict[str, str]:
        """Physical tables by the names that SQL uses."""
        return {name: table.name for name, table in self.tables.items() if table.is_followed}


NOTHING = Side(Project(), (), {})


@dataclass(slots=True)
class Build:
    """One deploy on its way."""

    home: Home
    origin: Home
    """The workspace of the old release: another one where a branch begins as a copy."""
    number: int
    plan: Plan
    old: Side
    new: Side
    secrets: Mapping[str, str]
    positions: dict[str, int] = field(default_factory=dict)
    """By data source: where in the log the new tables go on."""
    snapshots: dict[str, Stored] = field(default_factory=dict)


def reserve(tx: Session, home: Home, number: int, plan: Plan, old: Side, new: Side, *, now: datetime) -> Side:
    """Writes down every table of a release before one is made; those that stay are taken from the old release."""
    tables: dict[str, Stored] = {}
    for step in plan.steps:
        quarantine = step.source + SUFFIX_OF_QUARANTINE
        if step.how is How.KEPT:
            kept_names = (step.source, quarantine, older_key(step.source), forward_key(step.source))
            tables.update({name: old.tables[name] for name in kept_names if name in old.tables})
            continue
        source = new.project.sources[step.source]
        digest = definition_digest(source, with_ttl=new.has_ttl)
        tables[step.source] = store.add_table(tx, home.id, step.source, Kind.TABLE, digest, now=now)
        tables[quarantine] = store.add_table(tx, home.id, quarantine, Kind.QUARANTINE, digest, now=now)
        if step.how is How.MOVED and source.forward_query:
            for key, kind in ((older_key(step.source), Kind.OLDER), (forward_key(step.source), Kind.FORWARD)):
                tables[key] = store.add_table(tx, home.id, key, kind, digest, now=now)
    kept = {step.source for step in plan.steps if step.how is How.KEPT}
    for view in new.views:
        known = next((other for other in old.views if other.is_same_as(view)), None)
        if view.source in kept and known is not None:
            tables[view.key] = old.tables[known.key]
        else:
            tables[view.key] = store.add_table(tx, home.id, view.key, Kind.VIEW, view.digest, now=now)
    for name, table in tables.items():
        store.use_table(tx, home.id, number, name, table.id)
    return Side(new.project, new.views, tables, new.has_ttl)


def older_key(source: str) -> str:
    return f"older:{source}"


def forward_key(source: str) -> str:
    return f"forward:{source}"


def follow(landing: Landing, home: Home, number: int, side: Side, table: Stored, position: int | None = None) -> None:
    """Lets a table follow the log of its data source; without a position, from where it stood or the log's end."""
    older = side.tables.get(older_key(table.source))
    more = {} if older is None else {"older": (number, older.name)}
    source = side.project.sources.get(table.source, table.source)
    landing.attach(home.id, source, home.database, table.name, position, **more)


class Builder:
    """Makes and fills the tables of one release. Whatever stops it, the live release is as it was."""

    def __init__(
        self, build: Build, engine: Connection, database: Database, landing: Landing, now: datetime, tell: Progress
    ) -> None:
        self._build = build
        self._engine = engine
        self._database = database
        self._landing = landing
        self._now = now
        self._tell = tell

    def run(self) -> None:
        self._engine.command(f"CREATE DATABASE IF NOT EXISTS {identifier(self._build.home.database)}")
        steps = {step.source: step for step in self._build.plan.steps if step.how is not How.KEPT}
        both = [*self._build.old.views, *self._build.new.views]
        for group in components(steps, [view for view in both if view.source in steps or view.target in steps]):
            self._make(sorted((steps[name] for name in group if name in steps), key=lambda step: step.source))

    def _make(self, steps: Sequence[Step]) -> None:
        names = [step.source for step in steps]
        self._rest(steps)
        for step in steps:
            self._shape(step)
        views = [view for view in self._build.new.views if view.source in names]
        by_name = {step.source: step for step in steps}
        for name in in_order(names, views):
            self._fill(by_name[name])
        for view in views:
            self._create_view(view)
        for snapshot in [self._build.snapshots.pop(name) for name in names if name in self._build.snapshots]:
            self._engine.command(f"DROP TABLE IF EXISTS {self._qualified(snapshot.name)} SYNC")
        for name in names:
            self._take_older_rows(by_name[name])
            for key in (name, name + SUFFIX_OF_QUARANTINE):
                table, position = self._build.new.tables[key], self._build.positions.get(key)
                follow(self._landing, self._build.home, self._build.number, self._build.new, table, position)

    def _rest(self, steps: Sequence[Step]) -> None:
        """At one moment of rest: where each source stands in its log, and a clone of what it holds."""
        moving = [step for step in steps if step.source in self._build.old.tables]
        snapshots = {step.source for step in moving if step.how is How.MOVED}
        with self._database.write() as tx:
            for name in snapshots:
                self._build.snapshots[name] = store.add_table(
                    tx, self._build.home.id, name, Kind.SNAPSHOT, "", now=self._now
                )
        with all_held(self._landing, self._build.origin.id, [step.source for step in moving]):
            for step in moving:
                name = step.source
                old = self._build.old.tables[name].name
                if self._build.origin == self._build.home:
                    for key in (name, name + SUFFIX_OF_QUARANTINE):
                        self._build.positions[key] = self._landing.position(self._build.old.tables[key].name)
                if step.how is How.MOVED:
                    self._clone(old, self._build.snapshots[name].name)
                elif step.how is How.CLONED and self._build.old.project.sources[name].engine.name != "Null":
                    self._clone(old, self._build.new.tables[name].name)
                self._keep_quarantine(name)

    def _clone(self, old: str, new: str) -> None:
        self._engine.command(evolution.clone(quoted(self._build.origin.database, old), self._qualified(new)))

    def _keep_quarantine(self, name: str) -> None:
        """The rows that did not fit are kept too: as they are, or as far as their columns are still there."""
        old, new = self._build.old.project.sources[name], self._build.new.project.sources[name]
        key = name + SUFFIX_OF_QUARANTINE
        before, after = self._build.old.tables[key].name, self._build.new.tables[key].name
        if ddl.quarantine_columns(old) == ddl.quarantine_columns(new):
            self._clone(before, after)
            return
        self._engine.command(ddl.quarantine_table(new, self._qualified(after)))
        columns, select = evolution.quarantine_select(old, new, quoted(self._build.origin.database, before))
        self._engine.command(evolution.insert(self._qualified(after), columns, select))

    def _shape(self, step: Step) -> None:
        """Gives the table the form that its file says."""
        name = step.source
        new = self._build.new.project.sources[name]
        old = self._build.old.project.sources.get(name)
        table = self._qualified(self._build.new.tables[name].name)
        if step.how is How.CLONED and old is not None and old.engine.name != "Null":
            had, has = self._build.old.has_ttl, self._build.new.has_ttl
            for statement in evolution.alterations(old, new, table, had_ttl=had, has_ttl=has):
                self._engine.command(statement)
        else:
            self._engine.command(ddl.create_table(new, table, with_ttl=self._build.new.has_ttl))
        if old is None:
            key = name + SUFFIX_OF_QUARANTINE
            self._engine.command(ddl.quarantine_table(new, self._qualified(self._build.new.tables[key].name)))

    def _fill(self, step: Step) -> None:
        name = step.source
        table = self._qualified(self._build.new.tables[name].name)
        if step.how is How.MOVED:
            self._tell(f"{name}: moving its rows")
            self._move(name, table)
        for pipe in step.populate:
            self._tell(f"{name}: filling it by {pipe}")
            view = next(view for view in self._build.new.views if view.pipe == pipe)
            self._engine.command(evolution.insert(table, view.columns, self._view_sql(view)))

    def _move(self, name: str, table: str) -> None:
        old, new = self._build.old.project.sources[name], self._build.new.project.sources[name]
        snapshot = self._build.snapshots[name].name
        if new.forward_query:
            select = evolution.forward_select(new, self._build.home.database, snapshot)
        else:
            select = evolution.plain_select(old, new, self._qualified(snapshot))
        columns = evolution.columns_given(new, evolution.described(self._engine, select))
        self._engine.command(evolution.insert(table, columns, select))

    def _take_older_rows(self, step: Step) -> None:
        """Rows that were checked against the old schema, and are in the log, go through FORWARD_QUERY as well."""
        name = step.source
        older = self._build.new.tables.get(older_key(name))
        if step.how is not How.MOVED or older is None:
            return
        old, new = self._build.old.project.sources[name], self._build.new.project.sources[name]
        through = replace(old, engine=Engine("Null"), indexes=())
        self._engine.command(ddl.create_table(through, self._qualified(older.name)))
        select = evolution.forward_select(new, self._build.home.database, older.name)
        columns = evolution.columns_given(new, evolution.described(self._engine, select))
        sql = evolution.selected(columns, select)
        view = self._qualified(self._build.new.tables[forward_key(name)].name)
        self._engine.command(ddl.create_view(view, self._qualified(self._build.new.tables[name].name), sql))

    def _create_view(self, view: View) -> None:
        name = self._build.new.tables[view.key].name
        target = self._build.new.tables[view.target].name
        self._engine.command(ddl.create_view(self._qualified(name), self._qualified(target), self._view_sql(view)))

    def _view_sql(self, view: View) -> str:
        pipe = self._build.new.project.pipes[view.pipe]
        node = pipe.node(view.node)
        assert node is not None
        names = Names(self._build.new.project, self._build.home.database, self._build.new.names)
        return view_sql(names, pipe, node, self._build.secrets)

    def _qualified(self, table: str) -> str:
        return quoted(self._build.home.database, table)


def pairs(old: Side, new: Side) -> list[tuple[str, str, str]]:
    """Data sources and quarantines whose table changes hands: name, old table, new table."""
    both = sorted(name for name, table in old.tables.items() if table.is_followed and name in new.tables)
    named = [(name, old.tables[name].name, new.tables[name].name) for name in both]
    return [(name, before, after) for name, before, after in named if before != after]


def behind(landing: Landing, changing: Sequence[tuple[str, str, str]]) -> list[str]:
    """The new tables that have not yet taken what the old ones show. Raises Unavailable when one cannot take it."""
    late = []
    for name, old, new in changing:
        if landing.position(new) < landing.position(old):
            reason = landing.trouble(new)
            if reason is not None:
                raise Unavailable(f"The new table of {name} cannot take what comes in: {reason}")
            late.append(name)
    return late
