"""`tradewind init`, `build`, `deploy`, `rollback` and `branch`, with no server: each opens the folder itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Tradewind


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_new_project_is_built_deployed_changed_and_rolled_back(tradewind: Tradewind, tmp_path: Path) -> None:
    project = tmp_path / "project"
    assert len(tradewind("init", str(project), "--json").json["files"]) == 6

    built = tradewind("build", str(project))
    assert built.code == 0, built.err
    assert "2 datasources, 2 pipes: everything fits together." in built.out

    deployed = tradewind("deploy", str(project), "--json")
    assert deployed.code == 0, deployed.err
    assert (deployed.json["deployment"]["id"], deployed.json["deployment"]["live"]) == ("1", True)

    endpoint = project / "endpoints" / "top_pages.pipe"
    text = endpoint.read_text()
    endpoint.write_text(text.replace("sum(views)", "sum(veiws)"))
    refused = tradewind("deploy", str(project))
    assert refused.code == 1
    assert "endpoints/top_pages.pipe:9:" in refused.err
    assert "Nothing was changed." in refused.err

    endpoint.write_text(text.replace("LIMIT", "LIMIT 1 +"))
    checked = tradewind("deploy", str(project), "--check")
    assert "~ pipe top_pages" in checked.out
    assert "Deployment 2 is live" in tradewind("deploy", str(project)).out
    assert "Deployment 1 is live" in tradewind("rollback").out


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_branches_come_and_go(tradewind: Tradewind, tmp_path: Path) -> None:
    project = tmp_path / "project"
    tradewind("init", str(project))

    deployed = tradewind("deploy", str(project), "--branch", "colours", "--json")

    assert deployed.code == 0, deployed.err
    (branch,) = tradewind("branch", "ls", "--json").json
    assert (branch["name"], branch["path"], branch["live_release"]) == ("colours", "/b/colours", 1)
    assert "colours is deleted" in tradewind("branch", "rm", "colours").out
    assert tradewind("branch", "ls", "--json").json == []


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_data_sources_are_listed_with_the_topics_that_feed_them(
    tradewind: Tradewind, data_dir: Path, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("clicks", "views"):
        (project / f"{name}.datasource").write_text(
            "SCHEMA >\n    `user` String `json:$.user`\n\n"
            f"KAFKA_CONNECTION_NAME cluster\nKAFKA_TOPIC {name}-topic\nKAFKA_GROUP_ID readers\n"
        )
    assert tradewind("deploy", str(project)).code == 0
    with closing(sqlite3.connect(data_dir / "tradewind.db")) as store, store:
        (home,) = store.execute("SELECT id FROM workspaces WHERE live_release IS NOT NULL").fetchone()
        store.execute("INSERT INTO paused_schedules VALUES (?, 'topic', 'views', '2026-03-01 00:00:00')", (home,))
    lines = {line.split()[0]: line for line in tradewind("datasource", "ls").out.splitlines()}
    assert lines["clicks"].rstrip().endswith("clicks-topic")
    assert lines["views"].rstrip().endswith("views-topic (stopped)")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_data_source_is_stopped_started_and_altered_by_commands(tradewind: Tradewind, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    columns = "    `user` String `json:$.user`"
    fed = "KAFKA_CONNECTION_NAME cluster\nKAFKA_TOPIC clicks-topic\nKAFKA_GROUP_ID readers\n"
    (project / "clicks.datasource").write_text(f"SCHEMA >\n{columns}\n\n{fed}")
    (project / "people.datasource").write_text(f"SCHEMA >\n{columns}\n")
    assert tradewind("deploy", str(project)).code == 0

    assert tradewind("datasource", "stop", "clicks").out == "clicks: the topic clicks-topic is stopped.\n"
    assert tradewind("datasource", "start", "clicks", "--json").json["connector"]["status"] == "running"
    refused = tradewind("datasource", "sample", "people")
    assert (refused.code, "'people' has no connector" in refused.err) == (1, True)

    (tmp_path / "columns.txt").write_text(f"{columns},\n    `note` Nullable(String) `json:$.note`\n")
    append = tradewind("datasource", "append", "people", stdin='{"user": "ann"}\n')
    assert append.code == 0, append.err
    change = ("datasource", "alter", "people", "--schema", tmp_path / "columns.txt", "--description", "Who came.")
    told = tradewind(*change, "--dry-run")
    assert told.out.startswith("people would be altered:\n  ADD COLUMN `note` Nullable(String)"), told.err
    done = tradewind(*change, "--json")
    assert done.code == 0, done.err
    assert [column["name"] for column in done.json["datasource"]["columns"]] == ["user", "note"]
    rows = tradewind("sql", "--project", "SELECT user, note FROM people", "--json")
    assert rows.json == [{"user": "ann", "note": None}]
    for options, reason in ((), "Say what changes"), (("--schema", "nowhere.txt"), "There is no file nowhere.txt"):
        refused = tradewind("datasource", "alter", "people", *options)
        assert (refused.code, reason in refused.err) == (1, True), refused.err
