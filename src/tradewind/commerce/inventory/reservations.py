"""Reservations: who is promised which units, until when.

Owns the table of reservations and `stock.reserved`, which is their sum; one past its end stays in that sum
until its units are needed or swept, and counts for nothing when anybody looks. Units are promised by one
guarded UPDATE per level, so the last one cannot go to two buyers. Rows of reservations change only while
their level is held, and levels are taken in the order of their keys, so writers cannot deadlock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Product, ProductKind
from tradewind.commerce.inventory.levels import (
    HERE,
    SELLS,
    STOCK,
    LevelKey,
    check_units,
    hold_levels,
    levels_of,
    levels_on_sale,
)
from tradewind.commerce.inventory.model import Location, Reservation
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.prepared import Prepared
from tradewind.core.text import check_text

_SHOWN = 5
"""Shortfalls that a message spells out."""

_HELD: Any = Reservation.__table__
_PROMISE = Prepared(
    update(STOCK)
    .where(HERE, STOCK.c.is_counted, STOCK.c.on_hand - STOCK.c.reserved >= bindparam("units"))
    .values(reserved=STOCK.c.reserved + bindparam("units"))
)
_PLACES = Prepared(
    select(Location.id).where(SELLS).order_by(case((Location.channel_id.is_(None), 1), else_=0), Location.id)
)
_GIVE_BACK = Prepared(update(STOCK).where(HERE).values(reserved=STOCK.c.reserved - bindparam("units")))
_OF_REFERENCE = Prepared(
    select(_HELD.c.product_id, _HELD.c.location_id, _HELD.c.quantity).where(_HELD.c.reference == bindparam("reference"))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a product that are to leave from a location."""

    product_id: str
    location_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A product of which fewer units are available than somebody asked for."""

    product_id: str
    sku: str
    asked: int
    available: int


@dataclass(frozen=True, slots=True)
class Availability:
    """Units of a product, added up over locations; `available` is what may be promised now."""

    on_hand: int = 0
    reserved: int = 0
    available: int = 0
    inbound: int = 0


class InsufficientStock(Conflict, ValueError):
    """More was asked for than there is. Nothing was reserved."""

    code = "insufficient_stock"

    def __init__(self, shortfalls: Sequence[Shortfall]) -> None:
        self.shortfalls = tuple(shortfalls)
        named = "; ".join(f"{s.sku}: asked {s.asked}, available {s.available}" for s in self.shortfalls[:_SHOWN])
        more = f"; and {len(self.shortfalls) - _SHOWN} more" if len(self.shortfalls) > _SHOWN else ""
        super().__init__(f"Not enough stock ({named}{more}). Lower the quantity or wait for a restock.")


class NoLocation(Conflict):
    """Nothing can leave, because there is nowhere to leave from."""

    code = "no_location"

    def __init__(self) -> None:
        super().__init__("No active location sells for this channel. Create a location, or switch one on.")


def reserve(
    tx: Session, reference: str, wanted: Iterable[Wanted], *, expires_at: datetime | None, now: datetime
) -> None:
    """Promises units to a reference (an order's id) until `expires_at`; None: until they are released.

    All or nothing: InsufficientStock leaves things as they were. The same reference again replaces what it
    holds, in one step: that prolongs, shortens and changes a reservation, and renews one that has expired as
    far as its units are still there. Services need no stock and are passed over.
    """
    check_text(reference, 128, field="reference", of="a reservation")
    if expires_at is not None and expires_at <= now:
        raise InvalidInput("The reservation would have expired already.", field="expires_at")
    asked = _added_up(wanted)
    held = _held_by(tx, reference)
    if held:
        # Somebody may sweep them while nobody holds their levels: hold them, and look again at what has not expired.
        hold_levels(tx, {*asked, *held})
        for level in held:
            _sweep(tx, level, now)
        held = _held_by(tx, reference)
    taken: dict[LevelKey, int] = {}
    short: list[LevelKey] = []
    for level in sorted(asked):
        more = asked[level] - held.get(level, 0)
        if more > 0 and not _take(tx, level, more, now):
            short.append(level)
        elif more > 0:
            taken[level] = more
    if short:
        services = _services(tx, {product_id for product_id, _ in short})
        asked = {level: units for level, units in asked.items() if level[0] not in services}
        if short := [level for level in short if level[0] not in services]:
            _give_back(tx, taken)
            raise InsufficientStock(_shortfalls(tx, {level: asked[level] for level in short}, held, now))
    if held:
        tx.execute(delete(_HELD).where(_HELD.c.reference == reference))
        _give_back(tx, {level: units - asked.get(level, 0) for level, units in held.items()})
    rows = [
        {
            "id": new_id(),
            "reference": reference,
            "product_id": product_id,
            "location_id": location_id,
            "quantity": units,
            "expires_at": expires_at,
            "created_at": now,
        }
        for (product_id, location_id), units in asked.items()
    ]
    insert_rows(tx, _HELD, rows)


def release(tx: Session, reference: str, *, now: datetime) -> int:
    """Gives back what a reference holds; returns how many units were still promised to it at `now`."""
    if not (held := _held_by(tx, reference)):
        return 0
    hold_levels(tx, held)
    gone = delete(_HELD).where(_HELD.c.reference == reference)
    rows = tx.execute(
        gone.returning(_HELD.c.product_id, _HELD.c.location_id, _HELD.c.quantity, _HELD.c.expires_at)
    ).all()
    _give_back(tx, {(row.product_id, row.location_id): row.quantity for row in rows})
    return sum(row.quantity for row in rows if row.expires_at is None or row.expires_at > now)


def release_expired(tx: Session, *, now: datetime, limit: int = 1000) -> int:
    """Sweeps the levels of up to `limit` reservations past their end; returns how many units that gave back.

    Nothing depends on it: it only keeps the table small and the sums of levels fresh.
    """
    over = select(_HELD.c.product_id, _HELD.c.location_id).where(_HELD.c.expires_at <= now)
    levels = {(row.product_id, row.location_id) for row in tx.execute(over.order_by(_HELD.c.expires_at).limit(limit))}
    return sum(_sweep(tx, level, now) for level in sorted(levels))


def availability(
    tx: Session,
    product_ids: Collection[str],
    *,
    now: datetime,
    location_ids: Collection[str] | None = None,
    channel_id: str | None = None,
) -> dict[str, Availability]:
    """What there is of each product, added up over locations; nothing for one that was never counted.

    Without `location_ids` these are the locations that orders of the channel may leave from.
    """
    if location_ids is None:
        levels = levels_on_sale(tx, product_ids, channel_id, now=now)
    else:
        levels = levels_of(tx, product_ids, now=now, at=Location.id.in_(sorted(set(location_ids))))
    sums = {product_id: [0, 0, 0, 0] for product_id in product_ids}
    for level in levels:
        counted = (level.on_hand, level.reserved, level.available) if level.is_counted else (0, 0, 0)
        sums[level.product_id] = [a + b for a, b in zip(sums[level.product_id], (*counted, level.inbound), strict=True)]
    return {product_id: Availability(*parts) for product_id, parts in sums.items()}


def locations_on_sale(tx: Session, channel_id: str | None) -> list[str]:
    """Where the channel's orders may leave from: its own locations first, then the oldest."""
    return _PLACES.scalars(tx, sold_by=channel_id)


def choose_location(tx: Session, quantities: Mapping[str, int], *, now: datetime, channel_id: str | None = None) -> str:
    """The first location that has all of these products available: the channel's own first, then the oldest.

    Raises InsufficientStock with what is missing where least is missing, NoLocation when there is none.
    """
    places = locations_on_sale(tx, channel_id)
    if not places:
        raise NoLocation
    found: dict[LevelKey, int] = {
        (level.product_id, level.location_id): level.available
        for level in levels_on_sale(tx, quantities, channel_id, now=now)
    }
    missing = {place: _missing(quantities, found, place) for place in places}
    chosen = next((place for place in places if not missing[place]), None)
    if chosen is None:
        services = _services(tx, quantities)
        missing = {place: {p: n for p, n in lacking.items() if p not in services} for place, lacking in missing.items()}
        # The first of the smallest: where nothing is missing, or where least is.
        chosen = min(places, key=lambda place: sum(missing[place].values()))
    if lacking := missing[chosen]:
        skus = _skus(tx, lacking)
        raise InsufficientStock(
            [Shortfall(p, skus.get(p, p), quantities[p], quantities[p] - units) for p, units in lacking.items()]
        )
    return chosen


def _missing(quantities: Mapping[str, int], found: Mapping[LevelKey, int], place: str) -> dict[str, int]:
    gaps = {p: asked - found.get((p, place), 0) for p, asked in quantities.items()}
    return {product_id: gap for product_id, gap in gaps.items() if gap > 0}


def _added_up(wanted: Iterable[Wanted]) -> dict[LevelKey, int]:
    asked: dict[LevelKey, int] = defaultdict(int)
    for line in wanted:
        asked[line.product_id, line.location_id] += check_units(line.quantity)
    return dict(asked)


def _held_by(tx: Session, reference: str) -> dict[LevelKey, int]:
    rows = _OF_REFERENCE.all(tx, reference=reference)
    return {(row.product_id, row.location_id): row.quantity for row in rows}


def _take(tx: Session, level: LevelKey, units: int, now: datetime) -> bool:
    """Promises more units of a level; where they are needed, those that were held until they expired."""
    return _promise(tx, level, units) or (_sweep(tx, level, now) > 0 and _promise(tx, level, units))


def _promise(tx: Session, level: LevelKey, units: int) -> bool:
    return _PROMISE.run(tx, product=level[0], place=level[1], units=units) > 0


def _give_back(tx: Session, units: Mapping[LevelKey, int]) -> None:
    for (product_id, location_id), count in sorted(units.items()):
        if count > 0:
            _GIVE_BACK.run(tx, product=product_id, place=location_id, units=count)


def _sweep(tx: Session, level: LevelKey, now: datetime) -> int:
    """Deletes a level's expired reservations; returns the units that are free again."""
    over = and_(_HELD.c.product_id == level[0], _HELD.c.location_id == level[1], _HELD.c.expires_at <= now)
    if tx.scalar(select(func.count()).select_from(_HELD).where(over)) == 0:
        return 0  # without a lock: a product that is sold out is asked for often
    hold_levels(tx, [level])
    freed = sum(tx.scalars(delete(_HELD).where(over).returning(_HELD.c.quantity)).all())
    _give_back(tx, {level: freed})
    return freed


def _shortfalls(
    tx: Session, asked: Mapping[LevelKey, int], held: Mapping[LevelKey, int], now: datetime
) -> list[Shortfall]:
    """What is missing. What the reference holds itself is available to it."""
    products = {product_id for product_id, _ in asked}
    there = {(level.product_id, level.location_id): level.available for level in levels_of(tx, products, now=now)}
    skus = _skus(tx, products)
    return [
        Shortfall(level[0], skus.get(level[0], level[0]), units, there.get(level, 0) + held.get(level, 0))
        for level, units in sorted(asked.items())
    ]


def _skus(tx: Session, product_ids: Collection[str]) -> dict[str, str]:
    return {
        row.id: row.sku or row.id
        for part in chunks(sorted(set(product_ids)))
        for row in tx.execute(select(Product.id, Product.sku).where(Product.id.in_(part)))
    }


def _services(tx: Session, product_ids: Collection[str]) -> set[str]:
    return {
        row
        for part in chunks(sorted(set(product_ids)))
        for row in tx.scalars(select(Product.id).where(Product.id.in_(part), Product.kind == ProductKind.SERVICE))
    }
