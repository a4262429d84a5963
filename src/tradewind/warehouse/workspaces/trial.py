"""A project put up without data in a throw-away database: the engine is shown every table, view and query.

Nothing else is touched. What the engine refuses becomes a finding with the file, line and column it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from tradewind.core.errors import InvalidInput, TradewindError
from tradewind.warehouse.client import Connection, QueryFailed, Warehouse
from tradewind.warehouse.datafiles import ddl
from tradewind.warehouse.datafiles.compiler import Query, UnknownResource, where
from tradewind.warehouse.datafiles.compiling import compile_node, compile_sql, trials
from tradewind.warehouse.datafiles.model import (
    Column,
    DataSource,
    Engine,
    Finding,
    Level,
    Node,
    NodeType,
    Pipe,
    Place,
    Project,
    RowFilter,
)
from tradewind.warehouse.datafiles.parameters import template_of
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.workspaces.views import Names, View, circle, digest_of, materialized, view_sql

_LIMITS = {"max_execution_time": 30, "max_memory_usage": 1024**3, "max_threads": 1}
_POSITION = re.compile(r"\(line (\d+), col (\d+)\)")
_NAMED = re.compile(r"[`']([^`']{1,200})[`']")
_MAX_FINDINGS = 200
_MAX_TRIALS = 500
_IS_OF_THE_TEXT = re.compile(
    r"\((SYNTAX_ERROR|UNKNOWN_IDENTIFIER|UNKNOWN_FUNCTION|UNKNOWN_TABLE|NUMBER_OF_ARGUMENTS_DOESNT_MATCH|"
    r"NOT_AN_AGGREGATE|ILLEGAL_AGGREGATION)\)"
)
"""What no other value of a parameter would mend. A value that was only tried may well be of the wrong kind."""


@dataclass(slots=True)
class Tried:
    """What came out: the project with what the engine added to it, its views, and what is wrong."""

    project: Project
    views: list[View] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is Level.ERROR]


def try_out(
    warehouse: Warehouse,
    database: str,
    project: Project,
    secrets: Mapping[str, str],
    shared: Mapping[str, DataSource] | None = None,
) -> Tried:
    """Builds the project in a database of this name, which exists only meanwhile.

    `shared` is what other workspaces let this one read: its SQL is held against their columns.
    """
    with warehouse.connection(ddl.SESSION_SETTINGS) as engine, _database(engine, database):
        trial = _Trial(warehouse, engine, database, project, secrets, shared or {})
        trial.run()
        return Tried(trial.project, trial.views, list(project.findings) + trial.findings[:_MAX_FINDINGS])


@contextmanager
def _database(engine: Connection, name: str) -> Iterator[None]:
    engine.command(f"DROP DATABASE IF EXISTS {identifier(name)} SYNC")
    engine.command(f"CREATE DATABASE {identifier(name)}")
    try:
        yield
    finally:
        engine.command(f"DROP DATABASE IF EXISTS {identifier(name)} SYNC")


class _Trial:
    def __init__(
        self,
        warehouse: Warehouse,
        engine: Connection,
        database: str,
        project: Project,
        secrets: Mapping[str, str],
        shared: Mapping[str, DataSource],
    ) -> None:
        self._warehouse = warehouse
        self._engine = engine
        self._database = database
        self._secrets = secrets
        self._tables: dict[str, str] = {}
        self._trials_left = _MAX_TRIALS
        self._shared = shared
        self.project = project
        self.views: list[View] = []
        self.findings: list[Finding] = []

    def run(self) -> None:
        for source in self.project.sources.values():
            if source.name not in self._shared:
                self._create(source)
        for source in self._shared.values():
            self._engine.command(ddl.create_table(source, self._names.qualified(source.name)))
            self._tables[source.name] = source.name
        with self._warehouse.connection({**ddl.SESSION_SETTINGS, **_LIMITS}) as reader:
            reader.forbid_writing()
            self._derive_targets(reader)
            made = self._create_views(reader)
            for pipe in self.project.pipes.values():
                for node in pipe.nodes:
                    if node.type is not NodeType.MATERIALIZED:
                        self._check_node(reader, pipe, node)
        self._find_triggers(made)

    # --- tables ---

    def _create(self, source: DataSource) -> None:
        for column in ddl.rewritten_defaults(source):
            self._warn(
                _place_of(source, column),
                f"An empty text is no {column.type}: the column {column.name} gets {ddl.default_of(column)} instead.",
            )
        quarantine = source.name + ddl.SUFFIX_OF_QUARANTINE
        try:
            self._check_expressions(source)
            self._engine.command(ddl.create_table(source, self._names.qualified(source.name)))
            self._tables[source.name] = source.name
            self._engine.command(ddl.quarantine_table(source, self._names.qualified(quarantine)))
            self._tables[quarantine] = quarantine
        except TradewindError as refused:
            self._error(_blamed(source, str(refused)), str(refused))

    def _check_expressions(self, source: DataSource) -> None:
        """Expressions of a table run with full rights: they may not read files, settings or other tables."""
        names = Names(Project({source.name: source}), self._database, {source.name: source.name})
        for what, expression in ddl.expressions(source):
            try:
                compile_sql(names, f"SELECT ({expression}\n) FROM {identifier(source.name)}")
            except TradewindError as refused:
                raise InvalidInput(f"{what}: {refused}") from refused

    def _derive_targets(self, reader: Connection) -> None:
        """Classic files describe the engine of a view's target in the pipe: its columns are those of the query."""
        waiting = [
            (pipe, node)
            for pipe, node in materialized(self.project)
            if node.datasource and node.engine is not None and self.project.source(node.datasource) is None
        ]
        while waiting:
            before = len(waiting)
            for pipe, node in list(waiting):
                columns = self._columns_of(reader, pipe, node)
                if columns is not None:
                    waiting.remove((pipe, node))
                    self._add_target(node, columns)
            if len(waiting) == before:
                return  # `_create_views` tells what is wrong with them

    def _columns_of(self, reader: Connection, pipe: Pipe, node: Node) -> list[tuple[str, str]] | None:
        try:
            return _described(reader, self._compiled(pipe, node))
        except TradewindError:
            return None

    def _add_target(self, node: Node, columns: list[tuple[str, str]]) -> None:
        name = node.datasource or ""
        if self.project.source(name) is None:
            source = derived_source(name, node.place, columns, node.engine or Engine())
            self.project = replace(self.project, sources={**self.project.sources, name: source})
            self._create(source)

    # --- views ---

    def _create_views(self, reader: Connection) -> dict[str, View]:
        """Creates every view; returns them by the name under which they stand in the database."""
        made: dict[str, View] = {}
        for number, (pipe, node) in enumerate(materialized(self.project)):
            target = self.project.source(node.datasource or "")
            if target is None:
                self._error(
                    node.place,
                    f"The node {node.name} writes into '{node.datasource}', which is no data source of this project.",
                    f"Add {node.datasource}.datasource, or name another in DATASOURCE.",
                )
                continue
            if target.name not in self._tables:
                continue  # what is wrong with the target is told already
            try:
                query = self._compiled(pipe, node)
                if shared := self._shared_among(query.reads):
                    self._error(
                        node.sql_place,
                        f"The node {node.name} materializes rows of {shared}, which another workspace shares.",
                        "Copy them into a data source of this project with a copy pipe, or read them in an endpoint.",
                    )
                    continue
                given = [name for name, _ in _described(reader, query)]
                sql = view_sql(self._names, pipe, node, self._secrets)
                name = f"view {number}"
                self._engine.command(
                    ddl.create_view(self._names.qualified(name), self._names.qualified(target.name), sql)
                )
                digest = digest_of(self.project, pipe, node, self._secrets)
            except TradewindError as refused:
                self._refused(reader, pipe, node, refused)
                continue
            self._warn_about_columns(target, node, given)
            columns = tuple(column.name for column in ddl.stored_columns(target) if column.name in given)
            made[name] = View(pipe.name, node.name, target.name, "", columns, digest, node.alters_in_place)
        return made

    def _shared_among(self, names: Iterable[str]) -> str | None:
        """The first of these that another workspace shares."""
        for name in sorted(names):
            source = self._names.project.source(name.removesuffix(ddl.SUFFIX_OF_QUARANTINE))
            if source is not None and source.shared_from:
                return source.name
        return None

    def _warn_about_columns(self, target: DataSource, node: Node, given: list[str]) -> None:
        wanted = [column.name for column in ddl.stored_columns(target)]
        unknown = [name for name in given if name not in wanted]
        missing = [column for column in target.columns if column.name not in given and column.default is None]
        if unknown:
            self._warn(
                node.sql_place,
                f"{target.name} has no column {', '.join(unknown)}: what the view computes there is dropped.",
            )
        if missing:
            names = ", ".join(column.name for column in missing)
            self._warn(node.sql_place, f"The view does not give {names} of {target.name}: they stay at their default.")

    def _find_triggers(self, made: Mapping[str, View]) -> None:
        """Completes the views with the table whose inserts they see, which the engine knows."""
        rows = self._engine.query(
            "SELECT name, dependencies_table AS views FROM system.tables"
            " WHERE database = {database:String} AND notEmpty(dependencies_table)",
            {"database": self._database},
        )
        sources = {view: row["name"] for row in rows for view in row["views"]}
        for name, view in made.items():
            pipe = self.project.pipes[view.pipe]
            source = sources.get(name)
            if source is None or source not in self.project.sources:
                self._error(
                    pipe.place,
                    f"The view {view.pipe} reads no data source first, so nothing would ever set it off.",
                    "Begin its FROM with the data source whose new rows it is to see.",
                )
                continue
            self.views.append(replace(view, source=source))
        if ring := circle(self.views):
            place = self.project.pipes[next(view.pipe for view in self.views if view.source == ring[0])].place
            self._error(place, f"These views feed each other in a circle: {' → '.join(ring)}.", "Break it.")

    # --- queries ---

    def _check_node(self, reader: Connection, pipe: Pipe, node: Node) -> None:
        unknown: tuple[str, ...] = ()
        try:
            query = self._compiled(pipe, node)
            unknown = query.unknown
            _described(reader, query)
            if query.result_filter is not None and pipe.filter is not None:
                self._check_filter(reader, pipe, pipe.filter, query)
        except TradewindError as refused:
            if unknown:
                names = ", ".join(unknown)
                self._warn(node.sql_place, f"{pipe.name}, node {node.name}: not checked without a value for {names}.")
            else:
                self._refused(reader, pipe, node, refused)
            return
        self._check_branches(reader, pipe, node)
        target = node.target_datasource
        if node.type is NodeType.COPY and self.project.source(target or "") is None:
            self._error(
                node.place,
                f"The copy {pipe.name} writes into '{target}', which is no data source of this project.",
                f"Add {target}.datasource, or name another in TARGET_DATASOURCE.",
            )

    def _check_filter(self, reader: Connection, pipe: Pipe, found: RowFilter, query: Query) -> None:
        try:
            _described(reader, replace(query, sql=where(query.sql, query.result_filter or "")))
        except TradewindError as refused:
            self._error(found.place, f"FILTER of pipe {pipe.name}: {refused}")

    def _check_branches(self, reader: Connection, pipe: Pipe, node: Node) -> None:
        """Warns of what only a caller's parameters would bring to light: SQL of branches that cannot run."""
        template = template_of(node)
        if template is None:
            return
        self.findings += template.findings
        for trial in trials(self._names, pipe, node, secrets=self._secrets):
            if self._trials_left <= 0:
                return
            self._trials_left -= 1
            wrong = trial.error
            if trial.query is not None:
                try:
                    _described(reader, trial.query)
                except TradewindError as refused:
                    wrong = refused
            if wrong is not None and (isinstance(wrong, UnknownResource) or _IS_OF_THE_TEXT.search(str(wrong))):
                place = _within(pipe, node, str(wrong), None)
                self._warn(place, f"{pipe.name}, node {node.name}: with {trial.about} it cannot run. {wrong}")
                return

    def _refused(self, reader: Connection, pipe: Pipe, node: Node, refused: TradewindError) -> None:
        place = getattr(refused, "place", None)
        if not isinstance(place, Place):
            place = _within(pipe, node, str(refused), None if node.is_template else self._syntax_error(reader, node))
        self._error(place, f"{pipe.name}, node {node.name}: {refused}")

    def _syntax_error(self, reader: Connection, node: Node) -> tuple[int, int] | None:
        """Where the node's own text, before anything is put into it, is no SQL."""
        try:
            reader.query(f"EXPLAIN AST {node.sql}")
        except QueryFailed as refused:
            found = _POSITION.search(str(refused))
            if found:
                line, column = int(found[1]), int(found[2])
                return line, column - (len("EXPLAIN AST ") if line == 1 else 0)
        return None

    def _compiled(self, pipe: Pipe, node: Node) -> Query:
        return compile_node(self._names, pipe, node, {}, secrets=self._secrets, checking=True)

    @property
    def _names(self) -> Names:
        project = replace(self.project, sources={**self.project.sources, **self._shared})
        return Names(project, self._database, self._tables)

    def _error(self, place: Place, message: str, fix: str = "") -> None:
        self.findings.append(Finding(Level.ERROR, place, message, fix))

    def _warn(self, place: Place, message: str) -> None:
        self.findings.append(Finding(Level.WARNING, place, message))


def derived_source(name: str, place: Place, columns: list[tuple[str, str]], engine: Engine) -> DataSource:
    """A data source that no file describes, from the columns of the query that fills it."""
    made = []
    for column, full in columns:
        inner = re.fullmatch(r"Nullable\((.*)\)", full)
        made.append(Column(column, inner[1] if inner else full, inner is not None))
    return DataSource(name, place, tuple(made), engine)


def _described(reader: Connection, query: Query) -> list[tuple[str, str]]:
    rows = reader.query(f"DESCRIBE (\n{query.sql}\n)", query.bound)
    if not rows:
        raise InvalidInput("The query gives no columns.")
    return [(row["name"], row["type"]) for row in rows]


def _place_of(source: DataSource, column: Column) -> Place:
    return column.place if column.place.file else source.place


def _blamed(source: DataSource, message: str) -> Place:
    """The column that the engine's message names, or the file."""
    for name in _NAMED.findall(message):
        column = source.column(name)
        if column is not None:
            return _place_of(source, column)
    return source.place


def _within(pipe: Pipe, node: Node, message: str, position: tuple[int, int] | None) -> Place:
    """Where in its file a node's SQL is wrong, as exactly as the engine's message tells."""
    start = node.sql_place if node.sql_place.file else node.place
    lines = node.sql.splitlines() or [""]
    if position is not None and 1 <= position[0] <= len(lines):
        return _in_file(pipe, node, position[0] - 1, position[1] - 1)
    for name in _NAMED.findall(message):
        word = re.compile(rf"(?<![\w.]){re.escape(name.rpartition('.')[2])}(?!\w)")
        for number, line in enumerate(lines):
            found = word.search(line)
            if found:
                return _in_file(pipe, node, number, found.start())
    return start


def _in_file(pipe: Pipe, node: Node, line: int, column: int) -> Place:
    """The place of a letter of the SQL, both counted from 0, in the file that it was taken from."""
    start = node.sql_place
    number = node.sql_lines[line] if line < len(node.sql_lines) else start.line + line
    lines, text = pipe.text.splitlines(), node.sql.splitlines()[line]
    indent = lines[number - 1].find(text) if text and 0 < number <= len(lines) else 0
    return Place(start.file, number, max(indent, 0) + column + 1)
