"""The members of a run together: those that are fitted anew wherever they speak, and those learnt over all series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tradewind.insights.forecasting import backtest, effects, members, recurrent
from tradewind.insights.forecasting.boosted import Corrected, Grown
from tradewind.insights.forecasting.classes import Classes
from tradewind.insights.forecasting.history import History, Matrix
from tradewind.insights.forecasting.members import Means
from tradewind.insights.forecasting.recurrent import Recurrent, oldest_origin


class Learners:
    """Learn from a history what they are asked to, and speak at any of its days."""

    def __init__(self, history: History, classes: Classes, names: Sequence[str], *, is_fixed: bool) -> None:
        """`is_fixed`: weights are given, so each speaks for every series."""
        self._batched, self._is_fixed = _batched(names), is_fixed
        is_slow = any(name in members.SLOW for name in names)
        self.origins = backtest.few_origins_of(history.days) if is_slow else backtest.origins_of(history.days)
        self._corrected = Corrected(history, classes) if "gbm" in names else None
        self._recurrent = Recurrent(history, oldest_origin(self.origins)) if "lstm" in names else None
        if self._recurrent is not None and is_fixed:
            self.origins = [one for one in self.origins if one >= self._recurrent.oldest]

    def __call__(self, known: History, days: int, origin: int, classes: Classes) -> Means:
        calm, effect = effects.calmed(known, days)
        found = members.forecast(calm, days, self._batched, None if self._is_fixed else classes)
        if self._corrected is not None:
            found["gbm"] = members.guarded("gbm", calm, self._corrected.forecast(calm, days, origin, found))
        if self._recurrent is not None:
            found["lstm"] = _network_says(calm, days, self._recurrent.forecast(calm, days))
        return _at_prices(found, known, days, effect)

    @property
    def trees(self) -> Mapping[str, str]:
        """Those for the days ahead, by the base that they correct."""
        return self._corrected.texts if self._corrected is not None else {}

    @property
    def network(self) -> Sequence[Matrix]:
        """The weights of the one for the days ahead; none where there is none."""
        return self._recurrent.weights if self._recurrent is not None else ()


class Learnt:
    """The same members with what they had learnt in a run of before, speaking after the last day alone."""

    def __init__(
        self, names: Sequence[str], trees: Mapping[str, str], network: Sequence[Matrix], *, is_fixed: bool
    ) -> None:
        self._names, self._is_fixed = names, is_fixed
        self._trees, self._network = trees, network

    def __call__(self, known: History, days: int, classes: Classes) -> Means:
        calm, effect = effects.calmed(known, days)
        found = members.forecast(calm, days, _batched(self._names), None if self._is_fixed else classes)
        if "gbm" in self._names:
            found["gbm"] = members.guarded("gbm", calm, Grown(self._trees, classes).forecast(calm, days, found))
        if "lstm" in self._names:
            found["lstm"] = _network_says(calm, days, self._predicted(calm, days))
        return _at_prices(found, known, days, effect)

    def _predicted(self, known: History, days: int) -> Matrix | None:
        if not self._network:
            return None
        network: Any = recurrent.restored(self._network, known)
        return recurrent.predict(network, known, days)


def _batched(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in (*members.BATCHED, *members.SLOW))


def _at_prices(found: Means, known: History, days: int, effect: Matrix | None) -> Means:
    """Means at the prices of the days ahead. The yardstick repeats what was sold, whatever the price."""
    if effect is None:
        return found
    told = {name: one * effect for name, one in found.items()}
    if "naive" in found:
        spoken = np.isfinite(found["naive"])
        told["naive"] = np.where(spoken, members.forecast(known, days, ("naive",))["naive"], np.nan)
    return told


def _network_says(known: History, days: int, said: Matrix | None) -> Matrix:
    if said is None:
        return np.full((known.series, days), np.nan)
    return members.guarded("lstm", known, said)
