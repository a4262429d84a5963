"""Runs of forecasts that are under way, and those whose process was killed."""

from __future__ import annotations

import fcntl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.spine import a_platform
from tradewind.insights.forecasting.runs import Kind, Run
from tradewind.insights.forecasting.underway import FOLDER, tell_killed, underway

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)


def test_a_run_holds_its_file_as_long_as_it_is_under_way(tmp_path: Path) -> None:
    with underway(tmp_path, "R1"), (tmp_path / FOLDER / "R1").open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert not list((tmp_path / FOLDER).iterdir())


def test_a_killed_run_is_told_to_have_failed(tmp_path: Path, chdb_path: Path) -> None:
    """Its file is there still, and nobody holds it; one that has said how it ended is left as it is."""
    with a_platform(tmp_path / "data", chdb_path) as platform:
        warehouse = platform.warehouse
        runs = [
            Run(name, Kind.DAILY, "auto", "tradewind", "v", NOW.date(), 90, "t") for name in ("killed", "alive", "done")
        ]
        for run in runs:
            run.tell(warehouse, "running", NOW, NOW)
        runs[-1].tell(warehouse, "served", NOW, NOW + timedelta(minutes=1), 7)
        (tmp_path / FOLDER).mkdir()
        for name in ("killed", "done"):
            (tmp_path / FOLDER / name).touch()
        with underway(tmp_path, "alive"):
            assert tell_killed(warehouse, tmp_path, lambda: NOW + timedelta(minutes=5)) == ["killed"]
            assert tell_killed(warehouse, tmp_path, lambda: NOW + timedelta(minutes=6)) == []
        rows = warehouse.query("SELECT run_id, status, seconds, message FROM forecast_runs ORDER BY run_id, at")
        assert [(row["run_id"], row["status"]) for row in rows] == [
            ("alive", "running"), ("done", "running"), ("done", "served"), ("killed", "running"), ("killed", "failed"),
        ]  # fmt: skip
        assert (rows[-1]["seconds"], rows[-1]["message"]) == (300, "The process ended before the run did.")
