"""One account's calls: limits are kept to the second, tokens are made once, failures are met as they deserve."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.syncing import NOW, PassingTime, a_caller
from tests.channels.tiny import TinyConnector, TinyServer, TinyShop, judge
from tradewind.channels.contract import ChannelFailed, Limit, Verdict
from tradewind.channels.sync.caller import MOST_ATTEMPTS, AccountCaller
from tradewind.channels.sync.limiter import Buckets
from tradewind.core.clock import ManualClock


class Desk:
    """A caller, the shop it calls, and the time that its waits cost."""

    def __init__(self, server: TinyServer, shop: TinyShop) -> None:
        self.clock = ManualClock(NOW)
        self.pacer = PassingTime(self.clock)
        self.shop = shop
        self.server = server
        self.callers: list[AccountCaller] = []
        self.caller = self.made({})

    def made(self, limits: dict[str, Limit]) -> AccountCaller:
        self.callers.append(a_caller(self.server, self.clock, self.pacer, limits))
        return self.callers[-1]

    def call(self, caller: AccountCaller | None = None) -> httpx.Response:
        def request(token: str) -> httpx.Request:
            return httpx.Request("GET", f"{self.server.url}/me", headers={"authorization": token})

        return (caller or self.caller).call("me", request, judge)


@pytest.fixture(scope="module")
def shop() -> TinyShop:
    return TinyShop()


@pytest.fixture(scope="module")
def server(shop: TinyShop) -> Iterator[TinyServer]:
    made = TinyServer(shop)
    yield made
    made.close()


@pytest.fixture
def desk(server: TinyServer, shop: TinyShop) -> Iterator[Desk]:
    shop.faults, shop.is_revoked, shop.delay, shop.tokens = [], False, 0.0, 0
    shop.calls.clear()
    made = Desk(server, shop)
    yield made
    for caller in made.callers:
        caller.close()


@given(
    rate=st.floats(0.005, 50),
    burst=st.integers(1, 30),
    gaps=st.lists(st.floats(0, 300), min_size=1, max_size=60),
)
def test_no_stretch_of_time_sees_more_calls_than_burst_and_rate_allow(
    rate: float, burst: int, gaps: list[float]
) -> None:
    buckets, now, sent = Buckets({"list": Limit(rate, burst)}), 0.0, []
    for gap in gaps:
        now += gap
        now += buckets.take("list", now)
        sent.append(now)
    for first, start in enumerate(sent):
        for last in range(first, len(sent)):
            assert last - first + 1 <= burst + rate * (sent[last] - start) + 1e-6


def test_the_bucket_of_a_former_process_is_not_taken_for_full() -> None:
    kept = Buckets({"orders": Limit(0.5, 20)}, {"orders": (0.0, 100.0)})
    assert not kept.fits("orders", 1, 100.5)
    assert kept.take("orders", 100.5) == pytest.approx(2 * 1.02 - 0.5)


def test_threads_share_one_bucket_and_one_refresh(desk: Desk) -> None:
    caller = desk.made({"me": Limit(2, 3)})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.call(caller), range(11)))
    assert {answer.status_code for answer in answers} == {200}
    assert desk.shop.tokens == 1
    assert desk.pacer.seconds() >= (11 - 3) / 2 / 8


def test_a_throttled_call_waits_as_long_as_the_server_says(desk: Desk) -> None:
    desk.shop.faults = ["429"]
    assert desk.call().json() == {"name": "Tiny shop"}
    assert max(desk.pacer.waited) == 7.0


@pytest.mark.parametrize("fault", ["503", "truncated"])
def test_what_passes_is_tried_again_with_growing_patience(desk: Desk, fault: str) -> None:
    desk.shop.faults = [fault] * 3
    assert desk.call().status_code == 200
    assert len(desk.pacer.waited) == 3
    assert all(wait <= 2**attempt for attempt, wait in enumerate(desk.pacer.waited))


def test_patience_ends_after_six_attempts(desk: Desk) -> None:
    desk.shop.faults = ["503"] * 50
    with pytest.raises(ChannelFailed) as failed:
        desk.call()
    assert failed.value.judged.verdict is Verdict.TRANSIENT
    assert desk.shop.calls["/me"] == MOST_ATTEMPTS


def test_a_server_that_is_not_there_is_transient(desk: Desk) -> None:
    desk.call()

    def request(token: str) -> httpx.Request:
        return httpx.Request("GET", "http://127.0.0.1:9/", headers={"authorization": token})

    with pytest.raises(ChannelFailed) as failed:
        desk.caller.call("gone", request, judge)
    assert failed.value.judged.verdict is Verdict.TRANSIENT


def test_an_expired_token_is_renewed_once_and_the_call_repeated(desk: Desk) -> None:
    desk.call()
    desk.shop.faults = ["expired"]
    assert desk.call().status_code == 200
    assert desk.shop.tokens == 2


def test_the_second_refusal_of_a_fresh_token_is_final(desk: Desk) -> None:
    desk.shop.faults = ["expired", "expired", "expired"]
    with pytest.raises(ChannelFailed) as failed:
        desk.call()
    assert failed.value.judged.verdict is Verdict.AUTH_FATAL
    assert desk.shop.calls["/me"] == 2


def test_a_token_that_ends_within_a_minute_is_renewed_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = TinyConnector.token
    ends = desk.clock.now() + timedelta(minutes=50)
    monkeypatch.setattr(TinyConnector, "token", lambda *a: (plain(*a)[0], ends))
    desk.call()
    desk.clock.advance(minutes=48)
    desk.call()
    assert desk.shop.tokens == 1
    desk.clock.advance(minutes=1.5)
    desk.call()
    assert desk.shop.tokens == 2


def test_refused_credentials_and_wrong_requests_are_not_tried_again(desk: Desk) -> None:
    desk.shop.faults = ["400"]
    with pytest.raises(ChannelFailed) as failed:
        desk.call()
    assert failed.value.judged.verdict is Verdict.PERMANENT
    assert desk.shop.calls["/me"] == 1
    desk.shop.is_revoked = True
    with pytest.raises(ChannelFailed) as revoked:
        desk.call(desk.made({}))
    assert revoked.value.judged.verdict is Verdict.AUTH_FATAL
    assert desk.shop.calls["/token"] == 2


def test_the_channel_may_tell_another_limit(desk: Desk) -> None:
    caller = desk.made({"me": Limit(100, 100)})
    desk.call(caller)
    caller.learn("me", Limit(0.1, 1))
    began = desk.pacer.seconds()
    for _ in range(3):
        desk.call(caller)
    waits = [wait for wait in desk.pacer.waited if wait > 1]
    assert desk.pacer.seconds() - began >= 20
    assert all(second >= 9 for _, second in pairwise(waits))
