"""Bars that need others to be measured against: Prophet, statsforecast, mlforecast (F5, F6, F7, F9, F12)."""

from __future__ import annotations

import time

import numpy as np

from bench import forecast_data, peers
from bench.forecast_bars import Bars, known_at, try_at, wape
from tradewind.insights.forecasting import members
from tradewind.insights.forecasting.boosted import Corrected
from tradewind.insights.forecasting.classes import classify
from tradewind.insights.forecasting.history import Matrix, Numbers
from tradewind.insights.forecasting.served import DAY_LEVELS

_STORE_SERIES, _TIMED_SERIES, _RETAIL_SERIES = 100, 10, 100
_PROPHETS = ("Prophet", "Prophet with events")


def accuracy_bars(bars: Bars) -> None:
    """F5: against the better of two Prophets, and LightGBM the usual way beside them."""
    for data, taken, goal in ((forecast_data.m5(), 28, "−12 %"), (forecast_data.store_item(), _STORE_SERIES, "−1.5 %")):
        ours, actual = [], []
        theirs: dict[str, list[Matrix]] = {name: [] for name in _PROPHETS}
        for cutoff in data.cutoffs:
            one = try_at(data, cutoff)
            rows = _some(one.history.series, taken)
            ours.append(one.mean[rows])
            actual.append(one.actual[rows])
            for name, said in theirs.items():
                said.append(peers.forecast(name, one.history.only(rows), data.horizon).means)
        came, mine = np.concatenate(actual), wape(np.concatenate(actual), np.concatenate(ours))
        others = {name: wape(came, np.concatenate(said)) for name, said in theirs.items()}
        gain = mine / min(others.values()) - 1
        told = ", ".join(f"{name} {one:.2%}" for name, one in others.items())
        measured = f"{gain:+.1%} ({mine:.2%}; {told})"
        share = f"{taken} of {len(data.demand)} series, {len(data.cutoffs)} cutoffs"
        bars.add("F5", f"{data.name}, {share}, WAPE against the better Prophet", "0 %", goal, measured, gain <= 0)
    _trees(bars)


def _trees(bars: Bars) -> None:
    data = forecast_data.store_item()
    one = try_at(data, data.cutoffs[0])
    said = peers.forecast("mlforecast", one.history, data.horizon)
    mine, other = wape(one.actual, one.mean), wape(one.actual, said.means)
    each = said.seconds.sum() / len(said.means) * 1000
    measured = f"{mine / other - 1:+.1%} ({mine:.2%}; {other:.2%} in {each:.0f} s per 1,000)"
    bars.add("F5", "store-item, WAPE against mlforecast with LightGBM", "–", "–", measured, None)


def speed_bars(bars: Bars) -> None:
    """F6 and F7: processor time per 1,000 series of five years, fit and forecast."""
    data = forecast_data.store_item()
    history, _ = known_at(data, data.cutoffs[0])
    began = time.process_time()
    found = members.forecast(history, data.horizon, members.DENSE_MEMBERS)
    fast = (time.process_time() - began) / history.series * 1000
    began = time.process_time()
    Corrected(history, classify(history)).forecast(history, data.horizon, history.days, found)
    trees = fast + (time.process_time() - began) / history.series * 1000
    some = history.only(_some(history.series, _TIMED_SERIES))
    taken = {
        name: float(peers.forecast(name, some, data.horizon).seconds.mean() * 1000)
        for name in ("Prophet", "AutoETS", "AutoARIMA")
    }
    slow, ratio = taken["Prophet"], taken["Prophet"] / fast
    measured = f"{ratio:.0f}×; {slow / trees:.0f}× with trees ({fast:.2f}, {trees:.1f} and {slow:.0f} s per 1,000)"
    bars.add("F6", "GLM and two ETS against Prophet, speed", "50×", "200×; 18× with trees", measured, ratio >= 50)
    least = min(taken["AutoETS"], taken["AutoARIMA"]) / fast
    measured = ", ".join(f"{name} {taken[name] / fast:.0f}× ({taken[name]:.0f} s)" for name in ("AutoETS", "AutoARIMA"))
    bars.add("F7", "the same against AutoETS and AutoARIMA", "200×", "700×", measured, least >= 200)


def thin_bars(bars: Bars) -> None:
    """F9: 30-day totals against the best of three methods of statsforecast."""
    data = forecast_data.online_retail()
    missed: dict[str, float] = {}
    for cutoff in data.cutoffs:
        one = try_at(data, cutoff)
        whole = one.actual.sum(axis=1)
        said = {name: peers.forecast(name, one.history, data.horizon).means for name in ("TSB", "ADIDA", "SES")}
        for name, means in {"auto": one.mean, **said}.items():
            missed[name] = missed.get(name, 0.0) + float(np.abs(whole - means.sum(axis=1)).sum())
    mine = missed.pop("auto")
    best = min(missed, key=lambda name: missed[name])
    gain = mine / missed[best] - 1
    measured = f"{gain:+.1%} (best: {best})"
    bars.add("F9", "online retail, 30-day totals against TSB, ADIDA, SES", "+2 %", "0 %", measured, gain <= 0.02)


def quantile_bars(bars: Bars) -> None:
    """F12: against Prophet as it answers, and beside that with its negative quantiles cut to zero."""
    data = forecast_data.online_retail()
    gains, gains_on_cut = [], []
    for cutoff in (data.cutoffs[1], data.cutoffs[3]):
        one = try_at(data, cutoff)
        rows = _some(one.history.series, _RETAIL_SERIES)
        said = peers.forecast("Prophet", one.history.only(rows), data.horizon)
        if said.bands is None:
            raise ValueError("Prophet gave no quantiles.")
        actual = one.actual[rows]
        mine = _wql(actual, one.bands[rows])
        gains.append(mine / _wql(actual, said.bands) - 1)
        gains_on_cut.append(mine / _wql(actual, np.maximum(said.bands, 0)) - 1)
    as_told, cut = (", ".join(f"{gain:+.1%}" for gain in some) for some in (gains, gains_on_cut))
    what = f"online retail, {_RETAIL_SERIES} articles, wQL against Prophet, 2 cutoffs"
    bars.add("F12", what, "−15 %", "−28 %", f"{as_told} (its negatives cut to zero: {cut})", max(gains) <= -0.15)


def _wql(actual: Matrix, bands: Matrix) -> float:
    """2 · mean pinball loss at DAY_LEVELS by demand."""
    error = actual[..., None] - bands
    levels = np.array(DAY_LEVELS)
    loss = np.maximum(levels * error, (levels - 1) * error).sum(axis=(0, 1))
    return float(2 * loss.mean() / actual.sum())


def _some(series: int, count: int) -> Numbers:
    """The same series each time."""
    return np.sort(np.random.default_rng(100).permutation(series)[:count])
