"""Waiting that ends when the server stops, by a clock that tests can move."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class SyncStopped(Exception):
    """The server stops: what was booked stays, the window is read again next time. No failure."""


class Pacer(Protocol):
    """A stop-watch in seconds, and a way to let time pass."""

    def seconds(self) -> float: ...

    def wait(self, seconds: float) -> None:
        """Returns after so long. Raises SyncStopped when the server stops meanwhile."""
        ...


class RealPacer:
    """The machine's own time."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()

    def seconds(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise SyncStopped
