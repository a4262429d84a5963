"""The plan: all lines, within a budget where there is one, ranked, and what to move before anything is bought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as pairs

from tradewind.insights.planning.allocation import Wish, within_budget
from tradewind.insights.planning.line import Hold, LineInputs, PlannedLine, expected_profit, plan_line, ranked
from tradewind.insights.planning.sentences import transfer_sentence
from tradewind.insights.planning.terms import PlanTerms
from tradewind.insights.planning.transfers import Holding, Lane, Move, plan_transfers

_STEPS = 8
"""Into how many parts an order is cut at most when it competes for cash."""


@dataclass(frozen=True, slots=True)
class PlannedTransfer:
    """Units to move between two places. `gain` is expected money."""

    move: Move
    giver: LineInputs
    receiver: LineInputs
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines in rank order, those that order something first."""

    lines: tuple[PlannedLine, ...]
    transfers: tuple[PlannedTransfer, ...]


def make_plan(inputs: Iterable[LineInputs], terms: PlanTerms) -> Plan:
    """Transfers first: what lies elsewhere need not be bought. Then lines, with what will come by transfer in them."""
    lines = [plan_line(one, terms) for one in inputs]
    transfers = _transfers(lines, terms)
    moved: dict[str, int] = {}
    for transfer in transfers:
        moved[transfer.receiver.key] = moved.get(transfer.receiver.key, 0) + transfer.move.units
        moved[transfer.giver.key] = moved.get(transfer.giver.key, 0) - transfer.move.units
    lines = [
        plan_line(_after(line.inputs, moved[line.inputs.key]), terms) if line.inputs.key in moved else line
        for line in lines
    ]
    return Plan(tuple(_ranked(_affordable(lines, terms))), tuple(transfers))


def _after(inputs: LineInputs, units: int) -> LineInputs:
    """Inputs with units that come by transfer, or that are promised to one."""
    if units < 0:
        return replace(inputs, reserved=inputs.reserved - units)
    return replace(
        inputs,
        due_until_arrival=inputs.due_until_arrival + units,
        due_protected=inputs.due_protected + units,
        due_until_review=inputs.due_until_review + units,
        on_order=inputs.on_order + units,
    )


def _affordable(lines: Sequence[PlannedLine], terms: PlanTerms) -> list[PlannedLine]:
    """Lines cut to the budget: parts of orders compete by expected profit per unit of cash."""
    if terms.budget is None:
        return list(lines)
    parts = {line.inputs.key: _parts(line) for line in lines if line.quantity}
    wishes = []
    for line in lines:
        done = 0
        for step, units in enumerate(parts.get(line.inputs.key, ())):
            cost = float(line.inputs.unit_cost or 0) * units
            before, after = (expected_profit(line.inputs, terms, n) for n in (done, done + units))
            # Of unknown profit: after all that are known, never for nothing.
            profit = 1e-9 * cost if before is None or after is None else after - before
            wishes.append(Wish(line.inputs.key, step, cost, profit))
            done += units
    spent = within_budget(wishes, float(terms.budget))
    return [_cut(line, parts[line.inputs.key], spent.steps, wishes, terms) if line.quantity else line for line in lines]


def _cut(
    line: PlannedLine, parts: Sequence[int], bought: dict[str, int], wishes: Sequence[Wish], terms: PlanTerms
) -> PlannedLine:
    steps = bought.get(line.inputs.key, 0)
    units = sum(parts[:steps])
    hold = None
    if not units:
        loses = any(wish.key == line.inputs.key and wish.step == 0 and wish.profit <= 0 for wish in wishes)
        hold = Hold.NOT_WORTH_IT if loses else Hold.OVER_BUDGET
    return replace(line, quantity=units, hold=hold, expected_profit=expected_profit(line.inputs, terms, units))


def _parts(line: PlannedLine) -> list[int]:
    """The order in parts: the smallest lot, then packs, in at most eight parts."""
    lot = line.inputs.lot
    first = min(line.quantity, max(lot.smallest, lot.round_up(line.quantity / _STEPS)))
    rest = line.quantity - first
    step = max(lot.pack, lot.round_up(rest / (_STEPS - 1))) if rest else lot.pack
    return [first, *(min(step, rest - done) for done in range(0, rest, step))]


def _ranked(lines: Sequence[PlannedLine]) -> list[PlannedLine]:
    ordered = ranked([line for line in lines if line.quantity])
    rest = sorted((line for line in lines if not line.quantity), key=lambda line: (line.hold is None, line.inputs.key))
    return [replace(line, rank=rank) for rank, line in enumerate(ordered, start=1)] + rest


def _transfers(lines: Sequence[PlannedLine], terms: PlanTerms) -> list[PlannedTransfer]:
    counted = {line.inputs.key: line for line in lines if line.inputs.is_counted}
    holdings = [_holding(line, terms) for line in counted.values()]
    lanes = _lanes({line.inputs.location_id: line.inputs.location for line in counted.values()}, terms)
    packs = {line.inputs.product_id: 1 for line in counted.values()}
    moves = plan_transfers(holdings, lanes, packs=packs)
    planned = []
    for move in sorted(
        moves, key=lambda move: (-move.gain, move.product_id, move.from_location_id, move.to_location_id)
    ):
        giver = counted[f"{move.product_id}/{move.from_location_id}"]
        receiver = counted[f"{move.product_id}/{move.to_location_id}"]
        told = transfer_sentence(move, giver.inputs.location, receiver.inputs.location, receiver.days_of_cover)
        planned.append(PlannedTransfer(move, giver.inputs, receiver.inputs, told))
    return planned


def _lanes(codes: Mapping[str, str], terms: PlanTerms) -> dict[tuple[str, str], Lane]:
    """Every way between two places by their ids: what it costs by itself, else what ways usually cost."""
    usual = Lane(float(terms.transfer_cost_per_unit), float(terms.transfer_fixed_cost))
    told = {
        (lane.from_location, lane.to_location): Lane(float(lane.cost_per_unit), float(lane.fixed_cost))
        for lane in terms.lanes
    }
    ways = ((giver, receiver) for giver, receiver in pairs(sorted(codes), repeat=2) if giver != receiver)
    return {way: told.get((codes[way[0]], codes[way[1]]), usual) for way in ways}


def _holding(line: PlannedLine, terms: PlanTerms) -> Holding:
    """The need is the reorder point: what lies above it is spare, what is missing below it would have to be bought."""
    given = line.inputs
    return Holding(
        given.product_id,
        given.location_id,
        given.position(0).available,
        line.inventory_position,
        given.demand,
        line.reorder_point,
        given.short(terms) or 0.0,
    )
