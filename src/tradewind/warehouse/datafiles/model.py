"""What a project of datafiles says, once it is read: data sources, pipes, connections, fixtures and tests.

Nothing here knows the engine: types and expressions are the project's own text, already unquoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands, for people: lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or doubtful in a file: what it is, and what to do about it."""

    level: Level
    place: Place
    message: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.level}: {self.message}" + (f" {self.fix}" if self.fix else "")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a SCHEMA. `type` never contains an outer Nullable: that is `is_nullable`."""

    name: str
    type: str
    is_nullable: bool = False
    json_path: str | None = None
    default: str | None = None
    """The expression after DEFAULT."""
    codec: str | None = None
    """What stands in the parentheses of CODEC(…)."""
    place: Place = field(default=Place(""), compare=False)

    @property
    def full_type(self) -> str:
        return f"Nullable({self.type})" if self.is_nullable else self.type

    @property
    def accepts_null(self) -> bool:
        """Whether NULL can stand in it: LowCardinality(Nullable(…)) and the like are not `is_nullable`."""
        return self.is_nullable or self.type.startswith(("LowCardinality(Nullable(", "Variant(", "Dynamic"))


@dataclass(frozen=True, slots=True)
class Index:
    """A data skipping index."""

    name: str
    expression: str
    type: str
    granularity: int | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """A table engine with its clauses, each as its expression's text."""

    name: str = "MergeTree"
    sorting_key: str | None = None
    partition_key: str | None = None
    primary_key: str | None = None
    sampling_key: str | None = None
    ttl: str | None = None
    ver: str | None = None
    is_deleted: str | None = None
    columns: str | None = None
    sign: str | None = None
    version: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


class Permission(StrEnum):
    READ = "READ"
    APPEND = "APPEND"


@dataclass(frozen=True, slots=True)
class TokenLine:
    """`TOKEN name PERMISSION`: a static token that the file wants, with what it may do here."""

    name: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class KafkaSource:
    """A topic that a data source is fed from."""

    connection: str
    topic: str
    group_id: str
    offset_reset: str = "latest"
    store_raw_value: bool = False
    store_headers: bool = False
    key_format: str | None = None
    value_format: str | None = None


@dataclass(frozen=True, slots=True)
class DataSource:
    name: str
    place: Place
    columns: tuple[Column, ...]
    engine: Engine = Engine()
    description: str = ""
    indexes: tuple[Index, ...] = ()
    tokens: tuple[TokenLine, ...] = ()
    tags: tuple[str, ...] = ()
    forward_query: str | None = None
    skip_backfill: bool = False
    shared_with: tuple[str, ...] = ()
    alias: str | None = None
    """A second name that SQL may use: `name__v3` of a file that says VERSION 3."""
    kafka: KafkaSource | None = None
    imports: Mapping[str, str] = field(default_factory=dict)
    """IMPORT_* and the like: kept, not run."""
    shared_from: str | None = None
    """The workspace that shares it with this one; its name here is `workspace.name`, and it is only read."""
    text: str = field(default="", repr=False)
    """The file as it is."""

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def place_of(self, word: str) -> Place:
        """Where a directive stands in its file."""
        lines = enumerate(self.text.splitlines(), 1)
        found = (number for number, line in lines if line.lstrip().upper().startswith(word))
        return replace(self.place, line=next(found, self.place.line))


class NodeType(StrEnum):
    STANDARD = "standard"
    ENDPOINT = "endpoint"
    MATERIALIZED = "materialized"
    COPY = "copy"
    SINK = "sink"
    STREAM = "stream"


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    place: Place
    sql: str
    """Without the `%` that makes it a template; dedented otherwise."""
    is_template: bool = False
    sql_place: Place = Place("")
    """Where the SQL's first line stands, so that an error inside it can name its line."""
    sql_lines: tuple[int, ...] = field(default=(), repr=False, compare=False)
    """For each line of the SQL the line of the file: blank lines and comments of the file are not in the SQL."""
    description: str = ""
    type: NodeType = NodeType.STANDARD
    tags: Mapping[str, str] = field(default_factory=dict)
    datasource: str | None = None
    """The target of a materialization."""
    alters_in_place: bool = False
    target_datasource: str | None = None
    copy_schedule: str | None = None
    """Five cron fields in UTC, or None: on demand."""
    copy_mode: str = "append"
    """`append` or `replace`."""
    exports: Mapping[str, str] = field(default_factory=dict)
    """EXPORT_* of a sink, keys without the prefix, lower case: `connection_name`, `kafka_topic`, `bucket_uri` …"""
    engine: Engine | None = None
    """Classic only: the engine of a target that no `.datasource` describes."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """`FILTER condition`: which of the rows that a pipe gives are there for whoever reads it."""

    condition: str
    place: Place


@dataclass(frozen=True, slots=True)
class Pipe:
    name: str
    place: Place
    nodes: tuple[Node, ...]
    description: str = ""
    tokens: tuple[TokenLine, ...] = ()
    tags: tuple[str, ...] = ()
    filter: RowFilter | None = None
    alias: str | None = None
    text: str = field(default="", repr=False)

    def filter_of(self, node: Node) -> RowFilter | None:
        """The condition that a node's rows have to meet: of what the pipe gives, not of the steps to it."""
        gives = node.name == self.output.name or node.type is not NodeType.STANDARD
        return self.filter if gives else None

    def node(self, name: str) -> Node | None:
        return next((node for node in self.nodes if node.name == name), None)

    @property
    def output(self) -> Node:
        """The node whose rows the pipe's name stands for: the endpoint if there is one, else the last."""
        return self.endpoint or self.nodes[-1]

    @property
    def endpoint(self) -> Node | None:
        """The node that is served. A pipe without any TYPE that gives somebody READ serves its last node."""
        named = self._of(NodeType.ENDPOINT)
        if named is None and self.tokens and all(node.type is NodeType.STANDARD for node in self.nodes):
            return self.nodes[-1]
        return named

    @property
    def materialized(self) -> Node | None:
        return self._of(NodeType.MATERIALIZED)

    @property
    def copy(self) -> Node | None:
        return self._of(NodeType.COPY)

    @property
    def sink(self) -> Node | None:
        return self._of(NodeType.SINK) or self._of(NodeType.STREAM)

    def _of(self, kind: NodeType) -> Node | None:
        return next((node for node in self.nodes if node.type is kind), None)


@dataclass(frozen=True, slots=True)
class Connection:
    name: str
    place: Place
    type: str
    """kafka, s3, gcs, dynamodb or postgres."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Keys in lower case as written: `kafka_bootstrap_servers` …"""
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One test of an endpoint."""

    pipe: str
    place: Place
    name: str
    parameters: str = ""
    """A query string."""
    expected_result: str = ""
    expected_status: int | None = None
    description: str = ""
    format: str = "ndjson"
    """`csv` of a classic test, whose blank lines do not count."""
    is_written: bool = True
    """False while nobody has said what it expects: it fails until `--update` writes that down."""


@dataclass(frozen=True, slots=True)
class Check:
    """A classic check of data quality: it passes when its query answers with no row.

    With `pipe` and `sql` the query reads the pipe's answer to these parameters; with `pipe` alone that answer is it.
    """

    name: str
    place: Place
    sql: str | None = None
    pipe: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    max_seconds: float | None = None
    max_bytes_read: float | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A whole project. Names are keys; data sources and pipes share one namespace."""

    sources: Mapping[str, DataSource] = field(default_factory=dict)
    pipes: Mapping[str, Pipe] = field(default_factory=dict)
    connections: Mapping[str, Connection] = field(default_factory=dict)
    fixtures: Mapping[str, PurePosixPath] = field(default_factory=dict)
    """By data source: the file in the project that fills it in a build."""
    cases: tuple[Case, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    test_findings: tuple[Finding, ...] = ()
    """What is wrong in files of tests: no reason not to deploy."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    def source(self, name: str) -> DataSource | None:
        """A data source by its name or its alias."""
        return self.sources.get(name) or next((s for s in self.sources.values() if s.alias == name), None)

    def pipe(self, name: str) -> Pipe | None:
        """A pipe by its name or its alias."""
        return self.pipes.get(name) or next((p for p in self.pipes.values() if p.alias == name), None)
