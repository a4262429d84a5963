"""What the routes of data sources have in common: which one is meant, who may, and how a job is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tradewind.api.services import Services
from tradewind.api.wire import to_json
from tradewind.core.errors import NotPermitted
from tradewind.platform import Platform
from tradewind.warehouse.datafiles.model import DataSource
from tradewind.warehouse.ingest.rows import QUARANTINE
from tradewind.warehouse.ingest.service import source_not_found
from tradewind.warehouse.ingest.uploads import Imported
from tradewind.warehouse.serving.operations import Operation
from tradewind.warehouse.workspaces.jobs import Job, Task
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token

Fields = Mapping[str, str]
_YES: Final = ("1", "true", "yes")


def platform_of(request: Request) -> Platform:
    services: Services = request.app.state.services
    return services.platform


def live_now(platform: Platform, release: Release) -> Release:
    """The release that is read when a job begins, which may be a later one than when it was asked for."""
    return platform.serving.releases.live(release.workspace_id) or release


def source_of(release: Release, name: str) -> DataSource:
    """A data source of the workspace's own. Raises NotFound, and NotPermitted for one that another shares."""
    found = release.project.source(name)
    if found is not None and found.name in release.loans:
        raise NotPermitted(f"'{name}' is shared by the workspace {found.shared_from}: it can only be read here.")
    if found is None or found.name not in release.tables:
        raise source_not_found(name)
    return found


def stored_name(release: Release, name: str) -> str:
    """A data source's own name, or that of a quarantine."""
    return name if name.endswith(QUARANTINE) and name in release.tables else source_of(release, name).name


def may_see(token: Token, name: str) -> bool:
    return token.may_read_source(name) or token.may_append(name) or token.may_deploy()


def need(is_allowed: bool, what: str) -> None:
    if not is_allowed:
        raise NotPermitted(f"This token may not do that. {what}")


def flag(fields: Fields, name: str) -> bool:
    return fields.get(name, "").lower() in _YES


async def fields_of(request: Request) -> dict[str, str]:
    """What a request says in its query and in a form; the form counts."""
    fields = dict(request.query_params)
    if request.headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/")):
        form = await request.form(max_files=0)
        fields |= {name: value for name, value in form.items() if isinstance(value, str)}
    return fields


async def started(
    platform: Platform,
    token: Token,
    kind: str,
    name: str,
    work: Callable[[Task], Mapping[str, Any]],
    details: Mapping[str, Any] | None = None,
) -> Response:
    def start() -> Job:
        job_id = platform.jobs.start(token.workspace_id, kind, work, source=name, details=details)
        return platform.jobs.get(token.workspace_id, job_id)

    job = await run_in_threadpool(start)
    shown = {
        "id": job.id,
        "job_id": job.id,
        "kind": job.kind,
        "status": job.status,
        "job_url": f"/v0/jobs/{job.id}",
        "datasource": {"id": name, "name": name},
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        **job.details,
    }
    told = {"id": job.id, "job_id": job.id, "import_id": job.id, "job_url": shown["job_url"], "status": "waiting"}
    return answer({**told, "job": shown, **({"delete_id": job.id} if kind == "delete_data" else {})})


def record(request: Request, release: Release, what: str, name: str, done: Imported | None = None) -> None:
    operation = Operation(
        what,
        name,
        rows=done.rows if done else None,
        rows_quarantine=done.bad_rows if done else None,
        written_rows=done.rows if done else 0,
        written_rows_quarantine=done.bad_rows if done else 0,
        import_id=done.import_id if done else None,
        request_id=str(request.scope.get("request_id", "")),
        release=release.number,
    )
    platform_of(request).serving.operations.record(release.database, operation)


def answer(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")
