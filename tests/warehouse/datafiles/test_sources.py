"""The directives of a data source (4.1 of the format)."""

from __future__ import annotations

import pytest

from tests.warehouse.datafiles.written import SCHEMA, read, source, told
from tradewind.warehouse.datafiles.model import Engine, KafkaSource, Permission, TokenLine


def engine(text: str) -> tuple[Engine, list[str]]:
    found, findings = source(SCHEMA + text)
    return found.engine, findings


def test_tokens_may_have_names_with_blanks() -> None:
    found, findings = source('TOKEN "my token" append\nTOKEN other READ\nTOKEN other READ\n' + SCHEMA)
    assert findings == []
    assert found.tokens == (TokenLine("my token", Permission.APPEND), TokenLine("other", Permission.READ))


def test_the_classic_permission_to_create_is_one_to_append() -> None:
    found, findings = source("TOKEN a CREATE\n" + SCHEMA)
    assert findings == ["1:1: warning: TOKEN … CREATE is of the classic dialect; it is taken as APPEND."]
    assert found.tokens == (TokenLine("a", Permission.APPEND),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("TOKEN a", "TOKEN needs a name and what it may do."),
        ("TOKEN", "TOKEN needs a name and what it may do."),
        ("TOKEN a READ APPEND", "TOKEN needs a name and what it may do."),
        ("TOKEN my token READ", "TOKEN needs a name and what it may do."),
        ("TOKEN a WRITE", "A token cannot be given WRITE by a data source."),
    ],
)
def test_a_token_has_a_name_and_a_permission(line: str, message: str) -> None:
    _, findings = source(f"{line}\n{SCHEMA}")
    assert findings == [f"1:1: error: {message}"]


def test_no_engine_is_a_merge_tree() -> None:
    assert engine("") == (Engine("MergeTree"), [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ENGINE MergeTree", "MergeTree"),
        ('ENGINE "mergetree"', "MergeTree"),
        ("ENGINE AggregatingMergeTree", "AggregatingMergeTree"),
        ("ENGINE SummingMergeTree", "SummingMergeTree"),
        ("ENGINE Null", "Null"),
        ("ENGINE ''", "MergeTree"),
        ("ENGINE ReplacingMergeTree\nENGINE_SORTING_KEY id", "ReplacingMergeTree"),
        ("ENGINE CollapsingMergeTree\nENGINE_SIGN n\nENGINE_SORTING_KEY id", "CollapsingMergeTree"),
        (
            "ENGINE VersionedCollapsingMergeTree\nENGINE_SIGN n\nENGINE_VERSION at\nENGINE_SORTING_KEY id",
            "VersionedCollapsingMergeTree",
        ),
    ],
)
def test_engines_are_known_by_name_in_any_case(text: str, name: str) -> None:
    found, findings = engine(text)
    assert findings == []
    assert found.name == name


def test_all_parts_of_an_engine_are_read() -> None:
    found, findings = engine(
        'ENGINE "ReplacingMergeTree"\nENGINE_PARTITION_KEY "toYYYYMM(at)"\nENGINE_SORTING_KEY "id"\n'
        "ENGINE_PRIMARY_KEY id\nENGINE_SAMPLING_KEY ''\nENGINE_TTL \"at + toIntervalDay(90)\"\nENGINE_VER at\n"
        "ENGINE_IS_DELETED n\nENGINE_SETTINGS \"index_granularity=8192, a_b = 'x, y'\"\n"
    )
    assert findings == []
    assert found == Engine(
        "ReplacingMergeTree",
        sorting_key="id",
        partition_key="toYYYYMM(at)",
        primary_key="id",
        ttl="at + toIntervalDay(90)",
        ver="at",
        is_deleted="n",
        settings={"index_granularity": "8192", "a_b": "'x, y'"},
    )


def test_spellings_without_a_prefix_are_accepted() -> None:
    found, findings = engine("PARTITION_KEY at\nSORTING_KEY id, at\nPRIMARY_KEY id\nSAMPLING_KEY id\nTTL at\n")
    assert findings == []
    assert found == Engine(sorting_key="id, at", partition_key="at", primary_key="id", sampling_key="id", ttl="at")


def test_columns_to_sum_and_signs() -> None:
    assert engine("ENGINE SummingMergeTree\nENGINE_COLUMNS n\n")[0].columns == "n"
    found, _ = engine("ENGINE VersionedCollapsingMergeTree\nENGINE_SIGN n\nENGINE_VERSION at\nENGINE_SORTING_KEY id\n")
    assert (found.sign, found.version) == ("n", "at")


@pytest.mark.parametrize("word", ["PARTITION_KEY", "PRIMARY_KEY", "SAMPLING_KEY", "TTL", "SORTING_KEY"])
def test_an_empty_part_of_an_engine_is_none(word: str) -> None:
    assert engine(f'ENGINE_{word} ""\n') == (Engine(), [])
    assert engine(f"ENGINE_{word}\n") == (Engine(), [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENGINE Log", "5:8: error: There is no engine Log."),
        ("ENGINE ReplacingMergeTree(at)", "5:8: error: There is no engine ReplacingMergeTree(at)."),
        (
            "ENGINE ReplacingMergeTree",
            "5:8: error: ReplacingMergeTree needs a sorting key: rows with the same key are the same thing to it.",
        ),
        (
            "ENGINE CollapsingMergeTree\nENGINE_SIGN n\nENGINE_SORTING_KEY tuple()",
            "7:20: error: CollapsingMergeTree needs a sorting key: rows with the same key are the same thing to it.",
        ),
        ("ENGINE CollapsingMergeTree\nENGINE_SORTING_KEY id", "5:8: error: CollapsingMergeTree needs ENGINE_SIGN."),
        (
            "ENGINE ReplacingMergeTree\nENGINE_SORTING_KEY id\nENGINE_IS_DELETED n",
            "7:1: error: ENGINE_IS_DELETED needs ENGINE_VER.",
        ),
        (
            "ENGINE ReplacingMergeTree\nENGINE_SORTING_KEY id, at\nENGINE_VER at",
            "6:20: error: Column at tells versions apart (ENGINE_VER), so it cannot be in the sorting key.",
        ),
        ("ENGINE_SORTING_KEY uniq(id)", "5:20: error: uniq() sums up many rows, so it cannot be in the sorting key."),
        ("ENGINE_SORTING_KEY idd", "5:20: error: There is no column idd, which ENGINE_SORTING_KEY names."),
        ("ENGINE_PARTITION_KEY day", "5:22: error: There is no column day, which ENGINE_PARTITION_KEY names."),
        ("ENGINE_SETTINGS index_granularity", "5:17: error: `index_granularity` is no setting."),
        ("ENGINE_VER at", "5:1: warning: MergeTree has no ENGINE_VER; it is ignored."),
        ("BACKFILL all", "5:10: error: BACKFILL cannot be all."),
        ("SHARED_WITH >\n", "5:1: error: SHARED_WITH names no workspace."),
        ("VERSION two", "5:1: error: VERSION needs a whole number."),
        ("SOURCE x", "5:1: warning: SOURCE is no longer used and ignored."),
    ],
)
def test_what_is_wrong_is_found_at_its_place(text: str, expected: str) -> None:
    assert engine(text + "\n")[1] == [expected]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("a", "Column a can be NULL, so it cannot be in the sorting key."),
        ("b, `a`", "Column a can be NULL, so it cannot be in the sorting key."),
        ("tuple(a)", "Column a can be NULL, so it cannot be in the sorting key."),
        ("c", "Column c can be NULL, so it cannot be in the sorting key."),
        ("b, s", "Column s holds the state of an aggregate, so it cannot be in the sorting key."),
    ],
)
def test_a_sorting_key_has_values_that_can_be_sorted(key: str, message: str) -> None:
    schema = (
        "SCHEMA >\n    a Nullable(String),\n    b String,\n    c LowCardinality(Nullable(String)),\n"
        "    s AggregateFunction(uniq, String)\n"
    )
    _, findings = source(f"{schema}ENGINE_SORTING_KEY {key}\n")
    assert findings == [f"6:20: error: {message}"]


def test_a_nullable_column_may_be_in_the_sorting_key_by_a_setting_or_inside_a_function() -> None:
    schema = "SCHEMA >\n    a Nullable(String)\n"
    assert source(schema + "ENGINE_SORTING_KEY a\nENGINE_SETTINGS allow_nullable_key=1\n")[1] == []
    assert source(schema + "ENGINE_SORTING_KEY coalesce(a, '')\n")[1] == []


def test_a_wrong_schema_does_not_bring_wrong_keys_with_it() -> None:
    _, findings = source("SCHEMA >\n    a Strin\nENGINE_SORTING_KEY a\n")
    assert findings == ["2:7: error: Column a: There is no type Strin."]


def test_a_forward_query_is_a_select_without_from() -> None:
    found, findings = source(SCHEMA + "FORWARD_QUERY >\n    SELECT id, extract(id FROM 1) AS at,\n      n + 1 AS n;\n")
    assert findings == []
    assert found.forward_query == "SELECT id, extract(id FROM 1) AS at,\n  n + 1 AS n"
    _, findings = source(SCHEMA + "FORWARD_QUERY >\n    SELECT id\n    FROM events\n")
    assert findings == ["5:1: error: FORWARD_QUERY has a FROM; it always reads the table as it was before."]
    _, findings = source(SCHEMA + "FORWARD_QUERY >\n    id, at\n")
    assert findings == ["5:1: error: FORWARD_QUERY is not a SELECT."]


def test_smaller_directives() -> None:
    found, findings = source(
        "DESCRIPTION >\n    Two\n      lines\n"
        + SCHEMA
        + "BACKFILL skip\nSHARED_WITH >\n    one,\n    two\n    'three'\nTAGS \"a, b\"\n"
    )
    assert findings == []
    assert found.description == "Two\n  lines"
    assert found.skip_backfill
    assert found.shared_with == ("one", "two", "three")
    assert found.tags == ("a", "b")
    assert found.text.startswith("DESCRIPTION >")


def test_a_version_makes_a_second_name() -> None:
    files = {"events.datasource": "VERSION 3\n" + SCHEMA}
    project = read(files)
    assert told(project) == [
        "events.datasource:1:1: warning: VERSION is of the classic dialect: both events and events__v3 name this."
    ]
    assert project.source("events__v3") is project.source("events") is project.sources["events"]
    forward = read(files, compat="forward")
    assert told(forward) == ["events.datasource:1:1: warning: VERSION is of the classic dialect and ignored."]
    assert forward.source("events__v3") is None


def test_a_version_in_the_name_of_the_file_is_just_a_name() -> None:
    project = read({"events__v1.datasource": SCHEMA})
    assert told(project) == []
    assert list(project.sources) == ["events__v1"]
    assert project.source("events") is None


KAFKA = "KAFKA_CONNECTION_NAME broker\nKAFKA_TOPIC sales\nKAFKA_GROUP_ID mine\n"
BROKER = {"broker.connection": "TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS localhost:9092\n"}


def test_a_topic_feeds_a_data_source() -> None:
    text = SCHEMA + KAFKA + "KAFKA_AUTO_OFFSET_RESET earliest\nKAFKA_STORE_RAW_VALUE True\nKAFKA_KEY_FORMAT avro\n"
    project = read({"events.datasource": text, **BROKER})
    assert told(project) == []
    assert project.sources["events"].kafka == KafkaSource("broker", "sales", "mine", "earliest", True, False, "avro")


def test_a_topic_adds_its_columns() -> None:
    text = "SCHEMA >\n    `id` String,\n    `__offset` UInt64\n" + KAFKA
    added = [column.name for column in read({"events.datasource": text, **BROKER}).sources["events"].columns]
    assert added == ["id", "__offset", "__value", "__topic", "__partition", "__timestamp", "__key"]
    with_headers = read({"events.datasource": text + "KAFKA_STORE_HEADERS True\n", **BROKER}).sources["events"]
    assert with_headers.columns[-1].name == "__headers"
    assert "ENGINE_PARTITION_KEY" not in told(
        read({"events.datasource": text + "ENGINE_SORTING_KEY __topic\n", **BROKER})
    )


@pytest.mark.parametrize("missing", ["KAFKA_CONNECTION_NAME", "KAFKA_TOPIC", "KAFKA_GROUP_ID"])
def test_a_topic_needs_its_three_directives(missing: str) -> None:
    kept = "".join(line + "\n" for line in KAFKA.splitlines() if not line.startswith(missing))
    assert f"error: A Kafka data source needs {missing}." in source(SCHEMA + kept)[1][0]
    blank = source(SCHEMA + kept + f"{missing} '  '\n")[1]
    assert blank == [f"7:1: error: A Kafka data source needs {missing}."]


@pytest.mark.parametrize(
    "word", ["KAFKA_TARGET_PARTITIONS", "KAFKA_KEY_AVRO_DESERIALIZATION", "KAFKA_STORE_BINARY_HEADERS"]
)
def test_directives_that_are_gone_warn(word: str) -> None:
    project = read({"events.datasource": SCHEMA + KAFKA + f"{word} ''\n", **BROKER})
    assert told(project) == [f"events.datasource:8:1: warning: {word} is not used and ignored."]


def test_a_connection_that_is_not_in_the_project_warns() -> None:
    _, findings = source(SCHEMA + KAFKA)
    assert findings == [
        "1:1: warning: There is no connection broker in this project: this is kept, but nothing flows through it."
    ]


def test_a_connection_of_another_type_is_an_error() -> None:
    project = read({"events.datasource": SCHEMA + KAFKA, "broker.connection": "TYPE s3\n"})
    assert [finding.message for finding in project.errors] == [
        "Connection broker is of type s3, where kafka is needed."
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "IMPORT_CONNECTION_NAME c\nIMPORT_BUCKET_URI s3://b/*.csv\nIMPORT_SCHEDULE @auto\nIMPORT_FORMAT CSV\n",
        "IMPORT_CONNECTION_NAME c\nIMPORT_TABLE_ARN arn:x\nIMPORT_EXPORT_BUCKET b\n",
        "PG_CONNECTION_NAME c\nPG_TABLE t\n",
        "IMPORT_SERVICE snowflake\nIMPORT_CONNECTION_NAME c\nIMPORT_EXTERNAL_DATASOURCE d\nIMPORT_STRATEGY REPLACE\n",
        "IMPORT_SERVICE bigquery\nIMPORT_SCHEDULE 0 7 * * *\nIMPORT_QUERY 'SELECT 1'\n",
        "EXPORT_SERVICE s3\n",
    ],
)
def test_imports_are_kept_and_warn(lines: str) -> None:
    found, findings = source(SCHEMA + lines)
    word = lines.split(maxsplit=1)[0]
    assert len(findings) == 1
    assert f"warning: {word} and what goes with it are kept, but nothing is imported" in findings[0]
    assert len(found.imports) == lines.count("\n")
    assert found.imports.get("import_format", "csv") == "csv"


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ("IMPORT_CONNECTION_NAME c\nIMPORT_BUCKET_URI u\n", "IMPORT_SCHEDULE"),
        ("IMPORT_CONNECTION_NAME c\nIMPORT_SCHEDULE @once\n", "IMPORT_BUCKET_URI"),
        ("IMPORT_BUCKET_URI u\nIMPORT_SCHEDULE @once\n", "IMPORT_CONNECTION_NAME"),
        ("IMPORT_CONNECTION_NAME c\nIMPORT_TABLE_ARN a\n", "IMPORT_EXPORT_BUCKET"),
        ("PG_TABLE t\n", "PG_CONNECTION_NAME"),
        ("PG_CONNECTION_NAME c\n", "PG_TABLE"),
    ],
)
def test_directives_of_an_import_belong_together(lines: str, missing: str) -> None:
    _, findings = source(SCHEMA + lines)
    assert any(finding.endswith(f"needs {missing} beside it.") and ": error: " in finding for finding in findings)


def test_a_wrong_schedule_of_an_import_is_found() -> None:
    _, findings = source(SCHEMA + "IMPORT_CONNECTION_NAME c\nIMPORT_BUCKET_URI u\nIMPORT_SCHEDULE @never\n")
    assert "7:17: error: There is no schedule @never." in findings


def test_a_table_of_dynamodb_has_its_time() -> None:
    text = "SCHEMA >\n    id String\nENGINE_PARTITION_KEY toYYYYMM(_timestamp)\nENGINE_SORTING_KEY _timestamp\n"
    found, findings = source(text + "IMPORT_CONNECTION_NAME c\nIMPORT_TABLE_ARN a\nIMPORT_EXPORT_BUCKET b\n")
    assert [finding for finding in findings if "error" in finding] == []
    assert [column.name for column in found.columns] == ["id", "_timestamp"]
