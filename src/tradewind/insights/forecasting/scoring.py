"""The scores of a run, cut by class, channel, category and horizon, as they are kept and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from tradewind.insights.forecasting import backtest, engine, metrics
from tradewind.insights.forecasting.classes import DemandClass
from tradewind.insights.forecasting.engine import Outcome
from tradewind.insights.forecasting.history import Flags, History, Matrix
from tradewind.insights.forecasting.panel import Panel
from tradewind.insights.forecasting.served import DAY_LEVELS

_HORIZONS = ((1, 30), (31, 60), (61, 90), (1, 90))
_MOST_PARTS = 200
"""Categories that are scored by themselves, those with most series first."""


def scores(panel: Panel, outcome: Outcome, served: str) -> list[dict[str, Any]]:
    """A row per model, part and block of horizons. The combination is named `served`; windows do not overlap.

    Parts named `…total` are of sums by day (of all, of a channel, of a category), as their forecasts are served; the
    others are of products and days, one by one.
    """
    chosen = [nth for nth, one in enumerate(outcome.windows) if _is_whole(panel.history, one.origin)]
    chosen = [nth for nth in chosen if (panel.history.days - outcome.windows[nth].origin) % backtest.WINDOW == 0]
    chosen = chosen or list(range(len(outcome.windows)))[-1:]
    if not chosen:
        return []
    actual = _stacked(outcome.windows[nth].actual for nth in chosen)
    naive = _stacked(outcome.windows[nth].means["naive"] for nth in chosen)
    scales = [metrics.scales(panel.history.until(outcome.windows[nth].origin)) for nth in chosen]
    week, day = (np.concatenate(one) for one in zip(*scales, strict=True))
    said = {name: _stacked(outcome.windows[nth].means[name] for nth in chosen) for name in outcome.windows[0].means}
    combined = _stacked(outcome.combined[nth] for nth in chosen)
    bands = np.concatenate([_honest_bands(outcome, nth) for nth in chosen])
    found = []
    for name, forecast in {**said, served: combined}.items():
        judged = metrics.Judged(forecast, actual, naive, week, day, bands if name == served else None)
        for part, title, rows in _parts(panel, outcome):
            many = np.tile(rows, len(chosen)) & np.isfinite(forecast).any(axis=1)
            if not many.any():
                continue
            for first, last in _HORIZONS if part in ("all", "class") else _HORIZONS[-1:]:
                one = judged.only(many, slice(first - 1, last))
                row = asdict(metrics.score(one, int(rows.sum()), len(chosen), DAY_LEVELS))
                found.append({"model": name, "part": part, "name": title, "horizon": f"{first}-{last}", **row})
    return found + _of_sums(panel, outcome, chosen, served)


def _of_sums(panel: Panel, outcome: Outcome, chosen: Sequence[int], served: str) -> list[dict[str, Any]]:
    """What the combination missed of daily sums, at the windows that are judged."""
    found = []
    for part, names in (
        ("total", np.full(len(panel.products), "")),
        ("channel_total", np.array(panel.channels)),
        ("category_total", np.array(panel.categories)),
    ):
        titles, group = np.unique(names, return_inverse=True)
        added = [
            engine.added(outcome.combined[nth], outcome.windows[nth].actual, group, len(titles))
            for nth in range(len(outcome.windows))
        ]
        naive = _stacked(
            engine.added(outcome.windows[nth].means["naive"], outcome.windows[nth].actual, group, len(titles))[0]
            for nth in chosen
        )
        forecast, actual = (_stacked(added[nth][side] for nth in chosen) for side in (0, 1))
        known = [panel.history.until(outcome.windows[nth].origin) for nth in chosen]
        scales = [metrics.scales(engine.summed_history(one, group, len(titles))) for one in known]
        week, day = (np.concatenate(one) for one in zip(*scales, strict=True))
        bands = np.concatenate([_honest_bands_of_sums(outcome, added, nth) for nth in chosen])
        judged = metrics.Judged(forecast, actual, naive, week, day, bands)
        for row in range(min(len(titles), _MOST_PARTS)):
            rows = np.tile(np.arange(len(titles)) == row, len(chosen))
            for first, last in _HORIZONS if part == "total" else _HORIZONS[-1:]:
                one = judged.only(rows, slice(first - 1, last))
                told = asdict(metrics.score(one, 1, len(chosen), DAY_LEVELS))
                title = str(titles[row])
                found.append({"model": served, "part": part, "name": title, "horizon": f"{first}-{last}", **told})
    return found


def _parts(panel: Panel, outcome: Outcome) -> Iterator[tuple[str, str, Flags]]:
    yield "all", "", np.ones(len(panel.products), bool)
    for kind in sorted(set(map(str, outcome.base.classes))):
        yield "class", kind, outcome.base.classes == kind
    for part, names in (("channel", np.array(panel.channels)), ("category", np.array(panel.categories))):
        found, counts = np.unique(names, return_counts=True)
        for name in found[np.argsort(-counts, kind="stable")][:_MOST_PARTS]:
            yield part, str(name), names == name


def _honest_bands(outcome: Outcome, nth: int) -> Matrix:
    """Quantiles that could have been given at a window: from older windows that had ended by then; NaN without two."""
    window = outcome.windows[nth]
    older = [
        (served, one.actual)
        for one, served in zip(outcome.windows, outcome.combined, strict=True)
        if one.origin + backtest.WINDOW <= window.origin
    ]
    if len(older) < 2:
        return np.full((*window.actual.shape, len(DAY_LEVELS)), np.nan)
    mean = np.nan_to_num(np.asarray(outcome.combined[nth], dtype=float))
    return engine.level_of(mean, older, outcome.base.classes).bands


def _honest_bands_of_sums(outcome: Outcome, added: Sequence[tuple[Matrix, Matrix]], nth: int) -> Matrix:
    """The same for sums."""
    origin, (forecast, actual) = outcome.windows[nth].origin, added[nth]
    older = [pair for pair, one in zip(added, outcome.windows, strict=True) if one.origin + backtest.WINDOW <= origin]
    if len(older) < 2:
        return np.full((*actual.shape, len(DAY_LEVELS)), np.nan)
    kinds = np.full(len(forecast), DemandClass.SMOOTH, dtype=object)
    return engine.level_of(np.nan_to_num(forecast), older, kinds, shared_pool=True).bands


def _is_whole(history: History, origin: int) -> bool:
    return history.days - origin >= backtest.WINDOW


def _stacked(parts: Sequence[Matrix] | Iterator[Matrix]) -> Matrix:
    return np.concatenate([np.asarray(one, dtype=float) for one in parts])
