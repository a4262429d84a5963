"""What gold knows of prices: what a unit cost on days with orders, list prices in between, and what was taken off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tradewind.insights.forecasting import prices
from tradewind.insights.forecasting.history import Matrix, day_number
from tradewind.insights.forecasting.prices import Prices
from tradewind.insights.gold import Gold
from tradewind.warehouse.client import Row

COLUMNS = (
    "groupArray(ifNull(toFloat64(d.median_price), nan)) AS prices, groupArray(ifNull(d.price_currency, '')) AS"
    " currencies, groupArray(if(d.ordered_units > 0, d.median_discount, nan)) AS discounts"
)
"""Of gold_daily_demand as d, for `of_rows`."""
_LIST = "bronze_products"


@dataclass(frozen=True)
class Paid:
    """The prices of series, and what each usually costs at the end: an amount in a currency, NaN and '' if unknown."""

    prices: Prices | None
    usual: Matrix
    currencies: tuple[str, ...]


def of_rows(gold: Gold, rows: Sequence[Row], first: date, days: int) -> Paid:
    """Of products on channels, by their days with orders.

    On a day without orders a price is what it was at the last one, and follows the list price of the product: what
    nobody paid that day was asked nevertheless.
    """
    lists = _list_prices(gold, first, days)
    paths, discounts, currencies = [], [], []
    for row in rows:
        at = np.array(row["days"], dtype=np.int64) - day_number(first)
        paid, off = np.full(days, np.nan), np.full(days, np.nan)
        currency = _mostly(row["currencies"])
        mine = np.array([one == currency for one in row["currencies"]], dtype=bool)
        paid[at] = np.where(mine & (np.array(row["prices"]) > 0), row["prices"], np.nan)
        off[at] = row["discounts"]
        asked = lists.get(row["product_id"])
        paths.append(paid if asked is None or not np.isfinite(paid).any() else prices.carried(paid / asked) * asked)
        discounts.append(off)
        currencies.append(currency)
    found, usual = prices.of_series(paths, discounts)
    return Paid(found, usual, tuple(currencies))


def _mostly(currencies: Sequence[str]) -> str:
    """The currency that most days have; the first by name where several do."""
    counted = Counter(one for one in currencies if one)
    return min(counted, key=lambda one: (-counted[one], one)) if counted else ""


def _list_prices(gold: Gold, first: date, days: int) -> Mapping[str, Matrix]:
    """The list price per day of products for which it ever changed."""
    if not gold.has(_LIST):
        return {}
    rows = gold.query(
        _LIST,
        "SELECT product_id, groupArray(day) AS days, groupArray(asked) AS prices FROM ("
        " SELECT product_id, toInt32(toDate32(event_at)) AS day, toFloat64(argMax(price, version)) AS asked,"
        f" argMax(currency, version) AS priced_in FROM {_LIST} WHERE price > 0 GROUP BY product_id, day"
        " ORDER BY product_id, day"
        ") GROUP BY product_id HAVING uniqExact(asked) > 1 AND uniqExact(priced_in) = 1",
    )
    found = {}
    for row in rows:
        changed = np.array(row["days"]) - day_number(first)
        nth = np.maximum(np.searchsorted(changed, np.arange(days), side="right") - 1, 0)
        found[row["product_id"]] = np.array(row["prices"])[nth]
    return found
