"""The forecasts that are served: of the newest training, as rolled forward since, and newer ones of single products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.client import Row, Warehouse

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
"""Of the quantiles of sums over several days."""
DAY_LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
"""Of the quantiles of a single day."""
SUM_DAYS = (7, 14, 30, 60, 90)
"""Over how many days sums are kept; fewer where the horizon is shorter."""
_MOST = 10_000

_ENDED = """
    SELECT run_id, any(kind) AS of_kind, any(trained_run) AS training, max(at) AS ended_at
    FROM forecast_runs GROUP BY run_id HAVING countIf(status = 'served') > 0
"""
_TRAINED = f"SELECT max((ended_at, run_id)) FROM ({_ENDED}) WHERE of_kind = 'all'"
_ROLLED = f"SELECT max((ended_at, run_id)) FROM ({_ENDED}) WHERE of_kind = 'daily' AND training = ({_TRAINED}).2"
SERVED_RUNS = f"""
    SELECT run_id, ended_at, of_kind = 'product' AS is_chosen,
        if(of_kind = 'daily', ({_TRAINED}).1, ended_at) AS trained_at,
        if(of_kind = 'daily', toNullable(ended_at), NULL) AS rolled_at
    FROM ({_ENDED})
    WHERE of_kind != 'daily' AND ended_at >= ({_TRAINED}).1 OR run_id = ({_ROLLED}).2
"""
"""What is served, a SELECT to be joined: the newest training over all products, the newest roll of its models, and the
runs of single products since then, which go before both."""


class Scope(StrEnum):
    """What a series is the demand of."""

    PRODUCT = "product"
    CATEGORY = "category"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DemandForecast:
    """What is expected of one product (channel None = all channels) in the days after `origin`, in units.

    Never add up quantiles of days: `cumulative` holds those of sums.
    """

    product_id: str
    channel: str | None
    origin: date
    """The last day that was known."""
    mean: tuple[float, ...]
    """Per day, for the horizons 1 to H."""
    cumulative: Mapping[int, tuple[float, ...]]
    """Quantiles at LEVELS of the sum over the first so many days."""
    model: str
    engine: str
    version: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """The forecast of one series with its daily quantiles."""

    scope: Scope
    name: str
    """Product id or category; empty for all."""
    demand: DemandForecast
    demand_class: str
    bands: Mapping[float, tuple[float, ...]]
    """Quantiles per day by level (DAY_LEVELS)."""
    run_id: str
    trained_at: datetime | None = None
    """When its models were trained; None: now, for this question."""
    rolled_at: datetime | None = None
    """When they were given the days since; None: they were not yet."""


def served(
    warehouse: Warehouse,
    product_ids: Sequence[str] | None = None,
    *,
    channel: str | None = None,
    limit: int,
    after: str | None = None,
) -> list[DemandForecast]:
    """The served forecasts of products in the order of their ids; none for a product that no run has forecast.

    `channel` None is the demand over all channels. `after` goes on behind a product id. At most 10,000 at once.
    """
    return [
        one.demand for one in series(warehouse, Scope.PRODUCT, product_ids, channel=channel, limit=limit, after=after)
    ]


def series(
    warehouse: Warehouse,
    scope: Scope,
    names: Sequence[str] | None = None,
    *,
    channel: str | None = None,
    limit: int,
    after: str | None = None,
) -> list[SeriesForecast]:
    """The same of products, categories or all, with the quantiles of each day."""
    if not 1 <= limit <= _MOST:
        raise InvalidInput(f"The limit must be 1 to {_MOST:,}.", field="limit")
    if names is not None and len(names) > _MOST:
        raise InvalidInput(f"Ask for at most {_MOST:,} at once.", field="product_ids")
    rows = warehouse.query(
        "SELECT s.run_id AS run_id, scope, name, channel, origin, demand_class, mean, levels, bands, sum_days, sums,"
        " model, engine, version, flags, trained_at, rolled_at"
        f" FROM forecast_series AS s INNER JOIN ({SERVED_RUNS}) AS r ON s.run_id = r.run_id"
        " WHERE scope = {scope:String} AND channel = {channel:String}"
        + (" AND name > {after:String}" if after is not None else "")
        + (" AND name IN {names:Array(String)}" if names is not None else "")
        + " ORDER BY name, is_chosen DESC, isNull(rolled_at), r.ended_at DESC LIMIT 1 BY name LIMIT {limit:UInt32}",
        {
            "scope": str(scope),
            "channel": channel or "",
            "after": after or "",
            "names": list(names or ()),
            "limit": limit,
        },
    )
    return [_forecast(row) for row in rows]


def _forecast(row: Row) -> SeriesForecast:
    demand = DemandForecast(
        product_id=row["name"],
        channel=row["channel"] or None,
        origin=row["origin"],
        mean=tuple(row["mean"]),
        cumulative={days: tuple(values) for days, values in zip(row["sum_days"], row["sums"], strict=True)},
        model=row["model"],
        engine=row["engine"],
        version=row["version"],
        flags=tuple(row["flags"]),
    )
    bands = {level: tuple(values) for level, values in zip(row["levels"], row["bands"], strict=True)}
    return SeriesForecast(
        Scope(row["scope"]), row["name"], demand, row["demand_class"], bands, row["run_id"], row["trained_at"],
        row["rolled_at"],
    )  # fmt: skip
