"""Builds, deploys and workspaces over HTTP, as the format's own clients ask for them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.warehouse.workspaces.conftest import Server, files
from tests.warehouse.workspaces.test_deploy import BY_DAY, EVENTS, TOTALS, a_project, with_view

ROW = b'{"at": "2026-03-01 10:00:00", "user": "ann", "amount": 5}'


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
    for path in ("/v0/datasources/events", "/v0/pipes/totals"):
        shown = server.send("GET", path).json()
        assert (shown["created_at"], shown["updated_at"]) == (deployment["created_at"], deployment["created_at"])


def test_a_deploy_tells_of_tokens_and_of_data_that_moved(server: Server) -> None:
    server.deploy(a_project(events__datasource='TOKEN "old one" READ\n' + EVENTS))
    sent = server.client.post(
        "/v0/events",
        params={"name": "events", "wait": "true"},
        content=ROW,
        headers={"Authorization": f"Bearer {server.token}"},
    )
    assert sent.status_code == 200, sent.text
    wider = (
        EVENTS.replace("`amount` Int64", "`amount` Int32")
        + "FORWARD_QUERY >\n    SELECT at, user, toInt32(amount) AS amount\n"
    )
    told = server.deploy(a_project(events__datasource="TOKEN fresh APPEND\n" + wider))["deployment"]
    assert told["token_changes"] == {
        "added_tokens": [{"token_name": "fresh"}],
        "changed_tokens": [],
        "removed_tokens": [{"token_name": "old one"}],
    }
    assert told["data_movements"] == [
        {"datasource": "events", "operation": "moved", "reason": "through its FORWARD_QUERY"}
    ]
    assert told["changed_datasource_names"] == ["events"]


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
    by_header = {"Authorization": f"Bearer {server.token}", "X-Tb-Deployment": "staging"}
    assert server.client.get("/v0/pipes/totals.json", headers=by_header).json()["data"] == answer.json()["data"]
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


def test_a_branch_goes_with_what_rests_in_it(server: Server) -> None:
    feed = "KAFKA_CONNECTION_NAME cluster\nKAFKA_TOPIC clicks\nKAFKA_GROUP_ID readers\n"
    fed = files(clicks__datasource=f"SCHEMA >\n    `user` String `json:$.user`\n\n{feed}")
    assert server.send("POST", "/v1/branches", name="try").status_code == 200
    server.deploy(fed, "/b/try/v1/deploy")
    stopped = server.send("POST", "/b/try/v0/datasources/clicks/stop")
    assert (stopped.status_code, stopped.json()["connector"]["status"]) == (200, "stopped"), stopped.text
    assert server.send("DELETE", "/v1/branches/try").status_code == 200


def test_a_stranger_s_branch_is_out_of_reach(server: Server) -> None:
    other = server.send("POST", "/v1/workspaces", name="other").json()
    server.send("POST", "/v1/branches", name="try")

    assert server.send("GET", "/b/try/v0/pipes", token=other["token"]).status_code == 404
    assert server.send("POST", "/v1/workspaces", name="third", token=other["token"]).status_code == 403


def test_connections_are_listed_without_what_they_hold(server: Server) -> None:
    kafka = "TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS broker:9092\nKAFKA_KEY me\nKAFKA_SECRET hush\n"
    bucket = "TYPE s3\nS3_REGION eu-1\nS3_ARN arn\n"
    server.deploy(a_project(topics__connection=kafka, bucket__connection=bucket))
    answer = server.send("GET", "/v0/connectors")
    assert [(one["name"], one["service"]) for one in answer.json()["connectors"]] == [
        ("bucket", "s3"),
        ("topics", "kafka"),
    ]
    assert "hush" not in answer.text
    reads = server.send("POST", "/v0/tokens", name="reads", scope="DATASOURCES:READ:events").json()["token"]
    assert server.send("GET", "/v0/connectors", token=reads).status_code == 403


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
