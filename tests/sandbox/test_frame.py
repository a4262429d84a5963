"""The sandbox's frame: limits that count, faults that are used up, a clock that is told, and switches over HTTP."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from tests.sandbox.conftest import START, Booth, opened
from tradewind.channels.contract import Limit
from tradewind.core.clock import ManualClock
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.sandbox import server
from tradewind.sandbox.clock import SimulatedClock
from tradewind.sandbox.faults import Fault, FaultKind, Faults
from tradewind.sandbox.limits import Bucket, Limits
from tradewind.sandbox.server import Sandbox, SandboxPlan

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_bucket_lets_through_what_is_published_and_counts_what_is_more() -> None:
    clock = ManualClock(NOW)
    limits = Limits(clock, {"read": Limit(rate=2.0, burst=10.0)})
    assert all(limits.take("a", "read").is_allowed for _ in range(10))
    refused = limits.take("a", "read")
    assert (refused.is_allowed, limits.violations["read"]) == (False, 1)
    assert refused.wait_seconds == pytest.approx(0.5)
    assert limits.take("b", "read").is_allowed
    clock.advance(seconds=0.5)
    assert limits.take("a", "read").is_allowed
    assert not limits.take("a", "read").is_allowed
    clock.advance(seconds=3600)
    assert sum(limits.take("a", "read").is_allowed for _ in range(12)) == 10
    assert limits.calls["read"] == 26
    limits.is_on = False
    assert all(limits.take("a", "read").is_allowed for _ in range(50))
    with pytest.raises(KeyError):
        limits.take("a", "unheard of")


def test_a_dear_call_takes_more_and_may_get_some_of_it_again() -> None:
    bucket = Bucket(Limit(rate=50.0, burst=1000.0), NOW)
    assert bucket.take(900, NOW).left == 100
    refused = bucket.take(393, NOW)
    assert refused.wait_seconds == pytest.approx(5.86)
    bucket.give_back(400, NOW)
    assert bucket.level(NOW) == 500


def test_a_fault_meets_the_paths_it_is_for_so_often_as_it_is_switched_on() -> None:
    faults = Faults()
    faults.switch(Fault(FaultKind.UNAVAILABLE, times=2, path="/orders"))
    assert faults.take("/items", FaultKind.UNAVAILABLE) is None
    assert faults.take("/orders", FaultKind.BROKEN) is None
    assert faults.take("/orders", FaultKind.BROKEN, FaultKind.UNAVAILABLE) is not None
    assert faults.take("/orders/1", FaultKind.UNAVAILABLE) is not None
    assert faults.take("/orders", FaultKind.UNAVAILABLE) is None
    assert faults.met == {FaultKind.UNAVAILABLE: 2}
    with pytest.raises(InvalidInput):
        faults.switch(Fault(FaultKind.BROKEN, times=0))


def test_chance_strikes_as_often_as_it_is_told_and_the_same_way_again() -> None:
    def drawn(seed: int) -> list[FaultKind | None]:
        faults = Faults(seed=seed, permille={FaultKind.BROKEN: 100, FaultKind.EXPIRED_TOKEN: 300})
        met = [faults.take("/", FaultKind.EXPIRED_TOKEN, FaultKind.BROKEN) for _ in range(2_000)]
        return [None if one is None else one.kind for one in met]

    once = drawn(1)
    assert once == drawn(1) != drawn(2)
    assert 130 <= once.count(FaultKind.BROKEN) <= 270
    assert (FaultKind.EXPIRED_TOKEN, FaultKind.EXPIRED_TOKEN) not in itertools.pairwise(once)
    assert FaultKind.EXPIRED_TOKEN in once


def test_the_simulated_clock_runs_leaps_and_stands() -> None:
    real = ManualClock("2030-01-01T00:00:00+00:00")
    clock = SimulatedClock(NOW, real, speed=60.0)
    real.advance(seconds=2)
    assert (clock.now() - NOW).total_seconds() == 120
    clock.run(0.0)
    real.advance(hours=1)
    clock.advance(seconds=30)
    assert (clock.now() - NOW).total_seconds() == 150


@contextmanager
def listener() -> Iterator[tuple[str, queue.Queue[tuple[dict[str, str], bytes]]]]:
    """An address that takes webhooks, and what came in."""
    heard: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's word)
            """A test's console is for the test."""

    with HTTPServer(("127.0.0.1", 0), Hook) as hook:
        thread = threading.Thread(target=hook.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{hook.server_port}/hook", heard
        hook.shutdown()
        thread.join()


def test_a_clock_that_runs_by_itself_sends_webhooks_and_one_that_stands_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "_ANNOUNCES_EVERY_SECONDS", 0.02)
    real = ManualClock("2030-01-01T00:00:00+00:00")
    plan = SandboxPlan(seed=4, start=START, days=10, orders=100, history_days=5, channels=("walmart",))
    with listener() as (address, heard), opened(plan, real, address) as booth:
        booth.connector.subscribe(booth.connection, address)
        real.advance(hours=1)
        with pytest.raises(queue.Empty):
            heard.get(timeout=0.2)
        booth.sandbox.clock.run(60.0)
        since = booth.sandbox.clock.now()
        real.advance(hours=1)
        until = booth.sandbox.clock.now()
        changed = {order.external_id for order in booth.desk.news_of(since, until)}
        told: set[str | None] = set()
        while len(told) < len(changed):
            headers, body = heard.get(timeout=30)
            hints = booth.connector.hints(booth.account, headers, body)
            told |= {hint.external_id for hint in hints if hint.topic in ("PO_CREATED", "ORDER_UPDATES")}
        assert told == changed != set()


def test_there_is_no_stand_in_for_a_platform_nobody_knows() -> None:
    plan = SandboxPlan(seed=1, start=START, channels=("moon",))
    with pytest.raises(NotFound):
        Sandbox(plan, ManualClock(NOW))


@pytest.fixture
def http(booth: Booth) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=booth.address) as client:
        yield client


def test_the_switches_are_told_and_moved_over_http(booth: Booth, http: httpx.Client) -> None:
    before = http.get("/sandbox").json()
    assert before["channels"]["walmart"]["orders"] == 1_500
    moved = http.post("/sandbox/clock", json={"advance_seconds": 90}).json()
    assert (datetime.fromisoformat(moved["now"]) - datetime.fromisoformat(before["now"])).total_seconds() == 90
    fault = {"channel": "walmart", "kind": "unavailable", "times": 3, "path": "/v3/items"}
    assert http.post("/sandbox/faults", json=fault).status_code == 201
    assert http.get("/walmart/v3/items").status_code == 503
    waiting = http.get("/sandbox").json()["channels"]["walmart"]["faults_waiting"]
    assert [one["times"] for one in waiting] == [2]
    assert http.delete("/sandbox/faults").status_code == 200
    assert http.get("/walmart/v3/items").status_code == 400
    assert http.post("/sandbox/limits", json={"on": True}).json() == {"on": True}
    for wrong in ({"channel": "walmart", "kind": "earthquake"}, {"channel": "walmart"}):
        assert http.post("/sandbox/faults", json=wrong).status_code == 422
    assert http.post("/sandbox/faults", json={"channel": "moon", "kind": "broken"}).status_code == 404
    assert http.post("/sandbox/clock", content=b"soon").status_code == 422
    assert http.post("/sandbox/clock", json={"advance_seconds": -1}).status_code == 422


def test_the_truth_can_be_asked_for_and_adds_up(booth: Booth, http: httpx.Client) -> None:
    truth = http.get("/sandbox/truth/walmart").json()
    world = booth.sandbox.world
    orders = list(world.orders("walmart", None, world.now))
    assert truth["orders"] == len(orders) == sum(truth["statuses"].values())
    assert truth["refunds"] == sum(len(order.refunds) for order in orders)
    assert http.get("/sandbox/truth/moon").status_code == 404
