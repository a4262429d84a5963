"""`prophet`: the original library (Taylor and Letham, 2018), one fit per series; extra `[prophet]`.

Its likelihood is normal, so what it forecasts below zero is cut to zero, as its authors advise. Its own intervals are
not used: like all members it is judged by what it missed. Imported where it runs; it brings pandas, matplotlib and a
compiled Stan program.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np

from tradewind.insights.forecasting.history import History, Matrix, day_number

_LEAST_KNOWN = 14
"""Known days before a trend and a week can be told apart."""
_SEED = 1
_LOGGERS = ("cmdstanpy", "prophet", "prophet.plot", "prophet.models")


def forecast(history: History, horizon: int) -> Matrix:
    """Means of the days ahead; NaN for series with too little history for a fit."""
    library = _library()
    found = np.full((history.series, horizon), np.nan)
    days = np.datetime64("1970-01-01") + day_number(history.first_day) + np.arange(history.days + horizon)
    events = None if history.events is None else history.events[: len(days)]
    for row in range(history.series):
        seen = history.known[row]
        if seen.sum() < _LEAST_KNOWN:
            continue
        demand = history.demand[row]
        if not (demand[seen] > 0).any():
            found[row] = 0
            continue
        found[row] = _one(library, days, demand, events, horizon)
    return found


def _one(library: Any, days: Any, demand: Matrix, events: Matrix | None, horizon: int) -> Matrix:
    """The forecast of one series."""
    import pandas as pd

    first = int(np.argmax(np.isfinite(demand)))
    past = len(demand)
    columns = {} if events is None else {f"event_{nth}": events[:, nth] for nth in range(events.shape[1])}
    columns = {name: one for name, one in columns.items() if np.ptp(one[first:past]) > 0}
    frame = pd.DataFrame({"ds": days, "y": np.concatenate([demand, np.full(horizon, np.nan)]), **columns})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own use of pandas, which nobody here can change
        model = library(seasonality_mode="multiplicative", uncertainty_samples=0)
        for name in columns:
            model.add_regressor(name, standardize=False)
        model.fit(frame.iloc[first:past], seed=_SEED)
        ahead = model.predict(frame.iloc[past:].drop(columns="y"))["yhat"].to_numpy(dtype=float)
    return np.asarray(np.maximum(ahead, 0))


def _library() -> Any:
    """The class that fits; its chatter about every fit is not wanted."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    from prophet import Prophet

    return Prophet
