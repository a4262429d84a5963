"""Accounts of platforms: connecting them, their credentials and states, and what is pushed to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import BASE, Router
from tradewind.api.schemas.channels import (
    ChangeConnection,
    ChangeCredentials,
    ConnectionChecked,
    ConnectionList,
    ConnectionOut,
    ConnectorField,
    ConnectorList,
    ConnectorOut,
    ConnectorResource,
    CreateConnection,
    DriftList,
    DriftOut,
    HeardOut,
    PushedOut,
    SubscribedOut,
    SubscribeWebhooks,
)
from tradewind.api.security import READS, ServicesDep, caller_with
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.channels.contract import ChannelFailed
from tradewind.channels.sync import connections as use
from tradewind.channels.sync import inbox
from tradewind.channels.sync.engine import SyncUnderWay
from tradewind.channels.sync.model import ChannelConnection
from tradewind.channels.sync.writeback import drift, push
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.core.environment import environment
from tradewind.core.errors import InvalidInput, Misconfigured, NotFound, NotPermitted

router = Router("/channels", tags=["channels"])

Admin = Annotated[Writer, Depends(writer_with(Scope.ADMIN))]
Manager = Annotated[Writer, Depends(writer_with(Scope.API_WRITE))]
ConnectionName = Annotated[str, Path(max_length=200, description="Its name or id.")]
MANAGES = Depends(caller_with(Scope.API_WRITE))

LONGEST_MESSAGE = 4 * 1024**2
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The channel's own message, byte for byte.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.get("/connectors", response_model=ConnectorList, dependencies=[READS], responses=problems(*SIGNED_IN))
def connectors(services: ServicesDep) -> Response:
    """Platforms that can be connected, and what each needs."""
    items = [
        ConnectorOut(
            name=one.name,
            label=one.label,
            fields=[ConnectorField.model_validate(field) for field in one.fields],
            resources=[
                ConnectorResource(
                    resource=resource,
                    every_seconds=int(schedule.every.total_seconds()),
                    target_age_seconds=int(schedule.target_age.total_seconds()),
                )
                for resource, schedule in one.resources.items()
            ],
        )
        for one in services.platform.sync.connectors.all().values()
    ]
    return answer(ConnectorList(items=items))


@router.get("/connections", response_model=ConnectionList, dependencies=[READS], responses=problems(*SIGNED_IN))
def connections(services: ServicesDep) -> Response:
    """Connected accounts, by name."""
    with services.platform.database.read() as tx:
        items = [_shown(tx, row) for row in use.all_connections(tx)]
    return answer(ConnectionList(items=items))


@router.post(
    "/connections",
    status_code=201,
    response_model=ConnectionOut,
    responses=problems(*WRITES, NotFound, use.ConnectionNameTaken),
)
def create_connection(writer: Admin, body: CreateConnection) -> Response:
    """Connects an account. Secrets are sealed and never shown again."""
    sync = writer.services.platform.sync
    connector = sync.connectors.get(body.connector)

    def work(tx: Session) -> ConnectionOut:
        new = use.NewConnection(
            body.connector,
            {name: value.get_secret_value() for name, value in body.entered.items()},
            name=body.name,
            channel=body.channel,
            location=body.location,
            history_days=body.history_days,
            secrets_end_on=body.secrets_end_on,
        )
        row = use.connect(
            tx,
            connector,
            new,
            environment=environment(),
            secret_key=sync.secret_key(),
            actor=writer.actor,
            now=writer.now,
        )
        return _shown(tx, row)

    return writer.once(work, status=201)


@router.patch("/connections/{connection}", response_model=ConnectionOut, responses=problems(*WRITES, NotFound))
def change_connection(writer: Admin, connection: ConnectionName, body: ChangeConnection) -> Response:
    """Changes what a connection may do: pushing stock and prices, its buffer, whether it sells at all."""

    def work(tx: Session) -> ConnectionOut:
        row = use.find_connection(tx, connection, lock=True)
        use.change_connection(tx, row, body.model_dump(exclude_none=True), actor=writer.actor, now=writer.now)
        return _shown(tx, row)

    return writer.once(work)


@router.put(
    "/connections/{connection}/credentials", response_model=ConnectionOut, responses=problems(*WRITES, NotFound)
)
def change_credentials(writer: Admin, connection: ConnectionName, body: ChangeCredentials) -> Response:
    """Puts new values in place of the earlier ones; the connection is active again."""
    sync = writer.services.platform.sync

    def work(tx: Session) -> ConnectionOut:
        row = use.find_connection(tx, connection, lock=True)
        use.change_credentials(
            tx,
            row,
            sync.connectors.get(row.connector),
            {name: value.get_secret_value() for name, value in body.entered.items()},
            secret_key=sync.secret_key(),
            actor=writer.actor,
            now=writer.now,
            secrets_end_on=body.secrets_end_on,
        )
        return _shown(tx, row)

    return writer.once(work)


@router.post("/connections/{connection}/pause", response_model=ConnectionOut, responses=problems(*WRITES, NotFound))
def pause_connection(writer: Manager, connection: ConnectionName) -> Response:
    """Reads and pushes nothing until it is resumed."""

    def work(tx: Session) -> ConnectionOut:
        row = use.find_connection(tx, connection, lock=True)
        use.pause(tx, row, actor=writer.actor, now=writer.now)
        return _shown(tx, row)

    return writer.once(work)


@router.post("/connections/{connection}/resume", response_model=ConnectionOut, responses=problems(*WRITES, NotFound))
def resume_connection(writer: Manager, connection: ConnectionName) -> Response:
    """Sets a connection going that was paused, or that needed attention."""

    def work(tx: Session) -> ConnectionOut:
        row = use.find_connection(tx, connection, lock=True)
        use.resume(tx, row, actor=writer.actor, now=writer.now)
        return _shown(tx, row)

    return writer.once(work)


@router.post(
    "/connections/{connection}/check",
    response_model=ConnectionChecked,
    dependencies=[MANAGES],
    responses=problems(*SIGNED_IN, NotFound, ChannelFailed, Misconfigured),
)
def check_connection(services: ServicesDep, connection: ConnectionName) -> Response:
    """Tries the credentials with one call to the platform."""
    return answer(ConnectionChecked(account=services.platform.sync.check(connection)))


@router.get(
    "/connections/{connection}/drift",
    response_model=DriftList,
    dependencies=[READS],
    responses=problems(*SIGNED_IN, NotFound),
)
def connection_drift(services: ServicesDep, connection: ConnectionName) -> Response:
    """Stock and prices where the channel shows something else than we would."""
    platform = services.platform
    with platform.database.read() as tx:
        items = [DriftOut.model_validate(one) for one in drift(tx, connection, now=platform.clock.now())]
    return answer(DriftList(items=items))


@router.post(
    "/connections/{connection}/push",
    response_model=PushedOut,
    dependencies=[MANAGES],
    responses=problems(*SIGNED_IN, NotFound, ChannelFailed, SyncUnderWay, InvalidInput),
)
def push_connection(services: ServicesDep, connection: ConnectionName) -> Response:
    """Pushes now what differs, as far as the connection may."""
    return answer(PushedOut.model_validate(push(services.platform.sync, connection)))


@router.post(
    "/connections/{connection}/webhooks/subscribe",
    response_model=SubscribedOut,
    dependencies=[Depends(caller_with(Scope.ADMIN))],
    responses=problems(*SIGNED_IN, NotFound, ChannelFailed, InvalidInput),
)
def subscribe_webhooks(services: ServicesDep, connection: ConnectionName, body: SubscribeWebhooks) -> Response:
    """Asks the platform to send its news here."""
    server = services.platform.settings.server
    with services.platform.database.read() as tx:
        identity = use.find_connection(tx, connection).id
    address = body.address or f"{server.address}{BASE}/channels/{identity}/webhooks"
    return answer(SubscribedOut(topics=inbox.subscribe(services.platform.sync, connection, address)))


@router.post(
    "/{connection}/webhooks",
    response_model=HeardOut,
    responses=problems(NotPermitted, NotFound, InvalidInput),
    openapi_extra=_BODY,
)
async def hear_channel(request: Request, services: ServicesDep, connection: ConnectionName) -> Response:
    """Take a message of a platform, which proves itself by its signature. The same message again changes nothing."""
    body = await request.body()
    if len(body) > LONGEST_MESSAGE:
        raise InvalidInput("No platform sends messages this large.", field="body")
    new = await run_in_threadpool(inbox.hear, services.platform.sync, connection, dict(request.headers), body)
    return answer(HeardOut(received=new))


def _shown(tx: Session, row: ChannelConnection) -> ConnectionOut:
    return ConnectionOut.model_validate(
        {
            "connection_id": row.id,
            "channel": tx.get_one(SalesChannel, row.channel_id).code,
            **{
                name: getattr(row, name)
                for name in ConnectionOut.model_fields
                if name not in ("connection_id", "channel")
            },
        }
    )
