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
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.core.errors import InvalidInput
from tradewind.core.prepared import Prepared

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
    (row,) = _KEPT.all(tx, of_caller=asked.caller, of_key=asked.key)
    if row.request_digest != asked.digest:
        raise KeyReused
    return StoredAnswer(row.status, row.body, row.etag)


def keep_answer(tx: Session, asked: Asked, answer: StoredAnswer) -> None:
    """Keeps the answer for the rest of the key's 24 hours."""
    _KEEP.run(tx, of_caller=asked.caller, of_key=asked.key, told=answer.status, answer=answer.body, tag=answer.etag)


def forget_expired(tx: Session, *, now: datetime, limit: int = 1_000) -> int:
    """Deletes up to `limit` answers whose time is over; returns how many."""
    key = tuple_(IdempotencyKey.caller, IdempotencyKey.key)
    over = select(IdempotencyKey.caller, IdempotencyKey.key).where(IdempotencyKey.expires_at <= now).limit(limit)
    return len(tx.scalars(delete(IdempotencyKey).where(key.in_(over)).returning(IdempotencyKey.key)).all())


def _took(tx: Session, asked: Asked, now: datetime) -> bool:
    """Whether the key was free, or its time over. Where another transaction holds it, this waits for its end."""
    taken = _TAKE.first(
        tx,
        caller=asked.caller,
        key=asked.key,
        request_digest=asked.digest,
        status=_UNANSWERED,
        body=b"",
        etag=None,
        created_at=now,
        expires_at=now + KEPT,
    )
    return taken is not None


_KEYS: Any = IdempotencyKey.__table__
_IS = and_(_KEYS.c.caller == bindparam("of_caller"), _KEYS.c.key == bindparam("of_key"))
_KEPT = Prepared(select(_KEYS).where(_IS))
_KEEP = Prepared(
    update(_KEYS).where(_IS).values(status=bindparam("told"), body=bindparam("answer"), etag=bindparam("tag"))
)


def _taking(dialect_name: str) -> Any:
    insert = (postgresql if dialect_name == "postgresql" else sqlite).insert(_KEYS)
    fresh = ("request_digest", "status", "body", "etag", "created_at", "expires_at")
    taking = insert.on_conflict_do_update(
        index_elements=["caller", "key"],
        set_={name: insert.excluded[name] for name in fresh},
        where=_KEYS.c.expires_at <= insert.excluded.created_at,
    )
    return taking.returning(_KEYS.c.key)


_TAKE = Prepared(_taking)
