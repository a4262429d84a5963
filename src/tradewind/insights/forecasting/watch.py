"""What signals look at, out of gold: the last weeks' demand, and what forecasts had made of these days before.

Where no served forecast is old enough, as after the first import, the regression is fitted to what was known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from tradewind.insights.forecasting import members, panel
from tradewind.insights.forecasting.classes import classify
from tradewind.insights.forecasting.history import WEEK, Flags, History, Matrix, Numbers, day_number
from tradewind.insights.forecasting.panel import TABLE, NoHistory
from tradewind.insights.forecasting.signals import TREND_AHEAD_DAYS, Watched
from tradewind.insights.forecasting.tails import dispersion
from tradewind.insights.gold import Gold
from tradewind.warehouse.client import Row

WATCHED_DAYS = 28
"""Days that are looked at, up to the last known one."""
_PAST_DAYS = 182
"""Days before these that noise is learnt from."""
_WORTH_DAYS = 365
_SALES = "gold_daily_sales"
_MOST_SERIES = 100_000
_MEMBERS = ("glm", "pooled")


class Basis(StrEnum):
    """Where expectations come from."""

    SERVED = "served"
    """Forecasts that were served before the day."""
    COMPUTED = "computed"
    """Fitted now, from what was known before the day."""
    MIXED = "mixed"


@dataclass(frozen=True)
class Look:
    """The series by product and channel, with the past that noise is learnt from."""

    watched: Watched
    past: Matrix
    basis: Basis
    currency: str | None
    """Of the series' worth; None where nothing tells it."""

    def by_product(self) -> Watched:
        """The products over all their channels."""
        mine = self.watched
        products, inverse = np.unique(np.array(mine.products), return_inverse=True)
        group: Numbers = np.asarray(inverse, dtype=np.int64)
        both = np.isfinite(mine.units) & np.isfinite(mine.expected)
        units, expected = (_summed(np.where(both, one, np.nan), group) for one in (mine.units, mine.expected))
        first = np.unique(group, return_index=True)[1]
        return replace(
            mine,
            products=tuple(map(str, products)),
            channels=("",) * len(products),
            units=units,
            expected=expected,
            foreseen=_summed(mine.foreseen, group),
            dispersion=_noise(_summed(self.past, group), mine.date_of(0)),
            worth=mine.worth[first],
        )

    def with_watched(self, watched: Watched) -> Look:
        return replace(self, watched=watched)


def look(gold: Gold, today: date, channel: str | None = None) -> Look:
    """The series of all channels or of one. Raises GoldNotBuilt and NoHistory."""
    gold.need(TABLE)
    last_day, _ = panel.known_range(gold, today)
    first = last_day - timedelta(days=_PAST_DAYS + WATCHED_DAYS - 1)
    rows = _rows(gold, first, last_day, channel)
    if not rows:
        raise NoHistory(f"Nothing has been sold on '{channel}' since {first}. Leave the channel away, or name another.")
    keys = [(row["product_id"], row["channel"]) for row in rows]
    units = np.full((len(rows), _PAST_DAYS + WATCHED_DAYS), np.nan)
    share = np.ones((len(rows), WATCHED_DAYS))
    for nth, row in enumerate(rows):
        units[nth], share[nth] = _days(row, first)
    expected, foreseen = _served(gold, keys, last_day)
    missing, missing_week = np.isnan(expected).all(axis=0), np.isnan(foreseen).all(axis=0)
    if missing.any() or missing_week.any():
        computed, computed_week = _computed(gold, keys, last_day)
        expected[:, missing] = computed[:, missing]
        foreseen[:, missing_week] = computed_week[:, missing_week]
    worth, currency = _worth(gold, keys, last_day)
    past = units[:, :_PAST_DAYS]
    watched = Watched(
        tuple(product for product, _ in keys),
        tuple(channel for _, channel in keys),
        last_day,
        units[:, _PAST_DAYS:],
        expected * share,
        foreseen * share[:, -WEEK:],
        _noise(past, last_day - timedelta(days=WATCHED_DAYS - 1)),
        worth,
    )
    return Look(watched, past, _basis(np.concatenate([missing, missing_week])), currency)


def _basis(missing: Flags) -> Basis:
    if not missing.any():
        return Basis.SERVED
    return Basis.COMPUTED if missing.all() else Basis.MIXED


def _noise(past: Matrix, end: date) -> Matrix:
    """φ per series from the days before `end`."""
    history = History(past, end - timedelta(days=past.shape[1]), np.zeros(len(past), dtype=np.int64))
    return dispersion(past, history.weekday())


def _rows(gold: Gold, first: date, last_day: date, channel: str | None) -> list[Row]:
    return gold.query(
        TABLE,
        "SELECT product_id, channel, toInt32(min(date)) AS begins, groupArrayIf(toInt32(date), date >= {first:Date32})"
        " AS days, groupArrayIf(units, date >= {first:Date32}) AS units,"
        f" groupArrayIf(in_stock, date >= {{first:Date32}}) AS in_stock FROM {TABLE} WHERE date <= {{last:Date32}}"
        + (" AND channel = {channel:String}" if channel is not None else "")
        + " GROUP BY product_id, channel HAVING max(date) >= {first:Date32}"
        " ORDER BY product_id, channel LIMIT {most:UInt32}",
        {"first": first, "last": last_day, "channel": channel or "", "most": _MOST_SERIES},
    )


def _days(row: Row, first: date) -> tuple[Matrix, Matrix]:
    """Units by day, NaN before the first sale and while stock had run out; the share in stock of the watched days."""
    length = _PAST_DAYS + WATCHED_DAYS
    units, share = np.zeros(length), np.ones(length)
    at = np.array(row["days"], dtype=np.int64) - day_number(first)
    units[at], share[at] = np.array(row["units"], dtype=float), np.array(row["in_stock"], dtype=float)
    units[(share < 0.5) & (units == 0)] = np.nan
    units[: max(int(row["begins"]) - day_number(first), 0)] = np.nan
    return units, np.maximum(share[-WATCHED_DAYS:], 0.5)


def _served(gold: Gold, keys: Sequence[tuple[str, str]], last_day: date) -> tuple[Matrix, Matrix]:
    """Means of the newest forecast before each day, and of the newest that is a fortnight older than it.

    Of trainings: rolled forecasts follow each day what is to stand out, such as a shift of level.
    """
    since = last_day - timedelta(days=WATCHED_DAYS - 1)
    rows = gold.warehouse.query(
        """
        SELECT product_id, channel, groupArray(toInt32(target_date)) AS days, groupArray(newest) AS means,
            groupArray(if(aged > 0, older, nan)) AS older_means
        FROM (
            SELECT product_id, channel, target_date, argMax(mean, (origin_date, f.run_id)) AS newest,
                argMaxIf(mean, (origin_date, f.run_id), horizon >= {ahead:UInt16}) AS older,
                countIf(horizon >= {ahead:UInt16}) AS aged
            FROM forecasts AS f
            WHERE channel != '' AND target_date >= {since:Date32} AND target_date <= {last:Date32}
                AND run_id IN (SELECT run_id FROM forecast_runs WHERE status = 'served' AND kind = 'all')
                AND origin_date >= {since:Date32} - 35
            GROUP BY product_id, channel, target_date
        )
        GROUP BY product_id, channel ORDER BY product_id, channel LIMIT {most:UInt32}
        """,
        {"since": since, "last": last_day, "ahead": TREND_AHEAD_DAYS, "most": _MOST_SERIES},
    )
    expected, foreseen = np.full((len(keys), WATCHED_DAYS), np.nan), np.full((len(keys), WATCHED_DAYS), np.nan)
    at = {key: nth for nth, key in enumerate(keys)}
    for row in rows:
        nth = at.get((row["product_id"], row["channel"]))
        if nth is not None:
            columns = np.array(row["days"], dtype=np.int64) - day_number(since)
            expected[nth, columns] = np.array(row["means"], dtype=float)
            foreseen[nth, columns] = np.array(row["older_means"], dtype=float)
    return expected, foreseen[:, -WEEK:]


def _computed(gold: Gold, keys: Sequence[tuple[str, str]], last_day: date) -> tuple[Matrix, Matrix]:
    """The same by fits to what was known at the end of each week before."""
    found = panel.load(gold, last_day + timedelta(days=1), sorted({product for product, _ in keys}))
    at = {key: nth for nth, key in enumerate(zip(found.products, found.channels, strict=True))}
    rows = np.array([at[key] for key in keys])
    weeks = []
    foreseen = np.full((len(keys), WEEK), np.nan)
    for ago in range(WATCHED_DAYS, 0, -WEEK):
        known = found.history.days - ago
        if known < WEEK:
            weeks.append(np.full((len(keys), WEEK), np.nan))
            continue
        horizon = TREND_AHEAD_DAYS + WEEK
        part = found.history.until(known)
        means = members.forecast(part, horizon, _MEMBERS, classify(part))
        mean = np.where(np.isfinite(means["glm"]), means["glm"], means["pooled"])[rows]
        weeks.append(mean[:, :WEEK])
        if ago == horizon:
            foreseen = mean[:, -WEEK:]
    return np.concatenate(weeks, axis=1), foreseen


def _worth(gold: Gold, keys: Sequence[tuple[str, str]], last_day: date) -> tuple[Matrix, str | None]:
    """Margin of a unit over the last year, the price where no cost is known; and the currency."""
    if not gold.has(_SALES):
        return np.full(len(keys), np.nan), None
    rows = gold.query(
        _SALES,
        "SELECT product_id, sum(units) AS sold, toFloat64(sum(revenue_converted)) AS revenue,"
        " sum(units_with_cost) AS costed, toFloat64(sum(revenue_with_cost_converted) - sum(cost_converted)) AS profit,"
        f" any(reporting_currency) AS currency FROM {_SALES} WHERE date > {{since:Date32}} AND date <= {{last:Date32}}"
        " AND product_id != '' GROUP BY product_id ORDER BY product_id LIMIT {most:UInt32}",
        {"since": last_day - timedelta(days=_WORTH_DAYS), "last": last_day, "most": _MOST_SERIES},
    )
    found = {row["product_id"]: _unit_worth(row) for row in rows}
    worth = np.array([found.get(product, np.nan) for product, _ in keys])
    return worth, rows[0]["currency"] if rows else None


def _unit_worth(row: Row) -> float:
    if row["costed"] > 0 and row["profit"] is not None:
        return max(float(row["profit"]) / float(row["costed"]), 0.0)
    if row["sold"] > 0 and row["revenue"] is not None:
        return float(row["revenue"]) / float(row["sold"])
    return float("nan")


def _summed(values: Matrix, group: Numbers) -> Matrix:
    """Sums by group; NaN where none of it is known."""
    known, total = (np.zeros((int(group.max()) + 1, values.shape[1])) for _ in range(2))
    np.add.at(total, group, np.nan_to_num(values))
    np.add.at(known, group, np.isfinite(values).astype(float))
    return np.asarray(np.where(known > 0, total, np.nan))
