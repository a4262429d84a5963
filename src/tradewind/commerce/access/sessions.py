"""Sessions: a sign-in starts a chain of refresh tokens, each good once.

A refresh token is `<session>.<number>.<proof>`: the proof is an HMAC under the secret key, so we can tell an
old token of ours from noise. An old one that comes again means that two parties hold the chain, and the
chain ends. One exception: for a few seconds after a rotation the token before it gives the same answer
again, because an answer may get lost on the way and two tabs may ask at once.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.access.model import User, UserSession
from tradewind.commerce.access.rights import Caller, Role, scopes_of
from tradewind.core.errors import NotFound
from tradewind.core.ids import ID_LENGTH, new_id
from tradewind.core.paging import Page, decode_cursor

GRACE_SECONDS = 20.0
LONGEST_ADDRESS = 64
LONGEST_USER_AGENT = 300


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """The place of a token in its chain."""

    session_id: str
    number: int

    def text(self, secret_key: str) -> str:
        return f"{self.session_id}.{self.number}.{self._proof(secret_key)}"

    def digest(self, secret_key: str) -> bytes:
        """What is stored of the token."""
        return hashlib.sha256(self.text(secret_key).encode()).digest()

    @property
    def next(self) -> RefreshToken:
        return RefreshToken(self.session_id, self.number + 1)

    @property
    def previous(self) -> RefreshToken:
        return RefreshToken(self.session_id, self.number - 1)

    @classmethod
    def parse(cls, text: str, secret_key: str) -> RefreshToken | None:
        """The token, if we made it; None for anything else."""
        session_id, _, rest = text.partition(".")
        number, _, proof = rest.partition(".")
        if len(session_id) != ID_LENGTH or not number.isascii() or not number.isdigit() or len(number) > 9:
            return None
        token = cls(session_id, int(number))
        return token if hmac.compare_digest(token._proof(secret_key).encode(), proof.encode()) else None

    def _proof(self, secret_key: str) -> str:
        message = f"refresh:{self.session_id}:{self.number}".encode()
        return urlsafe_b64encode(hmac.digest(secret_key.encode(), message, "sha256")).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a sign-in comes from, as far as it can be seen."""

    address: str = "unknown"
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has not ended, for its owner to recognise."""

    session_id: str
    created_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None


def open_session(
    tx: Session, user_id: str, *, secret_key: str, now: datetime, lifetime: timedelta, visitor: Visitor
) -> RefreshToken:
    """Starts a chain; returns its first token. Chains of the user that have run out are swept away."""
    tx.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at <= now))
    token = RefreshToken(new_id(), 1)
    tx.add(
        UserSession(
            id=token.session_id,
            user_id=user_id,
            refresh_hash=token.digest(secret_key),
            previous_hash=None,
            created_at=now,
            expires_at=now + lifetime,
            address=visitor.address[:LONGEST_ADDRESS],
            user_agent=visitor.user_agent[:LONGEST_USER_AGENT] if visitor.user_agent else None,
        )
    )
    tx.flush()
    return token


def sessions_page(
    tx: Session, user_id: str, *, now: datetime, limit: int, cursor: str | None = None
) -> Page[OpenSession]:
    """The sessions of a user that have not ended, the newest first."""
    query = select(UserSession).where(UserSession.user_id == user_id, *_is_live(now))
    if cursor is not None:
        query = query.where(UserSession.id < str(decode_cursor(cursor, 1)[0]))
    rows = tx.scalars(query.order_by(UserSession.id.desc()).limit(limit + 1)).all()
    return Page.cut(rows, limit, lambda row: (row.id,), _open_session)


def end_session(tx: Session, user_id: str, session_id: str, *, actor: Actor, now: datetime) -> None:
    """Ends one session of a user. Raises NotFound where the user has no such session; one that ended stays so."""
    row = tx.get(UserSession, session_id)
    if row is None or row.user_id != user_id:
        raise NotFound(f"There is no session {session_id}. It may have ended long ago.")
    if row.revoked_at is None:
        close_session(tx, session_id, now=now)
        record(tx, actor, Change("session.end", session_id, None, {"user_id": user_id}), now=now)


def caller_of(tx: Session, session_id: str, *, now: datetime) -> Caller | None:
    """Who the session belongs to, with the rights of this moment; None when it has ended."""
    query = select(User.id, User.username, User.email, User.role).join(UserSession, UserSession.user_id == User.id)
    row = tx.execute(query.where(UserSession.id == session_id, *_is_live(now), User.is_active)).one_or_none()
    if row is None:
        return None
    role = Role(row.role)
    return Caller(row.username, scopes_of(role), row.id, row.email, role, session_id)


def live_sessions(tx: Session, session_ids: set[str], *, now: datetime) -> set[str]:
    """Those that have not ended."""
    query = select(UserSession.id).join(User, User.id == UserSession.user_id).where(*_is_live(now), User.is_active)
    return set(tx.scalars(query.where(UserSession.id.in_(session_ids))))


def close_session(tx: Session, session_id: str, *, now: datetime) -> None:
    """Ends a chain; ending it twice is the same as once."""
    row = update(UserSession).where(UserSession.id == session_id, UserSession.revoked_at.is_(None))
    tx.execute(row.values(revoked_at=now))


def forget_ended(tx: Session, *, now: datetime, limit: int = 1_000) -> int:
    """Deletes up to `limit` sessions whose time is over; returns how many."""
    over = select(UserSession.id).where(UserSession.expires_at <= now).limit(limit)
    return len(tx.scalars(delete(UserSession).where(UserSession.id.in_(over)).returning(UserSession.id)).all())


def _is_live(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return UserSession.revoked_at.is_(None), UserSession.expires_at > now


def _open_session(row: UserSession) -> OpenSession:
    return OpenSession(row.id, row.created_at, row.expires_at, row.address, row.user_agent)
