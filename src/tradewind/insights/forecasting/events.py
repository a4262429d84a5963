"""Days that are known ahead to be unlike others: public holidays, of the store's country or of the one most goes to.

From the library `holidays` (extra `[holidays]`). A holiday that the past has seen twice has an effect of its own; those
that it has seen less share one.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tradewind.insights.forecasting.history import Matrix
from tradewind.insights.gold import Gold

_LEAST_SHARE = 0.5
"""Of the orders that must go to a country for its holidays to count."""
_LEAST_SEEN = 2
_SHARED = "other holidays"


@dataclass(frozen=True)
class Events:
    """A column per kind of event, 1 on its days; `says` tells in words what is known."""

    names: tuple[str, ...]
    days: Matrix
    says: str
    country: str | None = None


def known_ahead(
    gold: Gold,
    first: date,
    origin: date,
    ahead: int,
    country: str | None = None,
    names: tuple[str, ...] | None = None,
) -> Events:
    """The holidays from the first day to so many days after the origin; no column where none are known.

    Of the country that most orders go to, where none is named. `names` are the columns where those are given.
    """
    whole = (origin - first).days + 1 + ahead
    none = np.zeros((whole, 0))
    if names == ():
        return Events((), none, "no holidays: none were known in training")
    country = country or _country(gold, first, origin)
    if country is None:
        return Events((), none, "no holidays: no country gets most of the orders")
    if importlib.util.find_spec("holidays") is None:
        return Events((), none, f"no holidays of {country}: install them with pip install 'tradewind[holidays]'")
    found = public_holidays(country, first, whole)
    if not found:
        return Events((), none, f"no holidays: none are known of {country}")
    seen = Counter(name for day, name in found.items() if day <= origin)
    own = {name for name, times in seen.items() if times >= _LEAST_SEEN} if names is None else set(names)
    named = {day: name if name in own else _SHARED for day, name in found.items()}
    names = tuple(sorted(set(named.values()))) if names is None else names
    days = np.zeros((whole, len(names)))
    for day, name in named.items():
        if name in names:
            days[(day - first).days, names.index(name)] = 1
    return Events(names, days, f"holidays of {country}: {len(names)} effects", country)


def public_holidays(country: str, first: date, days: int) -> dict[date, str]:
    """Names by day, of a country told by its two letters; empty for one that the library does not know."""
    import holidays

    if country not in holidays.list_supported_countries():
        return {}
    last = first + timedelta(days=days - 1)
    told = holidays.country_holidays(country, years=range(first.year, last.year + 1), language="en_US")
    return {day: name.removesuffix(" (observed)") for day, name in told.items() if first <= day <= last}


def _country(gold: Gold, first: date, origin: date) -> str | None:
    if not gold.has("silver_orders"):
        return None
    rows = gold.query(
        "silver_orders",
        "SELECT upper(assumeNotNull(ship_country)) AS country, count() AS orders, sum(orders) OVER () AS whole"
        " FROM silver_orders WHERE ship_country != '' AND order_date BETWEEN {first:Date32} AND {origin:Date32}"
        " GROUP BY country ORDER BY orders DESC, country LIMIT 1",
        {"first": first, "origin": origin},
    )
    return rows[0]["country"] if rows and rows[0]["orders"] >= _LEAST_SHARE * rows[0]["whole"] else None
