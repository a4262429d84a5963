"""What runs when: every job of the product in one list, with its default schedule.

| job | default | setting |
| --- | --- | --- |
| read the orders of a connection | 15 min | the connector's schedule |
| read its inventory, its products, its fees | 30 min, 6 h, 1 day | the same |
| heal: read the last 45 days of orders again | 03:30 in the store's zone | - |
| follow webhooks | 5 s | - |
| push stock and prices, where a connection does | 5 min | the connection |
| watch how old the sources are | 5 min | - |

Gold is built at 02:00 in the store's zone and when facts moved on: `gold_schedule`. Sweeps: `sweeps`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tradewind.channels.contract import Resource
from tradewind.channels.sync import inbox
from tradewind.channels.sync.connections import all_connections
from tradewind.channels.sync.engine import Ask, Engine
from tradewind.channels.sync.freshness import freshness, watch
from tradewind.channels.sync.model import State
from tradewind.channels.sync.runs import FAILED, RunResult, forget_runs
from tradewind.channels.sync.writeback import push
from tradewind.core.errors import Unavailable

HEAL = time(3, 30)
HEAL_DAYS = 45

Counts = dict[str, int]


class SyncFailed(Unavailable):
    """The run is over and says why; its window is read again at the next turn."""

    code = "sync_failed"


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done again and again. `work` returns what it did, in counts."""

    name: str
    label: str
    work: Callable[[], Counts]
    every: timedelta | None = None
    daily_at: time | None = None
    """In the store's zone; instead of `every`."""
    urgency: float = 0.0
    """Which of several due jobs goes first: how stale what it renews is."""
    keeps_history: bool = True
    """Off for what runs every few seconds and keeps a history of its own, or needs none."""

    def due_after(self, last: datetime | None, zone: ZoneInfo, now: datetime) -> datetime:
        """When it is due next, after it began last; at once where it never did, unless it has an hour of its own."""
        if self.every is not None:
            return now if last is None else last + self.every
        assert self.daily_at is not None
        local = (now if last is None else last).astimezone(zone)
        turn = datetime.combine(local.date(), self.daily_at, zone)
        if turn <= local:
            turn = datetime.combine(local.date() + timedelta(days=1), self.daily_at, zone)
        return turn


def jobs_of(engine: Engine) -> list[Job]:
    """The jobs there are now: connections come and go."""
    return [*_syncs(engine), *_pushes(engine), *_always(engine)]


def _syncs(engine: Engine) -> Iterable[Job]:
    with engine.database.read() as tx:
        sources = freshness(tx, engine.connectors, now=engine.clock.now())
    for one in sources:
        if one.state == State.NEEDS_ATTENTION:
            continue
        yield Job(
            f"sync:{one.connection}:{one.resource}",
            f"Read the {one.resource} of {one.connection}",
            _sync(engine, one.connection_id, one.resource, Ask(why="schedule")),
            every=one.every,
            urgency=one.staleness,
            keeps_history=False,
        )
        if one.resource is Resource.ORDERS:
            yield Job(
                f"heal:{one.connection}",
                f"Read the last {HEAL_DAYS} days of orders of {one.connection} again",
                _heal(engine, one.connection_id),
                daily_at=HEAL,
            )


def _pushes(engine: Engine) -> Iterable[Job]:
    with engine.database.read() as tx:
        names = [
            row.name
            for row in all_connections(tx)
            if (row.pushes_stock or row.pushes_prices) and row.state == State.ACTIVE
        ]
    for name in names:
        label = f"Push stock and prices to {name}"
        yield Job(f"push:{name}", label, _push(engine, name), every=timedelta(minutes=5), urgency=0.5)


def _always(engine: Engine) -> Iterable[Job]:
    def follow() -> Counts:
        return {"events.done": inbox.work(engine)}

    def look() -> Counts:
        with engine.database.write() as tx:
            return {"alerts.new": watch(tx, engine.connectors, now=engine.clock.now())}

    def forget() -> Counts:
        with engine.database.write() as tx:
            return {
                "events.forgotten": inbox.forget(tx, engine),
                "runs.forgotten": forget_runs(tx, now=engine.clock.now()),
            }

    yield Job("webhooks", "Follow webhooks", follow, every=timedelta(seconds=5), urgency=2.0, keeps_history=False)
    yield Job("watch", "Watch how old the sources are", look, every=timedelta(minutes=5), urgency=1.0)
    yield Job("old-news", "Forget runs and webhooks of long ago", forget, every=timedelta(hours=1))


def _sync(engine: Engine, connection_id: str, resource: Resource, ask: Ask) -> Callable[[], Counts]:
    return lambda: _counts(engine.sync(connection_id, resource, ask))


def _heal(engine: Engine, connection_id: str) -> Callable[[], Counts]:
    def work() -> Counts:
        since = engine.clock.now() - timedelta(days=HEAL_DAYS)
        return _counts(engine.sync(connection_id, Resource.ORDERS, Ask(since=since, why="heal")))

    return work


def _counts(result: RunResult) -> Counts:
    if result.status == FAILED:
        raise SyncFailed(f"The {result.resource} of {result.connection} were not read to the end: {result.error}")
    return result.counts


def _push(engine: Engine, name: str) -> Callable[[], Counts]:
    def work() -> Counts:
        done = push(engine, name)
        return {"pushes.done": done.done, "pushes.refused": done.refused, "pushes.unchanged": done.unchanged}

    return work
