"""Who asks under /v0, what release they read, and how often they may."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from tradewind.api.services import Services
from tradewind.api.v0.branches import in_branch, is_branched
from tradewind.core.cache import LocalCache
from tradewind.core.errors import Kind, NotFound, TradewindError
from tradewind.warehouse.datafiles.model import Project
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token
from tradewind.warehouse.workspaces.tokens import TokenNotValid

_DEPLOYMENT = "__tb__deployment"
_WINDOW_SECONDS = 1.0


class RateExceeded(TradewindError):
    """More requests than the token allows."""

    code = "rate_exceeded"
    kind = Kind.TOO_MANY
    status = 429

    def __init__(self, limit: int, headers: dict[str, str]) -> None:
        super().__init__(f"This token allows {limit} requests a second. Try again in a second.")
        self.headers = headers
        self.retry_after_seconds = 1


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def token_value(request: Request) -> str:
    """The token as it was sent. Raises TokenNotValid when there is none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    if given := request.query_params.get("token"):
        return given
    raise TokenNotValid("There is no token. Send it as `Authorization: Bearer <token>` or as `?token=<token>`.")


def token_of(request: Request) -> Token:
    """Who asks. Raises TokenNotValid. May look into the store: for handlers that run in a thread."""
    token = in_branch(request, services_of(request).platform.serving.tokens.authenticate(token_value(request)))
    request.state.token = token
    return token


async def token_for(request: Request) -> Token:
    """The same for handlers that run in the event loop: it is never kept waiting by the store."""
    value = token_value(request)
    tokens = services_of(request).platform.serving.tokens
    token = tokens.known(value)
    if token is None:
        token = await run_in_threadpool(tokens.authenticate, value)
    if is_branched(request):
        token = await run_in_threadpool(in_branch, request, token)
    request.state.token = token
    return token


def release_of(request: Request, token: Token) -> Release:
    """What the token's workspace serves: the live release, or the staged one for `__tb__deployment=staging`."""
    releases = services_of(request).platform.serving.releases
    wanted = request.query_params.get(_DEPLOYMENT) or request.headers.get("x-tb-deployment") or "live"
    if wanted == "staging":
        staged = releases.staged(token.workspace_id)
        if staged is None:
            raise NotFound("No deployment is staged in this workspace.")
        return staged
    live = releases.live(token.workspace_id)
    if live is not None:
        return live
    name, database = releases.database_of(token.workspace_id)
    return Release(token.workspace_id, name, database, 0, Project(), {})


async def rate_headers(request: Request, token: Token) -> dict[str, str]:
    """Counts the request against the token's limit; what the answer has to say of it. Raises RateExceeded."""
    limit = token.requests_per_second
    if limit is None:
        return {}
    cache = services_of(request).cache
    key = f"v0 rate {token.workspace_id} {token.name}"
    if isinstance(cache, LocalCache):
        count = cache.increment(key, window_seconds=_WINDOW_SECONDS)
    else:
        count = await run_in_threadpool(cache.increment, key, window_seconds=_WINDOW_SECONDS)
    headers = {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(0, limit - count.value)),
        "X-RateLimit-Reset": str(max(1, round(count.seconds_left))),
    }
    if count.value > limit:
        raise RateExceeded(limit, headers | {"Retry-After": "1"})
    return headers
