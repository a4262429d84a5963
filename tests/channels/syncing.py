"""What the tests of the sync share: time that passes when it is waited for, a connected tiny shop, and its books."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import text

from tests.channels.tiny import SECRET, TinyConnector, TinyServer, TinyShop
from tradewind.channels.contract import Account, Limit, Resource
from tradewind.channels.sync.caller import AccountCaller
from tradewind.channels.sync.connections import NewConnection, connect
from tradewind.channels.sync.engine import Ask, Engine
from tradewind.channels.sync.limiter import Buckets
from tradewind.channels.sync.registry import Connectors
from tradewind.channels.sync.runs import RunResult
from tradewind.commerce.access.audit import Actor
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database

NOW = "2026-04-01T12:00:00+00:00"
KEY = "a-key-for-tests-of-the-sync-0123456789-xyz"
ACTOR = Actor("ada")


class PassingTime:
    """A pacer whose waits cost nothing: they move its clock. Remembers how long was waited."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.waited: list[float] = []
        self._start = clock.now()
        self._lock = threading.Lock()

    def seconds(self) -> float:
        return (self.clock.now() - self._start).total_seconds()

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            with self._lock:
                self.waited.append(seconds)
                self.clock.advance(seconds=seconds)


@dataclass
class Rig:
    """A tiny shop, connected."""

    shop: TinyShop
    server: TinyServer
    database: Database
    clock: ManualClock
    pacer: PassingTime
    engine: Engine
    connection_id: str = ""

    @classmethod
    def make(
        cls,
        database: Database,
        folder: Path,
        *,
        window_days: int | None = None,
        limits: Mapping[str, Limit] | None = None,
        history_days: int = 90,
        location: str | None = None,
    ) -> Rig:
        shop = TinyShop()
        server = TinyServer(shop)
        clock = ManualClock(NOW)
        pacer = PassingTime(clock)
        connector = TinyConnector(window_days=window_days, limits=limits)
        engine = Engine(database, clock, Connectors([connector]), lambda: KEY, folder=folder, pacer=pacer)
        rig = cls(shop, server, database, clock, pacer, engine)
        entered = {"url": server.url, "secret": SECRET}
        new = NewConnection("tiny", entered, location=location, history_days=history_days)
        with database.write() as tx:
            row = connect(tx, connector, new, environment={}, secret_key=KEY, actor=ACTOR, now=clock.now())
            rig.connection_id = row.id
        return rig

    def sync(self, resource: Resource = Resource.ORDERS, **asked: Any) -> RunResult:
        return self.engine.sync("tiny", resource, Ask(**asked))

    def synced(self, resource: Resource = Resource.ORDERS, **asked: Any) -> dict[str, int]:
        """Syncs well; returns what is not zero."""
        result = self.sync(resource, **asked)
        assert result.status == "finished", result.error
        return {name: number for name, number in result.counts.items() if number}

    def rows(self, query: str, **values: Any) -> list[Any]:
        with self.database.read() as tx:
            return [tuple(row) for row in tx.execute(text(query), values)]

    def one(self, query: str, **values: Any) -> Any:
        (row,) = self.rows(query, **values)
        return row[0] if len(row) == 1 else row

    def close(self) -> None:
        self.engine.close()
        self.server.close()


def a_caller(server: TinyServer, clock: ManualClock, pacer: PassingTime, limits: Mapping[str, Limit]) -> AccountCaller:
    """A caller without an engine."""
    account = Account("c1", "tiny", "tiny", {"url": server.url}, {"secret": SecretStr(SECRET)})
    return AccountCaller(
        TinyConnector(),
        account,
        buckets=Buckets(limits),
        clock=clock,
        pacer=pacer,
        chance=random.Random(7),
        http=httpx.Client(),
    )
