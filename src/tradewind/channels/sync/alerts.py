"""Alerts of the sync: one per connection and cause until it clears, then a word that it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.channels.sync.model import ChannelAlert
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger

MOST_SHOWN = 200

logger = get_logger(__name__)


def raise_alert(
    tx: Session, connection_id: str, cause: str, message: str, *, now: datetime, once: bool = False
) -> bool:
    """Opens an alert unless it is open, or with `once` was ever; returns whether it is new."""
    query = select(ChannelAlert.id).where(ChannelAlert.connection_id == connection_id, ChannelAlert.cause == cause)
    if not once:
        query = query.where(ChannelAlert.resolved_at.is_(None))
    if tx.scalar(query.limit(1)) is not None:
        return False
    row = ChannelAlert(
        id=new_id(), connection_id=connection_id, cause=cause[:128], message=message[:2000], raised_at=now
    )
    tx.add(row)
    tx.flush()
    logger.warning("channel alert", connection=connection_id, cause=cause, message=message)
    return True


def resolve_alert(tx: Session, connection_id: str, cause: str, *, now: datetime) -> bool:
    """Closes an open alert; returns whether there was one."""
    row = tx.scalar(
        select(ChannelAlert)
        .where(
            ChannelAlert.connection_id == connection_id, ChannelAlert.cause == cause, ChannelAlert.resolved_at.is_(None)
        )
        .limit(1)
    )
    if row is None:
        return False
    row.resolved_at = now
    tx.flush()
    logger.info("channel alert resolved", connection=connection_id, cause=cause)
    return True


def alerts_of(tx: Session, *, open_only: bool = True) -> Sequence[ChannelAlert]:
    """The newest first."""
    query = select(ChannelAlert).order_by(ChannelAlert.id.desc()).limit(MOST_SHOWN)
    return tx.scalars(query.where(ChannelAlert.resolved_at.is_(None)) if open_only else query).all()
