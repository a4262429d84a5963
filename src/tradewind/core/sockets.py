"""Sockets that servers listen on."""

from __future__ import annotations

import socket


def bound(host: str, port: int) -> socket.socket:
    """A TCP socket that has the address, for a server to listen on; port 0 picks a free one.

    Its protocol is named, because only then does the event loop switch off Nagle's algorithm on the connections that it
    accepts: otherwise an answer whose body follows its head waits 40 ms for the client's delayed acknowledgement.
    Raises OSError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made
