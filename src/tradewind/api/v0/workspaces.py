"""Workspaces, branches and variables under /v0 and /v1, and what a client on this machine asks for first."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0 import shapes
from tradewind.api.v0.access import services_of, token_for
from tradewind.api.v0.answering import parameters_of
from tradewind.api.wire import to_json
from tradewind.core.errors import InvalidInput, NotFound, NotPermitted
from tradewind.warehouse.workspaces.scopes import Token
from tradewind.warehouse.workspaces.service import Workspaces
from tradewind.warehouse.workspaces.store import Home

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "testclient"})
_EXAMPLE = """\
### What an endpoint answers
GET {url}/v0/pipes/PIPE.json
Authorization: Bearer TOKEN

### SQL, read only
GET {url}/v0/sql?q=SELECT%201%20FORMAT%20JSON
Authorization: Bearer TOKEN

### Rows into a data source
POST {url}/v0/events?name=DATASOURCE&wait=true
Authorization: Bearer TOKEN

{{"timestamp": "2026-01-01 00:00:00", "value": 1}}
"""


# --- workspaces ---


async def list_workspaces(request: Request) -> Response:
    """The workspace of the token and its branches; for the first workspace's own admin token all there are."""
    token = await _admin(request)

    def found() -> list[dict[str, Any]]:
        workspaces, tokens = _workspaces(request), services_of(request).platform.serving.tokens
        return [shapes.home_json(home, tokens.admin_value(home.id)) for home in _in_reach(workspaces, token)]

    known = await run_in_threadpool(found)
    return _answer(
        {
            "id": "tradewind",
            "email": "admin@localhost",
            "organization_id": "tradewind",
            "organization_name": "Tradewind",
            "organizations": [{"id": "tradewind", "name": "Tradewind", "role": "admin"}],
            "workspaces": known,
        }
    )


async def create_workspace(request: Request) -> Response:
    """A workspace of its own, such as clients make for each folder or branch they build in."""
    token = await _admin(request)
    values = await parameters_of(request)
    name = _text(values, "name")

    def made() -> dict[str, Any]:
        workspaces = _workspaces(request)
        if token.workspace_id != workspaces.default():
            raise NotPermitted("Only the admin token of the first workspace makes workspaces.")
        home = workspaces.branches.create_workspace(name)
        return shapes.home_json(home, services_of(request).platform.serving.tokens.admin_value(home.id))

    return _answer(await run_in_threadpool(made))


async def delete_workspace(request: Request) -> Response:
    """Takes a workspace with all that is in it."""
    token = await _admin(request)
    key = str(request.path_params["key"])

    def gone() -> None:
        workspaces = _workspaces(request)
        home = next((home for home in _in_reach(workspaces, token) if key in (home.id, home.name)), None)
        if home is None:
            raise NotFound("There is no such workspace.")
        workspaces.branches.remove(home.id)
        services_of(request).platform.serving.tokens.forget()

    await run_in_threadpool(gone)
    return _answer({"result": "success"})


# --- branches ---


async def list_branches(request: Request) -> Response:
    token = await _admin(request)
    homes = await run_in_threadpool(_workspaces(request).branches.all_of, token.workspace_id)
    return _answer({"branches": [shapes.branch_json(home) for home in homes]})


async def create_branch(request: Request) -> Response:
    """A branch, empty or with `with_data` as it is live now. Its admin token is in the answer."""
    token = await _admin(request)
    values = await parameters_of(request)
    name, with_data = _text(values, "name"), _text(values, "with_data", "") in ("1", "true")

    def made() -> dict[str, Any]:
        home = _workspaces(request).branches.create(token.workspace_id, name, with_data=with_data)
        value = services_of(request).platform.serving.tokens.admin_value(home.id)
        return shapes.branch_json(_workspaces(request).home(home.id)) | {"token": value}

    return _answer(await run_in_threadpool(made))


async def delete_branch(request: Request) -> Response:
    token = await _admin(request)

    def gone() -> None:
        branches = _workspaces(request).branches
        branches.remove(branches.find(token.workspace_id, str(request.path_params["name"])).id)
        services_of(request).platform.serving.tokens.forget()

    await run_in_threadpool(gone)
    return _answer({"result": "success"})


# --- variables ---


async def list_variables(request: Request) -> Response:
    """The names of secrets: their values are not given out again."""
    token = await _admin(request)
    names = await run_in_threadpool(_workspaces(request).secrets.names, token.workspace_id)
    return _answer({"variables": [_variable(name, at) for name, at in names]})


async def create_variable(request: Request) -> Response:
    token = await _admin(request)
    values = await parameters_of(request)
    return await _set_variable(request, token, _text(values, "name"), _text(values, "value"), may_replace=False)


async def change_variable(request: Request) -> Response:
    token = await _admin(request)
    values = await parameters_of(request)
    return await _set_variable(
        request, token, str(request.path_params["name"]), _text(values, "value"), may_replace=True
    )


async def show_variable(request: Request) -> Response:
    token = await _admin(request)
    names = dict(await run_in_threadpool(_workspaces(request).secrets.names, token.workspace_id))
    name = str(request.path_params["name"])
    if name not in names:
        raise NotFound(f"There is no secret {name}.")
    return _answer(_variable(name, names[name]))


async def delete_variable(request: Request) -> Response:
    token = await _admin(request)
    await run_in_threadpool(_workspaces(request).secrets.remove, token.workspace_id, str(request.path_params["name"]))
    return _answer({"ok": True})


async def _set_variable(request: Request, token: Token, name: str, value: str, *, may_replace: bool) -> Response:
    platform = services_of(request).platform

    def put() -> dict[str, Any]:
        now = platform.clock.now()
        platform.workspaces.secrets.put(token.workspace_id, name, value, now=now, may_replace=may_replace)
        return _variable(name, now)

    return _answer(await run_in_threadpool(put))


# --- for clients on this machine ---


async def local_tokens(request: Request) -> Response:
    """The admin tokens, for a client on the same machine; only where that is switched on."""
    platform = services_of(request).platform
    if not platform.settings.projects.local_tokens:
        raise NotPermitted(
            "This server gives no tokens away. Set TRADEWIND_PROJECTS_LOCAL_TOKENS=true to let clients on this"
            " machine have them, or read one with: tradewind token ls"
        )
    host = request.headers.get("host", "").rsplit(":", 1)[0].strip("[]")
    proxied = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
    if request.client is None or request.client.host not in _LOOPBACK or host not in _LOOPBACK or proxied:
        raise NotPermitted("Tokens are given to clients on this machine only.")

    def value() -> str:
        return platform.serving.tokens.admin_value(platform.workspaces.default())

    admin = await run_in_threadpool(value)
    return _answer({"user_token": admin, "admin_token": admin, "workspace_admin_token": admin})


async def example(request: Request) -> Response:
    """Requests to begin with, for editors that send them."""
    url = str(request.base_url).rstrip("/")
    return PlainTextResponse(_EXAMPLE.format(url=url))


async def _admin(request: Request) -> Token:
    token = await token_for(request)
    if not token.is_admin:
        raise NotPermitted("This takes the workspace's admin token.")
    return token


def _in_reach(workspaces: Workspaces, token: Token) -> list[Home]:
    homes = [home for home in workspaces.all() if not home.is_built_in]
    if token.workspace_id == workspaces.default():
        return homes
    return [home for home in homes if token.workspace_id in (home.id, home.parent_id)]


def _workspaces(request: Request) -> Workspaces:
    return services_of(request).platform.workspaces


def _variable(name: str, updated_at: Any) -> dict[str, Any]:
    return {"name": name, "type": "secret", "updated_at": updated_at}


def _text(values: Any, name: str, default: str | None = None) -> str:
    found = values.get(name, default)
    if not isinstance(found, str):
        raise InvalidInput(f"`{name}` is missing.", field=name)
    return found


def _answer(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


ROUTES: list[BaseRoute] = [
    Route("/v0/user/workspaces", list_workspaces, methods=["GET"]),
    Route("/v1/user/workspaces", list_workspaces, methods=["GET"]),
    Route("/v1/workspaces", create_workspace, methods=["POST"]),
    Route("/v1/workspaces/{key}", delete_workspace, methods=["DELETE"]),
    Route("/v1/branches", list_branches, methods=["GET"]),
    Route("/v1/branches", create_branch, methods=["POST"]),
    Route("/v1/branches/{name}", delete_branch, methods=["DELETE"]),
    Route("/v0/variables", list_variables, methods=["GET"]),
    Route("/v0/variables", create_variable, methods=["POST"]),
    Route("/v0/variables/{name}", show_variable, methods=["GET"]),
    Route("/v0/variables/{name}", change_variable, methods=["PUT"]),
    Route("/v0/variables/{name}", delete_variable, methods=["DELETE"]),
    Route("/tokens", local_tokens, methods=["GET"]),
    Route("/examples/query.http", example, methods=["GET"]),
]
