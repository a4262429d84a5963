"""The outermost layer of every HTTP request: id, size, headers, measure, and a last answer when all else fails.

Plain ASGI, because a layer around each request has to cost microseconds.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.api.problems import problem_response
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger

logger = get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_API = ("/api/", "/v0/")
_DRAIN_FACTOR = 8
_DRAIN_SECONDS = 5.0
_CSP_DATA = "default-src 'none'; frame-ancestors 'none'"
_CSP_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Observe = Callable[[str, str, int, float], None]


class BodyTooLarge(HTTPException):
    """The body went past the limit while it was read. Of a kind that the framework passes on as it is."""

    def __init__(self, limit: int) -> None:
        megabytes = limit // 1024**2
        detail = f"The body is larger than {megabytes} MB. Send it in parts, or raise TRADEWIND_SERVER_MAX_BODY_MB."
        super().__init__(413, detail, {"Connection": "close"})


class Edge:
    """Wraps the app. `observe` is told method, route template, status and seconds of every request.

    `larger` are limits of bodies under some paths, by their beginning, where they differ from the usual one.
    """

    def __init__(
        self, app: ASGIApp, *, max_body_bytes: int, observe: Observe, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._larger = tuple((larger or {}).items())
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        limit = next((most for start, most in self._larger if path.startswith(start)), self._max_body_bytes)
        await _Exchange(scope, receive, send, limit, self._observe).run(self._app)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int, observe: Observe) -> None:
        # A copy: the server has to go on knowing that it was asked for HEAD.
        self._scope, self._receive, self._send = dict(scope), receive, send
        self._limit, self._observe = limit, observe
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
            if self._declared_size() > self._limit:
                await self._drain()
                raise BodyTooLarge(self._limit)
            await app(self._scope, self._counted, self._sent)
        except BodyTooLarge as large:
            headers = dict(large.headers or {})
            await self._say(problem_response(self._request_id, 413, large.detail, headers=headers))
        except Exception:
            logger.exception("unexpected error", method=self._method, path=self._scope["path"])
            detail = "Something failed that should not have. The server's log has the cause under this request id."
            await self._say(problem_response(self._request_id, 500, detail))
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
            self._observe(self._method, self._route(), self._status or 499, time.perf_counter() - started)

    async def _drain(self) -> None:
        """Lets the caller finish, within reason: who is cut off while sending does not get to see the answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self._read < self._limit * _DRAIN_FACTOR:
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
            if self._read > self._limit:
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
            self._complete(MutableHeaders(scope=message))
        elif message["type"] == "http.response.body" and self._method == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    def _complete(self, headers: MutableHeaders) -> None:
        path = self._scope["path"]
        headers["X-Request-ID"] = self._request_id
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        is_page = headers.get("content-type", "").startswith("text/html")
        headers.setdefault("Content-Security-Policy", _CSP_PAGES if is_page else _CSP_DATA)
        if path.startswith(_API):
            headers.setdefault("Cache-Control", "no-store")
        if self._scope["scheme"] == "https":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    def _route(self) -> str:
        """The template of the route that answered."""
        route: Any = self._scope.get("route")
        return str(getattr(route, "path_format", None) or getattr(route, "path", "/{file}"))
