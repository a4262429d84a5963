"""How old each source's newest fact is, and how old it may be: what the scheduler and the dashboard look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.channels.contract import Resource
from tradewind.channels.sync.alerts import raise_alert, resolve_alert
from tradewind.channels.sync.connections import all_connections
from tradewind.channels.sync.model import State, SyncCursor
from tradewind.channels.sync.registry import Connectors

_TOLD_AFTER = timedelta(hours=2)
_SECRETS_END_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Freshness:
    """One resource of one connection."""

    connection_id: str
    connection: str
    connector: str
    resource: Resource
    state: str
    state_reason: str | None
    newest_fact_at: datetime | None
    """When the newest thing that it told of happened; None: nothing yet."""
    read_until: datetime | None
    """Everything before this moment has been read; None: not in all of its scopes."""
    finished_at: datetime | None
    every: timedelta
    target_age: timedelta
    age: timedelta | None
    """Now less `read_until`: how far the picture lies behind."""

    @property
    def is_late(self) -> bool:
        return self.age is None or self.age > self.target_age

    @property
    def staleness(self) -> float:
        """Age by the age that is aimed at: above 1 is late, and the highest is read first."""
        return float("inf") if self.age is None else self.age / self.target_age


def freshness(tx: Session, connectors: Connectors, *, now: datetime) -> list[Freshness]:
    """Every resource of every connection, the stalest first."""
    cursors: dict[tuple[str, str], list[SyncCursor]] = defaultdict(list)
    for cursor in tx.scalars(select(SyncCursor)):
        cursors[cursor.connection_id, cursor.resource].append(cursor)
    installed = set(connectors.names())
    found: list[Freshness] = []
    for row in all_connections(tx):
        if row.connector not in installed:
            continue
        for resource, schedule in connectors.get(row.connector).resources.items():
            mine = cursors[row.id, str(resource)]
            until = _least([cursor.watermark for cursor in mine])
            waiting = next((cursor for cursor in mine if cursor.state != State.ACTIVE), None)
            found.append(
                Freshness(
                    row.id,
                    row.name,
                    row.connector,
                    resource,
                    row.state if row.state != State.ACTIVE or waiting is None else waiting.state,
                    row.state_reason if row.state != State.ACTIVE or waiting is None else waiting.state_reason,
                    max((c.newest_fact_at for c in mine if c.newest_fact_at is not None), default=None),
                    until,
                    _least([cursor.finished_at for cursor in mine]),
                    schedule.every,
                    schedule.target_age,
                    None if until is None else max(now - until, timedelta(0)),
                )
            )
    return sorted(found, key=lambda one: -one.staleness)


def watch(tx: Session, connectors: Connectors, *, now: datetime) -> int:
    """Raises and clears the alerts that time alone brings; returns how many are new."""
    new = 0
    for one in freshness(tx, connectors, now=now):
        cause = f"late:{one.resource}"
        if one.state == State.ACTIVE and one.age is not None and one.age > max(_TOLD_AFTER, one.target_age):
            message = f"The {one.resource} of {one.connection} are read only until {one.read_until:%Y-%m-%d %H:%M} UTC."
            new += raise_alert(tx, one.connection_id, cause, message, now=now)
        elif one.age is not None and not one.is_late:
            resolve_alert(tx, one.connection_id, cause, now=now)
    for row in all_connections(tx):
        ends = row.secrets_end_on
        if ends is not None and ends - now.date() < _SECRETS_END_WITHIN:
            message = f"The secrets of {row.name} end on {ends}. Make new ones, then: tradewind connect credentials"
            new += raise_alert(tx, row.id, "secrets_end", message, now=now)
        else:
            resolve_alert(tx, row.id, "secrets_end", now=now)
    return new


def _least(moments: Sequence[datetime | None]) -> datetime | None:
    """The earliest; None where one is unknown, or where there is none."""
    known = [moment for moment in moments if moment is not None]
    return min(known) if known and len(known) == len(moments) else None
