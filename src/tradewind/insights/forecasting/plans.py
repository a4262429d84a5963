"""What if: a plan of prices and promotions for the days ahead, and what it makes of a forecast.

The effect is what was seen of the product; of one whose price never changed, or that sells too seldom for its own to
say anything, what was seen of others. A forecast is multiplied by the effect of each day, its ranges alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from tradewind.core.errors import InvalidInput
from tradewind.insights.forecasting.effects import coefficients, factor_of
from tradewind.insights.forecasting.history import Matrix
from tradewind.insights.forecasting.panel import TABLE, Panel, load
from tradewind.insights.forecasting.prices import MOST_CHANGE, regressors_of
from tradewind.insights.forecasting.served import DemandForecast, SeriesForecast
from tradewind.insights.gold import Gold

_MOST_OTHERS = 100
"""Products that are looked at beside the one that is asked for: those with most days at a discount or another price."""
_RECENT_DAYS = 56


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What a product is to cost from one day to another, both included: a price, or so much off."""

    sku: str
    first: date
    last: date
    price: float | None = None
    """Before discounts, in the currency that the product is sold in."""
    discount_percent: float | None = None


@dataclass(frozen=True)
class Planned:
    """What a plan does."""

    rows: tuple[PlanRow, ...]
    """Those of the product."""
    factor: Matrix
    """Of each day ahead."""
    is_seen: bool
    """Whether a price or promotion of any product was seen to change demand; else the plan changes nothing."""


def check(rows: Sequence[PlanRow], known: Mapping[str, str], origin: date, horizon: int) -> None:
    """Raises InvalidInput that names each row that cannot be, counted from 1. `known` are product ids by SKU or id."""
    last = origin + timedelta(days=horizon)
    wrong = [f"row {nth}: {why}" for nth, row in enumerate(rows, 1) if (why := _wrong(row, known, origin, last))]
    places: dict[str, list[tuple[PlanRow, int]]] = {}
    for nth, row in enumerate(rows, 1):
        places.setdefault(known.get(row.sku, row.sku), []).append((row, nth))
    for mine in places.values():
        ordered = sorted(mine, key=lambda one: (one[0].first, one[1]))
        for (before, one), (after, other) in pairwise(ordered):
            if after.first <= before.last:
                wrong.append(f"rows {min(one, other)} and {max(one, other)}: their days overlap")
    if wrong:
        raise InvalidInput(f"The plan cannot be: {'; '.join(wrong)}.", field="plan")


def _wrong(row: PlanRow, known: Mapping[str, str], origin: date, last: date) -> str | None:
    if row.sku not in known:
        return f"there is no product '{row.sku}'"
    if row.first > row.last:
        return f"{row.first} is after {row.last}"
    if row.first <= origin or row.last > last:
        return f"{row.first} to {row.last} is not within the forecast, {origin + timedelta(days=1)} to {last}"
    if (row.price is None) == (row.discount_percent is None):
        return "it needs either price or discount_percent"
    if row.price is not None and not row.price > 0:
        return "price must be more than 0"
    if row.discount_percent is not None and not 0 < row.discount_percent <= 95:
        return "discount_percent must be more than 0 and 95 at most"
    return None


def planned(
    gold: Gold, product_id: str, channel: str | None, rows: Sequence[PlanRow], forecast: SeriesForecast, today: date
) -> Planned:
    """What these rows, all of the product, do to its forecast. Raises InvalidInput where no price is known of it."""
    origin, horizon = forecast.demand.origin, len(forecast.demand.mean)
    panel = load(gold, today, [product_id, *_others(gold, product_id)])
    mine: list[int | None] = [
        nth
        for nth, key in enumerate(zip(panel.products, panel.channels, strict=True))
        if key[0] == product_id and channel in (None, key[1])
    ]
    pooled, own = np.zeros(2), np.zeros((0, 2))
    if panel.history.prices is not None:
        own, pooled = coefficients(panel.history)
    factor, weight, is_seen = np.zeros(horizon), 0.0, False
    for nth in mine or [None]:  # one that was never sold has no series
        effects, now = _effects(panel, nth, own, pooled)
        relative, discount = np.full(horizon, now), np.zeros(horizon)
        for one in rows:
            days = slice((one.first - origin).days - 1, (one.last - origin).days)
            if one.price is not None:
                relative[days] = np.clip(np.log(one.price / _usual(panel, mine, nth)), -MOST_CHANGE, MOST_CHANGE)
            discount[days] = (one.discount_percent or 0) / 100
        usual = factor_of(regressors_of(np.array(now), np.array(0.0)), effects)
        sold = 1e-6 if nth is None else 1e-6 + float(panel.history.filled[nth, -_RECENT_DAYS:].sum())
        factor += sold * factor_of(regressors_of(relative, discount), effects) / usual
        weight, is_seen = weight + sold, is_seen or bool(effects.any())
    return Planned(tuple(rows), factor / weight, is_seen)


def _effects(panel: Panel, nth: int | None, own: Matrix, pooled: Matrix) -> tuple[Matrix, float]:
    """The effects on a series, and the log of its last price by the usual one."""
    prices = panel.history.prices
    if prices is None or nth is None or nth not in prices.rows:
        return pooled, 0.0
    row = int(np.searchsorted(prices.rows, nth))
    return own[row], float(prices.relative[row, -1])


def with_plan(forecast: SeriesForecast, factor: Matrix) -> SeriesForecast:
    """The forecast and its ranges with each day multiplied; a sum by what its days are multiplied by together."""
    told = forecast.demand
    mean = np.array(told.mean)
    changed = mean * factor
    sums = {}
    for days, values in told.cumulative.items():
        before = mean[:days].sum()
        times = changed[:days].sum() / before if before > 0 else 1.0
        sums[days] = tuple(float(one * times) for one in values)
    demand = DemandForecast(
        told.product_id, told.channel, told.origin, tuple(changed.tolist()), sums,
        told.model, told.engine, told.version, told.flags,
    )  # fmt: skip
    bands = {level: tuple((np.array(values) * factor).tolist()) for level, values in forecast.bands.items()}
    return replace(forecast, demand=demand, bands=bands)


def _usual(panel: Panel, mine: Sequence[int | None], nth: int | None) -> float:
    """What a series usually costs, for a price to be held against."""
    found = {panel.currencies[one] for one in mine if one is not None and panel.currencies} - {""}
    if len(found) > 1:
        raise InvalidInput(
            f"The plan cannot be: the product is sold in {' and '.join(sorted(found))}. Name a channel, or plan"
            " discount_percent in place of price.",
            field="plan",
        )
    usual = float("nan") if panel.usual_prices is None or nth is None else float(panel.usual_prices[nth])
    if not np.isfinite(usual):
        raise InvalidInput(
            "The plan cannot be: gold knows no price of the product. Plan discount_percent in place of price.",
            field="plan",
        )
    return usual


def _others(gold: Gold, product_id: str) -> list[str]:
    if not gold.has_prices(TABLE):
        return []
    rows = gold.query(
        TABLE,
        "SELECT product_id, countIf(median_discount > 0) + uniqExact(median_price) AS changes,"
        f" sum(units) AS units FROM {TABLE} WHERE product_id != {{product:String}} GROUP BY product_id"
        " HAVING countIf(median_discount > 0) > 0 OR uniqExact(median_price) > 1"
        " ORDER BY changes * log(1 + units) DESC, product_id LIMIT {most:UInt32}",
        {"product": product_id, "most": _MOST_OTHERS},
    )
    return [row["product_id"] for row in rows]
