"""The members of a forecast behind one contract: fitted on a history, they give means for the days ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property

import numpy as np

from tradewind.core.logging import get_logger
from tradewind.insights.forecasting import autoregression, ets, glm, guards, launches, prophet, thin
from tradewind.insights.forecasting.classes import DENSE, THIN, Classes, DemandClass
from tradewind.insights.forecasting.history import Flags, History, Matrix

logger = get_logger(__name__)

DENSE_MEMBERS = ("glm", "ets", "ets_year")
THIN_MEMBERS = ("pooled", "croston")
BATCHED = ("glm", "ets", "ets_year", "arima", "pooled", "croston", "launch", "naive")
SLOW = ("prophet",)
"""Fitted to one series after the other; for them the back-test goes from fewer origins."""
LEARNT = ("gbm", "lstm")
"""Learnt over all series at once, in the training run."""
Means = dict[str, Matrix]
"""Units per day by member: a row per series, a column per day ahead; NaN where the member does not speak."""


class _Shared:
    """What several members need of one history, made once."""

    def __init__(self, history: History, horizon: int) -> None:
        self.history, self.horizon = history, horizon

    @cached_property
    def fit(self) -> glm.Fit:
        return glm.fit(self.history, self.horizon)


def _with_year(shared: _Shared) -> Matrix:
    return ets.forecast(shared.history, shared.horizon, shared.fit.factor)


_MEMBERS: dict[str, Callable[[_Shared], Matrix]] = {
    "glm": lambda shared: shared.fit.mean,
    "ets": lambda shared: ets.forecast(shared.history, shared.horizon),
    "ets_year": _with_year,
    "arima": lambda shared: autoregression.forecast(shared.history, shared.horizon, shared.fit),
    "croston": lambda shared: thin.tsb(shared.history, shared.horizon),
    "prophet": lambda shared: prophet.forecast(shared.history, shared.horizon),
    "naive": lambda shared: thin.naive(shared.history, shared.horizon),
}


def rows_of(name: str, classes: Classes) -> Flags:
    """The series that a member speaks for within `auto`."""
    if name in DENSE_MEMBERS:
        return np.isin(classes, DENSE)
    if name == "croston":
        return np.isin(classes, THIN)
    if name == "pooled":
        return np.isin(classes, (*THIN, DemandClass.YOUNG))
    if name == "launch":
        return np.asarray(classes == DemandClass.COLD)
    if name in LEARNT:
        return np.isin(classes, (*DENSE, *THIN))
    return np.asarray(classes != DemandClass.ENDED)


def forecast(history: History, horizon: int, names: Collection[str], classes: Classes | None = None) -> Means:
    """Means of members that need a history only; with classes each speaks for its own, without for every series."""
    found: Means = {}
    profile = thin.profiles(history, horizon) if "pooled" in names else None
    shared: dict[bytes, _Shared] = {}
    for name in names:
        rows = np.ones(history.series, bool) if classes is None else rows_of(name, classes)
        found[name] = np.full((history.series, horizon), np.nan)
        if not rows.any():
            continue
        if name == "launch":  # learnt from the others' beginnings
            means = launches.forecast(history, horizon, rows)
            found[name] = np.where(guards.broken(history, means, of_all=True)[:, None], np.nan, means)
            continue
        part = shared.setdefault(rows.tobytes(), _Shared(history.only(rows), horizon))
        if profile is not None and name == "pooled":
            means = thin.pooled(part.history, profile[rows])
        else:
            means = _MEMBERS[name](part)
        found[name][rows] = guarded(name, part.history, means)
    return found


def guarded(name: str, history: History, means: Matrix) -> Matrix:
    """The means with NaN for series where they are beyond the bounds; that is logged. The yardstick is as it is."""
    if name == "naive":
        return means
    out = guards.broken(history, means) & np.isfinite(means).any(axis=1)
    if out.any():
        logger.debug("a forecast member is left out: beyond its bounds", member=name, series=int(out.sum()))
    return np.where(out[:, None], np.nan, means)
