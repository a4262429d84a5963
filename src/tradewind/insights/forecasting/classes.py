"""Demand classes: which members may speak for a series.

After Syntetos and Boylan (2005): by how often a series sells, and how evenly.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tradewind.insights.forecasting.history import Flags, History

_INTERVAL, _VARIATION = 1.32, 0.49
_YEAR_DAYS = 365
YOUNG_DAYS = 60
COLD_DAYS = 14
_ENDED_DAYS = 180


class DemandClass(StrEnum):
    """How demand comes."""

    SMOOTH = "smooth"
    """Often, in even amounts."""
    ERRATIC = "erratic"
    """Often, in uneven amounts."""
    INTERMITTENT = "intermittent"
    """Seldom, in even amounts."""
    LUMPY = "lumpy"
    """Seldom, in uneven amounts."""
    YOUNG = "young"
    """14 to 59 days of history."""
    COLD = "cold_start"
    """Fewer than 14 days."""
    ENDED = "inactive"
    """Archived; or nothing sold for 180 days, and gone from stock or not offered."""


DENSE = (DemandClass.SMOOTH, DemandClass.ERRATIC)
THIN = (DemandClass.INTERMITTENT, DemandClass.LUMPY)
Classes = NDArray[np.object_]


def classify(history: History, ended: Flags | None = None, archived: Flags | None = None) -> Classes:
    """The class of each series by its last 365 days.

    `ended` marks those that are gone from stock or not offered, which have ended once nothing has been sold for long;
    `archived` those of products that were taken out of sale for good, which end at once.
    """
    demand, known = history.filled[:, -_YEAR_DAYS:], history.known[:, -_YEAR_DAYS:]
    sold = known & (demand > 0)
    days, sales = known.sum(axis=1), sold.sum(axis=1)
    interval = days / np.maximum(sales, 1)
    mean = demand.sum(axis=1) / np.maximum(sales, 1)
    variance = np.where(sold, (demand - mean[:, None]) ** 2, 0).sum(axis=1) / np.maximum(sales, 1)
    variation = variance / np.maximum(mean, 1e-9) ** 2
    often, even = (interval < _INTERVAL) & (sales > 0), variation < _VARIATION
    found = np.where(
        often,
        np.where(even, DemandClass.SMOOTH, DemandClass.ERRATIC),
        np.where(even, DemandClass.INTERMITTENT, DemandClass.LUMPY),
    ).astype(object)
    found[history.age < YOUNG_DAYS] = DemandClass.YOUNG
    found[history.age < COLD_DAYS] = DemandClass.COLD
    if ended is not None:
        quiet = ~(history.filled[:, -_ENDED_DAYS:] > 0).any(axis=1)
        found[quiet & ended] = DemandClass.ENDED
    if archived is not None:
        found[archived] = DemandClass.ENDED
    return found
