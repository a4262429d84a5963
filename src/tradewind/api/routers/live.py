"""`/ws/dashboard`: the conversation on a socket. First a token, then questions; a new question replaces the old."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import WebSocket
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocketDisconnect, WebSocketState

from tradewind.api.live import TOKEN_REFUSED, TRY_LATER, Client, LiveHub, error_message
from tradewind.api.routing import Router
from tradewind.api.services import Services
from tradewind.core.errors import InvalidInput, NotAuthenticated, NotPermitted, TradewindError, Unavailable
from tradewind.core.logging import get_logger
from tradewind.insights.dashboard import DashboardQuery
from tradewind.insights.periods import Grain
from tradewind.insights.sales import SalesFilter

AUTH_WITHIN_SECONDS = 10.0

router = Router(base="")
logger = get_logger(__name__)


def _as_list(value: object) -> object:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(max_length=300)]


class Auth(BaseModel):
    type: Literal["auth"]
    token: str = Field(max_length=4096)


class Params(BaseModel):
    """As in GET /api/v1/dashboard/metrics."""

    model_config = ConfigDict(extra="ignore")

    start: date | None = Field(None, alias="from")
    end: date | None = Field(None, alias="to")
    channel: Names = ()
    category: Names = ()
    country: Names = ()
    grain: Grain | None = None

    def query(self) -> DashboardQuery:
        chosen = SalesFilter(self.channel, self.category, self.country)
        return DashboardQuery(self.start, self.end, self.grain or Grain.DAY, chosen)


class Subscribe(BaseModel):
    type: Literal["subscribe"]
    params: Params | None = None


Message = Annotated[Auth | Subscribe, Field(discriminator="type")]
Told: TypeAdapter[Auth | Subscribe] = TypeAdapter(Message)


@router.websocket("/ws/dashboard")
async def dashboard(socket: WebSocket) -> None:
    """Live figures of one question at a time."""
    services: Services = socket.app.state.services
    if not _same_origin(socket):
        await socket.close(1008)
        return
    await socket.accept()
    hub = services.live
    if hub.is_full:
        await socket.close(TRY_LATER)
        return
    try:
        client = await _authenticated(socket, hub)
    except (WebSocketDisconnect, RuntimeError):
        return
    if client is None:
        await _close(socket, TOKEN_REFUSED)
        return
    await _converse(socket, hub, client)


async def _converse(socket: WebSocket, hub: LiveHub, client: Client) -> None:
    """Listens and speaks until one side ends it."""
    code = 1000
    listening = asyncio.create_task(_listen(socket, hub, client))
    speaking = asyncio.create_task(hub.attend(client))
    try:
        await asyncio.wait({listening, speaking}, return_when=asyncio.FIRST_COMPLETED)
        if speaking.done():
            code = speaking.result()
        elif (failure := listening.exception()) is not None:
            raise failure
    except (WebSocketDisconnect, RuntimeError):
        pass  # the other side is gone, before or while something was sent
    except Exception:
        logger.exception("a live connection failed")
        code = 1011
    finally:
        hub.forget(client)
        for task in (listening, speaking):
            task.cancel()
        await asyncio.gather(listening, speaking, return_exceptions=True)
        await _close(socket, code)


async def _authenticated(socket: WebSocket, hub: LiveHub) -> Client | None:
    """The client, once its first message has proved who it is; None when it does not in time."""
    try:
        told = await asyncio.wait_for(_receive(socket), AUTH_WITHIN_SECONDS)
        if not isinstance(told, Auth):
            raise NotAuthenticated('Send {"type": "auth", "token": …} first.')
        client = await hub.admit(socket, told.token)
    except TimeoutError:
        return None
    except (NotAuthenticated, NotPermitted, InvalidInput) as refused:
        await socket.send_text(error_message(refused))
        return None
    except Unavailable as away:
        await socket.send_text(error_message(away))
        await _close(socket, TRY_LATER)
        raise WebSocketDisconnect(TRY_LATER) from away
    await socket.send_text('{"type":"ready"}')
    return client


async def _listen(socket: WebSocket, hub: LiveHub, client: Client) -> None:
    while True:
        try:
            told = await _receive(socket)
            if isinstance(told, Auth):
                raise InvalidInput("You are in already. Send a subscribe message.", field="type")
            await hub.subscribe(client, (told.params or Params()).query())
        except TradewindError as refused:
            await socket.send_text(error_message(refused))


async def _receive(socket: WebSocket) -> Auth | Subscribe:
    """The next message. Raises InvalidInput for one that makes no sense."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    try:
        return Told.validate_json(message.get("text") or "")
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "message"
        raise InvalidInput(f"{place}: {first['msg']}", field=place) from None


def _same_origin(socket: WebSocket) -> bool:
    """A page of another site must not listen through a visitor's browser; programs send no origin."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state is not WebSocketState.CONNECTED or socket.client_state is not WebSocketState.CONNECTED:
        return
    # A client that takes nothing does not take this either; the server then ends the line.
    with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        await asyncio.wait_for(socket.close(code), 1.0)
