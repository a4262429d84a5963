"""Live figures: every socket gets the newest answer to its own question, soon after facts have landed.

A question is computed once for all who ask it, again after facts landed, and at most four times a second.
A socket that cannot keep up skips answers, never numbers; one that takes nothing at all is let go. A client
is put on the list before its first answer is computed, so what lands in between is not missed.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from starlette.concurrency import run_in_threadpool

from tradewind.api.access_tokens import AccessTokens
from tradewind.api.dashboards import Dashboards
from tradewind.api.schemas.dashboard import DashboardMetrics
from tradewind.api.wire import to_json
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.service import Access
from tradewind.commerce.access.tokens import PREFIX
from tradewind.core.errors import NotAuthenticated, NotPermitted, TradewindError
from tradewind.core.logging import get_logger
from tradewind.insights.dashboard import DashboardQuery
from tradewind.platform import Platform

BETWEEN_PUSHES_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
SEND_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 30.0
"""Figures move without facts too: at midnight, and where "until this time of day" is compared."""
PROOF_SECONDS = 0.5
"""How often it is asked whether the clients may still listen: a session that ends is cut within a second."""
MOST_CLIENTS = 2_000
_AT_ONCE = 2
_VOLATILE = frozenset({"as_of", "data_version"})

TRY_LATER = 1013
GOING_AWAY = 1001
TOKEN_REFUSED = 4401

logger = get_logger(__name__)


class Line(Protocol):
    """The part of a WebSocket that is written to."""

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An answer in the forms that sending needs, made once for all clients."""

    metrics: DashboardMetrics
    plain: dict[str, Any]
    text: str

    @classmethod
    def of(cls, metrics: DashboardMetrics) -> Snapshot:
        plain = metrics.model_dump()
        return cls(metrics, plain, to_json(plain).decode())

    def changes_since(self, shown: Snapshot | None) -> list[str]:
        """The keys that say something new. Moments of looking do not count, nor does mere ageing."""
        before = shown.plain if shown is not None else {}
        return [
            key
            for key, value in self.plain.items()
            if key not in _VOLATILE and (key not in before or _settled(key, value) != _settled(key, before[key]))
        ]


@dataclass(eq=False, slots=True)
class Client:
    """A socket whose token was good, and what it has been told so far."""

    line: Line
    token: str
    session_id: str | None
    ends_at: float
    query: DashboardQuery | None = None
    seq: int = 0
    shown: Snapshot | None = None
    waiting: Snapshot | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    ended_with: int | None = None

    def offer(self, snapshot: Snapshot) -> None:
        """The newest answer takes the place of one that was not sent yet."""
        newest = self.waiting or self.shown
        if newest is None or snapshot.metrics.as_of >= newest.metrics.as_of:
            self.waiting = snapshot
            self.wake.set()

    def end(self, code: int) -> None:
        if self.ended_with is None:
            self.ended_with = code
        self.wake.set()


class LiveHub:
    """One per app. Everything but the watching of the signal happens on the app's event loop."""

    def __init__(self, platform: Platform, access: Access, access_tokens: AccessTokens, dashboards: Dashboards) -> None:
        self._platform = platform
        self._access = access
        self._access_tokens = access_tokens
        self._dashboards = dashboards
        self._clients: set[Client] = set()
        self._landed = asyncio.Event()
        self._computing = asyncio.Semaphore(_AT_ONCE)
        self.send_seconds = SEND_SECONDS
        self.heartbeat_seconds = HEARTBEAT_SECONDS

    @property
    def client_count(self) -> int:
        return len(self._clients)

    @property
    def is_full(self) -> bool:
        return len(self._clients) >= MOST_CLIENTS

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keeps watching and pushing for as long as the block lasts."""
        stop = threading.Event()
        watcher = threading.Thread(
            target=self._watch, args=(asyncio.get_running_loop(), stop), name="live", daemon=True
        )
        watcher.start()
        tasks = [asyncio.create_task(self._push()), asyncio.create_task(self._prove())]
        try:
            yield
        finally:
            stop.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.dismiss()
            await run_in_threadpool(watcher.join, 2.0)

    def dismiss(self) -> None:
        """Lets all clients go; they come back when the server does."""
        for client in self._clients:
            client.end(GOING_AWAY)

    async def admit(self, line: Line, token: str) -> Client:
        """The client behind a token. Raises NotAuthenticated or NotPermitted."""
        client = await run_in_threadpool(self._checked, line, token)
        self._clients.add(client)
        return client

    def forget(self, client: Client) -> None:
        self._clients.discard(client)

    async def subscribe(self, client: Client, query: DashboardQuery) -> None:
        """Answers a question from now on, at once for the first time. Raises what refuses the question."""
        before, client.query = client.query, query
        try:
            snapshot = await self._snapshot(query)
        except BaseException:
            client.query = before
            raise
        if client.query == query:
            client.shown = client.waiting = None
            client.offer(snapshot)

    async def attend(self, client: Client) -> int:
        """Sends what there is to say until the client has to go; returns the code to close with."""
        while client.ended_with is None:
            try:
                await asyncio.wait_for(client.wake.wait(), self.heartbeat_seconds)
            except TimeoutError:
                message = {"type": "heartbeat", "seq": client.seq, "at": self._platform.clock.now()}
                if not await self._send(client, to_json(message).decode()):
                    return TRY_LATER
                continue
            client.wake.clear()
            snapshot, client.waiting = client.waiting, None
            if snapshot is None or client.ended_with is not None:
                continue
            changed = snapshot.changes_since(client.shown)
            is_first, client.shown = client.shown is None, snapshot
            if not changed and not is_first:
                continue
            client.seq += 1
            head = f'{{"type":"metrics","seq":{client.seq},"changed":{orjson.dumps(changed).decode()}'
            if not await self._send(client, f'{head},"data":{snapshot.text}}}'):
                return TRY_LATER
        return client.ended_with

    async def _send(self, client: Client, text: str) -> bool:
        """Whether the client took the message in time."""
        try:
            await asyncio.wait_for(client.line.send_text(text), self.send_seconds)
        except TimeoutError:
            logger.info("a live client is too slow and is let go")
            return False
        return True

    def _checked(self, line: Line, token: str) -> Client:
        if token.startswith(PREFIX):
            self._access.authenticate_token(token, Scope.API_READ)
            return Client(line, token, None, float("inf"))
        session_id, ends_at = self._access_tokens.check(token)
        self._access.session_caller(session_id).need(Scope.API_READ)
        return Client(line, token, session_id, ends_at)

    async def _snapshot(self, query: DashboardQuery) -> Snapshot:
        async with self._computing:
            return await run_in_threadpool(self._answer, query)

    def _answer(self, query: DashboardQuery) -> Snapshot:
        return Snapshot.of(self._dashboards.metrics(query))

    def _watch(self, loop: asyncio.AbstractEventLoop, stop: threading.Event) -> None:
        """Carries the platform's signal, which is for threads, over to the event loop."""
        seen = self._platform.landed.count
        while not stop.is_set():
            count = self._platform.landed.wait(seen, 0.5)
            if count != seen:
                seen = count
                try:
                    loop.call_soon_threadsafe(self._landed.set)
                except RuntimeError:
                    return  # the loop has closed

    async def _push(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._landed.wait(), LOOK_AGAIN_SECONDS)
            self._landed.clear()
            started = time.monotonic()
            await asyncio.gather(*(self._renew(query) for query in self._questions()))
            await asyncio.sleep(max(0.0, started + BETWEEN_PUSHES_SECONDS - time.monotonic()))

    def _questions(self) -> set[DashboardQuery]:
        return {client.query for client in self._clients if client.query is not None}

    def _asking(self, query: DashboardQuery) -> Iterator[Client]:
        return (client for client in list(self._clients) if client.query == query)

    async def _renew(self, query: DashboardQuery) -> None:
        try:
            snapshot = await self._snapshot(query)
        except Exception:
            logger.exception("live figures failed; they are tried again")
            asyncio.get_running_loop().call_later(1.0, self._landed.set)
            return
        for client in self._asking(query):
            client.offer(snapshot)

    async def _prove(self) -> None:
        """Lets go whose token has ended, or whose session or token was revoked."""
        while True:
            await asyncio.sleep(PROOF_SECONDS)
            clients = list(self._clients)
            if not clients:
                continue
            try:
                good = await run_in_threadpool(self._still_good, clients)
            except Exception:
                logger.warning("sessions cannot be checked just now", exc_info=True)
                continue
            for client in clients:
                if client not in good:
                    client.end(TOKEN_REFUSED)

    def _still_good(self, clients: list[Client]) -> set[Client]:
        now = self._platform.clock.now().timestamp()
        people = {client.session_id for client in clients if client.session_id is not None}
        live = self._access.live_sessions(people) if people else set()
        return {client for client in clients if client.ends_at > now and self._is_good(client, live)}

    def _is_good(self, client: Client, live: set[str]) -> bool:
        if client.session_id is not None:
            return client.session_id in live
        try:
            self._access.authenticate_token(client.token, Scope.API_READ)
        except (NotAuthenticated, NotPermitted):
            return False
        return True


def _settled(key: str, value: Any) -> Any:
    """The part of a value that does not change by itself."""
    if key != "freshness":
        return value
    sources = [(source["channel"], source["newest_fact_at"]) for source in value["sources"]]
    return value["newest_fact_at"], value["backlog"], sources


def error_message(error: TradewindError) -> str:
    return to_json({"type": "error", "code": error.code, "detail": str(error)}).decode()
