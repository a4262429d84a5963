"""What had been expected of days that have passed: by the newest served forecast of a week before, or more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson

from tests.spine import a_platform
from tradewind.insights.forecasting import past
from tradewind.insights.forecasting.runs import Kind, Run
from tradewind.insights.forecasting.served import Scope
from tradewind.warehouse.client import Warehouse

ORIGIN = date(2026, 3, 29)
LONG = 30


def forecast(
    warehouse: Warehouse, name: str, days_ago: int, units: float, *, status: str = "served", category: str = "Toys"
) -> None:
    """A run that expected so many units of every day."""
    made = ORIGIN - timedelta(days=days_ago)
    at = datetime(made.year, made.month, made.day, 3, tzinfo=UTC)
    run = Run(name, Kind.ALL, "auto", "tradewind", "v", made, LONG, name)
    run.tell(warehouse, status, at, at + timedelta(minutes=1), 1)
    line = {"run_id": name, "scope": "category", "name": category, "channel": "", "origin": made.isoformat()}
    told = line | {"mean": [units] * LONG, "levels": [], "bands": [], "sum_days": [], "sums": [], "flags": []}
    warehouse.insert_lines("forecast_series", orjson.dumps(told), token=name)


def test_each_day_is_held_against_the_newest_served_forecast_of_a_week_before(tmp_path: Path, chdb_path: Path) -> None:
    with a_platform(tmp_path / "data", chdb_path) as platform:
        warehouse = platform.warehouse
        forecast(warehouse, "a-oldest", 28, 1)
        forecast(warehouse, "b-newer", 14, 2)
        forecast(warehouse, "c-too-late", 3, 3)
        forecast(warehouse, "d-failed", 10, 4, status="failed")
        forecast(warehouse, "e-of-something-else", 12, 5, category="Books")

        rows = past.expected(warehouse, Scope.CATEGORY, "Toys", None, ORIGIN, 60)
        said = {(ORIGIN - row["date"]).days: row["predicted_units"] for row in rows}
        # The oldest knew 28 days ago: it speaks from a week later on, until the newer one does.
        assert said == {ago: 2 if ago <= 14 - past.WEEK_AHEAD else 1 for ago in range(28 - past.WEEK_AHEAD + 1)}
        assert {row["known_until"] for row in rows if row["predicted_units"] == 2} == {ORIGIN - timedelta(days=14)}

        few = past.expected(warehouse, Scope.CATEGORY, "Toys", None, ORIGIN, 3)
        assert [row["date"] for row in few] == [ORIGIN - timedelta(days=ago) for ago in (2, 1, 0)]
        assert past.expected(warehouse, Scope.CATEGORY, "Toys", "shop", ORIGIN, 60) == []
        assert past.expected(warehouse, Scope.ALL, "", None, ORIGIN, 60) == []
