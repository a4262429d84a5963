"""Whatever stands in files: reading never fails, findings point into the files, what is printed reads the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradewind.warehouse.datafiles import connections, pipes, sources
from tradewind.warehouse.datafiles.findings import Findings
from tradewind.warehouse.datafiles.json_paths import At, Each, JsonPath, Member, parse
from tradewind.warehouse.datafiles.lexing import Block, BlockLine, lines_of
from tradewind.warehouse.datafiles.model import Column, Place
from tradewind.warehouse.datafiles.reading import read_project
from tradewind.warehouse.datafiles.schema import columns_of

NAMES = ["a.datasource", "b.pipe", "c.connection", "d.incl", "tests/b.yaml", "fixtures/a.csv", "playgrounds/e.pipe"]
WORDS = sorted({*sources.DIALECT.words, *pipes.DIALECT.words, *connections.DIALECT.words})
PIECES = [
    *WORDS,
    *(
        " >\n",
        "\n",
        "\n    ",
        " ",
        "\t",
        "\r\n",
        ",",
        "'",
        '"',
        "`",
        "(",
        ")",
        "#",
        "--",
        "%",
        "{{",
        "}}",
        "\x00",
        "\ufeff",
    ),
    *(
        "`a` String",
        "`json:$.a[:].b`",
        "DEFAULT",
        "CODEC(",
        "Nullable(",
        "Array(",
        "SELECT 1",
        "1",
        "@on-demand",
        "0 * * * *",
    ),
    *(
        "endpoint",
        "materialized",
        "copy",
        "sink",
        "kafka",
        "MergeTree",
        "a",
        "b",
        "a.incl",
        "d.incl",
        "$a",
        "${A}",
        "x=1",
    ),
    *(
        '{{ tb_secret("A") }}',
        '{{ tb_secret("A", "b") }}',
        "- name: a\n  ",
        "expected_result: |\n",
        "&x *x",
        "é",
        "\u2028",
    ),
]
written = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
content = st.one_of(
    st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode()), written.map(str.encode)
)


@settings(max_examples=200)
@given(
    st.dictionaries(st.sampled_from(NAMES), content, min_size=1, max_size=4),
    st.sampled_from(["auto", "classic", "forward"]),
    st.sampled_from([None, {}, {"A": "secret value\nSCHEMA >\n"}]),
)
@example({"a.datasource": b"\xff"}, "auto", None)
@example({"b.pipe": b"NODE a\nSQL >\n  %"}, "auto", None)
@example({"tests/b.yaml": b"- &a [*a]\n"}, "auto", None)
@example({"tests/b.yaml": b"[" * 10_000}, "auto", None)
@example({"a.datasource": b"SCHEMA >\n a " + b"Array(" * 5_000}, "auto", None)
def test_reading_never_fails_and_points_into_the_files(
    files: dict[str, bytes], compat: str, secrets: dict[str, str] | None
) -> None:
    project = read_project(
        {PurePosixPath(name): data for name, data in files.items()},
        environment={"A": "b c"},
        secrets=secrets,
        compat=compat,
    )
    for finding in (*project.findings, *project.test_findings):
        assert finding.message
        assert finding.fix
        assert finding.place.file in files
        lines = lines_of(files[finding.place.file].decode("utf-8-sig", "replace"))
        assert 1 <= finding.place.line <= len(lines)
        assert 1 <= finding.place.column <= len(lines[finding.place.line - 1]) + 1
    for pipe in project.pipes.values():
        for node in pipe.nodes:
            assert not node.sql_lines or len(node.sql_lines) == node.sql.count("\n") + 1


name = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.\-]{0,12}", fullmatch=True).filter(lambda text: text.upper() != "INDEX")
simple = st.sampled_from(["String", "Int64", "DateTime64(3)", "Decimal(10, 2)", "Enum8('a,b' = 1)", "FixedString(3)"])
types = st.recursive(
    simple,
    lambda inner: st.one_of(
        inner.map("Array({})".format),
        st.tuples(inner, inner).map(lambda both: f"Map({both[0]}, {both[1]})"),
        st.tuples(inner, inner).map(lambda both: f"Tuple(x {both[0]}, {both[1]})"),
        inner.map("SimpleAggregateFunction(anyLast, {})".format),
    ),
    max_leaves=4,
)
steps = st.one_of(st.text("abc-_ é.", min_size=1, max_size=4).map(Member), st.just(Each()), st.integers(0, 999).map(At))
paths = st.lists(steps, max_size=4).map(lambda found: JsonPath(tuple(found)))
expressions = st.sampled_from(
    ["''", "now()", "'a, `b`'", "if(a = 1, 'x', 'y')", "[]", "NOT 1", "'it''s'", "map('a', 1)"]
)
columns = st.builds(
    Column,
    name,
    types,
    st.booleans(),
    st.none() | paths.map(str),
    st.none() | expressions,
    st.none() | st.sampled_from(["ZSTD(1)", "Delta(8), LZ4"]),
)


def block(text: str) -> Block:
    lines = enumerate(text.split("\n"), start=1)
    return Block("a.datasource", tuple(BlockLine(number, line) for number, line in lines))


def print_columns(columns: Sequence[Column]) -> str:
    """The columns as they stand below `SCHEMA >`; read again they are the same."""
    return ",\n".join(f"    {_printed(column)}" for column in columns)


def _printed(column: Column) -> str:
    parts = [f"`{column.name}`", column.full_type]
    if column.json_path is not None:
        parts.append(f"`json:{column.json_path}`")
    if column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if column.codec is not None:
        parts.append(f"CODEC({column.codec})")
    return " ".join(part for part in parts if part)


@given(st.lists(columns, min_size=1, max_size=5, unique_by=lambda column: column.name))
def test_printed_columns_read_the_same(wanted: list[Column]) -> None:
    findings = Findings()
    found = columns_of(block(print_columns(wanted)), findings)
    assert findings.found == []
    assert [replace(column, place=Place("")) for column in found] == wanted


@settings(max_examples=150)
@given(written)
def test_printing_what_was_read_changes_nothing(text: str) -> None:
    once = columns_of(block(text.replace("\r", "")), Findings())
    twice = columns_of(block(print_columns(once)), Findings()) if once else once
    assert twice == once


@given(paths)
def test_a_path_is_printed_as_it_reads(path: JsonPath) -> None:
    assert parse(str(path)) == path
