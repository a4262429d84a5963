"""What prices and promotions do to demand, and demand without it: what all members but the yardstick learn from.

The regression of `glm` with two columns per series of its own, the log of what was paid by the usual price and whether
a promotion ran. Both effects are drawn toward what all series together show (an empirical Bayes prior), so one
promotion makes no wild elasticity, and bounded: what is cheaper never sells less. Demand divided by the effect has no
spike for a level to follow; the forecast is multiplied by the effect of the days ahead.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tradewind.insights.forecasting import glm
from tradewind.insights.forecasting.history import Flags, History, Matrix

_OWN = np.diag([1.0, 20.0])
"""Precision of a series' own effects around those of all: elasticities differ by some 1, what a promotion does at an
equal price by a fifth. So a depth that was not seen before follows from the price."""
_ALL = np.diag([0.25, 5.0])
"""Precision of those of all around none."""
_LEAST = np.array([-6.0, 0.0])
_MOST = np.array([0.0, 1.5])
_MOST_DAY = 1.0
"""Of the precision of a day's log demand: promotions differ from each other by more than chance of counts."""
_MOST_EFFECT = 1.8
"""Of the log: a factor of 6."""
_LEAST_SOLD = 0.5
"""Share of days with a sale below which a series' own prices say nothing: they are only seen when it sells."""


def calmed(history: History, horizon: int) -> tuple[History, Matrix | None]:
    """Demand as it had been at usual prices, and the factor that the days ahead take; None: for no series any."""
    prices = history.prices
    if prices is None:
        return history, None
    own, seen = coefficients(history)[0], _seen(history)[:, None]
    heard = replace(prices, relative=np.where(seen, prices.relative, 0), discount=np.where(seen, prices.discount, 0))
    regressors, plain = heard.regressors(horizon), replace(history, prices=None)
    factor = factor_of(regressors, own[:, None])
    if (factor == 1).all():
        return plain, None
    demand = history.demand.copy()
    demand[prices.rows] /= factor[:, : history.days]
    ahead = np.ones((history.series, horizon))
    ahead[prices.rows] = factor[:, history.days :]
    return replace(plain, demand=demand), ahead


def coefficients(history: History) -> tuple[Matrix, Matrix]:
    """The effects of each series that has prices, and those of all together: on log demand, of both regressors."""
    prices = history.prices
    assert prices is not None
    pooled = np.zeros(2)
    own, seen = np.zeros((len(prices.rows), 2)), np.flatnonzero(_seen(history))
    if len(seen):
        design, ridge, seasonal = glm.design_of(history, 0)
        regressors = prices.regressors(0)
        blocks = np.array_split(seen, -(-len(seen) // glm.BLOCK))
        told = [_Block(history.only(prices.rows[one]), regressors[one], design, ridge, seasonal) for one in blocks]
        for _ in range(glm.ROUNDS):
            sums = [block.look() for block in told]
            weight, target = _ALL + sum(one for one, _ in sums), sum(one for _, one in sums)
            pooled = np.clip(np.linalg.solve(weight, target), _LEAST, _MOST)
            for block in told:
                block.turn(pooled)
        own[seen] = np.concatenate([block.effects for block in told])
    own[~_seen(history)] = pooled
    return own, pooled


def factor_of(regressors: Matrix, effects: Matrix) -> Matrix:
    """What demand is multiplied by."""
    told = regressors[..., 0] * effects[..., 0] + regressors[..., 1] * effects[..., 1]
    return np.asarray(np.exp(np.clip(told, -_MOST_EFFECT, _MOST_EFFECT)))


class _Block:
    """Series whose regression is solved together, a round at a time."""

    def __init__(self, history: History, regressors: Matrix, design: Matrix, ridge: Matrix, seasonal: slice) -> None:
        self.demand, self.known = history.filled, history.known
        self.design, self.regressors = design, regressors
        self.effects = np.zeros((history.series, 2))
        level = self.demand.sum(axis=1) / np.maximum(self.known.sum(axis=1), 1)
        self._bounds = glm.bounds(level)
        self._normal = glm.Normal(design, glm.penalties(ridge, history.age, seasonal))
        self._log_mean = glm.first_guess(self.demand, level)
        self._dispersion = np.ones(history.series)

    def look(self) -> tuple[Matrix, Matrix]:
        """What these series say of the effects of all: a precision and what it is of, summed."""
        mean = np.exp(self._log_mean)
        weight = np.where(self.known, mean, 0)
        target = weight * self._log_mean + np.where(self.known, self.demand - mean, 0)
        cross = [((weight * self.regressors[:, :, one]) @ self.design)[..., None] for one in range(2)]
        sides = np.concatenate([(target @ self.design)[..., None], *cross], axis=2)
        self._solved = np.linalg.solve(self._normal.matrices(weight, self._dispersion), sides)
        across = sides[:, :, 1:].transpose(0, 2, 1) @ self._solved
        direct = np.einsum("ntk,nt,ntl->nkl", self.regressors, weight, self.regressors)
        scale = (self._said_by_days(weight) / self._dispersion)[:, None, None]
        self._information = (direct - across[:, :, 1:]) * scale
        self._score = (np.einsum("ntk,nt->nk", self.regressors, target) - across[:, :, 0]) * scale[:, 0]
        drawn = _OWN @ np.linalg.inv(self._information + _OWN)
        return (_OWN - drawn @ _OWN).sum(axis=0), np.einsum("nkl,nl->k", drawn, self._score)

    def _said_by_days(self, weight: Matrix) -> Matrix:
        """Share of what counts would say that days do: however many units one day sold, it is one day."""
        counted, size = weight / self._dispersion[:, None], (self.regressors**2).sum(axis=2)
        said = (np.minimum(counted, _MOST_DAY) * size).sum(axis=1)
        return np.asarray(said / np.maximum((counted * size).sum(axis=1), 1e-12))

    def turn(self, shared: Matrix) -> None:
        """The effects of each, drawn toward the shared ones, and the mean that follows."""
        target = self._score + _OWN @ shared
        effects = np.linalg.solve(self._information + _OWN, target[..., None])[..., 0]
        self.effects = np.clip(effects, _LEAST, _MOST)
        beta = self._solved[:, :, 0] - np.einsum("npk,nk->np", self._solved[:, :, 1:], self.effects)
        log_mean = beta @ self.design.T + np.einsum("ntk,nk->nt", self.regressors, self.effects)
        self._log_mean = np.clip(log_mean, *self._bounds)
        mean = np.exp(self._log_mean)
        self._dispersion = glm.dispersion_of(self.demand, self.known, mean, self.design.shape[1])


def _seen(history: History) -> Flags:
    """Of the series with prices, those that sell on days enough."""
    assert history.prices is not None
    known, sold = (one[history.prices.rows] for one in (history.known, history.filled > 0))
    return np.asarray(sold.sum(axis=1) >= _LEAST_SOLD * np.maximum(known.sum(axis=1), 1))
