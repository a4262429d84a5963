"""Forecasts of many series at once: members, back-test, weights, quantiles and exact sums; arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewind.insights.forecasting import backtest, intervals, launches, members, metrics, weights
from tradewind.insights.forecasting.backtest import Window
from tradewind.insights.forecasting.classes import DENSE, THIN, Classes, DemandClass, classify
from tradewind.insights.forecasting.history import Flags, History, Matrix, Numbers
from tradewind.insights.forecasting.members import Means
from tradewind.insights.forecasting.served import DAY_LEVELS, LEVELS, SUM_DAYS
from tradewind.insights.forecasting.weights import Weighing

if TYPE_CHECKING:
    from tradewind.insights.forecasting.learners import Learners

BUCKETS = ((1, 7), (8, 30), (31, 60), (61, 365))
"""Horizons whose errors are alike, first and last day."""
_DIGITS = 4
"""Means are whole numbers of 1/10,000 unit, so that sums of them are exact."""
_YOUNG_WIDTH = 1.15

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Combination:
    """Which members speak for a class, by block of horizons, and whether they beat the yardstick."""

    blocks: tuple[Weighing, ...]
    fallback: str | None = None
    """The member that is served instead where the mean did not beat the seasonal naive forecast."""


@dataclass(frozen=True)
class Level:
    """Series of one level: themselves, or sums of them."""

    mean: Matrix
    bands: Matrix
    """Series × days × DAY_LEVELS."""
    sums: Mapping[int, Matrix]
    """Series × LEVELS by number of days."""
    classes: Classes


@dataclass(frozen=True)
class Outcome:
    """What a run found."""

    base: Level
    windows: Sequence[Window]
    combined: Sequence[Matrix]
    """The forecast that is served, at each window."""
    combinations: Mapping[DemandClass, Combination]
    parts: Means
    """Means of each member."""
    launched: launches.Pairs | None
    """What forecasts of past launches missed by, where there are new products."""
    stood_in: Flags
    """Series for which no member spoke that was to, so that the yardstick stands in."""
    learners: Learners | None = None
    """The members with what they have learnt, where a whole run made them."""


def forecast(
    history: History,
    horizon: int,
    forecaster: Callable[[History, int, int, Classes], Means],
    *,
    classes: Classes | None = None,
    fixed: Mapping[str, float] | None = None,
    origins: Sequence[int] | None = None,
    kept_at: backtest.Kept | None = None,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Back-tests the forecaster's members, weighs them, forecasts `horizon` days and says how sure that is.

    `fixed` weights are taken as they are, for all classes, where somebody asks for a model by name.
    """
    classes = classify(history) if classes is None else classes
    origins = backtest.origins_of(history.days) if origins is None else origins
    progress(f"back-test over {len(origins)} origins")
    windows = backtest.run(
        history,
        lambda known, days, origin: forecaster(known, days, origin, classes),
        origins,
        kept_at=kept_at,
        progress=progress,
    )
    combinations = _fixed(classes, fixed) if fixed is not None else _weighed(history, classes, windows)
    progress("final fit")
    parts = forecaster(history, horizon, history.days, classes)
    served = [_kept(combined(window.means, combinations, classes)) for window in windows]
    progress("intervals")
    return put_together(history, horizon, parts, combinations, classes, windows, served)


def put_together(
    history: History,
    horizon: int,
    parts: Means,
    combinations: Mapping[DemandClass, Combination],
    classes: Classes,
    windows: Sequence[Window],
    served: Sequence[Matrix],
) -> Outcome:
    """The forecast that members make together, and how sure it is: by what `served` had missed at the windows."""
    mean = _clean(combined(parts, combinations, classes), classes)
    mute = ~np.isfinite(_spoken(parts, combinations, classes)).any(axis=1) & (classes != DemandClass.ENDED)
    launched = launches.tried(history, horizon) if (classes == DemandClass.COLD).any() else None
    judged = list(zip(served, [window.actual for window in windows], strict=True))
    base = level_of(mean, judged, classes, launched=launched)
    return Outcome(base, windows, served, combinations, parts, launched, mute)


def combined(means: Means, combinations: Mapping[DemandClass, Combination], classes: Classes) -> Matrix:
    """The members' means put together by class and block; the naive forecast where no member speaks."""
    found = _spoken(means, combinations, classes)
    return np.where(np.isfinite(found), found, means["naive"]) if "naive" in means else found


def _spoken(means: Means, combinations: Mapping[DemandClass, Combination], classes: Classes) -> Matrix:
    shape = next(iter(means.values())).shape
    found = np.full(shape, np.nan)
    for kind, combination in combinations.items():
        rows = classes == kind
        if not rows.any():
            continue
        mine = {name: one[rows] for name, one in means.items()}
        if combination.fallback is not None:
            found[rows] = mine[combination.fallback]
            continue
        for (first, last), weighing in zip(weights.BLOCKS, combination.blocks, strict=True):
            days = slice(first - 1, min(last, shape[1]))
            if days.start < shape[1]:
                part = {name: one[:, days] for name, one in mine.items()}
                found[np.ix_(rows, np.arange(days.start, days.stop))] = weights.combine(part, weighing.weights)
    return found


def level_of(
    mean: Matrix,
    judged: Sequence[tuple[Matrix, Matrix]],
    classes: Classes,
    *,
    shared_pool: bool = False,
    launched: launches.Pairs | None = None,
) -> Level:
    """Quantiles of the days and of sums, from pairs of forecasts and what happened at the windows.

    New series have none of their own: theirs come from `launched`, where there is something to learn from.
    """
    horizon = mean.shape[1]
    bands = np.repeat(mean[:, :, None], len(DAY_LEVELS), axis=2)
    sums = {
        days: np.repeat(mean[:, :days].sum(axis=1)[:, None], len(LEVELS), axis=1)
        for days in SUM_DAYS
        if days <= horizon
    }
    kinds = np.array(["sum" if shared_pool else _pool_name(one) for one in classes], dtype=object)
    if launched is not None and len(launched[0]) and not shared_pool:
        kinds[classes == DemandClass.COLD] = str(DemandClass.COLD)
    for kind in sorted(set(kinds) - {""}):
        rows = kinds == kind
        pairs = [(f[rows], y[rows]) for f, y in judged]
        if kind == DemandClass.COLD and launched is not None:
            pairs = [launched]
        widen = np.where(classes[rows] == DemandClass.YOUNG, _YOUNG_WIDTH, 1.0)
        for first, last in BUCKETS:
            days = slice(first - 1, min(last, horizon))
            if days.start < horizon:
                pool = _pool(pairs, slice(first - 1, last), DAY_LEVELS, of_sums=shared_pool)
                bands[rows, days] = pool.quantiles(mean[rows, days], widen[:, None, None])
        for length, values in sums.items():
            pool = _sum_pool(pairs, length)
            values[rows] = pool.quantiles(mean[rows, :length].sum(axis=1), widen[:, None])
    return Level(mean, np.round(bands, _DIGITS), {days: np.round(one, _DIGITS) for days, one in sums.items()}, classes)


def summed(outcome: Outcome, group: Numbers, count: int, classes: Classes | None = None) -> Level:
    """The sums of series by group number: means add up exactly, quantiles come from what the sums missed by.

    With `classes` the sums are series of their own kind, such as a product over its channels; else all share one pool.
    """
    mean = np.round(_add(outcome.base.mean, group, count), _DIGITS)
    judged = [
        added(forecast_, window.actual, group, count)
        for forecast_, window in zip(outcome.combined, outcome.windows, strict=True)
    ]
    kinds = np.full(count, DemandClass.SMOOTH, dtype=object) if classes is None else classes
    return level_of(mean, judged, kinds, shared_pool=classes is None, launched=outcome.launched)


def added(forecast_: Matrix, actual: Matrix, group: Numbers, count: int) -> tuple[Matrix, Matrix]:
    """Sums by group of forecasts and of what happened, over the days and series where both are known."""
    known = np.isfinite(actual) & np.isfinite(forecast_)
    any_known = _add(known.astype(float), group, count) > 0
    sums = [_add(np.where(known, one, 0), group, count) for one in (forecast_, actual)]
    return np.where(any_known, sums[0], np.nan), np.where(any_known, sums[1], np.nan)


def summed_history(history: History, group: Numbers, count: int) -> History:
    """Sums of demand by group; a day is known where it is of any of the group."""
    known, total = np.zeros((count, history.days)), np.zeros((count, history.days))
    np.add.at(known, group, history.known.astype(float))
    np.add.at(total, group, history.filled)
    return History(np.where(known > 0, total, np.nan), history.first_day, np.zeros(count, dtype=np.int64))


def _add(values: Matrix, group: Numbers, count: int) -> Matrix:
    found = np.zeros((count, values.shape[1]))
    np.add.at(found, group, values)
    return found


def _pool_name(kind: DemandClass) -> str:
    """The pool that a class takes its quantiles from; young series borrow those of thin demand."""
    if kind is DemandClass.ENDED:
        return ""
    return str(DemandClass.LUMPY if kind in (DemandClass.YOUNG, DemandClass.COLD) else kind)


def _pool(
    pairs: Sequence[tuple[Matrix, Matrix]], days: slice, levels: Sequence[float], *, of_sums: bool = False
) -> intervals.Pool:
    """Of a bucket of horizons; where nothing was judged that far ahead, of all horizons; without any, a plain guess."""
    for part in (days, slice(None)):
        forecasts = np.concatenate([f[:, part].ravel() for f, _ in pairs] or [np.empty(0)])
        actual = np.concatenate([y[:, part].ravel() for _, y in pairs] or [np.empty(0)])
        found = intervals.pool_of(forecasts, actual, levels, of_sums=of_sums)
        if found is not None:
            return found
    return intervals.untested(levels, of_sums=of_sums)


def _sum_pool(pairs: Sequence[tuple[Matrix, Matrix]], length: int) -> intervals.Pool:
    """Of sums over the first days. An unknown day takes the forecast's share out of both sides' sums."""
    forecasts, actual = [], []
    for f, y in pairs:
        known = np.isfinite(y[:, :length]) & np.isfinite(f[:, :length])
        enough = known.sum(axis=1) >= 0.8 * length
        whole = np.where(np.isfinite(f[:, :length]), f[:, :length], 0).sum(axis=1)
        seen = np.where(known, f[:, :length], 0).sum(axis=1)
        missed = np.where(known, y[:, :length] - f[:, :length], 0).sum(axis=1)
        forecasts.append(np.where(enough, whole, np.nan))
        actual.append(np.where(enough & (seen >= 0), whole + missed, np.nan))
    joined = [np.concatenate(one or [np.empty(0)]) for one in (forecasts, actual)]
    found = intervals.pool_of(joined[0], joined[1], LEVELS, of_sums=True)
    return found if found is not None else intervals.untested(LEVELS, of_sums=True)


def _clean(mean: Matrix, classes: Classes) -> Matrix:
    mean = np.where(np.isfinite(mean), np.maximum(mean, 0), 0)
    mean[classes == DemandClass.ENDED] = 0
    return np.asarray(np.round(mean, _DIGITS))


def _fixed(classes: Classes, fixed: Mapping[str, float]) -> dict[DemandClass, Combination]:
    weighing = Weighing(fixed, dict.fromkeys(fixed, "asked for"))
    return {kind: Combination((weighing,) * len(weights.BLOCKS)) for kind in DemandClass if (classes == kind).any()}


def with_all_kinds(
    combinations: Mapping[DemandClass, Combination], means: Means, classes: Classes
) -> dict[DemandClass, Combination]:
    """The same with the kinds of demand that a training had not met: there all that speak count alike."""
    found = dict(combinations)
    for kind in (one for one in DemandClass if one not in found and (classes == one).any()):
        names = _speaking(kind, means)
        equal = Weighing(dict.fromkeys(names, 1 / len(names)), dict.fromkeys(names, "untested"))
        found[kind] = Combination((equal,) * len(weights.BLOCKS))
    return found


def _kept(values: Matrix) -> Matrix:
    """As exact as it is kept on disk, so that what comes after is the same from there."""
    return values.astype(np.float32).astype(float)


def _weighed(history: History, classes: Classes, windows: Sequence[Window]) -> dict[DemandClass, Combination]:
    """The weights by class; what has no back-test of its own takes the mean of all that speak."""
    _, day_scale = metrics.scales(history)
    scale = np.where(np.isfinite(day_scale), day_scale, np.inf)
    found = {}
    for kind in (one for one in DemandClass if (classes == one).any()):
        rows = (classes == kind) & np.isfinite(scale)
        names = _speaking(kind, windows[0].means if windows else {})
        blocks = []
        for first, last in weights.BLOCKS:
            days = slice(first - 1, min(last, backtest.WINDOW))
            means = {name: _joined([one.means[name][rows][:, days] for one in windows]) for name in names}
            actual = _joined([one.actual[rows][:, days] for one in windows])
            blocks.append(weights.weigh(means, actual, np.tile(scale[rows], max(len(windows), 1))))
        combination = Combination(tuple(blocks))
        if windows and kind in (*DENSE, *THIN):
            combination = _gated(combination, kind, classes, windows, scale)
        found[kind] = combination
    return found


def _speaking(kind: DemandClass, means: Means) -> list[str]:
    """The members of a class, without the yardstick where there are others."""
    one = np.array([kind], dtype=object)
    names = [name for name in means if name != "naive" and members.rows_of(name, one).any()]
    return names or ["naive"]


def _gated(
    combination: Combination, kind: DemandClass, classes: Classes, windows: Sequence[Window], scale: Matrix
) -> Combination:
    """The yardstick itself is served where the mean does not beat it in the class."""
    rows = (classes == kind) & np.isfinite(scale)
    if not rows.any():
        return combination
    error = np.zeros(2)
    for window in windows:
        mine = combined(window.means, {kind: combination}, classes)
        for nth, one in enumerate((mine, window.means["naive"])):
            squared = ((window.actual - one) / scale[:, None])[rows] ** 2
            error[nth] += np.nansum(squared)
    return combination if error[0] < error[1] else Combination(combination.blocks, "naive")


def _joined(parts: Sequence[Matrix]) -> Matrix:
    return np.concatenate(parts) if parts else np.empty((0, 1))
