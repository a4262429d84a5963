"""The application behind /v0 and /v1: plain routes, since its shapes are the format's and its speed is the engine's."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from tradewind.api.problems import CODES, log_unforeseen
from tradewind.api.services import Services
from tradewind.api.v0 import (
    branches,
    connectors,
    copies,
    datasources,
    deploys,
    docs,
    events,
    jobs,
    pipes,
    sql,
    tokens,
    workspaces,
)
from tradewind.api.wire import to_json
from tradewind.core.errors import Kind, TooManyRequests, TradewindError

ROUTES: list[BaseRoute] = [
    *events.ROUTES,
    *docs.ROUTES,
    *jobs.ROUTES,
    *connectors.ROUTES,
    *copies.ROUTES,
    *datasources.ROUTES,
    *pipes.ROUTES,
    *sql.ROUTES,
    *tokens.ROUTES,
    *deploys.ROUTES,
    *workspaces.ROUTES,
]
"""Every module of this package that has routes adds its own here: `from … import events`, `*events.ROUTES`."""

PREFIXES = ("/v0", "/v1", "/tokens", "/examples/query.http", *branches.PREFIXES)
_BELOW = tuple(f"{prefix}/" for prefix in PREFIXES)

_STATUS = {
    Kind.INVALID: 400,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.NOT_AUTHENTICATED: 403,
    Kind.NOT_PERMITTED: 403,
    Kind.TOO_MANY: 429,
    Kind.MISCONFIGURED: 500,
    Kind.UNAVAILABLE: 503,
}


def create_v0(services: Services) -> ASGIApp:
    """The application. Its routes stand with their whole path, so it is asked for whatever begins with `PREFIXES`."""
    app = Starlette(
        routes=ROUTES,
        exception_handlers={TradewindError: _ours, HTTPException: _framework, Exception: _unforeseen},
    )
    app.state.services = services
    return branches.Branched(events.EventsDoor(app, _refused))


class Doors:
    """Hands what lies under `PREFIXES` to the projects, the path left whole, and everything else to the shop's API.

    Before any layer of a framework: a small request of theirs takes less than those do.
    """

    def __init__(self, shop: ASGIApp, projects: ASGIApp) -> None:
        self._shop = shop
        self._projects = projects

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_theirs = scope["type"] == "http" and f"{scope['path']}/".startswith(_BELOW)
        await (self._projects if is_theirs else self._shop)(scope, receive, send)


def answer_error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """The format's error, `{"error": text}`, with our code beside it."""
    return Response(to_json({"error": message, "code": code}), status, headers, "application/json")


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, TradewindError):
        return await _ours(request, error)
    if isinstance(error, HTTPException):
        return await _framework(request, error)
    return await _unforeseen(request, error)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, TradewindError)
    status = status_of(error)
    # What a route has to say whatever comes of it, then what the error has.
    headers: dict[str, str] = {**getattr(request.state, "headers", {}), **getattr(error, "headers", {})}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    elif status == 503:
        headers["Retry-After"] = "1"
    body = getattr(error, "body", None)
    if body is not None:
        # What a project itself says, by custom_error.
        return Response(to_json(body), status, headers, "application/json")
    return answer_error(status, error.code, str(error), headers)


def status_of(error: TradewindError) -> int:
    return int(getattr(error, "status", None) or _STATUS[error.kind])


async def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = f"There is no {request.url.path}." if error.status_code == 404 else str(error.detail)
    code = CODES.get(error.status_code, f"http_{error.status_code}")
    return answer_error(error.status_code, code, detail, dict(error.headers or {}))


async def _unforeseen(request: Request, error: Exception) -> Response:
    log_unforeseen(request.scope, error)
    request_id = str(request.scope.get("request_id", ""))
    told = f"Something failed on the server. It is logged under the request's id, {request_id}."
    return answer_error(500, CODES[500], told)
