"""How often the data of a warehouse have changed, and when: answers are kept until then, or a moment longer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

_REMEMBERED = 1024
"""Changes whose moment is known: minutes of them, where a kept answer may be late by a moment."""


class DataVersion(NamedTuple):
    """How many writes there were, and up to which one nobody may be given what was read before it."""

    writes: int
    firm_writes: int


class Versions:
    """Threads may share it."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._lock = threading.Lock()
        self._now = DataVersion(0, 0)
        self._moments: deque[float] = deque(maxlen=_REMEMBERED)
        """Of the last writes, the newest one last."""

    @property
    def now(self) -> DataVersion:
        """Which writes a question that is asked now sees."""
        return self._now

    def move(self, *, at_once: bool) -> None:
        """The data have changed. Without `at_once`, nobody waits to see it."""
        # Two who count at the same time must not count as one: what the later one wrote would go unseen.
        with self._lock:
            writes = self._now.writes + 1
            self._moments.append(self._timer())
            self._now = DataVersion(writes, writes if at_once else self._now.firm_writes)

    def outdated_since(self, writes: int) -> float | None:
        """When the first write after that one came: seconds of the timer, None if there was none.

        Long ago is told as minus infinity.
        """
        with self._lock:
            later = self._now.writes - writes
            if later <= 0:
                return None
            return self._moments[-later] if later <= len(self._moments) else float("-inf")
