"""Answers that are kept: a request told again under its key gets the answer of the first time.

The first statement of the transaction takes the key, the last one stores the answer. So there is no moment
at which effect or answer exists without the other, whatever dies when; and of two requests at once the
second waits for the first before it does anything, then finds the answer. A refusal stores nothing: the same
request may succeed once its cause is gone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.core.errors import InvalidInput

KEPT = timedelta(hours=24)
LONGEST_KEY = 255
_UNANSWERED = 0


class KeyReused(InvalidInput):
    """One key, two different requests: a mistake of the caller that must not be answered with the wrong thing."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for a different request. Use a new key for each new request.",
            field="Idempotency-Key",
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that has a key. `caller` is the id of the person or token."""

    caller: str
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was said: `etag` is the entity tag of the thing in the body, where it has versions."""

    status: int
    body: bytes
    etag: str | None = None


def request_digest(method: str, path: str, body: bytes) -> bytes:
    """A digest of what makes a request the same one; the path comes with its query."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()


def check_key(key: str) -> str:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise InvalidInput(
            f"An Idempotency-Key has 1 to {LONGEST_KEY} printable characters, best a random UUID.",
            field="Idempotency-Key",
        )
    return key


def earlier_answer(tx: Session, asked: Asked, *, now: datetime) -> StoredAnswer | None:
    """What was answered to this request before. None the first time: the key is the caller's until the end of
    the transaction, and `keep_answer` has to follow. Raises KeyReused.

    To be called before anything else is done in the transaction.
    """
    if _took(tx, asked, now):
        return None
    row = tx.scalars(select(IdempotencyKey).where(*_is(asked))).one()
    if row.request_digest != asked.digest:
        raise KeyReused
    return StoredAnswer(row.status, row.body, row.etag)


def keep_answer(tx: Session, asked: Asked, answer: StoredAnswer) -> None:
    """Keeps the answer for the rest of the key's 24 hours."""
    told = {"status": answer.status, "body": answer.body, "etag": answer.etag}
    tx.execute(update(IdempotencyKey).where(*_is(asked)).values(told))


def forget_expired(tx: Session, *, now: datetime, limit: int = 1_000) -> int:
    """Deletes up to `limit` answers whose time is over; returns how many."""
    key = tuple_(IdempotencyKey.caller, IdempotencyKey.key)
    over = select(IdempotencyKey.caller, IdempotencyKey.key).where(IdempotencyKey.expires_at <= now).limit(limit)
    return len(tx.scalars(delete(IdempotencyKey).where(key.in_(over)).returning(IdempotencyKey.key)).all())


def _took(tx: Session, asked: Asked, now: datetime) -> bool:
    """Whether the key was free, or its time over. Where another transaction holds it, this waits for its end."""
    fresh = {
        "request_digest": asked.digest,
        "status": _UNANSWERED,
        "body": b"",
        "etag": None,
        "created_at": now,
        "expires_at": now + KEPT,
    }
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    free = insert(IdempotencyKey).values(caller=asked.caller, key=asked.key, **fresh)
    over = free.on_conflict_do_update(
        index_elements=["caller", "key"], set_=fresh, where=IdempotencyKey.expires_at <= now
    )
    return tx.scalar(over.returning(IdempotencyKey.key)) is not None


def _is(asked: Asked) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return IdempotencyKey.caller == asked.caller, IdempotencyKey.key == asked.key
