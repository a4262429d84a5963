"""Use cases of promotions: laying them down, and what a code takes off a total. Uses are taken in `uses`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.promotions.arithmetic import MILLION, PromotionKind
from tradewind.commerce.promotions.conditions import Conditions, is_live
from tradewind.commerce.promotions.errors import CodeNotApplicable, CodeNotValid, CodeTaken, PromotionUsedUp
from tradewind.commerce.promotions.model import Promotion, PromotionUse
from tradewind.commerce.promotions.terms import PromotionTerms, columns_of, normal_code
from tradewind.commerce.promotions.uses import customer_key, release_uses, take_uses, uses_by
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.money import Money, part_of

__all__ = [
    "Discounted",
    "apply_discount",
    "create_promotion",
    "customer_key",
    "lock_promotion",
    "release_uses",
    "replace_promotion",
    "take_uses",
    "uses_by",
]

MAX_AUTOMATIC = 50
"""Promotions without a code that may be active at a time: every cart looks at all of them."""


class TooManyAutomatic(Conflict):
    """No room for another promotion that applies by itself."""

    code = "too_many_automatic_promotions"

    def __init__(self) -> None:
        super().__init__(
            f"{MAX_AUTOMATIC} promotions without a code are active already. Switch one off, or give this one a code."
        )


@dataclass(frozen=True, slots=True)
class Discounted:
    """A total with a code applied: what is left to pay, and what was taken off."""

    total: Money
    discount: Money
    promotion_id: str
    code: str


def create_promotion(tx: Session, terms: PromotionTerms, *, actor: Actor, now: datetime) -> str:
    """Lays down a promotion; returns its id. Raises CodeTaken, or InvalidInput for terms that cannot be."""
    values = columns_of(terms)
    _check_free(tx, values, now=now)
    row = Promotion(id=new_id(), **values, used=0, version=1, created_at=now, updated_at=now)
    tx.add(row)
    tx.flush()
    record(tx, actor, Change("promotion.create", row.id, after=values), now=now)
    return row.id


def lock_promotion(tx: Session, promotion_id: str) -> Promotion:
    """The promotion, held until the end of the transaction. Raises NotFound."""
    return hold(tx, Promotion, promotion_id, "promotion")


def replace_promotion(tx: Session, promotion_id: str, terms: PromotionTerms, *, actor: Actor, now: datetime) -> None:
    """Gives a promotion other terms. Uses that were taken stay taken; a total limit cannot go below them."""
    row = lock_promotion(tx, promotion_id)
    values = columns_of(terms)
    _check_free(tx, values, now=now, apart_from=row.id)
    before = {name: getattr(row, name) for name in values}
    if values["total_limit"] is not None:
        if row.total_limit is None:
            # Without a limit uses were not counted in the row; those that were taken for the buyer's limit are known.
            taken = select(func.count()).select_from(PromotionUse).where(PromotionUse.promotion_id == row.id)
            row.used = tx.scalar(taken) or 0
        if row.used > values["total_limit"]:
            raise InvalidInput(
                f"The promotion was used {row.used} times; its limit cannot be {values['total_limit']}.",
                field="total_limit",
            )
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now
    tx.flush()
    record(tx, actor, Change("promotion.update", row.id, before=before, after=values), now=now)


def apply_discount(tx: Session, order_total: Money, code: str, *, now: datetime) -> Discounted:
    """What a code leaves of a total, rounded once; takes no use of it.

    For a total alone, of which nobody knows the goods: a code that is for certain goods, buyers or places, or
    that gives away units, needs a cart. Raises CodeNotValid, PromotionUsedUp or CodeNotApplicable.
    """
    if order_total.minor < 0:
        raise InvalidInput("A discount is taken off a total that is not negative.", field="order_total")
    row = tx.scalar(select(Promotion).where(Promotion.code == normal_code(code)))
    if row is None or not is_live(row, now):
        raise CodeNotValid(code)
    if row.total_limit is not None and row.used >= row.total_limit:
        raise PromotionUsedUp(row.code or row.name, promotion_id=row.id)
    if row.currency is not None and row.currency != order_total.currency:
        raise CodeNotApplicable(code, f"it is for {row.currency}, and this is {order_total.currency}.")
    if row.kind == PromotionKind.BUY_X_GET_Y or Conditions.of(row.conditions) != Conditions():
        raise CodeNotApplicable(code, "what it takes off depends on what is bought, by whom. Put it into a cart.")
    if row.minimum_minor is not None and order_total.minor < row.minimum_minor:
        raise CodeNotApplicable(
            code, f"the total is below its minimum, {Money(row.minimum_minor, row.currency or '')}."
        )
    discount = Money(_off_total(row, order_total.minor), order_total.currency)
    return Discounted(order_total - discount, discount, row.id, row.code or "")


def _off_total(row: Promotion, total: int) -> int:
    if row.kind == PromotionKind.PERCENT:
        return part_of(total, row.percent_ppm or 0, MILLION)
    if row.kind == PromotionKind.AMOUNT:
        return min(row.amount_minor or 0, total)
    return 0


def _check_free(tx: Session, values: dict[str, Any], *, now: datetime, apart_from: str | None = None) -> None:
    if values["code"] is not None:
        other = tx.scalar(select(Promotion.id).where(Promotion.code == values["code"]))
        if other is not None and other != apart_from:
            raise CodeTaken(values["code"])
    elif values["is_active"] and (values["ends_at"] is None or values["ends_at"] > now):
        active = select(func.count()).select_from(Promotion)
        active = active.where(Promotion.code.is_(None), Promotion.is_active, Promotion.id != (apart_from or ""))
        active = active.where(or_(Promotion.ends_at.is_(None), Promotion.ends_at > now))
        if (tx.scalar(active) or 0) >= MAX_AUTOMATIC:
            raise TooManyAutomatic
