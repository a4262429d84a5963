"""Runs copies and sinks when their files say so: five cron fields, in UTC."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from croniter import croniter

from tradewind.core.clock import Clock
from tradewind.core.errors import Conflict, TradewindError
from tradewind.core.logging import get_logger
from tradewind.warehouse.streams.copies import COPY, Copies
from tradewind.warehouse.streams.resting import Resting
from tradewind.warehouse.streams.sinks import SINK, Sinks
from tradewind.warehouse.workspaces.release import Release

ON_DEMAND = "@on-demand"
_LOOK_EVERY_SECONDS = 1.0

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A pipe that runs by itself."""

    workspace_id: str
    kind: str
    pipe: str
    cron: str

    def after(self, moment: datetime) -> datetime:
        """Its first turn after a moment."""
        found: datetime = croniter(self.cron, moment).get_next(datetime)
        return found


class Schedules:
    """One loop for all workspaces. A turn that comes while the last run is under way is left out, as are those
    that came while no server ran."""

    def __init__(
        self, resting: Resting, clock: Clock, live: Callable[[], Sequence[Release]], copies: Copies, sinks: Sinks
    ) -> None:
        self._resting = resting
        self._clock = clock
        self._live = live
        self._start: dict[str, Callable[[str, str], str]] = {COPY: copies.start, SINK: sinks.start}
        self._due: dict[Scheduled, datetime] = {}

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.tick()
            except Exception:
                logger.exception("schedules could not be looked at; it is tried again")
            stop.wait(_LOOK_EVERY_SECONDS)

    def tick(self) -> list[str]:
        """Starts what is due; returns the ids of the jobs."""
        now = self._clock.now()
        known, self._due = self._due, {}
        resting = self._resting.all() if known else set()
        started: list[str] = []
        for one in self._scheduled():
            due = known.get(one) or one.after(now)
            if due <= now:
                if (one.workspace_id, one.kind, one.pipe) not in resting:
                    started += self._begin(one)
                due = one.after(now)
            self._due[one] = due
        return started

    def pause(self, workspace_id: str, kind: str, pipe: str) -> None:
        """Lets its turns go by; a run that is under way goes on. Raises Conflict for a pipe without a schedule."""
        self._must_be_scheduled(workspace_id, kind, pipe)
        self._resting.add(workspace_id, kind, pipe)

    def resume(self, workspace_id: str, kind: str, pipe: str) -> None:
        """Takes its turns again, from the next one on."""
        self._must_be_scheduled(workspace_id, kind, pipe)
        self._resting.remove(workspace_id, kind, pipe)

    def is_paused(self, workspace_id: str, kind: str, pipe: str) -> bool:
        return (workspace_id, kind, pipe) in self._resting.all()

    def _begin(self, one: Scheduled) -> list[str]:
        try:
            return [self._start[one.kind](one.workspace_id, one.pipe)]
        except Conflict as running:
            logger.info("a turn is left out", kind=one.kind, pipe=one.pipe, reason=str(running))
        except TradewindError as refused:
            logger.warning("a turn could not begin", kind=one.kind, pipe=one.pipe, reason=str(refused))
        return []

    def _scheduled(self) -> Iterator[Scheduled]:
        for release in self._live():
            for pipe in release.project.pipes.values():
                copy, sink = pipe.copy, pipe.sink
                for kind, cron in (
                    (COPY, copy.copy_schedule if copy is not None else None),
                    (SINK, sink.exports.get("schedule") if sink is not None else None),
                ):
                    if cron and cron != ON_DEMAND and croniter.is_valid(cron):
                        yield Scheduled(release.workspace_id, kind, pipe.name, cron)

    def _must_be_scheduled(self, workspace_id: str, kind: str, pipe: str) -> None:
        if not any((one.workspace_id, one.kind, one.pipe) == (workspace_id, kind, pipe) for one in self._scheduled()):
            raise Conflict(f"The {kind} of '{pipe[:200]}' has no schedule: it runs on demand.")
