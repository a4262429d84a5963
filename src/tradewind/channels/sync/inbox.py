"""Webhooks: news is proven by its signature, kept once, answered at once; then the thing itself is read anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

import httpx
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tradewind.channels.contract import Hint, Queued, Resource, Webhooks
from tradewind.channels.sync import privacy, runs
from tradewind.channels.sync.connections import find_connection
from tradewind.channels.sync.engine import Ask, Engine, SyncUnderWay
from tradewind.channels.sync.model import ChannelConnection, State, WebhookEvent
from tradewind.channels.sync.storing import Store
from tradewind.core.errors import InvalidInput, TradewindError
from tradewind.core.logging import get_logger

MOST_ATTEMPTS = privacy.MOST_ATTEMPTS
_AT_ONCE = 200
_KEPT_DAYS = 30
_LONGEST_ID = 200

logger = get_logger(__name__)


def hear(engine: Engine, name_or_id: str, headers: Mapping[str, str], body: bytes) -> int:
    """Takes one message of a channel; returns how many news of it are new.

    Raises NotPermitted for a wrong signature, and InvalidInput for a channel that sends none.
    """
    with engine.database.read() as tx:
        identity = find_connection(tx, name_or_id).id
    opened = engine.openings.get(identity)
    webhooks = _webhooks(opened.connector, opened.connector.label)
    hints = webhooks.hints(opened.account, headers, body)
    with engine.database.write() as tx:
        return sum(_keep(tx, identity, hint, engine) for hint in hints)


def subscribe(engine: Engine, name_or_id: str, address: str) -> list[str]:
    """Asks the channel to call `address` with its news; returns the topics that are subscribed now."""
    with engine.database.read() as tx:
        identity = find_connection(tx, name_or_id).id
    opened = engine.openings.get(identity)
    return _webhooks(opened.connector, opened.connector.label).subscribe(opened.connection, address)


def fetch(engine: Engine) -> int:
    """Empties the queues of channels that send no webhooks; returns how many messages there were."""
    with engine.database.read() as tx:
        rows = tx.execute(
            select(ChannelConnection.id, ChannelConnection.connector).where(
                ChannelConnection.state == str(State.ACTIVE)
            )
        ).all()
    queued = {name for name, connector in engine.connectors.all().items() if hasattr(connector, "fetch_hints")}
    return sum(_fetch(engine, row.id) for row in rows if row.connector in queued)


def work(engine: Engine) -> int:
    """Does what the news that waits asks for; returns how many events are done."""
    fetch(engine)
    return privacy.meet(engine) + _read_anew(engine)


def _read_anew(engine: Engine) -> int:
    """Reads what changed, each thing once however often it was told."""
    with engine.database.read() as tx:
        rows = tx.scalars(
            select(WebhookEvent)
            .join(ChannelConnection, ChannelConnection.id == WebhookEvent.connection_id)
            .where(
                WebhookEvent.done_at.is_(None),
                WebhookEvent.attempts < MOST_ATTEMPTS,
                ~privacy.demanded(engine.connectors),
                ChannelConnection.state == str(State.ACTIVE),
            )
            .order_by(WebhookEvent.received_at)
            .limit(_AT_ONCE)
        ).all()
        things: dict[tuple[str, str, str | None], list[str]] = defaultdict(list)
        for row in rows:
            things[row.connection_id, row.resource, row.external_id].append(row.event_id)
    done = 0
    for (connection_id, resource, external_id), events in things.items():
        error = _read(engine, connection_id, Resource(resource), external_id)
        with engine.database.write() as tx:
            mine = (WebhookEvent.connection_id == connection_id, WebhookEvent.event_id.in_(events))
            if error is None:
                tx.execute(update(WebhookEvent).where(*mine).values(done_at=engine.clock.now(), error=None))
                done += len(events)
            else:
                values = {"attempts": WebhookEvent.attempts + 1, "error": error[:2000]}
                tx.execute(update(WebhookEvent).where(*mine).values(**values))
    return done


def forget(tx: Session, engine: Engine) -> int:
    """Deletes news that was dealt with long ago; a channel does not repeat it after so many days."""
    old = engine.clock.now() - timedelta(days=_KEPT_DAYS)
    keys = tx.execute(
        select(WebhookEvent.connection_id, WebhookEvent.event_id).where(WebhookEvent.received_at < old).limit(_AT_ONCE)
    ).all()
    for connection_id, event_id in keys:
        privacy.forget_request(tx, connection_id, event_id, now=engine.clock.now())
        tx.execute(
            delete(WebhookEvent).where(WebhookEvent.connection_id == connection_id, WebhookEvent.event_id == event_id)
        )
    return len(keys)


def _fetch(engine: Engine, connection_id: str) -> int:
    """A queue that is away is no harm: its messages wait, and polling goes on."""

    def deliver(hints: Sequence[Hint]) -> None:
        with engine.database.write() as tx:
            for hint in hints:
                _keep(tx, connection_id, hint, engine)

    opened = engine.openings.get(connection_id)
    try:
        return cast(Queued, opened.connector).fetch_hints(opened.account, deliver)
    except Exception:
        # Whatever a queue's client raises is its own; what was not kept has not left the queue.
        logger.exception("a queue could not be emptied", connection=connection_id)
        return 0


def _read(engine: Engine, connection_id: str, resource: Resource, external_id: str | None) -> str | None:
    """Reads one thing, or the whole resource where the news names none; returns why it did not work."""
    try:
        if external_id is None:
            result = engine.sync(connection_id, resource, Ask(why="webhook"))
            return result.error
        opened = engine.openings.get(connection_id)
        page = opened.connection.read(resource, external_id)
        now = engine.clock.now()
        with engine.database.write(alone=True) as tx:
            tally = runs.start(tx, connection_id, opened.row.channel_id, resource, runs.WEBHOOK, now=now, beside=True)
            store = Store(engine.booker(opened), opened.vault, connection_id, resource, tally, force=False)
            store.book(tx, page.items, "", now)
            runs.end(tx, tally, runs.FINISHED, None, now=now)
    except SyncUnderWay:
        return None  # what runs now reads it
    except (TradewindError, httpx.HTTPError) as failure:
        logger.info("webhook could not be followed", connection=connection_id, resource=str(resource))
        return str(failure) or type(failure).__name__
    return None


def _keep(tx: Session, connection_id: str, hint: Hint, engine: Engine) -> bool:
    key = (connection_id, hint.event_id[:_LONGEST_ID])
    if tx.get(WebhookEvent, key) is not None:
        return False
    tx.add(
        WebhookEvent(
            connection_id=key[0],
            event_id=key[1],
            resource=str(hint.resource),
            external_id=None if hint.external_id is None else hint.external_id[:_LONGEST_ID],
            topic=hint.topic[:100],
            received_at=engine.clock.now(),
            attempts=0,
        )
    )
    tx.flush()
    return True


def _webhooks(connector: object, label: str) -> Webhooks:
    found = connector if hasattr(connector, "hints") else getattr(connector, "webhooks", None)
    if found is None:
        raise InvalidInput(f"{label} sends no webhooks. It is read on its schedule.", field="connection")
    return cast(Webhooks, found)
