"""Read queries of promotions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.commerce.promotions.model import Promotion
from tradewind.commerce.promotions.terms import normal_code
from tradewind.core.errors import NotFound
from tradewind.core.money import to_decimal
from tradewind.core.paging import Page, one_id
from tradewind.core.prepared import Prepared

LONGEST_SEARCH = 64


@dataclass(frozen=True, slots=True)
class PromotionView:
    """A promotion as it is shown. `used` is counted where there is a total limit; None elsewhere."""

    promotion_id: str
    code: str | None
    name: str
    kind: PromotionKind
    percent: Decimal | None
    amount: Decimal | None
    minimum: Decimal | None
    currency: str | None
    buy: int | None
    get: int | None
    conditions: Conditions
    starts_at: datetime | None
    ends_at: datetime | None
    total_limit: int | None
    customer_limit: int | None
    used: int | None
    is_stackable: bool
    priority: int
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


def find_promotion(tx: Session, promotion_id: str) -> PromotionView:
    row = tx.get(Promotion, promotion_id)
    if row is None:
        raise NotFound(f"There is no promotion {promotion_id[:40]}.")
    return view_of(row)


def promotions_page(
    tx: Session, *, limit: int, cursor: str | None = None, is_active: bool | None = None, text: str | None = None
) -> Page[PromotionView]:
    """Promotions, the newest first; `text` is part of the code or the name, in any case."""
    query = select(Promotion).order_by(Promotion.id.desc()).limit(limit + 1)
    if is_active is not None:
        query = query.where(Promotion.is_active == is_active)
    if text and (wanted := text.strip()[:LONGEST_SEARCH]):
        found = (column.icontains(wanted, autoescape=True) for column in (Promotion.code, Promotion.name))
        query = query.where(or_(*found))
    if cursor is not None:
        query = query.where(Promotion.id < one_id(cursor))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.id,), view_of)


_AUTOMATIC = Prepared(
    select(Promotion)
    .where(
        Promotion.code.is_(None),
        Promotion.is_active,
        or_(Promotion.starts_at.is_(None), Promotion.starts_at <= bindparam("at")),
        or_(Promotion.ends_at.is_(None), Promotion.ends_at > bindparam("at")),
    )
    .order_by(Promotion.priority.desc(), Promotion.id)
    .limit(bindparam("most"))
)


_CODED = Prepared(select(Promotion).where(Promotion.code.in_(bindparam("codes", expanding=True))))


def candidates(tx: Session, codes: Iterable[str], *, now: datetime, limit: int) -> list[Any]:
    """The promotions that a cart with these codes may have: those, live or not, and all that apply by themselves.

    Each with the columns of a promotion.
    """
    wanted = [normal_code(code) for code in codes]
    found = _AUTOMATIC.all(tx, at=now, most=limit)
    if wanted:
        found += _CODED.all(tx, codes=wanted)
    return found


def view_of(row: Promotion) -> PromotionView:
    currency = row.currency

    def money(minor: int | None) -> Decimal | None:
        return None if minor is None or currency is None else to_decimal(minor, currency)

    return PromotionView(
        promotion_id=row.id,
        code=row.code,
        name=row.name,
        kind=PromotionKind(row.kind),
        percent=None if row.percent_ppm is None else Decimal(row.percent_ppm) / 10_000,
        amount=money(row.amount_minor),
        minimum=money(row.minimum_minor),
        currency=currency,
        buy=row.buy_quantity,
        get=row.get_quantity,
        conditions=Conditions.of(row.conditions),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        total_limit=row.total_limit,
        customer_limit=row.customer_limit,
        used=row.used if row.total_limit is not None else None,
        is_stackable=row.is_stackable,
        priority=row.priority,
        is_active=row.is_active,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
