"""What fits a column: each rule, the same on the fast way and row by row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.ingest.conftest import a_column, a_source
from tradewind.warehouse.ingest.rows import RowChecker

FITS: list[tuple[str, Any]] = [
    ("Int8", -128),
    ("UInt8", True),
    ("UInt64", 2**64 - 1),
    ("Int128", str(2**100)),
    ("Float32", 1),
    ("Float64", 1.5),
    ("Float64", 7),
    ("Decimal(10, 2)", 1.5),
    ("Decimal(10, 2)", "1.5"),
    ("String", "x"),
    ("String", {"a": [1]}),
    ("LowCardinality(String)", ""),
    ("FixedString(3)", "abc"),
    ("Bool", False),
    ("Date", "2026-03-10"),
    ("DateTime", "2026-03-10T12:00:00Z"),
    ("DateTime", "2026-03-10T12:00:00.123Z"),
    ("DateTime", 1_700_000_000),
    ("DateTime64(3)", "2026-03-10 12:00:00.123"),
    ("DateTime64(3)", 1_700_000_000_123),
    ("UUID", "61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
    ("IPv4", "127.0.0.1"),
    ("IPv6", "::1"),
    ("Enum8('a' = 1, 'b' = 2)", "a"),
    ("Enum8('a' = 1, 'b' = 2)", 2),
    ("Array(Int32)", [1, 2]),
    ("Array(Nullable(Int32))", [1, None]),
    ("Map(String, Int32)", {"a": 1}),
    ("Tuple(a Int32, b String)", {"a": 1, "b": "x"}),
    ("Tuple(Int32, String)", [1, "x"]),
    ("JSON", {"a": 1}),
    ("Nullable(Int32)", None),
    ("SimpleAggregateFunction(sum, UInt64)", 5),
]
DOES_NOT: list[tuple[str, Any]] = [
    ("Int16", "3"),
    ("Int8", 128),
    ("Int32", 1.0),
    ("Int32", True),
    ("UInt64", 2**64),
    ("UInt32", -1),
    ("Float32", 1e39),
    ("Float64", "1.5"),
    ("Decimal(4, 2)", 100),
    ("String", 1),
    ("String", None),
    ("FixedString(3)", "abcd"),
    ("Bool", "true"),
    ("Bool", 2),
    ("Date", "2026-02-30"),
    ("Date", "10.03.2026"),
    ("DateTime", "2026-03-10 25:00:00"),
    ("DateTime", "1969-01-01 00:00:00"),
    ("DateTime", "2200-01-01 00:00:00"),
    ("DateTime", ""),
    ("DateTime", -1),
    ("DateTime64(3)", "2026-13-01 00:00:00"),
    ("UUID", "x"),
    ("IPv4", "256.0.0.1"),
    ("Enum8('a' = 1)", "b"),
    ("Array(Int32)", [1, "2"]),
    ("Array(Int32)", [None]),
    ("Array(Int32)", 1),
    ("Map(String, Int32)", {"a": "x"}),
    ("Tuple(Int32, String)", [1]),
    ("JSON", [1]),
]


def checked(type_: str, value: Any, *, is_fast: bool) -> Any:
    checker = RowChecker(a_source("s", a_column("v", type_, "$.v")))
    if not is_fast:
        checker._fast = None
    return checker.ndjson(json.dumps({"v": value}).encode())


@pytest.mark.parametrize("is_fast", [True, False])
@pytest.mark.parametrize(("type_", "value"), FITS, ids=str)
def test_values_that_fit(type_: str, value: Any, is_fast: bool) -> None:
    found = checked(type_, value, is_fast=is_fast)
    assert (found.rows, found.bad_rows) == (1, 0), found.bad


@pytest.mark.parametrize("is_fast", [True, False])
@pytest.mark.parametrize(("type_", "value"), DOES_NOT, ids=str)
def test_values_that_do_not(type_: str, value: Any, is_fast: bool) -> None:
    found = checked(type_, value, is_fast=is_fast)
    assert (found.rows, found.bad_rows) == (0, 1), found.good
    told = json.loads(found.bad)
    shown = "null" if value is None else value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    bare = type_.removeprefix("LowCardinality(")
    if not isinstance(value, float):
        assert told["c__error"] == [f"value '{shown}' on column 'v' is not {bare}"]


@pytest.mark.parametrize(
    ("path", "row", "value"),
    [
        ("$.a.b", {"a": {"b": "x"}}, "x"),
        ("$['a b']", {"a b": "x"}, "x"),
        ("$.a-b", {"a-b": "x"}, "x"),
        ("$.a[0]", {"a": ["x", "y"]}, "x"),
        ("$", {"a": 1}, '{"a":1}'),
        ("$.a", {"a": {"b": 1.50}}, '{"b":1.5}'),
    ],
)
def test_paths(path: str, row: Any, value: str) -> None:
    found = RowChecker(a_source("s", a_column("v", "String", path))).ndjson(json.dumps(row).encode())
    assert json.loads(found.good) == {"v": value}


@pytest.mark.parametrize(
    ("path", "row", "value"),
    [("$.l[:]", {"l": [1, 2]}, [1, 2]), ("$.l[:].x", {"l": [{"x": 1}, {"y": 0, "x": 2}]}, [1, 2])],
)
def test_paths_into_lists(path: str, row: Any, value: list[int]) -> None:
    found = RowChecker(a_source("s", a_column("v", "Array(Int32)", path))).ndjson(json.dumps(row).encode())
    assert json.loads(found.good) == {"v": value}


def test_a_list_has_one_value_for_each_element() -> None:
    columns = (
        a_column("name", "Array(String)", "$.l[:].name"),
        a_column("size", "Array(Nullable(Int32))", "$.l[:].size"),
        a_column("deep", "Array(Array(Nullable(Int32)))", "$.l[:].in[:].x"),
    )
    checker = RowChecker(a_source("s", *columns))
    found = checker.ndjson(
        b'{"l": [{"name": "a", "size": 1, "in": []}, {"name": "b", "in": [{}, {"x": 2}]}, {"name": "", "size": null,'
        b' "in": [{"x": 3}]}]}\n{"l": [{"name": "a", "in": []}, {"size": 2, "in": []}]}\n{"l": [7]}\n{"l": []}'
    )
    assert [json.loads(line) for line in found.good.splitlines()] == [
        {"name": ["a", "b", ""], "size": [1, None, None], "deep": [[], [None, 2], [3]]},
        {"name": [], "size": [], "deep": []},
    ]
    assert [json.loads(line)["c__error"] for line in found.bad.splitlines()] == [
        ["value '[\"a\",null]' on column 'name' is not Array(String)"],
        [
            "value '[null]' on column 'name' is not Array(String)",
            "value '[null]' on column 'deep' is not Array(Array(Nullable(Int32)))",
        ],
    ]


def test_a_missing_key_takes_the_default_then_null_then_does_not_fit() -> None:
    columns = (
        a_column("d", "Int32", "$.d", "7"),
        a_column("n", "Nullable(Int32)", "$.x.n"),
        a_column("r", "Int32", "$.r"),
    )
    checker = RowChecker(a_source("s", *columns))
    found = checker.ndjson(b'{"r": 1, "unknown": 2}\n{"d": null, "r": 2, "x": null}\n{"d": 1}')
    assert [json.loads(line) for line in found.good.splitlines()] == [{"r": 1}, {"r": 2}]
    assert json.loads(found.bad)["c__error"] == ["value 'null' on column 'r' is not Int32"]
