"""Branches by their address: /b/BRANCH/v0/… is /v0/… of a branch of the token's workspace."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from tradewind.api.services import Services
from tradewind.warehouse.workspaces.scopes import Token

PREFIX = "/b"
_BRANCHED = re.compile(r"/b/([^/]+)(/v[01]/.*)")
_BRANCH = "tradewind.branch"


class Branched:
    """Lets /b/BRANCH/v0/… mean /v0/… of that branch: the token is that of the workspace it belongs to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _BRANCHED.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is not None:
            path = found[2]
            scope = {**scope, "path": path, "raw_path": path.encode(), _BRANCH: found[1]}
        await self.app(scope, receive, send)


def is_branched(request: Request) -> bool:
    """Whether the address names a branch."""
    return _BRANCH in request.scope


def in_branch(request: Request, token: Token) -> Token:
    """The token as it counts for this request: in a branch of its workspace, if the path names one."""
    branch = request.scope.get(_BRANCH)
    if branch is None:
        return token
    services: Services = request.app.state.services
    home = services.platform.workspaces.branches.find(token.workspace_id, str(branch))
    return replace(token, workspace_id=home.id)
