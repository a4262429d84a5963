"""`gbm`: boosted trees that correct a base forecast, learnt over all series and horizons at once.

LightGBM (Ke and others, 2017) with the log of the base as its starting point: the regression for dense demand, pooled
level for thin. Targets are demand over the series' scale, so one model serves all sizes; bases of past origins are
fitted anew at those origins, so nothing of the future leaks in. One thread and a fixed seed: equal data, equal trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewind.insights.forecasting import members
from tradewind.insights.forecasting.backtest import STEP, WINDOW
from tradewind.insights.forecasting.classes import DENSE, THIN, Classes
from tradewind.insights.forecasting.effects import calmed
from tradewind.insights.forecasting.history import Flags, History, Matrix, Numbers, day_number, mean_known
from tradewind.insights.forecasting.members import Means

if TYPE_CHECKING:
    import lightgbm

LEAST_DAYS = 240
"""Of history before trees can learn from it."""
_ORIGINS = 12
"""Past origins that are learnt from, 30 days apart."""
_HORIZON_STEP = 8
_MOST_SERIES = 2_000
"""Series that trees are grown on, evenly chosen; all are forecast."""
_LEAST_ROWS = 3_000
_ROUNDS = 100
_LEVELS = (7, 14, 28, 56, 182, 364)
_WEEKS = (4, 8, 26)
_LEAST_SCALE = 0.05
_LEAST_BASE = 1e-3

Base = Callable[[History, int], Matrix]
"""Means over a horizon from a history."""


@dataclass
class Boosted:
    """Grows trees where they are asked for, once per 90 days of origins, and corrects a base with them."""

    history: History
    base: Base
    is_thin: bool

    def __post_init__(self) -> None:
        self._grown: dict[int, lightgbm.Booster | None] = {}
        self._bases: dict[int, Matrix] = {}
        step = -(-self.history.series // _MOST_SERIES)
        self._sampled = self.history.only(np.arange(0, self.history.series, step))

    def forecast(self, known: History, origin: int, base: Matrix) -> Matrix | None:
        """The corrected base from an origin, `known` at usual prices; None where there is too little to learn from."""
        trees = self._at(self.history.days - -(-(self.history.days - origin) // WINDOW) * WINDOW)
        return None if trees is None else _correct(trees, known, base)

    @property
    def text(self) -> str | None:
        """The trees for the days ahead, as LightGBM writes them down; None where there is too little to learn from."""
        trees = self._at(self.history.days)
        return None if trees is None else trees.model_to_string()

    def _at(self, origin: int) -> lightgbm.Booster | None:
        if origin not in self._grown:
            self._grown[origin] = self._grow(origin)
        return self._grown[origin]

    def _grow(self, until: int) -> lightgbm.Booster | None:
        """Trees from what was known after so many days."""
        origins = [until - STEP * nth for nth in range(1, _ORIGINS + 1)]
        origins = [one for one in origins if one >= LEAST_DAYS - STEP * 2]
        if until < LEAST_DAYS or not origins:
            return None
        calm = calmed(self._sampled.until(until), 0)[0]
        parts = [self._examples_of(origin, calm) for origin in origins]
        rows, target, start, weight = (np.concatenate(one) for one in zip(*parts, strict=True))
        if len(target) < _LEAST_ROWS:
            return None
        return _train(rows, target, start, weight, is_thin=self.is_thin)

    def _examples_of(self, origin: int, calm: History) -> tuple[Matrix, Matrix, Matrix, Matrix]:
        """Features, targets, starts and weights of horizons after an origin, up to the last day."""
        known = calmed(self._sampled.until(origin), 0)[0]
        if origin not in self._bases:
            self._bases[origin] = self.base(known, WINDOW)
        base, state = self._bases[origin], _state(known)
        alive = known.age >= STEP * 2
        parts = []
        for horizon in range(1 + origin // STEP % _HORIZON_STEP, WINDOW + 1, _HORIZON_STEP):
            day = origin + horizon - 1
            if day >= calm.days:
                break
            actual = calm.demand[:, day]
            fine = alive & np.isfinite(actual) & np.isfinite(base[:, horizon - 1])
            start = np.log(np.maximum(base[:, horizon - 1], _LEAST_BASE) / state.scale)
            rows = _features(known, state, horizon, base[:, horizon - 1])
            parts.append((rows[fine], (actual / state.scale)[fine], start[fine], state.scale[fine]))
        if not parts:
            return np.empty((0, _WIDTH)), np.empty(0), np.empty(0), np.empty(0)
        rows, target, start, weight = (np.concatenate(one) for one in zip(*parts, strict=True))
        return rows, target, start, weight


def _correct(trees: lightgbm.Booster, known: History, base: Matrix) -> Matrix:
    """What trees make of a base, from the last known day on."""
    found = np.empty_like(base)
    state = _state(known)
    for nth in range(base.shape[1]):
        rows = _features(known, state, nth + 1, base[:, nth])
        start = np.log(np.maximum(base[:, nth], _LEAST_BASE) / state.scale)
        raw = np.asarray(trees.predict(rows, raw_score=True, num_threads=1))
        found[:, nth] = np.exp(np.clip(raw, -1.5, 1.5) + start) * state.scale
    return np.where(base > 0, found, 0)


def _train(rows: Matrix, target: Matrix, start: Matrix, weight: Matrix, *, is_thin: bool) -> lightgbm.Booster:
    import lightgbm as engine

    settings = {
        "objective": "tweedie" if is_thin else "poisson",
        "tweedie_variance_power": 1.3,
        "learning_rate": 0.05,
        "num_leaves": 15,
        "min_data_in_leaf": int(np.clip(len(target) // 300, 50, 1_000)),
        "lambda_l2": 30.0,
        "feature_fraction": 0.7,
        "seed": 1,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    data = engine.Dataset(rows, target, weight=weight, init_score=start, params={"verbosity": -1})
    trees: lightgbm.Booster = engine.train(settings, data, _ROUNDS)
    return trees


@dataclass(frozen=True)
class _State:
    """What is known of each series at an origin, whatever the horizon."""

    scale: Matrix
    fixed: Matrix


def _state(known: History) -> _State:
    scale = np.maximum(mean_known(known, 56), _LEAST_SCALE)
    recent, seen = known.filled[:, -182:], known.known[:, -182:]
    count = np.maximum(seen.sum(axis=1), 1)
    mean = recent.sum(axis=1) / count
    spread = np.sqrt(np.where(seen, (recent - mean[:, None]) ** 2, 0).sum(axis=1) / count)
    sold = known.filled > 0
    since = np.where(sold.any(axis=1), np.argmax(sold[:, ::-1], axis=1), known.days)
    fixed = [mean_known(known, days) / scale for days in _LEVELS]
    fixed += [spread / np.maximum(mean, 1e-3), (seen & (recent == 0)).sum(axis=1) / count, np.log1p(known.age)]
    fixed += [np.minimum(since, 400.0), np.log(scale), known.group.astype(float)]
    return _State(scale, np.stack(fixed, axis=1))


def _features(known: History, state: _State, horizon: int, base: Matrix) -> Matrix:
    """A row per series for one horizon."""
    day = known.days + horizon - 1
    number = day_number(known.first_day) + day
    weekday = known.weekday(horizon)[-1]
    same = np.flatnonzero(known.weekday() == weekday)
    found = [_mean_of(known, same[-weeks:]) / state.scale for weeks in _WEEKS]
    year = day - 364
    found += [
        _mean_of(known, np.array([year])) / state.scale,
        _mean_of(known, np.arange(year - 10, year + 11)) / state.scale,
    ]
    calendar = (base / state.scale, horizon, weekday, number % 365.25, (number % 365.25) % 30.44)
    found += [np.broadcast_to(np.asarray(one, dtype=float), base.shape) for one in calendar]
    return np.concatenate([state.fixed, np.stack(found, axis=1)], axis=1)


def _mean_of(known: History, days: Numbers) -> Matrix:
    """Mean of the known among some days; NaN where none is, or before the history."""
    days = days[(days >= 0) & (days < known.days)]
    if not len(days):
        return np.full(known.series, np.nan)
    seen: Flags = known.known[:, days]
    count = seen.sum(axis=1)
    return np.asarray(np.where(count > 0, known.filled[:, days].sum(axis=1) / np.maximum(count, 1), np.nan))


_WIDTH = len(_LEVELS) + 6 + len(_WEEKS) + 2 + 5


class Corrected:
    """The trees of both kinds of demand: on the regression where demand is dense, on the pooled level where thin."""

    def __init__(self, history: History, classes: Classes) -> None:
        self._parts: list[tuple[Flags, str, Boosted]] = []
        for rows, name in _parts_of(classes):
            self._parts.append((rows, name, Boosted(history.only(rows), _base_of(name), is_thin=name == "pooled")))

    @property
    def texts(self) -> dict[str, str]:
        """The trees for the days ahead, by the base that they correct."""
        found = {name: boosted.text for _, name, boosted in self._parts}
        return {name: text for name, text in found.items() if text is not None}

    def forecast(self, known: History, horizon: int, origin: int, means: Means) -> Matrix:
        """Means from an origin, NaN for series that trees do not speak for; `means` are what members said there."""
        found = np.full((known.series, horizon), np.nan)
        for rows, name, boosted in self._parts:
            part = known.only(rows)
            base = means[name][rows] if name in means else boosted.base(part, horizon)
            corrected = boosted.forecast(part, origin, base)
            if corrected is not None:
                found[rows] = corrected
        return found


class Grown:
    """Trees of a run of before, by the base that they correct; they speak after the last known day alone."""

    def __init__(self, texts: Mapping[str, str], classes: Classes) -> None:
        import lightgbm as engine

        self._parts = [
            (rows, name, engine.Booster(model_str=texts[name])) for rows, name in _parts_of(classes) if name in texts
        ]

    def forecast(self, known: History, horizon: int, means: Means) -> Matrix:
        """As `Corrected`."""
        found = np.full((known.series, horizon), np.nan)
        for rows, name, trees in self._parts:
            part = known.only(rows)
            base = means[name][rows] if name in means else _base_of(name)(part, horizon)
            found[rows] = _correct(trees, part, base)
        return found


def _parts_of(classes: Classes) -> Iterator[tuple[Flags, str]]:
    """The series of each kind of demand, and the base that is corrected there."""
    for kinds, name in ((DENSE, "glm"), (THIN, "pooled")):
        rows = np.isin(classes, kinds)
        if rows.any():
            yield rows, name


def _base_of(name: str) -> Base:
    return lambda known, horizon: members.forecast(known, horizon, (name,))[name]
