"""Ninety simulated days against the marketplaces in a box, with faults on and the seller's process killed on the way.

Afterwards the books must be the world's truth, and the sandbox must have counted no call above a published limit.
The second measure is a first load at unlimited rate.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.machine import Figure, measure
from tradewind.core.clock import SystemClock
from tradewind.core.database import Database
from tradewind.migrations import upgrade
from tradewind.sandbox.audit import differences, skipped
from tradewind.sandbox.faults import FaultKind
from tradewind.sandbox.server import CHANNELS, Sandbox, SandboxPlan, running
from tradewind.sandbox.walmart.settlements import available

START = datetime(2026, 1, 5, tzinfo=UTC)
TAIL_DAYS = 45
"""After the last order: until it is delivered, sent back and settled."""
FAULTS: Mapping[FaultKind, int] = {
    FaultKind.THROTTLED: 10,
    FaultKind.UNAVAILABLE: 10,
    FaultKind.BROKEN: 10,
    FaultKind.TIMEOUT: 5,
    FaultKind.EXPIRED_TOKEN: 10,
    FaultKind.DROPPED: 10,
    FaultKind.TRUNCATED: 10,
    FaultKind.DUPLICATED_PAGE: 50,
    FaultKind.EMPTY_PAGE: 50,
    FaultKind.CHANGED: 100,
    FaultKind.CLOCK_SKEW: 50,
}
"""Per thousand of the requests that could meet them."""
SKEW_SECONDS = 900.0
_ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Rehearsal:
    """One run. `kills`: at those of a channel's requests the seller's process is killed, before its answer."""

    folder: Path
    plan: SandboxPlan
    orders_every: timedelta
    others_every: timedelta
    kills: Mapping[str, Collection[int]] = field(default_factory=dict)
    faults: Mapping[FaultKind, int] = field(default_factory=lambda: FAULTS)
    url: str = ""
    requests: Counter[str] = field(default_factory=Counter)
    """By channel; those for tokens and files too."""
    killed: list[str] = field(default_factory=list)
    """The channel that was asked when it happened, for each kill."""
    skipped: list[str] = field(default_factory=list)
    """What a watermark had passed at a kill without its being booked."""
    seconds: float = 0.0
    seller_seconds: float = 0.0
    """Of the processor."""
    sandbox_seconds: float = 0.0
    peak_mib: float = 0.0
    calls: Mapping[str, int] = field(default_factory=dict)
    faults_met: Mapping[str, int] = field(default_factory=dict)
    sandbox: Sandbox | None = None
    """As the run left it."""
    _process: subprocess.Popen[str] | None = None

    def run(self) -> list[str]:
        """Returns what is not as it should be: nothing."""
        url = self.url or f"sqlite:///{self.folder / 'store.db'}"
        database = Database(url)
        upgrade(database)
        self.sandbox = sandbox = Sandbox(self.plan, SystemClock())
        for desk in sandbox.desks.values():
            desk.faults.permille = dict(self.faults)
            desk.faults.skew_seconds = SKEW_SECONDS
        sandbox.app = self._killing(sandbox.app)
        until = self.plan.start + timedelta(days=self.plan.days + TAIL_DAYS)
        with running(sandbox) as address:
            began, worked = time.monotonic(), time.process_time()
            self._sell(sandbox, address, url, until, database)
            self.seconds, self.sandbox_seconds = time.monotonic() - began, time.process_time() - worked
        self.faults_met = {name: sum(desk.faults.met.values()) for name, desk in sandbox.desks.items()}
        self.calls = {name: sum(desk.limits.calls.values()) for name, desk in sandbox.desks.items()}
        wrong = [f"more was asked than is published: {name} {count}" for name, count in sandbox.violations.items()]
        wrong += self.skipped
        with database.read() as tx:
            for channel in self.plan.channels:
                settled = max((end for _, end in available(sandbox.world).values()), default=self.plan.start)
                fees_until = settled if channel == "walmart" else None
                wrong += differences(tx, sandbox.world, channel, fees_until=fees_until)
        database.close()
        return wrong

    def _sell(self, sandbox: Sandbox, address: str, url: str, until: datetime, database: Database) -> None:
        every = [str(one.total_seconds()) for one in (self.orders_every, self.others_every)]
        if not self.plan.is_limited:
            every.append("unlimited")
        command = [sys.executable, "-m", "bench.channel_seller", address, url, str(self.folder), until.isoformat()]
        environment = os.environ | sandbox.variables(address)
        with (self.folder / "seller.log").open("w+") as log:
            while True:
                self._process = subprocess.Popen([*command, *every], cwd=_ROOT, env=environment, stderr=log, text=True)
                _, status, usage = os.wait4(self._process.pid, 0)
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self.seller_seconds += usage.ru_utime + usage.ru_stime
                self.peak_mib = max(self.peak_mib, usage.ru_maxrss / 1024)
                if self._process.returncode == -signal.SIGKILL:
                    with database.read() as tx:
                        for channel in self.plan.channels:
                            self.skipped += skipped(tx, sandbox.world, channel)
                    continue
                if self._process.returncode:
                    log.seek(0)
                    raise RuntimeError(f"the seller ended with {self._process.returncode}:\n{log.read()[-4000:]}")
                return

    def _killing(self, app: Any) -> Any:
        async def counting(scope: Any, receive: Any, send: Any) -> None:
            channel = scope.get("path", "").split("/")[1:2]
            if scope["type"] == "http" and channel != ["sandbox"]:
                self.requests.update(channel)
                if self.requests[channel[0]] in self.kills.get(channel[0], ()) and self._process is not None:
                    os.kill(self._process.pid, signal.SIGKILL)
                    self.killed += channel
            await app(scope, receive, send)

        return counting


def run(*, quick: bool) -> list[Figure]:
    return [*ninety_days(quick), *first_load(10_000 if quick else 100_000)]


def ninety_days(quick: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        plan = SandboxPlan(seed=7, start=START, days=90, orders=1_000 if quick else 20_000, channels=CHANNELS)
        kills = {channel: range(70 + 20 * place, 2_000, 200) for place, channel in enumerate(CHANNELS)}
        rehearsal = Rehearsal(
            Path(folder), plan, timedelta(hours=6 if quick else 1), timedelta(hours=24 if quick else 6), kills
        )
        wrong = rehearsal.run()
    for line in wrong:
        print(line, file=sys.stderr)
    met, calls = sum(rehearsal.faults_met.values()), sum(rehearsal.calls.values())
    return [
        Figure("90 days with faults: differences from the truth", len(wrong), "", 0, "lower"),
        Figure("90 days: calls", calls, "", note=f"{met} met a fault, {len(rehearsal.killed)} kills"),
        Figure("90 days", rehearsal.seconds, "s"),
    ]


def first_load(orders: int) -> list[Figure]:
    """All orders of 90 days at once, the published limits off, the channels side by side as a server's workers read."""
    with tempfile.TemporaryDirectory() as folder:
        plan = SandboxPlan(
            seed=7,
            start=START,
            days=90,
            orders=orders,
            history_days=90 + TAIL_DAYS,
            is_limited=False,
            channels=CHANNELS,
        )
        rehearsal = Rehearsal(Path(folder), plan, timedelta(hours=1), timedelta(hours=1), faults={})
        wrong = rehearsal.run()
    for line in wrong:
        print(line, file=sys.stderr)
    all_orders = orders * len(CHANNELS)
    each = "us an order"
    return [
        Figure("first load", all_orders / rehearsal.seconds, "orders/s", 2_000),
        Figure("first load: processor time of the seller", rehearsal.seller_seconds * 1e6 / all_orders, each),
        Figure("first load: processor time of the sandbox", rehearsal.sandbox_seconds * 1e6 / all_orders, each),
        Figure("first load: memory of the seller", rehearsal.peak_mib, "MiB", 700, "lower"),
        Figure("first load: differences from the truth", len(wrong), "", 0, "lower"),
    ]


if __name__ == "__main__":
    measure(run)
