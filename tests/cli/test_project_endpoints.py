"""`tradewind endpoint`, `logs`, `sql --project` and `token … --project`, without a server and beside one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Start, Tradewind

SOURCE = "TOKEN app_read READ\nSCHEMA >\n    `id` Int64 `json:$.id`,\n    `name` String `json:$.name`\n"
PIPE = """TOKEN app_read READ
DESCRIPTION >
    Names that begin alike.
NODE served
SQL >
    %
    SELECT number AS n, concat({{String(start, 'a')}}, toString(number)) AS name FROM numbers({{Int32(most, 2)}})
TYPE endpoint
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "people.datasource").write_text(SOURCE)
    (folder / "names.pipe").write_text(PIPE)
    return folder


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_project_is_asked_beside_a_server(tradewind: Tradewind, start: Start, project: Path) -> None:
    server = start()
    assert tradewind("deploy", project).code == 0
    assert tradewind("endpoint", "ls", "--json").json[0]["name"] == "names"
    asked = tradewind("endpoint", "data", "names", "start=x", "most=3")
    assert asked.out.split()[:2] == ["n", "name"]
    assert "x2" in asked.out
    assert tradewind("endpoint", "data", "names", "--format", "csv").out.startswith('"n","name"\n0,"a0"\n')
    failed = tradewind("endpoint", "data", "names", "most=many")
    assert (failed.code, "many" in failed.err) == (1, True)
    assert tradewind("sql", "--project", "SELECT count() AS n FROM names", "--json").json == [{"n": 2}]

    made = tradewind("token", "create", "visitor", "--project", "--scope", "PIPES:READ:names", "--json").json
    listed = {token["name"]: token for token in tradewind("token", "ls", "--project", "--values", "--json").json}
    assert listed["visitor"]["token"] == made["token"]
    assert listed["app_read"]["from"] == "files"

    figures = tradewind("endpoint", "stats", "names", "--json").json
    assert (figures[0]["requests"], figures[0]["errors"]) == (3, 1)
    told = tradewind("logs").out
    assert "/v0/pipes/names.json?start=x&most=3 names" in told
    assert made["token"] not in told
    assert "400" in tradewind("logs", "--errors").out
    server.stop()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_project_is_asked_without_a_server(tradewind: Tradewind, project: Path) -> None:
    assert tradewind("deploy", project).code == 0
    assert tradewind("endpoint", "data", "names", "--json").json["rows"] == 2
    assert tradewind("endpoint", "data", "names", "most=many").code == 1
    assert [line.split()[2] for line in tradewind("logs").out.splitlines() if " names" in line] == ["200", "400"]
