"""The demo inside a running server: books the history that is missing, then sells on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack

from tradewind.channels.sync.pacing import SyncStopped
from tradewind.core.logging import get_logger
from tradewind.demo.outlets import own_share
from tradewind.demo.plan import DEFAULT_ORDERS
from tradewind.demo.seeding import seed_store
from tradewind.demo.simulator import ORDERS_PER_SECOND, Simulator
from tradewind.platform import Platform

_TELL_EVERY_SHARE = 0.1

logger = get_logger(__name__)


class _Stopped(Exception):
    """The server closes while the history is being booked; the next start goes on with it."""


def run_demo(
    platform: Platform,
    closing: threading.Event,
    *,
    orders: int | None,
    seeded: Callable[[], None] = lambda: None,
    hooks: str | None = None,
) -> None:
    """Runs until the server closes. The web app answers meanwhile, so the store can be watched as it fills.

    `seeded` is called once the history is there, or could not be booked. `hooks`: where the sandbox's platforms may
    call this server; None: without the sandbox, the simulator sells for them.
    """
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
        seeded()
        return
    logger.info("the demo store is complete", seconds=round(result.seconds, 1), **result.counts)
    seeded()
    with ExitStack() as undo:
        elsewhere = _open_sandbox(platform, undo, hooks)
        rate = ORDERS_PER_SECOND * own_share(elsewhere)
        Simulator(
            platform.database,
            platform.settings,
            platform.clock,
            orders_per_second=rate,
            elsewhere=elsewhere,
        ).run(closing)


def _open_sandbox(platform: Platform, undo: ExitStack, hooks: str | None) -> frozenset[str]:
    """Channels that the sandbox sells for; none where it is not wished for, or cannot be had."""
    from tradewind.demo.marketplaces import marketplaces, poll, rest  # not before a start has told its address

    try:
        if hooks is None:
            rest(platform.sync)
            return frozenset()
        elsewhere = undo.enter_context(marketplaces(platform.sync, hooks))
    except SyncStopped:  # the server closes
        return frozenset()
    except Exception:  # told: the simulator sells for all then, and the store itself runs
        logger.exception("the marketplaces in a box could not be connected; the demo goes on without")
        return frozenset()
    if "amazon" in elsewhere:
        platform.spawn("sandbox orders", lambda stop: poll(platform.sync, stop))
    logger.info("the marketplaces in a box are connected", channels=sorted(elsewhere))
    return elsewhere
