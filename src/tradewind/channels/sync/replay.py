"""Booking kept payloads again: what was refused, once its cause is gone, or all, once a connector maps better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.channels.contract import Mapped, Resource
from tradewind.channels.surprises import rejected
from tradewind.channels.sync import runs
from tradewind.channels.sync.connections import find_connection
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.model import ChannelPayload, QuarantinedPayload
from tradewind.channels.sync.opened import Opened
from tradewind.channels.sync.payloads import unpack
from tradewind.channels.sync.storing import Store

_AT_ONCE = 200
MOST_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A payload in quarantine."""

    id: str
    connection: str
    resource: str
    external_id: str | None
    code: str
    reason: str
    refused_at: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many payloads were booked, and how many were refused (again)."""

    booked: int
    refused: int


def waiting(tx: Session, *, connection_id: str | None = None, limit: int = 100) -> list[Waiting]:
    """What waits in quarantine, the newest first."""
    row = QuarantinedPayload
    query = select(row).where(row.replayed_at.is_(None)).order_by(row.id.desc()).limit(min(limit, MOST_SHOWN))
    if connection_id is not None:
        query = query.where(row.connection_id == connection_id)
    return [
        Waiting(one.id, one.connection_id, one.resource, one.external_id, one.code, one.reason, one.refused_at)
        for one in tx.scalars(query)
    ]


def replay_quarantine(engine: Engine, name_or_id: str, ids: Sequence[str] | None = None) -> Replayed:
    """Maps and books again what waits of a connection, the oldest first: all, or those with these ids."""
    with engine.database.read() as tx:
        connection_id = find_connection(tx, name_or_id).id
    opened = engine.openings.get(connection_id)
    booked = refused = 0
    after = ""
    while True:
        row = QuarantinedPayload
        query = select(row).where(row.connection_id == connection_id, row.replayed_at.is_(None), row.id > after)
        if ids is not None:
            query = query.where(row.id.in_(list(ids)[:MOST_SHOWN]))
        with engine.database.read() as tx:
            part = [
                (one.id, Resource(one.resource), one.body) for one in tx.scalars(query.order_by(row.id).limit(_AT_ONCE))
            ]
        if not part:
            return Replayed(booked, refused)
        after = part[-1][0]
        for identity, resource, body in part:
            item = _mapped(opened, resource, body)
            with engine.database.write(alone=True) as tx:
                if _book(engine, tx, opened, resource, [item]):
                    refused += 1
                else:
                    done = {"replayed_at": engine.clock.now()}
                    tx.execute(update(row).where(row.id == identity).values(**done))
                    booked += 1


def replay_payloads(engine: Engine, name_or_id: str, resource: Resource) -> Replayed:
    """Maps and books all kept payloads of a resource again, without a call to the channel."""
    with engine.database.read() as tx:
        connection_id = find_connection(tx, name_or_id).id
    opened = engine.openings.get(connection_id)
    booked = refused = 0
    after = ""
    while True:
        row = ChannelPayload
        query = (
            select(row.external_id, row.body)
            .where(row.connection_id == connection_id, row.resource == str(resource), row.external_id > after)
            .order_by(row.external_id)
            .limit(_AT_ONCE)
        )
        with engine.database.read() as tx:
            part = [(one.external_id, one.body) for one in tx.execute(query)]
        if not part:
            return Replayed(booked, refused)
        after = part[-1][0]
        items = [_mapped(opened, resource, body) for _, body in part]
        with engine.database.write(alone=True) as tx:
            again = _book(engine, tx, opened, resource, items)
        refused += again
        booked += len(items) - again


def _mapped(opened: Opened, resource: Resource, body: bytes) -> Mapped:
    raw = unpack(body, opened.vault)
    try:
        return opened.connection.map(resource, raw)
    except Exception as surprise:  # noqa: BLE001 (a connector of others may not reject what it did not foresee)
        return rejected(raw, surprise)


def _book(engine: Engine, tx: Session, opened: Opened, resource: Resource, items: Sequence[Mapped]) -> int:
    """Books in the caller's transaction; returns how many were refused."""
    now = engine.clock.now()
    tally = runs.start(tx, opened.row.id, opened.row.channel_id, resource, "replay", now=now, beside=True)
    store = Store(engine.booker(opened), opened.vault, opened.row.id, resource, tally, force=True)
    refused = store.book(tx, items, "", now)
    runs.end(tx, tally, runs.FINISHED, None, now=now)
    return len(refused)
