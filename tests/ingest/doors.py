"""A server with a workspace of the test's own, and a client of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.api.conftest import serving, wait_until
from tests.ingest.conftest import EVENTS, Workspace, make_release
from tests.spine import NOON, a_platform
from tests.warehouse.serving.projects import HandMade
from tradewind.core.clock import ManualClock
from tradewind.warehouse.workspaces.release import Release

EVENT = {"timestamp": "2026-03-10 12:00:00", "event": "view", "product": "MUG"}
LINE = json.dumps(EVENT).encode()
MEGABYTE = 1024**2


@dataclass
class Door:
    client: httpx.Client
    made: HandMade
    workspace: Workspace

    def post(
        self, content: Any = LINE, *, token: str | None = None, headers: dict[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        """POST /v0/events."""
        given = {name: value for name, value in ({"name": "events"} | query).items() if value is not None}
        return self.client.post("/v0/events", params=given, content=content, headers=self.headers(token, headers))

    def ask(self, method: str, path: str, *, token: str | None = None, **more: Any) -> httpx.Response:
        return self.client.request(method, path, headers=self.headers(token, more.pop("headers", None)), **more)

    def headers(self, token: str | None, more: dict[str, str] | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {token or self.admin}"} | (more or {})

    @property
    def admin(self) -> str:
        return self.made.admin(self.workspace.release.workspace_id)

    def deploy(self, *sources: Any, views: dict[str, str] | None = None, **more: Any) -> Release:
        workspace_id = self.workspace.release.workspace_id
        _, database = self.made.homes[workspace_id]
        warehouse = self.made.platform.warehouse
        release = make_release(warehouse, *sources, views=views, workspace_id=workspace_id, database=database, **more)
        self.made.releases[workspace_id] = self.workspace.release = release
        return release

    def job(self, answer: httpx.Response) -> Any:
        """The job that an answer names, once it is over."""
        assert answer.status_code == 200, answer.text
        workspace_id = self.workspace.release.workspace_id
        return self.made.platform.jobs.wait(workspace_id, answer.json()["job_id"], 60)

    def new_workspace(self, name: str) -> None:
        workspace_id = self.made.workspace(name)
        self.workspace.release = Release(workspace_id, "", "", 0, None, {})  # type: ignore[arg-type]  # none yet
        self.deploy(EVENTS)


@contextmanager
def a_door(folder: Path, engine: Path, template: Path) -> Iterator[Door]:
    areas: dict[str, Any] = {"ingest": {"max_body_mb": 1, "max_unpacked_mb": 2, "max_file_mb": 20, "batch_wait_ms": 5}}
    url = f"sqlite:///{shutil.copy(template, folder / 'store.db')}"
    clock = ManualClock(NOON)
    secret = "k3y-0f-tests-" + "abcdefghij" * 3
    with a_platform(folder, engine, database_url=url, clock=clock, secret_key=secret, **areas) as platform:
        made = HandMade(platform)
        platform.serving.releases = made
        platform.start()
        with serving(platform, clock) as api:
            try:
                nothing = Release("", "", "", 0, None, {})  # type: ignore[arg-type]  # none yet
                yield Door(api.client, made, Workspace(platform.warehouse, platform.ingest, nothing))
            finally:
                landing = platform.ingest.landing
                wait_until(
                    lambda: not [f.table for f in landing.followers() if not landing.caught_up(f.following.table)]
                )
                made.drop()
