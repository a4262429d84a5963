"""Pages that people read: all endpoints of a workspace, and one of them. Nothing comes from another host."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.access import release_of, services_of, token_for
from tradewind.core.errors import TradewindError
from tradewind.warehouse.serving.describing import Declared, readable
from tradewind.warehouse.serving.errors import NoSuchResource
from tradewind.warehouse.serving.formats import ENDPOINT_EXTENSIONS
from tradewind.warehouse.serving.queries import readable_pipe

_FOLDER = Path(__file__).parent / "pages"


async def index(request: Request) -> Response:
    token = await token_for(request)
    release = release_of(request, token)
    pipes = [pipe for pipe in readable(release, token) if pipe.endpoint is not None]
    return _page("endpoints.html", workspace=release.workspace, release=release.number, pipes=pipes)


async def page(request: Request) -> Response:
    token = await token_for(request)
    release = release_of(request, token)
    pipe = readable_pipe(release, token, request.path_params["name"])
    if pipe.endpoint is None:
        raise NoSuchResource(f"The pipe '{pipe.name}' is no endpoint.")
    queries = services_of(request).platform.serving.queries
    parameters = await run_in_threadpool(queries.parameters, pipe)
    try:
        columns = await run_in_threadpool(queries.columns, release, token, pipe)
    except TradewindError:
        columns = []  # it takes parameters that nobody has given yet
    return _page(
        "endpoint.html",
        workspace=release.workspace,
        pipe=pipe,
        parameters=parameters,
        columns=columns,
        example=_example(list(parameters)),
        extensions=ENDPOINT_EXTENSIONS,
        address=str(request.base_url).rstrip("/"),
    )


async def style(_: Request) -> Response:
    return FileResponse(_FOLDER / "pages.css", headers={"Cache-Control": "no-cache"})


async def script(_: Request) -> Response:
    return FileResponse(_FOLDER / "pages.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _example(parameters: list[Declared]) -> str:
    """A query string with what has to be sent, and what the project shows as an example."""
    told = [(p.name, p.example if p.example is not None else "…") for p in parameters if _is_needed(p)]
    return f"?{urlencode(told, safe='…')}" if told else ""


def _is_needed(parameter: Declared) -> bool:
    return parameter.example is not None or (parameter.required and parameter.default is None)


def _page(name: str, **content: Any) -> Response:
    return HTMLResponse(_templates().get_template(name).render(content))


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)


ROUTES: list[BaseRoute] = [
    Route("/v0/docs", index, methods=["GET"]),
    Route("/v0/docs/pages.css", style, methods=["GET"]),
    Route("/v0/docs/pages.js", script, methods=["GET"]),
    Route("/v0/pipes/{name}/docs", page, methods=["GET"]),
]
