"""Read queries of advertising: pages of statements, the newest day first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.advertising.model import AdSpend
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.core.money import to_decimal
from tradewind.core.paging import Page, day_and_id


@dataclass(frozen=True, slots=True)
class AdSpendFilter:
    """Which statements; an empty choice means all. `start` is included, `end` is not."""

    channels: tuple[str, ...] = ()
    campaign: str | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class AdSpendView:
    """A statement as it is shown."""

    spend_id: str
    channel: str
    campaign: str
    day: date
    amount: Decimal
    currency: str
    clicks: int | None
    impressions: int | None
    updated_at: datetime


def ad_spend_page(tx: Session, chosen: AdSpendFilter, *, limit: int, cursor: str | None = None) -> Page[AdSpendView]:
    """Statements, the newest day first."""
    query = select(AdSpend, SalesChannel.code).join(SalesChannel, SalesChannel.id == AdSpend.channel_id)
    if chosen.channels:
        query = query.where(SalesChannel.code.in_(chosen.channels))
    if chosen.campaign is not None:
        query = query.where(AdSpend.campaign == chosen.campaign)
    if chosen.start is not None:
        query = query.where(AdSpend.day >= chosen.start)
    if chosen.end is not None:
        query = query.where(AdSpend.day < chosen.end)
    if cursor is not None:
        day, row_id = day_and_id(cursor)
        query = query.where(or_(AdSpend.day < day, and_(AdSpend.day == day, AdSpend.id < row_id)))
    query = query.order_by(AdSpend.day.desc(), AdSpend.id.desc()).limit(limit + 1)
    return Page.cut(tx.execute(query).all(), limit, lambda row: (row[0].day.isoformat(), row[0].id), _view)


def _view(row: Row[AdSpend, str]) -> AdSpendView:
    spend, channel = row
    return AdSpendView(
        spend_id=spend.id,
        channel=channel,
        campaign=spend.campaign,
        day=spend.day,
        amount=to_decimal(spend.amount_minor, spend.currency),
        currency=spend.currency,
        clicks=spend.clicks,
        impressions=spend.impressions,
        updated_at=spend.updated_at,
    )
