"""What stands behind a data source: the views it feeds, directly or through others, and how each is computed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tradewind.warehouse.datafiles import compiling
from tradewind.warehouse.datafiles.model import DataSource, Node, Pipe
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.views import Names, materialized, view_sql


@dataclass(frozen=True, slots=True)
class Feed:
    """A view: what is inserted into `source` goes, through its query, into `target`."""

    pipe: Pipe
    node: Node
    source: str
    target: str


def feeds(release: Release) -> list[Feed]:
    """All views of a release."""
    found: list[Feed] = []
    names = Names(release.project, release.database, release.tables)
    for pipe, node in materialized(release.project):
        source = compiling.trigger_of(names, pipe, node)
        target = release.project.source(node.datasource or "")
        if source is not None and target is not None:
            base = release.project.source(source)
            found.append(Feed(pipe, node, base.name if base else source, target.name))
    return found


def targets_behind(all_feeds: list[Feed], source: str) -> list[str]:
    """The data sources that a source feeds, each after all that it is computed from."""
    reached: set[str] = set()
    waiting = [source]
    while waiting:
        name = waiting.pop()
        for feed in all_feeds:
            if feed.source == name and feed.target not in reached and feed.target != source:
                reached.add(feed.target)
                waiting.append(feed.target)
    ordered: list[str] = []
    while len(ordered) < len(reached):
        ready = sorted(
            name
            for name in reached - set(ordered)
            if all(feed.source not in reached or feed.source in ordered for feed in all_feeds if feed.target == name)
        )
        ordered += ready or sorted(reached - set(ordered))  # in a circle, by name
    return ordered


def query_on(release: Release, feed: Feed, tables: Mapping[str, str]) -> str:
    """A view's query on other tables than the release's: `tables` by data source."""
    names = Names(release.project, release.database, {**release.tables, **tables})
    return view_sql(names, feed.pipe, feed.node, release.secrets)


def partition_of(source: DataSource) -> str:
    """A source's partition key, so that two can be compared."""
    return "".join((source.engine.partition_key or "").split()).lower()
