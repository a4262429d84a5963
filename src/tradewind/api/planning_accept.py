"""Accepted lines become documents of commerce: one purchase order per supplier and place, one transfer per way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor
from tradewind.commerce.inventory.transfers import NewTransfer, cancel_transfer, create_transfer
from tradewind.commerce.purchasing.orders import (
    MOST_LINES,
    NewPurchaseLine,
    NewPurchaseOrder,
    PurchaseState,
    PurchaseStatus,
    cancel_purchase_order,
    create_purchase_order,
    send_purchase_order,
)
from tradewind.commerce.purchasing.store import purchase_lines
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.insights.planning.model import StoredLine, StoredTransfer
from tradewind.insights.planning.store import PlanView, check_quantity

Kind = Literal["purchase_order", "transfer"]
Row = TypeVar("Row", StoredLine, StoredTransfer)


@dataclass(frozen=True, slots=True)
class Wish:
    """A line by its number, with another quantity where somebody wants one."""

    line_no: int
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A document and the lines it stands for. `is_new`: made by this call, not by an earlier one.

    Ids are None in a preview; a document of an earlier call is told without its number and cost.
    """

    kind: Kind
    document_id: str | None
    number: str | None
    from_name: str
    """The supplier, or the place that gives."""
    to_name: str
    line_nos: tuple[int, ...]
    units: int
    is_new: bool
    cost: Decimal | None = None
    currency: str | None = None
    expected_on: date | None = None


def accept(
    tx: Session,
    plan: PlanView,
    lines: Sequence[Wish],
    moves: Sequence[Wish],
    *,
    send: bool,
    dry_run: bool,
    actor: Actor,
    now: datetime,
) -> list[Made]:
    """Drafts purchase orders and transfers, or with `send` orders at once. What was accepted before keeps its document.

    A dry run does all of it and takes it back. Raises NotFound for a line that there is not, and InvalidInput for one
    that cannot be ordered: nothing is made then.
    """
    trial = tx.begin_nested()
    made = _Purchases(tx, plan, actor, now, send).accept(lines) + _Moves(tx, plan, actor, now).accept(moves)
    if not dry_run:
        trial.commit()
        return made
    trial.rollback()
    return [replace(one, document_id=None, number=None) if one.is_new else one for one in made]


def take_back(tx: Session, plan: PlanView, document_id: str, *, actor: Actor, now: datetime) -> int:
    """Cancels what lines were accepted as; they can be accepted again. Answers how many they were.

    Raises NotFound where no line of the plan became it, PurchaseState or TransferState where it is too late.
    """
    if lines := _freed(tx, StoredLine, plan, document_id):
        order = cancel_purchase_order(tx, document_id, actor=actor, now=now)
        if order.status != PurchaseStatus.CANCELLED:  # some of it is here already
            raise PurchaseState(order.number, order.status, "taken back")
        return lines
    if moves := _freed(tx, StoredTransfer, plan, document_id):
        cancel_transfer(tx, document_id, actor=actor, now=now)
        return moves
    raise NotFound(f"No line of the plan became {document_id[:40]}. Read the list again: there may be a newer plan.")


def _freed(tx: Session, table: type[Row], plan: PlanView, document_id: str) -> int:
    query = select(table).where(table.plan_id == plan.plan_id, table.accepted_as == document_id)
    rows = tx.scalars(query.with_for_update()).all()
    for row in rows:
        row.accepted_as = row.accepted_at = None
    tx.flush()
    return len(rows)


class _Way(ABC, Generic[Row]):
    """How accepted rows of one table become documents; what is alike for all of them stands here."""

    kind: Kind
    table: type[Row]

    def __init__(self, tx: Session, plan: PlanView, actor: Actor, now: datetime) -> None:
        self.tx, self.plan, self.actor, self.now = tx, plan, actor, now

    @abstractmethod
    def check(self, row: Row) -> None:
        """Raises InvalidInput for a row that cannot become anything with its quantity."""

    @abstractmethod
    def ends(self, row: Row) -> tuple[str, str]:
        """The ids of where it comes from and where it goes: rows that share them share a document."""

    @abstractmethod
    def names(self, row: Row) -> tuple[str, str]:
        """The same for people."""

    @abstractmethod
    def make(self, ends: tuple[str, str], rows: Sequence[Row]) -> Made:
        """The document in commerce."""

    def accept(self, wishes: Sequence[Wish]) -> list[Made]:
        quantities = {wish.line_no: wish.quantity for wish in wishes}
        if len(quantities) < len(wishes):
            raise InvalidInput("A line stands here twice. Send each once.", field="line_no")
        fresh: dict[tuple[str, str], list[Row]] = defaultdict(list)
        earlier: dict[str, list[Row]] = defaultdict(list)
        for number, row in self._rows(quantities).items():
            if row.accepted_as is not None:
                earlier[row.accepted_as].append(row)
                continue
            wanted = quantities[number]
            if wanted is not None:
                row.quantity = wanted
            self.check(row)
            fresh[self.ends(row)].append(row)
        made = [self.told(rows, document, None, is_new=False) for document, rows in earlier.items()]
        for ends, rows in sorted(fresh.items(), key=lambda item: item[0]):
            for start in range(0, len(rows), MOST_LINES):
                part = rows[start : start + MOST_LINES]
                document = self.make(ends, part)
                for row in part:
                    row.accepted_as, row.accepted_at = document.document_id, self.now
                made.append(document)
        self.tx.flush()
        return made

    def told(self, rows: Sequence[Row], document: str, number: str | None, *, is_new: bool) -> Made:
        giver, receiver = self.names(rows[0])
        numbers, units = tuple(row.line_no for row in rows), sum(row.quantity for row in rows)
        return Made(self.kind, document, number, giver, receiver, numbers, units, is_new)

    def _rows(self, quantities: Mapping[int, object]) -> dict[int, Row]:
        table = self.table
        query = select(table).where(table.plan_id == self.plan.plan_id, table.line_no.in_(sorted(quantities)))
        rows = {row.line_no: row for row in self.tx.scalars(query.order_by(table.line_no).with_for_update())}
        missing = sorted(quantities.keys() - rows.keys())
        if missing:
            raise NotFound(f"The plan has no line {missing[0]}. Read the list again: there may be a newer plan.")
        return rows


class _Purchases(_Way[StoredLine]):
    kind, table = "purchase_order", StoredLine

    def __init__(self, tx: Session, plan: PlanView, actor: Actor, now: datetime, send: bool) -> None:
        super().__init__(tx, plan, actor, now)
        self._send = send

    def check(self, row: StoredLine) -> None:
        check_quantity(row, row.quantity)
        if row.quantity < 1:
            raise InvalidInput(f"{row.inputs['sku']}: the line orders nothing. Send its quantity.", field="quantity")
        if row.supplier_id is None:
            raise InvalidInput(f"{row.inputs['sku']}: nobody is named who sells it.", field="line_no")

    def ends(self, row: StoredLine) -> tuple[str, str]:
        return row.supplier_id or "", row.location_id

    def names(self, row: StoredLine) -> tuple[str, str]:
        return row.inputs["supplier"] or "", row.inputs["location"]

    def make(self, ends: tuple[str, str], rows: Sequence[StoredLine]) -> Made:
        # Without a cost of its own each line gets what the supplier asks, else what the product costs.
        lines = [NewPurchaseLine(row.product_id, row.quantity) for row in rows]
        new = NewPurchaseOrder(*ends, lines, self._expected(rows), f"Plan of {self.plan.today}")
        order = create_purchase_order(self.tx, new, actor=self.actor, now=self.now)
        if self._send:
            send_purchase_order(self.tx, order.id, actor=self.actor, now=self.now)
        costs = [line.total for line in purchase_lines(self.tx, order.id, order.currency)]
        return replace(
            self.told(rows, order.id, order.number, is_new=True),
            cost=sum(costs, Decimal(0)),
            currency=order.currency,
            expected_on=order.expected_on,
        )

    def _expected(self, rows: Sequence[StoredLine]) -> date:
        """The day on which the last of them usually arrives."""
        return self.plan.today + timedelta(days=max(row.inputs["wait_days"] + row.inputs["lead_days"] for row in rows))


class _Moves(_Way[StoredTransfer]):
    """Drafts transfers; shipping them is for whoever packs."""

    kind, table = "transfer", StoredTransfer

    def check(self, row: StoredTransfer) -> None:
        if row.quantity < 1:
            raise InvalidInput(
                f"{row.sku}: {row.quantity} cannot be moved. Leave the line out instead.", field="quantity"
            )

    def ends(self, row: StoredTransfer) -> tuple[str, str]:
        return row.from_location_id, row.to_location_id

    def names(self, row: StoredTransfer) -> tuple[str, str]:
        return row.from_location, row.to_location

    def make(self, ends: tuple[str, str], rows: Sequence[StoredTransfer]) -> Made:
        units = {row.product_id: row.quantity for row in rows}
        new = NewTransfer(*ends, units, note=f"Plan of {self.plan.today}")
        transfer = create_transfer(self.tx, new, actor=self.actor, now=self.now)
        return self.told(rows, transfer.id, transfer.number, is_new=True)
