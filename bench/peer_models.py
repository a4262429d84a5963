"""Forecasts by other people's libraries, in an environment of their own; bench/peers.py starts this.

    python bench/peer_models.py MODEL in.npz out.npz

`in.npz` holds demand (series × days, NaN where unknown), first_day (days since 1970), horizon, and events (days and
days ahead × names) where there are any. `out.npz` gets means, quantiles where the model gives some, and the processor
time of each series. Nothing of Tradewind is imported here: it wants another pandas.
"""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
Said = tuple[Any, Any]
"""Means of the days ahead, and quantiles (days × LEVELS) or None."""


def prophet(events_wanted: bool, demand: Any, days: Any, ahead: Any, events: Any) -> Said:
    """The library's default, or multiplicative seasons with the events of the calendar. Quantiles may be negative."""
    from prophet import Prophet

    options: dict[str, Any] = {}
    if events_wanted:
        options["seasonality_mode"] = "multiplicative"
        if events is not None:
            every = np.concatenate([days, ahead])
            told = [
                pd.DataFrame({"ds": every[events[:, nth] > 0], "holiday": f"event {nth}"})
                for nth in range(events.shape[1])
                if (events[:, nth] > 0).any()
            ]
            options["holidays"] = pd.concat(told)
    model = Prophet(**options)
    model.fit(pd.DataFrame({"ds": days, "y": demand}).dropna())
    wanted = pd.DataFrame({"ds": ahead})
    model.uncertainty_samples = 0
    mean = model.predict(wanted)["yhat"].to_numpy()
    model.uncertainty_samples = 1_000
    drawn = model.predictive_samples(wanted)["yhat"]
    return np.maximum(mean, 0), np.quantile(drawn, LEVELS, axis=1).T


def of_statsforecast(name: str, options: dict[str, Any], demand: Any, horizon: int) -> Said:
    from statsforecast import models

    known = demand[np.argmax(np.isfinite(demand)) :]
    said = getattr(models, name)(**options).forecast(y=np.nan_to_num(known).astype(np.float32), h=horizon)
    return np.maximum(said["mean"], 0), None


def mlforecast(demand: Any, days: Any, horizon: int) -> Any:
    """LightGBM on lags and rolling means, recursively, one model for all series."""
    import lightgbm
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean

    series, length = demand.shape
    told = pd.DataFrame(
        {"unique_id": np.repeat(np.arange(series), length), "ds": np.tile(days, series), "y": demand.ravel()}
    ).dropna()
    trees = lightgbm.LGBMRegressor(
        objective="poisson", n_estimators=300, learning_rate=0.05, num_leaves=31, n_jobs=1, verbose=-1
    )
    model = MLForecast(
        models=[trees],
        freq="D",
        lags=[1, 7, 14, 28, 364],
        lag_transforms={1: [RollingMean(7), RollingMean(28)], 7: [RollingMean(28)]},
        date_features=["dayofweek", "dayofyear", "month"],
    )
    model.fit(told)
    said = model.predict(horizon).sort_values(["unique_id", "ds"])
    return np.maximum(said["LGBMRegressor"].to_numpy().reshape(series, horizon), 0)


_STATS: dict[str, tuple[str, dict[str, Any]]] = {
    "AutoETS": ("AutoETS", {"season_length": 7}),
    "AutoARIMA": ("AutoARIMA", {"season_length": 7, "approximation": True}),
    "TSB": ("TSB", {"alpha_d": 0.1, "alpha_p": 0.1}),
    "ADIDA": ("ADIDA", {}),
    "SES": ("SimpleExponentialSmoothingOptimized", {}),
}


def _single(name: str, horizon: int, days: Any, ahead: Any, events: Any) -> Callable[[Any], Said]:
    """What forecasts one series."""
    if name in ("Prophet", "Prophet with events"):
        return lambda one: prophet(name != "Prophet", one, days, ahead, events)
    library_name, options = _STATS[name]
    return lambda one: of_statsforecast(library_name, options, one, horizon)


def main() -> int:
    name, source, target = sys.argv[1:]
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    told = np.load(source)
    demand, horizon = told["demand"], int(told["horizon"])
    every = np.datetime64(int(told["first_day"]), "D") + np.arange(demand.shape[1] + horizon)
    days, ahead = pd.to_datetime(every[: demand.shape[1]]), pd.to_datetime(every[demand.shape[1] :])
    events = told["events"][: len(every)] if "events" in told else None
    means, bands, seconds = [], [], []
    if name == "mlforecast":
        began = time.process_time()
        means = list(mlforecast(demand, days, horizon))
        seconds = [(time.process_time() - began) / len(demand)] * len(demand)
    else:
        single = _single(name, horizon, days, ahead, events)
        single(demand[0])  # the first call compiles and loads; it is not counted
        for one in demand:
            began = time.process_time() + _children()
            mean, band = single(one)
            seconds.append(time.process_time() + _children() - began)
            means.append(mean)
            if band is not None:
                bands.append(band)
    np.savez(target, means=np.array(means), bands=np.array(bands), seconds=np.array(seconds))
    return 0


def _children() -> float:
    """Processor time of programs that a library has run: Prophet fits in one of its own."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
