"""Rows of fixtures, as a client would send them."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest

from tests.warehouse.datafiles.written import read
from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles import fixtures

SCHEMA = """SCHEMA >
    `id` String `json:$.id`,
    `n` Int64 `json:$.deep.n` DEFAULT 7,
    `price` Decimal(38, 10) `json:$.deep.price`,
    `share` Nullable(Float32) `json:$.share`,
    `ok` Bool `json:$.ok`,
    `tags` Array(String) `json:$.tags[:]`,
    `names` Array(String) `json:$.things[:].name`,
    `sizes` Array(UInt8) `json:$.things[:].size`,
    `big` UInt256 `json:$.big`
"""


def rows(name: str, content: str | bytes, schema: str = SCHEMA, answer: bytes = b"") -> list[object]:
    project = read({"events.datasource": schema, name: content})
    data = content if isinstance(content, bytes) else content.encode()
    asked: list[str] = []

    def run_sql(sql: str) -> bytes:
        asked.append(sql)
        return answer

    pieces = list(fixtures.rows_of(project, {PurePosixPath(name): data}, project.sources["events"], run_sql))
    if name.endswith(".sql"):
        assert asked == [data.decode().strip().rstrip(";")]
    return [json.loads(line) for piece in pieces for line in piece.splitlines()]


def test_ndjson_is_taken_as_it_is() -> None:
    project = read({"events.datasource": SCHEMA, "fixtures/events.ndjson": ""})
    content = b'\xef\xbb\xbf{"id":1}\r\n\n  \n{"broken\n{"id":2}'
    files = {PurePosixPath("fixtures/events.ndjson"): content}
    pieces = list(fixtures.rows_of(project, files, project.sources["events"], lambda _: b""))
    assert pieces == [b'{"id":1}\n{"broken\n{"id":2}\n']


def test_a_source_without_a_fixture_has_no_rows() -> None:
    project = read({"events.datasource": SCHEMA})
    assert list(fixtures.rows_of(project, {}, project.sources["events"], lambda _: b"")) == []


def test_csv_is_read_by_its_header() -> None:
    content = "big,id,unknown,price,tags,ok\n" + "1" + "0" * 40 + ",\"a,\nb\",x,0012.3400000001,\"['a','b']\",1\n"
    assert rows("fixtures/events.csv", content) == [
        {"big": 10**40, "id": "a,\nb", "deep": {"price": 12.3400000001}, "tags": ["a", "b"], "ok": True}
    ]


def test_csv_without_a_header_is_read_by_position() -> None:
    assert rows("fixtures/events.csv", 'a;-5;1.5;0.25;false;["x"];[];[];3\n') == [
        {
            "id": "a",
            "deep": {"n": -5, "price": 1.5},
            "share": 0.25,
            "ok": False,
            "tags": ["x"],
            "things": [],
            "big": 3,
        }
    ]


def test_a_renamed_column_of_a_header_is_known_by_its_position() -> None:
    schema = "SCHEMA >\n    `day` String,\n    `n` Int8\n"
    assert rows("fixtures/events.csv", "date,n\nx,1\n", schema) == [{"day": "x", "n": 1}]
    assert rows("fixtures/events.csv", "n,date\n1,x\n", schema) == [{"n": 1}]
    assert rows("fixtures/events.csv", "date,n,other\nx,1,2\n", schema) == [{"n": 1}]


def test_an_empty_cell_says_nothing_but_for_text() -> None:
    assert rows("fixtures/events.csv", "id,n,share,ok\n,,,\nx,1,\\N,true\n") == [
        {"id": ""},
        {"id": "x", "deep": {"n": 1}, "share": None, "ok": True},
    ]


def test_a_cell_that_does_not_fit_stays_text() -> None:
    assert rows("fixtures/events.csv", "id,n,ok\nx,many,perhaps\n") == [
        {"id": "x", "deep": {"n": "many"}, "ok": "perhaps"}
    ]


def test_columns_of_one_list_of_objects_come_together() -> None:
    assert rows("fixtures/events.csv", "id,names,sizes\nx,\"['a','b']\",\"[1,2]\"\n") == [
        {"id": "x", "things": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}
    ]


def test_a_query_gives_rows_by_column() -> None:
    answer = b'{"id":"x","n":1,"price":1.5,"other":1}\n{"id":"y","n":2,"price":2}\n'
    assert rows("fixtures/events.sql", "SELECT 1;\n", answer=answer) == [
        {"id": "x", "deep": {"n": 1, "price": 1.5}},
        {"id": "y", "deep": {"n": 2, "price": 2}},
    ]


def test_a_column_for_the_whole_document_gets_the_document() -> None:
    schema = "SCHEMA >\n    `all` String `json:$`,\n    `id` String `json:$.id`\n"
    assert rows("fixtures/events.csv", 'all,id\n"{""a"":1}",x\n', schema) == [{"a": 1, "id": "x"}]


def test_many_rows_come_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixtures, "PIECE_BYTES", 30)
    project = read({"events.datasource": SCHEMA, "fixtures/events.ndjson": ""})
    content = b'{"id":"abcdefgh"}\n' * 5
    files = {PurePosixPath("fixtures/events.ndjson"): content}
    pieces = list(fixtures.rows_of(project, files, project.sources["events"], lambda _: b""))
    assert len(pieces) == 5
    assert b"".join(pieces) == content


@pytest.mark.parametrize("name", ["fixtures/events.csv", "fixtures/events.sql"])
def test_a_fixture_in_another_encoding_is_named(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        rows(name, b"id\n\xff\n")
