"""Levels: what lies where at one moment, how they are held while they change, and which may be sold from.

Everyone who changes several levels takes them in the order of their keys, so that writers cannot deadlock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, String, and_, bindparam, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Product, ProductKind
from tradewind.commerce.inventory.model import Location, Reservation, Stock
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.prepared import Prepared
from tradewind.core.whole import check_whole

MOST_UNITS = 1_000_000_000
"""Units that one line may speak of: room to add millions of lines in 64 bits."""
CHANNEL_OWNED = "channel"
"""The kind of a location where a marketplace keeps our goods: it sells from there, we do not."""

LevelKey = tuple[str, str]
"""Product and location."""

STOCK: Any = Stock.__table__
HERE: ColumnElement[bool] = and_(STOCK.c.product_id == bindparam("product"), STOCK.c.location_id == bindparam("place"))
_MOVE_INBOUND = (
    update(STOCK)
    .where(HERE, STOCK.c.inbound + bindparam("units") >= 0)
    .values(inbound=STOCK.c.inbound + bindparam("units"))
)


@dataclass(frozen=True, slots=True)
class Level:
    """Units of a product at a location. `reserved` leaves out what has expired, swept or not."""

    product_id: str
    location_id: str
    on_hand: int
    reserved: int
    inbound: int
    is_counted: bool

    @property
    def available(self) -> int:
        """What may be promised. Nothing where nobody ever counted."""
        return max(0, self.on_hand - self.reserved) if self.is_counted else 0


def among(keys: Sequence[LevelKey]) -> ColumnElement[bool]:
    """Levels with these keys. Their products are named apart too: without that SQLite reads all levels."""
    products = sorted({product_id for product_id, _ in keys})
    return and_(STOCK.c.product_id.in_(products), tuple_(STOCK.c.product_id, STOCK.c.location_id).in_(keys))


def live_reserved(now: datetime | BindParameter[datetime]) -> ColumnElement[int]:
    """`stock.reserved` without the reservations that are past their end."""
    expired = (
        select(func.sum(Reservation.quantity))
        .where(
            Reservation.product_id == Stock.product_id,
            Reservation.location_id == Stock.location_id,
            Reservation.expires_at <= now,
        )
        .correlate(Stock)
        .scalar_subquery()
    )
    return Stock.reserved - func.coalesce(expired, 0)


_SHARED = and_(Location.channel_id.is_(None), Location.kind != CHANNEL_OWNED)
SELLS = and_(Location.is_active, or_(_SHARED, Location.channel_id == bindparam("sold_by", type_=String())))
"""Which locations the orders of the channel `sold_by` may leave from: the active ones that are its own or nobody's."""


_LEVELS: Select[*tuple[Any, ...]] = select(
    Stock.product_id,
    Stock.location_id,
    Stock.on_hand,
    live_reserved(bindparam("at_moment")).label("live"),
    Stock.inbound,
    Stock.is_counted,
).where(Stock.product_id.in_(bindparam("products", expanding=True)))
_ON_SALE = Prepared(_LEVELS.join(Location, Location.id == Stock.location_id).where(SELLS))


def levels_of(
    tx: Session, product_ids: Collection[str], *, now: datetime, at: ColumnElement[bool] | None = None
) -> list[Level]:
    """The levels of these products; `at` chooses locations."""
    query = _LEVELS if at is None else _LEVELS.join(Location, Location.id == Stock.location_id).where(at)
    return [
        _level(row)
        for part in chunks(sorted(set(product_ids)))
        for row in tx.execute(query, {"at_moment": now, "products": list(part)})
    ]


def levels_on_sale(tx: Session, product_ids: Collection[str], channel_id: str | None, *, now: datetime) -> list[Level]:
    """Their levels where orders of the channel may leave from; of no channel: where anybody's may."""
    return [
        _level(row)
        for part in chunks(sorted(set(product_ids)))
        for row in _ON_SALE.all(tx, products=list(part), at_moment=now, sold_by=channel_id)
    ]


def _level(row: Any) -> Level:
    return Level(row.product_id, row.location_id, row.on_hand, int(row.live), row.inbound, row.is_counted)


_HOLD = Prepared(
    select(
        STOCK.c.product_id,
        STOCK.c.location_id,
        STOCK.c.on_hand,
        STOCK.c.reserved,
        STOCK.c.inbound,
        STOCK.c.is_counted,
    )
    .where(
        # Products are named apart too: without that SQLite reads all levels.
        STOCK.c.product_id.in_(bindparam("products", expanding=True)),
        tuple_(STOCK.c.product_id, STOCK.c.location_id).in_(bindparam("keys", expanding=True)),
    )
    .order_by(STOCK.c.product_id, STOCK.c.location_id)
    .with_for_update()
)


def hold_levels(tx: Session, keys: Iterable[LevelKey]) -> dict[LevelKey, Level]:
    """Locks levels for the rest of the transaction, in order; those that do not exist are left out.

    `reserved` is the column here: with the reservations that nobody has swept yet.
    """
    held: dict[LevelKey, Level] = {}
    for part in chunks(sorted(set(keys))):
        products = sorted({product_id for product_id, _ in part})
        for row in _HOLD.all(tx, products=products, keys=list(part)):
            held[row.product_id, row.location_id] = Level(
                row.product_id, row.location_id, row.on_hand, row.reserved, row.inbound, row.is_counted
            )
    return held


def make_and_hold_levels(tx: Session, keys: Iterable[LevelKey], *, now: datetime) -> dict[LevelKey, Level]:
    """The same, and levels that do not exist begin at nothing, uncounted."""
    wanted = sorted(set(keys))
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    rows = [
        {
            "product_id": product_id,
            "location_id": location_id,
            "on_hand": 0,
            "reserved": 0,
            "inbound": 0,
            "is_counted": False,
            "updated_at": now,
        }
        for product_id, location_id in wanted
    ]
    if rows:
        tx.execute(dialect.insert(STOCK).on_conflict_do_nothing(), rows)
    return hold_levels(tx, wanted)


def move_inbound(tx: Session, units: Mapping[LevelKey, int]) -> None:
    """Adds to what is on its way to levels that exist; it never falls below nothing."""
    for (product_id, location_id), delta in sorted(units.items()):
        if not delta:
            continue
        moved: Any = tx.execute(_MOVE_INBOUND, {"product": product_id, "place": location_id, "units": delta})
        if moved.rowcount != 1:
            raise Conflict(
                "What is on its way would fall below nothing. Read the document again: somebody else received it."
            )


def active_location(tx: Session, location_id: str, *, field: str = "location_id") -> Location:
    """The location, if goods may come to it; NotFound or InvalidInput otherwise."""
    location = tx.get(Location, location_id)
    if location is None:
        raise NotFound(f"There is no location {location_id[:40]}.")
    if not location.is_active:
        raise InvalidInput(f"Location {location.code} is switched off. Choose one that is in use.", field=field)
    return location


def goods(tx: Session, product_ids: Collection[str], *, field: str = "product_id") -> dict[str, str]:
    """SKUs by id, of products that can have stock; NotFound or InvalidInput for any other."""
    found: dict[str, str] = {}
    for part in chunks(sorted(set(product_ids))):
        for row in tx.execute(select(Product.id, Product.sku, Product.kind).where(Product.id.in_(part))):
            if row.kind != ProductKind.GOOD:
                raise InvalidInput(
                    f"{row.sku or row.id} is a {row.kind}: only goods lie on a shelf. Choose a good, or one variant.",
                    field=field,
                )
            found[row.id] = row.sku or row.id
    missing = sorted(set(product_ids) - set(found))
    if missing:
        raise NotFound(f"There is no product {missing[0][:40]}.")
    return found


def check_units(units: int, *, field: str = "quantity", least: int = 1) -> int:
    check_whole(units, field=field)
    if not least <= units <= MOST_UNITS:
        raise InvalidInput(f"{units} is no number of units: use {least} to {MOST_UNITS}.", field=field)
    return units
