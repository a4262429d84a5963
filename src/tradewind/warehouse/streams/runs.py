"""One run of a copy or a sink: its query, checked as every query of a project is, and a place for its rows.

A run puts the rows of its query aside first, in a table that keeps them as they are, and hands them on from there.
So a run that fails or is cut off leaves its target alone, and one that is taken up again hands on the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from tradewind.core.errors import InvalidInput
from tradewind.core.settings import JobsSettings
from tradewind.warehouse.client import Connection, Warehouse
from tradewind.warehouse.datafiles.compiler import Query
from tradewind.warehouse.datafiles.compiling import compile_node
from tradewind.warehouse.datafiles.ddl import SESSION_SETTINGS, quoted
from tradewind.warehouse.datafiles.model import Node, Pipe
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.serving.queries import Queries
from tradewind.warehouse.workspaces.release import Release

ASIDE = "aside_"
"""What the names of tables begin with that hold the rows of a run."""

Values = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be run: a node of a pipe as a release has it, with the caller's parameters."""

    release: Release
    pipe: Pipe
    node: Node
    values: Values


class Runner:
    """Runs queries whose rows go somewhere else than to a caller."""

    def __init__(self, warehouse: Warehouse, queries: Queries, settings: JobsSettings) -> None:
        self.warehouse = warehouse
        self._queries = queries
        self._settings = settings

    def query(self, run: Run) -> Query:
        """The compiled query, held against what a project may read and call. Raises for a text that may not run."""
        names = self._queries.names(run.release)
        query = compile_node(names, run.pipe, run.node, run.values, secrets=run.release.secrets)
        self._queries.guard.check(query.sql, query.bound, names.allowed())
        return query

    def set_aside(self, run: Run, job_id: str, like: str | None, *, is_final: bool) -> tuple[str, list[str]]:
        """Runs the query into a table of its own; the table and its columns.

        It is made like a data source's table, or after the query. One that `is_final` can take that table's place;
        the others give their rows back in the order in which they came, each time.
        """
        query = self.query(run)
        aside = self.aside(run.release, job_id)
        with self.connection() as connection:
            connection.command(f"DROP TABLE IF EXISTS {aside} SYNC")
            names = [str(row["name"]) for row in connection.query(f"DESCRIBE TABLE ({query.sql})", query.bound or None)]
            listed = ", ".join(identifier(name) for name in names)
            if like is None:
                connection.command(f"CREATE TABLE {aside} ENGINE = Log AS {query.sql}", query.bound or None)
                return aside, names
            self._check(run, like, names)
            connection.command(f"CREATE TABLE {aside} AS {like}" + ("" if is_final else " ENGINE = Log"))
            connection.command(f"INSERT INTO {aside} ({listed}) {query.sql}", query.bound or None)
        return aside, names

    def aside(self, release: Release, job_id: str) -> str:
        return quoted(release.database, f"{ASIDE}{job_id}")

    def drop_aside(self, release: Release, job_id: str) -> None:
        self.warehouse.command(f"DROP TABLE IF EXISTS {self.aside(release, job_id)} SYNC")

    def drop_others(self, database: str, kept: set[str]) -> int:
        """Drops what runs left behind that nobody takes up again."""
        found = self.warehouse.query(
            "SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, {aside:String})",
            {"database": database, "aside": ASIDE},
        )
        left = [row["name"] for row in found if row["name"].removeprefix(ASIDE) not in kept]
        for name in left:
            self.warehouse.command(f"DROP TABLE IF EXISTS {quoted(database, name)} SYNC")
        return len(left)

    def count(self, table: str) -> int:
        with self.connection() as connection:
            return int(connection.query(f"SELECT count() AS n FROM {table}")[0]["n"])

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection with the limits of a run."""
        limits = {
            "max_execution_time": self._settings.query_seconds,
            "max_memory_usage": self._settings.query_memory_mb * 1024**2,
        }
        with self.warehouse.connection({**SESSION_SETTINGS, **limits}) as connection:
            yield connection

    def _check(self, run: Run, like: str, names: Sequence[str]) -> None:
        has = {str(row["name"]) for row in self.warehouse.query(f"DESCRIBE TABLE {like}")}
        if missing := [name for name in names if name not in has]:
            raise InvalidInput(
                f"{run.pipe.name} gives the column {missing[0]}, which {run.node.target_datasource} does not have."
                f" Its columns are {', '.join(sorted(has))}."
            )


def job_timestamp(values: Values, now: datetime) -> dict[str, str | Sequence[str]]:
    """The values with the moment of the run, unless the caller gave one."""
    return {"job_timestamp": now.strftime("%Y-%m-%d %H:%M:%S"), **values}
