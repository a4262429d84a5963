"""Holds the warehouse against the ledger: counts and sums per day and entity, on both sides, to the cent.

The ledger is the operational store; its own sums are held against their rows first. Against it stand the
landed tables, the live figures and, where it has been built, gold. Landed facts are compared by UTC days, figures
by the store's business days too, in the orders' currencies and converted. While sales go on, what differs
is looked at again before it is called a difference: a fact on its way is not an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol
from zoneinfo import ZoneInfo

from tradewind.platform import Access
from tradewind.verify.checks import all_checks
from tradewind.verify.report import Checked, Difference

__all__ = ["Checked", "Difference", "is_clean", "verify"]

_LOOKS_AT_A_RUNNING_SERVER = 10
_PAUSE_SECONDS = 0.3
_UTC = ZoneInfo("UTC")


def verify(access: Access, *, zone: ZoneInfo = _UTC) -> list[Checked]:
    """Makes every check, with business days cut in `zone`; settles first, and again before a difference is reported."""
    access.settle()
    looks = _LOOKS_AT_A_RUNNING_SERVER if access.server_url else 1
    return [_made(check, access.settle, looks) for check in all_checks(access.database, access.warehouse, zone)]


def is_clean(checks: list[Checked]) -> bool:
    return not any(check.differences for check in checks)


class _Check(Protocol):
    def look(self) -> Checked: ...


def _made(check: _Check, settle: Callable[[], None], looks: int) -> Checked:
    checked = check.look()
    for _ in range(looks - 1):
        if not checked.differences:
            break
        time.sleep(_PAUSE_SECONDS)
        settle()
        checked = check.look()
    return checked
