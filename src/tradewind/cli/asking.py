"""The way of commands to a project: over HTTP where a server runs, else to the same routes in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tradewind.core.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    import httpx

    from tradewind.cli.session import Cli

_TIMEOUT_SECONDS = 120.0


class Asking:
    """Asks as the admin of the project's workspace."""

    def __init__(self, send: Any) -> None:
        self._send = send

    def answer(self, method: str, path: str, params: Any = None, data: Any = None) -> httpx.Response:
        """The answer, whatever it says."""
        response: httpx.Response = self._send(method, path, params, data)
        return response

    def get(self, path: str, params: Any = None) -> httpx.Response:
        """The answer to a GET. Raises InvalidInput with what the server says when it says no."""
        return good(self.answer("GET", path, params))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a SELECT over the project's data sources."""
        found = good(self.answer("POST", "/v0/sql", None, {"q": f"{sql} FORMAT JSON"}))
        rows: list[dict[str, Any]] = found.json()["data"]
        return rows


def good(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        try:
            message = str(response.json()["error"])
        except (ValueError, KeyError, TypeError):
            message = f"The server answered {response.status_code}."
        raise InvalidInput(message)
    return response


@contextmanager
def asking(cli: Cli, *, seconds: float = _TIMEOUT_SECONDS, moves_rows: bool = False) -> Iterator[Asking]:
    """A way in. Raises Unavailable when a server holds the folder and does not answer yet.

    `moves_rows`: where no server does it, what waits in the log goes into its tables meanwhile; deploys wait for that.
    """
    import httpx

    from tradewind.ownership import owner_of

    settings = cli.quiet_settings()
    card = owner_of(settings.data_dir)
    if card is None:
        with _inside(cli, seconds, moves_rows=moves_rows) as found:
            yield found
        return
    if card.url is None:
        raise card.silent(settings.data_dir)
    from tradewind.cli.admin_token import admin_token

    with httpx.Client(base_url=card.url, headers=_bearer(admin_token(cli)), timeout=seconds) as client:

        def send(method: str, path: str, params: Any, data: Any) -> httpx.Response:
            try:
                return client.request(method, path, params=params, data=data)
            except httpx.HTTPError as away:
                raise Unavailable(f"{card.url} does not answer: {away}") from away

        yield Asking(send)


@contextmanager
def _inside(cli: Cli, seconds: float, *, moves_rows: bool) -> Iterator[Asking]:
    import httpx

    from tradewind.api.services import Services
    from tradewind.api.v0.app import create_v0
    from tradewind.platform import Platform

    platform = Platform(cli.quiet_settings())
    try:
        if moves_rows:
            platform.ingest.recover(platform.workspaces.live)
            for name, loop in platform.ingest.loops():
                platform.spawn(name, loop)
        headers = _bearer(platform.serving.tokens.admin_value(platform.workspaces.default()))
        services = Services.of(platform)
        with asyncio.Runner() as runner:
            transport = httpx.ASGITransport(create_v0(services))
            client = httpx.AsyncClient(transport=transport, base_url="http://project", headers=headers, timeout=seconds)

            def send(method: str, path: str, params: Any, data: Any) -> httpx.Response:
                return runner.run(client.request(method, path, params=params, data=data))

            try:
                yield Asking(send)
            finally:
                runner.run(client.aclose())
        services.cache.close()
    finally:
        platform.close()


def _bearer(value: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {value}"}
