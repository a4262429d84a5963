"""Changes of rows that are stored, and the end of a data source: truncate, delete, replay, drop."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tradewind.api.v0.access import release_of, token_for
from tradewind.api.v0.source_asking import (
    answer,
    fields_of,
    flag,
    live_now,
    need,
    platform_of,
    record,
    source_of,
    started,
    stored_name,
)
from tradewind.core.errors import Conflict, InvalidInput, NotPermitted
from tradewind.warehouse.ingest.rows import QUARANTINE
from tradewind.warehouse.workspaces.jobs import Task
from tradewind.warehouse.workspaces.plan import Terms
from tradewind.warehouse.workspaces.scopes import Token


class NeedsAdmin(NotPermitted):
    code = "needs_admin"


async def truncate(request: Request) -> Response:
    """Removes all rows; with `cascade=true` those of the views behind too."""
    token = await token_for(request)
    fields = await fields_of(request)
    platform = platform_of(request)
    with release_of(request, token).in_use() as release:
        name = stored_name(release, request.path_params["name"])
        need(
            token.may_create_source() or token.may_drop(name.removesuffix(QUARANTINE)),
            f"It needs DATASOURCES:CREATE or DATASOURCES:DROP:{name}.",
        )
        cascade = flag(fields, "cascade")
        await run_in_threadpool(platform.ingest.changes.truncate, release, name, cascade=cascade)
        record(request, release, "truncate", name)
    return Response(status_code=205)


async def delete_rows(request: Request) -> Response:
    """Removes the rows that meet `delete_condition`, as a job; `dry_run=true` only counts them."""
    token = await token_for(request)
    _need_admin(token)
    fields = await fields_of(request)
    condition = fields.get("delete_condition", "")
    if not condition.strip():
        raise InvalidInput("Say which rows: delete_condition=…", field="delete_condition")
    platform, release = platform_of(request), release_of(request, token)
    name = stored_name(release, request.path_params["name"])
    changes = platform.ingest.changes
    rows = await run_in_threadpool(changes.count, release, name, condition)
    if flag(fields, "dry_run"):
        return answer({"rows_to_be_deleted": rows, "datasource": name, "dry_run": True, "status": "done"})

    def work(task: Task) -> dict[str, Any]:
        with live_now(platform, release).in_use() as now:
            deleted = changes.delete(now, name, condition, check=task.check)
        task.keep(deleted)
        record(request, now, "delete", name)
        return {"rows_affected": deleted}

    return await started(platform, token, "delete_data", name, work, {"delete_condition": condition})


async def replay(request: Request) -> Response:
    """Takes quarantined rows again, as a job: those that meet `condition`, with `set` (expressions by column)."""
    token = await token_for(request)
    _need_admin(token)
    told = await _json(request)
    condition, repairs = told.get("condition"), told.get("set") or {}
    if not isinstance(condition, str | None) or not isinstance(repairs, dict):
        raise InvalidInput("`condition` is an expression, `set` an object of expressions by column.")
    platform, release = platform_of(request), release_of(request, token)
    name = source_of(release, request.path_params["name"]).name

    def work(task: Task) -> dict[str, Any]:
        with live_now(platform, release).in_use() as now:
            done = platform.ingest.replays.replay(
                now,
                name,
                condition=condition,
                repairs={str(column): str(text) for column, text in repairs.items()},
                progress=task.progress,
            )
        task.keep(done.rows)
        return {"replayed_rows": done.rows, "quarantined_rows": done.left}

    return await started(platform, token, "replay", name, work)


async def drop(request: Request) -> Response:
    """Removes a data source that nothing uses, by a deploy without its file."""
    token = await token_for(request)
    release = release_of(request, token)
    source = source_of(release, request.path_params["name"])
    need(token.may_drop(source.name), f"It needs DATASOURCES:DROP:{source.name}.")
    platform = platform_of(request)

    def work() -> None:
        files = dict(platform.workspaces.releases.files(release.workspace_id, release.number))
        kept = {
            path: text
            for path, text in files.items()
            if not (path.suffix == ".datasource" and path.stem == source.name)
        }
        outcome = platform.workspaces.deploy(
            release.workspace_id, kept, Terms(allow_destructive=True), made_from=release.number
        )
        if outcome.result == "failed":
            raise Conflict(f"'{source.name}' is still used: {'; '.join(map(str, outcome.errors))[:2000]}")

    await run_in_threadpool(work)
    record(request, release, "drop", source.name)
    return Response(status_code=204)


def _need_admin(token: Token) -> None:
    if not token.is_admin:
        raise NeedsAdmin("This takes an ADMIN token: it changes rows that are stored.")


async def _json(request: Request) -> dict[str, Any]:
    import msgspec

    body = await request.body()
    if not body:
        return {}
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError as broken:
        raise InvalidInput(f"The body is not JSON: {broken}.") from broken
    if not isinstance(told, dict):
        raise InvalidInput("The body is a JSON object.")
    return told
