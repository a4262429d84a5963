"""The addresses that a server listens on: taken, refused, and told to people."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tradewind.core.errors import Conflict
from tradewind.core.sockets import bound


class PortTaken(Conflict):
    code = "port_taken"

    def __init__(self, host: str, port: int, option: str) -> None:
        super().__init__(f"Port {port} on {host} is in use by another program. Choose another with {option}.")


@contextmanager
def listening(host: str, port: int, option: str) -> Iterator[socket.socket]:
    """A socket on the address, taken before anything else is begun."""
    try:
        taken = bound(host, port)
    except PermissionError:
        raise Conflict(
            f"Port {port} needs more rights than this user has. Choose one above 1023 with {option}."
        ) from None
    except OSError as failure:
        if isinstance(failure, socket.gaierror):
            raise Conflict(f"'{host}' is not an address of this machine. Use --host 127.0.0.1 or 0.0.0.0.") from failure
        raise PortTaken(host, port, option) from failure
    with taken:
        yield taken


def as_typed(host: str) -> str:
    """The address as a person would type it."""
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):  # noqa: S104 (compared, not bound)
        return "localhost"
    return f"[{host}]" if ":" in host else host


def reachable(host: str) -> str:
    """Where a command on this machine finds what listens there."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
