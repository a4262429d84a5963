"""The Events API: rows of a data source in a request's body, acknowledged when they are on the disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from tradewind.api.services import Services
from tradewind.api.v0.access import release_of, token_for
from tradewind.api.v0.source_asking import source_of
from tradewind.core.errors import InvalidInput, NotPermitted
from tradewind.warehouse.ingest.bodies import BodyTooLarge, unpacked
from tradewind.warehouse.ingest.rows import Checked
from tradewind.warehouse.ingest.service import FORMATS, VISIBLE_SECONDS, Ingest
from tradewind.warehouse.serving.operations import Operation
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token

_MEGABYTE = 1024**2
_SMALL_BYTES = 256 * 1024
"""A body that is checked at once: to hand it to a thread would take longer."""
_LONGEST_KEY = 200
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_ENCODED = b'{"successful_rows":%d,"quarantined_rows":%d}'

_checkers = ThreadPoolExecutor(2, thread_name_prefix="ingest-check")


class BadRequest(InvalidInput):
    """A parameter that is missing or says what cannot be."""

    code = "bad_request"
    status = 400


async def events(request: Request) -> Response:
    """Takes rows; see section `Codes` of docs/how-to/ingest.md for what is answered when."""
    services: Services = request.app.state.services
    ingest = services.platform.ingest
    started = time.monotonic()
    rates = ingest.rates
    rate = rates.now("")
    try:
        token = await token_for(request)
        name = request.query_params.get("name") or ""
        rate_name = f"{token.workspace_id}/{name}"
        rate = rates.now(rate_name)
        if not name:
            raise BadRequest("Name the data source: /v0/events?name=…")
        format_, wait = _format(request), _flag(request, "wait")
        key = _key(request)
        with release_of(request, token).in_use() as release:
            _check_right(release, token, name)
            body = await _body(request, ingest.settings.max_body_mb * _MEGABYTE)
            rate, refused = rates.take(rate_name, len(body))
            if refused is not None:
                raise refused
            checked = await _checked(request, ingest, release, name, body, format_)
            accepted = ingest.keep(release, name, checked, key=key, body=body)
            receipt = await asyncio.wrap_future(accepted.durable)
            status = 200 if wait and await _visible(ingest, release, name, receipt) else 202
    finally:
        request.state.headers = rate.headers()
    operation = Operation(
        "append-hfi",
        name,
        time.monotonic() - started,
        rows=receipt.rows,
        rows_quarantine=receipt.bad_rows,
        written_rows=receipt.rows,
        written_bytes=len(checked.good),
        written_rows_quarantine=receipt.bad_rows,
        written_bytes_quarantine=len(checked.bad),
        request_id=str(request.scope.get("request_id", "")),
        release=release.number,
    )
    services.platform.serving.operations.gather(release.database, operation)
    content = _ENCODED % (receipt.rows, receipt.bad_rows)
    return Response(content, status, rate.headers(), "application/json")


def _format(request: Request) -> str:
    format_ = request.query_params.get("format", "ndjson")
    if format_ not in FORMATS:
        raise BadRequest(f"The format '{format_[:40]}' is not known. Use ndjson or json.")
    return format_


def _flag(request: Request, name: str) -> bool:
    value = request.query_params.get(name, "false").lower()
    if value not in _FLAGS:
        raise BadRequest(f"{name} is true or false, not '{value[:40]}'.")
    return _FLAGS[value]


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
        raise BadRequest(f"An Idempotency-Key has 1 to {_LONGEST_KEY} characters.")
    return key


def _check_right(release: Release, token: Token, name: str) -> None:
    source = release.project.source(name)
    if not token.may_append(source.name if source is not None else name):
        raise NotPermitted(f"This token may not append to '{name[:200]}': it needs DATASOURCES:APPEND:{name[:200]}.")
    source_of(release, name)


async def _body(request: Request, most: int) -> bytes:
    """The body as it was sent. One that is too large is heard out, so that its sender sees the answer."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size <= most:
            pieces.append(piece)
    if size > most:
        raise BodyTooLarge(
            f"The body is larger than {most // _MEGABYTE} MB. Nothing of it was stored; send it in parts."
        )
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def _checked(request: Request, ingest: Ingest, release: Release, name: str, body: bytes, format_: str) -> Checked:
    encoding = request.headers.get("content-encoding")
    most = ingest.settings.max_unpacked_mb * _MEGABYTE

    def check() -> Checked:
        return ingest.check(release, name, unpacked(body, encoding, most), format=format_)

    if len(body) <= _SMALL_BYTES and encoding is None:
        return check()
    return await asyncio.get_running_loop().run_in_executor(_checkers, check)


async def _visible(ingest: Ingest, release: Release, name: str, receipt: Any) -> bool:
    """Whether the rows could be read before the wait was over."""
    futures = [asyncio.wrap_future(future) for future in ingest.visible(release, name, receipt)]
    if not futures:
        return True
    done, late = await asyncio.wait(futures, timeout=VISIBLE_SECONDS)
    for future in done:
        future.result()
    for future in late:
        future.cancel()
    return not late


class EventsDoor:
    """Answers the Events API before any layer of the framework: a small request takes less than those do."""

    def __init__(self, app: Starlette, refused: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        """`refused` words the answer when no rows were taken; `app` answers everything else."""
        self._app = app
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != ROUTE.path or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        scope["app"], scope["route"] = self._app, ROUTE
        request = Request(scope, receive, send)
        try:
            response = await events(request)
        except ClientDisconnect:
            return  # nobody hears the answer, and of an unfinished body nothing is kept
        except Exception as error:  # noqa: BLE001 (each kind has its answer, the unforeseen one too)
            response = await self._refused(request, error)
        await response(scope, receive, send)


ROUTE: Final = Route("/v0/events", events, methods=["POST"])
ROUTES: list[BaseRoute] = [ROUTE]
