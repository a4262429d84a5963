"""A data source is altered over HTTP by a deploy of its changed file: more columns, another description or TTL."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.test_source_lifecycle import SCHEMA, TOP, URL, Shelf, refused, served, shelf
from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.altering import altered
from tradewind.warehouse.datafiles.reading import read_project
from tradewind.warehouse.workspaces.service import Terms

__all__ = ["served", "shelf"]
WIDER = f"{SCHEMA}, colour Nullable(String) `json:$.colour`, sold_at Date DEFAULT '2026-01-01' `json:$.sold_at`"
FILE = """# Who sold what.
TOKEN "app" APPEND

SCHEMA >
    id UInt32 `json:$.id`,
    # the name as it was then
    name String `json:$.name`
# How it is kept.
ENGINE MergeTree
ENGINE_SORTING_KEY id
TTL "toDate('2020-01-01') + toIntervalDay(id)"
BACKFILL skip
"""


def alter(shelf: Shelf, **fields: str) -> Any:
    answer = shelf.ask("POST", f"{URL}/sold/alter", data=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_columns_are_added_behind_rows_that_are_there(shelf: Shelf) -> None:
    shelf.create(b"id,name,price\n1,MUG,1.5\n")
    shelf.deploy(top=TOP)
    wanted = ["ADD COLUMN `colour` Nullable(String) AFTER `price`"]
    wanted += ["ADD COLUMN `sold_at` Date DEFAULT '2026-01-01' AFTER `colour`"]
    dry = alter(shelf, schema=WIDER, dry="true")
    assert dry["operations"] == wanted
    assert [(step["datasource"], step["how"]) for step in dry["plan"]["steps"]] == [("sold", "cloned")]
    assert [column["name"] for column in shelf.ask("GET", f"{URL}/sold").json()["columns"]] == ["id", "name", "price"]
    done = alter(shelf, schema=WIDER)
    assert done["operations"] == wanted
    assert [column["name"] for column in done["datasource"]["columns"]][3:] == ["colour", "sold_at"]
    sent = b'{"id": 2, "name": "CUP", "price": 2.5, "colour": "red", "sold_at": "2026-02-02"}'
    assert shelf.post(sent, mode="append", format="ndjson").status_code == 200
    assert [(row["id"], row["colour"], row["sold_at"]) for row in shelf.rows()] == [
        (1, None, "2026-01-01"),
        (2, "red", "2026-02-02"),
    ]
    assert shelf.ask("GET", "/v0/pipes/top.json").json()["data"] == [{"n": 2}]


def test_a_description_and_a_ttl_come_and_go(shelf: Shelf) -> None:
    shelf.create()
    ttl = "toDate('2020-01-01') + toIntervalDay(id)"
    told = alter(shelf, description="What was sold.\nSCHEMA > is no directive here", ttl=ttl)
    assert told["operations"] == [
        f"MODIFY TTL {ttl}",
        "MODIFY COMMENT 'What was sold.\nSCHEMA > is no directive here'",
    ]
    assert told["datasource"]["description"].startswith("What was sold.")
    assert told["datasource"]["engine"]["engine_ttl"] == ttl
    assert alter(shelf, ttl="false", description="")["operations"] == ["REMOVE TTL", "MODIFY COMMENT ''"]
    assert "TTL" not in shelf.ask("GET", f"{URL}/sold.datasource").text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "changes nothing"),
        ({"schema": SCHEMA}, "changes nothing"),
        ({"schema": "id UInt32 `json:$.id`"}, "name is gone"),
        ({"schema": SCHEMA.replace("UInt32", "UInt64")}, "id was UInt32 and is UInt64"),
        ({"schema": f"{SCHEMA}, more String"}, "more is new and has no DEFAULT"),
        ({"schema": f"{SCHEMA}, more Wrong"}, "Wrong"),
        ({"schema": ""}, "needs a SCHEMA"),
        ({"ttl": "nothing + 1"}, "nothing"),
        ({"description": "{{ tb_secret('salt') }}"}, "template"),
    ],
)
def test_what_rows_do_not_follow_is_refused(shelf: Shelf, fields: dict[str, str], text: str) -> None:
    shelf.create(b"id,name,price\n1,MUG,1.5\n")
    refused(shelf.ask("POST", f"{URL}/sold/alter", data=fields), 400, "invalid_input", text)
    assert shelf.ids() == [1]


def test_it_takes_the_right_to_create_data_sources(shelf: Shelf) -> None:
    shelf.create()
    few = shelf.token("DATASOURCES:APPEND:sold", "DATASOURCES:DROP:sold", "DATASOURCES:READ:sold")
    refused(shelf.ask("POST", f"{URL}/sold/alter", token=few, data={"ttl": "false"}), 403, "not_permitted", "CREATE")
    refused(shelf.ask("POST", f"{URL}/none/alter", data={"ttl": "false"}), 404, "not_found", "none")


def test_a_file_that_is_made_by_an_upload_names_no_secret(shelf: Shelf) -> None:
    secret = "id UInt32 DEFAULT {{ tb_secret('salt', '1') }}"
    refused(shelf.post(b"", mode="create", schema=secret), 400, "invalid_input", "template")


def test_how_the_last_change_moved_rows_is_not_done_again(shelf: Shelf) -> None:
    shelf.create(b"id,name,price\n1,MUG,1.5\n")
    path = PurePosixPath("datasources/sold.datasource")
    text = shelf.files()[path].decode()
    for last in ("BACKFILL skip\n", "FORWARD_QUERY >\n    SELECT id + 100 AS id, name, price\n"):
        outcome = shelf.platform.workspaces.deploy(
            shelf.workspace_id, {**shelf.files(), path: (text + last).encode()}, Terms()
        )
        assert outcome.result == "success", outcome.errors
        column = last[:8].lower()
        text = f"{text}\n".replace("`json:$.price`", f"`json:$.price`, {column} Nullable(String) `json:$.{column}`")
        alter(shelf, schema=text.replace("SCHEMA >", ""))
        assert shelf.ids() == [1]


def test_the_rest_of_a_file_stays_as_it_was_written() -> None:
    made = altered(FILE, {"ENGINE_TTL": "", "SCHEMA": "id UInt32,\nname String,\nnote String DEFAULT ''"})
    assert made == (
        '# Who sold what.\nTOKEN "app" APPEND\n\nSCHEMA >\n    id UInt32,\n    name String,\n    note String DEFAULT'
        " ''\n\n# How it is kept.\nENGINE MergeTree\nENGINE_SORTING_KEY id\n"
    )


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.booleans())
def test_no_text_becomes_another_directive(told: str, is_description: bool) -> None:
    path = PurePosixPath("sold.datasource")
    before = read_project({path: FILE.encode()}).sources["sold"]
    try:
        made = altered(FILE, {"DESCRIPTION" if is_description else "ENGINE_TTL": told})
    except InvalidInput:
        assert "{{" in told
        return
    after = read_project({path: made.encode()}).sources["sold"]
    assert (after.columns[0].name, after.engine.name, after.tokens) == ("id", "MergeTree", before.tokens)
    assert [column.name for column in after.columns] == ["id", "name"]
    assert (after.forward_query, after.skip_backfill, after.kafka) == (None, False, None)


@pytest.mark.parametrize("what", ["alter", "drop", "create"])
def test_a_deploy_that_comes_in_between_is_not_overwritten(
    shelf: Shelf, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.create()
    releases = shelf.platform.workspaces.releases
    files = releases.files

    def read_and_overtaken(workspace_id: str, number: int) -> Any:
        found = files(workspace_id, number)
        monkeypatch.undo()
        shelf.deploy(other="NODE n\nSQL >\n    SELECT 1 AS one\n\nTYPE endpoint\n")
        return found

    monkeypatch.setattr(releases, "files", read_and_overtaken)
    if what == "alter":
        answer = shelf.ask("POST", f"{URL}/sold/alter", data={"description": "What was sold."})
    elif what == "drop":
        answer = shelf.ask("DELETE", f"{URL}/sold")
    else:
        answer = shelf.post(b"", mode="create", schema=SCHEMA, name="bought")
    refused(answer, 409, "conflict", "Another deploy went live")
    assert shelf.ask("GET", "/v0/pipes/other.json").json()["data"] == [{"one": 1}]
    assert alter(shelf, description="What was sold.")["datasource"]["description"] == "What was sold."
    assert shelf.ask("GET", "/v0/pipes/other.json").status_code == 200


def test_a_source_that_is_made_again_is_not_stopped_as_the_one_before_it_was(shelf: Shelf) -> None:
    source = "SCHEMA >\n    `user` String `json:$.user`\n\n"
    fed = f"{source}KAFKA_CONNECTION_NAME cluster\nKAFKA_TOPIC clicks\nKAFKA_GROUP_ID readers\n"

    def deploy(**texts: str) -> None:
        files = {PurePosixPath(f"{name}.datasource"): text.encode() for name, text in texts.items()}
        outcome = shelf.platform.workspaces.deploy(shelf.workspace_id, files, Terms(allow_destructive=True))
        assert outcome.result == "success", outcome.errors

    def statuses() -> dict[str, str]:
        told = shelf.ask("GET", URL).json()["datasources"]
        return {one["name"]: one["connector"]["status"] for one in told if one["connector"]}

    deploy(clicks=fed, views=fed)
    for name in ("clicks", "views"):
        assert shelf.ask("POST", f"{URL}/{name}/stop").status_code == 200
    deploy(clicks=fed.replace("readers", "others"), views=fed)
    assert statuses() == {"clicks": "stopped", "views": "stopped"}, "a deploy wakes nothing that is there"
    deploy(clicks=fed)
    deploy(clicks=fed, views=fed)
    assert statuses() == {"clicks": "stopped", "views": "running"}
    deploy(clicks=source, views=fed)
    deploy(clicks=fed, views=fed)
    assert statuses() == {"clicks": "running", "views": "running"}
