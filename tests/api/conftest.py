"""The API as it is in production: a real server on a real port, on a real platform."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from tests.spine import NOON, a_platform
from tradewind.api.app import create_app
from tradewind.api.http_server import server_config
from tradewind.api.services import Services
from tradewind.commerce.access.rights import Role, Scope
from tradewind.commerce.access.tokens import create_token
from tradewind.commerce.access.users import create_user
from tradewind.core.clock import ManualClock
from tradewind.core.sockets import bound
from tradewind.migrations.tables import metadata
from tradewind.platform import Platform

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Api:
    """A client, and the parts behind it that tests reach for."""

    client: httpx.Client
    platform: Platform
    services: Services
    clock: ManualClock

    @property
    def address(self) -> str:
        return f"{self.client.base_url.host}:{self.client.base_url.port}"

    def sign_in(self, name: str = "ada", password: str = PASSWORD) -> dict[str, Any]:
        answer = self.client.post("/api/v1/auth/login", json={"username": name, "password": password})
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def as_user(self, name: str = "ada") -> httpx.Client:
        """The client, signed in from now on."""
        self.client.headers["Authorization"] = f"Bearer {self.sign_in(name)['access_token']}"
        return self.client

    def token(self, *scopes: Scope, name: str = "program") -> str:
        with self.platform.database.write() as tx:
            return create_token(tx, name, list(scopes), now=self.clock.now()).secret


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def platform(data_dir: Path, chdb_path: Path, clock: ManualClock) -> Iterator[Platform]:
    """A platform of the test's own, for what reads the warehouse."""
    with opened(data_dir, chdb_path, clock) as made:
        yield made


@pytest.fixture
def own_api(platform: Platform, clock: ManualClock) -> Iterator[Api]:
    with serving(platform, clock) as made:
        yield made


@pytest.fixture(scope="module")
def shared_api(chdb_path: Path, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("shared")
    url = f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'store.db')}"
    clock = ManualClock(NOON)
    with opened(folder, chdb_path, clock, url) as platform, serving(platform, clock) as made:
        yield made


@pytest.fixture
def api(shared_api: Api) -> Iterator[Api]:
    """One server for all tests of a module, as if it were new: for what only the operational store knows."""
    yield shared_api
    shared_api.client.headers.pop("Authorization", None)
    shared_api.services.cache.close()
    empty(shared_api.platform)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_api_on_both(
    request: pytest.FixtureRequest, chdb_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("shared")
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_sqlite'), folder / 'store.db')}"
    else:
        url = request.getfixturevalue("make_postgres")(request.getfixturevalue("migrated_postgres"))
    clock = ManualClock(NOON)
    with opened(folder, chdb_path, clock, url) as platform, serving(platform, clock) as made:
        yield made


@pytest.fixture
def api_on_both(shared_api_on_both: Api) -> Iterator[Api]:
    """The same, once on each engine: for queries of the operational store."""
    yield shared_api_on_both
    shared_api_on_both.client.headers.pop("Authorization", None)
    shared_api_on_both.services.cache.close()
    empty(shared_api_on_both.platform)


def empty(platform: Platform) -> None:
    """Removes everything but the people."""
    with platform.database.write() as tx:
        for table in reversed(metadata.sorted_tables):
            if table.name != "users":
                tx.execute(table.delete())


@contextmanager
def opened(data_dir: Path, engine: Path, clock: ManualClock, database_url: str | None = None) -> Iterator[Platform]:
    areas = {"security": {"login_attempts": 5}, "server": {"max_body_mb": 1}}
    with a_platform(
        data_dir, engine, clock=clock, database_url=database_url, secret_key="k3y-0f-tests-" + "abcdefghij" * 3, **areas
    ) as platform:
        with platform.database.write() as tx:
            for name, role in (("ada", Role.ADMIN), ("vic", Role.VIEWER)):
                create_user(tx, name, PASSWORD, role=role, now=clock.now(), email=f"{name}@example.com")
        yield platform


@contextmanager
def serving(platform: Platform, clock: ManualClock, *, send_buffer: int | None = None) -> Iterator[Api]:
    services = Services.of(platform)
    with bound("127.0.0.1", 0) as listening:
        if send_buffer is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)  # its connections inherit it
        app = create_app(platform, services)
        server = uvicorn.Server(server_config(app))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        wait_until(lambda: server.started)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            with httpx.Client(base_url=address, timeout=30) as client:
                yield Api(client, platform, services, clock)
        finally:
            server.should_exit = True
            thread.join(10)
            services.cache.close()


def wait_until(happened: Callable[[], object], within: float = 10.0) -> None:
    """Waits for something that another thread does."""
    pause = threading.Event()
    for _ in range(int(within / 0.01)):
        if happened():
            return
        pause.wait(0.01)
    raise AssertionError("it did not happen in time")
