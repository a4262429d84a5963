"""What time does to carts: they end, and nobody comes back to them. Safe to run twice, and at once.

Each call does a bounded piece of work in the caller's transaction; call again as long as it says it did something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, and_, case, delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.carts.service import IS_OPEN, CartStatus
from tradewind.commerce.catalog.model import Product, ProductPrice, SalesChannel
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_size, to_decimal
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

ABANDONED_AFTER = timedelta(hours=4)
"""How long nobody has touched a cart when it is told as abandoned; a shop says otherwise in its settings."""
FORGOTTEN_AFTER = timedelta(days=90)
"""How long a cart is kept that has expired or was merged into another."""
_UNREAD = {"synchronize_session": False}


def expire_carts(tx: Session, *, now: datetime, limit: int = 500) -> int:
    """Marks carts whose end has passed, up to `limit`; returns how many. They counted as ended before."""
    due = select(Cart.id).where(IS_OPEN, Cart.expires_at <= now)
    due = due.order_by(Cart.expires_at).limit(limit)
    over = update(Cart).where(Cart.id.in_(due), IS_OPEN, Cart.expires_at <= now)
    over = over.values(status=CartStatus.EXPIRED, version=Cart.version + 1, updated_at=now)
    return len(tx.execute(over.returning(Cart.id), execution_options=_UNREAD).all())


def tell_abandoned(tx: Session, *, now: datetime, idle: timedelta = ABANDONED_AFTER, limit: int = 200) -> int:
    """Tells of carts that have goods in them and were not touched for so long; returns how many.

    Once per idleness: who comes back and leaves again is told again. Of two sweeps at once one tells.
    """
    waiting = and_(
        IS_OPEN,
        Cart.abandoned_at.is_(None),
        Cart.updated_at <= now - idle,
        Cart.expires_at > now,
    )
    has_lines = select(CartLine.cart_id).where(CartLine.cart_id == Cart.id).exists()
    due = select(Cart.id).where(waiting, has_lines).order_by(Cart.updated_at).limit(limit)
    told = update(Cart).where(Cart.id.in_(due), waiting).values(abandoned_at=now).returning(Cart.id)
    cart_ids = list(tx.scalars(told, execution_options=_UNREAD))
    outbox.append(tx, _facts(tx, cart_ids, now))
    return len(cart_ids)


def forget_carts(tx: Session, *, now: datetime, limit: int = 200) -> int:
    """Deletes carts that became nothing and were not touched for so long; returns how many. Ordered ones stay."""
    old = select(Cart.id).where(
        Cart.status.in_([CartStatus.EXPIRED, CartStatus.MERGED]), Cart.updated_at <= now - FORGOTTEN_AFTER
    )
    cart_ids = list(tx.scalars(old.order_by(Cart.updated_at).limit(limit).with_for_update(skip_locked=True)))
    if not cart_ids:
        return 0
    tx.execute(delete(CartLine).where(CartLine.cart_id.in_(cart_ids)), execution_options=_UNREAD)
    tx.execute(delete(Cart).where(Cart.id.in_(cart_ids)), execution_options=_UNREAD)
    return len(cart_ids)


@dataclass(slots=True)
class _Content:
    """What lies in a cart, at the products' present prices."""

    lines: int = 0
    units: int = 0
    worth_minor: int = 0


def _facts(tx: Session, cart_ids: Sequence[str], now: datetime) -> list[Fact]:
    columns = (Cart.id, Cart.version, Cart.customer_id, Cart.currency, Cart.updated_at, SalesChannel.code)
    query = select(*columns).join(SalesChannel, SalesChannel.id == Cart.channel_id)
    contents = _contents(tx, cart_ids)
    rows = tx.execute(query.where(Cart.id.in_(cart_ids)).order_by(Cart.id)) if cart_ids else ()
    return [_fact(row, contents[row.id], now) for row in rows]


def _contents(tx: Session, cart_ids: Sequence[str]) -> dict[str, _Content]:
    # Added up here and not in SQL: a million units of something dear is more than 64 bits hold.
    price = case((Product.currency == Cart.currency, Product.price_minor), else_=ProductPrice.price_minor)
    other = and_(ProductPrice.product_id == Product.id, ProductPrice.currency == Cart.currency)
    query = (
        select(Cart.id, CartLine.quantity, price.label("price_minor"))
        .join(CartLine, CartLine.cart_id == Cart.id)
        .join(Product, Product.id == CartLine.product_id)
        .outerjoin(ProductPrice, other)
        .where(Cart.id.in_(cart_ids))
    )
    found: dict[str, _Content] = defaultdict(_Content)
    for row in tx.execute(query) if cart_ids else ():
        content = found[row.id]
        content.lines += 1
        content.units += row.quantity
        content.worth_minor += row.quantity * (row.price_minor or 0)
    return found


def _fact(row: Row[*tuple[Any, ...]], content: _Content, now: datetime) -> Fact:
    payload = {
        "contract": 1,
        "cart_id": row.id,
        "version": row.version,
        "event": "abandoned",
        "channel": row.code,
        "customer_id": row.customer_id or "",
        "currency": row.currency,
        "lines": content.lines,
        "units": content.units,
        "worth": _worth(content.worth_minor, row.currency),
        "changed_at": row.updated_at,
        "happened_at": now,
    }
    return Fact(Topic.CARTS, row.id, now, encode(payload))


def _worth(minor: int, currency: str) -> Decimal | None:
    """None for more than the warehouse holds: such a cart could not be ordered either."""
    try:
        return to_decimal(check_size(minor, currency), currency)
    except InvalidInput:
        return None
