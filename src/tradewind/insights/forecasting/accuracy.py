"""How good the forecasts were: what the back-test of the served run measured, and what past forecasts met since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tradewind.core.errors import Conflict
from tradewind.insights.figures import change_of
from tradewind.insights.forecasting.panel import TABLE
from tradewind.insights.forecasting.served import SERVED_RUNS
from tradewind.insights.gold import Gold
from tradewind.warehouse.client import Row, Warehouse

LAGS = (1, 7, 14, 30, 60, 90)
"""Days ahead at which live accuracy is told."""
PARTS = ("all", "class", "channel", "category", "total", "channel_total", "category_total")
"""What scores are cut by; those that end in total are of daily sums."""
_LIVE_DAYS = 90
_MOST_ROWS = 5_000


class NoForecast(Conflict):
    """Nothing has been trained yet."""

    code = "no_forecast"

    def __init__(self, what: str = "") -> None:
        super().__init__(
            f"There is no forecast{what} yet. Train with: tradewind forecast train (it needs gold: tradewind warehouse"
            " build)."
        )


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The newest run over all products, its scores, weights, and the live figures of forecasts by lag."""

    run: Mapping[str, Any]
    scores: list[dict[str, Any]]
    weights: list[Row]
    live: list[dict[str, Any]]
    rolled: Mapping[str, Any] | None
    """The newest roll of its models onto the days since: `at`, and its last known day `origin`."""


def accuracy(warehouse: Warehouse, *, model: str | None = None, part: str | None = None) -> Accuracy:
    """Scores by model, part (PARTS) and horizon. Raises NoForecast before the first run."""
    runs = warehouse.query(
        f"SELECT run_id, at, model, version, origin, horizon, series, seconds FROM forecast_runs"
        f" WHERE run_id IN (SELECT run_id FROM ({SERVED_RUNS})) AND status = 'served' AND kind = 'all'"
        " ORDER BY at DESC LIMIT 1"
    )
    if not runs:
        raise NoForecast
    run = runs[0]
    rows = warehouse.query(
        "SELECT * EXCEPT (run_id, written_at) FROM forecast_scores WHERE run_id = {run:String}"
        + (" AND model = {model:String}" if model is not None else "")
        + (" AND part = {part:String}" if part is not None else "")
        + " ORDER BY part, name, horizon, model LIMIT {most:UInt32}",
        {"run": run["run_id"], "model": model or "", "part": part or "", "most": _MOST_ROWS},
    )
    weights = warehouse.query(
        "SELECT demand_class, horizon, model, weight, verdict FROM forecast_weights WHERE run_id = {run:String}"
        " ORDER BY demand_class, horizon, model LIMIT {most:UInt32}",
        {"run": run["run_id"], "most": _MOST_ROWS},
    )
    rolls = warehouse.query(
        f"SELECT at, origin FROM forecast_runs WHERE run_id IN (SELECT run_id FROM ({SERVED_RUNS}))"
        " AND status = 'served' AND kind = 'daily' LIMIT 1"
    )
    rolled = rolls[0] if rolls else None
    scores = [row | {"value_added": value_added(row["wape"], row["naive_wape"])} for row in rows]
    return Accuracy(run, scores, weights, live(warehouse, (rolled or run)["origin"]), rolled)


def value_added(wape: float | None, naive: float | None) -> float | None:
    """How much less is missed than by repeating last week, a fraction; None where either is not defined."""
    change = change_of(wape, naive)
    return None if change is None else -change


def live(warehouse: Warehouse, newest: date) -> list[dict[str, Any]]:
    """What forecasts of runs that were served met: by lag, over the last 90 known days; empty without gold.

    Rolled ones count as well, each day and lag once.
    Days on which stock had run out are left out: their demand is not known.
    """
    gold = Gold(warehouse)
    if not gold.has(TABLE):
        return []
    rows = warehouse.query(
        f"""
        SELECT horizon AS lag, uniqExact(f.product_id) AS products, count() AS days, sum(units) AS demand,
            sum(abs(units - mean)) AS missed, sum(mean - units) AS over,
            countIf(units BETWEEN q10 AND q90) AS inside_80, countIf(units BETWEEN q025 AND q975) AS inside_95
        FROM (
            SELECT product_id, channel, target_date, horizon, mean, q025, q10, q90, q975 FROM forecasts
            WHERE channel != '' AND horizon IN {{lags:Array(UInt16)}}
                AND target_date > {{newest:Date32}} - {_LIVE_DAYS} AND target_date <= {{newest:Date32}}
                AND run_id IN (SELECT run_id FROM forecast_runs WHERE status = 'served' AND kind IN ('all', 'daily'))
            ORDER BY run_id DESC LIMIT 1 BY product_id, channel, target_date, horizon
        ) AS f
        LEFT JOIN (
            SELECT product_id, channel, date, units, in_stock FROM {TABLE}
            WHERE date > {{newest:Date32}} - {_LIVE_DAYS} AND date <= {{newest:Date32}}
        ) AS d ON f.product_id = d.product_id AND f.channel = d.channel AND f.target_date = d.date
        WHERE NOT (d.product_id != '' AND in_stock < 0.5 AND units = 0)
        GROUP BY lag ORDER BY lag LIMIT 100
        """,
        {"lags": list(LAGS), "newest": newest},
    )
    return [_live(row) for row in rows]


def _live(row: Row) -> dict[str, Any]:
    demand, days = float(row["demand"]), int(row["days"])
    return {
        "lag": int(row["lag"]),
        "products": int(row["products"]),
        "days": days,
        "units": demand,
        "wape": round(float(row["missed"]) / demand, 6) if demand else None,
        "bias": round(float(row["over"]) / demand, 6) if demand else None,
        "coverage_80": round(int(row["inside_80"]) / days, 6) if days else None,
        "coverage_95": round(int(row["inside_95"]) / days, 6) if days else None,
    }
