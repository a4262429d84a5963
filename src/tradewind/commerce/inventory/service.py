"""Use cases of stock. Every change of a level goes through `record_movements`; there is no other way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.inventory.model import Location, Reason, Stock, StockMovement
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.prepared import Prepared
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

_COUNTING = frozenset({Reason.RECEIPT, Reason.COUNT})
"""A level says something from the first of these on; goods that a transfer brings are a receipt too."""


@dataclass(frozen=True, slots=True)
class NewMovement:
    """Units that came (delta > 0) or went (delta < 0), and why."""

    product_id: str
    location_id: str
    delta: int
    reason: Reason
    occurred_at: datetime
    reference: str | None = None
    source_key: str | None = None
    note: str | None = None


def ensure_location(tx: Session, code: str, *, name: str, kind: str = "warehouse", now: datetime) -> Location:
    """The location with this code, made when there is none yet."""
    location = tx.scalar(select(Location).where(Location.code == code))
    if location is None:
        location = Location(id=new_id(), code=code, name=name, kind=kind, is_active=True, created_at=now)
        tx.add(location)
        tx.flush()
    return location


def record_movements(tx: Session, movements: Sequence[NewMovement], *, now: datetime) -> int:
    """Appends to the ledger and moves the levels by the same amounts; returns how many were new.

    A movement whose `source_key` is known already is the same movement told again: it changes nothing.
    """
    facts = move_stock(tx, movements, now=now)
    outbox.append(tx, facts)
    return len(facts)


def move_stock(tx: Session, movements: Sequence[NewMovement], *, now: datetime) -> list[Fact]:
    """The same, for a caller who has more to tell: their facts, which have to be put into the outbox."""
    for movement in movements:
        if movement.delta == 0:
            raise InvalidInput("A stock movement of zero units says nothing.", field="delta")
    fresh = _not_yet_recorded(tx, movements)
    if not fresh:
        return []
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "product_id": m.product_id,
            "location_id": m.location_id,
            "delta": m.delta,
            "reason": str(m.reason),
            "reference": m.reference,
            "source_key": m.source_key,
            "note": m.note,
            "occurred_at": m.occurred_at,
            "created_at": now,
        }
        for m in fresh
    ]
    insert_rows(tx, StockMovement.__table__, rows)
    _move_levels(tx, fresh, now)
    codes = _codes(tx, {row["location_id"] for row in rows})
    return [_fact(row, codes[row["location_id"]]) for row in rows]


_KNOWN_CODES: dict[str, str] = {}
"""By location. A code is never changed, and an id never used again."""
_MOST_KNOWN = 10_000


def _codes(tx: Session, location_ids: set[str]) -> dict[str, str]:
    if missing := sorted(location_ids - _KNOWN_CODES.keys()):
        if len(_KNOWN_CODES) > _MOST_KNOWN:
            _KNOWN_CODES.clear()
            missing = sorted(location_ids)
        _KNOWN_CODES.update((row.id, row.code) for row in _CODES.all(tx, places=missing))
    return {place: _KNOWN_CODES[place] for place in location_ids}


def _not_yet_recorded(tx: Session, movements: Sequence[NewMovement]) -> list[NewMovement]:
    keyed = {m.source_key for m in movements if m.source_key is not None}
    known: set[str | None] = set()
    for part in chunks(keyed):
        known |= set(tx.scalars(select(StockMovement.source_key).where(StockMovement.source_key.in_(part))))
    fresh: list[NewMovement] = []
    for movement in movements:
        if movement.source_key is None or movement.source_key not in known:
            fresh.append(movement)
            known.add(movement.source_key)
    return fresh


def _move_levels(tx: Session, movements: Sequence[NewMovement], now: datetime) -> None:
    """Adds the deltas in one guarded statement per level, in a fixed order so that writers cannot deadlock."""
    deltas: dict[tuple[str, str], int] = defaultdict(int)
    counted: set[tuple[str, str]] = set()
    for m in movements:
        deltas[m.product_id, m.location_id] += m.delta
        if m.reason in _COUNTING or (m.reason is Reason.TRANSFER and m.delta > 0):
            counted.add((m.product_id, m.location_id))
    for level in sorted(deltas):
        _MOVE.run(
            tx,
            product_id=level[0],
            location_id=level[1],
            on_hand=deltas[level],
            reserved=0,
            inbound=0,
            is_counted=level in counted,
            updated_at=now,
        )


def _moving(dialect_name: str) -> Any:
    dialect = sqlite if dialect_name == "sqlite" else postgresql
    statement = dialect.insert(Stock.__table__)
    return statement.on_conflict_do_update(
        index_elements=["product_id", "location_id"],
        set_={
            "on_hand": Stock.on_hand + statement.excluded.on_hand,
            "is_counted": or_(Stock.is_counted, statement.excluded.is_counted),
            "updated_at": statement.excluded.updated_at,
        },
    )


_MOVE = Prepared(_moving)
_CODES = Prepared(select(Location.id, Location.code).where(Location.id.in_(bindparam("places", expanding=True))))


def _fact(row: dict[str, Any], location: str) -> Fact:
    payload = {
        "contract": 1,
        "movement_id": row["id"],
        "product_id": row["product_id"],
        "location": location,
        "delta": row["delta"],
        "reason": row["reason"],
        "reference": row["reference"] or "",
        "occurred_at": row["occurred_at"],
    }
    return Fact(Topic.STOCK_MOVEMENTS, row["product_id"], row["occurred_at"], encode(payload))
