"""The web app's files, and the page that stands in while they are not built.

Names under /assets carry a digest of the content, so a browser keeps them for ever; index.html is asked for
anew each time. Addresses that are no file and no API belong to the app's own router: they get index.html.
"""

from __future__ import annotations

import gzip
import os
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

FOLDER = Path(__file__).resolve().parent.parent / "static"
_NOT_PAGES = ("api", "v0", "ws", "assets", "docs")
_COMPRESSIBLE = (".css", ".html", ".js", ".json", ".map", ".svg", ".txt", ".xml")
_SMALLEST = 1_000
ROBOTS = "User-agent: *\nDisallow: /\n"

NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tradewind</title></head>
<body><h1>Tradewind runs; its web app is not built yet</h1>
<p>Build it with <code>make setup</code> in the checkout, then load this page again.</p>
<p>The API is there already: <a href="/docs">how to use it</a>.</p></body></html>
"""


class Site(StaticFiles):
    """Serves a folder, for every address that is no route of the API."""

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def check_config(self) -> None:
        """The folder may come later: the product runs without its web app."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path == "robots.txt" and not (self._folder / path).is_file():
            return PlainTextResponse(ROBOTS)
        try:
            response = await super().get_response(path, scope)
        except HTTPException as missing:
            if missing.status_code != 404 or not _is_page(path):
                raise
            response = await self._index(scope)
        is_lasting = path.startswith("assets/") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_lasting else "no-cache"
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        if response.status_code != 200 or stat_result.st_size < _SMALLEST:
            return response
        if not str(full_path).endswith(_COMPRESSIBLE):
            return response
        response.headers["Vary"] = "Accept-Encoding"
        if not _takes_gzip(scope):
            return response
        kept = {name: response.headers[name] for name in ("etag", "last-modified", "vary", "content-type")}
        body = _compressed(str(full_path), stat_result.st_mtime_ns)
        return Response(body, headers=kept | {"content-encoding": "gzip"})

    async def _index(self, scope: Scope) -> Response:
        if not (self._folder / "index.html").is_file():
            return HTMLResponse(NOT_BUILT)
        return await super().get_response("index.html", scope)


def _is_page(path: str) -> bool:
    """Whether the app's own router may know the address: no part of the API, and no missing file."""
    first = path.split("/", 1)[0]
    return (first not in _NOT_PAGES and "." not in path.rsplit("/", 1)[-1]) or path == "."


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


@lru_cache(maxsize=64)
def _compressed(path: str, _changed_at: int) -> bytes:
    """The file's content, packed once per version of it."""
    return gzip.compress(Path(path).read_bytes(), 9)
