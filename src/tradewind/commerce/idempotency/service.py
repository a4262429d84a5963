"""Answers that are kept: a request told again under its key gets the answer of the first time.

The answer is stored in the transaction of what the request did. So there is no moment at which one of them
exists without the other, whatever dies when; and of two requests at once the second waits or is turned away.
A refusal stores nothing: the same request may succeed once its cause is gone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.core.errors import InvalidInput

KEPT = timedelta(hours=24)
LONGEST_KEY = 255


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
    status: int
    body: bytes


def request_digest(method: str, path: str, body: bytes) -> bytes:
    """A digest of what makes a request the same one."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()


def check_key(key: str) -> str:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise InvalidInput(
            f"An Idempotency-Key has 1 to {LONGEST_KEY} printable characters, best a random UUID.",
            field="Idempotency-Key",
        )
    return key


def earlier_answer(tx: Session, asked: Asked, *, now: datetime) -> StoredAnswer | None:
    """What was answered to this request before; None the first time. Raises KeyReused."""
    row = tx.get(IdempotencyKey, (asked.caller, asked.key))
    if row is None:
        return None
    if row.expires_at <= now:
        tx.delete(row)
        tx.flush()
        return None
    if row.request_digest != asked.digest:
        raise KeyReused
    return StoredAnswer(row.status, row.body)


def keep_answer(tx: Session, asked: Asked, answer: StoredAnswer, *, now: datetime) -> None:
    """Keeps an answer for 24 hours. A second writer of the same key fails on it, and is then told this answer."""
    tx.add(
        IdempotencyKey(
            caller=asked.caller,
            key=asked.key,
            request_digest=asked.digest,
            status=answer.status,
            body=answer.body,
            created_at=now,
            expires_at=now + KEPT,
        )
    )
    tx.flush()


def forget_expired(tx: Session, *, now: datetime, limit: int = 10_000) -> int:
    """Deletes up to `limit` answers whose time is over; returns how many."""
    over = select(IdempotencyKey.caller, IdempotencyKey.key).where(IdempotencyKey.expires_at <= now).limit(limit)
    keys = [tuple(row) for row in tx.execute(over)]
    for caller, key in keys:
        tx.execute(delete(IdempotencyKey).where(IdempotencyKey.caller == caller, IdempotencyKey.key == key))
    return len(keys)
