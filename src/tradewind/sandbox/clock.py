"""The simulated clock: it runs as fast as it is told, stands still, or leaps."""

from __future__ import annotations

from datetime import datetime, timedelta

from tradewind.core.clock import Clock


class SimulatedClock:
    """Starts at a moment of its own and runs `speed` times as fast as the real clock; 0: only when advanced."""

    def __init__(self, start: datetime, real: Clock, speed: float = 0.0) -> None:
        self._real = real
        self._begun = real.now()
        self._base = start
        self._speed = speed

    def now(self) -> datetime:
        if not self._speed:
            return self._base
        return self._base + (self._real.now() - self._begun) * self._speed

    @property
    def is_running(self) -> bool:
        """Whether time passes without being told to."""
        return self._speed > 0

    def advance(self, **step: float) -> None:
        """Leaps forward by a timedelta's keywords, for example `advance(hours=6)`."""
        self._rebase(self.now() + timedelta(**step))

    def run(self, speed: float) -> None:
        """Changes how fast it runs, from now on."""
        self._rebase(self.now())
        self._speed = speed

    def _rebase(self, moment: datetime) -> None:
        self._begun = self._real.now()
        self._base = moment
