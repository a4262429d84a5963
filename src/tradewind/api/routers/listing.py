"""Lists of the catalogue, kept under a name that every change of the catalogue replaces.

A caller who has the answer to the same question gets 304; others get it from memory, unless nobody has asked
since the last change. So nothing is ever served that is out of date, and nothing has to be thrown away.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from tradewind import __version__
from tradewind.api.services import Services
from tradewind.api.wire import Wire, to_json
from tradewind.commerce.catalog.upkeep import state_token

MOST_ANSWERS = 256
LARGEST_ANSWER = 128 * 1024
UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "What the ETag in If-None-Match names is still good."}
}
"""For the `responses` of such a route."""
_HEADERS = {"Cache-Control": "private, no-cache"}


class Answers:
    """The last answers, at most 32 MiB of them. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            return found

    def put(self, key: str, body: bytes) -> None:
        if len(body) > LARGEST_ANSWER:
            return
        with self._lock:
            self._known[key] = body
            if len(self._known) > MOST_ANSWERS:
                self._known.popitem(last=False)


_answers = Answers()
"""One for the process: the names of two stores' states are never the same, except when both are empty."""


def kept(request: Request, services: Services, read: Callable[[Session], Wire]) -> Response:
    """The answer of a GET that depends on its address and the catalogue alone."""
    with services.platform.database.read() as tx:
        # The name before the content: what is kept under a name is never older than it.
        key = _key(request, state_token(tx))
        headers = _HEADERS | {"ETag": f'"{key}"'}
        if _has(request, key):
            return Response(status_code=304, headers=headers)
        body = _answers.get(key)
        if body is None:
            body = to_json(read(tx))
            _answers.put(key, body)
    return Response(body, 200, headers, "application/json")


def _key(request: Request, token: str) -> str:
    asked = f"{__version__}\n{request.url.path}\n{request.url.query}\n{token}"
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _has(request: Request, key: str) -> bool:
    told = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    return "*" in told or f'"{key}"' in told
