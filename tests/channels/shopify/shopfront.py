"""A shop to sync from: the stand-in on loopback, the engine's own caller, and one simulated clock for both."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from pydantic import SecretStr

from tradewind.channels.contract import Account
from tradewind.channels.shopify.connector import ShopifyConnection, ShopifyConnector
from tradewind.channels.sync.caller import AccountCaller
from tradewind.channels.sync.limiter import Buckets
from tradewind.core.clock import ManualClock
from tradewind.sandbox.clock import SimulatedClock
from tradewind.sandbox.desk import Desk
from tradewind.sandbox.server import Sandbox, SandboxPlan, running

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class SimulatedPacer:
    """Waits by moving the sandbox's clock."""

    clock: SimulatedClock
    waited: list[float] = field(default_factory=list)

    def seconds(self) -> float:
        return self.clock.now().timestamp()

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self.waited.append(seconds)
            self.clock.advance(seconds=seconds)


@dataclass(slots=True)
class Shopfront:
    sandbox: Sandbox
    address: str
    http: httpx.Client

    @property
    def desk(self) -> Desk:
        return self.sandbox.desks["shopify"]

    def account(self, *, values: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None) -> Account:
        """An account with client credentials; other values and secrets replace those."""
        known = self.desk.credentials
        own = {"shop": known["shop"], "client_id": known["client_id"], "base_url": self.address}
        kept = {"client_secret": known["client_secret"]} if secrets is None else secrets
        return Account(
            "account-1", "shopify", "shopify", own | dict(values or {}), {k: SecretStr(v) for k, v in kept.items()}
        )

    def open(self, account: Account | None = None) -> tuple[ShopifyConnection, SimulatedPacer]:
        """A new connection, as a new process would have it."""
        account, pacer = account or self.account(), SimulatedPacer(self.sandbox.clock)
        connector = ShopifyConnector(self.sandbox.clock)
        caller = AccountCaller(
            connector,
            account,
            buckets=Buckets(connector.limits),
            clock=self.sandbox.clock,
            pacer=pacer,
            chance=random.Random(7),
            http=self.http,
        )
        return connector.open(account, caller), pacer


@contextmanager
def a_shop(*, orders: int = 400, days: int = 40, seed: int = 11) -> Iterator[Shopfront]:
    """A shop whose orders have all been placed, and whose last steps are still to come."""
    plan = SandboxPlan(seed, START, days=days, orders=orders, history_days=days, channels=("shopify",))
    sandbox = Sandbox(plan, ManualClock(START))
    with running(sandbox) as address, httpx.Client(timeout=30) as http:
        yield Shopfront(sandbox, f"{address}/shopify", http)
