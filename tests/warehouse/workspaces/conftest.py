"""Workspaces on a real store and this process's engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
import pytest

from tests.api.conftest import serving
from tests.spine import a_platform
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.platform import Platform
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.workspaces.plan import Terms
from tradewind.warehouse.workspaces.service import Outcome, Workspaces

KEY = "a key for tests that nobody else would ever choose 0123456789"
NOON = "2026-03-10T12:00:00+00:00"


def files(**texts: str) -> dict[PurePosixPath, bytes]:
    """A project's files: `events__datasource="…"` is the file events.datasource."""
    return {PurePosixPath(".".join(name.rsplit("__", 1))): text.encode() for name, text in texts.items()}


@dataclass
class Bench:
    """A workspace to deploy to, and short ways to look into it."""

    workspaces: Workspaces
    warehouse: Warehouse
    clock: ManualClock

    @property
    def id(self) -> str:
        return self.workspaces.default()

    def deploy(self, project: dict[PurePosixPath, bytes], **terms: Any) -> Outcome:
        promote = terms.pop("promote", True)
        return self.workspaces.deploy(self.id, project, Terms(**terms), promote=promote)

    def deployed(self, project: dict[PurePosixPath, bytes], **terms: Any) -> Outcome:
        outcome = self.deploy(project, **terms)
        assert outcome.result == "success", [str(finding) for finding in outcome.findings]
        return outcome

    def table(self, name: str) -> str:
        release = self.workspaces.live(self.id)
        assert release is not None
        found = release.table(name)
        assert found is not None, name
        return found

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query in which `{name}` is the live table of a data source."""
        release = self.workspaces.live(self.id)
        assert release is not None
        names = {name: self.table(name) for name in release.project.sources}
        return [tuple(row.values()) for row in self.warehouse.query(sql.format(**names))]

    def value(self, sql: str) -> Any:
        ((found,),) = self.rows(sql)
        return found

    def insert(self, name: str, select: str) -> None:
        self.warehouse.command(f"INSERT INTO {self.table(name)} {select}")


@pytest.fixture
def warehouse(chdb_path: Path) -> Iterator[Warehouse]:
    warehouse = Warehouse(f"chdb://{chdb_path}")
    yield warehouse
    for row in warehouse.query("SELECT name FROM system.databases WHERE name LIKE 'ws\\_%'"):
        warehouse.command(f"DROP DATABASE `{row['name']}` SYNC")
    warehouse.command(f"DROP DATABASE IF EXISTS `{warehouse.database}` SYNC")
    warehouse.close()


@pytest.fixture
def bench(migrated_sqlite: Path, tmp_path: Path, warehouse: Warehouse) -> Iterator[Bench]:
    path = tmp_path / "store.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    clock = ManualClock(NOON)
    yield Bench(Workspaces(database, warehouse, clock, lambda: KEY), warehouse, clock)
    database.close()


@dataclass
class Server:
    client: httpx.Client
    platform: Platform
    token: str

    def send(
        self,
        method: str,
        path: str,
        files: Mapping[PurePosixPath, bytes] | None = None,
        token: str | None = None,
        **parameters: Any,
    ) -> httpx.Response:
        parts = None
        if files is not None:
            parts = [("context://", ("context://", "{}", "application/json"))]
            parts += [("data_project://", (str(name), text.decode(), "text/plain")) for name, text in files.items()]
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.request(method, path, params=parameters, files=parts, headers=headers)

    def deploy(self, files: Mapping[PurePosixPath, bytes], path: str = "/v1/deploy", **parameters: Any) -> Any:
        answer = self.send("POST", path, files, **{"auto_promote": "true"} | parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def total(self, base: str = "", token: str | None = None) -> Any:
        answer = self.send("GET", f"{base}/v0/pipes/totals.json", token=token)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"][0]["events"]


@pytest.fixture
def server(tmp_path: Path, chdb_path: Path) -> Iterator[Server]:
    clock = ManualClock(NOON)
    with a_platform(tmp_path / "data", chdb_path, clock=clock, projects={"local_tokens": True}) as platform:
        for name, loop in platform.ingest.loops():
            platform.spawn(name, loop)
        token = platform.serving.tokens.admin_value(platform.workspaces.default())
        with serving(platform, clock) as api:
            yield Server(api.client, platform, token)
        for home in platform.workspaces.all():
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")
