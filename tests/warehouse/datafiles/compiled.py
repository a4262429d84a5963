"""Projects for tests of the compiler, made without files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tradewind.warehouse.datafiles.model import DataSource, Node, NodeType, Pipe, Place, Project

HERE = Place("a.pipe")


def node(name: str, sql: str, kind: NodeType = NodeType.STANDARD) -> Node:
    is_template = sql.startswith("%")
    return Node(name, HERE, sql.removeprefix("%"), is_template=is_template, sql_place=HERE, type=kind)


def pipe(name: str, *, alias: str | None = None, kind: NodeType = NodeType.STANDARD, **nodes: str) -> Pipe:
    """A pipe whose nodes are its keywords; the last one is of the kind."""
    made = [node(key, sql) for key, sql in nodes.items()]
    made[-1] = replace(made[-1], type=kind)
    return Pipe(name, HERE, tuple(made), alias=alias)


@dataclass
class Tables:
    """Names in a database: every source `x` is the table `x__1`, as are quarantines, services and shared sources."""

    project: Project
    database: str = "ws"
    shared: frozenset[str] = frozenset({"other.events"})
    services: Mapping[str, str] = field(default_factory=lambda: {"pipe_stats_rt": "`tb`.`pipe_stats_rt`"})

    def table(self, name: str) -> str | None:
        if name in self.shared:
            return f"`elsewhere`.`{name.partition('.')[2]}__9`"
        source = self.project.source(name)
        base = self.project.source(name.removesuffix("_quarantine"))
        if source is not None:
            return f"`{self.database}`.`{source.name}__1`"
        return f"`{self.database}`.`{base.name}_quarantine__1`" if base is not None else None

    def service(self, name: str) -> str | None:
        return self.services.get(name)


def tables(*pipes: Pipe, sources: tuple[str, ...] = ("events", "items"), database: str = "ws") -> Tables:
    return Tables(
        Project({name: DataSource(name, HERE, ()) for name in sources}, {one.name: one for one in pipes}), database
    )


def flat(sql: str) -> str:
    """SQL on one line."""
    return " ".join(sql.split())
