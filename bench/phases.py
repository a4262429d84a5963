"""Where an answer of an endpoint spends its time: moments that the server notes, and where the slowest ones waited.

Both sides read the same clock, so that the way to the server and back can be told as well.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Hashable, MutableMapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.warehouse.serving.queries import Planned, Queries

HEADER = "x-bench-moments"
_NAMES = ("late", "there", "plan", "queue", "run", "wake", "back")
_SHOWN = 20


@dataclass(slots=True)
class _Noted:
    """Moments of one request; those of a query only when it waited for one."""

    came: float
    asked: float = 0.0
    key: Hashable = None


class Moments:
    """Stands before the application and notes when a request came, was asked, ran and was answered."""

    def __init__(self, app: ASGIApp, queries: Queries) -> None:
        self._app = app
        self._noted: ContextVar[_Noted | None] = ContextVar("noted", default=None)
        self._runs: dict[Hashable, tuple[float, float]] = {}
        ask, run = queries.ask, queries.run

        def asking(planned: Planned) -> Any:
            noted = self._noted.get()
            found = ask(planned)
            if noted is not None:
                noted.asked = time.perf_counter()
                noted.key = planned.key if not hasattr(found, "content") else None
            return found

        def running(planned: Planned) -> Any:
            began = time.perf_counter()
            try:
                return run(planned)
            finally:
                self._runs[planned.key] = (began, time.perf_counter())

        queries.ask, queries.run = asking, running  # type: ignore[method-assign]  # this object only, to note its moments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        noted = _Noted(time.perf_counter())
        self._noted.set(noted)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and noted.asked:
                _add(message, [noted.came, noted.asked, *self._runs.get(noted.key, ()), time.perf_counter()])
            await send(message)

        await self._app(scope, receive, noting)


def _add(message: MutableMapping[str, Any], moments: Sequence[float]) -> None:
    text = ",".join(f"{moment:.6f}" for moment in moments)
    message["headers"] = [*message["headers"], (HEADER.encode(), text.encode())]


@dataclass
class Slowest:
    """The slowest answers with their phases. One per thread; joined at the end."""

    kept: list[tuple[float, float, tuple[float, ...]]] = field(default_factory=list)

    def add(self, due: float, sent: float, header: str | None, read: float) -> None:
        if len(self.kept) == _SHOWN and read - due <= self.kept[0][0]:
            return
        moments = [float(moment) for moment in (header or "").split(",") if moment]
        if len(moments) == 3:
            came, asked, answered = moments
            phases = (sent - due, came - sent, asked - came, 0.0, 0.0, answered - asked, read - answered)
        elif len(moments) == 5:
            came, asked, began, ended, answered = moments
            phases = (
                sent - due,
                came - sent,
                asked - came,
                began - asked,
                ended - max(began, asked),
                answered - ended,
                read - answered,
            )
        else:
            phases = (sent - due, 0.0, 0.0, 0.0, 0.0, 0.0, read - sent)
        push = heapq.heappush if len(self.kept) < _SHOWN else heapq.heappushpop
        push(self.kept, (read - due, due, phases))

    def join(self, other: Slowest) -> None:
        self.kept = heapq.nlargest(_SHOWN, self.kept + other.kept)

    def told(self, began: float) -> str:
        """A line per answer, in milliseconds; `queue` is negative where the query ran already."""
        lines = ["   at s  total " + " ".join(f"{name:>6}" for name in _NAMES)]
        for total, due, phases in sorted(self.kept, reverse=True):
            told = " ".join(f"{phase * 1000:6.0f}" for phase in phases)
            lines.append(f"{due - began:7.2f} {total * 1000:6.0f} {told}")
        return "\n".join(lines)
