"""Live figures on a real socket: first a snapshot, then each change, numbered, for as long as the token is good."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.api.conftest import Api, serving, wait_until
from tests.spine import NOON, Shop, an_order
from tradewind.api import live
from tradewind.api.live import Client, LiveHub
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.tokens import revoke_token
from tradewind.commerce.access.users import set_password
from tradewind.core.clock import ManualClock
from tradewind.insights.dashboard import DashboardQuery
from tradewind.platform import Platform

pytestmark = pytest.mark.xdist_group("api")


@contextmanager
def line(api: Api, token: str | None = None, **options: Any) -> Iterator[ClientConnection]:
    """A socket; signed in when there is a token."""
    with connect(f"ws://{api.address}/ws/dashboard", close_timeout=2, **options) as opened:
        if token is not None:
            say(opened, type="auth", token=token)
            assert hear(opened) == {"type": "ready"}
        yield opened


def say(line: ClientConnection, **message: Any) -> None:
    line.send(json.dumps(message))


def hear(line: ClientConnection, within: float = 10) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(line.recv(timeout=within))
    return message


def until(line: ClientConnection, is_true: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """The messages up to the first whose figures are as they should be."""
    heard = [hear(line)]
    while not is_true(heard[-1]["data"]):
        heard.append(hear(line))
    return heard


def closed_with(line: ClientConnection, within: float = 10) -> int:
    """The code that the server closes with, whatever it says before."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            line.recv(timeout=within)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006
    raise AssertionError("the server did not close")


@pytest.fixture
def shop(own_api: Api) -> Shop:
    return Shop.open(own_api.platform.database)


@pytest.fixture
def token(own_api: Api) -> str:
    access_token: str = own_api.sign_in("vic")["access_token"]
    return access_token


def test_a_subscriber_gets_the_figures_at_once_and_each_change_after(own_api: Api, shop: Shop, token: str) -> None:
    own_api.platform.start()
    with line(own_api, token) as opened:
        say(opened, type="subscribe", params={"grain": "day"})
        first = hear(opened)
        assert (first["type"], first["seq"], first["data"]["total_orders"]) == ("metrics", 1, 0)

        shop.book(an_order("A-1"))
        booked = time.monotonic()
        # What came before it, such as the channel itself, may be told apart.
        changes = until(opened, lambda data: data["total_orders"] == 1)

        assert time.monotonic() - booked < 3
        assert [message["seq"] for message in changes] == list(range(2, 2 + len(changes)))
        assert changes[-1]["data"]["total_revenue"] == 10
        assert {"total_revenue", "total_orders", "trend"} <= set(changes[-1]["changed"])
        assert "low_stock" not in changes[-1]["changed"]
        assert not {"as_of", "data_version"} & set(changes[-1]["changed"])


def test_snapshot_and_changes_together_are_what_a_fresh_reader_sees(own_api: Api, shop: Shop, token: str) -> None:
    own_api.platform.start()
    with line(own_api, token) as opened:
        say(opened, type="subscribe")
        hear(opened)
        for number in range(30):
            shop.book(an_order(f"A-{number}", placed_at=NOON))
        shown: dict[str, Any] = {}
        seq = 1
        while shown.get("total_orders") != 30:
            message = hear(opened)
            assert message["seq"] == seq + 1
            seq, shown = message["seq"], message["data"]

    fresh = own_api.as_user().get("/api/v1/dashboard/metrics").json()
    for moving in ("as_of", "data_version", "freshness"):
        shown.pop(moving), fresh.pop(moving)
    assert shown == fresh
    assert seq <= 12, "thirty changes in a moment are pushed at most four times a second"


def test_a_new_question_replaces_the_old_one(own_api: Api, shop: Shop, token: str) -> None:
    shop.book(an_order("A-1", ship_country="DE"), an_order("A-2", ship_country="FR"))
    own_api.platform.settle()
    with line(own_api, token) as opened:
        say(opened, type="subscribe", params={"country": ["DE"]})
        assert hear(opened)["data"]["total_orders"] == 1
        say(opened, type="subscribe", params={"country": ["DE", "FR"], "from": "2026-03-10", "to": "2026-03-11"})
        message = hear(opened)

    assert message["seq"] == 2
    assert message["data"]["total_orders"] == 2
    assert message["data"]["period"] == "today"


def test_all_who_ask_the_same_share_one_computation(own_api: Api, shop: Shop, token: str) -> None:
    with line(own_api, token) as one, line(own_api, token) as two, line(own_api, token) as three:
        for opened in (one, two, three):
            say(opened, type="subscribe")
            hear(opened)
        assert own_api.services.live.client_count == 3
        before = own_api.services.dashboards.computed
        shop.book(an_order("A-1"))
        own_api.platform.relay.drain()
        for partition in own_api.platform.log.partitions():
            own_api.platform.sink.step(partition)
        heard = [hear(opened)["data"]["total_orders"] for opened in (one, two, three)]
        own_api.platform.settle()

        assert heard[0] in (0, 1)
        rounds = own_api.platform.sink.counts.batches
        assert own_api.services.dashboards.computed - before <= rounds


def test_heartbeats_carry_the_last_number(own_api: Api, token: str) -> None:
    with line(own_api, token) as opened:
        say(opened, type="subscribe")
        assert hear(opened)["seq"] == 1
        own_api.services.live.heartbeat_seconds = 0.1
        say(opened, type="subscribe", params={"grain": "week"})
        while (message := hear(opened))["type"] == "heartbeat":
            assert message["seq"] == 1
        assert message["seq"] == 2
        beat = hear(opened)

    assert (beat["type"], beat["seq"]) == ("heartbeat", 2)
    assert beat["at"].endswith("Z")


@pytest.mark.parametrize(
    "first", ['{"type": "auth", "token": "nonsense"}', '{"type": "subscribe"}', "{bad", "[]", '{"type": "auth"}', '"x"']
)
def test_without_a_good_token_first_the_line_is_closed(own_api: Api, first: str) -> None:
    with line(own_api) as opened:
        opened.send(first)
        assert hear(opened)["type"] == "error"
        assert closed_with(opened) == 4401
    assert own_api.services.live.client_count == 0


def test_who_says_nothing_is_not_waited_for(own_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewind.api.routers.live.AUTH_WITHIN_SECONDS", 0.2)
    with line(own_api) as opened:
        assert closed_with(opened) == 4401


def test_signing_out_closes_the_line_within_a_second(own_api: Api) -> None:
    tokens = own_api.sign_in()
    with line(own_api, tokens["access_token"]) as opened:
        own_api.client.post("/api/v1/auth/logout", json={"refresh_token": tokens["refresh_token"]})
        started = time.monotonic()
        assert closed_with(opened) == 4401
        assert time.monotonic() - started < 1.5


def test_the_end_of_the_token_closes_the_line(own_api: Api, token: str) -> None:
    with line(own_api, token) as opened:
        own_api.clock.advance(seconds=3601)
        assert closed_with(opened) == 4401


def test_a_new_password_closes_the_line(own_api: Api, token: str) -> None:
    with line(own_api, token) as opened:
        with own_api.platform.database.write() as tx:
            set_password(tx, "vic", "another long password", now=own_api.clock.now())
        assert closed_with(opened) == 4401


def test_a_program_may_listen_until_its_token_is_revoked(own_api: Api) -> None:
    with line(own_api, own_api.token(Scope.API_READ)) as opened:
        say(opened, type="subscribe")
        assert hear(opened)["type"] == "metrics"
        with own_api.platform.database.write() as tx:
            revoke_token(tx, "program", now=own_api.clock.now())
        assert closed_with(opened) == 4401

    with line(own_api) as opened:
        say(opened, type="auth", token=own_api.token(Scope.SQL_READ, name="other"))
        assert hear(opened)["code"] == "missing_scope"
        assert closed_with(opened) == 4401


@pytest.mark.parametrize(
    "message",
    [
        "{bad",
        '{"type": "dance"}',
        '{"type": "subscribe", "params": {"from": "tomorrow"}}',
        '{"type": "subscribe", "params": {"grain": "hour"}}',
        '{"type": "subscribe", "params": {"from": "2026-03-10", "to": "2026-03-09"}}',
        '{"type": "subscribe", "params": {"channel": 7}}',
        '{"type": "auth", "token": "x"}',
    ],
)
def test_a_message_that_makes_no_sense_is_told_so_and_the_line_stays(own_api: Api, token: str, message: str) -> None:
    with line(own_api, token) as opened:
        opened.send(message)
        error = hear(opened)
        assert error["type"] == "error"
        assert error["code"] == "invalid_input"
        say(opened, type="subscribe")
        assert hear(opened)["type"] == "metrics"


def test_a_page_of_another_site_is_turned_away(own_api: Api) -> None:
    with pytest.raises(InvalidStatus) as refused, line(own_api, origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403
    with line(own_api, origin=f"http://{own_api.address}"):
        pass


def test_when_there_are_too_many_the_next_is_asked_to_come_later(
    own_api: Api, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_CLIENTS", 1)
    with line(own_api, token), line(own_api) as second:
        assert closed_with(second) == 1013


@pytest.mark.slow
def test_a_client_that_takes_nothing_is_let_go_and_holds_up_nobody(platform: Platform, clock: ManualClock) -> None:
    with serving(platform, clock, send_buffer=4096) as api:
        hub = api.services.live
        hub.send_seconds, hub.heartbeat_seconds = 2.0, 0.001
        token = api.sign_in()["access_token"]
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", int(api.address.split(":")[1])))
        # What is not compressed fills the buffers in between sooner.
        options: dict[str, Any] = {"sock": narrow, "max_queue": 1, "compression": None}
        with line(api, token) as quick, line(api, token, **options) as slow:
            say(quick, type="subscribe")
            say(slow, type="subscribe")
            wait_until(lambda: hub.client_count == 2)
            deadline = time.monotonic() + 60
            while hub.client_count == 2:
                assert hear(quick, within=10)["type"] in ("metrics", "heartbeat")
                assert time.monotonic() < deadline, "the slow client was not let go"


def test_the_hub_gives_up_a_line_that_blocks(own_api: Api) -> None:
    """The same promise without a kernel's buffers in between: a line on which sending never ends."""

    class Blocked:
        async def send_text(self, data: str) -> None:
            await asyncio.sleep(60)

        async def close(self, code: int = 1000, reason: str | None = None) -> None:
            raise AssertionError("the hub leaves closing to the route")

    async def scene() -> tuple[int, float]:
        hub: LiveHub = own_api.services.live
        hub.send_seconds = 0.2
        client = Client(Blocked(), "", None, float("inf"), query=DashboardQuery())
        client.offer(await hub._snapshot(DashboardQuery()))
        started = time.monotonic()
        return await hub.attend(client), time.monotonic() - started

    hub = own_api.services.live
    code, seconds = asyncio.run(_with_semaphore_of_this_loop(hub, scene))
    assert code == 1013
    assert seconds < 1


async def _with_semaphore_of_this_loop(hub: LiveHub, scene: Any) -> Any:
    hub._computing = asyncio.Semaphore(1)
    return await scene()


def test_closing_the_server_tells_the_clients_to_come_back(own_api: Api, token: str) -> None:
    with line(own_api, token) as opened:
        own_api.services.live.dismiss()
        assert closed_with(opened) == 1001


def test_a_line_that_breaks_is_forgotten(own_api: Api, token: str) -> None:
    with line(own_api, token) as opened:
        raw = opened.socket
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        say(opened, type="subscribe")
        hear(opened)
        raw.close()
    wait_until(lambda: own_api.services.live.client_count == 0)
