"""A policy against a world, day by day: goods arrive, people buy what is there, and in the evening it orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from tradewind.demo.twin import Flags, Floats, Units, World

HOLDING_RATE = 0.25
_LONGEST_LEAD = 64


@dataclass
class Seen:
    """What a shop knows in the evening of day `today` (a column of the world): never what it could not sell."""

    world: World
    today: int
    sales: Units
    """Of all days up to today."""
    complete: Flags
    """Days on which nothing ran out: there sales are demand."""
    on_hand: Units
    on_order: Units


class Policy(Protocol):
    """Says in the evening how many units of each product to order, before they are rounded up to packs."""

    def orders(self, seen: Seen) -> Floats: ...


@dataclass(frozen=True)
class Outcome:
    """What a year came to. Money is in the currency of the world's prices."""

    wanted: int
    lost: int
    """Units that people wanted and did not get."""
    turned_away_days: int
    """Product-days on which somebody went without."""
    empty_days: int
    """Product-days that ended with nothing on the shelf."""
    capital: float
    """Mean stock at cost."""
    units: float
    """Mean units on hand."""
    profit: float
    """Margin of what was sold less the cost of keeping stock."""

    @property
    def fill_rate(self) -> float:
        return 1 - self.lost / self.wanted if self.wanted else 1.0


@dataclass
class _Counted:
    lost: int = 0
    turned_away: int = 0
    empty: int = 0
    capital: float = 0.0
    units: float = 0.0
    profit: float = 0.0
    wanted: int = 0
    days: int = field(default=0)


def replay(world: World, policy: Policy, *, opening: Units, warm_up: int = 28) -> Outcome:
    """Lost sales, no backorders; the first `warm_up` days of the year are played and not counted.

    An order of the evening of day t arrives before the first sale of day t + its lead time.
    """
    start, whole = world.known_days, world.known_days + world.days
    sales = world.demand.copy()
    complete = np.ones(sales.shape, bool)
    on_hand = opening.astype(np.int64).copy()
    arriving = np.zeros((world.products, whole + _LONGEST_LEAD), np.int64)
    counted = _Counted()
    row = np.arange(world.products)
    for today in range(start, whole):
        on_hand += arriving[:, today]
        wanted = world.demand[:, today]
        sold = np.minimum(on_hand, wanted)
        lost = wanted - sold
        on_hand -= sold
        sales[:, today] = sold
        complete[:, today] = on_hand > 0
        on_order = arriving[:, today + 1 :].sum(axis=1)
        seen = Seen(world, today, sales[:, : today + 1], complete[:, : today + 1], on_hand, on_order)
        asked = np.ceil(np.maximum(policy.orders(seen), 0) - 1e-9).astype(np.int64)
        units = -(-asked // world.pack) * world.pack
        np.add.at(arriving, (row, today + world.lead_times[:, today]), units)
        if today >= start + warm_up:
            _count(counted, world, wanted, sold, lost, on_hand)
    days = max(1, counted.days)
    return Outcome(
        counted.wanted,
        counted.lost,
        counted.turned_away,
        counted.empty,
        counted.capital / days,
        counted.units / days,
        counted.profit,
    )


def _count(counted: _Counted, world: World, wanted: Units, sold: Units, lost: Units, on_hand: Units) -> None:
    capital = float((on_hand * world.cost).sum())
    counted.days += 1
    counted.wanted += int(wanted.sum())
    counted.lost += int(lost.sum())
    counted.turned_away += int((lost > 0).sum())
    counted.empty += int((on_hand == 0).sum())
    counted.capital += capital
    counted.units += float(on_hand.sum())
    counted.profit += float((sold * world.margin).sum()) - HOLDING_RATE / 365 * capital
