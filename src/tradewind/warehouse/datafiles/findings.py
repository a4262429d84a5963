"""Collects what is wrong or doubtful while files are read, so that one run names everything."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from tradewind.warehouse.datafiles.model import Finding, Level, Place

MAX_FINDINGS = 1000
"""More than this from one project helps nobody."""


@dataclass(slots=True)
class Findings:
    found: list[Finding] = field(default_factory=list)

    def error(self, place: Place, message: str, fix: str = "") -> None:
        self._add(Finding(Level.ERROR, place, message, fix))

    def warn(self, place: Place, message: str, fix: str = "") -> None:
        self._add(Finding(Level.WARNING, place, message, fix))

    def _add(self, finding: Finding) -> None:
        if len(self.found) < MAX_FINDINGS and finding not in self.found[-20:]:
            self.found.append(finding)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A sentence that offers the known word closest to what was written, or what to say when none is close."""
    close = _closest(word[:100], tuple(sorted(known)[:_MAX_KNOWN]))
    return f"Did you mean {close}?" if close else otherwise


_MAX_KNOWN = 2000


@lru_cache(maxsize=1024)
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    by_case = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), list(by_case), n=1, cutoff=0.7)
    return by_case[close[0]] if close else None
