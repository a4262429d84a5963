"""The demo inside a running server: books the history that is missing, then sells on."""

from __future__ import annotations

import threading

from tradewind.core.logging import get_logger
from tradewind.demo.plan import DEFAULT_ORDERS
from tradewind.demo.seeding import seed_store
from tradewind.demo.simulator import Simulator
from tradewind.platform import Platform

_TELL_EVERY_SHARE = 0.1

logger = get_logger(__name__)


class _Stopped(Exception):
    """The server closes while the history is being booked; the next start goes on with it."""


def run_demo(platform: Platform, closing: threading.Event, *, orders: int | None) -> None:
    """Runs until the server closes. The web app answers meanwhile, so the store can be watched as it fills."""
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        if closing.is_set():
            raise _Stopped
        if total and done / total >= told + _TELL_EVERY_SHARE:
            told = done / total
            logger.info("booking the demo's history", orders=done, of=total)

    try:
        result = seed_store(
            platform.database,
            platform.settings,
            platform.clock,
            orders=orders or DEFAULT_ORDERS,
            progress=progress,
        )
    except _Stopped:
        return
    except Exception:
        logger.exception("the demo's history could not be booked; the store itself runs")
        return
    logger.info("the demo store is complete", seconds=round(result.seconds, 1), **result.counts)
    Simulator(platform.database, platform.settings, platform.clock).run(closing)
