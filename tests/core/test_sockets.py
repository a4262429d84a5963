"""Sockets for servers: an answer goes out at once."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tradewind.core.sockets import bound


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_connections_that_an_event_loop_accepts_send_without_waiting(host: str) -> None:
    async def accepted_waits() -> bool:
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            mine = writer.get_extra_info("socket")
            told.set_result(not mine.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with bound(host, 0) as listening:
            server = await asyncio.start_server(connected, sock=listening)
            async with server:
                _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
                writer.close()
                return await asyncio.wait_for(told, 10)

    assert not asyncio.run(accepted_waits())


def test_an_address_that_is_taken_is_refused() -> None:
    with bound("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            bound(*taken.getsockname()[:2])
