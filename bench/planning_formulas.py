"""The formulas of planning beside stockpyl's, as differences: `python -m bench.planning formulas`.

Formulas in closed form have to be equal. Those that read quantiles off our grid of nine levels differ from the normal
or Poisson distribution by what lies between the levels; by how much at most is part of the bar, in standard deviations.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import poisson

from bench import peers
from tradewind.insights.planning import levels, lots, service
from tradewind.insights.planning.distribution import LEVELS, Distribution

Numbers = dict[str, float]
_PROGRAM = Path(__file__).with_name("peer_stock.py")
_CASES = 200


@dataclass(frozen=True)
class Formula:
    """One of ours; `scale` is what a difference is measured in, `floor` the largest that is right."""

    name: str
    ours: Callable[[Numbers], float]
    scale: Callable[[Numbers, float], float]
    floor: float
    measured_in: str


def _of_itself(_: Numbers, answer: float) -> float:
    return max(abs(answer), 1e-9)


def _of_deviation(case: Numbers, _: float) -> float:
    return case["sd"]


def _of_units(case: Numbers, _: float) -> float:
    """Whole units jump, and the grid lies between its levels."""
    return 1 + float(np.sqrt(case["mean"])) / 20


def _order_up_to(case: Numbers) -> float:
    level = service.critical_ratio(case["short"], case["over"])
    days = levels.protection_days(int(case["lead_time"]), 1)
    return levels.normal_reorder_point(case["mean"], case["sd"], days, 0, level)


def _reorder_point(case: Numbers) -> float:
    level = service.critical_ratio(case["ratio"], 1)
    return levels.normal_reorder_point(case["mean"], case["sd"], case["lead_time"], 0, level)


def _season(case: Numbers) -> float:
    level = service.single_period_level(case["price"], case["cost"], salvage=case["salvage"])
    return levels.normal_reorder_point(case["mean"], case["sd"], 1, 0, level)


def _normal(case: Numbers) -> Distribution:
    return Distribution.normal(case["mean"], case["sd"])


def _poisson(case: Numbers) -> float:
    grid = Distribution(LEVELS, tuple(map(float, poisson(case["mean"]).ppf(LEVELS))), case["mean"])
    return grid.quantile(service.critical_ratio(case["short"], case["over"]))


FORMULAS = (
    Formula(
        "order quantity",
        lambda c: lots.economic_quantity(c["demand"], c["order_cost"], c["holding"]) or 0.0,
        _of_itself, 1e-9, "of itself",
    ),
    Formula(
        "cost of an order quantity",
        lambda c: lots.yearly_cost(c["units"], c["demand"], c["order_cost"], c["holding"]),
        _of_itself, 1e-9, "of itself",
    ),
    Formula("order-up-to level", _order_up_to, _of_itself, 1e-6, "of itself"),
    Formula("reorder point", _reorder_point, _of_itself, 1e-6, "of itself"),
    Formula("one season", _season, _of_itself, 1e-6, "of itself"),
    Formula(
        "one season, on the grid",
        lambda c: _normal(c).quantile(service.critical_ratio(c["short"], c["over"])),
        _of_deviation, 0.10, "sd",
    ),
    Formula("one season, Poisson", _poisson, _of_units, 1.0, "1 unit + sd/20"),
    Formula("units unserved", lambda c: _normal(c).expected_excess(c["units"]), _of_deviation, 0.03, "sd"),
    Formula(
        "point of a fill rate",
        lambda c: service.fill_rate_point(_normal(c), c["fill_rate"], c["order"]),
        _of_deviation, 0.15, "sd",
    ),
)  # fmt: skip


def report() -> bool:
    """Prints the largest difference of each formula; whether all are within their bound."""
    cases = list(_cases())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "cases.json"
        source.write_text(json.dumps(cases))
        theirs = json.loads(peers.run(_PROGRAM, source))
    print(f"\n{'formula, ' + str(_CASES) + ' cases each':<32} {'at most':>10} {'largest':>12} {'mean':>12}")
    good = True
    for formula in FORMULAS:
        off = [
            abs(formula.ours(case) - answer) / formula.scale(case, answer)
            for (name, case), answer in zip(cases, theirs, strict=True)
            if name == formula.name
        ]
        fine = max(off) <= formula.floor
        good = good and fine
        told = f"{formula.floor:>10.0e} {max(off):>12.1e} {np.mean(off):>12.1e}  {formula.measured_in}"
        print(f"{formula.name:<32} {told}{'' if fine else '  MISSED'}")
    return good


def _cases() -> Iterator[tuple[str, Numbers]]:
    """The same numbers each time; levels between a half and 0.99, where plans have theirs."""
    chance = np.random.default_rng(7)
    for formula in FORMULAS:
        for _ in range(_CASES):
            mean, level = float(np.exp(chance.uniform(0, 7))), float(chance.uniform(0.5, 0.99))
            sd = mean * float(chance.uniform(0.05, 0.3))
            yield (
                formula.name,
                {
                    "mean": mean,
                    "sd": sd,
                    "lead_time": float(chance.integers(1, 60)),
                    "short": level,
                    "over": 1 - level,
                    "ratio": level / (1 - level),
                    "price": 10.0,
                    "cost": 10 * (1 - level) + 2 * level,
                    "salvage": 2.0,
                    "demand": 365 * mean,
                    "order_cost": float(chance.uniform(1, 200)),
                    "holding": float(chance.uniform(0.1, 20)),
                    "units": mean + sd * float(chance.uniform(-1, 2.3)),
                    "fill_rate": float(chance.uniform(0.8, 0.999)),
                    "order": mean * float(chance.uniform(0.1, 1)),
                },
            )
