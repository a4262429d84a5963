"""`POST /v0/pipes/NAME/copy` and `/sink`: begin a run, and let its schedule rest or go on."""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.access import services_of, token_for
from tradewind.api.v0.answering import parameters_of
from tradewind.api.v0.jobs import shown
from tradewind.api.wire import answer
from tradewind.core.errors import InvalidInput, NotFound, NotPermitted
from tradewind.warehouse.streams.copies import COPY
from tradewind.warehouse.streams.sinks import SINK
from tradewind.warehouse.workspaces.scopes import Token


async def start(request: Request, *, kind: str) -> Response:
    """Begins a run with the parameters of the address and the body; answers with its job."""
    token, pipe = await _asked(request, kind)
    values = {name: value for name, value in (await parameters_of(request)).items() if not name.startswith("__tb__")}
    mode = values.pop("_mode", None)
    if isinstance(mode, list):
        raise InvalidInput("_mode is there more than once.", field="_mode")
    platform = services_of(request).platform

    def begin() -> Response:
        if kind == COPY:
            job_id = platform.copies.start(token.workspace_id, pipe, values, mode)
        else:
            job_id = platform.sinks.start(token.workspace_id, pipe, values)
        job = shown(platform.jobs.get(token.workspace_id, job_id))
        return answer({"id": pipe, "job_id": job_id, "job_url": job["job_url"], "status": job["status"], "job": job})

    return await run_in_threadpool(begin)


async def change(request: Request, *, kind: str, what: str) -> Response:
    """`pause`, `resume` or `cancel`."""
    token, pipe = await _asked(request, kind)
    platform = services_of(request).platform

    def do() -> Response:
        if what == "cancel":
            running = platform.jobs.under_way(token.workspace_id, kind, pipe=pipe)
            if not running:
                raise NotFound(f"No {kind} of {pipe} is under way.")
            cancelled = [shown(platform.jobs.cancel(token.workspace_id, job_id)) for job_id in running]
            return answer({"id": pipe, "job_id": cancelled[0]["id"], "job": cancelled[0], "jobs": cancelled})
        (platform.schedules.pause if what == "pause" else platform.schedules.resume)(token.workspace_id, kind, pipe)
        is_paused = platform.schedules.is_paused(token.workspace_id, kind, pipe)
        return answer({"id": pipe, "name": pipe, "schedule": {"status": "shutdown" if is_paused else "running"}})

    return await run_in_threadpool(do)


async def _asked(request: Request, kind: str) -> tuple[Token, str]:
    token = await token_for(request)
    pipe = request.path_params["pipe"]
    if not (token.is_admin or token.may_create_pipe()):
        raise NotPermitted(f"To run the {kind} of a pipe, a token needs ADMIN or PIPES:CREATE.")
    return token, pipe


ROUTES: list[BaseRoute] = [
    route
    for kind in (COPY, SINK)
    for route in (
        Route(f"/v0/pipes/{{pipe}}/{kind}", partial(start, kind=kind), methods=["POST"]),
        *(
            Route(f"/v0/pipes/{{pipe}}/{kind}/{what}", partial(change, kind=kind, what=what), methods=["POST"])
            for what in ("pause", "resume", "cancel")
        ),
    )
]
