"""A way to wake a loop that waits for work, without losing a call that comes while it is busy."""

from __future__ import annotations

import threading


class Signal:
    """Counts calls; a waiter sleeps until the count has moved on from what it saw last."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        return self._count

    def send(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> int:
        """Returns the count once it differs from `seen`, or after `timeout` seconds whatever it is."""
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout)
            return self._count
