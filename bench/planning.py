"""What a plan is worth: its rule against rules of thumb, for the same demand and the same capital.

    python -m bench.planning loop --seeds 0:20     a simulated year, 1,000 products, lead times and promotions
    python -m bench.planning shops                 real demand: online retail (F19) and store-item (F20)
    python -m bench.planning formulas              our formulas beside stockpyl's, in the peers' environment
    python -m bench.planning report                the bars, from what was measured so far

Each seed is kept in a file as it is done, so that a run that was stopped goes on. Opponents get the parameter at which
they bind the same capital (or sell the same share), found by halving.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import planning_formulas
from tradewind.demo.policies import DaysOfCover, MeanAndDeviation, Planned, ReorderPoint
from tradewind.demo.replay import Outcome, Policy, replay
from tradewind.demo.twin import Units, World, make_world

KEPT = Path(__file__).resolve().parents[1] / ".build" / "bench" / "planning.jsonl"
SEEDS, PRODUCTS = 20, 1_000
_HALVINGS = 14


def main() -> int:
    options = _options()
    if options.part == "loop":
        first, _, last = options.seeds.partition(":")
        for seed in range(int(first), int(last or int(first) + 1)):
            _keep(f"loop {seed}", partial(loop, seed))
    elif options.part == "shops":
        _keep("online retail", online_retail)
        _keep("store-item", store_item)
    elif options.part == "formulas":
        return 0 if planning_formulas.report() else 1
    report()
    return 0


def loop(seed: int) -> dict[str, Any]:
    """One seed: the plan's rule, and each opponent at its capital."""
    world = make_world(seed, products=PRODUCTS)
    opening = _opening(world)
    plan = replay(world, Planned(refit_days=14), opening=opening)
    rivals: dict[str, tuple[Callable[[float], Policy], float, float]] = {
        "reorder point 10": (ReorderPoint, 0.5, 400),
        "days of cover": (DaysOfCover, 0.5, 200),
    }
    found = {"plan": asdict(plan)}
    for name, (make, low, high) in rivals.items():
        found[name] = asdict(_matched(world, make, opening, low, high, lambda one: one.capital, plan.capital))
    return found


def online_retail() -> dict[str, Any]:
    """F19: lost sales at equal stock; 80 days from 2011-09-10, L = 7, three levels."""
    from bench.forecast_data import online_retail as told

    data = told()
    start = (np.datetime64("2011-09-10") - np.datetime64(data.first_day)).astype(int)
    known = np.isfinite(data.demand[:, :start]).any(axis=1)
    world = _shop(np.nan_to_num(data.demand[known, : start + 80]), int(start), data.first_day)
    opening = _opening(world, days=28)
    found: dict[str, Any] = {}
    for level in (0.85, 0.90, 0.95):
        plan = replay(world, Planned(level), opening=opening, warm_up=14)
        found[str(level)] = {
            "plan": asdict(plan),
            "mean + z·sd": asdict(
                _matched(world, MeanAndDeviation, opening, 0.02, 0.99999, lambda one: one.units, plan.units)
            ),
            "days of cover": asdict(_matched(world, DaysOfCover, opening, 0.5, 200, lambda one: one.units, plan.units)),
        }
    return found


def store_item() -> dict[str, Any]:
    """F20: stock at an equal fill rate between 98 and 99.5 %; 84 days from 2017-07-03, L = 7."""
    from bench.forecast_data import store_item as told

    data = told()
    start = (np.datetime64("2017-07-03") - np.datetime64(data.first_day)).astype(int)
    demand = data.demand[:, max(0, start - 730) : start + 84]
    first = data.first_day
    world = _shop(demand, demand.shape[1] - 84, _later(first, max(0, int(start) - 730)))
    opening = _opening(world, days=10)
    found: dict[str, Any] = {}
    for level in (0.80, 0.90, 0.95):
        plan = replay(world, Planned(level), opening=opening, warm_up=14)
        rivals: dict[str, Callable[[float], Policy]] = {"mean + z·sd": MeanAndDeviation, "days of cover": DaysOfCover}
        found[str(level)] = {"plan": asdict(plan)} | {
            name: asdict(
                _matched(
                    world,
                    make,
                    opening,
                    0.02 if make is MeanAndDeviation else 0.5,
                    0.99999 if make is MeanAndDeviation else 60,
                    lambda one: one.fill_rate,
                    plan.fill_rate,
                )
            )
            for name, make in rivals.items()
        }
    return found


def report() -> None:
    """Prints floor, goal and measured figure of each bar."""
    kept = _kept()
    loops = [value for name, value in kept.items() if name.startswith("loop ")]
    print(f"{'bar':<58} {'floor':>8} {'goal':>8} {'measured':>10}")
    if loops:
        _loop_report(loops)
    if "online retail" in kept:
        levels = kept["online retail"].values()
        for rival, floor, goal in (("mean + z·sd", "-8 %", "-13 %"), ("days of cover", "0 %", "-3 %")):
            shares = [level["plan"]["lost"] / level[rival]["lost"] - 1 for level in levels]
            told = f"{min(shares):+.1%} … {max(shares):+.1%}"
            _line(f"F19 lost sales at equal stock against {rival}", floor, goal, told)
    if "store-item" in kept:
        levels = kept["store-item"].values()
        shares = [level["plan"]["units"] / level["mean + z·sd"]["units"] - 1 for level in levels]
        fills = [1 - level["plan"]["lost"] / level["plan"]["wanted"] for level in levels]
        told = f"{min(shares):+.1%} … {max(shares):+.1%}"
        _line(f"F20 stock at equal fill {min(fills):.3f}…{max(fills):.3f} against mean + z·sd", "-25 %", "-38 %", told)


def _loop_report(loops: list[dict[str, Any]]) -> None:
    for rival, floor in (("reorder point 10", "-30 %"), ("days of cover", "0 %")):
        for measure, says in (("turned_away_days", "stock-outs"), ("lost", "units lost")):
            shares = [one["plan"][measure] / one[rival][measure] - 1 for one in loops]
            told = f"{np.mean(shares):+.1%}"
            name = f"loop, {len(loops)} seeds: {says} at equal capital against {rival}"
            _line(name, floor, "", f"{told} (worst {max(shares):+.1%})")
        wins = np.mean([one["plan"]["profit"] >= one[rival]["profit"] for one in loops])
        _line(f"loop: seeds whose profit is not lower than with {rival}", "95 %", "", f"{wins:.0%}")


def _line(name: str, floor: str, goal: str, told: str) -> None:
    print(f"{name:<58} {floor:>8} {goal:>8} {told:>10}")


def _shop(demand: np.ndarray[Any, np.dtype[np.float64]], known_days: int, first_day: Any) -> World:
    """Real demand as a world: one supplier that takes seven days, always."""
    products = len(demand)
    ones = np.ones(products)
    return World(
        demand.astype(np.int64),
        demand,
        np.zeros(demand.shape, bool),
        np.full(demand.shape, 7),
        known_days,
        2 * ones,
        ones,
        ones.astype(np.int64),
        np.zeros(products, np.int64),
        np.zeros(products, np.int64),
        [[7] * 10],
        first_day,
    )


def _opening(world: World, days: int = 14) -> Units:
    """What lies there at the beginning, the same for everybody: so many days of the last four weeks' mean."""
    recent = world.demand[:, world.known_days - 28 : world.known_days]
    return np.asarray(np.ceil(recent.mean(axis=1) * days).astype(np.int64))


def _matched(
    world: World,
    make: Callable[[float], Policy],
    opening: Units,
    low: float,
    high: float,
    measure: Callable[[Outcome], float],
    target: float,
) -> Outcome:
    """The opponent at the parameter where its measure is the target; never below it, so as not to rob it."""
    found = None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        outcome = replay(world, make(middle), opening=opening, warm_up=14 if world.days < 100 else 28)
        if measure(outcome) < target:
            low = middle
        else:
            high, found = middle, outcome
    return found or replay(world, make(high), opening=opening, warm_up=14 if world.days < 100 else 28)


def _later(first_day: Any, days: int) -> Any:
    from datetime import timedelta

    return first_day + timedelta(days=days)


def _keep(name: str, work: Callable[[], dict[str, Any]]) -> None:
    if name in _kept():
        return
    began = time.perf_counter()
    found = work()
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with KEPT.open("a") as file:
        file.write(json.dumps({"name": name, "found": found}) + "\n")
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _kept() -> dict[str, dict[str, Any]]:
    if not KEPT.exists():
        return {}
    return {one["name"]: one["found"] for one in map(json.loads, KEPT.read_text().splitlines())}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("loop", "shops", "formulas", "report"))
    parser.add_argument("--seeds", default=f"0:{SEEDS}", help="from:to, the last one not included")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
