"""Projects put together by hand: releases with real tables, without a deploy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.api.conftest import Api, opened, serving
from tradewind.core.clock import ManualClock
from tradewind.core.errors import NotFound
from tradewind.core.ids import new_id
from tradewind.platform import Platform
from tradewind.warehouse.datafiles.model import Column, DataSource, Node, NodeType, Pipe, Place, Project, TokenLine
from tradewind.warehouse.workspaces.model import Workspace
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Scope

HERE = Place("project")
NOW = datetime.now(UTC).replace(microsecond=0)
"""When these tests happen: what is measured then must not be older than its TTL."""


def a_source(name: str, columns: str, *tokens: TokenLine) -> DataSource:
    """A data source of `name type, name type`."""
    parts = [part.strip().split(" ", 1) for part in columns.split(";")]
    return DataSource(name, HERE, tuple(Column(part[0], part[1]) for part in parts), tokens=tokens)


def a_pipe(name: str, *nodes: tuple[str, str], endpoint: bool = True, tokens: tuple[TokenLine, ...] = ()) -> Pipe:
    """A pipe of (name, SQL); SQL that begins with % is a template. Its last node is served."""
    made = [
        Node(
            node,
            HERE,
            sql.removeprefix("%"),
            is_template=sql.startswith("%"),
            type=NodeType.ENDPOINT if endpoint and at == len(nodes) - 1 else NodeType.STANDARD,
        )
        for at, (node, sql) in enumerate(nodes)
    ]
    return Pipe(name, HERE, tuple(made), tokens=tokens, text=f"NODE {nodes[-1][0]}\nSQL >\n    {nodes[-1][1]}\n")


@dataclass
class HandMade:
    """Releases that a test makes itself."""

    platform: Platform
    releases: dict[str, Release] = field(default_factory=dict)
    staged_ones: dict[str, Release] = field(default_factory=dict)
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def live(self, workspace_id: str) -> Release | None:
        return self.releases.get(workspace_id)

    def workspace_ids(self) -> list[str]:
        return list(self.releases)

    def staged(self, workspace_id: str) -> Release | None:
        return self.staged_ones.get(workspace_id)

    def database_of(self, workspace_id: str) -> tuple[str, str]:
        try:
            return self.homes[workspace_id]
        except KeyError:
            raise NotFound("no such workspace") from None

    def workspace(self, name: str) -> str:
        """A workspace with its database and its tokens; nothing is deployed in it."""
        workspace_id = new_id()
        database = f"ws_{workspace_id}"
        with self.platform.database.write() as tx:
            tx.add(
                Workspace(
                    id=workspace_id, name=name, database=database, created_at=NOW, parent_id=None, live_release=None
                )
            )
            tx.flush()
            self.platform.serving.tokens.ensure_system(tx, workspace_id)
        self.platform.warehouse.command(f"CREATE DATABASE `{database}`")
        self.homes[workspace_id] = (name, database)
        return workspace_id

    def deploy(
        self,
        workspace_id: str,
        sources: tuple[DataSource, ...] = (),
        pipes: tuple[Pipe, ...] = (),
        *,
        secrets: Mapping[str, str] | None = None,
        staged: bool = False,
    ) -> Release:
        """Makes the tables and lets requests see the project."""
        name, database = self.homes[workspace_id]
        project = Project({s.name: s for s in sources}, {p.name: p for p in pipes})
        tables: dict[str, str] = {}
        for source in sources:
            table = f"{source.name}__{new_id()[-12:]}"
            columns = ", ".join(f"`{column.name}` {column.full_type}" for column in source.columns)
            order = source.columns[0].name
            self.platform.warehouse.command(
                f"CREATE TABLE `{database}`.`{table}` ({columns}) ENGINE = MergeTree ORDER BY `{order}`"
            )
            quarantine = ", ".join(f"`{column.name}` Nullable(String)" for column in source.columns)
            self.platform.warehouse.command(
                f"CREATE TABLE `{database}`.`{table}q` (c__error Array(String), {quarantine})"
                " ENGINE = MergeTree ORDER BY tuple()"
            )
            tables |= {source.name: table, f"{source.name}_quarantine": f"{table}q"}
        number = (self.releases[workspace_id].number if workspace_id in self.releases else 0) + 1
        release = Release(workspace_id, name, database, number, project, tables, dict(secrets or {}))
        (self.staged_ones if staged else self.releases)[workspace_id] = release
        with self.platform.database.write() as tx:
            self.platform.serving.tokens.apply_lines(tx, workspace_id, project)
        return release

    def fill(self, workspace_id: str, source: str, values: str) -> None:
        """Rows as VALUES has them."""
        release = self.releases[workspace_id]
        self.platform.warehouse.command(f"INSERT INTO {release.table(source)} VALUES {values}")

    def admin(self, workspace_id: str) -> str:
        return self.platform.serving.tokens.admin_value(workspace_id)

    def token(self, workspace_id: str, *scopes: str, name: str | None = None) -> str:
        parsed = [Scope.parse(scope) for scope in scopes]
        return self.platform.serving.tokens.create(workspace_id, name or new_id(), parsed).value

    def drop(self) -> None:
        for _, database in self.homes.values():
            self.platform.warehouse.command(f"DROP DATABASE IF EXISTS `{database}` SYNC")


@dataclass
class Served:
    """A server with workspaces made by hand."""

    api: Api
    made: HandMade
    clock: ManualClock

    def get(self, path: str, token: str | None = None, **parameters: object) -> object:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.api.client.get(path, params=parameters, headers=headers)  # type: ignore[arg-type]


@contextmanager
def hand_made(data_dir: Path, engine: Path, **areas: object) -> Iterator[tuple[Api, HandMade]]:
    clock = ManualClock(NOW)
    with opened(data_dir, engine, clock) as platform:
        made = HandMade(platform)
        platform.serving.releases = made
        with serving(platform, clock) as api:
            try:
                yield api, made
            finally:
                made.drop()


__all__ = ["HERE", "HandMade", "a_pipe", "a_source", "hand_made"]
