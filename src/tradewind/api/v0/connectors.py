"""`/v0/connectors`: the connections of the deployed project."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.access import release_of, token_for
from tradewind.api.wire import answer
from tradewind.core.errors import NotPermitted


async def all_of_them(request: Request) -> Response:
    """Their names and kinds; what they hold are secrets, and is not shown."""
    token = await token_for(request)
    if not (token.reads_all or token.may_deploy()):
        raise NotPermitted("Connections are listed with a token that reads or deploys the whole workspace.")
    connections = release_of(request, token).project.connections
    return answer(
        {
            "connectors": [
                {"id": name, "name": name, "service": connections[name].type, "settings": {}}
                for name in sorted(connections)
            ]
        }
    )


ROUTES: list[BaseRoute] = [Route("/v0/connectors", all_of_them, methods=["GET"])]
