"""`/v1/build`, `/v1/deploy` and `/v1/deployments`: projects come in, and one takes the place of another.

A deploy that takes long goes on after its answer: the deployment's own address tells how far it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0 import shapes
from tradewind.api.v0.access import services_of, token_for
from tradewind.api.wire import to_json
from tradewind.core.errors import InvalidInput, NotPermitted
from tradewind.warehouse.datafiles.reading import MAX_FILES, MAX_PROJECT_BYTES
from tradewind.warehouse.workspaces.deploys import Outcome
from tradewind.warehouse.workspaces.scopes import Token
from tradewind.warehouse.workspaces.service import Terms, Workspaces

_PROJECT, _VENDORED, _CONTEXT = "data_project://", "data_project_vendored://", "context://"
_ANSWER_AFTER_SECONDS = 20.0
_LONGEST_PATH = 500
_TRUE = frozenset({"1", "true", "yes"})


async def build(request: Request) -> Response:
    """Builds a project: in a workspace of its own it becomes live without TTL; with `check` nothing is changed."""
    token = await _deployer(request)
    files = await _files(request)
    workspaces = _workspaces(request)
    if _flag(request, "check"):
        outcome = await run_in_threadpool(workspaces.check, token.workspace_id, files, Terms(for_build=True))
    else:
        outcome = await _finished(workspaces, token, files, Terms(for_build=True), promote=True)
    return _answer(shapes.build_json(outcome))


async def deploy(request: Request) -> Response:
    """Deploys a project. `check` only says what would happen; without `auto_promote` it waits for set-live."""
    token = await _deployer(request)
    files = await _files(request)
    workspaces = _workspaces(request)
    terms = Terms(allow_destructive=_flag(request, "allow_destructive_operations"))
    if _flag(request, "check"):
        return _answer(
            shapes.deploy_json(await run_in_threadpool(workspaces.check, token.workspace_id, files, terms), None)
        )
    promote = _flag(request, "auto_promote")
    running = asyncio.wrap_future(
        _threads().submit(workspaces.deploy, token.workspace_id, files, terms, promote=promote)
    )
    done, _ = await asyncio.wait([running], timeout=_ANSWER_AFTER_SECONDS)
    if not done:
        underway = await run_in_threadpool(workspaces.under_way, token.workspace_id)
        if underway is not None:
            running.add_done_callback(_seen)
            told = shapes.deployment_json(underway, workspaces.progress(token.workspace_id, underway.number))
            return _answer({"result": "success", "deployment": told})
    outcome = await running
    row = None
    if outcome.number is not None:
        row = await run_in_threadpool(workspaces.deployment, token.workspace_id, outcome.number)
    return _answer(shapes.deploy_json(outcome, row))


async def deployments(request: Request) -> Response:
    """All deployments, the newest first."""
    token = await _deployer(request)
    rows = await run_in_threadpool(_workspaces(request).deployments, token.workspace_id)
    return _answer({"deployments": [shapes.deployment_json(row) for row in rows]})


async def deployment(request: Request) -> Response:
    """One deployment: how far it is, what it changed, why it failed."""
    token, number = await _deployer(request), _number(request)
    workspaces = _workspaces(request)
    row = await run_in_threadpool(workspaces.deployment, token.workspace_id, number)
    return _answer({"deployment": shapes.deployment_json(row, workspaces.progress(token.workspace_id, number))})


async def set_live(request: Request) -> Response:
    """Makes a deployment that is ready live."""
    token, number = await _deployer(request), _number(request)
    workspaces = _workspaces(request)
    outcome = await run_in_threadpool(workspaces.set_live, token.workspace_id, number)
    return await _told(workspaces, token, outcome)


async def delete(request: Request) -> Response:
    """Deletes a deployment that is not live. One that was live before stays for a rollback until the next deploy."""
    token, number = await _deployer(request), _number(request)
    workspaces = _workspaces(request)
    await run_in_threadpool(workspaces.discard, token.workspace_id, number)
    row = await run_in_threadpool(workspaces.deployment, token.workspace_id, number)
    return _answer({"result": "success", "deployment": shapes.deployment_json(row)})


async def rollback(request: Request) -> Response:
    """Makes an earlier deployment live again: `to`, or the one before the live one."""
    token = await _deployer(request)
    workspaces = _workspaces(request)
    wanted = request.query_params.get("to")
    number = None if wanted is None else _as_number(wanted)
    terms = Terms(allow_destructive=_flag(request, "allow_destructive_operations"))
    outcome = await run_in_threadpool(workspaces.rollback, token.workspace_id, number, terms)
    return await _told(workspaces, token, outcome)


async def _told(workspaces: Workspaces, token: Token, outcome: Outcome) -> Response:
    if outcome.number is None:
        return _answer(shapes.deploy_json(outcome, None))
    row = await run_in_threadpool(workspaces.deployment, token.workspace_id, outcome.number)
    return _answer({"result": outcome.result, "deployment": shapes.deployment_json(row)})


async def _finished(
    workspaces: Workspaces, token: Token, files: Mapping[PurePosixPath, bytes], terms: Terms, *, promote: bool
) -> Outcome:
    return await asyncio.wrap_future(
        _threads().submit(workspaces.deploy, token.workspace_id, files, terms, promote=promote)
    )


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Deploys have threads of their own: they may take long, and requests must not wait for them."""
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="deploy")


def _seen(future: asyncio.Future[Outcome]) -> None:
    """What went wrong after the answer stands in the deployment: the failure itself is looked at here."""
    if not future.cancelled():
        future.exception()


async def _deployer(request: Request) -> Token:
    token = await token_for(request)
    if not token.may_deploy():
        raise NotPermitted("This token may not deploy. It needs the scope ADMIN or WORKSPACE:DEPLOY.")
    return token


async def _files(request: Request) -> dict[PurePosixPath, bytes]:
    """The project's files as the parts of the form. Raises InvalidInput."""
    files: dict[PurePosixPath, bytes] = {}
    total = 0
    async with request.form(max_files=MAX_FILES + 1, max_fields=16) as form:
        for name, part in form.multi_items():
            if name == _CONTEXT:
                continue
            if name not in (_PROJECT, _VENDORED) or not isinstance(part, UploadFile):
                raise InvalidInput(
                    f"A part named '{name[:50]}' is no file of a project: send each as a file named {_PROJECT}.",
                    field=name[:50],
                )
            path = _path(part.filename or "", is_vendored=name == _VENDORED)
            body = await part.read()
            total += len(body)
            if total > MAX_PROJECT_BYTES:
                raise InvalidInput("The project is too large.", field=_PROJECT)
            files[path] = body
    if not files:
        raise InvalidInput(f"There is no project in this request: send its files as parts named {_PROJECT}.")
    return files


def _path(name: str, *, is_vendored: bool) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if not name or len(name) > _LONGEST_PATH or path.is_absolute() or ".." in path.parts:
        raise InvalidInput(f"'{name[:100]}' is no path of a file in a project.", field=_PROJECT)
    if is_vendored and path.parts[0] != "vendor":
        return PurePosixPath("vendor", path)
    return path


def _flag(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in _TRUE


def _number(request: Request) -> int:
    return _as_number(str(request.path_params["number"]))


def _as_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput(f"'{text[:50]}' is no deployment: they are numbered 1, 2, 3 …", field="id")
    return int(text)


def _workspaces(request: Request) -> Workspaces:
    return services_of(request).platform.workspaces


def _answer(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


ROUTES: list[BaseRoute] = [
    Route("/v1/build", build, methods=["POST"]),
    Route("/v1/deploy", deploy, methods=["POST"]),
    Route("/v1/deployments", deployments, methods=["GET"]),
    Route("/v1/deployments/rollback", rollback, methods=["POST"]),
    Route("/v1/deployments/{number}", deployment, methods=["GET"]),
    Route("/v1/deployments/{number}", delete, methods=["DELETE"]),
    Route("/v1/deployments/{number}/set-live", set_live, methods=["POST"]),
]
