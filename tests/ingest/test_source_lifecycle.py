"""A data source's whole life over HTTP, on real deploys: made, filled, emptied, dropped; and every refusal."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.api.conftest import serving
from tests.spine import a_platform
from tests.warehouse.serving.projects import NOW
from tradewind.core.clock import ManualClock
from tradewind.platform import Platform
from tradewind.warehouse.workspaces.scopes import Scope
from tradewind.warehouse.workspaces.service import Terms

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

URL = "/v0/datasources"
SCHEMA = "id UInt32 `json:$.id`, name String `json:$.name`, price Float64 `json:$.price`"
CSV = b"id,name,price\n1,MUG,1.5\n2,CUP,2.5\n"
ROW = {"id": 1, "name": "MUG", "price": 1.5}
TOP = "NODE top\nSQL >\n    SELECT count() AS n FROM sold\nTYPE endpoint\n"
MEGABYTE = 1024**2


@dataclass
class Shelf:
    """A workspace of a test's own on the module's server."""

    client: httpx.Client
    platform: Platform
    workspace_id: str
    admin: str

    def ask(self, method: str, path: str, *, token: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.admin}"} | more.pop("headers", {})
        return self.client.request(method, path, headers=headers, **more)

    def post(self, content: bytes = CSV, token: str | None = None, **query: Any) -> httpx.Response:
        headers = query.pop("headers", {})
        asked = {"name": "sold", "format": "csv"} | query
        return self.ask("POST", URL, params=asked, content=content, token=token, headers=headers)

    def create(self, content: bytes = b"", **query: Any) -> httpx.Response:
        answer = self.post(content, **{"schema": SCHEMA, "mode": "create"} | query)
        assert answer.status_code == 200, answer.text
        return answer

    def deploy(self, **files: str) -> None:
        project = dict(self.files()) | {PurePosixPath(f"{name}.pipe"): text.encode() for name, text in files.items()}
        outcome = self.platform.workspaces.deploy(self.workspace_id, project, Terms())
        assert outcome.result == "success", outcome.errors

    def files(self) -> Mapping[PurePosixPath, bytes]:
        release = self.platform.workspaces.live(self.workspace_id)
        assert release is not None
        return self.platform.workspaces.releases.files(self.workspace_id, release.number)

    def token(self, *scopes: str) -> str:
        parsed = [Scope.parse(scope) for scope in scopes]
        name = " ".join(scopes)
        return self.platform.serving.tokens.create(self.workspace_id, name, parsed).value

    def rows(self, sql: str = "SELECT * FROM sold ORDER BY id, name") -> list[dict[str, Any]]:
        answer = self.ask("GET", "/v0/sql", params={"q": f"{sql} FORMAT JSON"})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def ids(self) -> list[int]:
        return [row["id"] for row in self.rows()]

    def done(self, answer: httpx.Response) -> dict[str, Any]:
        """The job that an answer names, asked for over HTTP once it is over."""
        assert answer.status_code == 200, answer.text
        self.platform.jobs.wait(self.workspace_id, answer.json()["job_id"], 60)
        told: dict[str, Any] = self.ask("GET", answer.json()["job_url"]).json()
        return told


@pytest.fixture(scope="module")
def served(
    chdb_path: Path, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, Platform]]:
    folder = tmp_path_factory.mktemp("life")
    url = f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'store.db')}"
    # Operations older than their TTL would be gone at once.
    clock = ManualClock(NOW)
    ingest = {"max_body_mb": 1, "max_file_mb": 2, "max_file_unpacked_mb": 4, "batch_wait_ms": 5}
    with a_platform(
        folder, chdb_path, database_url=url, clock=clock, secret_key="k3y-0f-tests-" + "abcdefghij" * 3, ingest=ingest
    ) as platform:
        platform.start()
        with serving(platform, clock) as api:
            yield api.client, platform
        for home in platform.workspaces.all():
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")


@pytest.fixture
def shelf(served: tuple[httpx.Client, Platform], request: pytest.FixtureRequest) -> Shelf:
    client, platform = served
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)[:60]
    home = platform.workspaces.branches.create_workspace(name)
    return Shelf(client, platform, home.id, platform.serving.tokens.admin_value(home.id))


def refused(answer: httpx.Response, status: int, code: str, text: str) -> bool:
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert told["code"] == code, told
    assert text in told["error"], told
    return True


# --- Create ----------------------------------------------------------------------------------------------------------


def test_a_source_is_made_with_a_schema_and_takes_the_rows_that_come_with_it(shelf: Shelf) -> None:
    told = shelf.create(CSV).json()

    assert (told["successful_rows"], told["quarantine_rows"], told["error"]) == (2, 0, False)
    assert told["datasource"]["name"] == "sold"
    assert [(column["name"], column["type"]) for column in told["datasource"]["columns"]] == [
        ("id", "UInt32"),
        ("name", "String"),
        ("price", "Float64"),
    ]
    assert shelf.rows() == [ROW, {"id": 2, "name": "CUP", "price": 2.5}]
    text = shelf.ask("GET", f"{URL}/sold.datasource").text
    assert "SCHEMA >" in text
    assert "`json:$.price`" in text
    assert [deployment["status"] for deployment in shelf.ask("GET", "/v1/deployments").json()["deployments"]] == [
        "data_ready"
    ]


@pytest.mark.parametrize("format_", ["csv", "ndjson"])
def test_a_source_is_made_from_rows_alone(shelf: Shelf, format_: str) -> None:
    rows = [ROW, ROW | {"id": 2, "name": None}]
    content = CSV if format_ == "csv" else "\n".join(map(json.dumps, rows)).encode()
    told = shelf.create(content, format=format_, schema="").json()

    assert told["successful_rows"] == 2
    expected = "String" if format_ == "csv" else "Nullable(String)"
    columns = {column["name"]: column for column in told["datasource"]["columns"]}
    assert (columns["id"]["type"], columns["price"]["type"]) == ("Int32", "Float64")
    assert columns["name"]["nullable"] is (expected != "String")
    assert shelf.ids() == [1, 2]


def test_a_new_source_keeps_what_is_there(shelf: Shelf) -> None:
    shelf.create(CSV)
    shelf.deploy(top=TOP)
    shelf.create(name="other")

    assert shelf.ids() == [1, 2]
    assert shelf.ask("GET", "/v0/pipes/top.json").json()["data"] == [{"n": 2}]
    assert {source["name"] for source in shelf.ask("GET", URL).json()["datasources"]} == {"sold", "other"}


@pytest.mark.parametrize(
    ("asked", "status", "code", "text"),
    [
        ({"name": "2 words"}, 400, "invalid_input", "no digit first"),
        ({"name": "sold", "schema": "id UInt"}, 400, "invalid_input", "UInt"),
        ({"name": "sold", "schema": "id NoSuchType"}, 400, "invalid_input", "NoSuchType"),
        ({"name": "sold", "schema": ""}, 400, "invalid_input", "no rows to guess"),
        ({"name": "", "schema": "id UInt32"}, 400, "invalid_input", "Name the data source"),
    ],
)
def test_what_cannot_be_made(shelf: Shelf, asked: dict[str, str], status: int, code: str, text: str) -> None:
    answer = shelf.post(b"", **{"mode": "create"} | asked)

    assert refused(answer, status, code, text)
    assert shelf.ask("GET", "/v1/deployments").json() == {"deployments": []}


def test_a_name_that_is_taken_is_refused_and_its_rows_stay(shelf: Shelf) -> None:
    shelf.create(CSV)
    answer = shelf.post(b"id,name,price\n9,NEW,9\n", mode="create", schema=SCHEMA)

    assert refused(answer, 409, "conflict", "mode=append")
    assert shelf.ids() == [1, 2]


def test_who_may_create(shelf: Shelf) -> None:
    shelf.create(CSV)
    appender = shelf.token("DATASOURCES:APPEND:sold")
    creator = shelf.token("DATASOURCES:CREATE")

    assert refused(shelf.post(mode="create", name="mine", token=appender), 403, "not_permitted", "DATASOURCES:CREATE")
    assert refused(shelf.post(mode="create", name="mine", token="tw_nobody"), 403, "token_not_valid", "not valid")
    assert shelf.post(mode="create", name="mine", schema=SCHEMA, token=creator).status_code == 200
    assert shelf.rows("SELECT count() AS n FROM mine") == [{"n": 2}]


# --- Append and replace ----------------------------------------------------------------------------------------------


def test_append_adds_and_replace_puts_in_the_place(shelf: Shelf) -> None:
    shelf.create(CSV)
    assert shelf.post(b"id,name,price\n3,PEN,3\n", mode="append").json()["successful_rows"] == 1
    assert shelf.ids() == [1, 2, 3]
    assert shelf.post(b"id,name,price\n4,INK,4\n", mode="replace").json()["successful_rows"] == 1
    assert shelf.ids() == [4]
    condition = {"mode": "replace", "replace_condition": "id = 4"}
    answer = shelf.post(b"id,name,price\n4,RED,4\n5,NOT,5\n", **condition)
    assert answer.status_code == 200, answer.text
    assert [(row["id"], row["name"]) for row in shelf.rows()] == [(4, "RED")], "only new rows that meet it are taken"


def test_append_and_replace_as_jobs(shelf: Shelf) -> None:
    shelf.create(CSV)
    appended = shelf.done(shelf.ask("POST", "/v1/datasources/sold/append", params={"format": "csv"}, content=CSV))
    assert (appended["status"], appended["kind"], appended["statistics"]["rows"]) == ("done", "import", 2)
    assert shelf.ids() == [1, 1, 2, 2]
    replaced = shelf.done(shelf.ask("POST", "/v1/datasources/sold/replace", params={"format": "csv"}, content=CSV))
    assert (replaced["status"], replaced["kind"]) == ("done", "replace")
    assert shelf.ids() == [1, 2]
    broken = shelf.done(
        shelf.ask("POST", "/v1/datasources/sold/replace", params={"format": "ndjson"}, content=b'{"id":')
    )
    assert broken["status"] == "error"
    assert "line 1" in broken["error"]
    assert shelf.ids() == [1, 2], "a broken file replaces nothing"
    assert refused(shelf.ask("GET", "/v0/jobs/nothing"), 404, "not_found", "job")


def test_columns_that_are_not_there_and_values_that_do_not_fit(shelf: Shelf) -> None:
    shelf.create()
    more = b"id,name,price,colour\n1,MUG,1.5,red\n"
    assert shelf.post(more, mode="append").json()["successful_rows"] == 1, "others are passed over"
    clash = b"id,name,price\nmany,MUG,1.5\n-1,MUG,1.5\n2,MUG,cheap\n"
    told = shelf.post(clash, mode="append").json()
    assert (told["successful_rows"], told["quarantine_rows"]) == (0, 3)
    missing = shelf.ask("POST", "/v0/events", params={"name": "sold", "wait": "true"}, content=b'{"id": 7, "price": 1}')
    assert missing.json() == {"successful_rows": 0, "quarantined_rows": 1}
    shelf.post(CSV, mode="append")
    assert shelf.ids() == [1, 1, 2]
    kept = shelf.rows("SELECT id, name, price, c__error_column AS wrong FROM sold_quarantine ORDER BY ALL")
    assert kept == [
        {"id": "-1", "name": "MUG", "price": "1.5", "wrong": ["id"]},
        {"id": "2", "name": "MUG", "price": "cheap", "wrong": ["price"]},
        {"id": "7", "name": None, "price": "1", "wrong": ["name"]},
        {"id": "many", "name": "MUG", "price": "1.5", "wrong": ["id"]},
    ], "nothing is lost"


def test_what_cannot_be_read_adds_nothing(shelf: Shelf) -> None:
    shelf.create(CSV)
    packed = gzip.compress(CSV * 1000)
    large = b"1,MUG,1.5\n" * (MEGABYTE // 4)
    for mode in ("append", "replace"):
        assert refused(shelf.post(packed[:-20], mode=mode), 400, "unreadable_body", "unpacked")
        assert refused(shelf.post(b"\x1f\x8bnonsense", mode=mode), 400, "unreadable_body", "unpacked")
        assert refused(shelf.post(b"id,name,price\n1,\xff\xfe,2\n", mode=mode), 400, "unreadable_body", "UTF-8")
        assert refused(shelf.post(b'{"id":', mode=mode, format="ndjson"), 400, "unreadable_body", "line 1")
        assert refused(shelf.post(b"PAR0", mode=mode, format="parquet"), 400, "unreadable_body", "Parquet")
        assert refused(shelf.post(large, mode=mode), 413, "body_too_large", "larger than 2 MB")
        form = shelf.ask("POST", URL, data={"name": "sold", "mode": mode}, files={"csv": ("rows.csv", large)})
        assert refused(form, 413, "body_too_large", "larger than 2 MB")
        assert refused(shelf.post(b"", mode=mode, url="ftp://example.com/x.csv"), 400, "invalid_input", "http://")
    assert shelf.ids() == [1, 2]
    assert shelf.post(CSV, mode="append").status_code == 200, "the server goes on"


def test_a_file_that_unpacks_to_too_much_is_refused(shelf: Shelf) -> None:
    shelf.create(CSV)
    bomb = b"id,name,price\n" + b"1,MUG,1.5\n" * MEGABYTE
    for packed in (gzip.compress(bomb), zstd.compress(bomb)):
        assert len(packed) < MEGABYTE
        assert refused(shelf.post(packed, mode="replace"), 413, "body_too_large", "4 MB once it is unpacked")
    assert shelf.ids() == [1, 2]


def test_a_text_that_stands_in_many_rows_of_a_parquet_file_is_counted_in_each(shelf: Shelf) -> None:
    shelf.create(CSV)
    once = pa.DictionaryArray.from_arrays(pa.array([0] * 100), pa.array(["x" * (MEGABYTE // 10)]))
    for names in (once, pa.array([[{"deep": "x" * (MEGABYTE // 10)}]] * 100)):
        bomb = io.BytesIO()
        pq.write_table(pa.table({"id": list(range(100)), "name": names}), bomb)
        assert len(bomb.getvalue()) < MEGABYTE
        answer = shelf.post(bomb.getvalue(), mode="replace", format="parquet")
        assert refused(answer, 413, "body_too_large", "4 MB once it is unpacked")
    assert shelf.ids() == [1, 2]


# --- Delete, truncate, drop ------------------------------------------------------------------------------------------


def test_delete_with_a_condition(shelf: Shelf) -> None:
    shelf.create(CSV)
    path = f"{URL}/sold/delete"
    dry = shelf.ask("POST", path, data={"delete_condition": "id = 1", "dry_run": "true"}).json()
    assert (dry["rows_to_be_deleted"], shelf.ids()) == (1, [1, 2])
    asked = shelf.ask("POST", path, data={"delete_condition": "id = 1"})
    assert asked.json()["job"]["kind"] == "delete_data"
    job = shelf.done(asked)
    assert (job["status"], job["statistics"]["rows_affected"]) == ("done", 1)
    assert shelf.ids() == [2]
    assert refused(shelf.ask("POST", path, data={}), 400, "invalid_input", "delete_condition")
    assert refused(
        shelf.ask("POST", f"{URL}/nothing/delete", data={"delete_condition": "1"}), 404, "not_found", "nothing"
    )
    wrong = shelf.ask("POST", path, data={"delete_condition": "colour = 'red'"})
    assert wrong.status_code == 400
    assert "colour" in wrong.json()["error"]
    dropper = shelf.token("DATASOURCES:DROP:sold", "DATASOURCES:APPEND:sold")
    assert refused(
        shelf.ask("POST", path, data={"delete_condition": "1"}, token=dropper), 403, "needs_admin", "ADMIN token"
    )
    assert shelf.ids() == [2]


def test_a_condition_on_columns_named_as_anything(shelf: Shelf) -> None:
    schema = ", ".join(f"{name} UInt32 `json:$.{name}`" for name in ("rows", "count", "partition", "n"))
    assert shelf.post(b"rows,count,partition,n\n1,1,1,1\n2,2,2,2\n", mode="create", schema=schema).status_code == 200
    condition = "rows = 1 AND count = 1 AND partition = 1 AND n = 1"
    replaced = shelf.post(b"rows,count,partition,n\n1,1,1,1\n", mode="replace", replace_condition=condition)
    assert replaced.status_code == 200, replaced.text
    job = shelf.done(shelf.ask("POST", f"{URL}/sold/delete", data={"delete_condition": condition}))
    assert job["statistics"]["rows_affected"] == 1
    assert shelf.rows("SELECT n FROM sold") == [{"n": 2}]


def test_truncate_and_who_may(shelf: Shelf) -> None:
    shelf.create(CSV)
    shelf.post(b"id,name,price\nmany,MUG,1.5\n", mode="append")
    appender, dropper = shelf.token("DATASOURCES:APPEND:sold"), shelf.token("DATASOURCES:DROP:sold")
    assert refused(shelf.ask("POST", f"{URL}/sold/truncate", token=appender), 403, "not_permitted", "DATASOURCES")
    assert shelf.ids() == [1, 2]
    answer = shelf.ask("POST", f"{URL}/sold/truncate", token=dropper)
    assert (answer.status_code, answer.content) == (205, b"")
    assert shelf.ids() == []
    assert shelf.rows("SELECT count() AS n FROM sold_quarantine") == [{"n": 1}], "what was refused stays"
    assert shelf.ask("POST", f"{URL}/sold_quarantine/truncate").status_code == 205
    assert shelf.rows("SELECT count() AS n FROM sold_quarantine") == [{"n": 0}]
    assert refused(shelf.ask("POST", f"{URL}/nothing/truncate"), 404, "not_found", "nothing")


def test_a_source_that_is_used_is_not_dropped_and_one_that_is_not_goes(shelf: Shelf) -> None:
    shelf.create(CSV)
    shelf.deploy(top=TOP)
    reader = shelf.token("DATASOURCES:READ:sold", "DATASOURCES:APPEND:sold")

    assert refused(shelf.ask("DELETE", f"{URL}/sold"), 409, "conflict", "still used")
    assert shelf.ids() == [1, 2]
    assert refused(shelf.ask("DELETE", f"{URL}/sold", token=reader), 403, "not_permitted", "DATASOURCES:DROP:sold")
    assert refused(shelf.ask("DELETE", f"{URL}/nothing"), 404, "not_found", "nothing")
    kept = {path: text for path, text in shelf.files().items() if path.suffix != ".pipe"}
    assert shelf.platform.workspaces.deploy(shelf.workspace_id, kept, Terms()).result == "success"

    dropper = shelf.token("DATASOURCES:DROP:sold")
    assert shelf.ask("DELETE", f"{URL}/sold", token=dropper).status_code == 204
    assert refused(shelf.ask("GET", f"{URL}/sold"), 404, "not_found", "sold")
    assert refused(shelf.post(mode="append"), 404, "not_found", "sold")
    assert refused(shelf.ask("POST", "/v0/events", params={"name": "sold"}, content=b"{}"), 404, "not_found", "sold")
    shelf.create(b"id,name,price\n8,NEW,8\n")
    assert shelf.ids() == [8], "a new one of that name does not have the old one's rows"


def test_what_was_done_stands_in_the_operations_log(shelf: Shelf) -> None:
    shelf.create(CSV)
    shelf.post(CSV, mode="append")
    shelf.post(CSV, mode="replace")
    shelf.done(shelf.ask("POST", f"{URL}/sold/delete", data={"delete_condition": "id = 1"}))
    shelf.ask("POST", f"{URL}/sold/truncate")
    shelf.ask("DELETE", f"{URL}/sold")
    shelf.platform.serving.journal.flush()
    told = shelf.rows("SELECT event_type, rows FROM tinybird.datasources_ops_log ORDER BY timestamp, event_type")
    assert sorted({row["event_type"] for row in told}) == [
        "append",
        "create",
        "delete",
        "drop",
        "replace",
        "truncate",
    ], told
