"""What can go wrong at a platform, switched on by a test or by chance: each is consumed by one request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tradewind.core.chance import mark
from tradewind.core.errors import InvalidInput


class FaultKind(StrEnum):
    THROTTLED = "throttled"
    """Refused as if too much had been asked: 429, or Shopify's THROTTLED."""
    UNAVAILABLE = "unavailable"
    """503."""
    BROKEN = "broken"
    """500."""
    TIMEOUT = "timeout"
    """No answer for `seconds`, then 504."""
    DROPPED = "dropped"
    """The connection ends in the middle of the answer."""
    TRUNCATED = "truncated"
    """A complete answer whose JSON is cut off."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the name of a fault
    """The access token is refused before its time."""
    DUPLICATED_PAGE = "duplicated_page"
    """A page whose rows have been told on the page before."""
    EMPTY_PAGE = "empty_page"
    """A page without rows that is not the last."""
    CHANGED = "changed"
    """An order changes between two pages."""
    CLOCK_SKEW = "clock_skew"
    """The platform's clock is `seconds` ahead of the world's for one answer."""


@dataclass(slots=True)
class Fault:
    """`path`: only requests whose path contains it."""

    kind: FaultKind
    times: int = 1
    path: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class Faults:
    """One channel's switches, and chance beside them: `permille` of the requests meet a fault of that kind."""

    seed: int = 0
    permille: Mapping[FaultKind, int] = field(default_factory=dict)
    seconds: float = 0.0
    """Of chance's timeouts: real ones, so a test keeps them at 0."""
    skew_seconds: float = 0.0
    """Of chance's skews."""
    met: Counter[FaultKind] = field(default_factory=Counter)
    _switched: list[Fault] = field(default_factory=list)
    _drawn: int = 0
    _is_expired: bool = False

    def switch(self, fault: Fault) -> None:
        if fault.times < 1 or fault.seconds < 0:
            raise InvalidInput("A fault happens at least once and lasts no negative time.", field="times")
        self._switched.append(fault)

    def clear(self) -> None:
        self._switched.clear()
        self.permille = {}

    def take(self, path: str, *kinds: FaultKind) -> Fault | None:
        """The fault of one of these kinds that this request meets, if any; it is used up thereby."""
        for fault in self._switched:
            if fault.kind in kinds and fault.path in path:
                fault.times -= 1
                if not fault.times:
                    self._switched.remove(fault)
                self.met[fault.kind] += 1
                return fault
        return self._by_chance(kinds)

    def _by_chance(self, kinds: tuple[FaultKind, ...]) -> Fault | None:
        self._drawn += 1
        point = mark(self.seed, "fault", self._drawn) % 1000
        for kind in kinds:
            point -= self.permille.get(kind, 0)
            if point < 0:
                if kind is FaultKind.EXPIRED_TOKEN and self._is_expired:
                    # A token that was made a moment ago has not expired: twice in a row would mean a revoked access.
                    break
                self._is_expired = kind is FaultKind.EXPIRED_TOKEN
                self.met[kind] += 1
                return Fault(kind, seconds=self.skew_seconds if kind is FaultKind.CLOCK_SKEW else self.seconds)
        if FaultKind.EXPIRED_TOKEN in kinds:
            self._is_expired = False
        return None

    @property
    def waiting(self) -> list[Fault]:
        """Those that are switched on and have not happened yet."""
        return list(self._switched)
