"""Signals: hardly any on demand that is as expected, most of what was planted found, and what is known to be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from tradewind.insights.forecasting import signals
from tradewind.insights.forecasting.history import Matrix
from tradewind.insights.forecasting.signal_report import chosen, report_of
from tradewind.insights.forecasting.signals import SignalKind, Watched, find, gaps, rejected, silences
from tradewind.insights.forecasting.tails import dispersion, log_chance_of_none, tails
from tradewind.insights.forecasting.watch import Basis, Look

LAST = date(2026, 3, 29)
DAYS = 28


def quiet(series: int, seed: int, level: float = 30.0, phi: float = 1.0) -> Watched:
    """Demand that is as it was expected: weekdays differ, nothing else happens."""
    chance = np.random.default_rng(seed)
    weekday = np.tile([1.3, 1.1, 1.0, 0.9, 0.9, 1.0, 0.8], DAYS // 7)
    mean = level * chance.uniform(0.5, 2, (series, 1)) * weekday
    return Watched(
        tuple(f"P{nth:03}" for nth in range(series)),
        tuple("shop" if nth % 2 else "amazon" for nth in range(series)),
        LAST,
        _drawn(chance, mean, phi),
        mean,
        mean[:, -7:],
        np.full(series, phi),
        np.full(series, 2.5),
    )


def _drawn(chance: np.random.Generator, mean: Matrix, phi: float) -> Matrix:
    units = chance.poisson(mean) if phi == 1 else chance.negative_binomial(mean / (phi - 1), 1 / phi)
    return np.asarray(units, dtype=float)


def changed(watched: Watched, rows: slice, columns: slice, factor: float) -> Watched:
    units = watched.units.copy()
    units[rows, columns] = np.round(units[rows, columns] * factor)
    return replace(watched, units=units)


@pytest.mark.parametrize(("level", "phi"), [(0.3, 1.0), (4.0, 2.5), (30.0, 1.0), (400.0, 3.0)])
def test_quiet_demand_raises_hardly_an_alarm(level: float, phi: float) -> None:
    """At most one single day in 1,000 series-days (F18), one trend in 200 series, one silence in 5,000."""
    days, trends, quiets, shifts, series = 0, 0, 0, 0, 0
    for seed in range(10):
        holes, watched = gaps(quiet(500, seed, level, phi))
        found = find(watched, days=DAYS, least_effect=0)
        assert holes == []
        days, trends = days + len(found.anomalies), trends + len(found.rising) + len(found.falling)
        quiets, shifts, series = quiets + len(silences(watched)), shifts + len(found.shifts), series + 500
    assert days / (series * DAYS) <= 0.001
    assert trends / series <= 0.005
    assert quiets / series <= 0.0002
    assert shifts / series <= 0.002


def test_most_of_what_was_planted_is_found() -> None:
    """Days at two and a half times the expected demand or a fifth of it, shifts of level, weeks of trends."""
    hit = {"spike": 0, "drop": 0, "up": 0, "rising": 0, "falling": 0}
    for seed in range(10):
        watched = quiet(200, seed, 35)
        odd = changed(changed(watched, slice(0, 10), slice(-1, None), 2.5), slice(10, 20), slice(-1, None), 0.2)
        rows = [one.row for one in find(odd, days=1, least_effect=0).anomalies]
        hit["spike"] += sum(row < 10 for row in rows)
        hit["drop"] += sum(10 <= row < 20 for row in rows)
        odd = changed(watched, slice(0, 10), slice(-14, None), 1.5)
        hit["up"] += sum(one.row < 10 and one.units > one.expected for one in find(odd, days=1).shifts)
        odd = changed(changed(watched, slice(0, 10), slice(-7, None), 1.6), slice(10, 20), slice(-7, None), 0.6)
        found = find(odd, days=1)
        hit["rising"] += sum(one.row < 10 for one in found.rising)
        hit["falling"] += sum(10 <= one.row < 20 for one in found.falling)
    assert all(count >= 75 for count in hit.values()), hit


def test_a_second_day_counts_where_one_is_not_unlikely_enough() -> None:
    mean = np.full((20, DAYS), 30.0)
    watched = replace(quiet(20, 1), units=mean.copy(), expected=mean, foreseen=mean[:, -7:])
    watched.units[0, -1] = 52
    assert signals.CERTAIN < watched.tails.two_sided[0, -1] < 0.005
    assert find(watched, days=7).anomalies == ()
    second = replace(watched, units=watched.units.copy())
    second.units[0, -2] = 54
    (one,) = find(second, days=7).anomalies
    assert (one.row, one.day, one.units, one.lasts) == (0, LAST, 52, True)
    assert one.effect == pytest.approx(22 * 2.5)
    assert find(second, days=7, least_effect=56).anomalies == ()
    other_side = replace(second, units=second.units.copy())
    other_side.units[0, -2] = 12
    assert find(other_side, days=1).anomalies == ()


def test_findings_are_those_of_benjamini_and_hochberg() -> None:
    chance = np.random.default_rng(4).uniform(0, 1, 400) ** 3
    chance[7] = np.nan
    known = chance[np.isfinite(chance)]
    adjusted = stats.false_discovery_control(known)
    assert rejected(chance)[np.isfinite(chance)].tolist() == (adjusted <= 0.10).tolist()
    assert not rejected(chance)[7]
    assert not rejected(np.array([np.nan, np.nan])).any()


def test_tails_are_those_of_the_distributions() -> None:
    units, mean = np.arange(40.0)[None], np.full((1, 40), 9.0)
    spread = 2.0 + 0.05**2 * 9
    found = tails(units, mean, np.array([2.0]))
    known = stats.nbinom(9 / (spread - 1), 1 / spread)
    assert found.at_most[0] == pytest.approx(known.cdf(units[0]))
    assert found.at_least[0] == pytest.approx(known.sf(units[0] - 1))
    assert log_chance_of_none(mean, np.array([2.0]))[0, 0] == pytest.approx(known.logpmf(0))
    poisson = tails(units[:, :17], mean[:, :17], np.array([1.0])).at_least[0]
    assert poisson == pytest.approx(stats.poisson(9).sf(units[0, :17] - 1), rel=0.1)
    assert np.isnan(tails(np.array([[np.nan, 1.0]]), np.array([[1.0, np.nan]]), np.array([1.0])).two_sided).all()


@pytest.mark.parametrize("phi", [1.0, 3.0, 8.0])
def test_noise_is_learnt_from_the_past(phi: float) -> None:
    weekday = np.arange(182) % 7
    mean = 20 * (1 + 0.3 * (weekday >= 5)) * np.linspace(0.8, 1.2, 182)
    demand = _drawn(np.random.default_rng(6), np.repeat(mean[None], 300, axis=0), phi)
    assert np.median(dispersion(demand, weekday)) == pytest.approx(phi, rel=0.07)
    demand[0, 10:] = np.nan
    found = dispersion(demand, weekday)
    assert found[0] == pytest.approx(np.median(found[1:]))
    assert dispersion(np.full((2, 182), np.nan), weekday) == pytest.approx(1, abs=0.01)


def test_silence_counts_days_in_stock_only() -> None:
    watched = quiet(30, 2, 2.0)
    units = watched.units.copy()
    units[0, -12:] = 0
    units[1, -12:] = np.nan
    units[2, -2:] = 0
    watched = replace(watched, units=units)
    (one,) = silences(watched)
    assert (one.row, one.days, one.since) == (0, 12, LAST - timedelta(days=11))
    assert one.chance == pytest.approx(np.exp(-one.expected), rel=0.1)


def test_a_silent_channel_is_a_gap_in_data_and_no_demand() -> None:
    watched = quiet(40, 3)
    units = watched.units.copy()
    units[np.array(watched.channels) == "amazon", -3:] = 0
    seen = Look(replace(watched, units=units), np.tile(watched.expected, 6)[:, :182], Basis.SERVED, "EUR")
    found = report_of(seen, None, 7)
    (gap,) = chosen(found, [SignalKind.DATA_GAP])
    assert (gap.channel, gap.first_day, gap.last_day) == ("amazon", LAST - timedelta(days=2), LAST)
    assert gap.product_id is None
    assert list(chosen(found, [])) == [gap]
    alone = quiet(1, 3)
    alone.units[:] = 0
    assert gaps(alone)[0] == []


def test_products_are_looked_at_over_all_their_channels() -> None:
    watched = quiet(2, 5)
    both = replace(watched, products=("P", "P"), channels=("amazon", "shop"))
    both.units[0, 0] = np.nan
    past = np.tile(watched.expected, 7)[:, :182]
    whole = Look(both, past, Basis.SERVED, "EUR").by_product()
    assert whole.products == ("P",)
    assert whole.units[0, 0] == both.units[1, 0]
    assert whole.expected[0, 0] == both.expected[1, 0]
    assert whole.units[0, 1] == both.units[:, 1].sum()
    assert whole.foreseen[0].tolist() == pytest.approx(both.foreseen.sum(axis=0).tolist())


def test_what_is_told_says_money_and_why() -> None:
    watched = changed(changed(quiet(50, 8), slice(0, 1), slice(-1, None), 3.0), slice(1, 2), slice(-7, None), 0.3)
    units = watched.units.copy()
    units[2, -9:] = 0
    worth = watched.worth.copy()
    worth[2] = np.nan
    past = np.tile(watched.expected, 7)[:, :182]
    found = report_of(Look(replace(watched, units=units, worth=worth), past, Basis.SERVED, "EUR"), None, 1)
    told = {(one.kind, one.product_id): one for one in found.signals}
    spike = told[SignalKind.SPIKE, "P000"]
    assert str(spike.effect) == f"{(spike.units - watched.expected[0, -1]) * 2.5:.2f}"
    assert f"{spike.units:g} units on {LAST}" in spike.says
    falling = told[SignalKind.FALLING, "P001"]
    assert falling.effect is not None
    assert falling.effect < 0
    assert falling.high is not None
    assert falling.high < signals.FALLING
    silence = told[SignalKind.SILENCE, "P002"]
    assert silence.effect is None
    assert "9 days in stock" in silence.says
    assert told[SignalKind.LEVEL_DOWN, "P001"].units < told[SignalKind.LEVEL_DOWN, "P001"].expected_units
