"""A plan in a few numbers: what its purchase list comes to, and its products in the nine cells of ABC and XYZ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tradewind.core.money import rounded
from tradewind.insights.planning.line import LineInputs, expected_profit
from tradewind.insights.planning.model import StoredLine, StoredProduct
from tradewind.insights.planning.store import ALL_LINES, LineFilter, PlanView
from tradewind.insights.planning.terms import PlanTerms

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Part:
    """A supplier, or a place, with its lines that are still to be decided. `cost` is that of known costs."""

    part_id: str
    name: str
    lines: int
    units: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class ListSummary:
    """What is chosen of a purchase list, in the plan's currency; accepted lines are counted apart.

    `suppliers` and `locations` are those of the whole list.
    """

    lines: int
    to_order: int
    units: int
    cost: Decimal
    without_cost: int
    """Lines to order whose cost nobody has said."""
    expected_profit: float
    """Of the lines of which it is known."""
    accepted: int
    held: dict[str, int]
    suppliers: list[Part]
    locations: list[Part]


@dataclass(slots=True)
class _Sum:
    name: str = ""
    lines: int = 0
    units: int = 0
    cost: Decimal = field(default_factory=Decimal)


def summarise(tx: Session, plan: PlanView, chosen: LineFilter = ALL_LINES) -> ListSummary:
    """Reads the list in batches; its amounts are exact."""
    terms = PlanTerms.from_json(plan.terms)
    suppliers: dict[str, _Sum] = defaultdict(_Sum)
    locations: dict[str, _Sum] = defaultdict(_Sum)
    total, held, counts, profit = _Sum(), Counter[str](), Counter[str](), 0.0
    for row in _listed(tx, plan.plan_id):
        cost = None if row.unit_cost is None else Decimal(row.unit_cost) * row.quantity
        is_open = row.accepted_as is None
        for part_id, name, sums in (
            (row.supplier_id, row.supplier, suppliers),
            (row.location_id, row.location, locations),
        ):
            if part_id and is_open:
                _add(sums[part_id], name, row.quantity, cost)
        if not chosen.holds(row.supplier_id, row.location_id):
            continue
        counts["lines"] += 1
        if not is_open:
            counts["accepted"] += 1
        elif row.quantity:
            counts["to_order"] += 1
            counts["without_cost"] += cost is None
            _add(total, "", row.quantity, cost)
            profit += _profit(tx, plan.plan_id, row, terms) or 0.0
        elif row.hold:
            held[row.hold] += 1
    return ListSummary(
        lines=counts["lines"],
        to_order=counts["to_order"],
        units=total.units,
        cost=rounded(total.cost, plan.currency),
        without_cost=counts["without_cost"],
        expected_profit=round(profit, 2),
        accepted=counts["accepted"],
        held=dict(held.most_common()),
        suppliers=_parts(suppliers, plan.currency),
        locations=_parts(locations, plan.currency),
    )


def _listed(tx: Session, plan_id: str) -> Iterator[Any]:
    query: Select[Any] = select(
        StoredLine.line_no,
        StoredLine.supplier_id,
        StoredLine.location_id,
        StoredLine.planned,
        StoredLine.quantity,
        StoredLine.hold,
        StoredLine.accepted_as,
        StoredLine.inputs["supplier"].as_string().label("supplier"),
        StoredLine.inputs["location"].as_string().label("location"),
        StoredLine.inputs["unit_cost"].as_string().label("unit_cost"),
        StoredLine.figures["expected_profit"].as_float().label("profit"),
    ).where(StoredLine.plan_id == plan_id, StoredLine.is_listed)
    after = 0
    while rows := tx.execute(query.where(StoredLine.line_no > after).order_by(StoredLine.line_no).limit(_BATCH)).all():
        yield from rows
        after = rows[-1].line_no


def _profit(tx: Session, plan_id: str, row: Any, terms: PlanTerms) -> float | None:
    """As it was planned, or, where somebody changed the quantity, anew."""
    if row.quantity == row.planned:
        return None if row.profit is None else float(row.profit)
    inputs: dict[str, Any] = tx.scalars(
        select(StoredLine.inputs).where(StoredLine.plan_id == plan_id, StoredLine.line_no == row.line_no)
    ).one()
    return expected_profit(LineInputs.from_json(inputs), terms, row.quantity)


def _add(sums: _Sum, name: str | None, units: int, cost: Decimal | None) -> None:
    sums.name = name or sums.name
    sums.lines += 1
    sums.units += units
    sums.cost += cost or 0


def _parts(sums: dict[str, _Sum], currency: str) -> list[Part]:
    found = [Part(key, one.name, one.lines, one.units, rounded(one.cost, currency)) for key, one in sums.items()]
    return sorted(found, key=lambda part: (-part.cost, part.name, part.part_id))


@dataclass(frozen=True, slots=True)
class ClassCell:
    """Products that share a class of earning (A, B, C) and one of evenness (X, Y, Z; None: too little is known)."""

    abc: str
    xyz: str | None
    products: int
    revenue: Decimal
    revenue_share: float | None
    """Of all revenue; None where nothing was earned, or where the plan is too old to tell."""
    stock_value: Decimal
    """At cost, of the products whose cost is known."""


@dataclass(frozen=True, slots=True)
class PaceSum:
    """Products that move alike."""

    pace: str
    products: int
    stock_value: Decimal
    excess_value: Decimal


@dataclass(frozen=True, slots=True)
class Matrix:
    cells: list[ClassCell]
    paces: list[PaceSum]
    without_cost: int
    """Products in stock whose value nobody can tell."""


def class_matrix(tx: Session, plan: PlanView) -> Matrix:
    """Every cell that has products, A before B and X before Y, what is not known last."""
    products: Counter[tuple[str, str | None]] = Counter()
    revenue: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    stock: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    paces: Counter[str] = Counter()
    lying: dict[str, Decimal] = defaultdict(Decimal)
    beyond: dict[str, Decimal] = defaultdict(Decimal)
    without_cost, tells_revenue = 0, True
    for row in _classed(tx, plan.plan_id):
        key = (row.abc, row.xyz)
        products[key] += 1
        paces[row.pace] += 1
        tells_revenue &= row.revenue is not None
        revenue[key] += Decimal(row.revenue or 0)
        if row.stock_value is None:
            without_cost += bool(row.on_hand)
            continue
        stock[key] += Decimal(row.stock_value)
        lying[row.pace] += Decimal(row.stock_value)
        beyond[row.pace] += Decimal(row.excess_value or 0)
    whole = sum((amount for amount in revenue.values() if amount > 0), Decimal(0))
    shares = tells_revenue and whole > 0
    cells = [
        ClassCell(
            abc, xyz, count, revenue[abc, xyz], float(revenue[abc, xyz] / whole) if shares else None, stock[abc, xyz]
        )
        for (abc, xyz), count in sorted(products.items(), key=lambda item: (item[0][0], item[0][1] or "~"))
    ]
    told = [PaceSum(pace, count, lying[pace], beyond[pace]) for pace, count in sorted(paces.items())]
    return Matrix(cells, told, without_cost)


def _classed(tx: Session, plan_id: str) -> Iterator[Any]:
    figures = StoredProduct.figures
    query: Select[Any] = select(
        StoredProduct.line_no,
        StoredProduct.abc,
        StoredProduct.xyz,
        StoredProduct.pace,
        figures["on_hand"].as_integer().label("on_hand"),
        *(figures[name].as_string().label(name) for name in ("revenue", "stock_value", "excess_value")),
    ).where(StoredProduct.plan_id == plan_id)
    after = 0
    while rows := tx.execute(
        query.where(StoredProduct.line_no > after).order_by(StoredProduct.line_no).limit(_BATCH)
    ).all():
        yield from rows
        after = rows[-1].line_no
