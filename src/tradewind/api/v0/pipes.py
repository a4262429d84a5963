"""`/v0/pipes`: endpoints with their parameters, and what there is to know of them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.access import release_of, token_for
from tradewind.api.v0.answering import Exchange, parameters_of
from tradewind.api.wire import to_json
from tradewind.warehouse.serving import formats
from tradewind.warehouse.serving.errors import NoSuchResource
from tradewind.warehouse.serving.queries import readable_pipe
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token


async def one(request: Request) -> Response:
    """`NAME.<format>` answers with rows, `NAME.pipe` with the file, `NAME` with what is known of it."""
    target = request.path_params["target"]
    name, dot, extension = target.rpartition(".")
    if not dot:
        return await detail(request, target)
    if extension == "pipe":
        token = await token_for(request)
        return PlainTextResponse(readable_pipe(release_of(request, token), token, name).text)
    form = formats.of_endpoint(extension)
    if form is None:
        known = ", ".join(formats.ENDPOINT_EXTENSIONS)
        raise NoSuchResource(f"There is no format '{extension}'. Formats of an endpoint are {known}.")
    chosen = form
    exchange = Exchange(request, name)

    async def work(release: Release, token: Token) -> Response:
        exchange.values = values = await parameters_of(request)
        queries = exchange.serving.queries
        planned = queries.planned(release, token, name, chosen, values) or await exchange.plan(
            lambda rel, tok: queries.endpoint(rel, tok, name, chosen, values), release, token
        )
        return await exchange.rows(planned)

    return await exchange.run(work)


async def detail(request: Request, name: str) -> Response:
    token = await token_for(request)
    pipe = readable_pipe(release_of(request, token), token, name)
    return Response(to_json({"name": pipe.name}), media_type="application/json")


ROUTES: list[BaseRoute] = [
    Route("/v0/pipes/{target}", one, methods=["GET", "POST"]),
]
