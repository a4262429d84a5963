"""Fetches a file from an address that somebody sent, without lending them this server's place in its network.

Only http and https, and only addresses that are the whole internet's. A name is resolved once, all of its
addresses are looked at, and the connection goes to one of those that were: what the name resolves to a moment later
plays no part. The same holds for each redirect. Hosts that the operator names are fetched from wherever they are.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence
from typing import IO, Final

import httpx

from tradewind.core.errors import InvalidInput, NotPermitted, Unavailable

_MOST_REDIRECTS: Final = 5
_ANSWERS_WITHIN: Final = 30.0
_PIECE: Final = 256 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_CARRIERS: Final = [
    ipaddress.ip_network(text)
    for text in ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
]
"""Addresses that stand for others, which they may lead to."""

Resolve = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> list[str]:
    """All addresses of a host. Raises Unavailable."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as failure:
        raise Unavailable(f"The host {host} is not found.") from failure


def is_public(address: str) -> bool:
    """Whether an address is one of the whole internet, and means nothing else in some network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    carried = found.version == 6 and any(found in network for network in _CARRIERS)
    return found.is_global and not found.is_multicast and not carried


def location(text: str) -> httpx.URL:
    """An address that may be asked for. Raises InvalidInput; says nothing of a host that must not be reached."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError, UnicodeError) as wrong:
        raise InvalidInput("url is no address of a file.", field="url") from wrong
    if url.scheme not in _PORTS or not url.host:
        raise InvalidInput("url begins with http:// or https:// and a host.", field="url")
    if url.userinfo:
        raise InvalidInput("url names no user and no password.", field="url")
    return url


class Fetcher:
    """Threads may share it."""

    def __init__(
        self, allowed_hosts: Collection[str], *, most_bytes: int, seconds: float, resolve: Resolve = resolved
    ) -> None:
        """`allowed_hosts`, as `host` or `host:port`, may have any address."""
        self._allowed = {host.lower() for host in allowed_hosts}
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._resolve = resolve

    def fetch(self, text: str, into: IO[bytes], check: Callable[[], None] = lambda: None) -> None:
        """Writes the file. `check` may stop it. Raises InvalidInput, NotPermitted, Unavailable."""
        try:
            asyncio.run(self._fetch(location(text), into, check))
        except TimeoutError as late:
            raise Unavailable(
                f"The file took longer than {self._seconds:g} s (TRADEWIND_INGEST_FETCH_SECONDS)."
            ) from late

    async def _fetch(self, url: httpx.URL, into: IO[bytes], check: Callable[[], None]) -> None:
        # A proxy of the environment's would connect for us, to what nobody has looked at.
        async with (
            asyncio.timeout(self._seconds),
            httpx.AsyncClient(trust_env=False, timeout=_ANSWERS_WITHIN) as client,
        ):
            for _ in range(_MOST_REDIRECTS + 1):
                check()
                try:
                    onward = await self._ask(client, url, into, check)
                except httpx.HTTPError as failure:
                    raise Unavailable(f"{url.host} does not give the file: {type(failure).__name__}.") from failure
                if onward is None:
                    return
                url = location(onward)
        raise InvalidInput(f"{url.host} leads on more than {_MOST_REDIRECTS} times.", field="url")

    async def _ask(
        self, client: httpx.AsyncClient, url: httpx.URL, into: IO[bytes], check: Callable[[], None]
    ) -> str | None:
        """Writes the file, or says where it is."""
        address = await asyncio.to_thread(self._address, url)
        asked = client.build_request(
            "GET",
            url.copy_with(host=address, fragment=None),
            headers={"Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity"},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        answer = await client.send(asked, stream=True)
        try:
            if answer.status_code in _REDIRECTS and "location" in answer.headers:
                return str(url.join(answer.headers["location"]))
            if answer.status_code != httpx.codes.OK:
                raise InvalidInput(f"{url.host} answers {answer.status_code} in place of the file.", field="url")
            size = 0
            async for piece in answer.aiter_raw(_PIECE):
                check()
                size += len(piece)
                if size > self._most_bytes:
                    most = self._most_bytes // 1024**2
                    raise InvalidInput(
                        f"The file is larger than {most} MB (TRADEWIND_INGEST_MAX_FILE_MB).", field="url"
                    )
                into.write(piece)
        finally:
            await answer.aclose()
        return None

    def _address(self, url: httpx.URL) -> str:
        """Where to connect to. Raises NotPermitted where any address of the host is not everybody's."""
        port = url.port or _PORTS[url.scheme]
        found = self._resolve(url.host, port)
        if not found:
            raise Unavailable(f"The host {url.host} is not found.")
        if not {url.host, f"{url.host}:{port}"} & self._allowed and not all(map(is_public, found)):
            raise NotPermitted(
                f"{url.host} is not fetched from: it has an address that is not public."
                " TRADEWIND_INGEST_FETCH_HOSTS names hosts that may have one."
            )
        return found[0]
