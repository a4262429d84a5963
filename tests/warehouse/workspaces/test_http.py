"""Builds, deploys and workspaces over HTTP, as the format's own clients ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
import pytest

from tests.api.conftest import serving
from tests.spine import NOON, a_platform
from tests.warehouse.workspaces.test_deploy import BY_DAY, EVENTS, TOTALS, a_project, with_view
from tradewind.core.clock import ManualClock
from tradewind.platform import Platform

ROW = b'{"at": "2026-03-01 10:00:00", "user": "ann", "amount": 5}'


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


def test_a_deploy_answers_with_what_it_changed_and_is_served(server: Server) -> None:
    told = server.deploy(with_view())

    assert told["result"] == "success"
    deployment = told["deployment"]
    assert (deployment["id"], deployment["status"], deployment["live"]) == ("1", "data_ready", True)
    assert deployment["new_datasource_names"] == ["daily", "events"]
    assert deployment["new_pipe_names"] == ["by_day", "totals"]
    sent = server.client.post(
        "/v0/events",
        params={"name": "events", "wait": "true"},
        content=ROW,
        headers={"Authorization": f"Bearer {server.token}"},
    )
    assert sent.status_code == 200, sent.text
    assert server.total() == 1
    assert server.deploy(with_view())["result"] == "no_changes"


def test_a_check_and_a_failed_deploy_change_nothing(server: Server) -> None:
    assert server.deploy(with_view(), check="true")["result"] == "success"
    told = server.deploy(with_view(totals__pipe=TOTALS.replace("daily", "dayly")))

    assert told["result"] == "failed"
    (error,) = told["deployment"]["errors"]
    assert error["filename"] == "totals.pipe"
    assert "dayly" in error["error"]
    assert server.send("GET", "/v1/deployments").json() == {"deployments": []}


def test_a_staged_deployment_is_read_by_who_asks_for_it_and_set_live(server: Server) -> None:
    server.deploy(with_view())
    changed = TOTALS.replace("countMerge(events)", "countMerge(events) + 100")

    staged = server.deploy(with_view(totals__pipe=changed), auto_promote="false")["deployment"]

    assert (staged["status"], staged["live"]) == ("data_ready", False)
    assert server.total() == 0
    answer = server.send("GET", "/v0/pipes/totals.json", __tb__deployment="staging")
    assert answer.json()["data"][0]["events"] == 100
    assert server.send("POST", f"/v1/deployments/{staged['id']}/set-live").json()["deployment"]["live"]
    assert server.total() == 100
    listed = server.send("GET", "/v1/deployments").json()["deployments"]
    assert [(d["id"], d["status"], d["live"]) for d in listed] == [("2", "data_ready", True), ("1", "deleted", False)]
    assert server.send("POST", "/v1/deployments/rollback").json()["deployment"]["id"] == "1"
    assert server.total() == 0


def test_a_staged_deployment_can_be_thrown_away(server: Server) -> None:
    server.deploy(a_project())
    staged = server.deploy(with_view(), auto_promote="false")["deployment"]
    assert server.send("POST", "/v1/deploy", a_project(x__pipe=TOTALS.replace("daily", "events"))).status_code in (
        200,
        409,
    )

    assert server.send("DELETE", f"/v1/deployments/{staged['id']}").json()["deployment"]["status"] == "deleted"

    assert server.send("GET", "/v0/pipes/totals.json").status_code == 404
    assert server.deploy(with_view())["deployment"]["live"]


def test_a_build_in_a_workspace_of_its_own_is_live_there_without_ttl(server: Server) -> None:
    made = server.send("POST", "/v1/workspaces", name="folder_1").json()
    expiring = with_view(events__datasource=EVENTS + 'ENGINE_TTL "at + INTERVAL 1 DAY"\n')

    answer = server.send("POST", "/v1/build", expiring, token=made["token"]).json()

    assert (answer["result"], answer["build"]["errors"]) == ("success", [])
    sent = server.client.post(
        "/v0/events",
        params={"name": "events", "wait": "true"},
        content=ROW.replace(b"2026", b"2001"),
        headers={"Authorization": f"Bearer {made['token']}"},
    )
    assert sent.json() == {"successful_rows": 1, "quarantined_rows": 0}
    assert server.total(token=made["token"]) == 1
    assert server.send("GET", "/v0/pipes/totals.json").status_code == 404
    names = [known["name"] for known in server.send("GET", "/v1/user/workspaces").json()["workspaces"]]
    assert names == ["default", "folder_1"]
    assert server.send("DELETE", f"/v1/workspaces/{made['id']}").status_code == 200
    assert server.send("GET", "/v0/pipes/totals.json", token=made["token"]).status_code == 403


def test_a_build_never_replaces_what_was_deployed(server: Server) -> None:
    server.deploy(a_project())

    answer = server.send("POST", "/v1/build", with_view())

    assert answer.status_code == 409
    assert "branch" in answer.json()["error"]
    assert server.send("POST", "/v1/build", with_view(), check="true").json()["result"] == "success"


def test_a_branch_has_an_address_and_a_database_of_its_own(server: Server) -> None:
    server.deploy(with_view())
    server.platform.ingest.append(live(server), "events", ROW, wait=True)
    assert server.send("POST", "/v1/branches", name="try", with_data="true").status_code == 200
    assert server.send("POST", "/v1/branches", name="empty").status_code == 200

    server.deploy(
        with_view(totals__pipe=TOTALS.replace("countMerge(events)", "countMerge(events) * 10")), "/b/try/v1/deploy"
    )
    sent = server.client.post(
        "/b/try/v0/events",
        params={"name": "events", "wait": "true"},
        content=ROW,
        headers={"Authorization": f"Bearer {server.token}"},
    )

    assert sent.status_code == 200, sent.text
    assert server.total("/b/try") == 20
    assert server.total() == 1
    assert server.send("GET", "/b/empty/v0/pipes/totals.json").status_code == 404
    assert server.send("GET", "/b/none/v0/pipes/totals.json").status_code == 404
    assert [known["name"] for known in server.send("GET", "/v1/branches").json()["branches"]] == ["empty", "try"]
    database = server.platform.workspaces.branches.find(server.platform.workspaces.default(), "try").database
    assert server.send("DELETE", "/v1/branches/try").status_code == 200
    assert server.platform.warehouse.query(f"SELECT 1 FROM system.databases WHERE name = '{database}'") == []
    assert server.total() == 1


def test_a_stranger_s_branch_is_out_of_reach(server: Server) -> None:
    other = server.send("POST", "/v1/workspaces", name="other").json()
    server.send("POST", "/v1/branches", name="try")

    assert server.send("GET", "/b/try/v0/pipes", token=other["token"]).status_code == 404
    assert server.send("POST", "/v1/workspaces", name="third", token=other["token"]).status_code == 403


def test_secrets_are_set_changed_and_never_shown(server: Server) -> None:
    assert server.send("POST", "/v0/variables", name="KEY", value="first").status_code == 200
    assert server.send("POST", "/v0/variables", name="KEY", value="again").status_code == 409
    assert server.send("PUT", "/v0/variables/KEY", value="second").status_code == 200

    listed = server.send("GET", "/v0/variables").json()["variables"]
    assert [known["name"] for known in listed] == ["KEY"]
    assert "second" not in server.send("GET", "/v0/variables/KEY").text
    endpoint = "NODE n\nSQL >\n    %\n    SELECT {{tb_secret('KEY')}} AS value\nTYPE endpoint\n"
    server.deploy(a_project(secret__pipe=endpoint))
    assert server.send("GET", "/v0/pipes/secret.json").json()["data"] == [{"value": "second"}]
    assert server.send("DELETE", "/v0/variables/KEY").status_code == 200
    assert server.send("GET", "/v0/variables").json() == {"variables": []}


def test_lines_of_files_make_tokens_whose_values_stay(server: Server) -> None:
    server.deploy(with_view(totals__pipe='TOKEN "dashboard" READ\n' + TOTALS))
    workspace = server.platform.workspaces.default()
    value = server.platform.serving.tokens.get(workspace, "dashboard").value
    assert server.total(token=value) == 0

    changed = BY_DAY.replace("sum(amount)", "sum(amount * 2)")
    server.deploy(with_view(totals__pipe='TOKEN "dashboard" READ\n' + TOTALS, by_day__pipe=changed))

    assert server.total(token=value) == 0
    assert server.send("POST", "/v1/deploy", a_project(), token=value).status_code == 403


def test_tokens_are_given_to_this_machine_only(server: Server) -> None:
    assert server.client.get("/tokens").json()["workspace_admin_token"] == server.token
    assert server.client.get("/tokens", headers={"Host": "shop.example.com"}).status_code == 403
    assert server.client.get("/tokens", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
    assert "/v0/pipes/" in server.client.get("/examples/query.http").text


@pytest.mark.parametrize("name", ["../x.pipe", "/etc/x.pipe", ""])
def test_a_path_out_of_the_project_is_refused(server: Server, name: str) -> None:
    parts = [("data_project://", (name, b"", "text/plain"))]
    headers = {"Authorization": f"Bearer {server.token}"}

    assert server.client.post("/v1/deploy", files=parts, headers=headers).status_code == 400


def live(server: Server) -> Any:
    release = server.platform.workspaces.live(server.platform.workspaces.default())
    assert release is not None
    return release
