"""The engine's statements for what datafiles describe: tables, quarantines and views.

Names of tables come in qualified and quoted (`quoted`); expressions are the project's own text. What a
deploy lets run with full rights has been through `checks` first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.model import Column, DataSource, Engine, Index
from tradewind.warehouse.quoting import identifier

SESSION_SETTINGS: Mapping[str, str | int] = {
    "date_time_input_format": "best_effort",
    "input_format_skip_unknown_fields": 1,
    "joined_subquery_requires_alias": 0,
    "allow_suspicious_types_in_group_by": 1,
    "allow_suspicious_types_in_order_by": 1,
    "allow_suspicious_low_cardinality_types": 1,
    "allow_dynamic_type_in_join_keys": 1,
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_quote_denormals": 0,
}
"""Settings without which real projects do not work. An insert needs them as well: its views run in it."""

DEDUPLICATION_WINDOW = 10_000
"""Blocks whose tokens a table remembers: many more than can be under way when a process dies."""

SUFFIX_OF_QUARANTINE = "_quarantine"
_SETTING = re.compile(r"[a-z][a-z0-9_]*")
_SETTING_VALUE = re.compile(r"-?\d+(\.\d+)?|'[^'\\]*'|true|false")
# These choose where on the machine a table lies, or what a crash may take: the installation's, not a project's.
_OUR_SETTINGS = frozenset(
    "disk storage_policy table_disk non_replicated_deduplication_window fsync_after_insert fsync_part_directory".split()
)
_DATES = re.compile(r"(Date|Date32|DateTime|DateTime64)\b")
_IMPLICIT_OF_KAFKA = (
    Column("__value", "String"),
    Column("__topic", "LowCardinality(String)"),
    Column("__partition", "Int16"),
    Column("__offset", "Int64"),
    Column("__timestamp", "DateTime"),
    Column("__key", "String"),
)
_HEADERS_OF_KAFKA = Column("__headers", "Map(String, String)")
_IMPLICIT_OF_DYNAMODB = Column("_timestamp", "DateTime64(3)")


def quoted(database: str, table: str) -> str:
    """A table's full name."""
    return f"{identifier(database)}.{identifier(table)}"


def stored_columns(source: DataSource) -> tuple[Column, ...]:
    """The columns that the table has: those of SCHEMA and those that come with its kind of connection."""
    implied: list[Column] = []
    if source.kafka is not None:
        implied += [*_IMPLICIT_OF_KAFKA, *([_HEADERS_OF_KAFKA] if source.kafka.store_headers else [])]
    if any(key.lower() in ("import_table_arn", "table_arn") for key in source.imports):
        implied.append(_IMPLICIT_OF_DYNAMODB)
    return source.columns + tuple(column for column in implied if source.column(column.name) is None)


def create_table(source: DataSource, table: str, *, with_ttl: bool = True) -> str:
    """The statement that creates a data source's table. Builds and tests leave TTL out: it would eat fixtures."""
    parts = [column_definition(column) for column in stored_columns(source)]
    parts += [index_definition(index) for index in source.indexes]
    return f"CREATE TABLE {table}\n(\n    " + ",\n    ".join(parts) + f"\n)\n{engine_clauses(source.engine, with_ttl)}"


def quarantine_table(source: DataSource, table: str) -> str:
    """The statement that creates the table of rows that do not fit: each column as text, with what was wrong."""
    lines = ", ".join(f"{identifier(name)} {kind}" for name, kind in quarantine_columns(source))
    return (
        f"CREATE TABLE {table} ({lines}) ENGINE = MergeTree PARTITION BY toYYYYMM({identifier(insertion_date(source))})"
        f" ORDER BY {identifier(insertion_date(source))}"
        f" SETTINGS non_replicated_deduplication_window = {DEDUPLICATION_WINDOW}"
    )


def quarantine_columns(source: DataSource) -> list[tuple[str, str]]:
    """Names and types of a quarantine's columns, in order."""
    return [
        ("c__error_column", "Array(String)"),
        ("c__error", "Array(String)"),
        ("c__import_id", "Nullable(String)"),
        *((column.name, "Nullable(String)") for column in stored_columns(source)),
        (insertion_date(source), "DateTime"),
    ]


def insertion_date(source: DataSource) -> str:
    """The quarantine's own time column: another name where the source has a column of that name."""
    taken = {column.name for column in stored_columns(source)}
    name = "insertion_date"
    while name in taken:
        name += "_"
    return name


def create_view(view: str, target: str, sql: str) -> str:
    """The statement that creates a materialized view. Columns are matched by name."""
    return f"CREATE MATERIALIZED VIEW {view} TO {target} AS\n{sql}"


def column_definition(column: Column) -> str:
    parts = [identifier(column.name), column.full_type]
    default = default_of(column)
    if default is not None:
        parts += ["DEFAULT", default]
    if column.codec:
        parts.append(column.codec if column.codec.upper().startswith("CODEC") else f"CODEC({column.codec})")
    return " ".join(part for part in parts if part)


def default_of(column: Column) -> str | None:
    """The expression after DEFAULT as the engine accepts it: a moment cannot be an empty text."""
    if column.default is not None and column.default.strip() in ("''", '""') and _DATES.match(column.type):
        return f"to{column.type}(0)" if column.type in ("Date", "Date32", "DateTime") else "toDateTime(0)"
    return column.default


def rewritten_defaults(source: DataSource) -> list[Column]:
    """Columns whose DEFAULT is not the file's own text, for a warning."""
    return [column for column in source.columns if default_of(column) != column.default]


def index_definition(index: Index) -> str:
    granularity = f" GRANULARITY {index.granularity}" if index.granularity is not None else ""
    return f"INDEX {identifier(index.name)} {index.expression} TYPE {index.type}{granularity}"


def engine_clauses(engine: Engine, with_ttl: bool = True) -> str:
    """ENGINE and all that follows it."""
    if engine.name == "Null":
        return "ENGINE = Null"
    clauses = [f"ENGINE = {engine.name}({', '.join(engine_arguments(engine))})"]
    if engine.partition_key:
        clauses.append(f"PARTITION BY ({engine.partition_key})")
    clauses.append(f"ORDER BY {key_expression(engine.sorting_key)}")
    if engine.primary_key:
        clauses.append(f"PRIMARY KEY {key_expression(engine.primary_key)}")
    if engine.sampling_key:
        clauses.append(f"SAMPLE BY {key_expression(engine.sampling_key)}")
    if engine.ttl and with_ttl:
        clauses.append(f"TTL {engine.ttl}")
    clauses.append("SETTINGS " + ", ".join(f"{name} = {value}" for name, value in table_settings(engine).items()))
    return "\n".join(clauses)


def engine_arguments(engine: Engine) -> list[str]:
    """What stands in the engine's parentheses."""
    if engine.name == "ReplacingMergeTree":
        return [part for part in (engine.ver, engine.is_deleted if engine.ver else None) if part]
    if engine.name == "SummingMergeTree":
        return [key_expression(engine.columns)] if engine.columns else []
    if engine.name == "CollapsingMergeTree":
        return [engine.sign] if engine.sign else []
    if engine.name == "VersionedCollapsingMergeTree":
        return [part for part in (engine.sign, engine.version) if part]
    return []


def key_expression(key: str | None) -> str:
    """A key as one expression: its parts in parentheses, or the empty tuple."""
    text = (key or "").strip()
    if not text or text.replace(" ", "").lower() in ("tuple()", "()"):
        return "tuple()"
    return text if text.lower().startswith("tuple(") else f"({text})"


def table_settings(engine: Engine) -> dict[str, str]:
    """A table's settings: ours, and those of ENGINE_SETTINGS that are a project's to choose."""
    settings = {
        "non_replicated_deduplication_window": str(DEDUPLICATION_WINDOW),
        "allow_dimensions_outside_sorting_key": "1",
    }
    if engine.ttl and engine.partition_key and _compact(engine.partition_key) in _compact(engine.ttl):
        settings["ttl_only_drop_parts"] = "1"
    for name, value in engine.settings.items():
        if not _SETTING.fullmatch(name) or not _SETTING_VALUE.fullmatch(value.strip()):
            raise InvalidInput(f"ENGINE_SETTINGS holds `{name}={value}`, which is no setting with a plain value.")
        if name in _OUR_SETTINGS:
            raise InvalidInput(f"ENGINE_SETTINGS may not set {name}: it belongs to the installation. Leave it out.")
        settings[name] = value.strip()
    return settings


def expressions(source: DataSource) -> Iterable[tuple[str, str]]:
    """Every expression of a data source with what it is, to be checked before it runs with full rights."""
    for column in source.columns:
        if column.default is not None:
            yield f"DEFAULT of {column.name}", column.default
    for index in source.indexes:
        yield f"INDEX {index.name}", index.expression
    engine = source.engine
    for name, text in (
        ("ENGINE_SORTING_KEY", engine.sorting_key),
        ("ENGINE_PARTITION_KEY", engine.partition_key),
        ("ENGINE_PRIMARY_KEY", engine.primary_key),
        ("ENGINE_SAMPLING_KEY", engine.sampling_key),
        ("ENGINE_TTL", engine.ttl),
    ):
        if text:
            yield name, text


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text)
