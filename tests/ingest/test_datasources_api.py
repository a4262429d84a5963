"""/v0/datasources over a real server: what is listed, files of rows in, and changes of what is stored."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingest.conftest import EVENTS, a_column, a_source
from tests.ingest.doors import EVENT, LINE, Door, a_door

CSV = (
    b"timestamp,event,product,quantity,store\n2026-03-10 12:00:00,view,MUG,1,\n2026-03-10 12:00:01,cart,MUG,2,Berlin\n"
)
URL = "/v0/datasources"


@pytest.fixture(scope="module")
def shared_door(chdb_path: Path, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with a_door(tmp_path_factory.mktemp("sources"), chdb_path, migrated_sqlite) as door:
        yield door


@pytest.fixture
def door(shared_door: Door, request: pytest.FixtureRequest) -> Door:
    shared_door.new_workspace(request.node.name)
    return shared_door


def append(door: Door, content: Any, format_: str = "csv", **query: Any) -> Any:
    asked = {"name": "events", "mode": "append", "format": format_} | query
    return door.ask("POST", URL, params=asked, content=content)


def test_what_there_is(door: Door) -> None:
    door.post(wait="true")
    listed = door.ask("GET", URL).json()["datasources"]
    assert {source["name"] for source in listed} == {"events", "by_event", "by_product"}
    told = door.ask("GET", f"{URL}/events").json()
    assert told["engine"]["engine_sorting_key"] == "event, product, timestamp"
    assert told["statistics"]["row_count"] == 1
    assert told["columns"][3] == {
        "name": "quantity",
        "normalized_name": "quantity",
        "type": "Int32",
        "nullable": False,
        "jsonpath": "$.quantity",
        "default_value": "DEFAULT 1",
        "codec": None,
    }
    assert [user["name"] for user in told["used_by"]] == ["by_product_view", "by_event_view"]
    text = door.ask("GET", f"{URL}/events.datasource")
    assert (text.text, text.headers["content-type"]) == (EVENTS.text, "text/plain; charset=utf-8")
    assert door.ask("GET", f"{URL}/nothing").status_code == 404
    stranger = door.made.token(door.workspace.release.workspace_id, "PIPES:READ:x")
    assert door.ask("GET", URL, token=stranger).json() == {"datasources": []}
    assert door.ask("GET", f"{URL}/events", token=stranger).status_code == 403


def test_csv_with_and_without_a_header(door: Door) -> None:
    answer = append(door, CSV)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["quarantine_rows"], told["invalid_lines"], told["error"]) == (0, 0, False)
    assert told["blocks"][0]["process_return"][0]["lines"] == 2
    assert append(door, CSV.split(b"\n", 1)[1]).json()["successful_rows"] == 2
    assert append(door, gzip.compress(CSV)).json()["successful_rows"] == 2
    other = b"store;product;event;timestamp\n;CUP;view;2026-03-10 12:00:00\n"
    assert append(door, other, dialect_delimiter=";").json()["successful_rows"] == 1
    assert door.workspace.count("events") == 7
    assert door.workspace.views_agree()


def test_csv_in_the_dialect_that_is_told(door: Door) -> None:
    lines = CSV.splitlines()
    old = b"\r".join((lines[0], lines[1].replace(b"MUG", rb"M\,UG"), lines[2].replace(b"MUG", b'"C, ""U"" P"')))
    answer = append(door, old, dialect_new_line="\r", dialect_escapechar="\\", dialect_delimiter=",")
    assert answer.json()["successful_rows"] == 2, answer.text
    assert [row["product"] for row in door.workspace.rows("events", "product")] == ['C, "U" P', "M,UG"]


def test_wrong_cells_go_to_the_quarantine(door: Door) -> None:
    told = append(door, CSV + b"yesterday,view,MUG,many,\n").json()
    assert (told["successful_rows"], told["quarantine_rows"]) == (2, 1)
    (bad,) = door.workspace.rows("events_quarantine", "c__error, c__import_id")
    assert bad == {
        "c__error": [
            "value 'yesterday' on column 'timestamp' is not DateTime",
            "value 'many' on column 'quantity' is not Int32",
        ],
        "c__import_id": told["import_id"],
    }


def test_ndjson_and_parquet_in_parts_of_forms(door: Door) -> None:
    rows = [EVENT | {"quantity": n} for n in range(3)]
    text = "\n".join(map(json.dumps, rows))
    asked = {"name": "events", "mode": "append"}
    answer = door.ask("POST", URL, data=asked, files={"ndjson": ("rows.ndjson", text)})
    assert answer.json()["successful_rows"] == 3, answer.text
    table = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), table)
    answer = door.ask("POST", URL, data=asked, files={"parquet": ("rows.parquet", table.getvalue())})
    assert answer.json()["successful_rows"] == 3, answer.text
    assert door.workspace.count("events") == 6


def test_what_a_file_cannot_be(door: Door) -> None:
    assert append(door, b"nonsense", "parquet").status_code == 400
    assert append(door, b'{"a":', "ndjson").status_code == 400
    assert append(door, b"\xff\xfe\xff,1", "csv").status_code == 400
    assert append(door, CSV, "xml").status_code == 400
    assert append(door, CSV, mode="upsert").status_code == 400
    assert append(door, CSV, name="nothing").status_code == 404
    assert append(door, CSV, name="").status_code == 400
    assert append(door, b"", url="file:///etc/passwd").status_code == 400
    assert append(door, CSV, url="http://example.com/x.csv").status_code == 400
    assert door.workspace.count("events") == 0


def test_a_file_sent_again_under_its_key_adds_nothing(door: Door) -> None:
    for _ in range(2):
        told = door.ask(
            "POST",
            URL,
            params={"name": "events", "mode": "append", "format": "csv"},
            content=CSV,
            headers={"Idempotency-Key": "file-1"},
        )
        assert told.json()["successful_rows"] == 2
    assert door.workspace.count("events") == 2


def test_append_as_a_job(door: Door) -> None:
    job = door.job(door.ask("POST", "/v1/datasources/events/append", params={"format": "csv"}, content=CSV))
    assert (job.status, job.rows) == ("done", 2), job.error
    assert door.workspace.count("events") == 2


def test_replace_all_and_the_views_behind(door: Door) -> None:
    append(door, CSV)
    answer = append(door, CSV.replace(b"MUG", b"CUP"), mode="replace")
    assert answer.status_code == 200, answer.text
    assert door.workspace.rows("events", "product, quantity") == [
        {"product": "CUP", "quantity": 1},
        {"product": "CUP", "quantity": 2},
    ]
    assert door.workspace.views_agree()
    assert append(door, CSV.splitlines()[0], mode="replace").status_code == 200
    assert door.workspace.count("events") == 2, "an empty file replaces nothing"
    append(door, CSV.splitlines()[0], mode="replace", replace_truncate_when_empty="true")
    assert door.workspace.count("events") == 0
    assert door.workspace.views_agree()


def test_replace_by_condition_keeps_the_rest(door: Door) -> None:
    append(door, CSV)
    answer = append(door, CSV.replace(b"MUG", b"CUP"), mode="replace", replace_condition="event = 'cart'")
    assert answer.status_code == 200, answer.text
    assert door.workspace.rows("events", "event, product") == [
        {"event": "cart", "product": "CUP"},
        {"event": "view", "product": "MUG"},
    ]
    assert door.workspace.views_agree()


def test_replace_by_condition_needs_the_same_partitions_behind(door: Door) -> None:
    by_month = a_source("events", *EVENTS.columns, sorting_key="product", partition_key="toYYYYMM(timestamp)")
    door.deploy(
        by_month, views={"by_x": "SELECT event AS name, count() AS events, 0 AS quantity FROM {table} GROUP BY 1"}
    )
    append(door, CSV)
    answer = append(door, CSV, mode="replace", replace_condition="event = 'cart'")
    assert answer.status_code == 400
    assert "partitioned by another key" in answer.json()["error"]
    assert append(door, CSV, mode="replace").status_code == 200


@pytest.mark.parametrize(
    "condition",
    [
        "event = (SELECT name FROM system.users LIMIT 1)",
        "event IN system.tables",
        "1) OR (file('/etc/passwd') != ''",
        "1); DROP TABLE x; --",
        "1), DROP COLUMN (event",
        "nonsense(",
        "no_such_column = 1",
        "dictGet('d', 'a', 1) = 1",
        "sleep(1) = 0",
    ],
)
def test_conditions_that_are_refused(door: Door, condition: str) -> None:
    append(door, CSV)
    asked = door.ask("POST", f"{URL}/events/delete", data={"delete_condition": condition})
    assert asked.status_code in (400, 403, 405), asked.text
    assert append(door, CSV, mode="replace", replace_condition=condition).status_code in (400, 403, 405)
    assert door.workspace.count("events") == 2


def test_delete_by_condition_is_a_job_and_leaves_views(door: Door) -> None:
    append(door, CSV)
    asked = {"delete_condition": "event = 'view'", "dry_run": "true"}
    assert door.ask("POST", f"{URL}/events/delete", data=asked).json()["rows_to_be_deleted"] == 1
    door.post()
    answer = door.ask("POST", f"{URL}/events/delete", data={"delete_condition": "event = 'view'"})
    assert answer.json()["delete_id"] == answer.json()["job"]["id"]
    job = door.job(answer)
    assert (job.status, job.rows) == ("done", 2), job.error
    assert door.workspace.rows("events", "event") == [{"event": "cart"}]
    assert door.workspace.rows("by_event", "sum(events) AS n") == [{"n": 3}]
    reader = door.made.token(door.workspace.release.workspace_id, "DATASOURCES:APPEND:events")
    refused = door.ask("POST", f"{URL}/events/delete", data={"delete_condition": "1"}, token=reader)
    assert refused.status_code == 403
    assert door.ask("POST", f"{URL}/events/delete", data={}).status_code == 400


def test_truncate_takes_all_that_was_acknowledged_and_cascades_only_when_asked(door: Door) -> None:
    append(door, CSV)
    door.post()
    answer = door.ask("POST", f"{URL}/events/truncate")
    assert (answer.status_code, answer.content) == (205, b"")
    assert door.workspace.count("events") == 0
    assert door.workspace.rows("by_event", "sum(events) AS n") == [{"n": 3}]
    door.ask("POST", f"{URL}/events/truncate", params={"cascade": "true"})
    assert door.workspace.count("by_event") == door.workspace.count("by_product") == 0
    door.post(LINE, wait="true")
    assert door.workspace.views_agree()


def test_quarantined_rows_are_repaired_and_taken_again_once(door: Door) -> None:
    bad = [EVENT | {"quantity": "3"}, EVENT | {"quantity": "4,0"}, EVENT | {"timestamp": "never"}]
    door.post("\n".join(map(json.dumps, bad)).encode(), wait="true")
    assert door.workspace.count("events_quarantine") == 3
    told = {"condition": "quantity IS NOT NULL", "set": {"quantity": "replaceAll(quantity, ',0', '')"}}
    job = door.job(door.ask("POST", f"{URL}/events/quarantine/replay", json=told))
    assert (job.status, job.rows) == ("done", 2), job.error
    door.post(b"", wait="true")
    door.made.platform.ingest.settle()
    assert door.workspace.rows("events", "quantity") == [{"quantity": 3}, {"quantity": 4}]
    assert door.workspace.rows("events_quarantine", "timestamp, c__error") == [
        {"timestamp": "never", "c__error": ["value 'never' on column 'timestamp' is not DateTime"]}
    ]
    assert door.workspace.views_agree()
    again = door.job(door.ask("POST", f"{URL}/events/quarantine/replay", json={}))
    assert (again.rows, again.statistics["quarantined_rows"]) == (0, 1)
    for wrong in ({"condition": "(SELECT 1 FROM system.users)"}, {"set": {"nothing": "1"}}):
        refused = door.job(door.ask("POST", f"{URL}/events/quarantine/replay", json=wrong))
        assert refused.status == "error"


def test_analyze_guesses_columns(door: Door) -> None:
    rows = b'{"at": "2026-03-10 12:00:00", "n": 1, "x": 1.5, "tags": ["a"], "ok": true}\n{"at": "2026-03-10 12:00:01"}'
    answer = door.ask("POST", "/v0/analyze", files={"ndjson": ("x.ndjson", rows)})
    columns = answer.json()["analysis"]["columns"]
    assert [(c["path"], c["recommended_type"], c["nullable"]) for c in columns] == [
        ("$.at", "DateTime", False),
        ("$.n", "Int32", True),
        ("$.x", "Float64", True),
        ("$.tags", "Array(String)", True),
        ("$.ok", "Bool", True),
    ]


def test_a_source_without_paths_takes_json_by_column_names(door: Door) -> None:
    door.deploy(a_source("plain", a_column("id", "UInt64"), a_column("name", "String")), views={})
    answer = append(door, b'{"id": 1, "name": "x", "more": 2}', "ndjson", name="plain")
    assert answer.json()["successful_rows"] == 1
    assert door.workspace.rows("plain") == [{"id": 1, "name": "x"}]
