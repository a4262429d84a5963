"""What to move from where there is too much to where there is too little, solved for all products at once.

One product between n places is a flow: x_ij units, Σ_j x_ij <= spare_i, Σ_i x_ij <= wanted_j. What the next unit is
worth to the receiver falls with each (the loss is convex), so its wish is cut into steps of falling worth, and the
linear programme fills them in order by itself. Its matrix is that of a min-cost flow: the optimum is whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tradewind.core.errors import TradewindError
from tradewind.insights.planning.allocation import expected_short
from tradewind.insights.planning.distribution import Distribution

STEPS = 8
"""Into how many parts a wish is cut at most."""


class TransfersUnsolved(TradewindError):
    """The solver gave up."""

    code = "transfers_unsolved"


@dataclass(frozen=True, slots=True)
class Holding:
    """One product in one place. `need` is q_p of demand over the protection interval there, `position` what it has."""

    product_id: str
    location_id: str
    available: int
    position: float
    demand: Distribution
    need: float
    short: float
    """Money that a unit short costs."""

    @property
    def spare(self) -> int:
        """Units that it can give without falling below its own need."""
        return max(0, min(self.available, math.floor(self.position - self.need + 1e-9)))

    @property
    def wanted(self) -> int:
        return max(0, math.ceil(self.need - self.position - 1e-9))


@dataclass(frozen=True, slots=True)
class Lane:
    """A way between two places: money per unit and per shipment, and days until the goods can be sold."""

    cost_per_unit: float = 0.0
    fixed_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Move:
    product_id: str
    from_location_id: str
    to_location_id: str
    units: int
    gain: float
    """Expected money: lost sales avoided less what the way costs per unit."""


def plan_transfers(
    holdings: Sequence[Holding], lanes: Mapping[tuple[str, str], Lane], *, packs: Mapping[str, int] | None = None
) -> list[Move]:
    """The moves that gain most in all, over the lanes there are; none that does not pay for its way.

    Raises TransfersUnsolved when the solver fails. A lane with a fixed cost is used only where its moves together gain
    more than that.
    """
    open_lanes = dict(lanes)
    while flows := _flows(holdings, open_lanes):
        moves = _rounded(_solve(flows), packs or {})
        losing = _dearest_for_nothing(moves, open_lanes)
        if losing is None:
            return moves
        del open_lanes[losing]
    return []


@dataclass(frozen=True, slots=True)
class _Flow:
    """Units from a giver to one step of a receiver's wish, worth so much each."""

    giver: Holding
    receiver: Holding
    step: int
    most: int
    worth: float


def _flows(holdings: Sequence[Holding], lanes: Mapping[tuple[str, str], Lane]) -> list[_Flow]:
    by_product: dict[str, list[Holding]] = {}
    for holding in holdings:
        by_product.setdefault(holding.product_id, []).append(holding)
    flows = []
    for places in by_product.values():
        givers = [place for place in places if place.spare]
        for receiver in (place for place in places if place.wanted):
            steps = _steps(receiver)
            for giver in givers:
                lane = lanes.get((giver.location_id, receiver.location_id))
                if lane is None:
                    continue
                for step, (most, worth) in enumerate(steps):
                    if worth > lane.cost_per_unit:
                        flows.append(_Flow(giver, receiver, step, most, worth - lane.cost_per_unit))
    return flows


def _steps(receiver: Holding) -> list[tuple[int, float]]:
    """Sizes and mean worth of a unit for parts of the wish; single units where it is small."""
    count = min(STEPS, receiver.wanted)
    edges = [receiver.wanted * part // count for part in range(count + 1)]
    steps = []
    for low, high in pairwise(edges):
        saved = expected_short(receiver.demand, receiver.position + low)
        saved -= expected_short(receiver.demand, receiver.position + high)
        steps.append((high - low, receiver.short * saved / (high - low)))
    return steps


def _solve(flows: Sequence[_Flow]) -> dict[tuple[str, str, str], tuple[int, float]]:
    """Units and gain by product, giver and receiver."""
    # Late: the solver takes a third of a second to import, and most who import planning never solve.
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix

    rows: dict[tuple[str, ...], int] = {}
    limits: list[int] = []
    row_of: list[int] = []
    column_of: list[int] = []
    for column, flow in enumerate(flows):
        product, giver, receiver = flow.giver.product_id, flow.giver.location_id, flow.receiver.location_id
        for key, limit in (
            (("gives", product, giver), flow.giver.spare),
            (("step", product, receiver, str(flow.step)), flow.most),
        ):
            if key not in rows:
                rows[key] = len(limits)
                limits.append(limit)
            row_of.append(rows[key])
            column_of.append(column)
    matrix = coo_matrix((np.ones(len(row_of)), (row_of, column_of)), shape=(len(limits), len(flows))).tocsr()
    found = linprog(-np.array([flow.worth for flow in flows]), A_ub=matrix, b_ub=np.array(limits), method="highs-ds")
    if found.status != 0:
        raise TransfersUnsolved(f"No transfers could be worked out: {found.message} Plan fewer products at a time.")
    moved: dict[tuple[str, str, str], tuple[int, float]] = {}
    for flow, units in zip(flows, np.rint(found.x).astype(int).tolist(), strict=True):
        if units:
            key = (flow.giver.product_id, flow.giver.location_id, flow.receiver.location_id)
            before, gain = moved.get(key, (0, 0.0))
            moved[key] = (before + units, gain + units * flow.worth)
    return moved


def _rounded(moved: Mapping[tuple[str, str, str], tuple[int, float]], packs: Mapping[str, int]) -> list[Move]:
    """Whole packs, rounded down: a donor never gives more than it can spare. Below one pack nothing moves."""
    moves = []
    for (product, giver, receiver), (units, gain) in sorted(moved.items()):
        pack = packs.get(product, 1)
        whole = units // pack * pack
        if whole:
            moves.append(Move(product, giver, receiver, whole, gain * whole / units))
    return moves


def _dearest_for_nothing(moves: Sequence[Move], lanes: Mapping[tuple[str, str], Lane]) -> tuple[str, str] | None:
    """The lane that is furthest from paying its fixed cost; what it carried may go elsewhere. None: all pay."""
    net: dict[tuple[str, str], float] = {}
    for move in moves:
        lane = (move.from_location_id, move.to_location_id)
        net[lane] = net.get(lane, -lanes[lane].fixed_cost) + move.gain
    worst = min(sorted(net), key=lambda lane: net[lane], default=None)
    return worst if worst is not None and net[worst] <= 0 else None
