"""Stop, start and sample over HTTP: what feeds a data source rests, goes on without a gap, and can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Api, serving
from tests.spine import NOON
from tests.streams.clicks import a_click, a_following_platform, count, deploy, rows, running
from tests.streams.conftest import Topics, wait_until
from tests.warehouse.serving.conftest import bearer
from tradewind.core.clock import ManualClock
from tradewind.platform import Platform
from tradewind.warehouse.workspaces.scopes import Scope

CLICKS = "/v0/datasources/clicks"


@pytest.fixture
def platform(tmp_path: Path, chdb_path: Path) -> Iterator[Platform]:
    with a_following_platform(tmp_path, chdb_path) as platform:
        yield platform


@pytest.fixture
def api(platform: Platform) -> Iterator[Api]:
    with serving(platform, ManualClock(NOON)) as api:
        yield api


def admin(platform: Platform) -> dict[str, str]:
    return bearer(platform.serving.tokens.admin_value(platform.workspaces.default()))


def reader(platform: Platform, *scopes: str) -> dict[str, str]:
    tokens = platform.serving.tokens
    parsed = [Scope.parse(scope) for scope in scopes]
    return bearer(tokens.create(platform.workspaces.default(), "reader", parsed).value)


def post(platform: Platform, api: Api, what: str, **parameters: Any) -> Any:
    answer = api.client.post(f"{CLICKS}/{what}", params=parameters, headers=admin(platform))
    assert answer.status_code == 200, answer.text
    return answer.json()


def status(platform: Platform, api: Api) -> str:
    found: str = api.client.get(CLICKS, headers=admin(platform)).json()["connector"]["status"]
    return found


def test_a_stopped_source_takes_nothing_and_goes_on_where_it_stopped(
    platform: Platform, api: Api, topics: Topics
) -> None:
    deploy(platform, topics.servers, topics.make("clicks", 2))
    with running(platform):
        topics.send("clicks", *map(a_click, range(10)))
        wait_until(lambda: count(platform) == 10)
        assert post(platform, api, "stop")["connector"]["status"] == "stopped"
        assert platform.topics.followed() == {}
        topics.send("clicks", *map(a_click, range(10, 25)))
        platform.topics.look()
        assert platform.topics.followed() == {}
    with running(platform):  # as after a restart: that it rests is kept in the store
        platform.topics.look()
        assert (platform.topics.followed(), status(platform, api), count(platform)) == ({}, "stopped", 10)
        assert post(platform, api, "stop")["connector"]["status"] == "stopped"
        assert post(platform, api, "start")["connector"]["status"] == "running"
        wait_until(lambda: count(platform) == 25)
    assert status(platform, api) == "running"
    assert rows(platform, "SELECT sum(amount) AS n FROM {table}") == [(sum(range(25)),)]
    assert rows(platform, "SELECT sum(amount) AS n FROM {table}", "totals") == [(sum(range(25)),)]


def test_a_sample_is_the_newest_messages_and_moves_nothing(platform: Platform, api: Api, topics: Topics) -> None:
    topic = topics.make("clicks", 3)
    deploy(platform, topics.servers, topic)
    assert post(platform, api, "sample")["data"] == []
    for number in range(30):
        topics.send("clicks", a_click(number), partition=number % 3, timestamp=1_772_366_400_000 + number)
    topics.send("clicks", b"{broken", partition=1, key="k", timestamp=1_772_366_401_000)
    found = post(platform, api, "sample", limit=4)
    assert (found["datasource"], found["topic"], found["rows"]) == ("clicks", topic, 4)
    assert [row.get("value") for row in found["data"]] == [None, a_click(29), a_click(28), a_click(27)]
    newest = found["data"][0]
    assert (newest["__value"], newest["__key"], newest["__partition"], newest["__offset"]) == ("{broken", "k", 1, 10)
    assert post(platform, api, "sample")["rows"] == 10
    assert count(platform) == 0
    with running(platform):
        wait_until(lambda: count(platform) == 30)
    post(platform, api, "sample", limit=100)
    topics.send("clicks", a_click(30))
    with running(platform):
        wait_until(lambda: count(platform) == 31)


@pytest.mark.parametrize("what", ["stop", "start", "sample"])
def test_it_is_refused_where_it_cannot_be_meant(platform: Platform, api: Api, topics: Topics, what: str) -> None:
    deploy(platform, topics.servers, "a-topic-that-nobody-made")
    mine = admin(platform)
    answer = api.client.post(f"/v0/datasources/totals/{what}", headers=mine)
    assert (answer.status_code, answer.json()["error"]) == (400, "'totals' has no connector: no topic feeds it.")
    assert api.client.get("/v0/datasources/totals", headers=mine).json()["connector"] is None
    assert api.client.post(f"/v0/datasources/nothing/{what}", headers=mine).status_code == 404
    no_right = reader(platform, "DATASOURCES:READ:clicks", "DATASOURCES:APPEND:clicks")
    assert api.client.post(f"{CLICKS}/{what}", headers=no_right).status_code == 403


def test_a_sample_of_what_is_not_there_says_so(platform: Platform, api: Api, topics: Topics) -> None:
    deploy(platform, topics.servers, "a-topic-that-nobody-made")
    mine = admin(platform)
    answer = api.client.post(f"{CLICKS}/sample", headers=mine)
    assert (answer.status_code, "no topic 'a-topic-that-nobody-made'" in answer.json()["error"]) == (404, True)
    for limit in ("0", "101", "-1", "many"):
        assert api.client.post(f"{CLICKS}/sample", params={"limit": limit}, headers=mine).status_code == 400
    deploy(platform, topics.servers, "a-topic-that-nobody-made", **{"cluster.connection": ""})
    assert api.client.post(f"{CLICKS}/sample", headers=mine).status_code == 409
