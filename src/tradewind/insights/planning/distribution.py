"""Demand over a period as quantiles: what stock mathematics asks of it, and nothing else.

Between the given levels the quantile function is linear. Below the lowest it runs on with the slope of the first
two, never below zero. Above the highest the tail is exponential, with the slope of the last two on the scale of
ln(1/(1 - p)). For a normal demand the expected excess comes out 2 to 11 % high, the further out the more: on the side
of more stock. Units are units.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Self

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
"""The levels at which forecasts are stored."""
_FAR = (0.995, 0.999, 0.9999, 0.999999)
"""Levels in the tail at which mixtures are drawn."""
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Distribution:
    """Demand over one period: quantiles at rising levels inside (0, 1), never falling, never negative.

    `mean` is that of the forecast; the grid's own integral may differ from it a little. Raises ValueError for a grid
    that is none.
    """

    levels: tuple[float, ...]
    values: tuple[float, ...]
    mean: float

    def __post_init__(self) -> None:
        if len(self.levels) != len(self.values) or len(self.levels) < 2:
            raise ValueError("a distribution has as many values as levels, two at the least")
        if not all(0 < low < high < 1 for low, high in pairwise(self.levels)):
            raise ValueError("levels rise and lie between 0 and 1")
        if not all(math.isfinite(value) for value in (*self.values, self.mean)):
            raise ValueError("quantiles and mean are finite")
        if self.values[0] < 0 or self.mean < 0 or any(high < low for low, high in pairwise(self.values)):
            raise ValueError("quantiles are not negative and never fall")

    @classmethod
    def normal(cls, mean: float, deviation: float, levels: Sequence[float] = LEVELS) -> Self:
        """mean + z·deviation, cut at zero: what is left where nothing better is known."""
        values = [max(0.0, mean + _NORMAL.inv_cdf(level) * deviation) for level in levels]
        return cls(tuple(levels), tuple(values), max(0.0, mean))

    @classmethod
    def none(cls, levels: Sequence[float] = LEVELS) -> Self:
        """No demand for certain."""
        return cls(tuple(levels), (0.0,) * len(levels), 0.0)

    @classmethod
    def mixture(cls, parts: Sequence[tuple[float, Distribution]]) -> Distribution:
        """Demand when it is one of several with these chances, as with a lead time that varies: Σ w·F, inverted."""
        live = [(weight, part) for weight, part in parts if weight > 0]
        if not live:
            raise ValueError("a mixture needs a part with a weight above zero")
        if len(live) == 1:
            return live[0][1]
        whole = sum(weight for weight, _ in live)
        points = sorted({x for _, part in live for x in part.points()})
        # Each point twice, from below and with itself: what is sold in one lot makes the function jump there.
        chances = [
            sum(weight * chance(part, x) for weight, part in live) / whole
            for x in points
            for chance in (Distribution.probability_below, Distribution.probability)
        ]
        doubled = [x for x in points for _ in range(2)]
        levels = live[0][1].levels
        values = tuple(_inverse(doubled, chances, level) for level in levels)
        return cls(levels, values, sum(weight * part.mean for weight, part in live) / whole)

    def share(self, part: float) -> Distribution:
        """Demand of a part of the customers, 0 to 1: the mean in proportion, the spread by its square root.

        That of independent buyers; a spread that all parts have in common would shrink faster, so this errs to the
        safe side.
        """
        if part == 1:
            return self
        if not 0 <= part < 1:
            raise ValueError("a part lies between 0 and 1")
        spread = math.sqrt(part)
        values = [max(0.0, self.mean * part + (value - self.mean) * spread) for value in self.values]
        return Distribution(self.levels, tuple(values), self.mean * part)

    def quantile(self, level: float) -> float:
        """The demand that is not exceeded with this probability."""
        if not 0 < level < 1:
            raise ValueError("a probability lies between 0 and 1")
        if level >= self.levels[-1]:
            return self.values[-1] + self._tail * math.log((1 - self.levels[-1]) / (1 - level))
        edges, values = self._edges()
        at = bisect_right(edges, level) - 1
        part = (level - edges[at]) / (edges[at + 1] - edges[at])
        return values[at] + part * (values[at + 1] - values[at])

    def probability(self, units: float) -> float:
        """P(demand <= units): the highest level whose quantile is not above."""
        edges, values = self._edges()
        if units < values[0]:
            return 0.0
        if units >= values[-1]:
            if self._tail == 0:
                return 1.0
            return 1 - (1 - edges[-1]) * math.exp(-(units - values[-1]) / self._tail)
        at = bisect_right(values, units) - 1
        step = values[at + 1] - values[at]
        return edges[at] + (units - values[at]) / step * (edges[at + 1] - edges[at])

    def probability_below(self, units: float) -> float:
        """P(demand < units): the lowest level whose quantile is not below."""
        edges, values = self._edges()
        if units <= values[0]:
            return 0.0
        if units > values[-1]:
            return self.probability(units)
        at = bisect_left(values, units) - 1
        step = values[at + 1] - values[at]
        return edges[at] + (units - values[at]) / step * (edges[at + 1] - edges[at])

    def expected_excess(self, units: float) -> float:
        """E[(demand - units)+]: units that this stock would leave unserved on average; the integral over the grid."""
        edges, values = self._edges()
        total = 0.0
        for (low, high), (below, above) in zip(pairwise(edges), pairwise(values), strict=True):
            if above <= units:
                continue
            if below >= units:
                total += (high - low) * ((below + above) / 2 - units)
            else:
                total += (high - low) * (above - units) ** 2 / (2 * (above - below))
        rest = 1 - edges[-1]
        if units <= values[-1]:
            return total + rest * (values[-1] - units + self._tail)
        return rest * self._tail * math.exp(-(units - values[-1]) / self._tail) if self._tail else 0.0

    @property
    def _tail(self) -> float:
        rise = self.values[-1] - self.values[-2]
        return rise / math.log((1 - self.levels[-2]) / (1 - self.levels[-1]))

    def _edges(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The grid with its lower end at probability zero."""
        lowest = max(0.0, 2 * self.values[0] - self.values[1])
        return (0.0, *self.levels), (lowest, *self.values)

    def points(self) -> list[float]:
        """Where the shape of the distribution changes, and some points far out in its tail."""
        _, values = self._edges()
        return [*values, *(self.quantile(level) for level in _FAR if level > self.levels[-1])]


def _inverse(points: Sequence[float], chances: Sequence[float], level: float) -> float:
    """Where a rising function given by points first reaches the level."""
    at = bisect_left(chances, level)
    if at == 0:
        return points[0]
    if at == len(points):
        return points[-1]
    low, high = chances[at - 1], chances[at]
    return points[at - 1] + (level - low) / (high - low) * (points[at] - points[at - 1])
