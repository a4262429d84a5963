"""What platforms and people may demand for the sake of privacy: to be told what is held, and to be forgotten.

Commerce blanks the person in the books; here go the payloads that told of them. The news of a demand is kept like any
other (see inbox.py) and met soon after, whatever state the connection is in: shops that left are the ones that ask.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tradewind.channels.contract import Demand, Resource
from tradewind.channels.sync.alerts import raise_alert, resolve_alert
from tradewind.channels.sync.connections import find_connection, lose_credentials
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.model import (
    ChannelAlert,
    ChannelConnection,
    ChannelPayload,
    QuarantinedPayload,
    WebhookEvent,
)
from tradewind.channels.sync.registry import Connectors
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.booking import chunks
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.store import ids_of_person
from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.people.erasure import Erasure, OpenOrders, erase_customer, erase_duplicate
from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger

MOST_ATTEMPTS = 6
_WAIT = timedelta(seconds=5)
"""After a failure; four times as long after each that follows."""
_EVENTS_AT_ONCE, _PEOPLE_AT_ONCE = 200, 50
_OF_AN_ORDER = (str(Resource.ORDERS), str(Resource.RETURNS))
_OF_A_CUSTOMER = (str(Resource.CUSTOMERS),)

logger = get_logger(__name__)


def erase_person(
    tx: Session, customer_id: str, *, actor: Actor, now: datetime, despite_open_orders: bool = False
) -> Erasure:
    """Blanks a person in the books, and drops all that channels sent of them. Raises as `erase_customer` does."""
    drop_payloads_of(tx, customer_id)
    erasure = erase_customer(tx, customer_id, actor=actor, now=now, despite_open_orders=despite_open_orders)
    reminders = select(ChannelAlert.connection_id).where(ChannelAlert.cause == _reminder(customer_id))
    for connection_id in tx.scalars(reminders).all():
        resolve_alert(tx, connection_id, _reminder(customer_id), now=now)
    return erasure


def drop_payloads_of(tx: Session, customer_id: str) -> int:
    """Drops the payloads of a person's profiles, orders and returns; returns how many."""
    profile_ids = ids_of_person(tx, customer_id)
    told: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    is_theirs = Order.customer_id.in_(profile_ids)
    for columns, where, resources in (
        ((Customer.channel_id, Customer.external_id), Customer.id.in_(profile_ids), _OF_A_CUSTOMER),
        ((Order.channel_id, Order.external_id), is_theirs, _OF_AN_ORDER),
        # A return has an id of its own, under which its money was given back.
        ((Refund.channel_id, Refund.external_id), Refund.order_id.in_(select(Order.id).where(is_theirs)), _OF_AN_ORDER),
    ):
        for channel_id, external_id in tx.execute(select(*columns).where(where)):
            if channel_id is not None and external_id is not None:
                told[channel_id, resources].add(external_id)
    return sum(
        _drop(tx, ChannelConnection.channel_id == channel_id, resources, external_ids)
        for (channel_id, resources), external_ids in told.items()
    )


def demanded(connectors: Connectors) -> ColumnElement[bool]:
    """Which news, joined with its connection, is a demand and nothing to read anew."""
    by_connector = _demands(connectors)
    return or_(
        False,
        *(
            and_(ChannelConnection.connector == name, WebhookEvent.topic.in_(topics))
            for name, topics in by_connector.items()
        ),
    )


def meet(engine: Engine) -> int:
    """Meets the demands that wait; returns how many. One that cannot be met is tried again, and somebody is told."""
    with engine.database.read() as tx:
        query = (
            select(WebhookEvent, ChannelConnection.connector)
            .join(ChannelConnection, ChannelConnection.id == WebhookEvent.connection_id)
            .where(WebhookEvent.done_at.is_(None), WebhookEvent.attempts < MOST_ATTEMPTS, demanded(engine.connectors))
            .order_by(WebhookEvent.received_at, WebhookEvent.event_id)
            .limit(_EVENTS_AT_ONCE)
        )
        waiting = [(event, connector) for event, connector in tx.execute(query)]
        tx.expunge_all()
    demands, now = _demands(engine.connectors), engine.clock.now()
    return sum(
        _meet(engine, event, demands[connector][event.topic])
        for event, connector in waiting
        if not event.attempts or event.received_at + _WAIT * 4**event.attempts <= now
    )


def forget_request(tx: Session, connection_id: str, event_id: str, *, now: datetime) -> None:
    """The month in which an answer is owed is over: what reminds of it goes."""
    resolve_alert(tx, connection_id, _cause(event_id), now=now)


def _meet(engine: Engine, event: WebhookEvent, demand: Demand) -> bool:
    now = engine.clock.now()
    mine = (WebhookEvent.connection_id == event.connection_id, WebhookEvent.event_id == event.event_id)
    try:
        if demand is Demand.TELL:
            _remind(engine, event, now)
        elif demand is Demand.FORGET_ALL:
            _forget_all(engine, event.connection_id, now)
        else:
            _forget_one(engine, event, now)
    except TradewindError as failure:
        with engine.database.write() as tx:
            values = {"attempts": WebhookEvent.attempts + 1, "error": str(failure)[:2000]}
            tx.execute(update(WebhookEvent).where(*mine).values(**values))
            message = f"The platform demands that somebody is forgotten, which was not possible: {failure}"
            raise_alert(tx, event.connection_id, _cause(event.event_id), message, now=now)
        return False
    with engine.database.write() as tx:
        tx.execute(update(WebhookEvent).where(*mine).values(done_at=now, error=None))
        if demand is not Demand.TELL:
            resolve_alert(tx, event.connection_id, _cause(event.event_id), now=now)
    return True


def _remind(engine: Engine, event: WebhookEvent, now: datetime) -> None:
    """Whom somebody has to answer. Who they are is not written here: only ids are."""
    with engine.database.write() as tx:
        row = find_connection(tx, event.connection_id)
        known = _customers(tx, row, Resource(event.resource), event.external_id)
        told = f"/api/v1/customers/{known[0]}/export" if known else "no profile has that id, look for their orders"
        message = (
            f"{row.connector} customer {event.external_id} asks for all that is held about them. Send it to them"
            f" within 30 days: {told}"
        )
        raise_alert(tx, row.id, _cause(event.event_id), message, now=now)


def _forget_one(engine: Engine, event: WebhookEvent, now: datetime) -> None:
    """A customer, or who bought an order, and the payloads under that id."""
    resource = Resource(event.resource)
    if event.external_id is None:
        return
    with engine.database.write(alone=True) as tx:
        row = find_connection(tx, event.connection_id)
        resources = _OF_A_CUSTOMER if resource is Resource.CUSTOMERS else _OF_AN_ORDER
        _drop(tx, ChannelConnection.id == row.id, resources, [event.external_id])
        for customer_id in _customers(tx, row, resource, event.external_id):
            _erase(tx, row, customer_id, now)


def _erase(tx: Session, row: ChannelConnection, customer_id: str, now: datetime) -> bool:
    """Forgets a person. While parcels have still to find them only their payloads go, and somebody is told."""
    drop_payloads_of(tx, customer_id)
    try:
        with tx.begin_nested():
            erase_person(tx, customer_id, actor=_actor(row), now=now)
    except OpenOrders as refused:
        message = (
            f"{row.connector} demands that customer {customer_id} is forgotten. {refused} Then:"
            f" POST /api/v1/customers/{customer_id}/erase"
        )
        raise_alert(tx, row.id, _reminder(customer_id), message, now=now)
        return False
    return True


def _customers(tx: Session, row: ChannelConnection, resource: Resource, external_id: str | None) -> Sequence[str]:
    """The person whom an id of the channel means, if we know one who is not erased yet; for an order who bought it."""
    query = select(Customer.merged_into_id, Customer.id)
    if resource is Resource.CUSTOMERS:
        query = query.where(Customer.channel_id == row.channel_id, Customer.external_id == external_id)
    else:
        query = query.join(Order, Order.customer_id == Customer.id)
        query = query.where(Order.channel_id == row.channel_id, Order.external_id == external_id)
    return [survivor or own for survivor, own in tx.execute(query.where(Customer.is_erased.is_(False)))]


def _forget_all(engine: Engine, connection_id: str, now: datetime) -> None:
    """All people whom the account told of, its payloads and its credentials. May be begun again after a crash."""
    counts: Counter[str] = Counter()
    with engine.database.write() as tx:
        row = find_connection(tx, connection_id, lock=True)
        reason = f"{row.connector} demanded that all is forgotten that it told. Enter credentials to read it again."
        lose_credentials(tx, row, reason, secret_key=engine.secret_key(), actor=_actor(row), now=now)
    after = ""
    while True:
        with engine.database.write(alone=True) as tx:
            row = find_connection(tx, connection_id)
            people = _people(tx, row, after)
            for customer_id, survivor_id in people:
                if survivor_id is not None:
                    # Who they were merged into is known from elsewhere too: that profile is not this account's.
                    erase_duplicate(tx, customer_id, actor=_actor(row), now=now)
                    counts["people"] += 1
                else:
                    counts["people"] += _erase(tx, row, customer_id, now)
        if not people:
            break
        after = people[-1][0]
    with engine.database.write(alone=True) as tx:
        for model in (ChannelPayload, QuarantinedPayload):
            gone = delete(model).where(cast(Any, model).connection_id == connection_id)
            counts["payloads"] += _count(tx.execute(gone))
        message = "All that the account told of people was erased, and its credentials: the platform demanded it."
        raise_alert(tx, connection_id, "forgotten", message, now=now)
    logger.info("a connection was forgotten", connection=connection_id, **counts)


def _people(tx: Session, row: ChannelConnection, after: str) -> Sequence[tuple[str, str | None]]:
    """Whom the connection told of: all of its channel, or if others feed that too, those of its own payloads."""
    query = select(Customer.id, Customer.merged_into_id).where(
        Customer.channel_id == row.channel_id, Customer.is_erased.is_(False), Customer.id > after
    )
    others = select(ChannelConnection.id).where(
        ChannelConnection.channel_id == row.channel_id, ChannelConnection.id != row.id
    )
    if tx.scalar(others.limit(1)) is not None:
        payload = select(ChannelPayload.external_id).where(ChannelPayload.connection_id == row.id)
        orders = select(Order.customer_id).where(
            Order.channel_id == row.channel_id,
            Order.external_id.in_(payload.where(ChannelPayload.resource.in_(_OF_AN_ORDER))),
        )
        told = Customer.external_id.in_(payload.where(ChannelPayload.resource.in_(_OF_A_CUSTOMER)))
        query = query.where(or_(told, Customer.id.in_(orders)))
    people = tx.execute(query.order_by(Customer.id).limit(_PEOPLE_AT_ONCE))
    return [(customer_id, survivor_id) for customer_id, survivor_id in people]


def _drop(
    tx: Session, of_connections: ColumnElement[bool], resources: Collection[str], external_ids: Iterable[str]
) -> int:
    """Kept payloads and those in quarantine, under these ids of these resources."""
    connections = select(ChannelConnection.id).where(of_connections)
    dropped = 0
    for part in chunks(sorted(external_ids)):
        for model in (ChannelPayload, QuarantinedPayload):
            table = cast(Any, model)
            gone = delete(table).where(
                table.connection_id.in_(connections), table.resource.in_(resources), table.external_id.in_(part)
            )
            dropped += _count(tx.execute(gone, execution_options={"synchronize_session": False}))
    return dropped


def _demands(connectors: Connectors) -> dict[str, dict[str, Demand]]:
    return {name: dict(getattr(one, "demands", {})) for name, one in connectors.all().items()}


def _actor(row: ChannelConnection) -> Actor:
    return Actor(f"channel {row.name}"[:100])


def _reminder(customer_id: str) -> str:
    return f"forget:{customer_id}"


def _cause(event_id: str) -> str:
    return f"privacy:{event_id}"[:128]


def _count(result: Any) -> int:
    return int(cast("CursorResult[Any]", result).rowcount)
