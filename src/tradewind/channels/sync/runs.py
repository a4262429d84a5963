"""The history of syncs: what each read, booked and refused. Counts move in the transaction of what they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tradewind.channels.model import SyncRun
from tradewind.core.ids import new_id

KIND = "sync"
WEBHOOK = "webhook"
RUNNING, FINISHED, FAILED, STOPPED = "running", "finished", "failed", "stopped"
MOST_SHOWN = 500


@dataclass(slots=True)
class Tally:
    """One run as it grows."""

    run_id: str
    counts: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    position: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunResult:
    """What came of a run. `status` is finished, failed or stopped."""

    run_id: str
    connection: str
    resource: str
    status: str
    counts: dict[str, int]
    warnings: dict[str, int]
    error: str | None
    seconds: float


def fingerprint(connection_id: str, resource: str) -> str:
    return f"{connection_id}:{resource}"


def start(
    tx: Session, connection_id: str, channel_id: str, resource: str, why: str, *, now: datetime, beside: bool = False
) -> Tally:
    """A new run. One that a killed process left open is closed: its window is read again.

    `beside`: a run within one transaction, which may be while another one reads pages.
    """
    mine = (SyncRun.kind == KIND, SyncRun.fingerprint == fingerprint(connection_id, resource))
    left = {"status": FAILED, "error": "The process ended in the middle of it.", "finished_at": now}
    if not beside:
        tx.execute(update(SyncRun).where(*mine, SyncRun.status == RUNNING).values(**left))
    tally = Tally(new_id())
    tx.add(
        SyncRun(
            id=tally.run_id,
            channel_id=channel_id,
            kind=KIND,
            source=why,
            fingerprint=fingerprint(connection_id, resource),
            status=RUNNING,
            position={},
            counts={},
            error=None,
            started_at=now,
            updated_at=now,
            finished_at=None,
        )
    )
    tx.flush()
    return tally


def save(tx: Session, tally: Tally, *, now: datetime) -> None:
    tx.execute(update(SyncRun).where(SyncRun.id == tally.run_id).values(**_values(tally, now)))


def end(tx: Session, tally: Tally, status: str, error: str | None, *, now: datetime) -> None:
    ended = {"status": status, "error": None if error is None else error[:2000], "finished_at": now}
    tx.execute(update(SyncRun).where(SyncRun.id == tally.run_id).values(**_values(tally, now), **ended))


def history(
    tx: Session, *, connection_id: str | None = None, resource: str | None = None, limit: int = 50
) -> Sequence[SyncRun]:
    """Runs, the newest first."""
    query = select(SyncRun).where(SyncRun.kind == KIND).order_by(SyncRun.id.desc()).limit(min(limit, MOST_SHOWN))
    if connection_id is not None:
        pattern = fingerprint(connection_id, resource or "")
        query = query.where(
            SyncRun.fingerprint == pattern if resource else SyncRun.fingerprint.startswith(pattern, autoescape=True)
        )
    return tx.scalars(query).all()


def forget_runs(tx: Session, *, now: datetime) -> int:
    """Deletes runs of long ago, those of single webhooks sooner; returns how many of up to 500."""
    short, long = now - timedelta(days=7), now - timedelta(days=180)
    is_old = (SyncRun.started_at < long) | ((SyncRun.source == WEBHOOK) & (SyncRun.started_at < short))
    ids = tx.scalars(select(SyncRun.id).where(SyncRun.kind == KIND, is_old).order_by(SyncRun.id).limit(500)).all()
    tx.execute(delete(SyncRun).where(SyncRun.id.in_(ids)))
    return len(ids)


def _values(tally: Tally, now: datetime) -> dict[str, Any]:
    counts: dict[str, Any] = {name: number for name, number in sorted(tally.counts.items()) if number}
    return {
        "counts": {"counts": counts, "warnings": dict(sorted(tally.warnings.items()))},
        "position": tally.position,
        "updated_at": now,
    }
