"""What a deploy would do: what is new, changed, deleted and unchanged, which data moves and how, and why not.

A plan is made from two projects and a few facts about the data; nothing is asked of the engine here, and
nothing is changed. Data sources that views tie together move together: as soon as one of them changes, all get
new tables, so that the tables that are read meanwhile are left alone until the new ones take their place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tradewind.warehouse.datafiles.ddl import create_table, default_of, engine_clauses, stored_columns
from tradewind.warehouse.datafiles.model import DataSource, Finding, Level, Place, Project
from tradewind.warehouse.quoting import literal
from tradewind.warehouse.workspaces.views import View, components, in_order


class How(StrEnum):
    """How a data source's table comes to what it holds after a deploy."""

    KEPT = "kept"
    """The table stays."""
    EMPTY = "empty"
    """A new table without rows."""
    CLONED = "cloned"
    """A new table that shares the old one's files, with columns added."""
    MOVED = "moved"
    """A new table with the old one's rows, each through FORWARD_QUERY or column by column."""
    POPULATED = "populated"
    """A new table, filled by its views from all rows of what they read."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one data source."""

    source: str
    how: How
    why: str = ""
    populate: tuple[str, ...] = ()
    """Pipes whose views fill it from rows that are there already."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of one kind of thing, by what happens to them."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.deleted)

    def as_json(self) -> dict[str, list[str]]:
        return {name: list(getattr(self, name)) for name in ("new", "changed", "deleted", "unchanged")}


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of it. With errors it cannot be carried out."""

    datasources: Changes = Changes()
    pipes: Changes = Changes()
    connections: Changes = Changes()
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    tokens: Changes = Changes()

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is Level.ERROR]

    @property
    def has_changes(self) -> bool:
        return not all(part.is_empty for part in (self.datasources, self.pipes, self.connections, self.tokens))

    def as_json(self) -> dict[str, Any]:
        return {
            "datasources": self.datasources.as_json(),
            "pipes": self.pipes.as_json(),
            "connections": self.connections.as_json(),
            "tokens": self.tokens.as_json(),
            "steps": [
                {"datasource": step.source, "how": step.how.value, "why": step.why, "populated_by": list(step.populate)}
                for step in self.steps
                if step.how is not How.KEPT
            ],
        }


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan has to know about the data."""

    has_rows: Callable[[str], bool]
    """Whether a data source's live table, or its way there, holds rows."""
    has_rows_of_its_own: Callable[[str], bool]
    """Whether something other than views ever wrote into it."""


NO_ROWS = Facts(lambda _: False, lambda _: False)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a deploy is meant."""

    allow_destructive: bool = False
    for_build: bool = False
    """A build keeps nothing: what does not fit is made anew, and TTL is off."""
    after_build: bool = False
    """What is live came from a build: its tables have no TTL."""


@dataclass(slots=True)
class _Planning:
    old: Project
    new: Project
    old_views: Sequence[View]
    new_views: Sequence[View]
    facts: Facts
    terms: Terms
    findings: list[Finding] = field(default_factory=list)

    def steps(self) -> list[Step]:
        both = [*self.old_views, *self.new_views]
        steps: list[Step] = []
        for group in components({*self.old.sources, *self.new.sources}, both):
            is_touched = any(self._is_touched(name) for name in group)
            there = [name for name in group if name in self.new.sources]
            if not is_touched:
                steps += [Step(name, How.KEPT) for name in there]
                continue
            refilled: set[str] = set()
            for name in in_order(there, self.new_views):
                step = self._refilled(self._step(name), refilled)
                if step.populate:
                    refilled.add(name)
                steps.append(step)
        return sorted(steps, key=lambda step: step.source)

    def _refilled(self, step: Step, refilled: set[str]) -> Step:
        """A table whose feeding tables hold other rows than before is filled anew itself."""
        feeding = [view for view in self.new_views if view.target == step.source]
        touched = any(view.source in refilled and not view.alters_in_place for view in feeding)
        source = self.new.sources[step.source]
        if step.how is not How.CLONED or not touched or source.skip_backfill:
            return step
        return self._populated(source, tuple(view.pipe for view in feeding), "what feeds it is filled anew")

    def _is_touched(self, name: str) -> bool:
        """Whether the data source, or a view into it, differs from what is live."""
        if name not in self.old.sources or name not in self.new.sources:
            # A new or deleted one that is tied to nothing moves nobody else.
            return True
        added, removed = self._views_into(name)
        return bool(added or removed) or not self._is_same_table(name)

    def _is_same_table(self, name: str) -> bool:
        old = definition_digest(self.old.sources[name], with_ttl=not self.terms.after_build)
        return old == definition_digest(self.new.sources[name], with_ttl=not self.terms.for_build)

    def _views_into(self, name: str) -> tuple[list[View], list[View]]:
        """Views into a data source that the live release does not have, and those that go."""
        old = [view for view in self.old_views if view.target == name]
        new = [view for view in self.new_views if view.target == name]
        added = [view for view in new if not any(view.is_same_as(other) for other in old)]
        removed = [view for view in old if not any(view.is_same_as(other) for other in new)]
        return added, removed

    def _step(self, name: str) -> Step:
        new = self.new.sources[name]
        old = self.old.sources.get(name)
        feeding = tuple(view.pipe for view in self.new_views if view.target == name)
        if old is None:
            return Step(name, How.POPULATED, "new, filled by its views", feeding) if feeding else Step(name, How.EMPTY)
        added, removed = self._views_into(name)
        if self._is_same_table(name):
            return self._fed_differently(new, added, removed, feeding)
        return self._evolved(old, new, added, removed, feeding)

    def _fed_differently(
        self, source: DataSource, added: Sequence[View], removed: Sequence[View], feeding: tuple[str, ...]
    ) -> Step:
        """The table is the same, but what fills it may not be."""
        fills = [view for view in added if not view.alters_in_place]
        if not fills or source.skip_backfill:
            return Step(source.name, How.CLONED, "takes part in a change beside it")
        if not removed:
            return Step(source.name, How.CLONED, "gets one more view", tuple(view.pipe for view in fills))
        return self._populated(source, feeding, "a view that fills it changed")

    def _evolved(
        self,
        old: DataSource,
        new: DataSource,
        added: Sequence[View],
        removed: Sequence[View],
        feeding: tuple[str, ...],
    ) -> Step:
        """The table is another one."""
        name = new.name
        if "Null" in (new.engine.name, old.engine.name) or new.skip_backfill:
            return Step(name, How.EMPTY, "BACKFILL skip" if new.skip_backfill else "a Null table holds no rows")
        fills = tuple(view.pipe for view in added if not view.alters_in_place)
        if new.forward_query and not (self.terms.for_build and not self.facts.has_rows(name)):
            more = fills if not removed else ()
            return Step(name, How.MOVED, "through its FORWARD_QUERY", more)
        if feeding and removed and fills:
            return self._populated(new, feeding, "it and a view that fills it changed")
        if not self.facts.has_rows(name):
            return Step(name, How.POPULATED if fills else How.EMPTY, "the old one is empty", fills)
        if only_adds_columns(old, new):
            return Step(name, How.CLONED, "columns are added", fills if not removed else ())
        if same_columns(old, new) or keeps_columns(old, new):
            return Step(name, How.MOVED, "the same columns in another table", fills if not removed else ())
        if not self.terms.for_build:
            self._refuse_to_lose(old, new)
        return Step(name, How.POPULATED if feeding else How.EMPTY, "a build keeps nothing", feeding)

    def _refuse_to_lose(self, old: DataSource, new: DataSource) -> None:
        name = new.name
        self._refuse(
            new.place,
            f"{name} changes in a way that its rows do not follow by themselves: {difference(old, new)}.",
            "Say in FORWARD_QUERY how a row of the old table becomes one of the new:\n"
            f"FORWARD_QUERY >\n    SELECT {suggestion(old, new)}",
        )

    def _populated(self, source: DataSource, feeding: tuple[str, ...], why: str) -> Step:
        if (
            not self.terms.for_build
            and not self.terms.allow_destructive
            and self.facts.has_rows_of_its_own(source.name)
        ):
            self._refuse(
                source.place,
                f"{source.name} has to be filled anew ({why}), but it also holds rows that no view put there.",
                "Change the view with DEPLOYMENT_METHOD alter to keep all rows as they are, or allow destructive"
                " operations (--allow-destructive-operations) to lose those.",
            )
        for pipe in feeding:
            view = next(view for view in self.new_views if view.pipe == pipe)
            base = self.new.sources.get(view.source)
            if base is not None and base.engine.ttl and not self.terms.for_build:
                message = (
                    f"{source.name} is filled anew from {base.name}, which keeps rows for a time only (ENGINE_TTL):"
                    " what is older is not in it again."
                )
                self.findings.append(Finding(Level.WARNING, source.place, message))
        return Step(source.name, How.POPULATED, why, feeding)

    def deletions(self) -> None:
        if self.terms.allow_destructive or self.terms.for_build:
            return
        for name in sorted(set(self.old.sources) - set(self.new.sources)):
            self._refuse(
                self.old.sources[name].place,
                f"The data source {name} is live and not in this project: deploying would delete it with its rows.",
                "Put its file back, or allow it with --allow-destructive-operations.",
            )

    def _refuse(self, place: Place, message: str, fix: str) -> None:
        self.findings.append(Finding(Level.ERROR, place, message, fix))


def plan(
    old: Project | None,
    new: Project,
    *,
    old_views: Sequence[View] = (),
    new_views: Sequence[View] = (),
    facts: Facts = NO_ROWS,
    terms: Terms | None = None,
) -> Plan:
    """What brings a workspace from one project to another. Refusals are errors among the findings."""
    before = old or Project()
    planning = _Planning(before, new, old_views, new_views, facts, terms or Terms())
    planning.deletions()
    steps = planning.steps()
    return Plan(
        _changes(before.sources, new.sources),
        _changes(before.pipes, new.pipes),
        _changes(before.connections, new.connections),
        tuple(steps),
        tuple(planning.findings),
        _token_changes(before, new),
    )


def definition_digest(source: DataSource, *, with_ttl: bool) -> str:
    """The same for data sources whose tables are the same."""
    return hashlib.sha256(create_table(source, "t", with_ttl=with_ttl).encode()).hexdigest()


def only_adds_columns(old: DataSource, new: DataSource) -> bool:
    """Whether the old files do for the new table: columns are added that may be missing, or TTL and defaults differ."""
    return keeps_columns(old, new) and _around(old) == _around(new)


def same_columns(old: DataSource, new: DataSource) -> bool:
    return [(c.name, c.full_type) for c in stored_columns(old)] == [(c.name, c.full_type) for c in stored_columns(new)]


def keeps_columns(old: DataSource, new: DataSource) -> bool:
    """Whether all old columns are there with their types, and every new one may be missing in a row."""
    before = {column.name: column.full_type for column in stored_columns(old)}
    after = {column.name: column for column in stored_columns(new)}
    return all(name in after and after[name].full_type == kind for name, kind in before.items()) and all(
        name in before or column.is_nullable or column.default is not None for name, column in after.items()
    )


def difference(old: DataSource, new: DataSource) -> str:
    """What is different about the columns, in words."""
    before = {column.name: column for column in stored_columns(old)}
    after = {column.name: column for column in stored_columns(new)}
    parts = [f"{name} is gone" for name in before if name not in after]
    parts += [
        f"{name} was {before[name].full_type} and is {column.full_type}"
        for name, column in after.items()
        if name in before and before[name].full_type != column.full_type
    ]
    parts += [
        f"{name} is new and has no DEFAULT"
        for name, column in after.items()
        if name not in before and not column.is_nullable and column.default is None
    ]
    return ", ".join(parts) or "its definition differs"


def suggestion(old: DataSource, new: DataSource) -> str:
    """A FORWARD_QUERY to begin with."""
    before = {column.name: column for column in stored_columns(old)}
    parts = []
    for column in stored_columns(new):
        known = before.get(column.name)
        if known is None:
            parts.append(
                f"{default_of(column) or f'defaultValueOfTypeName({literal(column.full_type)})'} AS {column.name}"
            )
        elif known.full_type == column.full_type:
            parts.append(column.name)
        else:
            parts.append(f"CAST({column.name}, {literal(column.full_type)}) AS {column.name}")
    return ", ".join(parts)


def _around(source: DataSource) -> tuple[str, ...]:
    """Everything about a table that its files depend on and that is not its columns."""
    return (engine_clauses(replace(source.engine, ttl=None)), *(str(index) for index in source.indexes))


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    both = sorted(set(old) & set(new))
    return Changes(
        tuple(sorted(set(new) - set(old))),
        tuple(name for name in both if old[name].text != new[name].text),
        tuple(sorted(set(old) - set(new))),
        tuple(name for name in both if old[name].text == new[name].text),
    )


def _token_changes(old: Project, new: Project) -> Changes:
    before, after = _token_names(old), _token_names(new)
    return Changes(tuple(sorted(after - before)), (), tuple(sorted(before - after)), tuple(sorted(after & before)))


def _token_names(project: Project) -> set[str]:
    lines = [source.tokens for source in project.sources.values()] + [pipe.tokens for pipe in project.pipes.values()]
    return {line.name for tokens in lines for line in tokens}
