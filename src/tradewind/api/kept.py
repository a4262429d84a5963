"""Answers that are kept for as long as the data stand still, and for a second at most.

Callers that ask the same thing at the same time wait for one computation.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

KEEP_SECONDS = 1.0
_MOST_KEPT = 256

Answer = TypeVar("Answer")
Value = TypeVar("Value")


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    answer: Any = None
    version: int = -1
    until: float = 0.0


class KeptAnswers:
    """Safe for several threads. `version` moves when the data do."""

    def __init__(self, version: Callable[[], int], *, timer: Callable[[], float] = time.monotonic) -> None:
        self._version, self._timer = version, timer
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def answer(self, question: Hashable, compute: Callable[[], Answer]) -> Answer:
        """What `compute` says of the question, now or less than a second ago if nothing has come since."""
        with self._lock:
            kept = self._kept.setdefault(question, _Kept())
            self._kept.move_to_end(question)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        with kept.lock:
            version = self._version()
            if kept.version != version or kept.until <= self._timer():
                kept.answer = compute()
                kept.version, kept.until = version, self._timer() + KEEP_SECONDS
            found: Answer = kept.answer
            return found


class Shared(Generic[Value]):
    """What all answers share: made anew when the data have moved on, or after so many seconds."""

    def __init__(self, make: Callable[[], Value], seconds: float, timer: Callable[[], float]) -> None:
        self._make, self._seconds, self._timer = make, seconds, timer
        self._kept: tuple[int, float, Value] | None = None

    def at(self, version: int) -> Value:
        """At worst several threads make it at once, and the last one's is kept."""
        kept, now = self._kept, self._timer()
        if kept is None or kept[0] != version or kept[1] <= now:
            kept = self._kept = (version, now + self._seconds, self._make())
        return kept[2]
