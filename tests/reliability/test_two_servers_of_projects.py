"""Two servers on one PostgreSQL: what one deploys, gives and sets, the other serves.

Both run in this process, for the embedded engine has one owner; it stands in for the ClickHouse server that two
processes would share. Each has a folder, a connection pool and an HTTP server of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.conftest import serving, wait_until
from tests.spine import a_platform
from tests.warehouse.serving.projects import NOW
from tradewind.core.clock import ManualClock
from tradewind.core.exclusion import only_here
from tradewind.platform import Platform
from tradewind.warehouse.workspaces import store
from tradewind.warehouse.workspaces.store import Status

KEY = "k3y-0f-tests-" + "abcdefghij" * 3
SOURCE = "SCHEMA >\n    id UInt32 `json:$.id`\nENGINE MergeTree\nENGINE_SORTING_KEY id\n"
TOP = """NODE top
SQL >
    %
    SELECT {factor} * count() AS n, {{{{tb_secret('SALT', 'none')}}}} AS salt FROM sold
TYPE endpoint
"""


@dataclass
class Server:
    client: httpx.Client
    platform: Platform
    admin: str

    def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.admin}"}
        return self.client.request(method, path, headers=headers, **more)

    def deploy(self, factor: int, base: str = "", **parameters: str) -> None:
        files = {"sold.datasource": SOURCE, "top.pipe": TOP.format(factor=factor)}
        parts = [("data_project://", (name, text, "text/plain")) for name, text in files.items()]
        asked = {"auto_promote": "true"} | parameters
        told = self.ask("POST", f"{base}/v1/deploy", params=asked, files=parts).json()
        assert told["result"] == "success", told

    def answer(self, base: str = "", token: str | None = None, **parameters: str) -> Any:
        found = self.ask("GET", f"{base}/v0/pipes/top.json", token, params=parameters)
        return found.json()["data"][0] if found.status_code == 200 else found.status_code


@pytest.fixture
def two(fresh_postgres: str, chdb_path: Path, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    clock = ManualClock(NOW)
    with ExitStack() as stack:
        servers = []
        for name in ("one", "other"):
            platform = stack.enter_context(
                a_platform(tmp_path / name, chdb_path, database_url=fresh_postgres, clock=clock, secret_key=KEY)
            )
            platform.start()
            client = stack.enter_context(serving(platform, clock)).client
            servers.append(Server(client, platform, platform.serving.tokens.admin_value(platform.workspaces.default())))
        one, other = servers
        assert one.admin == other.admin
        yield one, other
        for home in one.platform.workspaces.all():
            one.platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")


def test_what_one_server_does_the_other_serves(two: tuple[Server, Server]) -> None:
    one, other = two
    assert other.answer() == 404

    one.deploy(1)
    wait_until(lambda: other.answer() == {"n": 0, "salt": "none"})
    sent = one.ask("POST", "/v0/events", params={"name": "sold", "wait": "true"}, content=b'{"id": 1}')
    assert sent.status_code == 200
    one.deploy(10)
    wait_until(lambda: other.answer() == {"n": 10, "salt": "none"})

    # Staged, then live, then back.
    one.deploy(100, auto_promote="false")
    wait_until(lambda: other.answer(__tb__deployment="staging") == {"n": 100, "salt": "none"})
    assert other.answer() == {"n": 10, "salt": "none"}
    assert one.ask("POST", "/v1/deployments/3/set-live").status_code == 200
    wait_until(lambda: other.answer() == {"n": 100, "salt": "none"})
    assert one.ask("POST", "/v1/deployments/rollback").status_code == 200
    wait_until(lambda: other.answer() == {"n": 10, "salt": "none"})

    # Secrets, set and taken away.
    assert other.ask("POST", "/v0/variables", params={"name": "SALT", "value": "sea"}).status_code == 200
    wait_until(lambda: other.answer() == {"n": 10, "salt": "sea"})
    wait_until(lambda: one.answer() == {"n": 10, "salt": "sea"})
    one.platform.clock.advance(seconds=1)  # type: ignore[attr-defined]  # it is a clock of the test's
    assert one.ask("PUT", "/v0/variables/SALT", params={"value": "rock"}).status_code == 200
    wait_until(lambda: other.answer() == {"n": 10, "salt": "rock"})
    assert one.ask("DELETE", "/v0/variables/SALT").status_code == 200
    wait_until(lambda: other.answer() == {"n": 10, "salt": "none"})

    # Tokens, given and taken away.
    made = one.ask("POST", "/v0/tokens", params={"name": "reader", "scope": "PIPES:READ:top"}).json()["token"]
    wait_until(lambda: other.answer(token=made) == {"n": 10, "salt": "none"})
    assert one.ask("DELETE", "/v0/tokens/reader").status_code in (200, 204)
    wait_until(lambda: other.answer(token=made) == 403)

    # Branches, made, deployed to and removed.
    assert one.ask("POST", "/v1/branches", params={"name": "try"}).status_code == 200
    assert other.answer("/b/try") == 404
    one.deploy(7, "/b/try")
    wait_until(lambda: other.answer("/b/try") == {"n": 0, "salt": "none"})
    assert one.ask("DELETE", "/v1/branches/try").status_code == 200
    wait_until(lambda: other.answer("/b/try") == 404)
    assert "try" not in {home.name for home in other.platform.workspaces.all()}
    assert other.answer() == {"n": 10, "salt": "none"}


def test_two_servers_never_deploy_a_workspace_at_once(two: tuple[Server, Server]) -> None:
    one, other = two
    one.deploy(1)
    workspace = one.platform.workspaces.default()
    with one.platform.workspaces.deploys.alone(workspace):
        parts = [("data_project://", ("sold.datasource", SOURCE, "text/plain"))]
        refused = other.ask("POST", "/v1/deploy", params={"auto_promote": "true"}, files=parts)
        assert refused.status_code == 409
        assert "under way" in refused.json()["error"]
    other.deploy(2)
    wait_until(lambda: one.answer() == {"n": 0, "salt": "none"} and one.platform.workspaces.live(workspace).number == 2)  # type: ignore[union-attr]  # it is live


def test_a_server_that_starts_leaves_alone_what_another_is_deploying(two: tuple[Server, Server]) -> None:
    one, other = two
    one.deploy(1)
    workspace = one.platform.workspaces.default()
    begun = threading.Event()
    go_on = threading.Event()

    def deploying() -> None:
        with one.platform.workspaces.deploys.alone(workspace):
            with one.platform.database.write() as tx:
                store.add_release(tx, workspace, b"", {}, now=NOW)
            begun.set()
            go_on.wait(30)

    thread = threading.Thread(target=deploying)
    thread.start()
    assert begun.wait(30)
    other.platform.workspaces.recover()
    assert one.platform.workspaces.deployment(workspace, 2).status == Status.CREATING_SCHEMA
    go_on.set()
    thread.join()
    other.platform.workspaces.recover()
    assert one.platform.workspaces.deployment(workspace, 2).status == Status.FAILED, "now nobody is at it"


def test_a_name_is_held_by_one_at_a_time_and_given_back(fresh_postgres: str, migrated_sqlite: Path) -> None:
    from tradewind.core.database import Database

    first, second, alone = Database(fresh_postgres), Database(fresh_postgres), Database(f"sqlite:///{migrated_sqlite}")
    try:
        with only_here(first, "x") as mine, only_here(second, "x") as theirs, only_here(second, "y") as another:
            assert (mine, theirs, another) == (True, False, True)
        with only_here(second, "x") as theirs:
            assert theirs
        with only_here(alone, "x") as mine:
            assert mine
    finally:
        for database in (first, second, alone):
            database.close()
