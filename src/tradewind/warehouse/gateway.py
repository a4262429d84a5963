"""The ClickHouse HTTP interface over the embedded engine: dbt, BI tools and any ClickHouse client connect to it.

Who may do what comes from outside: `authenticate` turns a user and a password, which is a Tradewind token,
into an Access. A writer's session keeps its connection; a reader's carries nothing over. External tables are not taken.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import secrets
import socket
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tradewind.core.logging import get_logger
from tradewind.core.sockets import bound
from tradewind.warehouse import gateway_engine as engine
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway_compression import Encoder, chosen_encoding, decoder, encoder
from tradewind.warehouse.gateway_errors import (
    AUTHENTICATION_FAILED,
    BAD_ARGUMENTS,
    NOT_IMPLEMENTED,
    TIMEOUT,
    TOO_LARGE,
    GatewayError,
    engine_error,
)
from tradewind.warehouse.gateway_sessions import DEFAULT_TIMEOUT_SECONDS
from tradewind.warehouse.gateway_statements import MAX_STATEMENT_BYTES

logger = get_logger(__name__)

_SERVER_NAME = "tradewind"
_LETS_END_SECONDS = 5
_ENDS_WITHIN_SECONDS = 10.0
_IN_MEMORY = 4 * 1024 * 1024
# Parameters of the interface itself; every other one is a setting of the engine.
_OWN_PARAMETERS = frozenset(
    """query query_id database default_format user password quota_key session_id session_timeout session_check
    close_session compress decompress wait_end_of_query buffer_size stacktrace client_protocol_version role""".split()
)
_CONTENT_TYPES = {
    "json": "application/json; charset=UTF-8", "jsoncompact": "application/json; charset=UTF-8",
    "jsonstrings": "application/json; charset=UTF-8", "jsoneachrow": "application/x-ndjson; charset=UTF-8",
    "csv": "text/csv; charset=UTF-8; header=absent", "csvwithnames": "text/csv; charset=UTF-8; header=present",
    "csvwithnamesandtypes": "text/csv; charset=UTF-8; header=present", "xml": "application/xml; charset=UTF-8",
    "markdown": "text/markdown; charset=UTF-8",
    "native": "application/octet-stream", "parquet": "application/octet-stream",
    "arrow": "application/octet-stream", "arrowstream": "application/octet-stream", "orc": "application/octet-stream",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, and whether they may change anything: scope sql:read reads, sql:write and admin may write."""

    user: str
    may_write: bool = False


Authenticate = Callable[[str, str], Access | None]


@dataclass(frozen=True, slots=True)
class GatewayLimits:
    """What one request may take."""

    read_body_bytes: int = 4 * MAX_STATEMENT_BYTES
    write_body_bytes: int = 1024 * 1024 * 1024
    body_seconds: float = 300.0


def gateway_app(warehouse: Warehouse, authenticate: Authenticate, limits: GatewayLimits | None = None) -> Starlette:
    """The interface as an ASGI app."""
    runner = engine.GatewayEngine(warehouse)
    gateway = _Gateway(runner, authenticate, limits or GatewayLimits())
    app = Starlette(
        routes=[
            Route("/ping", gateway.ping, methods=["GET"]),
            Route("/replicas_status", gateway.ping, methods=["GET"]),
            Route("/", gateway.answer, methods=["GET", "POST"]),
        ],
        exception_handlers={404: _no_handler},
    )
    app.state.engine = runner
    return app


class GatewayServer:
    """A running gateway. `stop` lets running statements end for a while, cancels the others, and is safe to repeat."""

    def __init__(
        self, server: uvicorn.Server, thread: threading.Thread, listener: socket.socket, runner: engine.GatewayEngine
    ) -> None:
        self.host, self.port = listener.getsockname()[:2]
        self._engine = runner
        self._server = server
        self._thread = thread
        self._listener = listener

    def stop(self, patience_seconds: float = _LETS_END_SECONDS) -> None:
        self._server.should_exit = True
        self._thread.join(patience_seconds)
        if self._thread.is_alive():
            self._engine.cancel_all()
            self._thread.join(_ENDS_WITHIN_SECONDS)
        self._listener.close()
        self._engine.close()


def serve_gateway(
    warehouse: Warehouse,
    authenticate: Authenticate,
    *,
    host: str = "127.0.0.1",
    port: int = 8123,
    limits: GatewayLimits | None = None,
) -> GatewayServer:
    """Serves the interface in a thread of its own; port 0 picks a free one. Raises OSError when the port is taken."""
    app = gateway_app(warehouse, authenticate, limits)
    listening = bound(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_LETS_END_SECONDS,
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="clickhouse-gateway", daemon=True
    )
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    if not server.started:
        listening.close()
        raise OSError(f"The ClickHouse interface could not start on {host}:{port}.")
    return GatewayServer(server, thread, listening, app.state.engine)


class _Gateway:
    """The handlers of one app."""

    def __init__(self, runner: engine.GatewayEngine, authenticate: Authenticate, limits: GatewayLimits) -> None:
        self._engine = runner
        self._authenticate = authenticate
        self._limits = limits

    async def ping(self, _: Request) -> Response:
        """Whether the engine answers; asks nobody who they are."""
        await run_in_threadpool(self._engine.is_there)
        return PlainTextResponse("Ok.\n", headers={"X-ClickHouse-Server-Display-Name": _SERVER_NAME})

    async def answer(self, request: Request) -> Response:
        query_id = (
            request.query_params.get("query_id") or request.headers.get("x-clickhouse-query-id") or str(uuid.uuid4())
        )
        headers = {
            "X-ClickHouse-Query-Id": query_id.encode("ascii", "replace").decode().replace("\n", " ").replace("\r", " "),
            "X-ClickHouse-Server-Display-Name": _SERVER_NAME,
            "X-ClickHouse-Timezone": self._engine.timezone,
        }
        try:
            if request.method in ("GET", "HEAD") and not request.query_params:
                return PlainTextResponse("Ok.\n", headers=headers)
            return await self._statement(request, headers)
        except GatewayError as error:
            return self._failure(error, headers)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as failure:
            logger.exception("the ClickHouse interface failed on a request")
            return self._failure(engine_error(failure), headers)

    async def _statement(self, request: Request, headers: dict[str, str]) -> Response:
        access = await self._access(request)
        parameters = dict(request.query_params)
        # A GET changes nothing, whoever sends it: links are followed without asking. Nor does a client that
        # wants to be held to reading: our own commands connect like that with a writer's password.
        wants_to_read = parameters.get("readonly", "0") != "0"
        may_write = access.may_write and request.method == "POST" and not wants_to_read
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            size = await self._body(request, parameters, body, may_write=access.may_write)
            job = engine.Request(
                sql=parameters.get("query", ""),
                body=body if size else None,
                may_write=may_write,
                database=parameters.get("database") or request.headers.get("x-clickhouse-database"),
                parameters={name[6:]: value for name, value in parameters.items() if name.startswith("param_")},
                settings={
                    n: v for n, v in parameters.items() if n not in _OWN_PARAMETERS and not n.startswith("param_")
                },
                default_format=parameters.get("default_format")
                or request.headers.get("x-clickhouse-format")
                or "TabSeparated",
                is_buffered=not may_write or _is_on(parameters.get("wait_end_of_query")),
                session=_session(parameters, access.user),
            )
            answer = await self._run(request, job)
        in_blocks = _is_on(parameters.get("compress"))
        wants = _is_on(parameters.get("enable_http_compression", "1"))
        encoding = chosen_encoding(request.headers.get("accept-encoding", "")) if wants and not in_blocks else None
        return _Streamed(answer, headers, encoding, in_blocks=in_blocks)

    async def _access(self, request: Request) -> Access:
        user, password = _credentials(request)
        access = await run_in_threadpool(self._authenticate, user, password)
        if access is None:
            raise GatewayError(
                AUTHENTICATION_FAILED,
                f"{user or 'default'}: Authentication failed: password is incorrect, or there is no such user. "
                "The password is a Tradewind token: tradewind token create NAME --scope sql:read.",
            )
        return access

    async def _body(self, request: Request, parameters: dict[str, str], body: IO[bytes], *, may_write: bool) -> int:
        """Reads the request's body, decompressed, into a file; form fields become parameters. Returns its size."""
        most = self._limits.write_body_bytes if may_write else self._limits.read_body_bytes
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
                    await _read_form(request, parameters, most)
                    return 0
                return await _read_body(request, body, most, in_blocks=_is_on(parameters.get("decompress")))
        except TimeoutError as slow:
            raise GatewayError(
                TIMEOUT, f"The request's body did not arrive within {self._limits.body_seconds:g} seconds."
            ) from slow

    async def _run(self, request: Request, job: engine.Request) -> engine.Answer:
        """Runs a statement in a thread, and ends it there when the client goes away meanwhile."""
        running = asyncio.create_task(run_in_threadpool(self._engine.run, job))
        gone = asyncio.create_task(_gone(request))
        try:
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            while not running.done():
                await run_in_threadpool(self._engine.cancel, job.tag)
                await asyncio.wait({running}, timeout=0.5)
            answer = await running
        finally:
            gone.cancel()
        if gone.done() and not gone.cancelled():
            await run_in_threadpool(answer.close)
            raise ClientDisconnect
        return answer

    def _failure(self, error: GatewayError, headers: dict[str, str]) -> Response:
        headers = headers | {"X-ClickHouse-Exception-Code": str(error.code)}
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
        return PlainTextResponse(f"{error.text} (version {self._engine.version})\n", error.status, headers)


class _Streamed(StreamingResponse):
    """An answer on its way. An error after its first byte is written into it, as servers do, and cuts it off."""

    def __init__(
        self, answer: engine.Answer, headers: Mapping[str, str], encoding: str | None, *, in_blocks: bool
    ) -> None:
        self._answer = answer
        self._tag = secrets.token_hex(8)
        extra: dict[str, str] = {}
        if answer.summary:
            extra["X-ClickHouse-Summary"] = json.dumps(answer.summary, separators=(",", ":"))
        if answer.format is not None:
            extra["X-ClickHouse-Format"] = answer.format
            extra["Content-Type"] = _CONTENT_TYPES.get(answer.format.lower(), _text_or_binary(answer.format))
        if not answer.is_complete:
            extra["X-ClickHouse-Exception-Tag"] = self._tag
        if encoding is not None:
            extra |= {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
        super().__init__(self._pieces(encoder(encoding, in_blocks=in_blocks)), headers={**headers, **extra})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._answer.close()

    async def stream_response(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async for piece in self.body_iterator:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except GatewayError as error:
            # Without its last piece the body is cut off, and every client sees that it is not whole.
            logger.warning("a result broke off", reason=error.text)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self, packed: Encoder) -> AsyncIterator[bytes]:
        pieces = self._answer.pieces
        try:
            while (piece := await run_in_threadpool(_next_packed, pieces, packed)) is not None:
                if piece:
                    yield piece
        except GatewayError as error:
            message = f"{error.text}\n"
            text = (
                f"\r\n__exception__\r\n{self._tag}\r\n{message}{len(message.encode())} {self._tag}\r\n__exception__\r\n"
            )
            yield packed.compress(text.encode()) + packed.flush()
            raise
        if tail := packed.flush():
            yield tail


def _next_packed(pieces: object, packed: Encoder) -> bytes | None:
    piece = next(pieces, None)  # type: ignore[call-overload]
    return None if piece is None else packed.compress(piece)


def _credentials(request: Request) -> tuple[str, str]:
    """User and password, from wherever a ClickHouse client may put them."""
    header = request.headers.get("authorization", "")
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return "", value.strip()
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as broken:
            raise GatewayError(AUTHENTICATION_FAILED, "The Authorization header is not readable.") from broken
        return user, password
    headers, query = request.headers, request.query_params
    if "x-clickhouse-user" in headers or "x-clickhouse-key" in headers:
        return headers.get("x-clickhouse-user", ""), headers.get("x-clickhouse-key", "")
    return query.get("user", "default"), query.get("password", "")


def _session(parameters: Mapping[str, str], user: str) -> engine.SessionName | None:
    name = parameters.get("session_id")
    if not name:
        return None
    try:
        seconds = float(parameters.get("session_timeout") or DEFAULT_TIMEOUT_SECONDS)
    except ValueError as wrong:
        raise GatewayError(BAD_ARGUMENTS, "session_timeout is not a number of seconds.") from wrong
    return engine.SessionName(user, name, seconds, must_exist=_is_on(parameters.get("session_check")))


async def _read_body(request: Request, body: IO[bytes], most: int, *, in_blocks: bool) -> int:
    reader = decoder(request.headers.get("content-encoding", ""), in_blocks=in_blocks)
    size = 0

    def keep(chunk: bytes) -> None:
        nonlocal size
        for piece in reader.decompress(chunk):
            size += len(piece)
            if size > most:
                raise GatewayError(
                    TOO_LARGE, f"The request's body is larger than {most} bytes. Send it in several parts."
                )
            body.write(piece)

    async for chunk in request.stream():
        if len(chunk) > 4096 and (in_blocks or request.headers.get("content-encoding")):
            await run_in_threadpool(keep, chunk)
        elif chunk:
            keep(chunk)
    reader.finish()
    body.seek(0)
    return size


async def _read_form(request: Request, parameters: dict[str, str], most: int) -> None:
    if int(request.headers.get("content-length") or most + 1) > min(most, 16 * MAX_STATEMENT_BYTES):
        raise GatewayError(TOO_LARGE, "The form is too large, or does not say how large it is.")
    async with request.form(max_part_size=2 * MAX_STATEMENT_BYTES) as form:
        for name, value in form.multi_items():
            if not isinstance(value, str):
                raise GatewayError(
                    NOT_IMPLEMENTED, "External tables are not taken here: insert the data into a table instead."
                )
            parameters[name] = value
    if "query" not in parameters:
        raise GatewayError(BAD_ARGUMENTS, "The form has no field 'query'.")


async def _gone(request: Request) -> None:
    """Ends when the client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _no_handler(request: Request, _: Exception) -> Response:
    text = f"There is no handle {request.url.path}. Send queries to / with POST; /ping tells whether we are there.\n"
    return PlainTextResponse(text, 404)


def _is_on(value: str | None) -> bool:
    return (value or "").lower() in ("1", "true")


def _text_or_binary(name: str) -> str:
    lower = name.lower()
    if lower.startswith(("tabseparated", "tsv")):
        return "text/tab-separated-values; charset=UTF-8"
    if lower.startswith("json"):
        return "application/x-ndjson; charset=UTF-8" if "eachrow" in lower else "application/json; charset=UTF-8"
    if lower.startswith(("rowbinary", "protobuf", "msgpack", "avro", "capnproto", "bson", "npy")):
        return "application/octet-stream"
    return "text/plain; charset=UTF-8"
