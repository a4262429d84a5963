"""How routes come into the app: built once, where they are declared, with their whole path.

FastAPI's `include_router` builds every route a second time for the place it is included at, and asks at each
request whether a router has changed since. With 190 routes that was half a second of each start.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.params import Depends

BASE = "/api/v1"


class Router(APIRouter):
    """A router whose routes know their whole path. An operation is named after its function."""

    def __init__(
        self, prefix: str = "", *, tags: Sequence[str] = (), dependencies: Sequence[Depends] = (), base: str = BASE
    ) -> None:
        super().__init__(
            prefix=base + prefix,
            tags=list(tags),
            dependencies=dependencies,
            generate_unique_id_function=lambda route: route.name,
        )


def take_in(app: FastAPI, *routers: Router) -> None:
    """Adds the routes themselves, in order: an inclusion has nothing left to add to them."""
    for router in routers:
        app.router.routes.extend(router.routes)
