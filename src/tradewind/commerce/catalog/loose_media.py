"""Bytes that no picture points at, and their end: a day after the last one did, or after none ever came to.

Bytes are put before the picture is booked, and deleted long after the last picture of them went: whatever dies
when, no picture is without its bytes. Two pictures may have the same bytes, also one that is just being added.
So a key is named here before its bytes are put, and marked before they are deleted; who would put them in between
is asked to come again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.media_store import MediaStore
from tradewind.commerce.catalog.model import LooseMedia, ProductMedia
from tradewind.commerce.catalog.pictures import files_of
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable

KEPT_FOR = timedelta(days=1)
"""How long bytes stay that nothing points at: longer than an upload takes, or a backup of the data folder."""
_DELETED_WITHIN = timedelta(minutes=15)
"""Who has not finished by then has died: another one begins anew."""


def loosen(tx: Session, key: str, *, now: datetime) -> None:
    """From now on nothing points at these bytes, or does not yet. Raises Unavailable while they are being deleted."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    loose = insert(LooseMedia).values(key=key, since=now, taken_at=None)
    again = loose.on_conflict_do_update(
        index_elements=["key"], set_={"since": now}, where=LooseMedia.taken_at.is_(None)
    )
    if tx.scalar(again.returning(LooseMedia.key)) is None:
        raise _leaving()


def fasten(tx: Session, key: str) -> None:
    """A picture points at these bytes now. Raises Unavailable while they are being deleted."""
    tx.execute(delete(LooseMedia).where(LooseMedia.key == key, LooseMedia.taken_at.is_(None)))
    if tx.scalar(select(LooseMedia.key).where(LooseMedia.key == key)) is not None:
        raise _leaving()


def delete_loose(database: Database, media: MediaStore, *, now: datetime, limit: int = 50) -> int:
    """Deletes bytes whose time is over, with all their copies; returns how many keys it has dealt with.

    Between two transactions: the store may be slow, and nobody waits for it. What dies half-way is done again.
    """
    with database.write() as tx:
        due, keys = _take(tx, now=now, limit=limit)
    for key in keys:
        for file in files_of(key):
            media.delete(file)
    if keys:
        with database.write() as tx:
            tx.execute(delete(LooseMedia).where(LooseMedia.key.in_(keys), LooseMedia.taken_at == now))
    return due


def _take(tx: Session, *, now: datetime, limit: int) -> tuple[int, Sequence[str]]:
    """How many keys are due, and those of them that are deleted now, marked; the others are in use, and forgotten."""
    is_free = or_(LooseMedia.taken_at.is_(None), LooseMedia.taken_at <= now - _DELETED_WITHIN)
    is_due = (LooseMedia.since <= now - KEPT_FOR) & is_free
    is_used = select(ProductMedia.id).where(ProductMedia.key == LooseMedia.key).exists()
    unread = {"synchronize_session": False}
    due = select(LooseMedia.key).where(is_due).order_by(LooseMedia.since).limit(limit)
    # Of two at once each takes others, and neither waits for an upload.
    keys = tx.scalars(due.with_for_update(skip_locked=True)).all()
    tx.execute(delete(LooseMedia).where(LooseMedia.key.in_(keys), is_used), execution_options=unread)
    taken = update(LooseMedia).where(LooseMedia.key.in_(keys)).values(taken_at=now).returning(LooseMedia.key)
    return len(keys), tx.scalars(taken, execution_options=unread).all()


def _leaving() -> Unavailable:
    return Unavailable("An old copy of this picture is being deleted at this moment. Send it again in a few minutes.")
