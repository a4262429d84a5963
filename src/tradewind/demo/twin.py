"""A store whose truth is known: what people want each day, what promotions do, and how long suppliers take.

A shop only sees what it sold. Here the demand is drawn first, the same for every policy; `replay` lets a policy order
against it and counts what it could not serve. Equal seeds give equal worlds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tradewind.demo.demand import WEEKDAYS

Floats = NDArray[np.float64]
Units = NDArray[np.int64]
Flags = NDArray[np.bool_]

SUPPLIERS = 20
FIRST_DAY = date(2024, 1, 1)
_PACKS = (1, 1, 1, 6)
_LONGEST_LEAD = 30


@dataclass(frozen=True)
class World:
    """Products in rows, days in columns. The first `known_days` are the past that everybody has seen."""

    demand: Units
    """What was wanted: the truth."""
    rate: Floats
    """The mean that it was drawn from, promotions and season in it."""
    promoted: Flags
    lead_times: Units
    """Days until an order placed on the evening of a day is on the shelf, before that day's first sale."""
    known_days: int
    price: Floats
    cost: Floats
    pack: Units
    category: Units
    supplier: Units
    receipts: Sequence[Sequence[int]]
    """Per supplier, the lead times that were seen before the year began."""
    first_day: date = FIRST_DAY

    @property
    def products(self) -> int:
        return int(self.demand.shape[0])

    @property
    def days(self) -> int:
        """Of the replay."""
        return int(self.demand.shape[1]) - self.known_days

    @property
    def margin(self) -> Floats:
        return self.price - self.cost


def make_world(seed: int, *, products: int = 1_000, known_days: int = 730, days: int = 365) -> World:
    """A shop with a few fast products and many slow ones, a season, trends, promotions and unreliable suppliers.

    Mean daily demand is lognormal (median 0.6, a tenth above 6); counts are negative binomial with a variance of
    about twice the mean. Promotions of a week multiply demand by 1.3 to 2.5.
    """
    chance = np.random.default_rng([seed, 1])
    whole = known_days + days
    base = np.exp(chance.normal(np.log(0.6), 1.8, products)).clip(0.02, 60)
    category = chance.integers(0, 10, products)
    peak, depth = chance.integers(0, 365, 10), chance.uniform(0.0, 0.5, 10)
    day = np.arange(whole)
    season = 1 + depth[:, None] * np.cos(2 * np.pi * (day[None, :] - peak[:, None]) / 365.25)
    weekday = np.array(WEEKDAYS)[(FIRST_DAY.weekday() + day) % 7]
    growth = np.exp(chance.normal(0, 0.25, products))[:, None] ** (day[None, :] / 365)
    promoted, lift = _promotions(chance, products, whole)
    rate = base[:, None] * season[category] * weekday[None, :] * growth * lift
    # Variance over mean, as daily counts of shops have it: somewhat above the 1 of independent buyers.
    burst = 1 + np.exp(chance.normal(0, 0.6, products))[:, None]
    demand = chance.negative_binomial(rate / (burst - 1), 1 / burst)
    supplier = chance.integers(0, SUPPLIERS, products)
    usual, spread = chance.integers(3, 15, SUPPLIERS), chance.uniform(0.05, 0.35, SUPPLIERS)
    lead_times = _lead_times(chance, usual[supplier], spread[supplier], whole)
    receipts = [_lead_times(chance, usual[[s]], spread[[s]], 40)[0].tolist() for s in range(SUPPLIERS)]
    cost = np.exp(chance.normal(np.log(8), 0.8, products)).round(2)
    price = (cost * chance.uniform(1.3, 2.8, products)).round(2)
    pack = np.array(_PACKS)[chance.integers(0, len(_PACKS), products)]
    return World(
        demand.astype(np.int64), rate, promoted, lead_times, known_days, price, cost, pack, category, supplier, receipts
    )


def _promotions(chance: np.random.Generator, products: int, days: int) -> tuple[Flags, Floats]:
    """A week each, on average two a year and product, and by how much each lifts demand."""
    promoted, lift = np.zeros((products, days), bool), np.ones((products, days))
    for start in range(0, days - 7, 7):
        chosen = chance.random(products) < 2 / 52
        promoted[chosen, start : start + 7] = True
        lift[chosen, start : start + 7] = chance.uniform(1.3, 2.5, int(chosen.sum()))[:, None]
    return promoted, lift


def _lead_times(chance: np.random.Generator, usual: NDArray[np.int64], spread: Floats, days: int) -> Units:
    drawn = chance.gamma(1 / spread[:, None] ** 2, usual[:, None] * spread[:, None] ** 2, (len(usual), days))
    return np.asarray(np.clip(np.rint(drawn), 1, _LONGEST_LEAD).astype(np.int64))


def day_of(world: World, column: int) -> date:
    """The calendar day of a column."""
    return world.first_day + timedelta(days=column)
