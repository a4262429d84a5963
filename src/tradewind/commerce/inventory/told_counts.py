"""Counts that a marketplace tells of goods it keeps: the ledger gets the difference, and the level is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.inventory.levels import STOCK, among, check_units, make_and_hold_levels
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, record_movements


def count_told(
    tx: Session, location_id: str, counted: Mapping[str, int], *, at: datetime, now: datetime, note: str | None = None
) -> int:
    """Makes the levels of products (by id) at a location what was counted; returns how many differed.

    The same again changes nothing. Raises InvalidInput for a number that is no count.
    """
    for units in counted.values():
        check_units(units, field="counted", least=0)
    keys = sorted((product_id, location_id) for product_id in counted)
    levels = make_and_hold_levels(tx, keys, now=now)
    movements = [
        NewMovement(key[0], location_id, delta, Reason.COUNT, at, note=note)
        for key in keys
        if (delta := counted[key[0]] - levels[key].on_hand)
    ]
    record_movements(tx, movements, now=now)
    for part in chunks(keys):
        tx.execute(update(STOCK).where(among(part), STOCK.c.is_counted.is_(False)).values(is_counted=True))
    return len(movements)
