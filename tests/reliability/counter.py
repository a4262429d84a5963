"""A server that only sells: `python -m tests.reliability.counter <database url> <secret key>` prints its address.

The warehouse is not opened: nothing here reads it, two processes could not share its folder, and the threads of
its engine would not come through a fork.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from tests.spine import NOON
from tradewind.api.app import create_app
from tradewind.api.http_server import server_config
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.registry import Connectors
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.settings import load_settings
from tradewind.core.signals import Signal
from tradewind.core.sockets import bound
from tradewind.platform import Platform
from tradewind.warehouse.client import Warehouse

ROOT = Path(__file__).resolve().parent.parent.parent


class Counter(Platform):
    """The part of a platform that sells. It is always noon."""

    def __init__(self, database_url: str, secret_key: str) -> None:
        told = {"database": {"url": database_url}, "secret_key": secret_key, "payments": {"test_secret": secret_key}}
        self.settings = load_settings(**told)
        self.clock = ManualClock(NOON)
        self.database = Database(self.settings.database_url)
        self.warehouse = Warehouse.__new__(Warehouse)
        self.warehouse.path = None
        # No account is connected, so its locks are never taken.
        self.sync = Engine(self.database, self.clock, Connectors(), lambda: secret_key, folder=Path("locks"))
        self._landed = Signal()

    @property
    def landed(self) -> Signal:
        return self._landed


@contextmanager
def counters(count: int, database_url: str, secret_key: str) -> Iterator[list[str]]:
    """The addresses of so many servers, each in a process of its own, on one store."""
    line = [sys.executable, "-m", "tests.reliability.counter", database_url, secret_key]
    processes = [subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    try:
        yield [process.stdout.readline().strip() for process in processes if process.stdout is not None]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.communicate(timeout=30)


def _main(database_url: str, secret_key: str) -> None:
    platform = Counter(database_url, secret_key)
    try:
        with bound("127.0.0.1", 0) as listening:
            listening.listen()
            server = uvicorn.Server(server_config(create_app(platform)))
            sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
            sys.stdout.flush()
            asyncio.run(server.serve([listening]))
    finally:
        platform.database.close()


if __name__ == "__main__":
    _main(*sys.argv[1:])
