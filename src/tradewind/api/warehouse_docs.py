"""/warehouse/docs: dbt's own pages of the gold tables and their graph, for whoever may read figures.

A browser asks for a name and a password: any name, and a token as the password (`tradewind token create`). Programs
send the token as they do everywhere.
"""

from __future__ import annotations

import base64
import binascii

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from tradewind.api.security import authenticate, services_of
from tradewind.commerce.access.rights import Scope
from tradewind.core.errors import NotAuthenticated, NotPermitted

_ASK = {"WWW-Authenticate": 'Basic realm="Tradewind: any name, and a token as the password", charset="UTF-8"'}
_NOT_WRITTEN = "The pages are not written yet. Write them with: tradewind warehouse docs\n"
# The page carries its script and its data in itself, and needs nothing from elsewhere.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline';"
    " img-src data:; font-src data:"
)


def serve_warehouse_docs(app: FastAPI) -> None:
    """Adds the page to the app."""

    @app.get("/warehouse/docs", include_in_schema=False)
    def warehouse_docs(request: Request) -> Response:
        services = services_of(request)
        try:
            authenticate(services, _token(request.headers.get("authorization", ""))).need(Scope.API_READ)
        except NotAuthenticated as refused:
            return PlainTextResponse(f"{refused}\n", 401, _ASK)
        except NotPermitted as refused:
            return PlainTextResponse(f"{refused}\n", 403)
        page = services.platform.settings.data_dir / "dbt" / "docs" / "index.html"
        if not page.is_file():
            return PlainTextResponse(_NOT_WRITTEN, 404)
        return FileResponse(page, headers={"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY})


def _token(header: str) -> str:
    """The token of an Authorization header of either kind. Raises NotAuthenticated."""
    kind, _, value = header.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    try:
        name_and_password = base64.b64decode(value, validate=True).decode() if kind.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        name_and_password = ""
    _, _, password = name_and_password.partition(":")
    if not password:
        raise NotAuthenticated("This needs a token: any name, and the token as the password.")
    return password
