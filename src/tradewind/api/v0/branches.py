"""Other workspaces by their address: /b/BRANCH/v0/… is /v0/… of a branch of the token's workspace, and
/live/v0/… that of the live shop.
"""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from tradewind.api.services import Services
from tradewind.warehouse.serving.errors import NotReadable
from tradewind.warehouse.workspaces.scopes import READ_ALL, Token
from tradewind.warehouse.workspaces.scopes import Scope as TokenScope

PREFIXES = ("/b", "/live/v0")
_ELSEWHERE = re.compile(r"/(?:b/([^/]+)|live)(/v[01]/.*)")
_BRANCH = "tradewind.branch"
_LIVE = "/live"
"""In place of a branch's name, which cannot hold a slash: the live shop."""


class Branched:
    """Lets /b/BRANCH/v0/… mean /v0/… of that branch: the token is that of the workspace it belongs to.

    /live/v0/… is read with the live shop's own tokens, and with the first workspace's admin token.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _ELSEWHERE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is not None:
            path = found[2]
            scope = {**scope, "path": path, "raw_path": path.encode(), _BRANCH: found[1] or _LIVE}
        await self.app(scope, receive, send)


def is_branched(request: Request) -> bool:
    """Whether the address names another workspace than the token's."""
    return _BRANCH in request.scope


def in_branch(request: Request, token: Token) -> Token:
    """The token as it counts for this request: in a branch of its workspace, or in the live shop, if the path says so.

    Raises NotFound and NotReadable.
    """
    branch = request.scope.get(_BRANCH)
    if branch is None:
        return token
    services: Services = request.app.state.services
    workspaces = services.platform.workspaces
    if branch != _LIVE:
        return replace(token, workspace_id=workspaces.branches.find(token.workspace_id, str(branch)).id)
    live = services.platform.live_shop.release.workspace_id
    if token.workspace_id == live:
        return token
    if token.workspace_id != workspaces.default() or not token.is_admin:
        raise NotReadable("The live shop is read with a token of its own, or with the first workspace's admin token.")
    # Whoever runs the product may see all of it. What is in it comes from the shop: nobody writes it by hand.
    return replace(token, workspace_id=live, scopes=(TokenScope(READ_ALL),))
