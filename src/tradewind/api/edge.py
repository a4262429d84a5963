"""The outermost layer of every HTTP request: id, size, headers, measure, and a last answer when all else fails.

Plain ASGI, because a layer around each request has to cost microseconds.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.api.problems import unforeseen
from tradewind.core.ids import new_id

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_API = ("/api/", "/v0/")
_DRAIN_FACTOR = 8
_DRAIN_SECONDS = 5.0
_ID, _CSP = b"x-request-id", b"content-security-policy"
_CSP_DATA = b"default-src 'none'; frame-ancestors 'none'"
_CSP_PAGES = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    b" connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
"""Of every answer. The server interface has names in lower case."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Most bytes of a body, and the setting that says so, in megabytes."""

    bytes: int
    setting: str

    @classmethod
    def of_mb(cls, megabytes: int, setting: str) -> Limit:
        return cls(megabytes * 1024**2, setting)


class BodyTooLarge(HTTPException):
    """The body went past the limit while it was read. Of a kind that the framework passes on as it is."""

    def __init__(self, limit: Limit) -> None:
        detail = f"The body is larger than {limit.bytes // 1024**2} MB. Send it in parts, or raise {limit.setting}."
        super().__init__(413, detail, {"Connection": "close"})


Observe = Callable[[str, str, int, float], None]
Refuse = Callable[[str, str, BodyTooLarge], Response]
"""By path and the request's id."""


class Edge:
    """Wraps the app. `observe` is told method, route template, status and seconds of every request.

    `larger` are limits of bodies under some paths, by their beginning, where they differ from the usual one.
    `refuse` words the answer to a body past its limit: each API has its own form of errors.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: Limit,
        observe: Observe,
        refuse: Refuse,
        larger: Mapping[str, Limit] | None = None,
    ) -> None:
        self._app = app
        self._limit = limit
        self._larger = tuple((larger or {}).items())
        self._observe = observe
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        limit = next((most for start, most in self._larger if path.startswith(start)), self._limit)
        await _Exchange(scope, receive, send, limit, self._observe, self._refuse).run(self._app)


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, limit: Limit, observe: Observe, refuse: Refuse
    ) -> None:
        # A copy: the server has to go on knowing that it was asked for HEAD.
        self._scope, self._receive, self._send = dict(scope), receive, send
        self._limit, self._observe, self._refuse = limit, observe, refuse
        self._read = 0
        self._status = 0
        self._method: str = scope["method"]
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        told = self._headers.get(b"x-request-id", b"").decode("latin-1")
        self._request_id = told if _REQUEST_ID.fullmatch(told) else new_id()
        self._scope["request_id"] = self._request_id

    async def run(self, app: ASGIApp) -> None:
        started = time.perf_counter()
        if self._method == "HEAD":
            # Every GET can be asked for its headers alone, whatever route answers it.
            self._scope["method"] = "GET"
        structlog.contextvars.bind_contextvars(request_id=self._request_id)
        try:
            if self._declared_size() > self._limit.bytes:
                await self._drain()
                raise BodyTooLarge(self._limit)
            await app(self._scope, self._counted, self._sent)
        except BodyTooLarge as large:
            await self._say(self._refuse(self._scope["path"], self._request_id, large))
        except Exception as error:  # noqa: BLE001 (told, logged, and the connection goes on)
            await self._say(unforeseen(self._scope, error))
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
            self._observe(self._method, self._route(), self._status or 499, time.perf_counter() - started)

    async def _drain(self) -> None:
        """Lets the caller finish, within reason: who is cut off while sending does not get to see the answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self._read < self._limit.bytes * _DRAIN_FACTOR:
                    message = await self._receive()
                    self._read += len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return

    def _declared_size(self) -> int:
        declared = self._headers.get(b"content-length", b"0")
        return int(declared) if declared.isdigit() else 0

    async def _counted(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._limit.bytes:
                if message.get("more_body", False):
                    await self._drain()
                raise BodyTooLarge(self._limit)
        return message

    async def _say(self, response: Response) -> None:
        """Answers in place of the app, unless the app had begun to."""
        if self._status == 0:
            await response(self._scope, self._receive, self._sent)

    async def _sent(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message["headers"] = self._completed(message.get("headers", ()))
        elif message["type"] == "http.response.body" and self._method == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    def _completed(self, told: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The answer's headers, with ours where it has none of that name."""
        headers = [(name, value) for name, value in told if name != _ID]
        names = dict(headers)
        headers.append((_ID, self._request_id.encode("latin-1")))
        headers += [ours for ours in _HEADERS if ours[0] not in names]
        # What an answer "not modified" says takes the place of what the browser kept: of a page, its policy.
        if self._status != HTTPStatus.NOT_MODIFIED and _CSP not in names:
            is_page = names.get(b"content-type", b"").startswith(b"text/html")
            headers.append((_CSP, _CSP_PAGES if is_page else _CSP_DATA))
        if b"cache-control" not in names and self._scope["path"].startswith(_API):
            headers.append((b"cache-control", b"no-store"))
        if self._scope["scheme"] == "https" and b"strict-transport-security" not in names:
            headers.append((b"strict-transport-security", b"max-age=31536000"))
        return headers

    def _route(self) -> str:
        """The template of the route that answered."""
        route: Any = self._scope.get("route")
        return str(getattr(route, "path_format", None) or getattr(route, "path", "/{file}"))
