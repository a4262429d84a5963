"""The audit log: who changed what. An entry is written in the transaction of the change, or neither is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.model import AuditEntry
from tradewind.core.bulk import insert_rows
from tradewind.core.ids import new_id
from tradewind.core.paging import Page, moment_and_id

_SECRETS = ("password", "secret", "token_hash")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a program's token, or the program itself."""

    name: str
    id: str | None = None
    request_id: str | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one thing. `before` is None for something new, `after` for something gone."""

    action: str
    """`product.update`, `order.cancel` …"""
    subject_id: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None

    @property
    def subject_kind(self) -> str:
        return self.action.partition(".")[0]


def record(tx: Session, actor: Actor, *changes: Change, now: datetime) -> None:
    """Enters changes. Of a thing that had values before, only those that differ are kept; where none does,
    nothing happened and nothing is entered. Secrets never are.
    """
    rows = []
    for change in changes:
        before, after = _differing(change.before, change.after)
        if before == after == {}:
            continue
        rows.append(
            {
                "id": new_id(),
                "at": now,
                "actor": actor.name[:100],
                "actor_id": actor.id,
                "action": change.action,
                "subject_kind": change.subject_kind,
                "subject_id": change.subject_id,
                "before": before,
                "after": after,
                "request_id": actor.request_id,
            }
        )
    insert_rows(tx, AuditEntry.__table__, rows)


def audit_page(
    tx: Session,
    *,
    limit: int,
    cursor: str | None = None,
    action: str | None = None,
    subject_kind: str | None = None,
    subject_id: str | None = None,
    actor: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Page[AuditEntry]:
    """Entries, the newest first; None chooses all, the period is half-open."""
    if action is not None and subject_kind is None:
        subject_kind = action.partition(".")[0]  # an action has one kind of subject, and kinds have an index
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    equal = (
        (AuditEntry.action, action),
        (AuditEntry.subject_kind, subject_kind),
        (AuditEntry.subject_id, subject_id),
        (AuditEntry.actor, actor),
    )
    query = query.where(*(column == wanted for column, wanted in equal if wanted is not None))
    if start is not None:
        query = query.where(AuditEntry.at >= start)
    if end is not None:
        query = query.where(AuditEntry.at < end)
    if cursor is not None:
        at, entry_id = moment_and_id(cursor)
        query = query.where(or_(AuditEntry.at < at, and_(AuditEntry.at == at, AuditEntry.id < entry_id)))
    rows = tx.scalars(query).all()
    return Page.cut(rows, limit, lambda row: (row.at.isoformat(), row.id), lambda row: row)


def _differing(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if before is None or after is None:
        return _plain(before), _plain(after)
    names = [name for name in after if before.get(name) != after[name]]
    return _plain({name: before.get(name) for name in names}), _plain({name: after[name] for name in names})


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The values as JSON holds them; bytes (hashes, seals) and whatever is named a secret are left out."""
    if values is None:
        return None
    return {name: _json(value) for name, value in values.items() if not _is_secret(name, value)}


def _is_secret(name: str, value: Any) -> bool:
    return isinstance(value, bytes) or any(word in name for word in _SECRETS)


def _json(value: Any) -> Any:
    if isinstance(value, Decimal | datetime | date):
        return str(value)
    if isinstance(value, Mapping):
        return _plain(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_json(part) for part in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return value
