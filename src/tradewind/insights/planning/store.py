"""Plans in the operational store: written whole, read page by page, edited until accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.money import to_minor
from tradewind.core.paging import Page, decode_cursor
from tradewind.insights.planning.line import LineInputs, PlannedLine, plan_line
from tradewind.insights.planning.model import StoredLine, StoredPlan, StoredProduct, StoredTransfer
from tradewind.insights.planning.plan import Plan
from tradewind.insights.planning.profiles import Profile
from tradewind.insights.planning.sentences import sentence
from tradewind.insights.planning.terms import PlanTerms

KEPT_PLANS = 7
NOT_KNOWN = "none"
"""The class of products of which too little is known."""
_BEYOND = 1_000_000
"""The rank of what does not run out."""


class NoPlan(Conflict):
    """Nobody has made a plan yet."""

    code = "no_plan"

    def __init__(self) -> None:
        super().__init__("There is no plan yet. Make one with POST /api/v1/planning/plans, or: tradewind plan make")


class LineAccepted(Conflict):
    """The line has become a document: what should be otherwise is changed there."""

    code = "plan_line_accepted"

    def __init__(self, sku: str, document: str) -> None:
        super().__init__(f"The line of {sku} was accepted as document {document}. Change that one.")


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines are asked for: of a supplier, of some places, or, where None, of all."""

    supplier_id: str | None = None
    location_ids: frozenset[str] | None = None

    def holds(self, supplier_id: str | None, location_id: str) -> bool:
        is_theirs = self.supplier_id is None or supplier_id == self.supplier_id
        return is_theirs and (self.location_ids is None or location_id in self.location_ids)


ALL_LINES = LineFilter()


@dataclass(frozen=True, slots=True)
class PlanView:
    plan_id: str
    made_at: datetime
    today: date
    currency: str
    terms: dict[str, Any]
    lines: int
    orders: int
    transfers: int


def save_plan(
    tx: Session,
    plan: Plan,
    terms: PlanTerms,
    products: Sequence[Profile],
    *,
    today: date,
    currency: str,
    now: datetime,
) -> PlanView:
    """Writes a plan with all that it was computed from, and drops those older than the last seven."""
    stored = StoredPlan(
        id=new_id(),
        made_at=now,
        today=today,
        currency=currency,
        terms=terms.as_json(),
        lines=len(plan.lines),
        orders=sum(1 for line in plan.lines if line.quantity),
        transfers=len(plan.transfers),
    )
    tx.add(stored)
    tx.flush()
    insert_rows(tx, StoredLine.__table__, [_line_row(stored.id, no, line) for no, line in enumerate(plan.lines, 1)])
    moves = [
        {
            "plan_id": stored.id,
            "line_no": number,
            "product_id": one.move.product_id,
            "sku": one.giver.sku,
            "name": one.giver.name,
            "from_location_id": one.move.from_location_id,
            "from_location": one.giver.location,
            "to_location_id": one.move.to_location_id,
            "to_location": one.receiver.location,
            "quantity": one.move.units,
            "gain_minor": to_minor(Decimal(str(one.move.gain)), currency),
            "sentence": one.sentence,
            "accepted_as": None,
            "accepted_at": None,
        }
        for number, one in enumerate(plan.transfers, 1)
    ]
    tx.add_all([StoredTransfer(**row) for row in moves])
    tx.flush()
    insert_rows(
        tx, StoredProduct.__table__, [_product_row(stored.id, no, profile) for no, profile in enumerate(products, 1)]
    )
    _drop_old(tx)
    return plan_view(stored)


def plan_view(row: StoredPlan) -> PlanView:
    return PlanView(row.id, row.made_at, row.today, row.currency, row.terms, row.lines, row.orders, row.transfers)


def find_plan(tx: Session, plan_id: str | None = None) -> PlanView:
    """The plan of this id, or the newest. Raises NotFound, or NoPlan before there is one."""
    if plan_id is not None:
        found = tx.get(StoredPlan, plan_id)
        if found is None:
            raise NotFound(f"There is no plan {plan_id[:40]}. Only the last {KEPT_PLANS} are kept.")
        return plan_view(found)
    newest = tx.scalar(select(StoredPlan).order_by(StoredPlan.id.desc()).limit(1))
    if newest is None:
        raise NoPlan
    return plan_view(newest)


def lines_page(
    tx: Session,
    plan_id: str,
    *,
    limit: int,
    cursor: str | None = None,
    listed: bool | None = None,
    chosen: LineFilter = ALL_LINES,
) -> Page[StoredLine]:
    """Lines in rank order; `listed`: only those of the purchase list."""
    query = select(StoredLine).where(StoredLine.plan_id == plan_id).order_by(StoredLine.line_no).limit(limit + 1)
    if listed is not None:
        query = query.where(StoredLine.is_listed.is_(listed))
    if chosen.supplier_id is not None:
        query = query.where(StoredLine.supplier_id == chosen.supplier_id)
    if chosen.location_ids is not None:
        query = query.where(StoredLine.location_id.in_(sorted(chosen.location_ids)))
    if cursor is not None:
        query = query.where(StoredLine.line_no > _number(cursor))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.line_no,), lambda row: row)


def cover_page(tx: Session, plan_id: str, *, limit: int, cursor: str | None = None) -> Page[StoredLine]:
    """Lines by days of cover, the shortest first."""
    place = (StoredLine.cover_rank, StoredLine.line_no)
    query = select(StoredLine).where(StoredLine.plan_id == plan_id).order_by(*place).limit(limit + 1)
    if cursor is not None:
        cover, line_no = decode_cursor(cursor, 2)
        _check_numbers(cover, line_no)
        query = query.where(tuple_(*place) > (cover, line_no))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.cover_rank, row.line_no), lambda row: row)


def transfers_page(tx: Session, plan_id: str, *, limit: int, cursor: str | None = None) -> Page[StoredTransfer]:
    """Transfers by gain, the largest first."""
    query = select(StoredTransfer).where(StoredTransfer.plan_id == plan_id).order_by(StoredTransfer.line_no)
    if cursor is not None:
        query = query.where(StoredTransfer.line_no > _number(cursor))
    return Page.cut(tx.scalars(query.limit(limit + 1)).all(), limit, lambda row: (row.line_no,), lambda row: row)


def products_page(
    tx: Session,
    plan_id: str,
    *,
    limit: int,
    cursor: str | None = None,
    abc: str | None = None,
    xyz: str | None = None,
    paces: Sequence[str] = (),
) -> Page[StoredProduct]:
    """Products by what they earned, the most first."""
    query = select(StoredProduct).where(StoredProduct.plan_id == plan_id)
    for column, wanted in ((StoredProduct.abc, abc), (StoredProduct.xyz, xyz)):
        if wanted is not None:
            query = query.where(column.is_(None) if wanted == NOT_KNOWN else column == wanted)
    if paces:
        query = query.where(StoredProduct.pace.in_(paces))
    if cursor is not None:
        query = query.where(StoredProduct.line_no > _number(cursor))
    rows = tx.scalars(query.order_by(StoredProduct.line_no).limit(limit + 1)).all()
    return Page.cut(rows, limit, lambda row: (row.line_no,), lambda row: row)


def recomputed(row: StoredLine, terms: PlanTerms) -> PlannedLine:
    """The line again, from its stored inputs alone: before any budget."""
    return plan_line(LineInputs.from_json(row.inputs), terms)


def find_line(tx: Session, plan_id: str, line_no: int) -> StoredLine:
    """One line. Raises NotFound."""
    row = tx.get(StoredLine, (plan_id, line_no))
    if row is None:
        raise NotFound(f"The plan has no line {line_no}.")
    return row


def edit_line(tx: Session, plan_id: str, line_no: int, quantity: int) -> StoredLine:
    """Another quantity, in lots that the supplier sends; 0 takes it off. Raises LineAccepted when it is too late."""
    row = tx.get(StoredLine, (plan_id, line_no), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"The plan has no line {line_no}.")
    if row.accepted_as is not None:
        raise LineAccepted(row.inputs["sku"], row.accepted_as)
    check_quantity(row, quantity)
    row.quantity = quantity
    tx.flush()
    return row


def check_quantity(row: StoredLine, quantity: int) -> None:
    """Raises InvalidInput for a number that the supplier does not send."""
    least, pack = row.inputs["min_quantity"], row.inputs["pack_size"]
    if quantity < 0 or (quantity and (quantity < least or quantity % pack)):
        raise InvalidInput(
            f"{row.inputs['sku']}: {quantity} cannot be ordered. It comes in packs of {pack}, {least} at the least;"
            " 0 orders none.",
            field="quantity",
        )


def _line_row(plan_id: str, number: int, line: PlannedLine) -> dict[str, Any]:
    given = line.inputs
    return {
        "plan_id": plan_id,
        "line_no": number,
        "product_id": given.product_id,
        "location_id": given.location_id,
        "supplier_id": given.supplier_id,
        "is_listed": bool(line.quantity or line.hold),
        "planned": line.quantity,
        "quantity": line.quantity,
        "hold": None if line.hold is None else str(line.hold),
        "cover_rank": _BEYOND if line.days_of_cover is None else line.days_of_cover,
        "sentence": sentence(line),
        "inputs": given.as_json(),
        "figures": {
            "rank": line.rank,
            "service_level": line.service_level,
            "level_from": line.level_from,
            "reorder_point": line.reorder_point,
            "safety_stock": line.safety_stock,
            "safety_stock_is_cut": line.safety_stock_is_cut,
            "order_up_to": line.order_up_to,
            "inventory_position": line.inventory_position,
            "days_of_cover": line.days_of_cover,
            "stock_out_probability": line.stock_out_probability,
            "excess": line.excess,
            "wanted": line.wanted,
            "expected_profit": line.expected_profit,
            "profit_per_cash": line.profit_per_cash,
        },
        "accepted_as": None,
        "accepted_at": None,
    }


def _product_row(plan_id: str, number: int, profile: Profile) -> dict[str, Any]:
    named = ("product_id", "sku", "name", "category", "abc", "xyz", "pace")
    told = asdict(profile)
    figures = {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in told.items()
        if name not in named
    }
    return {"plan_id": plan_id, "line_no": number, "figures": figures} | {name: told[name] for name in named}


def _drop_old(tx: Session) -> None:
    last = tx.scalars(select(StoredPlan.id).order_by(StoredPlan.id.desc()).offset(KEPT_PLANS).limit(100)).all()
    if last:
        for table in (StoredLine, StoredTransfer, StoredProduct):
            tx.execute(delete(table).where(table.plan_id.in_(last)))
        tx.execute(delete(StoredPlan).where(StoredPlan.id.in_(last)))


def _number(cursor: str) -> int:
    (number,) = decode_cursor(cursor, 1)
    _check_numbers(number)
    return int(number)


def _check_numbers(*numbers: object) -> None:
    if not all(isinstance(number, int) and abs(number) < 2**31 for number in numbers):
        raise InvalidInput("This cursor is not one of ours. Start again without it.", field="cursor")
