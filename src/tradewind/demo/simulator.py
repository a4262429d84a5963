"""The live simulator: sells on from where the history ends, as long as the server runs.

Each step is a transaction of its own. What it needs to go on (numbers taken, people known, open orders,
stock) stands in the store and not in the simulator, so it can be stopped anywhere and started again.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from tradewind.core.chance import stream
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.core.settings import Settings
from tradewind.demo.ledger import NotSeeded
from tradewind.demo.live import LiveStore
from tradewind.demo.pace import Pace
from tradewind.demo.plan import DEFAULT_SEED

ORDERS_PER_SECOND = 0.15
CHANGES_PER_ORDER = 3.2
MOST_CHANGES_PER_SECOND = 20.0
ORDERS_PER_DELIVERY = 22
"""Orders take about as many units as the next delivery brings; when too much runs low, more comes at once."""
SHORTEST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
PAUSE_AFTER_FAILURE_SECONDS = 2.0
LONGEST_MADE_UP_SECONDS = 10.0
"""Of a longer time without a step only so much is made up for."""

logger = get_logger(__name__)


class Simulator:
    """Sells until told to stop. `counts` says what it has done; `failures` among them are logged, not raised."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        seed: int = DEFAULT_SEED,
        *,
        orders_per_second: float = ORDERS_PER_SECOND,
        is_even: bool = False,
        elsewhere: frozenset[str] = frozenset(),
    ) -> None:
        """Even: neither hours nor bursts move the rate, for measurements. A stored history's own settings win.

        `elsewhere`: channels that somebody else sells for; nothing new is sold there, what is open goes on.
        """
        self._database = database
        self._zone = settings.store.zone
        self._clock = clock
        self._rate = orders_per_second
        start = clock.now()
        self._rng = stream(seed, "live", start.isoformat())
        self._pace = Pace(self._rng, orders_per_second, self._zone, start, is_even=is_even)
        self._elsewhere = elsewhere
        self._store: LiveStore | None = None
        self._last = start
        self._changes_due = 0.0
        self._deliveries_due = 0.0
        self.counts: Counter[str] = Counter()

    def run(self, stop: threading.Event) -> None:
        """Simulates in real time. A store that is not seeded yet is waited for."""
        waits = False
        while not stop.is_set():
            try:
                pause = self.step()
            except NotSeeded as missing:
                if not waits:
                    logger.info("the simulator waits", reason=str(missing))
                waits, pause = True, PAUSE_AFTER_FAILURE_SECONDS
            except Exception:
                logger.exception("the simulator failed; it tries again")
                self.counts["failures"] += 1
                pause = PAUSE_AFTER_FAILURE_SECONDS
            stop.wait(pause)

    def step(self) -> float:
        """Does what is due by the clock; returns the seconds until there is more.

        Raises NotSeeded. Whatever else goes wrong with a single action is logged and counted, and the next
        one follows.
        """
        store = self._store = self._store or LiveStore(self._database, self._rng, elsewhere=self._elsewhere)
        now = self._clock.now()
        arrivals = self._pace.due(now)
        if arrivals:
            self._attempt("sell", lambda: store.sell(arrivals, now))
        seconds = min(max((now - self._last).total_seconds(), 0.0), LONGEST_MADE_UP_SECONDS)
        self._last = now
        self._changes_due += min(len(arrivals) * CHANGES_PER_ORDER, seconds * MOST_CHANGES_PER_SECOND)
        self._deliveries_due += len(arrivals) / ORDERS_PER_DELIVERY
        while self._changes_due >= 1:
            self._changes_due -= 1
            self._attempt("advance", lambda: store.advance(now))
        while self._deliveries_due >= 1:
            self._deliveries_due -= 1
            self._attempt("take in", lambda: store.take_in(now, self._rate))
        self._attempt("hear back", lambda: store.hear_back(now))
        pause = self._pace.seconds_to_next(self._clock.now())
        return min(max(pause, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)

    def _attempt(self, name: str, action: Callable[[], Counter[str]]) -> None:
        try:
            self.counts += action()
        except NotSeeded:
            raise
        except Unavailable as busy:
            logger.warning("the simulator waits", action=name, reason=str(busy))
            self.counts["failures"] += 1
        except Exception:
            logger.exception("a step of the simulator failed; it goes on", action=name)
            self.counts["failures"] += 1
