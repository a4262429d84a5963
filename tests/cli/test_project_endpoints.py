"""`tradewind endpoint`, `logs`, `sql --project` and `token … --project`, without a server and beside one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue
from typing import Any

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
def test_logs_are_followed_until_they_are_interrupted(
    tradewind: Tradewind, start: Start, project: Path, data_dir: Path, environment: dict[str, str]
) -> None:
    server = start()
    assert tradewind("deploy", project).code == 0
    tradewind("endpoint", "data", "names", "start=before")
    command = [sys.executable, "-m", "tradewind", "--data-dir", str(data_dir), "logs", "--follow", "--json"]
    following = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=project)
    heard: Queue[str] = Queue()
    assert following.stdout is not None
    told = following.stdout

    def listen_in() -> None:
        for line in told:
            heard.put(line)

    listener = threading.Thread(target=listen_in, daemon=True)
    listener.start()
    try:
        listen(heard, "start=before")
        tradewind("endpoint", "data", "names", "start=after")
        seen = listen(heard, "start=after")
        tradewind("endpoint", "data", "names", "most=many")
        seen += listen(heard, "most=many")
        assert sum("start=after" in line["what"] for line in seen) == 1, "each line once"
        assert (seen[-1]["outcome"], "many" in seen[-1]["error"]) == ("400", True)
    finally:
        following.send_signal(signal.SIGINT)
        following.wait(30)
        listener.join(10)
        told.close()
    server.stop()


def listen(heard: Queue[str], what: str) -> list[dict[str, Any]]:
    """All lines up to the one that tells of this."""
    found: list[dict[str, Any]] = []
    while not found or what not in found[-1]["what"]:
        found.append(json.loads(heard.get(timeout=60)))
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_project_is_asked_without_a_server(tradewind: Tradewind, project: Path) -> None:
    assert tradewind("deploy", project).code == 0
    assert tradewind("endpoint", "data", "names", "--json").json["rows"] == 2
    assert tradewind("endpoint", "data", "names", "most=many").code == 1
    assert [line.split()[2] for line in tradewind("logs").out.splitlines() if " names" in line] == ["200", "400"]
