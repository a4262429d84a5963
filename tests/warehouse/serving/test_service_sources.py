"""`tinybird.…`: what the product tells of itself, asked with the same SQL."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.warehouse.serving.conftest import World
from tests.warehouse.serving.projects import NOW, a_pipe, a_source
from tradewind.warehouse.serving.operations import Operation
from tradewind.warehouse.serving.service_sources import SERVICE_SOURCES


@pytest.fixture(scope="module")
def home(world: World) -> str:
    workspace_id = world.made.workspace("measured")
    pipes = (
        a_pipe("good", ("n", "%SELECT count() AS n FROM t WHERE id < {{Int32(most, 5)}}")),
        a_pipe("bad", ("n", "SELECT throwIf(1, 'broken on purpose') FROM t")),
        a_pipe(
            "performance", ("n", "SELECT pipe_name, count() AS n FROM tinybird.pipe_stats_rt GROUP BY 1 ORDER BY 1")
        ),
    )
    world.made.deploy(workspace_id, (a_source("t", "id Int64"),), pipes)
    world.made.fill(workspace_id, "t", "(1), (2)")
    return workspace_id


@pytest.fixture
def rows(world: World, home: str) -> Callable[[str], list[dict[str, object]]]:
    admin = world.made.admin(home)

    def ask(text: str) -> list[dict[str, object]]:
        world.api.platform.serving.journal.flush()
        return world.rows(text, admin)

    return ask


def test_every_request_leaves_a_row_without_its_token(world: World, home: str, rows) -> None:  # type: ignore[no-untyped-def]
    admin = world.made.admin(home)
    world.api.client.get(
        "/v0/pipes/good.json", params={"most": "2", "token": admin}, headers={"X-Request-ID": "look-for-me"}
    )
    found = rows("SELECT * FROM tinybird.pipe_stats_rt WHERE request_id = 'look-for-me'")
    assert len(found) == 1
    row = found[0]
    assert row["pipe_name"] == "good"
    assert (row["status_code"], row["error"], row["method"]) == (200, 0, "GET")
    assert (row["result_rows"], row["parameters"]) == (1, {"most": "2"})
    assert row["url"] == "/v0/pipes/good.json?most=2"
    assert row["token_name"] == "workspace admin token"
    assert row["duration"] > 0
    assert row["start_datetime"] == NOW.strftime("%Y-%m-%d %H:%M:%S")
    everything = str(rows("SELECT * FROM tinybird.pipe_stats_rt"))
    assert admin not in everything


def test_no_log_says_a_token(world: World, home: str, caplog: pytest.LogCaptureFixture, capfd) -> None:  # type: ignore[no-untyped-def]
    admin = world.made.admin(home)
    with caplog.at_level(logging.DEBUG):
        for path in ("/v0/pipes/good.json", "/v0/pipes/bad.json", "/v0/nothing", "/v0/sql", "/v0/pipes/x/explain"):
            world.api.client.get(path, params={"token": admin})
        world.api.client.get("/v0/sql", params={"token": "tw_somebody-elses-secret", "q": "SELECT 1"})
    out, err = capfd.readouterr()
    measures = world.api.services.measures.render()[0].decode()
    # The test's own client writes down where it goes.
    logged = "".join(r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore")))
    for text in (logged, out, err, measures):
        assert admin not in text
        assert "somebody-elses-secret" not in text


def test_errors_are_kept_apart_and_days_summed_up(world: World, home: str, rows) -> None:  # type: ignore[no-untyped-def]
    admin = world.made.admin(home)
    for _ in range(3):
        assert world.get("/v0/pipes/bad.json", admin).status_code == 400
    assert world.get("/v0/pipes/good.json", admin, most="many").status_code == 400
    found = rows("SELECT pipe_name, status_code, error FROM tinybird.endpoint_errors WHERE pipe_name = 'bad'")
    assert len(found) >= 3
    assert found[0]["status_code"] == 400
    assert "broken on purpose" in str(found[0]["error"])
    days = rows(
        "SELECT pipe_name, sum(view_count) AS views, sum(error_count) AS errors,"
        " avgMerge(avg_duration_state) > 0 AS took,"
        " length(quantilesTimingMerge(0.9, 0.95, 0.99)(quantile_timing_state)) AS q"
        " FROM tinybird.pipe_stats WHERE pipe_name = 'bad' GROUP BY 1"
    )
    assert days == [{"pipe_name": "bad", "views": len(found), "errors": len(found), "took": 1, "q": 3}]


def test_sql_counts_as_query_api(world: World, home: str, rows) -> None:  # type: ignore[no-untyped-def]
    rows("SELECT 1 AS marked_query")
    found = rows("SELECT count() AS n FROM tinybird.pipe_stats_rt WHERE pipe_name = 'query_api'")
    assert found[0]["n"] >= 1


def test_what_was_done_to_sources_is_told(world: World, home: str, rows) -> None:  # type: ignore[no-untyped-def]
    database = world.made.releases[home].database
    operations = world.api.platform.serving.operations
    operations.gather(database, Operation("append-hfi", "t", 0.25, rows=7, rows_quarantine=2, written_rows=7))
    operations.gather(database, Operation("append-hfi", "t", 0.5, rows=3, rows_quarantine=0, written_rows=3))
    operations.record(database, Operation("truncate", "t", error="no disk", at=NOW + timedelta(seconds=1)))
    operations.tell(database, "jobs_log", {"job_id": "j1", "job_type": "copy", "status": "working", "created_at": NOW})
    found = rows(
        "SELECT event_type, result, rows, rows_quarantine, error FROM tinybird.datasources_ops_log ORDER BY timestamp"
    )
    assert found == [
        {"event_type": "append-hfi", "result": "ok", "rows": 10, "rows_quarantine": 2, "error": None},
        {"event_type": "truncate", "result": "error", "rows": None, "rows_quarantine": None, "error": "no disk"},
    ]
    days = rows(
        "SELECT event_type, sum(executions) AS n, sum(written_rows) AS w FROM tinybird.datasources_ops_stats"
        " GROUP BY 1 ORDER BY 1"
    )
    assert days == [{"event_type": "append-hfi", "n": 1, "w": 10}, {"event_type": "truncate", "n": 1, "w": 0}]
    assert rows("SELECT job_id, status FROM tinybird.jobs_log") == [{"job_id": "j1", "status": "working"}]


@pytest.mark.parametrize("name", sorted(SERVICE_SOURCES))
def test_every_source_is_there_and_empty_of_others_rows(world: World, home: str, rows, name: str) -> None:  # type: ignore[no-untyped-def]
    rows(f"SELECT * FROM tinybird.{name} LIMIT 1 SETTINGS max_threads = 1")
    others = world.made.admin(world.other)
    assert world.sql(f"SELECT count() FROM tinybird.{name} WHERE 0", others).text == "0\n"


# Section 16 of the format, with the types where it says them.
COLUMNS = {
    "pipe_stats_rt": """start_datetime:DateTime pipe_id:String pipe_name:String token:String token_name:String
        duration:Float32 read_bytes:UInt64 read_rows:UInt64 cpu_time:Float32 result_rows:UInt64 url:Nullable(String)
        error:UInt8 error_message:Nullable(String) status_code:Int32 request_id:String
        parameters:Map(String,String) method:String release:String user_agent client_ip:Nullable(String)
        resource_tags:Array(String) memory_usage:UInt64 replica:String""",
    "pipe_stats": """date:DateTime|Date pipe_id pipe_name avg_duration_state:AggregateFunction(avg,Float32) error_count
        view_count:UInt64 quantile_timing_state:AggregateFunction(quantilesTiming(0.9,0.95,0.99),Float64)
        read_bytes_sum read_rows_sum:UInt64 cpu_time_sum:Float64 resource_tags""",
    "datasources_ops_log": """timestamp:DateTime event_type datasource_id datasource_name result:String
        elapsed_time:Float32 error:Nullable(String) Options.Names:Array(String) Options.Values:Array(String)
        request_id:String import_id:Nullable(String) job_id:Nullable(String) rows:Nullable(UInt64)
        rows_quarantine:Nullable(UInt64) blocks_ids:Array(String) operation_id:String read_rows:UInt64
        read_bytes:UInt64 cpu_time:Float32 memory_usage:UInt64 written_rows:UInt64 written_bytes:UInt64
        written_rows_quarantine:UInt64 written_bytes_quarantine:UInt64 pipe_id:String pipe_name:String
        release:String resource_tags""",
    "datasources_ops_stats": """event_date datasource_id datasource_name event_type pipe_id pipe_name error_count
        executions avg_elapsed_time_state quantiles_state read_rows read_bytes written_rows written_bytes
        written_rows_quarantine written_bytes_quarantine cpu_time resource_tags""",
    "endpoint_errors": """start_datetime request_id pipe_id pipe_name params:Nullable(String) url:Nullable(String)
        status_code:Nullable(Int32) error:Nullable(String) resource_tags""",
    "datasources_storage": """datasource_id datasource_name timestamp
        bytes:SimpleAggregateFunction(max,UInt64) rows:SimpleAggregateFunction(max,UInt64)
        bytes_quarantine:SimpleAggregateFunction(max,UInt64)
        rows_quarantine:SimpleAggregateFunction(max,UInt64)""",
    "block_log": """timestamp request_id import_id job_id source block_id status datasource_id datasource_name
        start_offset end_offset rows parser quarantine_lines empty_lines bytes processing_time processing_error""",
    "kafka_ops_log": """timestamp datasource_id topic partition:Int16 msg_type lag:Int64 processed_messages
        processed_bytes committed_messages:Int32 time_read time_process time_write:Float32 msg""",
    "jobs_log": """job_id job_type status error workspace_id request_id pipe_id datasource_id
        created_at:DateTime64(3) started_at updated_at:DateTime64(3) job_metadata""",
    "sinks_ops_log": """timestamp job_id service pipe_name pipe_id result error elapsed_time read_rows written_rows
        read_bytes written_bytes cpu_time output parameters options:Map token_name""",
}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_source_has_the_columns_of_the_format(world: World, home: str, rows, name: str) -> None:  # type: ignore[no-untyped-def]
    answer = world.sql(f"SELECT * FROM tinybird.{name} LIMIT 0 FORMAT JSON", world.made.admin(home))
    found = {column["name"]: column["type"].replace(" ", "") for column in answer.json()["meta"]}
    wanted = dict(word.partition(":")[::2] for word in COLUMNS[name].split())
    assert set(found) == set(wanted)
    for column, types in wanted.items():
        assert not types or found[column].startswith(tuple(types.split("|"))), column


@pytest.mark.parametrize("name", ["tinybird.llm_usage", "tinybird.hook_log", "organization.pipe_stats_rt"])
def test_one_of_the_format_that_is_not_kept_says_so(world: World, home: str, name: str) -> None:
    other = world.made.workspace("not-kept-" + name.replace(".", "-").replace("_", "-"))
    world.made.deploy(other, (), (a_pipe("of_it", ("n", f"SELECT count() AS n FROM {name}")),))
    admin = world.made.admin(other)
    for answer in (world.sql(f"SELECT * FROM {name}", admin), world.get("/v0/pipes/of_it.json", admin)):
        assert answer.status_code == 404, answer.text
        assert f"The service data source '{name}' is not kept here." in answer.json()["error"]
        assert "tinybird.pipe_stats_rt" in answer.json()["error"]


def test_they_are_for_the_admin_or_through_a_pipe(world: World, home: str) -> None:
    reader = world.made.token(home, "PIPES:READ:performance", "DATASOURCES:READ:t")
    assert world.sql("SELECT count() FROM tinybird.pipe_stats_rt", reader).status_code == 403
    assert world.get("/v0/pipes/performance.json", reader).status_code == 200
    assert world.sql("SELECT count() FROM tinybird.nothing", world.made.admin(home)).status_code == 404
    assert world.sql("SELECT n FROM performance WHERE pipe_name = 'good'", reader).status_code == 200


def test_old_rows_go(world: World, home: str, rows) -> None:  # type: ignore[no-untyped-def]
    database = world.made.releases[home].database
    rows("SELECT count() FROM tinybird.pipe_stats_rt")
    for name in ("pipe_stats_rt", "endpoint_errors", "datasources_ops_log", "kafka_ops_log", "block_log", "jobs_log"):
        rows(f"SELECT count() FROM tinybird.{name}")
        text = world.api.platform.warehouse.command(f"SHOW CREATE TABLE `{database}`.`tinybird__{name}`")
        assert "TTL" in str(text)


def test_a_workspace_that_is_gone_stops_nobody(world: World, home: str, rows) -> None:  # type: ignore[no-untyped-def]
    journal = world.api.platform.serving.journal
    journal.add("ws_gone", "pipe_stats_rt", {"pipe_id": "x"})
    journal.add(
        world.made.releases[home].database, "kafka_ops_log", {"topic": "kept", "timestamp": NOW.timestamp() // 1}
    )
    assert rows("SELECT topic FROM tinybird.kafka_ops_log") == [{"topic": "kept"}]


def test_sizes_of_data_sources_are_told(world: World, home: str, rows) -> None:  # type: ignore[no-untyped-def]
    assert world.api.platform.serving.tell_storage() >= 1
    (found,) = rows("SELECT rows, bytes > 0 AS some, rows_quarantine FROM tinybird.datasources_storage FINAL")
    assert found == {"rows": 2, "some": 1, "rows_quarantine": 0}
