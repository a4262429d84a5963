"""/openapi.json, and /docs: a small page of our own that reads it. No asset comes from another host."""

from __future__ import annotations

from pathlib import Path

import orjson
from fastapi import FastAPI, Request
from starlette.responses import FileResponse, Response

_FOLDER = Path(__file__).parent / "docs_page"


def serve_docs(app: FastAPI) -> None:
    """Adds the pages to the app."""

    @app.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> Response:
        return Response(orjson.dumps(request.app.openapi()), media_type="application/json")

    @app.get("/docs", include_in_schema=False)
    def page() -> Response:
        return FileResponse(_FOLDER / "index.html", headers={"Cache-Control": "no-cache"})

    @app.get("/docs/docs.js", include_in_schema=False)
    def script() -> Response:
        return FileResponse(_FOLDER / "docs.js", headers={"Cache-Control": "no-cache"})

    @app.get("/docs/docs.css", include_in_schema=False)
    def style() -> Response:
        return FileResponse(_FOLDER / "docs.css", headers={"Cache-Control": "no-cache"})
