"""The back-test: members forecast from days in the past, knowing what was known then, and are held to account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tradewind.insights.forecasting.history import History, Matrix
from tradewind.insights.forecasting.members import Means

STEP = 30
"""Days between origins."""
WINDOW = 90
"""Days that are judged from an origin; the newest origins have fewer."""
MOST_ORIGINS = 10
_FEW = 3
LEAST_DAYS = 60
"""Known days that a series needs before an origin to take part in it."""

Forecaster = Callable[[History, int, int], Means]
"""Means from a history over a horizon; the third number is the origin's day."""


@dataclass(frozen=True)
class Window:
    """One origin: what members said there, and what happened (NaN where unknown or not to be judged)."""

    origin: int
    """Days that were known."""
    means: Means
    actual: Matrix


def origins_of(days: int, *, most: int = MOST_ORIGINS, step: int = STEP) -> list[int]:
    """Days of the history at which forecasts are tried, newest first: at least 60 before, up to 90 after."""
    found = [days - step * nth for nth in range(1, most + 1)]
    return [origin for origin in found if origin >= LEAST_DAYS]


def few_origins_of(days: int) -> list[int]:
    """At most three, for what takes long to fit: a window apart, or nearer to each other where the history is short."""
    return origins_of(days, most=_FEW, step=WINDOW) or origins_of(days, most=_FEW)


class Kept(Protocol):
    """Where windows of a run that was stopped may lie."""

    def get(self, origin: int) -> Window | None: ...

    def put(self, window: Window) -> None: ...


def run(
    history: History,
    forecaster: Forecaster,
    origins: Sequence[int],
    window: int = WINDOW,
    *,
    kept_at: Kept | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Window]:
    """Forecasts from every origin, refitted there; the days after the newest ones that are not known yet are NaN.

    Those that lie at `kept_at` are taken from there, and new ones are put there.
    """
    found = []
    for nth, origin in enumerate(origins, 1):
        before = kept_at.get(origin) if kept_at is not None else None
        if before is not None:
            found.append(before)
            continue
        progress(f"back-test, origin {nth} of {len(origins)}")
        known = history.until(origin)
        means = forecaster(known, window, origin)
        kept = {name: one.astype(np.float32) for name, one in means.items()}
        made = Window(origin, kept, actual_after(history, origin, window))  # type: ignore[arg-type]  # half the memory
        if kept_at is not None:
            kept_at.put(made)
        found.append(made)
    return found


def actual_after(history: History, origin: int, window: int = WINDOW) -> Matrix:
    """What happened in the days after an origin; NaN where that is not known, or not to be judged."""
    actual = np.full((history.series, window), np.nan, dtype=np.float32)
    days = min(window, history.days - origin)
    actual[:, :days] = history.demand[:, origin : origin + days]
    actual[history.until(origin).age < LEAST_DAYS] = np.nan
    return actual  # type: ignore[return-value]  # half the memory
