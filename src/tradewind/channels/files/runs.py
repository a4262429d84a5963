"""The run of an import: found again by the content it reads, and moved on in the transaction of each chunk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.channels.files.problems import ImportUnderWay
from tradewind.channels.model import SyncRun
from tradewind.core.database import Database
from tradewind.core.ids import new_id

KIND = "import"
_LONGEST_SOURCE = 1000
_LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run has come: the phase, things done in it, and the length of the error report then."""

    phase: str = "products"
    done: int = 0
    report_bytes: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"phase": self.phase, "done": self.done, "report_bytes": self.report_bytes}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Position:
        return cls(stored.get("phase", "products"), stored.get("done", 0), stored.get("report_bytes", 0))


@dataclass(frozen=True, slots=True)
class Run:
    id: str
    status: str
    position: Position
    counts: dict[str, Any]
    finished_at: datetime | None


def last_run(tx: Session, fingerprint: str) -> Run | None:
    """The newest import of this content, if there was one."""
    query = select(SyncRun).where(SyncRun.fingerprint == fingerprint, SyncRun.kind == KIND).order_by(SyncRun.id.desc())
    row = tx.scalars(query.limit(1)).first()
    return (
        None if row is None else Run(row.id, row.status, Position.from_json(row.position), row.counts, row.finished_at)
    )


def start_run(tx: Session, *, channel_id: str, source: str, fingerprint: str, now: datetime) -> Run:
    run = SyncRun(
        id=new_id(),
        channel_id=channel_id,
        kind=KIND,
        source=source[:_LONGEST_SOURCE],
        fingerprint=fingerprint,
        status="running",
        position=Position().as_json(),
        counts={},
        error=None,
        started_at=now,
        updated_at=now,
        finished_at=None,
    )
    tx.add(run)
    tx.flush()
    return Run(run.id, run.status, Position(), {}, None)


def check_position(tx: Session, run_id: str, expected: Position) -> None:
    """Locks the run and makes sure that nobody else has moved it on; ImportUnderWay otherwise."""
    stored = tx.scalar(select(SyncRun.position).where(SyncRun.id == run_id).with_for_update())
    if stored is None or Position.from_json(stored) != expected:
        raise ImportUnderWay(
            "Another process imports the same file at this moment. Let it end; nothing is booked twice in the meantime."
        )


def move_run(
    tx: Session, run_id: str, position: Position, counts: dict[str, Any], *, now: datetime, ends: bool
) -> None:
    """The new position, stored together with what brought the run there."""
    values: dict[str, Any] = {
        "position": position.as_json(),
        "counts": counts,
        "updated_at": now,
        "status": "running",
        "error": None,
    }
    if ends:
        values |= {"status": "finished", "finished_at": now}
    tx.execute(update(SyncRun).where(SyncRun.id == run_id).values(**values))


def fail_run(database: Database, run_id: str, error: str, *, now: datetime) -> None:
    """Remembers why a run broke off. It can go on where it stopped."""
    with database.write() as tx:
        values = {"status": "failed", "error": error[:_LONGEST_ERROR], "updated_at": now}
        tx.execute(update(SyncRun).where(SyncRun.id == run_id, SyncRun.status != "finished").values(**values))
