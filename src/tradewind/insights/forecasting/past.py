"""The days before a forecast: what they brought, and what had been expected of them."""

from __future__ import annotations

from datetime import date, timedelta

from tradewind.insights.forecasting.panel import TABLE
from tradewind.insights.forecasting.served import Scope
from tradewind.insights.gold import Gold
from tradewind.warehouse.client import Row, Warehouse

WEEK_AHEAD = 7
"""How long before a day the forecast was made that it is held against: what one could still order by."""
_LONGEST = 400
"""Days that no forecast reaches beyond."""
_MOST = 2000


def demand(gold: Gold, scope: Scope, name: str, channel: str | None, origin: date, days: int) -> list[Row]:
    """Units per day up to `origin`, oldest first, days without demand left out; stock's share beside."""
    of_scope = {
        Scope.PRODUCT: " AND product_id = {name:String}",
        Scope.CATEGORY: " AND product_id IN (SELECT product_id FROM silver_products WHERE category = {name:String})",
        Scope.ALL: "",
    }[scope]
    return gold.query(
        TABLE,
        f"SELECT date, sum(units) AS units, min(in_stock) AS in_stock FROM {TABLE}"
        " WHERE date > {first:Date32} AND date <= {origin:Date32}"
        + of_scope
        + (" AND channel = {channel:String}" if channel is not None else "")
        + " GROUP BY date ORDER BY date LIMIT {most:UInt32}",
        {
            "first": origin - timedelta(days=days),
            "origin": origin,
            "name": name,
            "channel": channel or "",
            "most": _MOST,
        },
    )


def expected(warehouse: Warehouse, scope: Scope, name: str, channel: str | None, origin: date, days: int) -> list[Row]:
    """Units that were expected of each day up to `origin`, by the newest served forecast of a week or more before.

    With the last day that this forecast knew as `known_until`. Days of which nothing was forecast are left out.
    """
    return warehouse.query(
        "SELECT day AS date, argMax(units, (made, run_id)) AS predicted_units, max(made) AS known_until FROM ("
        " SELECT run_id, origin AS made, origin + lag AS day, units FROM forecast_series"
        " ARRAY JOIN mean AS units, arrayEnumerate(mean) AS lag"
        " WHERE scope = {scope:String} AND name = {name:String} AND channel = {channel:String}"
        " AND origin > {first:Date32} - {longest:UInt16} AND lag >= {ahead:UInt16}"
        " AND day > {first:Date32} AND day <= {origin:Date32}"
        " AND run_id IN (SELECT run_id FROM forecast_runs WHERE status = 'served')"
        ") GROUP BY day ORDER BY day LIMIT {most:UInt32}",
        {
            "scope": str(scope),
            "name": name,
            "channel": channel or "",
            "first": origin - timedelta(days=days),
            "origin": origin,
            "longest": _LONGEST,
            "ahead": WEEK_AHEAD,
            "most": _MOST,
        },
    )
