"""A platform with a hand-made release on it: two data sources, their quarantines and views, as a deploy makes them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.spine import value
from tradewind.core.settings import IngestSettings
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.model import Column, DataSource, Engine, Node, NodeType, Pipe, Place, Project
from tradewind.warehouse.ingest.service import Ingest
from tradewind.warehouse.workspaces.release import Release

WORKSPACE = "w0rkspace"
DATABASE = "ws_ingest_test"
VIEW_ENGINE = {"name": "SummingMergeTree", "sorting_key": "name"}
_numbers = itertools.count()


def a_column(name: str, type_: str, path: str | None = None, default: str | None = None) -> Column:
    is_nullable = type_.startswith("Nullable(")
    return Column(
        name,
        type_[len("Nullable(") : -1] if is_nullable else type_,
        is_nullable=is_nullable,
        json_path=path,
        default=default,
    )


def a_source(source: str, *columns: Column, **engine: Any) -> DataSource:
    return DataSource(source, Place(f"{source}.datasource"), columns, Engine(**engine), text=f"# {source}\n")


EVENTS = a_source(
    "events",
    a_column("timestamp", "DateTime", "$.timestamp"),
    a_column("event", "LowCardinality(String)", "$.event"),
    a_column("product", "String", "$.product"),
    a_column("quantity", "Int32", "$.quantity", "1"),
    a_column("store", "Nullable(String)", "$.store"),
    sorting_key="event, product, timestamp",
)
VIEWS = {
    "by_product": "SELECT product AS name, count() AS events, sum(quantity) AS quantity FROM {table} GROUP BY name",
    "by_event": "SELECT event AS name, count() AS events, sum(quantity) AS quantity FROM {table} GROUP BY name",
}


@dataclass
class Workspace:
    """A release on a warehouse, and short ways to look at its tables."""

    warehouse: Warehouse
    ingest: Ingest
    release: Release

    def count(self, name: str) -> int:
        return int(value(self.warehouse, f"SELECT count() AS n FROM {self.table(name)}"))

    def rows(self, name: str, what: str = "*") -> list[dict[str, Any]]:
        return self.warehouse.query(f"SELECT {what} FROM {self.table(name)} ORDER BY ALL")

    def table(self, name: str) -> str:
        found = self.release.table(name)
        assert found is not None
        return found

    def views_agree(self, source: str = "events") -> bool:
        """Whether both views count what the base holds."""
        base = self.rows(source, "count() AS events, sum(quantity) AS quantity")
        return all(self.rows(view, "sum(events) AS events, sum(quantity) AS quantity") == base for view in VIEWS)


@contextmanager
def a_workspace(
    folder: Path, engine: Path, *sources: DataSource, views: dict[str, str] | None = None, **settings: Any
) -> Iterator[Workspace]:
    """Tables for the sources, with views on the first of them, and an ingest whose loops are not started."""
    warehouse = Warehouse(f"chdb://{engine}")
    ingest = Ingest(folder, f"chdb://{engine}", warehouse, IngestSettings(**settings))
    try:
        yield Workspace(warehouse, ingest, make_release(warehouse, *(sources or (EVENTS,)), views=views))
    finally:
        ingest.close()
        warehouse.command(f"DROP DATABASE IF EXISTS `{DATABASE}` SYNC")
        warehouse.command(f"DROP DATABASE IF EXISTS `{warehouse.database}` SYNC")
        warehouse.close()


def make_release(
    warehouse: Warehouse,
    *sources: DataSource,
    views: dict[str, str] | None = None,
    workspace_id: str = WORKSPACE,
    database: str = DATABASE,
) -> Release:
    number = next(_numbers)
    command = warehouse.command
    command(f"CREATE DATABASE IF NOT EXISTS `{database}`")
    tables: dict[str, str] = {}
    for source in sources:
        tables[source.name] = f"{source.name}__{number}"
        columns = ", ".join(
            f"`{c.name}` {c.full_type}" + (f" DEFAULT {c.default}" if c.default else "") for c in source.columns
        )
        settings = "SETTINGS non_replicated_deduplication_window = 10000"
        partition = f"PARTITION BY ({source.engine.partition_key})" if source.engine.partition_key else ""
        command(
            f"CREATE TABLE `{database}`.`{tables[source.name]}` ({columns}) ENGINE = MergeTree {partition}"
            f" ORDER BY ({source.engine.sorting_key or 'tuple()'}) {settings}"
        )
        bad = tables[f"{source.name}_quarantine"] = f"{source.name}_quarantine__{number}"
        texts = ", ".join(f"`{c.name}` Nullable(String)" for c in source.columns)
        command(
            f"CREATE TABLE `{database}`.`{bad}` (c__error_column Array(String), c__error Array(String),"
            f" c__import_id Nullable(String), {texts}, insertion_date DateTime) ENGINE = MergeTree"
            f" PARTITION BY toYYYYMM(insertion_date) ORDER BY insertion_date {settings}"
        )
    base = f"`{database}`.`{tables[sources[0].name]}`"
    fed = VIEWS if views is None and sources[0] is EVENTS else views or {}
    for name, sql in fed.items():
        tables[name] = f"{name}__{number}"
        command(
            f"CREATE TABLE `{database}`.`{tables[name]}` (name String, events UInt64, quantity Int64)"
            " ENGINE = SummingMergeTree ORDER BY name SETTINGS non_replicated_deduplication_window = 10000"
        )
        command(
            f"CREATE MATERIALIZED VIEW `{database}`.`{name}_view__{number}` TO `{database}`.`{tables[name]}`"
            f" AS {sql.format(table=base)}"
        )
    pipes = {
        f"{name}_view": Pipe(
            f"{name}_view",
            Place(f"{name}_view.pipe"),
            (
                Node(
                    "only",
                    Place(f"{name}_view.pipe"),
                    sql.format(table=sources[0].name),
                    type=NodeType.MATERIALIZED,
                    datasource=name,
                ),
            ),
        )
        for name, sql in fed.items()
    }
    targets = {
        name: a_source(
            name, a_column("name", "String"), a_column("events", "UInt64"), a_column("quantity", "Int64"), **VIEW_ENGINE
        )
        for name in fed
    }
    project = Project({source.name: source for source in sources} | targets, pipes)
    return Release(workspace_id, "shop", database, number, project, tables)


@pytest.fixture
def workspace(data_dir: Path, chdb_path: Path) -> Iterator[Workspace]:
    with a_workspace(data_dir, chdb_path) as made:
        yield made
