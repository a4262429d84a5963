"""Copies and sinks: their rows arrive whole and once, on demand and by schedule, and their history tells of it."""

from __future__ import annotations

import gzip
import io
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
import pyarrow.parquet
import pytest
from confluent_kafka import Consumer

from tests.api.conftest import serving
from tests.spine import NOON, a_platform
from tests.streams.conftest import PATIENCE, Topics, wait_until
from tradewind.core.clock import ManualClock
from tradewind.core.errors import Conflict, InvalidInput, TradewindError
from tradewind.platform import Platform
from tradewind.warehouse.client import Connection
from tradewind.warehouse.streams.copies import NotACopy
from tradewind.warehouse.streams.files import FileName
from tradewind.warehouse.streams.schedules import Scheduled
from tradewind.warehouse.streams.sent_runs import SentRuns
from tradewind.warehouse.streams.sinks import NotASink, Sinks
from tradewind.warehouse.workspaces.jobs import Job, JobRunning
from tradewind.warehouse.workspaces.plan import Terms
from tradewind.warehouse.workspaces.scopes import Scope

DAYS = """
SCHEMA >
    `at` DateTime,
    `label` String,
    `n` UInt64

ENGINE MergeTree
ENGINE_SORTING_KEY n
"""
COPY = """
NODE numbers
SQL >
    SELECT number AS n FROM numbers(10)

NODE out
SQL >
    %
    SELECT toDateTime({{{{DateTime(job_timestamp)}}}}, 'UTC') AS at, {{{{String(label, 'none')}}}} AS label,
        n + toUInt64({{{{String(plus, '0')}}}}) AS n FROM numbers
TYPE copy
TARGET_DATASOURCE days
COPY_SCHEDULE {schedule}
COPY_MODE {mode}
"""
TOTAL = """
SCHEMA >
    `label` String,
    `rows` SimpleAggregateFunction(sum, UInt64)

ENGINE AggregatingMergeTree
ENGINE_SORTING_KEY label
"""
BY_LABEL = """
NODE sums
SQL >
    SELECT label, count() AS rows FROM days GROUP BY label
TYPE materialized
DATASOURCE total
"""
SINK = """
NODE out
SQL >
    %
    SELECT number AS n, if(number % 2, 'odd', 'even') AS kind, toDate('2026-03-01') + number AS day
    FROM numbers({{{{Int32(rows, 4)}}}}) ORDER BY n
TYPE sink
{exports}
"""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def platform(tmp_path: Path, chdb_path: Path, clock: ManualClock) -> Iterator[Platform]:
    with a_platform(tmp_path / "data", chdb_path, clock=clock, jobs={"file_rows": 3}) as platform:
        yield platform
        for home in platform.workspaces.all():
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")


def deploy(platform: Platform, **texts: str) -> str:
    """`copy_pipe="…"` is the file copy.pipe; returns the workspace's id."""
    files = {PurePosixPath(".".join(name.rsplit("_", 1))): text.encode() for name, text in texts.items()}
    workspace = platform.workspaces.default()
    outcome = platform.workspaces.deploy(workspace, files, Terms())
    assert outcome.result == "success", [str(finding) for finding in outcome.findings]
    return workspace


def with_copy(platform: Platform, mode: str = "append", schedule: str = "@on-demand", **more: str) -> str:
    copy = COPY.format(mode=mode, schedule=schedule)
    return deploy(platform, days_datasource=DAYS, daily_pipe=copy, total_datasource=TOTAL, sums_pipe=BY_LABEL, **more)


def with_sink(platform: Platform, *exports: str, **more: str) -> str:
    return deploy(platform, export_pipe=SINK.format(exports="\n".join(exports)), **more)


def copied(platform: Platform, workspace: str, values: dict[str, Any] | None = None, mode: str | None = None) -> Job:
    return platform.jobs.wait(workspace, platform.copies.start(workspace, "daily", values, mode), PATIENCE)


def sunk(platform: Platform, workspace: str, values: dict[str, Any] | None = None) -> Job:
    job = platform.jobs.wait(workspace, platform.sinks.start(workspace, "export", values), PATIENCE)
    assert job.status == "done", job.error
    return job


def rows(platform: Platform, sql: str, source: str = "days") -> list[tuple[Any, ...]]:
    release = platform.workspaces.live(platform.workspaces.default())
    assert release is not None
    return [tuple(row.values()) for row in platform.warehouse.query(sql.format(table=release.table(source)))]


def labels(platform: Platform) -> dict[str, int]:
    return dict(rows(platform, "SELECT label, count() AS rows FROM {table} GROUP BY label"))


def asides(platform: Platform) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in platform.warehouse.query("SELECT name FROM system.tables WHERE name LIKE 'aside%'")]


# --- Copies ----------------------------------------------------------------------------------------------------------


def test_a_copy_adds_its_rows_to_the_table_and_to_the_views_behind_it(platform: Platform) -> None:
    workspace = with_copy(platform)
    job = copied(platform, workspace, {"label": "one"})
    assert (job.status, job.rows, job.pipe, job.source) == ("done", 10, "daily", "days"), job.error
    copied(platform, workspace, {"label": "two", "plus": "5"})
    assert labels(platform) == {"one": 10, "two": 10}
    assert rows(platform, "SELECT min(n) AS low, max(n) AS high FROM {table} WHERE label = 'two'") == [(5, 14)]
    totals = "SELECT label, sum(rows) AS n FROM {table} GROUP BY label ORDER BY label"
    assert rows(platform, totals, "total") == [("one", 10), ("two", 10)]
    assert rows(platform, "SELECT DISTINCT toString(at, 'UTC') AS at FROM {table}") == [("2026-03-10 12:00:00",)]
    assert asides(platform) == []


def test_a_caller_may_choose_the_mode_and_the_moment(platform: Platform) -> None:
    workspace = with_copy(platform)
    copied(platform, workspace, {"label": "old"})
    job = copied(platform, workspace, {"label": "new", "job_timestamp": "2025-01-01 00:00:00"}, "replace")
    assert job.statistics["mode"] == "replace"
    assert labels(platform) == {"new": 10}
    assert rows(platform, "SELECT DISTINCT toString(at, 'UTC') AS at FROM {table}") == [("2025-01-01 00:00:00",)]
    with pytest.raises(InvalidInput, match="append or replace"):
        platform.copies.start(workspace, "daily", {}, "merge")


def test_readers_see_all_of_the_old_rows_or_all_of_the_new_ones(platform: Platform) -> None:
    workspace = with_copy(platform, "replace")
    copied(platform, workspace, {"label": "0"})
    seen: list[dict[str, int]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(labels(platform))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 8):
        assert copied(platform, workspace, {"label": str(number)}).status == "done"
    done.set()
    reader.join()
    assert len(seen) > 7
    assert all(list(found.values()) == [10] for found in seen)


def test_a_copy_that_fails_leaves_the_table_alone_and_says_why(platform: Platform) -> None:
    workspace = with_copy(platform)
    copied(platform, workspace, {"label": "kept"})
    for mode in ("append", "replace"):
        with pytest.raises(TradewindError, match="soon"):
            platform.copies.start(workspace, "daily", {"job_timestamp": "soon"}, mode)
        job = copied(platform, workspace, {"plus": "many"}, mode)
        assert job.status == "error"
        assert "many" in (job.error or "")
    assert labels(platform) == {"kept": 10}
    assert asides(platform) == []
    with pytest.raises(NotACopy, match="Those that do are daily"):
        platform.copies.start(workspace, "sums")


def test_one_run_of_a_pipe_at_a_time(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = with_copy(platform)
    go_on = threading.Event()
    command = Connection.command

    def slowly(self: Connection, sql: str, *rest: Any) -> Any:
        assert go_on.wait(PATIENCE)
        return command(self, sql, *rest)

    monkeypatch.setattr(Connection, "command", slowly)
    first = platform.copies.start(workspace, "daily")
    with pytest.raises(JobRunning, match=first):
        platform.copies.start(workspace, "daily")
    go_on.set()
    assert platform.jobs.wait(workspace, first, PATIENCE).status == "done"
    assert labels(platform) == {"none": 10}


@pytest.mark.parametrize("at", ["SELECT * FROM", "EXCHANGE", "INSERT INTO"])
@pytest.mark.parametrize("is_done", [False, True])
def test_a_copy_cut_off_at_any_moment_and_taken_up_again_arrives_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, at: str, is_done: bool
) -> None:
    """The process dies before or just after a statement; the next one finds the job and goes on."""
    mode = "replace" if at == "EXCHANGE" else "append"
    workspace = with_copy(platform, mode)
    command, drop = Connection.command, platform.runner.drop_aside
    died: list[str] = []

    def dies(self: Connection, sql: str, *rest: Any) -> Any:
        if at in sql and not died:
            died.append(sql)
            if is_done:
                command(self, sql, *rest)
            raise SystemExit
        return command(self, sql, *rest)

    monkeypatch.setattr(Connection, "command", dies)
    monkeypatch.setattr(platform.runner, "drop_aside", lambda *_: None)
    monkeypatch.setattr(platform.jobs, "_end", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    job_id = platform.copies.start(workspace, "daily", {"label": "one"})
    wait_until(lambda: bool(died) and all(not thread.is_alive() for thread in platform.jobs._threads))
    monkeypatch.undo()
    assert platform.jobs.get(workspace, job_id).status == "working"
    platform.runner.drop_aside = drop  # type: ignore[method-assign]  # what undo gives back is bound already
    platform.jobs._tasks.clear()
    platform.jobs._alone.clear()
    platform.jobs._threads.clear()
    platform._recover_jobs()
    job = platform.jobs.wait(workspace, job_id, PATIENCE)
    assert (job.status, job.rows, job.attempts) == ("done", 10, 2), job.error
    assert labels(platform) == {"one": 10}
    if mode == "append":
        assert rows(platform, "SELECT sum(rows) AS n FROM {table}", "total") == [(10,)]
    assert asides(platform) == []


# --- Schedules -------------------------------------------------------------------------------------------------------


def test_turns_are_those_of_cron_in_utc() -> None:
    def turns(cron: str, count: int = 2) -> list[str]:
        found, moment = [], NOON  # a Tuesday
        for _ in range(count):
            moment = Scheduled("w", "copy", "p", cron).after(moment)
            found.append(moment.strftime("%a %d %H:%M"))
        return found

    assert turns("*/20 * * * *") == ["Tue 10 12:20", "Tue 10 12:40"]
    assert turns("0 0 * * 0") == ["Sun 15 00:00", "Sun 22 00:00"]
    assert turns("30 3 1 * *", 1) == ["Wed 01 03:30"]
    assert turns("0 9-10 * * 1-5", 3) == ["Wed 11 09:00", "Wed 11 10:00", "Thu 12 09:00"]


def test_a_schedule_runs_its_pipe_rests_and_goes_on(platform: Platform, clock: ManualClock) -> None:
    workspace = with_copy(platform, schedule="*/10 * * * *")

    def turn(minutes: int) -> int:
        clock.advance(minutes=minutes)
        started = platform.schedules.tick()
        for job_id in started:
            assert platform.jobs.wait(workspace, job_id, PATIENCE).status == "done"
        return len(started)

    assert [turn(0), turn(9), turn(1), turn(1), turn(9), turn(25), turn(1)] == [0, 0, 1, 0, 1, 1, 0]
    platform.schedules.pause(workspace, "copy", "daily")
    platform.schedules.pause(workspace, "copy", "daily")
    assert platform.schedules.is_paused(workspace, "copy", "daily")
    assert [turn(10), turn(10)] == [0, 0]
    platform.schedules.resume(workspace, "copy", "daily")
    assert turn(10) == 1
    assert labels(platform) == {"none": 40}
    assert [job.status for job in platform.jobs.recent(workspace, pipe="daily")] == ["done"] * 4
    with pytest.raises(Conflict, match="on demand"):
        platform.schedules.pause(workspace, "sink", "daily")


# --- Sinks -----------------------------------------------------------------------------------------------------------

TO_FILES = ("EXPORT_CONNECTION_NAME lake", "EXPORT_SCHEDULE @on-demand", "EXPORT_BUCKET_URI file://lake/sales")


def exported(platform: Platform) -> dict[str, bytes]:
    folder = platform.settings.data_dir / "exports" / "lake" / "sales"
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_files_have_the_name_format_and_compression_that_the_sink_says(platform: Platform) -> None:
    workspace = with_sink(
        platform,
        *TO_FILES,
        "EXPORT_FILE_TEMPLATE all_{kind}",
        "EXPORT_FORMAT ndjson",
        "EXPORT_COMPRESSION gzip",
        "EXPORT_WRITE_STRATEGY truncate",
    )
    job = sunk(platform, workspace)
    files = exported(platform)
    assert list(files) == ["all_even.ndjson.gz", "all_odd.ndjson.gz"]
    odd = [orjson.loads(line) for line in gzip.decompress(files["all_odd.ndjson.gz"]).splitlines()]
    assert odd == [{"n": 1, "kind": "odd", "day": "2026-03-02"}, {"n": 3, "kind": "odd", "day": "2026-03-04"}]
    assert job.rows == 4
    assert job.statistics["output"] == [f"file://lake/sales/{name}" for name in files]
    sunk(platform, workspace)
    assert exported(platform) == files


def test_many_rows_become_several_files_and_each_run_makes_its_own(platform: Platform, clock: ManualClock) -> None:
    workspace = with_sink(platform, *TO_FILES, "EXPORT_FILE_TEMPLATE day_{day, '%Y-%m'}/rows", "EXPORT_FORMAT parquet")
    sunk(platform, workspace, {"rows": "35"})
    names = [*exported(platform)]
    assert len(names) == 11 + 2  # at most three rows in a file
    assert names[0] == "day_2026-03/rows_20260310120000_1.parquet"
    assert names[-1] == "day_2026-04/rows_20260310120000_2.parquet"
    numbers = [
        row["n"]
        for content in exported(platform).values()
        for row in pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    ]
    assert sorted(numbers) == list(range(35))
    clock.advance(minutes=1)
    sunk(platform, workspace, {"rows": "2"})
    assert len(exported(platform)) == 14


def test_csv_has_a_line_with_the_names_of_the_columns(platform: Platform) -> None:
    workspace = with_sink(platform, *TO_FILES, "EXPORT_FILE_TEMPLATE all", "EXPORT_WRITE_STRATEGY truncate")
    sunk(platform, workspace, {"rows": "2"})
    assert exported(platform) == {"all.csv": b'"n","kind","day"\n0,"even","2026-03-01"\n1,"odd","2026-03-02"\n'}


def test_values_in_names_of_files_cannot_lead_out_of_the_folder() -> None:
    name = FileName.of("x_{a}_{b, '%Y'}", ["a", "b"])
    assert name.with_values(["../../etc/passwd", "2026"]) == "x__.._etc_passwd_2026"
    for template in ("{missing}", "{a", "a}", "{a, '%Y' OR 1}"):
        with pytest.raises(InvalidInput):
            FileName.of(template, ["a"])


def test_a_sink_that_cannot_be_is_refused_before_anything_runs(platform: Platform) -> None:
    cases = {
        "Use s3://bucket/prefix": ("EXPORT_BUCKET_URI gs://b/x",),
        "no connection 'lake'": ("EXPORT_BUCKET_URI s3://b/x",),
    }
    for told, exports in cases.items():
        workspace = with_sink(
            platform, "EXPORT_CONNECTION_NAME lake", "EXPORT_SCHEDULE @on-demand", "EXPORT_FILE_TEMPLATE t", *exports
        )
        with pytest.raises(TradewindError, match=told):
            sunk(platform, workspace)
    with pytest.raises(NotASink):
        platform.sinks.start(platform.workspaces.default(), "nothing")


def consumed(servers: str, topic: str) -> list[bytes]:
    told = {"group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    reader = Consumer({"bootstrap.servers": servers, **told})
    reader.subscribe([topic])
    found: list[bytes] = []
    end = time.monotonic() + 10
    while time.monotonic() < end and len(found) < 25:
        found += [bytes(message.value() or b"") for message in reader.consume(100, 0.5) if message.error() is None]
    reader.close()
    return found


def test_a_sink_to_a_topic_sends_every_row_once(platform: Platform, topics: Topics) -> None:
    topic = topics.make("out")
    workspace = with_sink(
        platform,
        "EXPORT_CONNECTION_NAME cluster",
        "EXPORT_SCHEDULE 0 * * * *",
        f"EXPORT_KAFKA_TOPIC {topic}",
        cluster_connection=f"TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS {topics.servers}\n",
    )
    assert sunk(platform, workspace, {"rows": "25"}).rows == 25
    assert [orjson.loads(value)["n"] for value in consumed(topics.servers, topic)] == list(range(25))


@pytest.mark.slow
@pytest.mark.parametrize("is_committed", [True, False])
def test_a_sink_to_a_topic_that_dies_and_is_taken_up_again_sends_nothing_twice(
    platform: Platform, topics: Topics, monkeypatch: pytest.MonkeyPatch, is_committed: bool
) -> None:
    topic = topics.make("again")
    workspace = with_sink(
        platform,
        "EXPORT_CONNECTION_NAME cluster",
        "EXPORT_SCHEDULE @on-demand",
        f"EXPORT_KAFKA_TOPIC {topic}",
        cluster_connection=f"TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS {topics.servers}\n",
    )
    died: list[str] = []
    to_topic, note = Sinks._to_topic, SentRuns.note

    def dies_behind(self: Sinks, *rest: Any) -> Any:
        to_topic(self, *rest)
        died.append("committed")
        raise SystemExit

    def dies_before(self: SentRuns, *rest: Any) -> None:
        note(self, *rest)
        died.append("open")
        raise SystemExit

    if is_committed:
        monkeypatch.setattr(Sinks, "_to_topic", dies_behind)
    else:
        monkeypatch.setattr(SentRuns, "note", dies_before)
    monkeypatch.setattr(platform.jobs, "_end", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    job_id = platform.sinks.start(workspace, "export", {"rows": "20"})
    wait_until(lambda: bool(died) and all(not thread.is_alive() for thread in platform.jobs._threads))
    monkeypatch.undo()
    platform.jobs._tasks.clear()
    platform.jobs._alone.clear()
    platform.jobs._threads.clear()
    platform._recover_jobs()
    job = platform.jobs.wait(workspace, job_id, PATIENCE)
    assert (job.status, job.rows, job.attempts) == ("done", 20, 2), job.error
    assert sorted(orjson.loads(value)["n"] for value in consumed(topics.servers, topic)) == list(range(20))
    assert sunk(platform, workspace, {"rows": "3"}).rows == 3, "another run is another"
    assert len(consumed(topics.servers, topic)) == 23


def test_a_schedule_of_a_sink_is_kept_like_that_of_a_copy(platform: Platform, clock: ManualClock) -> None:
    to_files = [line for line in TO_FILES if "SCHEDULE" not in line]
    workspace = with_sink(platform, *to_files, "EXPORT_SCHEDULE 0 * * * *", "EXPORT_FILE_TEMPLATE all")
    platform.schedules.tick()
    clock.advance(hours=1)
    (job_id,) = platform.schedules.tick()
    assert platform.jobs.wait(workspace, job_id, PATIENCE).status == "done"
    assert [*exported(platform)] == ["all_20260310130000_1.csv", "all_20260310130000_2.csv"]
    assert clock.now() == NOON + timedelta(hours=1)


# --- Over HTTP -------------------------------------------------------------------------------------------------------


def test_copies_and_jobs_over_http(platform: Platform, clock: ManualClock) -> None:
    workspace = with_copy(platform, schedule="0 * * * *")
    admin = platform.serving.tokens.admin_value(workspace)
    lesser = platform.serving.tokens.create(workspace, "reader", [Scope.parse("PIPES:READ:sums")]).value
    with serving(platform, clock) as api:

        def call(method: str, path: str, status: int = 200, token: str = admin, **options: Any) -> Any:
            answer = api.client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **options)
            assert answer.status_code == status, answer.text
            return answer.json()

        begun = call("POST", "/v0/pipes/daily/copy?_mode=replace&label=web", data={"plus": "2"})
        assert begun["job"]["kind"] == "copy"
        platform.jobs.wait(workspace, begun["job_id"], PATIENCE)
        job = call("GET", begun["job_url"])
        assert (job["status"], job["statistics"]["rows"], job["error"]) == ("done", 10, None)
        assert (job["datasource"], job["pipe"]) == ({"name": "days"}, {"name": "daily"})
        assert job["created_at"].endswith("Z")
        assert rows(platform, "SELECT DISTINCT label, min(n) AS low FROM {table} GROUP BY label") == [("web", 2)]
        assert [one["id"] for one in call("GET", "/v0/jobs?kind=copy")["jobs"]] == [job["id"]]
        assert call("GET", "/v0/jobs?status=error")["jobs"] == []
        assert "is over" in call("POST", f"/v0/jobs/{job['id']}/cancel", 409)["error"]
        assert "nothing" not in call("GET", "/v0/jobs/nothing", 404)["error"][:10]
        assert "limit" in call("GET", "/v0/jobs?limit=0", 400)["error"]
        assert call("POST", "/v0/pipes/daily/copy/pause")["schedule"]["status"] == "shutdown"
        assert call("POST", "/v0/pipes/daily/copy/resume")["schedule"]["status"] == "running"
        assert "under way" in call("POST", "/v0/pipes/daily/copy/cancel", 404)["error"]
        assert "exports nothing" in call("POST", "/v0/pipes/daily/sink", 404)["error"]
        for path in ("/v0/pipes/daily/copy", f"/v0/jobs/{job['id']}/cancel"):
            call("POST", path, 403, lesser)
        call("GET", "/v0/jobs", 403, lesser)
        call("GET", begun["job_url"], 403, lesser)
