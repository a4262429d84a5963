"""Channels over the API: connecting, reading, freshness and history, and no secret in any answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.conftest import Api, wait_until
from tests.channels.tiny import SECRET, TinyConnector, TinyServer, TinyShop
from tradewind.commerce.access.rights import Scope

BASE = "/api/v1/channels"


@pytest.fixture(scope="module")
def shop() -> TinyShop:
    made = TinyShop()
    for number in range(25):
        made.order(number)
    made.order(3, shipping="four")
    return made


@pytest.fixture(scope="module")
def server(shop: TinyShop) -> Iterator[TinyServer]:
    made = TinyServer(shop)
    yield made
    made.close()


@pytest.fixture
def tiny(api: Api, server: TinyServer) -> Iterator[Api]:
    sync = api.platform.sync
    sync.connectors._made["tiny"] = TinyConnector()
    api.as_user()
    yield api
    sync.openings.close()
    sync.openings._buckets.clear()
    sync.connectors._made.pop("tiny")


def connect(api: Api, server: TinyServer, **more: object) -> dict[str, object]:
    body = {"connector": "tiny", "entered": {"url": server.url, "secret": SECRET}, **more}
    answer = api.client.post(f"{BASE}/connections", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def test_an_account_is_connected_read_and_shown_without_its_secret(tiny: Api, server: TinyServer) -> None:
    client = tiny.client
    made = connect(tiny, server)
    assert (made["name"], made["state"], made["channel"]) == ("tiny", "active", "tiny")
    assert client.post(f"{BASE}/connections/tiny/check").json() == {"account": "Tiny shop"}
    started = client.post("/api/v1/orders/sync", json={"channel": "tiny"})
    assert (started.status_code, started.json()["started"]) == (202, ["tiny"])
    wait_until(lambda: [run["status"] for run in client.get(f"{BASE}/runs").json()["items"]] == ["finished"])
    run = client.get(f"{BASE}/runs", params={"connection": "tiny"}).json()["items"][0]
    assert (run["what"], run["why"], run["counts"]["orders.created"]) == ("tiny:orders", "by hand", 24)
    assert len(client.get("/api/v1/orders", params={"channel": "tiny"}).json()["items"]) == 24
    fresh = {one["resource"]: one for one in client.get(f"{BASE}/freshness").json()["items"]}
    assert (fresh["orders"]["is_late"], fresh["orders"]["age_seconds"]) == (False, 120)
    assert fresh["products"]["read_until"] is None
    refused = client.get(f"{BASE}/quarantine").json()["items"]
    assert [(one["external_id"], one["code"]) for one in refused] == [("T-000003", "invalid_payload")]
    replayed = client.post(f"{BASE}/connections/tiny/quarantine/replay")
    assert replayed.json() == {"booked": 0, "refused": 1}
    jobs = {one["name"]: one for one in client.get("/api/v1/jobs").json()["items"]}
    assert jobs["sync:tiny:orders"]["every_seconds"] == 900
    assert client.post("/api/v1/jobs/watch/run").status_code == 200
    assert [one["what"] for one in client.get("/api/v1/jobs/history").json()["items"]] == ["watch"]
    for path in ("connections", "connectors", "runs", "alerts", "freshness", "quarantine"):
        answer = client.get(f"{BASE}/{path}")
        assert answer.status_code == 200, answer.text
        assert SECRET not in answer.text
    assert SECRET not in client.get("/api/v1/audit").text


def test_a_connection_is_paused_changed_and_set_going(tiny: Api, server: TinyServer) -> None:
    connect(tiny, server, name="one")
    client = tiny.client
    assert client.post(f"{BASE}/connections/one/pause").json()["state"] == "paused"
    left = client.post("/api/v1/orders/sync").json()
    assert left == {"started": [], "left_out": {"one": "it is paused"}}
    assert client.post(f"{BASE}/connections/one/resume").json()["state"] == "active"
    changed = client.patch(f"{BASE}/connections/one", json={"stock_buffer": 3, "is_selling": False}).json()
    assert (changed["stock_buffer"], changed["is_selling"], changed["pushes_stock"]) == (3, False, False)
    assert client.get(f"{BASE}/connections/one/drift").json() == {"items": []}
    assert client.post(f"{BASE}/connections/one/push").json() == {"done": 0, "refused": 0, "unchanged": 0}
    wrong = client.put(f"{BASE}/connections/one/credentials", json={"entered": {"secret": "no"}})
    assert wrong.status_code == 200
    assert client.post(f"{BASE}/connections/one/check").json()["code"] == "channel_failed"


def test_what_cannot_be_is_said(tiny: Api, server: TinyServer) -> None:
    client = tiny.client
    unknown = client.post(f"{BASE}/connections", json={"connector": "nobody", "entered": {}})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    missing = client.post(f"{BASE}/connections", json={"connector": "tiny", "entered": {"url": server.url}})
    assert (missing.status_code, missing.json()["code"]) == (422, "invalid_input")
    connect(tiny, server)
    body = {"connector": "tiny", "entered": {"url": server.url, "secret": SECRET}}
    assert client.post(f"{BASE}/connections", json=body).json()["code"] == "connection_name_taken"
    assert client.post(f"{BASE}/tiny/webhooks", json={}).json()["code"] == "invalid_input"
    assert client.post("/api/v1/jobs/nothing/run").status_code == 404
    client.headers["Authorization"] = f"Bearer {tiny.token(Scope.API_READ)}"
    assert client.get(f"{BASE}/connections").status_code == 200
    for path in (
        f"{BASE}/connections",
        "/api/v1/orders/sync",
        f"{BASE}/connections/tiny/push",
        "/api/v1/jobs/watch/run",
    ):
        assert client.post(path, json=body).status_code == 403
