"""A seller's process beside the sandbox: syncs all that is due, lets time pass, and goes on after being killed.

python -m bench.channel_seller ADDRESS DATABASE FOLDER UNTIL ORDERS_EVERY OTHERS_EVERY [unlimited]

Times are in seconds. Unlimited: no limit of calls is kept, and the channels are read side by side as a server's workers
do; else one after the other, so that time passes for all of them alike.

The credentials come from the environment, under the names that `tradewind sandbox` prints.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
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
        self._moving = threading.Lock()

    def seconds(self) -> float:
        return (self.clock.now() - self._start).total_seconds()

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            with self._moving:
                self._http.post("/sandbox/clock", json={"advance_seconds": seconds}).raise_for_status()
                self.clock.advance(seconds=seconds)

    def end_faults(self) -> None:
        self._http.delete("/sandbox/faults").raise_for_status()


def connectors(clock: Clock, channels: Collection[str], *, is_limited: bool) -> list[Connector]:
    """Those of the sandbox's channels, by its clock."""
    amazon, shopify, walmart = AmazonConnector(clock), ShopifyConnector(clock), Walmart(clock)
    if not is_limited:
        amazon.limits = shopify.limits = walmart.limits = {}
    made: list[Connector] = [amazon, shopify, walmart]
    return [one for one in made if one.name in channels]


def main(
    address: str, url: str, folder: str, until: str, orders_every: str, others_every: str, limits: str = ""
) -> int:
    configure_logging("error")
    gc.set_threshold(50_000)  # as `tradewind sync` does, see cli/main.py
    time, database = SandboxTime(address), Database(url)
    made = Connectors(connectors(time.clock, time.channels, is_limited=limits != "unlimited"))
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
    workers = len(time.channels) if limits == "unlimited" else 1
    while time.clock.now() < end:
        sync_all(engine, made, read, timedelta(seconds=float(others_every)), workers)
        time.wait(float(orders_every))
    time.end_faults()
    # What waited for the end of a pause or of a window's lag is read now; then once more with nothing in between.
    time.wait(7 * 3600.0)
    failed = sync_all(engine, made, {}, timedelta(), workers)
    engine.close()
    database.close()
    for line in failed:
        print(line, file=sys.stderr)
    return 2 if failed else 0


def sync_all(
    engine: Engine, made: Connectors, read: dict[tuple[str, Resource], datetime], others_every: timedelta, workers: int
) -> list[str]:
    """One round; what failed is told, and is tried again in the next round as a scheduler would."""

    def sync_channel(name: str) -> list[str]:
        failed = []
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

    if workers == 1:
        return [line for name in made.names() for line in sync_channel(name)]
    with ThreadPoolExecutor(workers) as pool:
        return [line for lines in pool.map(sync_channel, made.names()) for line in lines]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
