"""Read queries of carts, for the people who run the shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.carts.service import CartStatus
from tradewind.core.paging import Page, moment_and_id


@dataclass(frozen=True, slots=True)
class CartSummary:
    """A cart as a row of a list. What it costs is worked out only when it is read by itself."""

    cart_id: str
    status: str
    customer_id: str | None
    order_id: str | None
    currency: str
    lines: int
    units: int
    abandoned_at: datetime | None
    expires_at: datetime
    created_at: datetime
    updated_at: datetime


def carts_page(
    tx: Session,
    *,
    limit: int,
    cursor: str | None = None,
    status: CartStatus | None = None,
    is_abandoned: bool | None = None,
    customer_id: str | None = None,
) -> Page[CartSummary]:
    """Carts, those that were changed last first."""
    query = select(Cart).order_by(Cart.updated_at.desc(), Cart.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(Cart.status == status)
    if is_abandoned is not None:
        query = query.where(Cart.abandoned_at.is_not(None) if is_abandoned else Cart.abandoned_at.is_(None))
    if customer_id is not None:
        query = query.where(Cart.customer_id == customer_id)
    if cursor is not None:
        changed_at, cart_id = moment_and_id(cursor)
        query = query.where(
            Cart.updated_at <= changed_at,
            or_(Cart.updated_at < changed_at, and_(Cart.updated_at == changed_at, Cart.id < cart_id)),
        )
    rows = tx.scalars(query).all()
    counts = _counts(tx, [row.id for row in rows])
    return Page.cut(
        rows, limit, lambda row: (row.updated_at.isoformat(), row.id), lambda row: _summary(row, counts.get(row.id))
    )


def _counts(tx: Session, cart_ids: list[str]) -> dict[str, tuple[int, int]]:
    query = select(CartLine.cart_id, func.count(), func.sum(CartLine.quantity))
    query = query.where(CartLine.cart_id.in_(cart_ids)).group_by(CartLine.cart_id)
    return {cart_id: (lines, int(units)) for cart_id, lines, units in tx.execute(query)}


def _summary(row: Cart, count: tuple[int, int] | None) -> CartSummary:
    lines, units = count or (0, 0)
    return CartSummary(
        cart_id=row.id,
        status=row.status,
        customer_id=row.customer_id,
        order_id=row.order_id,
        currency=row.currency,
        lines=lines,
        units=units,
        abandoned_at=row.abandoned_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
