"""One request for rows: its parameters, its plan, its answer, and what is told of it afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import orjson
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tradewind.api.v0.access import rate_headers, release_of, services_of, token_for
from tradewind.core.errors import TradewindError
from tradewind.warehouse.serving.engine import Result
from tradewind.warehouse.serving.errors import QueryRefused
from tradewind.warehouse.serving.queries import Planned, values_of
from tradewind.warehouse.serving.requests import Served
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token, Value, as_value

Plan = Callable[[Release, Token], Planned]
_MOST_PARAMETERS = 1000
_TEXT = ("text/plain", "application/sql", "application/octet-stream", "")


async def parameters_of(request: Request, *, text_name: str | None = None) -> dict[str, Value]:
    """Parameters from the address and from the body: a form, a JSON object, or plain text as one parameter.

    Raises QueryRefused for a body that is none of these.
    """
    values = values_of(request.query_params.multi_items())
    if request.method in ("POST", "PUT"):
        values |= await _of_body(request, text_name)
    values.pop("token", None)
    if len(values) > _MOST_PARAMETERS:
        raise QueryRefused(f"A request has at most {_MOST_PARAMETERS} parameters.")
    return values


async def _of_body(request: Request, text_name: str | None) -> dict[str, Value]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_files=0, max_fields=_MOST_PARAMETERS) as form:
            return values_of([(name, str(value)) for name, value in form.multi_items()])
    body = await request.body()
    if not body.strip():
        return {}
    looks_like_json = body.lstrip()[:1] == b"{"
    if kind == "application/json" or (text_name is None and looks_like_json) or (kind == "" and looks_like_json):
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as wrong:
            raise QueryRefused(f"The body is not JSON: {wrong}.") from wrong
        if not isinstance(found, dict):
            raise QueryRefused("The body is not a JSON object of parameters.")
        return {name: as_value(value) for name, value in found.items() if value is not None}
    if text_name is not None and kind in _TEXT:
        try:
            return {text_name: body.decode()}
        except UnicodeDecodeError as wrong:
            raise QueryRefused("The body is not UTF-8 text.") from wrong
    raise QueryRefused("Send parameters as a JSON object or as a form.")


class Exchange:
    """A request from its first look to the row in `tinybird.pipe_stats_rt`."""

    def __init__(self, request: Request, pipe: str) -> None:
        self.request = request
        self.pipe = pipe
        self.serving = services_of(request).platform.serving
        self.values: Mapping[str, Value] = {}
        self.token: Token | None = None
        self.release: Release | None = None
        self._result: Result | None = None
        self._began_at = self.serving.clock.now()
        self._began = time.perf_counter()

    async def run(self, work: Callable[[Release, Token], Any]) -> Response:
        """Answers with what `work` gives, an awaitable Response; whatever happens is told."""
        try:
            self.token = token = await token_for(self.request)
            headers = await rate_headers(self.request, token)
            self.release = release = release_of(self.request, token)
            with release.in_use():
                response: Response = await work(release, token)
        except TradewindError as failure:
            self._tell(_status_of(failure), str(failure))
            raise
        except BaseException as failure:
            self._tell(500, type(failure).__name__)
            raise
        response.headers.update(headers)
        self._tell(response.status_code, None)
        return response

    async def rows(self, planned: Planned) -> Response:
        """The answer to a planned query."""
        found = self.serving.queries.ask(planned)
        if isinstance(found, Future):
            # Shielded: when one of those who wait goes away, the others still get the answer.
            coming: asyncio.Future[Result] = asyncio.wrap_future(found)
            self._result = result = await asyncio.shield(coming)
        else:
            self._result = result = found
        return respond(result, planned.form.content_type)

    async def plan(self, make: Plan, release: Release, token: Token) -> Planned:
        return await run_in_threadpool(make, release, token)

    async def explained(self, planned: Planned) -> dict[str, str]:
        """The query as it runs, and how the engine goes about it."""
        query, steps = await run_in_threadpool(self.serving.queries.explain, planned)
        return {"debug_query": query, "query_explain": steps}

    def _tell(self, status: int, error: str | None) -> None:
        if self.token is None or self.release is None:
            return
        request, result = self.request, self._result
        self.serving.requests.record(
            Served(
                database=self.release.database,
                release=self.release.number,
                pipe=self.pipe,
                started_at=self._began_at,
                seconds=time.perf_counter() - self._began,
                status=status,
                request_id=str(request.scope.get("request_id", "")),
                method=request.method,
                path=request.url.path,
                query=request.url.query,
                parameters=self.values,
                token_id=self.token.id,
                token_name=self.token.name,
                rows=result.rows if result else 0,
                read_rows=result.read_rows if result else 0,
                read_bytes=result.read_bytes if result else 0,
                error=error,
                user_agent=request.headers.get("user-agent"),
                client_ip=request.client.host if request.client else None,
            )
        )


def respond(result: Result, content_type: str) -> Response:
    if isinstance(result.content, bytes):
        return Response(result.content, headers={"Content-Type": content_type})
    headers = {"Content-Type": content_type, "Content-Length": str(result.size)}
    return StreamingResponse(iterate_in_threadpool(result.pieces()), headers=headers)


def _status_of(failure: TradewindError) -> int:
    from tradewind.api.v0.app import status_of

    return status_of(failure)
