"""Data sources that a topic feeds: stop, start, and a look at the newest messages."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tradewind.api.v0.access import release_of, token_for
from tradewind.api.v0.source_asking import answer, need, platform_of, source_of
from tradewind.api.v0.source_shapes import source_json
from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.model import DataSource, KafkaSource
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token

_SAMPLED, _MOST_SAMPLED = 10, 100


async def stop(request: Request) -> Response:
    """Takes no more messages of its topic until it is started again."""
    return await _change(request, is_stop=True)


async def start(request: Request) -> Response:
    """Goes on where it was stopped."""
    return await _change(request, is_stop=False)


async def _change(request: Request, *, is_stop: bool) -> Response:
    token = await token_for(request)
    platform = platform_of(request)
    with release_of(request, token).in_use() as release:
        source, _ = _fed(request, token, release)
        do = platform.topics.stop if is_stop else platform.topics.start
        await run_in_threadpool(do, release.workspace_id, source.name)
        return answer(await run_in_threadpool(source_json, platform, release, source))


async def sample(request: Request) -> Response:
    """The newest messages of its topic, as rows with what Kafka knows of them; nothing is stored or moved."""
    token = await token_for(request)
    most = _most(request.query_params.get("limit"))
    release = release_of(request, token)
    source, kafka = _fed(request, token, release)
    rows = await run_in_threadpool(platform_of(request).topics.sample, release.project, kafka, most)
    return answer({"datasource": source.name, "topic": kafka.topic, "data": rows, "rows": len(rows)})


def _fed(request: Request, token: Token, release: Release) -> tuple[DataSource, KafkaSource]:
    source = source_of(release, request.path_params["name"])
    need(
        token.may_create_source() or token.may_drop(source.name),
        f"It needs DATASOURCES:CREATE or DATASOURCES:DROP:{source.name}.",
    )
    if source.kafka is None:
        raise InvalidInput(f"'{source.name}' has no connector: no topic feeds it.", field="name")
    return source, source.kafka


def _most(text: str | None) -> int:
    if text is None:
        return _SAMPLED
    if not text.isdecimal() or not 1 <= int(text[:9]) <= _MOST_SAMPLED:
        raise InvalidInput(f"limit is '{text[:20]}'. It lies between 1 and {_MOST_SAMPLED}.", field="limit")
    return int(text)
