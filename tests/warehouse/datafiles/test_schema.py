"""What stands below SCHEMA and INDEXES (4.2 and 4.3 of the format)."""

from __future__ import annotations

import pytest

from tests.warehouse.datafiles.written import read, source, told
from tradewind.warehouse.datafiles.json_paths import BadPath, parse
from tradewind.warehouse.datafiles.model import Column, Index
from tradewind.warehouse.ingest.paths import ABSENT, parse_path


def columns(schema: str) -> tuple[list[Column], list[str]]:
    found, findings = source(f"SCHEMA >\n{schema}\n")
    return list(found.columns), findings


def column(text: str) -> Column:
    found, findings = columns("    " + text)
    assert findings == []
    (only,) = found
    return only


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`a` String", Column("a", "String")),
        ("a String", Column("a", "String")),
        ("a String,", Column("a", "String")),
        ("a.b_c*<d>+e-f'g String", Column("a.b_c*<d>+e-f'g", "String")),
        ("`a-b/c` String", Column("a-b/c", "String")),
        (
            "a Array(Tuple(x String, y DateTime('UTC, or so')))",
            Column("a", "Array(Tuple(x String, y DateTime('UTC, or so')))"),
        ),
        ("a Map(String,  Array(Int8))", Column("a", "Map(String, Array(Int8))")),
        ("a Nullable(Decimal(10, 2))", Column("a", "Decimal(10, 2)", is_nullable=True)),
        ("a LowCardinality(Nullable(String))", Column("a", "LowCardinality(Nullable(String))")),
        ("a Enum8('x' = 1, 'y,z' = 2)", Column("a", "Enum8('x' = 1, 'y,z' = 2)")),
        (
            "a AggregateFunction(argMax, String, DateTime64(3))",
            Column("a", "AggregateFunction(argMax, String, DateTime64(3))"),
        ),
        (
            "a AggregateFunction(quantiles(0.5, 0.9), Float32)",
            Column("a", "AggregateFunction(quantiles(0.5, 0.9), Float32)"),
        ),
        ("a SimpleAggregateFunction(sum, Int64)", Column("a", "SimpleAggregateFunction(sum, Int64)")),
        ("a Nested(k String, v Nullable(Int8))", Column("a", "Nested(k String, v Nullable(Int8))")),
        ("a String DEFAULT ''", Column("a", "String", default="''")),
        ("a String default 'x, `y` -- z'", Column("a", "String", default="'x, `y` -- z'")),
        ("a DEFAULT now()", Column("a", "", default="now()")),
        ("a String CODEC(ZSTD(1))", Column("a", "String", codec="ZSTD(1)")),
        ("a Int64 CODEC(Delta(8), LZ4)", Column("a", "Int64", codec="Delta(8), LZ4")),
        ("a String DEFAULT 'b' CODEC(ZSTD)", Column("a", "String", default="'b'", codec="ZSTD")),
        ("a String `json:$.a`", Column("a", "String", json_path="$.a")),
        ("a String `json:$.a` DEFAULT 'b'", Column("a", "String", json_path="$.a", default="'b'")),
        ("a String DEFAULT 'b' `json:$.a`", Column("a", "String", json_path="$.a", default="'b'")),
        (
            "a String DEFAULT 'b' `json:$.a` CODEC(LZ4)",
            Column("a", "String", json_path="$.a", default="'b'", codec="LZ4"),
        ),
        ("a String `json:$.a--b`", Column("a", "String", json_path="$.a--b")),
        ("a Nullable(String) DEFAULT NULL", Column("a", "String", is_nullable=True)),
        ("a UInt8 DEFAULT NOT 1", Column("a", "UInt8", default="NOT 1")),
        ("a UInt8 DEFAULT if(b IS NULL, 1, 2)", Column("a", "UInt8", default="if(b IS NULL, 1, 2)")),
    ],
)
def test_a_column_is_read(text: str, expected: Column) -> None:
    assert column(text) == expected


def test_newlines_and_comments_are_free() -> None:
    found, findings = columns(
        "    `a`\n  String, -- the first, with a `tick\n -- not `b` Int8,\n\n"
        "  c  Array(\n  Int8 -- inside\n ) , d Date,"
    )
    assert findings == []
    assert [(one.name, one.full_type) for one in found] == [("a", "String"), ("c", "Array( Int8 )"), ("d", "Date")]


def test_a_column_knows_its_place_and_whether_it_takes_null() -> None:
    found, _ = columns("    `a` Nullable(String), `b` LowCardinality(Nullable(String)),\n  c String")
    assert [str(one.place) for one in found] == [
        "events.datasource:2:5",
        "events.datasource:2:27",
        "events.datasource:3:3",
    ]
    assert [one.accepts_null for one in found] == [True, True, False]
    assert found[0].full_type == "Nullable(String)"


def test_an_empty_text_is_no_time_and_is_replaced() -> None:
    found, findings = columns("    a DateTime DEFAULT ''")
    assert found[0].default == "toDateTime(0)"
    assert findings == ["2:24: warning: Column a: '' is no time; toDateTime(0) is taken."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INDEX String", "2:1: error: A column cannot be called INDEX."),
        ("a Boolean", "2:3: error: Column a: There is no type Boolean."),
        ("a DateTime64", "2:3: error: Column a: DateTime64 needs its precision."),
        ("a Array(DateTime64)", "2:3: error: Column a: DateTime64 needs its precision."),
        ("a Int", "2:3: error: Column a: There is no type Int."),
        ("a UInt", "2:3: error: Column a: There is no type UInt."),
        ("a Strin", "2:3: error: Column a: There is no type Strin."),
        ("a Array", "2:3: error: Column a: Array needs the types it is made of."),
        ("a Tuple(x Strin, y Int8)", "2:3: error: Column a: There is no type Strin."),
        ("a String NULL", "2:10: error: NULL cannot stand behind a column's type."),
        ("a String NOT NULL", "2:10: error: NOT cannot stand behind a column's type."),
        ("a String MATERIALIZED b", "2:10: error: MATERIALIZED cannot stand behind a column's type."),
        ("a String ALIAS b", "2:10: error: ALIAS cannot stand behind a column's type."),
        ("a DateTime TTL a + INTERVAL 1 DAY", "2:12: error: TTL cannot stand behind a column's type."),
        ("a DateTime DEFAULT now() TTL a", "2:26: error: TTL cannot stand behind a column's type."),
        ("a String 'b", "2:10: error: This quotation is never closed."),
        ("a Array(String", "2:8: error: This parenthesis is never closed."),
        ("a String)", "2:9: error: This `)` closes nothing."),
        ("`a String", "2:1: error: The backtick of this name is never closed."),
        ("a String `json:$.a", "2:10: error: This quotation is never closed."),
        ("`a b` String", "2:1: error: A column's name holds no blanks."),
        ("a String DEFAULT", "2:17: error: DEFAULT has no value."),
        ("a String DEFAULT `json:$.a`", "2:17: error: DEFAULT has no value."),
        ("a String CODEC", "2:15: error: CODEC has no value."),
        ("a String CODEC(LZ4) DEFAULT ''", "2:21: error: DEFAULT cannot stand behind CODEC."),
        ("a String DEFAULT 1 DEFAULT 2", "2:20: error: DEFAULT is said twice."),
        ("a", "2:1: error: Column a has no type."),
        ("a,", "2:1: error: Column a has no type."),
        ("a `json:$.a`", "2:1: error: Column a has no type."),
        (", a String", "2:1: error: A column is missing here."),
        ("a String, , b String", "2:11: error: A column is missing here."),
        ("a String `b` String", "2:10: error: A comma is missing before this column."),
        ("a String, `json:$.a`", "2:11: error: A path stands where a column's name is expected."),
        ("a String b Int8", "2:3: error: Column a: `String b Int8` is no type."),
        ("a String `json:$.a` `json:$.b`", "2:21: error: A column has one JSON path."),
        ("a String `json:$.a b`", "2:16: error: Column a: a JSON path holds no blanks."),
        ("a String `json:a`", "2:16: error: Column a: a path begins with `$`."),
        ("a String `json:$.a..b`", "2:19: error: Column a: expected `.name`, `['name']` or `[:]` here."),
        ("a String, a Int8", "2:11: error: There are two columns a."),
    ],
)
def test_a_wrong_column_is_found_at_its_place(text: str, expected: str) -> None:
    _, findings = columns(text)
    assert findings == [expected]


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("Boolean", "Write Bool, or UInt8 for 0 and 1."),
        ("DateTime64", "Write DateTime64(3) for milliseconds."),
        ("Int", "Say how wide it is: Int32 or Int64."),
        ("Strin", "Did you mean String?"),
        ("Str1ng(3)", "Did you mean String?"),
        ("Elephant", "Write a ClickHouse type, such as String."),
    ],
)
def test_a_wrong_type_comes_with_a_better_one(written: str, fix: str) -> None:
    (finding,) = read({"events.datasource": f"SCHEMA >\n    a {written}\n"}).errors
    assert finding.fix == fix


def test_one_wrong_column_does_not_hide_another() -> None:
    found, findings = columns("    a Strin,\n    b String,\n    c Int,\n    d Array(String,\n    e Date")
    assert [one.name for one in found] == ["b", "e"]
    assert [finding.split(":")[0] for finding in findings] == ["2", "4", "5"]


def test_a_data_source_needs_a_schema_with_columns() -> None:
    assert told(read({"a.datasource": "DESCRIPTION x\n"})) == ["a.datasource:1:1: error: A data source needs a SCHEMA."]
    assert told(read({"a.datasource": "SCHEMA >\n\n  # no\n"})) == [
        "a.datasource:1:1: error: This SCHEMA has no columns."
    ]
    assert told(read({"a.datasource": "SCHEMA\n"})) == ["a.datasource:1:1: error: This SCHEMA has no columns."]


DOCUMENT = {
    "a": {"b": 1, "n": None},
    "a b": "blank",
    "a-b": "dash",
    "list": [1, 2],
    "things": [{"x": 1}, {"y": 2}, 3],
    "deep": [{"in": [{"x": 1}, {"x": 2}]}, {"in": []}],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DOCUMENT),
        ("$.a", {"b": 1, "n": None}),
        ("$.a.b", 1),
        ("$.a.n", None),
        ("$['a b']", "blank"),
        ('$["a b"]', "blank"),
        ("$.['a b']", "blank"),
        ("$.a-b", "dash"),
        ("$.list[:]", [1, 2]),
        ("$.list", [1, 2]),
        ("$.list[1]", 2),
        ("$.list[2]", ABSENT),
        ("$.things[:].x", [1, None, None]),
        ("$.deep[:].in[:].x", [[1, 2], []]),
        ("$.none", ABSENT),
        ("$.a.none.b", ABSENT),
        ("$.a[:]", {"b": 1, "n": None}),
        ("$.a.b.c", ABSENT),
    ],
)
def test_a_path_leads_into_a_document(path: str, value: object) -> None:
    assert parse_path(path).of(DOCUMENT) == value


@pytest.mark.parametrize("path", ["$", "$.a", "$.a.b", "$['a b']", "$.a-b", "$.list[:]", "$.a[0].b", '$["it\'s"]'])
def test_a_path_is_written_as_it_was_read(path: str) -> None:
    assert str(parse(path)) == path


def test_a_path_says_what_it_is() -> None:
    assert parse("$").is_whole_document
    assert parse("$.a").plain_name == "a"
    assert parse("$['a b']").plain_name == "a b"
    assert parse("$.a.b").plain_name is None


@pytest.mark.parametrize(("path", "offset"), [("", 0), ("a", 0), ("$a", 1), ("$.", 1), ("$.a[", 3), ("$.a['b", 3)])
def test_a_wrong_path_says_where_it_is_wrong(path: str, offset: int) -> None:
    with pytest.raises(BadPath) as raised:
        parse(path)
    assert raised.value.offset == offset


def test_a_path_has_an_end() -> None:
    with pytest.raises(BadPath, match="at most 32 steps"):
        parse("$" + ".a" * 33)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("by_a a TYPE minmax", Index("by_a", "a", "minmax", None)),
        ("INDEX by_a a TYPE set(100) GRANULARITY 4,", Index("by_a", "a", "set(100)", 4)),
        ("by_a lower(a) type bloom_filter(0.01) granularity 1", Index("by_a", "lower(a)", "bloom_filter(0.01)", 1)),
        (
            "`by_a` (a, b) TYPE ngrambf_v1(3, 256, 2, 0) GRANULARITY 2",
            Index("by_a", "(a, b)", "ngrambf_v1(3, 256, 2, 0)", 2),
        ),
    ],
)
def test_an_index_is_read(line: str, expected: Index) -> None:
    for word in ("INDEXES", "INDICES"):
        found, findings = source(f"SCHEMA >\n    a String\n{word} >\n    {line}\n")
        assert findings == []
        assert found.indexes == (expected,)


@pytest.mark.parametrize(
    "line", ["by_a", "by_a a", "by_a TYPE minmax", "by_a a TYPE", "by_a a TYPE minmax GRANULARITY x"]
)
def test_a_wrong_index_is_found(line: str) -> None:
    _, findings = source(f"SCHEMA >\n    a String\nINDEXES >\n    {line}\n")
    assert findings == [f"4:5: error: This is no index: {line}"]


def test_two_indexes_of_one_name_are_found() -> None:
    _, findings = source("SCHEMA >\n    a String\nINDEXES >\n    b a TYPE minmax\n    b a TYPE minmax\n")
    assert findings == ["5:5: error: There are two indexes b."]
