"""`/v0/jobs`: what is under way and what became of it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.access import services_of, token_of
from tradewind.api.wire import answer
from tradewind.core.errors import InvalidInput, NotPermitted
from tradewind.warehouse.workspaces.jobs import Job
from tradewind.warehouse.workspaces.scopes import Token

_MOST = 1_000


def jobs(request: Request) -> Response:
    """The newest first; `kind`, `status`, `pipe`, `datasource` and `limit` choose."""
    token = _allowed(request)
    asked = request.query_params
    found = services_of(request).platform.jobs.recent(
        token.workspace_id,
        kind=asked.get("kind"),
        status=asked.get("status"),
        pipe=asked.get("pipe") or asked.get("pipe_name"),
        source=asked.get("datasource"),
        limit=_limit(asked.get("limit")),
    )
    return answer({"jobs": [shown(job) for job in found]})


def one(request: Request) -> Response:
    token = token_of(request)
    job = services_of(request).platform.jobs.get(token.workspace_id, request.path_params["job_id"])
    if not (token.reads_all or _concerns(token, job)):
        raise NotPermitted("The token may not see this job.")
    return answer(shown(job))


def cancel(request: Request) -> Response:
    token = _allowed(request)
    job = services_of(request).platform.jobs.cancel(token.workspace_id, request.path_params["job_id"])
    return answer(shown(job))


def shown(job: Job) -> dict[str, Any]:
    """A job as /v0 tells of it."""
    return {
        "id": job.id,
        "job_id": job.id,
        "job_url": f"/v0/jobs/{job.id}",
        "kind": job.kind,
        "status": job.status,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "updated_at": job.updated_at,
        "statistics": {"rows": job.rows, **job.statistics},
        "error": job.error,
        "is_cancellable": not job.is_over,
        "pipe": {"name": job.pipe} if job.pipe else None,
        "datasource": {"name": job.source} if job.source else None,
    }


def _concerns(token: Token, job: Job) -> bool:
    """Whether the job is about something that the token may use: whoever starts one can follow it."""
    return bool((job.source and token.may_append(job.source)) or (job.pipe and token.may_read_pipe(job.pipe)))


def _allowed(request: Request) -> Token:
    token = token_of(request)
    if not token.is_admin:
        raise NotPermitted("Jobs are seen and cancelled with an ADMIN token.")
    return token


def _limit(text: str | None) -> int:
    if text is None:
        return 100
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise InvalidInput(f"limit is '{text[:20]}'. It lies between 1 and {_MOST}.", field="limit")
    return int(text)


ROUTES: list[BaseRoute] = [
    Route("/v0/jobs", jobs, methods=["GET"]),
    Route("/v0/jobs/{job_id}", one, methods=["GET"]),
    Route("/v0/jobs/{job_id}/cancel", cancel, methods=["POST"]),
]
