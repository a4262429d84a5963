"""`/v0/sql`: a caller's own SELECT over data sources and pipes."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.answering import Exchange, parameters_of
from tradewind.api.wire import to_json
from tradewind.warehouse.serving.errors import QueryRefused
from tradewind.warehouse.serving.requests import QUERY_API
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token, Value, as_value

_TRUE = ("1", "true")


async def sql(request: Request) -> Response:
    exchange = Exchange(request, QUERY_API)

    async def work(release: Release, token: Token) -> Response:
        exchange.values = values = await parameters_of(request, text_name="q")
        text, pipeline = _one(values, "q"), _one(values, "pipeline") or None
        if not text.strip():
            raise QueryRefused("There is no query. Send it as `q`, or as the body of a POST.")
        given = _template_values(values)
        queries = exchange.serving.queries
        planned = await exchange.plan(
            lambda rel, tok: queries.query(rel, tok, text, given, pipeline=pipeline), release, token
        )
        if _one(values, "explain").lower() in _TRUE:
            return Response(to_json(await exchange.explained(planned)), media_type="application/json")
        return await exchange.rows(planned)

    return await exchange.run(work)


def _template_values(values: Mapping[str, Value]) -> dict[str, Value]:
    """What a template in the query may use: everything that was sent, and what `template_parameters` holds."""
    given = {name: value for name, value in values.items() if name not in ("q", "pipeline", "template_parameters")}
    text = _one(values, "template_parameters")
    if not text:
        return given
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise QueryRefused("template_parameters is not JSON.") from wrong
    if not isinstance(found, dict):
        raise QueryRefused("template_parameters is not a JSON object.")
    return given | {name: as_value(value) for name, value in found.items() if value is not None}


def _one(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name, "")
    if isinstance(value, list):
        raise QueryRefused(f"`{name}` is sent more than once.")
    return value


ROUTES: list[BaseRoute] = [Route("/v0/sql", sql, methods=["GET", "POST"])]
