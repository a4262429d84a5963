"""The sentence that explains a line: what is there, what is expected, and why so many."""

from __future__ import annotations

from tradewind.insights.planning.demand import Basis
from tradewind.insights.planning.line import Hold, PlannedLine
from tradewind.insights.planning.transfers import Move

_BASIS = {
    Basis.FORECAST: "by the forecast",
    Basis.HISTORY: "by the mean of the last eight weeks, as there is no forecast",
}
_HOLDS = {
    Hold.NO_SUPPLIER: "Nobody is named who sells it: add it to a supplier's products.",
    Hold.NO_COST: "Nobody has said what it costs: add a cost to the supplier's offer or to the product.",
    Hold.OVER_BUDGET: "The budget goes to lines that earn more per unit of cash.",
    Hold.NOT_WORTH_IT: "Keeping the goods would cost more than the sales that they save.",
}


def sentence(line: PlannedLine) -> str:
    """Two to four plain sentences, from the numbers of the line alone."""
    given = line.inputs
    if line.hold is Hold.NOT_COUNTED:
        return "Nobody has counted it yet, so nothing can be said. Count it, or book a receipt."
    if given.basis == Basis.NONE:
        return f"It has not sold yet, so no demand is assumed. {_there(line)}."
    return " ".join(part for part in (_action(line), _why(line), _level(line), _held(line)) if part)


def transfer_sentence(move: Move, from_place: str, to_place: str, cover_days: int | None) -> str:
    """Why units should move."""
    cover = "nothing runs out soon there" if cover_days is None else f"what is there lasts {_count(cover_days, 'day')}"
    return (
        f"Move {_count(move.units, 'unit')} from {from_place}, which has them to spare beyond its own need, to"
        f" {to_place}: {cover}. Expected gain: {move.gain:.2f}."
    )


def _action(line: PlannedLine) -> str:
    if line.quantity:
        return f"Order {line.quantity}."
    if line.hold:
        return ""
    if line.excess:
        return f"Order nothing: {line.excess} are more than nine of ten outcomes would sell within the cover limit."
    return "Order nothing."


def _why(line: PlannedLine) -> str:
    given = line.inputs
    basis = _BASIS[Basis(given.basis)]
    days = round(given.protected_days)
    after = f"{_lead(line)}, then {_count(given.review_days, 'day')} to the next order"
    return (
        f"{_there(line)}; {given.protected_mean:.0f} are expected to be asked for in the {days} days until the order"
        f" after today's can be sold ({after}), {basis}."
    )


def _there(line: PlannedLine) -> str:
    given = line.inputs
    free = given.on_hand - given.reserved
    text = f"{free} {'is' if free == 1 else 'are'} there"
    return f"{text} and {given.on_order} on the way" if given.on_order else text


def _lead(line: PlannedLine) -> str:
    given = line.inputs
    source = {
        "receipts": f"from {given.receipts} receipts",
        "promise": "as promised",
        "default": "assumed, as nobody has said",
    }[given.lead_time_from]
    wait = f" after {_count(given.wait_days, 'day')} of waiting to be ordered" if given.wait_days else ""
    return f"delivery takes {_count(given.lead_days, 'day')}, {source}{wait}"


def _level(line: PlannedLine) -> str:
    chosen = {
        "economic": "the level at which a missed sale and a unit kept cost the same",
        "asked": "as asked",
        "usual": "the usual level, as price, cost or demand is unknown",
    }[line.level_from]
    return (
        f"With {line.reorder_point:.0f} demand is met with {line.service_level:.0%} certainty, {chosen};"
        f" without an order the shelf is empty before new goods arrive with {line.stock_out_probability:.0%}."
    )


def _held(line: PlannedLine) -> str:
    if line.hold is None:
        return ""
    given = line.inputs
    if line.hold is Hold.BELOW_MINIMUM:
        least = f"the supplier sends {given.lot.smallest} at the least"
        return f"Wait: {least}, and a stock-out before the next look is unlikely."
    if line.hold is Hold.SHELF_LIFE:
        return "Order nothing: a whole lot would not sell within its shelf life."
    return f"{line.wanted} are wanted. {_HOLDS[line.hold]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
