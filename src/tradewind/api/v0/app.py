"""The application behind /v0 and /v1: plain routes, since its shapes are the format's and its speed is the engine's."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from tradewind.api.services import Services
from tradewind.api.v0 import (
    branches,
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
from tradewind.core.logging import get_logger

ROUTES: list[BaseRoute] = [
    *docs.ROUTES,
    *events.ROUTES,
    *jobs.ROUTES,
    *copies.ROUTES,
    *datasources.ROUTES,
    *pipes.ROUTES,
    *sql.ROUTES,
    *tokens.ROUTES,
    *deploys.ROUTES,
    *workspaces.ROUTES,
]
"""Every module of this package that has routes adds its own here: `from … import events`, `*events.ROUTES`."""

PREFIXES = ("/v0", "/v1", "/tokens", "/examples/query.http", branches.PREFIX)
logger = get_logger(__name__)

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
    return branches.Branched(app)


class Under(BaseRoute):
    """Hands every request below a path to an application, the path left whole (a mount would cut it)."""

    def __init__(self, prefix: str, app: ASGIApp) -> None:
        self.prefix = prefix
        self.app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = str(scope.get("path", ""))
        mine = scope["type"] == "http" and (path == self.prefix or path.startswith(f"{self.prefix}/"))
        return (Match.FULL if mine else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def answer_error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """The format's error: `{"error": text}`."""
    return Response(to_json({"error": message}), status, headers, "application/json")


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, TradewindError)
    status = status_of(error)
    headers: dict[str, str] = dict(getattr(error, "headers", {}))
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    elif status == 503:
        headers["Retry-After"] = "1"
    body = getattr(error, "body", None)
    if body is not None:
        # What a project itself says, by custom_error.
        return Response(to_json(body), status, headers, "application/json")
    return answer_error(status, str(error), headers)


def status_of(error: TradewindError) -> int:
    return int(getattr(error, "status", None) or _STATUS[error.kind])


async def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = f"There is no {request.url.path}." if error.status_code == 404 else str(error.detail)
    return answer_error(error.status_code, detail, dict(error.headers or {}))


async def _unforeseen(request: Request, error: Exception) -> Response:
    request_id = str(request.scope.get("request_id", ""))
    logger.error("a request failed", path=request.url.path, request_id=request_id, exc_info=error)
    return answer_error(500, f"Something failed on the server. It is logged under the request's id, {request_id}.")
