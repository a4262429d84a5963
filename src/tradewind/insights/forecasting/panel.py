"""Demand out of gold as one matrix: a row per product and channel, a column per business day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import Conflict, InvalidInput
from tradewind.insights.forecasting.events import known_ahead
from tradewind.insights.forecasting.history import Flags, History, Matrix, day_number
from tradewind.insights.forecasting.paid import COLUMNS, of_rows
from tradewind.insights.gold import Gold
from tradewind.warehouse.client import Row

TABLE = "gold_daily_demand"
_LONGEST_DAYS = 1_826
"""Five years back; older demand says nothing that these do not."""
_MOST_SERIES = 100_000
_AHEAD_DAYS = 365
_STILL_OPEN_DAYS = 14
"""A shop that sold nothing for so long has stopped, or its data end there."""
_LEAST_IN_STOCK = 0.5
"""A day with less than this share in stock is not known, unless something was sold on it."""
_LEAST_GROUP = 20
"""Series that a category needs for a calendar profile of its own."""


class NoHistory(Conflict):
    """There is nothing to learn from."""

    code = "no_history"


@dataclass(frozen=True)
class Ground:
    """What a panel stands on, so that a longer one can be its continuation."""

    first: date
    origin: date
    country: str | None
    """Whose holidays are known; None: no holidays are."""
    events: tuple[str, ...]
    """Their columns."""
    groups: Mapping[str, int]
    """Numbers of the categories with a group of their own."""


@dataclass(frozen=True)
class Panel:
    """Series with what they are of. Row i of the history is `products[i]` in `channels[i]`."""

    products: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    """Empty for a product without one."""
    history: History
    ended: Flags
    """Gone from stock or not offered on the last day."""
    archived: Flags | None = None
    """Taken out of sale for good; None: none is."""
    events: str = ""
    """What is known of days to come, in words."""
    country: str | None = None
    event_names: tuple[str, ...] = ()
    usual_prices: Matrix | None = None
    """What a unit of each series usually costs at the end, NaN where that is not known; None: of none it is."""
    currencies: tuple[str, ...] = ()
    """What these prices are in."""

    @property
    def ground(self) -> Ground:
        groups = dict(zip(self.categories, self.history.group.tolist(), strict=True))
        own = {name: group for name, group in groups.items() if group}
        return Ground(self.history.first_day, self.origin, self.country, self.event_names, own)

    @property
    def origin(self) -> date:
        """The last day that is known."""
        return self.history.first_day + timedelta(days=self.history.days - 1)


def open_day(gold: Gold, now: datetime, zone: ZoneInfo) -> date:
    """The first business day that gold does not know in full: that of its last build, and never later than today."""
    built = gold.built_at(TABLE)
    return min(now, built or now).astimezone(zone).date()


def load(
    gold: Gold,
    today: date,
    product_ids: Sequence[str] | None = None,
    *,
    country: str | None = None,
    like: Ground | None = None,
) -> Panel:
    """The demand of all products, or of these, up to the day before `today` (see `open_day`), or to where data end.

    The holidays are those of the country, told by its two letters; None: of the one that most orders go to. `like` is
    the ground of an earlier panel that this one continues. Raises GoldNotBuilt before the first build, and NoHistory
    where nothing was ever sold.
    """
    gold.need(TABLE, "silver_products")
    origin, first = known_range(gold, today)
    first = first if like is None else like.first
    with_prices = gold.has_prices(TABLE)
    rows = _rows(gold, first, origin, product_ids, with_prices=with_prices)
    if not rows:
        raise NoHistory(
            "Nothing has been sold yet, so there is nothing to forecast from. Import past orders first."
            if product_ids is None
            else "The product has not been sold yet. Look at the forecast of its category, or of a product like it."
        )
    days = day_number(origin) - day_number(first) + 1
    demand = np.full((len(rows), days), np.nan)
    ended = np.zeros(len(rows), bool)
    for nth, row in enumerate(rows):
        demand[nth], in_stock = _series(row, day_number(first), days)
        ended[nth] = not in_stock or row["status"] not in ("active", "")
    paid = of_rows(gold, rows, first, days) if with_prices else None
    categories = tuple(row["category"] for row in rows)
    if like is None:
        events = known_ahead(gold, first, origin, _AHEAD_DAYS, country)
        groups = _groups(categories)
    else:
        events = known_ahead(gold, first, origin, _AHEAD_DAYS, like.country, like.events)
        groups = np.array([like.groups.get(one, 0) for one in categories], dtype=np.int64)
    return Panel(
        tuple(row["product_id"] for row in rows),
        tuple(row["channel"] for row in rows),
        categories,
        History(demand, first, groups, events.days if events.names else None, paid.prices if paid else None),
        ended,
        np.array([row["status"] == "archived" for row in rows], dtype=bool),
        events.says,
        events.country,
        events.names,
        paid.usual if paid else None,
        paid.currencies if paid else (),
    )


def known_range(gold: Gold, today: date) -> tuple[date, date]:
    """The last day that is known, and the first that is looked at. NoHistory where nothing was ever sold."""
    (row,) = gold.query(
        TABLE,
        f"SELECT minOrNull(date) AS first, maxOrNull(date) AS last FROM {TABLE}"
        " WHERE ordered_units > 0 AND date < {today:Date32}",
        {"today": today},
    )
    if row["last"] is None:
        raise NoHistory("Nothing has been sold yet, so there is nothing to forecast from. Import past orders first.")
    yesterday = today - timedelta(days=1)
    origin = yesterday if (yesterday - row["last"]).days <= _STILL_OPEN_DAYS else row["last"]
    return origin, max(row["first"], origin - timedelta(days=_LONGEST_DAYS - 1))


def _rows(gold: Gold, first: date, origin: date, product_ids: Sequence[str] | None, *, with_prices: bool) -> list[Row]:
    with gold.warehouse.connection() as connection:
        rows = connection.query(
            "SELECT d.product_id AS product_id, d.channel AS channel, ifNull(any(p.category), '') AS category,"
            " ifNull(any(p.status), '') AS status, groupArray(toInt32(d.date)) AS days, groupArray(d.units) AS units,"
            f" groupArray(d.in_stock) AS in_stock{', ' + COLUMNS if with_prices else ''} FROM {TABLE} AS d"
            " LEFT JOIN silver_products AS p ON d.product_id = p.product_id"
            " WHERE d.date >= {first:Date32} AND d.date <= {origin:Date32}"
            + (" AND d.product_id IN {products:Array(String)}" if product_ids is not None else "")
            + " GROUP BY product_id, channel ORDER BY product_id, channel LIMIT {most:UInt32}",
            {"first": first, "origin": origin, "products": list(product_ids or ()), "most": _MOST_SERIES + 1},
        )
    if len(rows) > _MOST_SERIES:
        raise InvalidInput(f"More than {_MOST_SERIES:,} products by channel are too many for one run.")
    return rows


def _series(row: Row, first: int, days: int) -> tuple[Matrix, bool]:
    """Demand by day, NaN before the first sale and while stock had run out; and whether there is stock at the end."""
    found = np.zeros(days)
    at = np.array(row["days"], dtype=np.int64) - first
    units = np.array(row["units"], dtype=float)
    share = np.array(row["in_stock"], dtype=float)
    whole = np.where(share < 1, np.minimum(units / np.maximum(share, _LEAST_IN_STOCK), 3 * units), units)
    found[at] = np.where((share < _LEAST_IN_STOCK) & (units == 0), np.nan, whole)
    found[: at.min()] = np.nan
    return found, not (share[at == days - 1] == 0).any()


def _groups(categories: Sequence[str]) -> NDArray[np.int64]:
    """Numbers of the categories with enough series; all others share number 0."""
    names, inverse, counts = np.unique(np.array(categories), return_inverse=True, return_counts=True)
    own = (counts >= _LEAST_GROUP) & (names != "")
    numbers = np.where(own, np.cumsum(own), 0)
    return np.asarray(numbers[inverse], dtype=np.int64)
