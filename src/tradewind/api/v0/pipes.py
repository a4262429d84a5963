"""`/v0/pipes`: endpoints with their parameters, and what there is to know of them."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.access import release_of, services_of, token_for
from tradewind.api.v0.answering import Exchange, parameters_of
from tradewind.api.wire import to_json
from tradewind.warehouse.serving import formats
from tradewind.warehouse.serving.describing import openapi_document, pipe_document, readable
from tradewind.warehouse.serving.errors import NoSuchResource
from tradewind.warehouse.serving.queries import Queries, readable_pipe
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token


async def all_of_them(request: Request) -> Response:
    token = await token_for(request)
    release = release_of(request, token)
    address = _address(request)

    def listed() -> list[dict[str, Any]]:
        parameters = _queries(request).parameters
        return [
            pipe_document(pipe, parameters, address=address, made_at=release.made_at, whole=False)
            for pipe in readable(release, token)
        ]

    return _answer({"pipes": await run_in_threadpool(listed)})


async def one(request: Request) -> Response:
    """`NAME.<format>` answers with rows, `NAME.pipe` with the file, `NAME` with what is known of it."""
    target = request.path_params["target"]
    name, dot, extension = target.rpartition(".")
    form = formats.of_endpoint(extension) if dot else None
    if form is not None and not (target == "openapi.json" and request.method == "GET"):
        return await _rows(request, name, form)
    if request.method != "GET":
        raise HTTPException(405, "Only endpoints are asked by POST.", {"Allow": "GET"})
    token = await token_for(request)
    release = release_of(request, token)
    if target == "openapi.json":
        return _answer(await run_in_threadpool(_openapi, request, release, token))
    if extension == "pipe" and dot:
        return PlainTextResponse(readable_pipe(release, token, name).text)
    if dot and release.project.pipe(target) is None:
        known = ", ".join(formats.ENDPOINT_EXTENSIONS)
        raise NoSuchResource(f"There is no format '{extension}'. Formats of an endpoint are {known}.")
    pipe = readable_pipe(release, token, target)
    parameters = _queries(request).parameters
    address, made_at = _address(request), release.made_at
    document = await run_in_threadpool(lambda: pipe_document(pipe, parameters, address=address, made_at=made_at))
    return _answer(document)


async def explain(request: Request) -> Response:
    """The query of an endpoint as it runs, and how the engine goes about it: for who may read everything."""
    name = request.path_params["name"]
    exchange = Exchange(request, name)

    async def work(release: Release, token: Token) -> Response:
        exchange.values = values = await parameters_of(request)
        queries = exchange.serving.queries
        planned = await exchange.plan(
            lambda rel, tok: queries.endpoint(rel, tok, name, formats.DEFAULT, values), release, token
        )
        return _answer(await exchange.explained(planned))

    return await exchange.run(work)


async def _rows(request: Request, name: str, form: formats.Format) -> Response:
    exchange = Exchange(request, name)

    async def work(release: Release, token: Token) -> Response:
        exchange.values = values = await parameters_of(request)
        queries = exchange.serving.queries
        planned = queries.planned(release, token, name, form, values) or await exchange.plan(
            lambda rel, tok: queries.endpoint(rel, tok, name, form, values), release, token
        )
        return await exchange.rows(planned)

    return await exchange.run(work)


def _openapi(request: Request, release: Release, token: Token) -> dict[str, Any]:
    pipes = readable(release, token)
    return openapi_document(release, pipes, _queries(request).parameters, address=_address(request))


def _queries(request: Request) -> Queries:
    queries: Queries = services_of(request).platform.serving.queries
    return queries


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _answer(content: Any) -> Response:
    return Response(to_json(content), media_type="application/json")


ROUTES: list[BaseRoute] = [
    Route("/v0/pipes", all_of_them, methods=["GET"]),
    Route("/v0/pipes/{target}", one, methods=["GET", "POST"]),
    Route("/v0/pipes/{name}/explain", explain, methods=["GET"]),
]
