"""A warehouse of this process's engine, and the gateway on top of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tradewind.core.settings import WarehouseSettings
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway import Access, GatewayServer, serve_gateway

READER, WRITER = "secret-of-the-reader", "secret-of-the-writer"
_ACCESS = {READER: Access("reader"), WRITER: Access("writer", may_write=True)}


@dataclass(frozen=True)
class Door:
    """The gateway as a client finds it: a port, and the two tokens that open it."""

    host: str
    port: int
    warehouse: Warehouse
    reader: str = READER
    writer: str = WRITER
    seconds: float = field(default=30.0, compare=False)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/"

    def read(self, sql: str, **parameters: Any) -> httpx.Response:
        """POSTs a statement with the reader's token."""
        return self.send(sql, self.reader, **parameters)

    def write(self, sql: str | bytes, **parameters: Any) -> httpx.Response:
        """POSTs a statement with the writer's token."""
        return self.send(sql, self.writer, **parameters)

    def send(
        self, sql: str | bytes, token: str, headers: dict[str, str] | None = None, **parameters: Any
    ) -> httpx.Response:
        return httpx.post(
            self.url, content=sql, params=parameters, auth=("someone", token), headers=headers, timeout=self.seconds
        )


@pytest.fixture(scope="module")
def engine_warehouse(chdb_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse for the tests of a module, with a short query limit."""
    limits = WarehouseSettings(query_timeout_seconds=3, query_max_rows=200_000, readers=3)
    warehouse = Warehouse(f"chdb://{chdb_path}", limits)
    yield warehouse
    warehouse.command(f"DROP DATABASE IF EXISTS `{warehouse.database}` SYNC")
    warehouse.close()


@pytest.fixture(scope="module")
def gateway(engine_warehouse: Warehouse) -> Iterator[GatewayServer]:
    server = serve_gateway(engine_warehouse, lambda _, password: _ACCESS.get(password), port=0)
    yield server
    server.stop()


@pytest.fixture
def door(gateway: GatewayServer, engine_warehouse: Warehouse) -> Iterator[Door]:
    """The gateway over a table `things` with three rows; what a test makes beside it is dropped again."""
    engine_warehouse.command(
        "CREATE TABLE things (id UInt64, name String, price Decimal(18, 2)) ENGINE = MergeTree ORDER BY id"
    )
    engine_warehouse.command("INSERT INTO things VALUES (1, 'mug', 9.99), (2, 'bowl', 12.5), (3, 'jug', 20)")
    yield Door("127.0.0.1", gateway.port, engine_warehouse)
    for row in engine_warehouse.query("SELECT name FROM system.tables WHERE database = currentDatabase()"):
        engine_warehouse.command(f"DROP TABLE `{row['name']}` SYNC")
