"""The relay: moves facts from the outbox to the log, in commit order, each exactly once.

The log stores the relay's place together with the facts, so a crash between "stored" and "removed from
the outbox" changes nothing: the next round starts behind that place and only tidies up.
"""

from __future__ import annotations

import threading
import time

from tradewind.core.database import Database
from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.events import outbox
from tradewind.events.log import EventLog
from tradewind.events.outbox import BEGINNING, Place

PRODUCER = "outbox"
_IDLE_SECONDS = 0.2
_PATIENCE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.02
_WORTH_IT, _BREATH_SECONDS = 200, 0.02
"""After so few facts it waits a moment for more: each batch costs the disk a write, which orders wait for too."""
_TIDY_EVERY_SECONDS = 2.0
_PAUSE_AFTER_FAILURE_SECONDS = 1.0

logger = get_logger(__name__)


class Relay:
    """One per operational store. `drain` is safe to repeat after a crash on any line."""

    def __init__(self, database: Database, log: EventLog, *, batch: int = 5_000) -> None:
        self._database = database
        self._log = log
        self._batch = batch
        self._tidied = BEGINNING
        self._tidied_at = 0.0

    def drain(self) -> int:
        """Moves everything that has committed so far; returns the number of facts moved.

        Facts behind a transaction that is still under way are waited for, a few seconds at most.
        """
        moved, patience_ends = 0, time.monotonic() + _PATIENCE_SECONDS
        while (count := self.step()) or (self.backlog() and time.monotonic() < patience_ends):
            moved += count
            if not count:
                time.sleep(_LOOK_AGAIN_SECONDS)
        self._tidy(self._log.sequence(PRODUCER))
        return moved

    def step(self) -> int:
        """Moves one batch and returns its size; 0 when nothing waits."""
        place = self._log.sequence(PRODUCER)
        with self._database.read() as tx:
            batch = outbox.waiting(tx, place, self._batch)
        if not batch.facts:
            return 0
        self._log.append(batch.facts, producer=PRODUCER, sequence=batch.end, after=place)
        if time.monotonic() - self._tidied_at > _TIDY_EVERY_SECONDS:
            self._tidy(batch.end)
        return len(batch.facts)

    def _tidy(self, through: Place) -> None:
        # Not after every batch: removing rows takes the one writer's place that an import needs more.
        if through > self._tidied:
            with self._database.write() as tx:
                outbox.forget(tx, through)
            self._tidied = through
        self._tidied_at = time.monotonic()

    def backlog(self) -> int:
        """Facts that have committed and are not in the log yet."""
        place = self._log.sequence(PRODUCER)
        with self._database.read() as tx:
            return outbox.count(tx, place)

    def run(self, stop: threading.Event) -> None:
        """Keeps draining until told to stop; a failure is logged and tried again, never skipped."""
        seen = self._database.committed.count
        while not stop.is_set():
            try:
                moved = self.step()
            except Unavailable as busy:
                logger.warning("relay waits", reason=str(busy))
                moved = 0
            except Exception:
                logger.exception("relay failed; it tries again")
                stop.wait(_PAUSE_AFTER_FAILURE_SECONDS)
                continue
            if not moved:
                seen = self._database.committed.wait(seen, _IDLE_SECONDS)
            elif moved < _WORTH_IT:
                stop.wait(_BREATH_SECONDS)
