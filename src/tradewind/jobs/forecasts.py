"""Training forecasts: on command, and by itself on Sundays at three by the clock of the store.

Between trainings the models are given the newest days after the nightly build of gold: a roll, in seconds. A run that
fails is logged and written down (`forecast_runs`); what was served before stays served, and the next look tries again
after a pause.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tradewind.core.clock import SystemClock
from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger
from tradewind.core.settings import Settings
from tradewind.insights.forecasting.engine import Progress
from tradewind.insights.forecasting.lessons import NothingToRoll
from tradewind.insights.forecasting.panel import TABLE, NoHistory, known_range, open_day
from tradewind.insights.forecasting.rolling import Rolled, roll, served_until
from tradewind.insights.forecasting.training import Asked, Trained, train
from tradewind.insights.forecasting.underway import tell_killed
from tradewind.insights.gold import Gold, GoldNotBuilt
from tradewind.jobs.gold_schedule import last_night
from tradewind.platform import Platform, connect
from tradewind.warehouse.client import Warehouse

WEEKLY = time(3)
"""When the weekly run is due on a Sunday."""
_SUNDAY = 6
_LOOK_SECONDS = 30.0
_PAUSE_AFTER_FAILURE_SECONDS = 3600.0
_FOLDER = "forecasts"

logger = get_logger(__name__)


def train_forecasts(settings: Settings, asked: Asked, *, progress: Progress = lambda _: None) -> Trained:
    """Trains from the gold tables as they are; the running server serves the result from then on."""
    clock = SystemClock()
    with connect(settings) as stores:
        today = open_day(Gold(stores.warehouse), clock.now(), settings.store.zone)
        return train(
            stores.warehouse,
            settings.data_dir / _FOLDER,
            asked,
            today=today,
            now=clock.now,
            country=settings.store.country,
            progress=progress,
        )


def roll_forecasts(settings: Settings, *, progress: Progress = lambda _: None) -> Rolled:
    """Gives the served models the days that gold has learnt of since; the running server serves the result."""
    clock = SystemClock()
    with connect(settings) as stores:
        today = open_day(Gold(stores.warehouse), clock.now(), settings.store.zone)
        return roll(stores.warehouse, settings.data_dir / _FOLDER, today=today, now=clock.now, progress=progress)


def is_roll_due(warehouse: Warehouse, now: datetime, zone: ZoneInfo) -> bool:
    """Whether gold was built since last night and knows days in full that what is served does not."""
    gold = Gold(warehouse)
    until, built = served_until(warehouse), gold.built_at(TABLE)
    if until is None or built is None or built < last_night(now, zone):
        return False
    return known_range(gold, open_day(gold, now, zone))[0] > until


def last_due(now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment at which the weekly run was due."""
    local = now.astimezone(zone)
    sunday = local.date() - timedelta(days=(local.weekday() - _SUNDAY) % 7)
    due = _at_three(sunday, zone)
    return due if due <= now else _at_three(sunday - timedelta(days=7), zone)


def is_due(warehouse: Warehouse, now: datetime, zone: ZoneInfo) -> bool:
    """Whether no run over all products has been served since the weekly run was due last; never before the first.

    The first run is asked for: a shop that has just been imported is still being looked at.
    """
    (row,) = warehouse.query(
        "SELECT maxOrNull(at) AS at FROM forecast_runs WHERE kind = 'all' AND status = 'served'",
    )
    return row["at"] is not None and row["at"] < last_due(now, zone)


class ForecastSchedule:
    """Rolls and trains in its thread when that is due, until the server closes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._next_roll = platform.clock.now()

    def run(self, stop: threading.Event) -> None:
        platform = self._platform
        killed = tell_killed(platform.warehouse, self._folder, platform.clock.now)
        if killed:
            logger.warning("a run of forecasts was killed; the last good ones stay", runs=killed)
        while not stop.wait(_LOOK_SECONDS):
            try:
                self.turn(stop)
            except Exception as failure:  # told in the words of its kind below, and tried again after a pause
                if stop.is_set():
                    return
                if isinstance(failure, GoldNotBuilt | NoHistory):
                    logger.info("forecasts wait for gold", reason=str(failure))
                elif isinstance(failure, TradewindError):
                    logger.warning("forecasts could not be made; the last good ones stay", reason=str(failure))
                else:
                    logger.exception("forecasts could not be made; the last good ones stay")
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)

    def turn(self, stop: threading.Event) -> None:
        """Does what is due now. A roll first: it takes seconds, and what comes after may take long or fail."""
        platform = self._platform
        now, zone = platform.clock.now(), platform.settings.store.zone
        today = open_day(Gold(platform.warehouse), now, zone)
        if now >= self._next_roll and is_roll_due(platform.warehouse, now, zone):
            self._roll(today, stop)
        if is_due(platform.warehouse, now, zone):
            self._train(today, stop)

    @property
    def _folder(self) -> Path:
        return self._platform.settings.data_dir / _FOLDER

    def _roll(self, today: date, stop: threading.Event) -> None:
        platform = self._platform
        try:
            done = roll(
                platform.warehouse, self._folder, today=today, now=platform.clock.now, progress=_until_closed(stop)
            )
        except NothingToRoll as reason:  # a training is not kept from its turn by that
            logger.info("forecasts are not rolled forward", reason=str(reason))
            self._next_roll = platform.clock.now() + timedelta(seconds=_PAUSE_AFTER_FAILURE_SECONDS)
            return
        platform.warehouse.touch()
        logger.info("forecasts are rolled forward", until=str(done.origin), seconds=done.seconds)

    def _train(self, today: date, stop: threading.Event) -> None:
        platform = self._platform
        done = train(
            platform.warehouse,
            self._folder,
            Asked(),
            today=today,
            now=platform.clock.now,
            country=platform.settings.store.country,
            progress=_until_closed(stop),
        )
        platform.warehouse.touch()
        logger.info("forecasts are trained", products=done.products, seconds=done.seconds, wape=done.wape)


def _until_closed(stop: threading.Event) -> Progress:
    def progress(_: str) -> None:
        if stop.is_set():
            raise InterruptedError("the server closes")

    return progress


def _at_three(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, WEEKLY, zone)
