"""How a server is told to stop, from its first moment on."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Protocol, Self


class Stoppable(Protocol):
    """What runs, as uvicorn's server has it."""

    should_exit: bool
    force_exit: bool


class Stop:
    """SIGINT and SIGTERM ask to stop; a second one insists."""

    def __init__(self) -> None:
        self.server: Stoppable | None = None
        self.asked = threading.Event()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self.server is None:
            raise KeyboardInterrupt
        if self.asked.is_set():
            self.server.force_exit = True
        self.asked.set()
        self.server.should_exit = True
