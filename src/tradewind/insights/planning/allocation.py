"""Giving out what is scarce, unit by unit, to where the next one is worth most.

Each next unit in one place is worth no more than the one before (the loss is convex), so taking the best next unit
again and again is optimal, and a stock-out of cash or of units is shared out without any solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace

from tradewind.insights.planning.distribution import Distribution


@dataclass(frozen=True, slots=True)
class Place:
    """Where units may go: demand there over its protection interval, and what it has already.

    `short` is the money a unit short costs, `cost` what bringing a unit there costs.
    """

    name: str
    demand: Distribution
    position: float
    short: float
    cost: float = 0.0

    def gain(self, given: float, more: float = 1.0) -> float:
        """Money that `more` units are worth on top of `given`: lost sales avoided, less what bringing them costs."""
        have = self.position + given
        saved = expected_short(self.demand, have) - expected_short(self.demand, have + more)
        return self.short * saved - self.cost * more


def expected_short(demand: Distribution, position: float) -> float:
    """E[(demand - position)+], also where more is promised than there is."""
    return demand.expected_excess(position) if position >= 0 else demand.expected_excess(0) - position


def allocate(units: int, places: Sequence[Place], *, pack: int = 1) -> dict[str, int]:
    """Units by place, in packs, at most so many in all; what is worth less than it costs stays where it is.

    Equal gains go to the place that stands first.
    """
    given = dict.fromkeys((place.name for place in places), 0)
    heap = [(-place.gain(0, pack), index) for index, place in enumerate(places)]
    heapify(heap)
    left = units
    while heap and left >= pack and heap[0][0] < 0:
        _, index = heap[0]
        place = places[index]
        given[place.name] += pack
        left -= pack
        heapreplace(heap, (-place.gain(given[place.name], pack), index))
    return given


@dataclass(frozen=True, slots=True)
class Wish:
    """One step that money can buy: `after` names the step that has to be bought before."""

    key: str
    step: int
    cash: float
    profit: float

    @property
    def per_cash(self) -> float:
        return self.profit / self.cash if self.cash else float("inf")


@dataclass(frozen=True, slots=True)
class Spent:
    """Steps bought by key, and the cash they took."""

    steps: dict[str, int]
    cash: float


def within_budget(wishes: Iterable[Wish], budget: float) -> Spent:
    """Buys steps by expected profit per unit of cash, best first, each after the one before it of its key.

    A key whose next step does not fit is passed over, and its later steps with it. Profit per cash must not rise from
    step to step of a key: then no other choice of equally dear steps earns more.
    """
    ranked = sorted(wishes, key=lambda wish: (-wish.per_cash, wish.key, wish.step))
    steps: dict[str, int] = {}
    stopped: set[str] = set()
    spent = 0.0
    for wish in ranked:
        if wish.profit <= 0 or wish.key in stopped:
            continue
        if steps.get(wish.key, 0) != wish.step or spent + wish.cash > budget + 1e-9:
            stopped.add(wish.key)
            continue
        steps[wish.key] = wish.step + 1
        spent += wish.cash
    return Spent(steps, spent)
