"""Counts: a sheet of one location, filled in shelf by shelf and posted once.

A line keeps what was on hand when it was counted. Posting books the difference between the two, not the
counted number: what was sold or came in between is neither lost nor counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import chunks
from tradewind.commerce.inventory.levels import STOCK, active_location, among, check_units, goods, make_and_hold_levels
from tradewind.commerce.inventory.model import Reason, Stock, StockCount, StockCountLine
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.numbers import take_number
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.text import check_text

MOST_AT_ONCE = 500
MOST_LINES = 10_000
"""Lines of one sheet: they are posted in one transaction."""


class CountStatus(StrEnum):
    OPEN = "open"
    POSTED = "posted"
    CANCELLED = "cancelled"


class CountState(Conflict):
    """The sheet is not open any more."""

    code = "count_state"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Count {number} is {status}: it cannot be changed any more. Open a new one.")


def open_count(tx: Session, location_id: str, *, note: str | None = None, actor: Actor, now: datetime) -> StockCount:
    """An empty sheet for a location. Several may be open at once."""
    active_location(tx, location_id)
    check_text(note, 500, field="note", of="a count")
    count = StockCount(
        id=new_id(),
        number=take_number(tx, "stock_count", prefix="SC-"),
        location_id=location_id,
        status=str(CountStatus.OPEN),
        note=note,
        created_at=now,
    )
    tx.add(count)
    tx.flush()
    told = {"number": count.number, "location_id": location_id, "note": note}
    record(tx, actor, Change("stock_count.create", count.id, after=told), now=now)
    return count


def record_counted(
    tx: Session, count_id: str, counted: Mapping[str, int], *, actor: Actor, now: datetime
) -> StockCount:
    """Writes down what lies there now, by product id. A product that is counted again replaces its line."""
    count = _open(tx, count_id)
    if not 1 <= len(counted) <= MOST_AT_ONCE:
        raise InvalidInput(f"Write down 1 to {MOST_AT_ONCE} products at a time.", field="lines")
    for units in counted.values():
        check_units(units, field="counted", least=0)
    goods(tx, counted.keys())
    on_hand = _on_hand(tx, count.location_id, counted.keys())
    _drop(tx, count_id, counted.keys())
    rows = [
        {
            "count_id": count_id,
            "product_id": product_id,
            "counted": units,
            "expected": on_hand.get(product_id, 0),
            "counted_at": now,
        }
        for product_id, units in counted.items()
    ]
    insert_rows(tx, StockCountLine.__table__, rows)
    known = tx.execute(
        select(StockCountLine.product_id).where(StockCountLine.count_id == count_id).limit(MOST_LINES + 1)
    )
    if len(known.all()) > MOST_LINES:
        raise InvalidInput(f"A sheet has up to {MOST_LINES} products. Open another one for the rest.", field="lines")
    record(tx, actor, Change("stock_count.record", count_id, after={"counted": dict(counted)}), now=now)
    return count


def strike_line(tx: Session, count_id: str, product_id: str, *, actor: Actor, now: datetime) -> StockCount:
    """Takes a product off the sheet: it was not counted after all."""
    count = _open(tx, count_id)
    if not _drop(tx, count_id, [product_id]):
        raise NotFound(f"Product {product_id[:40]} is not on count {count.number}.")
    record(tx, actor, Change("stock_count.strike", count_id, before={"product_id": product_id}), now=now)
    return count


def post_count(tx: Session, count_id: str, *, actor: Actor, now: datetime) -> StockCount:
    """Books the differences. From then on the levels are counted, those that were right too."""
    count = _open(tx, count_id)
    columns = (StockCountLine.product_id, StockCountLine.counted, StockCountLine.expected, StockCountLine.counted_at)
    lines = tx.execute(select(*columns).where(StockCountLine.count_id == count_id)).all()
    if not lines:
        raise InvalidInput(
            f"Count {count.number} has no lines. Write down what lies there, or cancel it.", field="lines"
        )
    keys = sorted((line.product_id, count.location_id) for line in lines)
    make_and_hold_levels(tx, keys, now=now)
    movements = [
        NewMovement(
            line.product_id,
            count.location_id,
            line.counted - line.expected,
            Reason.COUNT,
            line.counted_at,
            reference=count_id,
            note=count.number,
        )
        for line in lines
        if line.counted != line.expected
    ]
    record_movements(tx, movements, now=now)
    for part in chunks(keys):
        tx.execute(update(STOCK).where(among(part), STOCK.c.is_counted.is_(False)).values(is_counted=True))
    count.posted_at = now
    after = {"lines": len(lines), "differing": len(movements), "units": sum(m.delta for m in movements)}
    return _end(tx, count, CountStatus.POSTED, "post", after, actor=actor, now=now)


def cancel_count(tx: Session, count_id: str, *, actor: Actor, now: datetime) -> StockCount:
    """Drops a sheet; nothing is booked."""
    return _end(tx, _open(tx, count_id), CountStatus.CANCELLED, "cancel", {}, actor=actor, now=now)


def hold_count(tx: Session, count_id: str) -> StockCount:
    """The sheet, held for the rest of the transaction."""
    return hold(tx, StockCount, count_id, "count")


def _open(tx: Session, count_id: str) -> StockCount:
    """The sheet, held, while it can be written on."""
    count = hold_count(tx, count_id)
    if count.status != CountStatus.OPEN:
        raise CountState(count.number, count.status)
    return count


def _end(
    tx: Session,
    count: StockCount,
    status: CountStatus,
    action: str,
    told: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> StockCount:
    before = {"status": count.status}
    count.status = str(status)
    tx.flush()
    record(tx, actor, Change(f"stock_count.{action}", count.id, before, {"status": count.status, **told}), now=now)
    return count


def _on_hand(tx: Session, location_id: str, product_ids: Collection[str]) -> dict[str, int]:
    return {
        row.product_id: row.on_hand
        for part in chunks(sorted(product_ids))
        for row in tx.execute(
            select(Stock.product_id, Stock.on_hand).where(Stock.product_id.in_(part), Stock.location_id == location_id)
        )
    }


def _drop(tx: Session, count_id: str, product_ids: Collection[str]) -> int:
    dropped = 0
    for part in chunks(sorted(product_ids)):
        here = (StockCountLine.count_id == count_id, StockCountLine.product_id.in_(part))
        dropped += len(tx.execute(delete(StockCountLine).where(*here).returning(StockCountLine.product_id)).all())
    return dropped
