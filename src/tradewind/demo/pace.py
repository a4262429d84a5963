"""How fast the simulator sells: orders come by chance, more of them in the evening, and at times all at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tradewind.demo.demand import ONLINE

QUIETEST, BUSIEST = 0.35, 1.6
"""Bounds of the hour's influence: a demo that sleeps at night shows nothing."""
BURST_EVERY_SECONDS = 150
BURST_SECONDS = (3.0, 9.0)
BURST_FACTOR = 6
LONGEST_PAUSE = timedelta(seconds=30)
"""After a longer one, such as a laptop's sleep, the missed orders are not made up for."""
MOST_AT_ONCE = 200


class Pace:
    """Arrivals of orders at a mean rate per second. Even: without hours and bursts, for measurements."""

    def __init__(
        self, rng: Random, orders_per_second: float, zone: ZoneInfo, start: datetime, *, is_even: bool
    ) -> None:
        self._rng = rng
        self._mean = orders_per_second
        self._zone = zone
        self._is_even = is_even
        self._burst_begins = start + timedelta(seconds=rng.expovariate(1 / BURST_EVERY_SECONDS))
        self._burst_ends = start
        self._next = start

    def due(self, now: datetime) -> list[datetime]:
        """The moments, up to now, at which orders came since the last call."""
        if now - self._next > LONGEST_PAUSE:
            self._next = now
        arrivals: list[datetime] = []
        while self._next <= now and len(arrivals) < MOST_AT_ONCE:
            arrivals.append(self._next)
            self._next += timedelta(seconds=self._rng.expovariate(self.rate(self._next)))
        return arrivals

    def seconds_to_next(self, now: datetime) -> float:
        return max((self._next - now).total_seconds(), 0.0)

    def rate(self, moment: datetime) -> float:
        """Orders per second at this moment."""
        if self._is_even:
            return self._mean
        factor = min(max(ONLINE.factor(moment.astimezone(self._zone).hour), QUIETEST), BUSIEST)
        return self._mean * factor * (BURST_FACTOR if self._is_burst(moment) else 1)

    def _is_burst(self, moment: datetime) -> bool:
        if moment >= self._burst_begins:
            self._burst_ends = moment + timedelta(seconds=self._rng.uniform(*BURST_SECONDS))
            pause = self._rng.expovariate(1 / BURST_EVERY_SECONDS)
            self._burst_begins = self._burst_ends + timedelta(seconds=pause)
        return moment < self._burst_ends
