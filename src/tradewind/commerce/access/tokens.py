"""Tokens for programs: a secret shown once, a digest kept, a closed list of scopes."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import SYSTEM, Actor, Change, record
from tradewind.commerce.access.model import ApiToken
from tradewind.commerce.access.rights import Caller, Scope, expand
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, Unavailable
from tradewind.core.ids import new_id
from tradewind.core.paging import Page, decode_cursor
from tradewind.core.text import check_text

PREFIX = "tw_"
LONGEST_NAME = 100
MEMORY_SECONDS = 0.5
"""How long a token's row is believed without looking again: a revoked token is dead within a second."""
_USE_EVERY = timedelta(minutes=1)
_MOST_REMEMBERED = 10_000


class TokenRefused(NotAuthenticated):
    """One sentence for unknown, revoked and expired ones: a stranger learns nothing from it."""

    code = "token_refused"

    def __init__(self) -> None:
        super().__init__(
            "This token is not valid: unknown, revoked or expired."
            " Make one with: tradewind token create NAME --scope SCOPE"
        )


class TokenNameTaken(Conflict):
    code = "token_name_taken"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made. `secret` is in no other place: who loses it makes another token."""

    token: ApiToken
    secret: str


def create_token(
    tx: Session,
    name: str,
    scopes: list[Scope],
    *,
    now: datetime,
    expires_at: datetime | None = None,
    actor: Actor = SYSTEM,
) -> NewToken:
    label = name.strip()
    check_text(label, LONGEST_NAME, field="name", of="a token")
    if not label.isprintable() or not label:
        raise InvalidInput("A token has a name of 1 to 100 characters that says what it is for.", field="name")
    if expires_at is not None and expires_at <= now:
        raise InvalidInput("The token would have expired already.", field="expires_at")
    if tx.scalar(select(ApiToken.id).where(ApiToken.name == label)):
        raise TokenNameTaken(
            f"There is already a token named {label}. Names stay taken, so that logs stay clear: choose another."
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        id=new_id(),
        name=label,
        secret_hash=_digest(secret),
        scopes=[str(scope) for scope in scopes],
        created_at=now,
        expires_at=expires_at,
    )
    tx.add(token)
    tx.flush()
    shown = {"name": label, "scopes": token.scopes, "expires_at": expires_at}
    record(tx, actor, Change("token.create", token.id, None, shown), now=now)
    return NewToken(token, secret)


def list_tokens(tx: Session) -> list[ApiToken]:
    """All of them, for the command line."""
    return list(tx.scalars(select(ApiToken).order_by(ApiToken.created_at, ApiToken.id)))


def tokens_page(tx: Session, *, limit: int, cursor: str | None = None) -> Page[ApiToken]:
    """Tokens, the newest first, revoked ones among them: their names stay taken."""
    query = select(ApiToken).order_by(ApiToken.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(ApiToken.id < str(decode_cursor(cursor, 1)[0]))
    return Page.cut(tx.scalars(query).all(), limit, lambda token: (token.id,), lambda token: token)


def revoke_token(tx: Session, name: str, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Ends a token for good. Revoking it twice is the same as once."""
    token = tx.scalar(select(ApiToken).where(ApiToken.name == name.strip()))
    if token is None:
        raise NotFound(f"There is no token named {name}. See which there are with: tradewind token list")
    _revoke(tx, token, actor, now)


def revoke_token_by_id(tx: Session, token_id: str, *, now: datetime, actor: Actor) -> None:
    """The same for a token that is known by its id."""
    token = tx.get(ApiToken, token_id)
    if token is None:
        raise NotFound(f"There is no token with the id {token_id}.")
    _revoke(tx, token, actor, now)


def _revoke(tx: Session, token: ApiToken, actor: Actor, now: datetime) -> None:
    if token.revoked_at is None:
        token.revoked_at = now
        record(tx, actor, Change("token.revoke", token.id, None, {"name": token.name}), now=now)


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    expires_at: datetime | None
    looked_at: float


class TokenGate:
    """Answers whether a secret may do something, fast enough for every request.

    A row is believed for half a second. Uses are noted in memory and written by `write_uses`: a reader
    must not wait for a writer because of a time stamp.
    """

    def __init__(self, database: Database, clock: Clock, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._timer = timer
        self._lock = threading.Lock()
        self._known: dict[bytes, _Known] = {}
        self._used: dict[str, datetime] = {}
        self._written: dict[str, datetime] = {}

    def authenticate(self, secret: str, scope: Scope | None = None) -> Caller:
        """The program behind the secret. Raises TokenRefused, or MissingScope when it may not do this."""
        now = self._clock.now()
        if not secret.startswith(PREFIX):
            raise TokenRefused
        digest = _digest(secret)
        known = self._known.get(digest)
        if known is None or self._timer() - known.looked_at >= MEMORY_SECONDS:
            known = self._look(digest)
        if known is None or (known.expires_at is not None and known.expires_at <= now):
            raise TokenRefused
        if scope is not None:
            known.caller.need(scope)
        if known.caller.token_id is not None:
            self._used[known.caller.token_id] = now
        return known.caller

    def write_uses(self) -> None:
        """Stores when tokens were last used, at most once a minute for each; the server calls it now and then."""
        with self._lock:
            due = {
                token: used
                for token, used in self._used.items()
                if token not in self._written or used - self._written[token] >= _USE_EVERY
            }
            if not due:
                return
            try:
                with self._database.write() as tx:
                    for token, used in due.items():
                        tx.execute(update(ApiToken).where(ApiToken.id == token).values(last_used_at=used))
            except Unavailable:
                return  # the next call writes it
            self._written |= due

    def _look(self, digest: bytes) -> _Known | None:
        looked_at = self._timer()
        with self._database.read() as tx:
            row = tx.scalar(select(ApiToken).where(ApiToken.secret_hash == digest, ApiToken.revoked_at.is_(None)))
            if row is None:
                self._known.pop(digest, None)
                return None
            caller = Caller(f"token {row.name}", expand(Scope(scope) for scope in row.scopes), token_id=row.id)
            known = _Known(caller, row.expires_at, looked_at)
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[digest] = known
        return known


def _digest(secret: str) -> bytes:
    # No slow hash: the secret has 256 bits of chance, so there is nothing to guess.
    return hashlib.sha256(secret.encode()).digest()
