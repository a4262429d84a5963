"""What every stand-in has at hand, and the door before it where faults of the network happen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.channels.unified import UnifiedOrder
from tradewind.sandbox.clock import SimulatedClock
from tradewind.sandbox.faults import Fault, FaultKind, Faults
from tradewind.sandbox.generated import GeneratedWorld
from tradewind.sandbox.limits import Limits

# The last one is a token's.
AT_THE_DOOR = (FaultKind.THROTTLED, FaultKind.UNAVAILABLE, FaultKind.BROKEN, FaultKind.TIMEOUT, FaultKind.EXPIRED_TOKEN)
ON_THE_WAY_BACK = (FaultKind.DROPPED, FaultKind.TRUNCATED)


@dataclass(frozen=True, slots=True)
class News:
    """A webhook that a platform wants to send: the stand-in has made it, the server delivers it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Desk:
    """One channel's stand-in at work. `credentials` are what it accepts; each stand-in says which it knows."""

    channel: str
    world: GeneratedWorld
    clock: SimulatedClock
    faults: Faults
    limits: Limits
    credentials: Mapping[str, str]
    outbox: deque[News] = field(default_factory=lambda: deque(maxlen=10_000))

    def news_of(self, since: datetime, until: datetime) -> list[UnifiedOrder]:
        """Orders that changed in `[since, until)`: what webhooks are about."""
        return list(self.world.orders(self.channel, since, until))


@dataclass(frozen=True, slots=True)
class StandIn:
    """A channel's app as the server mounts it.

    `refuse` renders a fault at the door in the platform's own words; `announce` makes the webhooks of a span of time.
    `variables` are the environment variables that point a connector at it, given the address of the mount.
    """

    app: ASGIApp
    refuse: Callable[[FaultKind], Response]
    variables: Callable[[str], Mapping[str, str]]
    announce: Callable[[datetime, datetime], Sequence[News]] | None = None


class Door:
    """Middleware: what happens to a request before the platform sees it, and to its answer afterwards."""

    def __init__(self, app: ASGIApp, desk: Desk, refuse: Callable[[FaultKind], Response]) -> None:
        self._app, self._desk, self._refuse = app, desk, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Who asks for a token shows none that could have expired.
        at_the_door = AT_THE_DOOR[:-1] if scope["path"].endswith("token") else AT_THE_DOOR
        fault = self._desk.faults.take(scope["path"], *at_the_door, *ON_THE_WAY_BACK)
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind in ON_THE_WAY_BACK:
            await self._app(scope, receive, _cut(send, fault))
        else:
            if fault.kind is FaultKind.TIMEOUT:
                await asyncio.sleep(fault.seconds)
            await self._refuse(fault.kind)(scope, receive, send)


def _cut(send: Send, fault: Fault) -> Send:
    """Half of the body: with its right length, so that only a parser notices, or with the connection ending."""
    start: list[Message] = []
    parts: list[bytes] = []

    async def cut(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
            return
        parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = b"".join(parts)
        half = body[: len(body) // 2]
        if fault.kind is FaultKind.TRUNCATED:
            headers = [(name, value) for name, value in start[0]["headers"] if name.lower() != b"content-length"]
            start[0]["headers"] = [*headers, (b"content-length", str(len(half)).encode())]
        await send(start[0])
        await send({"type": "http.response.body", "body": half, "more_body": False})

    return cut
