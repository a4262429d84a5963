"""Stock by hand: goods that came, broke, came back or were miscounted, and how low each level may run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import chunks
from tradewind.commerce.inventory.levels import (
    MOST_UNITS,
    Level,
    LevelKey,
    active_location,
    goods,
    levels_of,
    make_and_hold_levels,
)
from tradewind.commerce.inventory.model import Location, Reason, Stock, StockMovement
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.text import check_text
from tradewind.core.whole import check_whole

MOST_AT_ONCE = 500
BY_HAND = (Reason.RECEIPT, Reason.RETURN, Reason.DAMAGE, Reason.COUNT, Reason.ADJUSTMENT)
"""The others have a document of their own: an order, a transfer."""


def parse_reason(text: str) -> Reason:
    """A reason by its name."""
    try:
        return Reason(text.strip().lower())
    except ValueError as unknown:
        raise InvalidInput(f"'{text}' is no reason. Use one of: {', '.join(BY_HAND)}.", field="reason") from unknown


_ADDS = frozenset({Reason.RECEIPT, Reason.RETURN})
_BEGINS = frozenset({Reason.RECEIPT, Reason.COUNT})


class StockChanged(Conflict):
    """The level is not what the caller believes."""

    code = "stock_changed"

    def __init__(self, sku: str, location: str, expected: int, on_hand: int) -> None:
        super().__init__(
            f"{sku} has {on_hand} on hand at {location}, not {expected}. Read the level again, and repeat your change."
        )
        self.on_hand = on_hand


class NotEnoughOnHand(Conflict):
    code = "not_enough_on_hand"

    def __init__(self, sku: str, location: str, taken: int, on_hand: int) -> None:
        super().__init__(
            f"{taken} of {sku} cannot go from {location}: {on_hand} are on hand there. Count it, and book the count."
        )


class NotCounted(Conflict):
    """Nobody has ever said how many there are, so nobody can say that there are more or fewer."""

    code = "not_counted"

    def __init__(self, sku: str, location: str) -> None:
        super().__init__(f"{sku} was never counted at {location}. Book a receipt or a count first.")


class AdjustmentKeyTaken(Conflict):
    code = "adjustment_key_taken"

    def __init__(self, key: str) -> None:
        super().__init__(f"The source key {key} stands for another movement. Use a new key for each new movement.")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Units that came or went, and why.

    `expected_on_hand` is what the caller believes is there: when something else is, nothing is booked.
    `source_key` is the caller's own name for this movement: the same again changes nothing.
    """

    product_id: str
    location_id: str
    delta: int
    reason: Reason
    expected_on_hand: int | None = None
    reference: str | None = None
    note: str | None = None
    source_key: str | None = None


def adjust(tx: Session, adjustments: Sequence[Adjustment], *, actor: Actor, now: datetime) -> list[Level]:
    """Books movements by hand, all or none; returns the level of each one afterwards.

    No level falls below nothing. Raises StockChanged, NotEnoughOnHand, NotCounted, AdjustmentKeyTaken.
    """
    if not 1 <= len(adjustments) <= MOST_AT_ONCE:
        raise InvalidInput(f"Book 1 to {MOST_AT_ONCE} adjustments at a time.", field="adjustments")
    for adjustment in adjustments:
        _check(adjustment)
    skus = goods(tx, {a.product_id for a in adjustments})
    places = {place: active_location(tx, place).code for place in sorted({a.location_id for a in adjustments})}
    levels = make_and_hold_levels(tx, {_level(a) for a in adjustments}, now=now)
    fresh = _not_yet_booked(tx, adjustments)
    on_hand = {key: level.on_hand for key, level in levels.items()}
    counted = {key for key, level in levels.items() if level.is_counted}
    for a in fresh:
        key, sku, place = _level(a), skus[a.product_id], places[a.location_id]
        if a.expected_on_hand is not None and a.expected_on_hand != on_hand[key]:
            raise StockChanged(sku, place, a.expected_on_hand, on_hand[key])
        if a.reason in _BEGINS:
            counted.add(key)
        elif key not in counted:
            raise NotCounted(sku, place)
        if a.delta < 0 and on_hand[key] + a.delta < 0:
            raise NotEnoughOnHand(sku, place, -a.delta, on_hand[key])
        on_hand[key] += a.delta
    record_movements(tx, [_movement(a, now) for a in fresh], now=now)
    changes = [
        Change(
            "stock.adjust",
            f"{product_id}:{location_id}",
            {"on_hand": levels[product_id, location_id].on_hand},
            {"on_hand": on_hand[product_id, location_id], "reasons": sorted({a.reason for a in told})},
        )
        for (product_id, location_id), told in _by_level(fresh).items()
    ]
    if changes:
        record(tx, actor, *changes, now=now)
    after = {
        (level.product_id, level.location_id): level
        for level in levels_of(tx, skus, now=now, at=Location.id.in_(sorted(places)))
    }
    return [after[_level(a)] for a in adjustments]


def set_reorder_point(
    tx: Session, product_id: str, location_id: str, units: int | None, *, actor: Actor, now: datetime
) -> None:
    """Below how many available units the product is low at this location; None: the store's own number."""
    check_whole(units or 0, field="reorder_point")
    if units is not None and not 0 <= units <= MOST_UNITS:
        raise InvalidInput(f"A reorder point is 0 to {MOST_UNITS} units.", field="reorder_point")
    goods(tx, [product_id])
    active_location(tx, location_id)
    make_and_hold_levels(tx, [(product_id, location_id)], now=now)
    here = (Stock.product_id == product_id, Stock.location_id == location_id)
    before = tx.scalar(select(Stock.reorder_point).where(*here))
    if before == units:
        return
    tx.execute(update(Stock).where(*here).values(reorder_point=units))
    change = Change(
        "stock.reorder_point", f"{product_id}:{location_id}", {"reorder_point": before}, {"reorder_point": units}
    )
    record(tx, actor, change, now=now)


def _check(adjustment: Adjustment) -> None:
    delta, reason = adjustment.delta, adjustment.reason
    check_whole(delta, field="delta")
    if delta == 0 or abs(delta) > MOST_UNITS:
        raise InvalidInput(f"An adjustment moves 1 to {MOST_UNITS} units, up or down.", field="delta")
    if reason not in BY_HAND:
        raise InvalidInput(
            f"'{reason}' is booked by its own document. Use one of: {', '.join(BY_HAND)}.", field="reason"
        )
    if reason in _ADDS and delta < 0:
        raise InvalidInput(f"A {reason} adds units. Use adjustment or damage to take some away.", field="delta")
    if reason is Reason.DAMAGE and delta > 0:
        raise InvalidInput("Damage takes units away. Use a number below zero.", field="delta")
    for field, longest in (("reference", 128), ("note", 500), ("source_key", 200)):
        check_text(getattr(adjustment, field), longest, field=field, of="an adjustment")


def _level(adjustment: Adjustment) -> LevelKey:
    return adjustment.product_id, adjustment.location_id


def _by_level(adjustments: Sequence[Adjustment]) -> dict[LevelKey, list[Adjustment]]:
    found: dict[LevelKey, list[Adjustment]] = {}
    for adjustment in adjustments:
        found.setdefault(_level(adjustment), []).append(adjustment)
    return found


def _not_yet_booked(tx: Session, adjustments: Sequence[Adjustment]) -> list[Adjustment]:
    """Those whose key is new. Looked up while the levels are held: the same at the same moment waits for the first."""
    known: dict[str, tuple[object, ...]] = {}
    columns = (StockMovement.source_key, StockMovement.product_id, StockMovement.location_id, StockMovement.delta)
    for part in chunks({a.source_key for a in adjustments if a.source_key is not None}):
        for row in tx.execute(select(*columns, StockMovement.reason).where(StockMovement.source_key.in_(part))):
            known[row.source_key or ""] = tuple(row[1:])
    fresh = []
    for a in adjustments:
        told = (*_level(a), a.delta, str(a.reason))
        if a.source_key is None or a.source_key not in known:
            fresh.append(a)
        elif known[a.source_key] != told:
            raise AdjustmentKeyTaken(a.source_key)
        if a.source_key is not None:
            known[a.source_key] = told
    return fresh


def _movement(a: Adjustment, now: datetime) -> NewMovement:
    return NewMovement(
        a.product_id, a.location_id, a.delta, a.reason, now, reference=a.reference, source_key=a.source_key, note=a.note
    )
