"""Shapes of the program's own state."""

from __future__ import annotations

from typing import Literal

from tradewind.api.wire import Wire


class Health(Wire):
    """The process answers."""

    status: Literal["ok"]
    version: str


class Check(Wire):
    """One part that has to work."""

    name: str
    ok: bool
    detail: str


class Readiness(Wire):
    """Whether the process can do its work: every store answers and facts are moving."""

    status: Literal["ready", "not_ready"]
    checks: list[Check]
