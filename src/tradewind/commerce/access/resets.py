"""Another password for who has lost theirs: a link that is good once and for an hour.

Only a digest of the link's token is stored. A second link makes the first one worthless.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.access.model import PasswordReset, User
from tradewind.commerce.access.passwords import check_password, hash_password
from tradewind.commerce.access.users import replace_password
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput

LIFETIME = timedelta(hours=1)
LONGEST_TOKEN = 100


class ResetLinkOver(InvalidInput):
    """One sentence for unknown, used and old ones."""

    code = "reset_link_over"

    def __init__(self) -> None:
        super().__init__(
            "This link is not good any more: it was used, replaced by a newer one, or is more than an hour old."
            " Ask for another.",
            field="token",
        )


@dataclass(frozen=True, slots=True)
class NewReset:
    """A link just made. `token` is in no other place."""

    token: str
    reference: str
    """Names the reset without giving it away, for logs and mails: 64 characters."""
    expires_at: datetime


def begin_reset(tx: Session, user: User, *, actor: Actor, now: datetime) -> NewReset:
    """A link for the user. Earlier ones are deleted, used or not."""
    tx.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id))
    token = secrets.token_urlsafe(32)
    digest = _digest(token)
    tx.add(PasswordReset(token_hash=digest, user_id=user.id, created_at=now, expires_at=now + LIFETIME, used_at=None))
    tx.flush()
    record(tx, actor, Change("user.reset_begin", user.id), now=now)
    return NewReset(token, digest.hex(), now + LIFETIME)


def finish_reset(database: Database, token: str, password: str, *, now: datetime, request_id: str | None) -> str:
    """Sets the password and ends all sessions; returns the user's name. Raises ResetLinkOver, or InvalidInput for a
    password that is not good enough, after which the link is as good as before.
    """
    digest = _digest(token)
    with database.read() as tx:
        user = tx.scalar(select(User).join(PasswordReset).where(*_is_good(digest, now)))
        if user is None:
            raise ResetLinkOver
        check_password(password, username=user.username, email=user.email)
    password_hash = hash_password(password)
    with database.write() as tx:
        # Of two who use the same link at once only one finds it unused.
        used = update(PasswordReset).where(*_is_good(digest, now)).values(used_at=now)
        user_id = tx.scalar(used.returning(PasswordReset.user_id))
        user = tx.get(User, user_id) if user_id is not None else None
        if user is None or not user.is_active:
            raise ResetLinkOver
        actor = Actor(user.username, user.id, request_id)
        replace_password(tx, user, password_hash, now=now, actor=actor)
        return user.username


def forget_old_resets(tx: Session, *, now: datetime, limit: int = 1_000) -> int:
    """Deletes up to `limit` links whose time is over; returns how many."""
    over = select(PasswordReset.token_hash).where(PasswordReset.expires_at <= now).limit(limit)
    gone = delete(PasswordReset).where(PasswordReset.token_hash.in_(over)).returning(PasswordReset.token_hash)
    return len(tx.scalars(gone).all())


def _is_good(digest: bytes, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        PasswordReset.token_hash == digest,
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now,
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
