"""The engine's statements say what the files say, as far as the engine can take it."""

from __future__ import annotations

import pytest

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles import ddl
from tradewind.warehouse.datafiles.model import Column, DataSource, Engine, Index, KafkaSource, Place

COLUMNS = (Column("at", "DateTime"), Column("name", "String", is_nullable=True, default="'x'", codec="ZSTD(1)"))


def a_source(*columns: Column, engine: Engine | None = None, **more: object) -> DataSource:
    return DataSource("s", Place("s.datasource"), columns or COLUMNS, engine or Engine(), **more)  # type: ignore[arg-type]  # a test's own words


def test_every_clause_stands_where_the_engine_wants_it() -> None:
    engine = Engine(
        "ReplacingMergeTree",
        sorting_key="at, name",
        partition_key="toYYYYMM(at)",
        primary_key="at",
        sampling_key="at",
        ttl="at + INTERVAL 1 DAY",
        ver="at",
        settings={"index_granularity": "1024"},
    )
    text = ddl.create_table(a_source(engine=engine, indexes=(Index("i", "name", "minmax", 2),)), "`d`.`t`")

    assert text.split("\n", 1)[0] == "CREATE TABLE `d`.`t`"
    assert "`name` Nullable(String) DEFAULT 'x' CODEC(ZSTD(1))" in text
    assert "INDEX `i` name TYPE minmax GRANULARITY 2" in text
    settings = (
        "non_replicated_deduplication_window = 10000",
        "allow_dimensions_outside_sorting_key = 1",
        "index_granularity = 1024",
    )
    wanted = [
        "ENGINE = ReplacingMergeTree(at)",
        "PARTITION BY (toYYYYMM(at))",
        "ORDER BY (at, name)",
        "PRIMARY KEY (at)",
        "SAMPLE BY (at)",
        "TTL at + INTERVAL 1 DAY",
        "SETTINGS " + ", ".join(settings),
    ]
    assert text.split(")\n", 1)[1].splitlines() == wanted


def test_a_build_leaves_ttl_out() -> None:
    source = a_source(engine=Engine(sorting_key="at", ttl="at + INTERVAL 1 DAY"))

    assert "TTL" not in ddl.create_table(source, "t", with_ttl=False)


@pytest.mark.parametrize("key", [None, "", "tuple()", " tuple( ) ", "()"])
def test_no_sorting_key_is_the_empty_tuple(key: str | None) -> None:
    assert "ORDER BY tuple()" in ddl.create_table(a_source(engine=Engine(sorting_key=key)), "t")


def test_a_ttl_on_the_partition_drops_whole_parts() -> None:
    engine = Engine(sorting_key="at", partition_key="toDate(at)", ttl="toDate(at) + INTERVAL 7 DAY")

    assert ddl.table_settings(engine)["ttl_only_drop_parts"] == "1"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("DateTime", "toDateTime(0)"), ("Date", "toDate(0)"), ("DateTime64(3)", "toDateTime(0)"), ("String", "''")],
)
def test_an_empty_text_is_no_moment(kind: str, wanted: str) -> None:
    assert ddl.default_of(Column("at", kind, default="''")) == wanted


@pytest.mark.parametrize(
    "settings",
    [
        {"storage_policy": "'elsewhere'"},
        {"disk": "disk(type = local, path = '/')"},
        {"non_replicated_deduplication_window": "0"},
        {"index_granularity": "1 TTL at"},
    ],
)
def test_settings_that_are_not_a_project_s_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="ENGINE_SETTINGS"):
        ddl.create_table(a_source(engine=Engine(settings=settings)), "t")


def test_a_quarantine_keeps_every_column_as_text_and_has_a_time_of_its_own() -> None:
    source = a_source(Column("insertion_date", "Date"), Column("n", "Int64"))

    assert ddl.quarantine_columns(source) == [
        ("c__error_column", "Array(String)"),
        ("c__error", "Array(String)"),
        ("c__import_id", "Nullable(String)"),
        ("insertion_date", "Nullable(String)"),
        ("n", "Nullable(String)"),
        ("insertion_date_", "DateTime"),
    ]


def test_a_kafka_source_has_the_columns_that_come_with_it() -> None:
    source = a_source(kafka=KafkaSource("c", "t", "g", store_headers=True))

    names = [column.name for column in ddl.stored_columns(source)]

    assert names == ["at", "name", "__value", "__topic", "__partition", "__offset", "__timestamp", "__key", "__headers"]


def test_names_are_quoted_whatever_they_hold() -> None:
    assert ddl.quoted("d", "a`b\\c") == "`d`.`a\\`b\\\\c`"
