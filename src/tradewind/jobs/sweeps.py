"""Small work that comes round: what is over is closed or deleted, without a request that waits for it.

A sweep does a bounded part and says how much it did; it is called again at once until
nothing is left, then after its pause. Every sweep is safe to run twice and in two processes. One that fails
is logged and tried again at its next turn; the others go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tradewind.commerce.access.resets import forget_old_resets
from tradewind.commerce.access.sessions import forget_ended
from tradewind.commerce.carts.sweeps import expire_carts, forget_carts, tell_abandoned
from tradewind.commerce.catalog.loose_media import delete_loose
from tradewind.commerce.catalog.media_store import open_media
from tradewind.commerce.checkout.cancellation import cancel_next_unpaid
from tradewind.commerce.idempotency.service import forget_expired
from tradewind.commerce.inventory.reservations import release_expired
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.logging import get_logger
from tradewind.core.settings import Settings

_MOST_ROUNDS = 1_000
"""A sweep that never ends leaves the others their turn."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is done again and again, and the pause between."""

    name: str
    every_seconds: float
    work: Callable[[Database, datetime], int]
    """Does a bounded part of what there is to do at a moment; returns how many things it did, 0 when all is done."""


def in_one_transaction(work: Callable[[Session, datetime], int]) -> Callable[[Database, datetime], int]:
    """Work whose part is one transaction, as most is."""

    def do(database: Database, now: datetime) -> int:
        with database.write() as tx:
            return work(tx, now)

    return do


def sweeps_of(settings: Settings) -> tuple[Sweep, ...]:
    """What a store sweeps."""
    idle = timedelta(minutes=settings.store.cart_idle_minutes)
    parts: tuple[tuple[str, float, Callable[[Session, datetime], int]], ...] = (
        ("kept answers", 600, lambda tx, now: forget_expired(tx, now=now)),
        ("ended sessions", 3600, lambda tx, now: forget_ended(tx, now=now)),
        ("reset links", 3600, lambda tx, now: forget_old_resets(tx, now=now)),
        ("unpaid orders", 30, lambda tx, now: cancel_next_unpaid(tx, now=now)),
        ("ended reservations", 300, lambda tx, now: release_expired(tx, now=now)),
        ("ended carts", 600, lambda tx, now: expire_carts(tx, now=now)),
        ("abandoned carts", 300, lambda tx, now: tell_abandoned(tx, now=now, idle=idle)),
        ("old carts", 3600, lambda tx, now: forget_carts(tx, now=now)),
    )
    return (
        *(Sweep(name, every_seconds, in_one_transaction(work)) for name, every_seconds, work in parts),
        Sweep("loose media", 3600, lambda database, now: delete_loose(database, open_media(settings), now=now)),
    )


def run_sweeps(
    database: Database,
    clock: Clock,
    stop: threading.Event,
    sweeps: Sequence[Sweep],
    *,
    timer: Callable[[], float] = time.monotonic,
) -> None:
    """Calls every sweep in its time, the first time at once, until told to stop."""
    due = dict.fromkeys((sweep.name for sweep in sweeps), timer())
    while sweeps and not stop.is_set():
        sweep = min(sweeps, key=lambda one: due[one.name])
        if stop.wait(max(0.0, due[sweep.name] - timer())):
            return
        sweep_once(database, sweep, clock, stop)
        due[sweep.name] = timer() + sweep.every_seconds


def sweep_once(database: Database, sweep: Sweep, clock: Clock, stop: threading.Event | None = None) -> int:
    """Does all that a sweep finds to do now; returns how many things that were. A failure is logged, not raised."""
    done = 0
    try:
        for _ in range(_MOST_ROUNDS):
            part = sweep.work(database, clock.now())
            done += part
            if not part or (stop is not None and stop.is_set()):
                break
    except Exception:
        logger.exception("a sweep failed; it is tried again at its next turn", sweep=sweep.name)
    return done
