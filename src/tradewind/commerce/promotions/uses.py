"""Uses of limited promotions: taken with an order, given back when it is cancelled. The limits hold at any moment.

A promotion limited in all is counted by one guarded UPDATE of its row. One limited per buyer alone makes only the
writers of that buyer wait for each other. One without limits is not written to at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from tradewind.commerce.promotions.errors import PromotionUsedUp
from tradewind.commerce.promotions.model import Promotion, PromotionUse
from tradewind.core.errors import InvalidInput

_UNREAD = {"synchronize_session": False}
"""Rows in memory are left as they are: nobody looks at them again."""


def customer_key(customer_id: str | None, email: str | None) -> str | None:
    """Under which name a buyer's uses are counted: the customer's id, or a digest of a guest's address."""
    if customer_id is not None:
        return customer_id
    return hashlib.sha256(email.strip().lower().encode()).hexdigest() if email and email.strip() else None


def take_uses(
    tx: Session, promotion_ids: Iterable[str], order_id: str, customer_key: str | None, *, now: datetime
) -> None:
    """Takes one use of each limited promotion for an order, which has to be written already.

    What has no limit, or was taken by this order before, is left alone. Raises PromotionUsedUp, also for a
    promotion that has ended since: then the whole order has to be rolled back.
    """
    wanted = sorted(set(promotion_ids))
    rows = {row.id: row for row in tx.scalars(select(Promotion).where(Promotion.id.in_(wanted)))}
    held = set(tx.scalars(select(PromotionUse.promotion_id).where(PromotionUse.order_id == order_id)))
    # One order of ids for everybody, so that two orders with the same promotions cannot wait for each other.
    for promotion_id in wanted:
        row = rows.get(promotion_id)
        if row is None:
            raise InvalidInput(f"There is no promotion {promotion_id[:40]}.", field="promotion_ids")
        if promotion_id in held or (row.total_limit is None and row.customer_limit is None):
            continue
        _take(tx, row, order_id, customer_key, now)


def release_uses(tx: Session, order_id: str) -> int:
    """Gives back what an order took; returns how many uses. Twice is once."""
    held = sorted(tx.scalars(select(PromotionUse.promotion_id).where(PromotionUse.order_id == order_id)))
    released = 0
    for promotion_id in held:
        mine = (PromotionUse.promotion_id == promotion_id, PromotionUse.order_id == order_id)
        # Who deletes the row gives the use back: of two at once only one does.
        removed = delete(PromotionUse).where(*mine).returning(PromotionUse.order_id)
        gone = tx.execute(removed, execution_options=_UNREAD).first()
        if gone is None:
            continue
        released += 1
        counted = (Promotion.id == promotion_id, Promotion.total_limit.is_not(None), Promotion.used > 0)
        tx.execute(update(Promotion).where(*counted).values(used=Promotion.used - 1), execution_options=_UNREAD)
    return released


def uses_by(tx: Session, promotion_ids: Iterable[str], customer_key: str | None) -> Mapping[str, int]:
    """How often a buyer has used each of these promotions."""
    wanted = list(promotion_ids)
    if customer_key is None or not wanted:
        return {}
    counted = (
        select(PromotionUse.promotion_id, func.count().label("uses"))
        .where(PromotionUse.promotion_id.in_(wanted), PromotionUse.customer_key == customer_key)
        .group_by(PromotionUse.promotion_id)
    )
    return {row.promotion_id: row.uses for row in tx.execute(counted)}


def _take(tx: Session, row: Promotion, order_id: str, key: str | None, now: datetime) -> None:
    if row.customer_limit is not None:
        if key is None:
            raise InvalidInput(
                f"The promotion {row.name} is limited per buyer: the order needs a customer or an e-mail address.",
                field="email",
            )
        _wait_for_buyer(tx, row.id, key)
        if uses_by(tx, [row.id], key).get(row.id, 0) >= row.customer_limit:
            raise PromotionUsedUp(row.code or row.name, promotion_id=row.id)
    if row.total_limit is not None:
        if not _count(tx, row.id, now):
            raise PromotionUsedUp(row.code or row.name, promotion_id=row.id)
    elif not row.is_active or (row.ends_at is not None and row.ends_at <= now):
        raise PromotionUsedUp(row.code or row.name, promotion_id=row.id)
    tx.add(PromotionUse(promotion_id=row.id, order_id=order_id, customer_key=key or "", used_at=now))
    tx.flush()


def _count(tx: Session, promotion_id: str, now: datetime) -> bool:
    """Counts one more use if there is one left: the row itself says so while it is held."""
    guarded = (
        update(Promotion)
        .where(
            Promotion.id == promotion_id,
            Promotion.is_active,
            Promotion.used < Promotion.total_limit,
            or_(Promotion.ends_at.is_(None), Promotion.ends_at > now),
        )
        .values(used=Promotion.used + 1)
        .returning(Promotion.id)
    )
    return tx.execute(guarded, execution_options=_UNREAD).first() is not None


def _wait_for_buyer(tx: Session, promotion_id: str, key: str) -> None:
    """Lets one writer per promotion and buyer through until it commits; SQLite has one writer anyway."""
    if tx.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        tx.execute(lock, {"name": f"promotion {promotion_id} {key}"})
