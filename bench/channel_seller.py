"""A seller's process beside the sandbox: syncs all that is due, lets time pass, and goes on after being killed.

python -m bench.channel_seller ADDRESS DATABASE FOLDER UNTIL ORDERS_EVERY OTHERS_EVERY     (both in seconds)

The credentials come from the environment, under the names that `tradewind sandbox` prints.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from tradewind.channels.amazon.connector import AmazonConnector
from tradewind.channels.contract import Connector, Resource
from tradewind.channels.shopify.connector import ShopifyConnector
from tradewind.channels.sync.connections import NewConnection, all_connections, connect
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.registry import Connectors
from tradewind.channels.walmart.connector import Walmart
from tradewind.commerce.access.audit import Actor
from tradewind.core.clock import Clock, ManualClock
from tradewind.core.database import Database
from tradewind.core.logging import configure_logging

KEY = "a-key-of-the-rehearsal-0123456789-abcdefgh"


class SandboxTime:
    """The sandbox's clock as this process's own: waiting moves it, for both."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=60)
        told = self._http.get("/sandbox").json()
        self.channels = list(told["channels"])
        self.clock = ManualClock(datetime.fromisoformat(told["now"]))
        self._start = self.clock.now()

    def seconds(self) -> float:
        return (self.clock.now() - self._start).total_seconds()

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self._http.post("/sandbox/clock", json={"advance_seconds": seconds}).raise_for_status()
            self.clock.advance(seconds=seconds)

    def end_faults(self) -> None:
        self._http.delete("/sandbox/faults").raise_for_status()


def connectors(clock: Clock, channels: Collection[str]) -> list[Connector]:
    """Those of the sandbox's channels, by its clock."""
    made: list[Connector] = [AmazonConnector(clock), ShopifyConnector(clock), Walmart(clock)]
    return [one for one in made if one.name in channels]


def main(address: str, url: str, folder: str, until: str, orders_every: str, others_every: str) -> int:
    configure_logging("error")
    time, database = SandboxTime(address), Database(url)
    made = Connectors(connectors(time.clock, time.channels))
    engine = Engine(database, time.clock, made, lambda: KEY, folder=Path(folder), pacer=time)
    with database.write() as tx:
        known = {row.name for row in all_connections(tx)}
        for name in made.names():
            if name not in known:
                connect(
                    tx,
                    made.get(name),
                    NewConnection(name, {}, history_days=179),
                    environment=os.environ,
                    secret_key=KEY,
                    actor=Actor("rehearsal"),
                    now=time.clock.now(),
                )
    end = datetime.fromisoformat(until)
    read: dict[tuple[str, Resource], datetime] = {}
    while time.clock.now() < end:
        sync_all(engine, made, read, timedelta(seconds=float(others_every)))
        time.wait(float(orders_every))
    time.end_faults()
    # What waited for the end of a pause or of a window's lag is read now; then once more with nothing in between.
    time.wait(7 * 3600.0)
    failed = sync_all(engine, made, {}, timedelta())
    engine.close()
    database.close()
    for line in failed:
        print(line, file=sys.stderr)
    return 2 if failed else 0


def sync_all(
    engine: Engine, made: Connectors, read: dict[tuple[str, Resource], datetime], others_every: timedelta
) -> list[str]:
    """One round; what failed is told, and is tried again in the next round as a scheduler would."""
    failed = []
    for name in made.names():
        for resource in made.get(name).resources:
            now = engine.clock.now()
            if resource is not Resource.ORDERS:
                if (last := read.get((name, resource))) is not None and now - last < others_every:
                    continue
                read[name, resource] = now
            result = engine.sync(name, resource)
            if result.status != "finished":
                failed.append(f"{name} {resource}: {result.error}")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
