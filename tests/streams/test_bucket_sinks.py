"""Sinks to a bucket that speaks S3: signed requests, files of each format, schedules, and a history of the runs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow.parquet
import pytest

from tests.spine import a_platform
from tests.streams.buckets import ACCESS_KEY, REGION, SECRET, Buckets, buckets
from tests.streams.conftest import PATIENCE
from tests.streams.test_copies import sunk, with_sink
from tests.warehouse.serving.projects import NOW
from tradewind.core.clock import ManualClock
from tradewind.platform import Platform

BUCKET = ("EXPORT_CONNECTION_NAME lake", "EXPORT_BUCKET_URI s3://sales/daily")
ON_DEMAND = (*BUCKET, "EXPORT_SCHEDULE @on-demand")


@pytest.fixture
def clock() -> ManualClock:
    # What is told of a run must not be older than its TTL.
    return ManualClock(NOW.replace(minute=30, second=0))


@pytest.fixture
def platform(tmp_path: Path, chdb_path: Path, clock: ManualClock) -> Iterator[Platform]:
    with a_platform(tmp_path / "data", chdb_path, clock=clock, jobs={"file_rows": 3}) as platform:
        yield platform
        for home in platform.workspaces.all():
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")


@pytest.fixture
def lake() -> Iterator[Buckets]:
    with buckets() as made:
        yield made


def a_connection(lake: Buckets, secret: str = SECRET) -> str:
    return f"TYPE s3\nS3_REGION {REGION}\nS3_ENDPOINT {lake.url}\nS3_ACCESS_KEY {ACCESS_KEY}\nS3_SECRET {secret}\n"


def history(platform: Platform) -> list[dict[str, object]]:
    platform.serving.journal.flush()
    database = platform.workspaces.database_of(platform.workspaces.default())[1]
    table = platform.serving.sources.table(database, "sinks_ops_log")
    return platform.warehouse.query(
        f"SELECT service, pipe_name, result, error, written_rows, output FROM {table} ORDER BY timestamp, written_rows"
    )


def test_csv_and_parquet_arrive_whole_and_signed(platform: Platform, lake: Buckets) -> None:
    named = ("EXPORT_FILE_TEMPLATE {kind}/all", "EXPORT_WRITE_STRATEGY truncate")
    workspace = with_sink(platform, *ON_DEMAND, *named, lake_connection=a_connection(lake))
    job = sunk(platform, workspace)
    assert lake.refused == []
    assert lake.objects == {
        "sales/daily/even/all.csv": b'"n","kind","day"\n0,"even","2026-03-01"\n2,"even","2026-03-03"\n',
        "sales/daily/odd/all.csv": b'"n","kind","day"\n1,"odd","2026-03-02"\n3,"odd","2026-03-04"\n',
    }
    assert job.statistics["output"] == ["s3://sales/daily/even/all.csv", "s3://sales/daily/odd/all.csv"]

    lake.objects.clear()
    parquet = ("EXPORT_FILE_TEMPLATE all", "EXPORT_FORMAT parquet", "EXPORT_COMPRESSION gzip")
    with_sink(platform, *ON_DEMAND, *parquet, lake_connection=a_connection(lake))
    sunk(platform, workspace, {"rows": "7"})
    assert len(lake.objects) == 3, "at most three rows in a file"
    numbers = [
        row["n"]
        for content in lake.objects.values()
        for row in pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    ]
    assert sorted(numbers) == list(range(7))
    told = history(platform)
    assert [(run["service"], run["pipe_name"], run["result"], run["written_rows"]) for run in told] == [
        ("file", "export", "ok", 4),
        ("file", "export", "ok", 7),
    ]


def test_a_schedule_writes_and_its_runs_are_kept(platform: Platform, lake: Buckets, clock: ManualClock) -> None:
    told = (*BUCKET, "EXPORT_SCHEDULE 0 * * * *", "EXPORT_FILE_TEMPLATE rows", "EXPORT_FORMAT ndjson")
    workspace = with_sink(platform, *told, lake_connection=a_connection(lake))
    for _ in range(3):
        for job_id in platform.schedules.tick():
            assert platform.jobs.wait(workspace, job_id, PATIENCE).status == "done"
        clock.advance(hours=1)
    assert len(lake.objects) == 4, "two runs of two files each, with names of their own"
    rows = [orjson.loads(line)["n"] for content in lake.objects.values() for line in content.splitlines()]
    assert sorted(rows) == [0, 0, 1, 1, 2, 2, 3, 3]
    jobs = platform.jobs.recent(workspace, pipe="export")
    assert [(job.kind, job.status, job.rows) for job in jobs] == [("sink", "done", 4)] * 2


def test_a_slow_bucket_is_asked_again_and_one_that_refuses_is_told_of(platform: Platform, lake: Buckets) -> None:
    named = ("EXPORT_FILE_TEMPLATE all", "EXPORT_WRITE_STRATEGY truncate")
    workspace = with_sink(platform, *ON_DEMAND, *named, lake_connection=a_connection(lake))
    lake.failures = 1
    assert sunk(platform, workspace, {"rows": "2"}).rows == 2
    assert [*lake.objects] == ["sales/daily/all.csv"]

    lake.objects.clear()
    with_sink(platform, *ON_DEMAND, *named, lake_connection=a_connection(lake, secret="another"))
    job = platform.jobs.wait(workspace, platform.sinks.start(workspace, "export"), PATIENCE)
    assert job.status == "error"
    assert "The bucket sales did not take all" in (job.error or "")
    assert "SignatureDoesNotMatch" in (job.error or "")
    assert "another" not in (job.error or "")
    assert lake.objects == {}
    assert "error" in {run["result"] for run in history(platform)}
