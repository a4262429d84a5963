"""A sandbox that runs, with Walmart's stand-in alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from tradewind.channels.contract import Account
from tradewind.channels.sync.caller import AccountCaller
from tradewind.channels.sync.limiter import Buckets
from tradewind.channels.walmart.connector import Walmart, WalmartConnection
from tradewind.core.clock import Clock, SystemClock
from tradewind.sandbox.clock import SimulatedClock
from tradewind.sandbox.desk import Desk
from tradewind.sandbox.server import Sandbox, SandboxPlan, running

START = datetime(2026, 3, 2, tzinfo=UTC)
HOOK = "https://shop.example/api/v1/channels/hooks/c1?of=walmart"


@dataclass
class Waits:
    """Waiting moves the sandbox's clock."""

    clock: SimulatedClock
    waited: list[float] = field(default_factory=list)

    def seconds(self) -> float:
        return (self.clock.now() - START).total_seconds()

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self.waited.append(seconds)
            self.clock.advance(seconds=seconds)


@dataclass
class Booth:
    """The sandbox at its address, and an account connected to it without an engine."""

    sandbox: Sandbox
    address: str
    waits: Waits
    account: Account
    connector: Walmart
    connection: WalmartConnection
    caller: AccountCaller

    @property
    def desk(self) -> Desk:
        return self.sandbox.desks["walmart"]


@contextmanager
def opened(plan: SandboxPlan, real: Clock, hook: str = HOOK) -> Iterator[Booth]:
    """Walmart's stand-in at an address, and an account that is connected to it."""
    sandbox = Sandbox(plan, real)
    with running(sandbox) as address:
        named = sandbox.variables(address)
        account = Account(
            id="c1",
            connector="walmart",
            channel="walmart",
            values={
                "client_id": named["WALMART_CLIENT_ID"],
                "base_url": named["WALMART_BASE_URL"],
                "webhook_url": hook,
            },
            secrets={
                "client_secret": SecretStr(named["WALMART_CLIENT_SECRET"]),
                "webhook_secret": SecretStr(named["WALMART_WEBHOOK_SECRET"]),
            },
        )
        connector, waits = Walmart(sandbox.clock), Waits(sandbox.clock)
        caller = AccountCaller(
            connector,
            account,
            buckets=Buckets(connector.limits),
            clock=sandbox.clock,
            pacer=waits,
            chance=random.Random(5),
            http=httpx.Client(timeout=20),
        )
        yield Booth(sandbox, address, waits, account, connector, connector.open(account, caller), caller)
        caller.close()


@pytest.fixture(scope="module")
def booth() -> Iterator[Booth]:
    """Sixty days of history, 1,500 orders; the published limits hold."""
    plan = SandboxPlan(seed=3, start=START, days=60, orders=1_500, history_days=62, channels=("walmart",))
    with opened(plan, SystemClock()) as booth:
        yield booth


@pytest.fixture(autouse=True)
def fair_weather(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test switches on does not meet the next one."""
    yield
    if "booth" in request.fixturenames:
        request.getfixturevalue("booth").desk.faults.clear()
