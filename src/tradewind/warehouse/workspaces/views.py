"""Materialized views of a project: what feeds which table, from which, by which query.

A view is a trigger on one table: the first that its query reads. Which one that is, the engine says itself,
once the view stands in a throw-away database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tradewind.warehouse.datafiles.compiling import compile_node
from tradewind.warehouse.datafiles.ddl import quoted
from tradewind.warehouse.datafiles.model import Node, Pipe, Project

_LOGICAL = "project"


@dataclass(frozen=True, slots=True)
class View:
    """A materialized view as a release holds it."""

    pipe: str
    node: str
    target: str
    source: str
    """The data source whose inserts it sees."""
    columns: tuple[str, ...]
    """What its query gives that the target has."""
    digest: str
    """Of its query with the names that the project uses."""
    alters_in_place: bool = False

    @property
    def key(self) -> str:
        return f"view:{self.pipe}"

    def is_same_as(self, other: View) -> bool:
        """Whether both put the same rows into the same data source."""
        return (self.source, self.target, self.digest) == (other.source, other.target, other.digest)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"columns": list(self.columns)}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> View:
        return cls(**{**stored, "columns": tuple(stored["columns"])})


@dataclass(frozen=True, slots=True)
class Names:
    """What a project's names stand for while something is made: `compiling` asks it."""

    project: Project
    database: str
    tables: Mapping[str, str]

    def table(self, name: str) -> str | None:
        source = self.project.source(name)
        found = self.tables.get(source.name if source else name)
        return None if found is None else quoted(self.database, found)

    def qualified(self, table: str) -> str:
        """The full name of a table of the database, whatever it is."""
        return quoted(self.database, table)


def materialized(project: Project) -> list[tuple[Pipe, Node]]:
    """The pipes that are views, with the node that is one, in the order of their names."""
    found = ((pipe, pipe.materialized) for _, pipe in sorted(project.pipes.items()))
    return [(pipe, node) for pipe, node in found if node is not None]


def view_sql(names: Names, pipe: Pipe, node: Node, secrets: Mapping[str, str]) -> str:
    """The query of a view on the tables that these names stand for."""
    return compile_node(names, pipe, node, {}, secrets=secrets, checking=True).sql


def digest_of(project: Project, pipe: Pipe, node: Node, secrets: Mapping[str, str]) -> str:
    """The same for the same query, wherever its tables stand."""
    tables = {name: name for source in project.sources.values() for name in (source.name, f"{source.name}_quarantine")}
    return hashlib.sha256(view_sql(Names(project, _LOGICAL, tables), pipe, node, secrets).encode()).hexdigest()


def in_order(targets: Iterable[str], views: Sequence[View]) -> list[str]:
    """Data sources so that each comes after those that feed it; in a circle, by name."""
    waiting = sorted(set(targets))
    ordered: list[str] = []
    while waiting:
        open_ = set(waiting)
        ready = [
            name
            for name in waiting
            if not any(view.target == name and view.source in open_ and view.source != name for view in views)
        ] or waiting[:1]
        ordered += ready
        waiting = [name for name in waiting if name not in ready]
    return ordered


def circle(views: Sequence[View]) -> list[str]:
    """Data sources that feed each other in a circle, which would never come to rest; empty when there is none."""
    for start in views:
        path, seen = [start.source], {start.source}
        frontier = [start.target]
        while frontier:
            name = frontier.pop()
            if name == start.source:
                return [*path, name]
            if name not in seen:
                seen.add(name)
                path.append(name)
                frontier += [view.target for view in views if view.source == name]
    return []


def components(names: Iterable[str], views: Iterable[View]) -> list[frozenset[str]]:
    """Data sources that views tie together, each group once."""
    group = {name: name for name in names}

    def root(name: str) -> str:
        group.setdefault(name, name)
        while group[name] != name:
            name = group[name]
        return name

    for view in views:
        group[root(view.source)] = root(view.target)
    found: dict[str, set[str]] = {}
    for name in list(group):
        found.setdefault(root(name), set()).add(name)
    return [frozenset(members) for members in found.values()]
