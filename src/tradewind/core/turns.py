"""A lock that is given in the order in which it was asked for.

SQLite lets one writer in and makes the others poll, so a busy writer that comes back at once keeps
everybody else out for seconds. Taking turns inside the process makes a sign-in wait for one batch of an
import and not for the whole import.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """First come, first served. Not re-entrant: a thread that asks twice waits for itself."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def turn(self, timeout: float) -> Iterator[None]:
        """Waits for its turn and holds it for the block. Raises TimeoutError when it does not come in time."""
        with self._guard:
            mine = None if not self._taken else threading.Event()
            if mine is None:
                self._taken = True
            else:
                self._waiting.append(mine)
        if mine is not None and not mine.wait(timeout):
            self._leave(mine)
            raise TimeoutError
        try:
            yield
        finally:
            self._pass_on()

    def _leave(self, mine: threading.Event) -> None:
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return
        self._pass_on()  # the turn came in the moment we gave up

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
