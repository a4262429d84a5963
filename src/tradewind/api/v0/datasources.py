"""`/v0/datasources`: what there is, and the addresses of all that can be done with it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0 import source_altering, source_changes, source_files, source_topics
from tradewind.api.v0.access import release_of, token_for
from tradewind.api.v0.source_asking import answer, may_see, platform_of
from tradewind.api.v0.source_shapes import source_json, sources_json
from tradewind.core.errors import NotPermitted
from tradewind.warehouse.ingest.service import source_not_found


async def all_of(request: Request) -> Response:
    """The data sources that the token may see."""
    token = await token_for(request)
    with release_of(request, token).in_use() as release:
        found = await run_in_threadpool(sources_json, platform_of(request), release)
        shown = [source for source in found if may_see(token, source["name"])]
    return answer({"datasources": shown})


async def one(request: Request) -> Response:
    """`NAME`: what is known of it; `NAME.datasource`: its file."""
    token = await token_for(request)
    target = request.path_params["name"]
    name = target.removesuffix(".datasource")
    with release_of(request, token).in_use() as release:
        source = release.project.source(name)
        if source is None or (target != name and not source.text):
            raise source_not_found(name)
        if not may_see(token, source.name):
            raise NotPermitted(f"This token may not read '{name}'.")
        if target != name:
            return PlainTextResponse(source.text)
        return answer(await run_in_threadpool(source_json, platform_of(request), release, source))


ROUTES: list[BaseRoute] = [
    Route("/v0/datasources", all_of, methods=["GET"]),
    Route("/v0/datasources", source_files.post, methods=["POST"]),
    Route("/v0/datasources/{name}", one, methods=["GET"]),
    Route("/v0/datasources/{name}", source_changes.drop, methods=["DELETE"]),
    Route("/v0/datasources/{name}/truncate", source_changes.truncate, methods=["POST"]),
    Route("/v0/datasources/{name}/delete", source_changes.delete_rows, methods=["POST"]),
    Route("/v0/datasources/{name}/quarantine/replay", source_changes.replay, methods=["POST"]),
    Route("/v0/datasources/{name}/alter", source_altering.alter, methods=["POST"]),
    Route("/v0/datasources/{name}/stop", source_topics.stop, methods=["POST"]),
    Route("/v0/datasources/{name}/start", source_topics.start, methods=["POST"]),
    Route("/v0/datasources/{name}/sample", source_topics.sample, methods=["POST"]),
    *(
        Route(f"{root}/datasources/{{name}}/{mode}", source_files.post_job, methods=["POST"], name=f"{root} {mode}")
        for root in ("/v0", "/v1")
        for mode in ("append", "replace")
    ),
    Route("/v0/analyze", source_files.analyze, methods=["POST"]),
]
