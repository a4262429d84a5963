"""Figures of stock by stockpyl, in the peers' environment; bench/planning_formulas.py starts this.

    python bench/peer_stock.py cases.json > answers.json

Each case names a formula and its numbers; each answer is what the library says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from scipy.optimize import brentq
from stockpyl.eoq import economic_order_quantity
from stockpyl.loss_functions import normal_loss
from stockpyl.newsvendor import newsvendor_normal, newsvendor_normal_explicit, newsvendor_poisson
from stockpyl.rq import r_q_eoqss_approximation

Numbers = dict[str, float]


def _harris(case: Numbers, units: float | None = None) -> tuple[float, float]:
    found, cost = economic_order_quantity(case["order_cost"], case["holding"], case["demand"], units)
    return found, cost


def _fill_rate_point(case: Numbers) -> float:
    """Where stockpyl's loss function is what may go unserved."""
    allowed = (1 - case["fill_rate"]) * case["order"]
    far = case["mean"] + 10 * case["sd"]
    if normal_loss(0, case["mean"], case["sd"])[0] <= allowed:
        return 0.0
    return float(brentq(lambda units: normal_loss(units, case["mean"], case["sd"])[0] - allowed, 0, far))


FORMULAS: dict[str, Callable[[Numbers], float]] = {
    "order quantity": lambda c: economic_order_quantity(c["order_cost"], c["holding"], c["demand"])[0],
    "cost of an order quantity": lambda c: economic_order_quantity(
        c["order_cost"], c["holding"], c["demand"], c["units"]
    )[1],
    "order-up-to level": lambda c: newsvendor_normal(c["over"], c["short"], c["mean"], c["sd"], c["lead_time"])[0],
    "reorder point": lambda c: r_q_eoqss_approximation(1, c["ratio"], 1, c["mean"], c["sd"], c["lead_time"])[0],
    "one season": lambda c: newsvendor_normal_explicit(c["price"], c["cost"], c["salvage"], c["mean"], c["sd"])[0],
    "one season, on the grid": lambda c: newsvendor_normal(c["over"], c["short"], c["mean"], c["sd"])[0],
    "one season, Poisson": lambda c: newsvendor_poisson(c["over"], c["short"], c["mean"])[0],
    "units unserved": lambda c: normal_loss(c["units"], c["mean"], c["sd"])[0],
    "point of a fill rate": _fill_rate_point,
}


def main() -> int:
    cases = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps([float(FORMULAS[name](numbers)) for name, numbers in cases]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
