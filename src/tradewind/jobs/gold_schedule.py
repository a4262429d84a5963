"""When gold is built by itself: some minutes after facts moved on, and once a night in full.

A model that fails keeps the table it had. The failure is logged and written down with the build (`gold_builds`), and
the next turn tries again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger
from tradewind.jobs.gold import build_through, door_of
from tradewind.platform import Platform
from tradewind.warehouse.builds import Build, BuildKind, latest, newest_fact
from tradewind.warehouse.medallion import BuildRunning

NIGHT = time(2)
"""When the full build is due, by the store's clock."""
_LOOK_SECONDS = 2.0
_PAUSE_AFTER_FAILURE_SECONDS = 60.0
_LANDS_WITHIN = timedelta(minutes=1)
"""Facts that were in the log when a build began may have landed after it had read."""

logger = get_logger(__name__)


def due(
    now: datetime,
    zone: ZoneInfo,
    every: timedelta,
    last: Build | None,
    last_full: Build | None,
    newest: Callable[[], datetime | None],
) -> BuildKind | None:
    """The build that is due at a moment; None while there is none. `newest` tells when the newest fact was told."""
    if last is not None and now - last.began_at < every:
        return None
    told = newest()
    if told is None:
        return None
    if last_full is None or last_full.began_at < last_night(now, zone):
        return BuildKind.FULL
    if last is None or not last.is_good or told > last.began_at - _LANDS_WITHIN:
        return BuildKind.PARTIAL
    return None


def last_night(now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment at which the store's clock showed two at night, or when it would have on a day it skipped it."""
    local = now.astimezone(zone)
    night = datetime.combine(local.date(), NIGHT, zone)
    if night > local:
        night = datetime.combine(local.date() - timedelta(days=1), NIGHT, zone)
    return night


class GoldSchedule:
    """Builds in its thread until the server closes. Nothing is built before `begin`, nor in the first minute after."""

    def __init__(self, platform: Platform, *, first_after_seconds: float = 60.0) -> None:
        self._platform = platform
        self._first_after_seconds = first_after_seconds
        self._may_begin = threading.Event()
        self._at_once = False

    def begin(self, *, at_once: bool = False) -> None:
        """From now on gold is built when it is due."""
        self._at_once = at_once
        self._may_begin.set()

    def run(self, stop: threading.Event) -> None:
        minutes = self._platform.settings.warehouse.build_minutes
        if not minutes:
            return
        while not self._may_begin.wait(_LOOK_SECONDS):
            if stop.is_set():
                return
        if not self._at_once and stop.wait(self._first_after_seconds):
            return
        while not stop.wait(_LOOK_SECONDS):
            try:
                kind = self._due(timedelta(minutes=minutes))
                if kind is not None:
                    self._build(kind, stop)
            except Exception as failure:
                if stop.is_set():  # what is done is done, the next start goes on
                    return
                if isinstance(failure, BuildRunning):
                    logger.info("gold is being built by somebody else")
                elif isinstance(failure, TradewindError):
                    logger.warning("gold could not be built; it is tried again", reason=str(failure))
                else:
                    logger.exception("gold could not be built; it is tried again")
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)

    def _due(self, every: timedelta) -> BuildKind | None:
        warehouse = self._platform.warehouse
        last, last_full = latest(warehouse, BuildKind.FULL, BuildKind.PARTIAL), latest(warehouse, BuildKind.FULL)
        zone = self._platform.settings.store.zone
        return due(self._platform.clock.now(), zone, every, last, last_full, lambda: newest_fact(warehouse))

    def _build(self, kind: BuildKind, stop: threading.Event) -> None:
        platform = self._platform
        door = door_of(platform.settings, platform.lock.card)
        if door is None:
            return

        full = kind is BuildKind.FULL
        result = build_through(door, platform.settings, platform.warehouse, full=full, stop=stop)
        platform.warehouse.touch()
        if result.is_good:
            logger.info("gold is built", kind=str(kind), seconds=round(result.seconds, 1), models=len(result.nodes))
        for node in result.failures:
            logger.warning("a gold model failed; its last good table stands", model=node.name, reason=node.message)
