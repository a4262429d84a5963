"""Training forecasts: on command, and by itself on Sundays at three by the clock of the store.

A run that fails is logged and written down (`forecast_runs`); what was served before stays served, and the next look
tries again after a pause.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tradewind.core.clock import SystemClock
from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger
from tradewind.core.settings import Settings
from tradewind.insights.forecasting.engine import Progress
from tradewind.insights.forecasting.panel import NoHistory, open_day
from tradewind.insights.forecasting.training import Asked, Trained, train
from tradewind.insights.gold import Gold, GoldNotBuilt
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
    """Trains in its thread when it is due, until the server closes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def run(self, stop: threading.Event) -> None:
        platform = self._platform
        zone = platform.settings.store.zone
        while not stop.wait(_LOOK_SECONDS):
            now = platform.clock.now()
            try:
                if is_due(platform.warehouse, now, zone):
                    self._train(open_day(Gold(platform.warehouse), now, zone), stop)
            except Exception as failure:  # told in the words of its kind below, and tried again after a pause
                if stop.is_set():
                    return
                if isinstance(failure, GoldNotBuilt | NoHistory):
                    logger.info("forecasts wait for gold", reason=str(failure))
                elif isinstance(failure, TradewindError):
                    logger.warning("forecasts could not be trained; the last good ones stay", reason=str(failure))
                else:
                    logger.exception("forecasts could not be trained; the last good ones stay")
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)

    def _train(self, today: date, stop: threading.Event) -> None:
        platform = self._platform

        def progress(_: str) -> None:
            if stop.is_set():
                raise InterruptedError("the server closes")

        folder = platform.settings.data_dir / _FOLDER
        done = train(
            platform.warehouse,
            folder,
            Asked(),
            today=today,
            now=platform.clock.now,
            country=platform.settings.store.country,
            progress=progress,
        )
        platform.warehouse.touch()
        logger.info("forecasts are trained", products=done.products, seconds=done.seconds, wape=done.wape)


def _at_three(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, WEEKLY, zone)
