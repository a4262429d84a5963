"""Dates and times as text. The usual form is read here; of any other the engine is asked whether it can read it.

The engine alone would not do: it takes a 25th hour for the next day and cuts what it cannot hold to its limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

_USUAL = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?)?)?"
)
_LOOKS_USUAL = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[ T][0-9:.,]*)?Z?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_UNIX_DIGITS: Final = {9: 0, 10: 0, 13: 3, 16: 6, 19: 9}
"""How many digits a Unix time has, and how many of them are a fraction of a second."""
_MOST_KNOWN = 100_000
_AT_ONCE = 10_000
_LONGEST = 64

YearsOf = Callable[[Sequence[str]], Sequence[int | None]]
"""The engine's answer to texts: the year of each, None for one that it cannot read."""


def no_engine(texts: Sequence[str]) -> Sequence[int | None]:
    """Where there is no engine to ask, only the usual form is a date."""
    return [None] * len(texts)


class Moments:
    """Reads texts as points in time. Remembers what the engine said. Threads may share it."""

    def __init__(self, years_of: YearsOf = no_engine) -> None:
        self._years_of = years_of
        self._known: dict[str, int | None] = {}

    def year(self, text: str) -> int | None:
        """The year that a text means, in its own zone; None when it is no date."""
        usual = _USUAL.fullmatch(text)
        if usual is not None:
            parts = [int(part) for part in usual.groups() if part is not None]
            try:
                return datetime(*parts).year  # type: ignore[arg-type]  # noqa: DTZ001 (only whether there is such a day)
            except ValueError:
                return None
        if len(text) > _LONGEST or _LOOKS_USUAL.fullmatch(text):
            return None
        if text not in self._known:
            self.learn([text])
        return self._known.get(text)

    def learn(self, texts: Iterable[str]) -> None:
        """Asks the engine about all unusual texts of a request at once."""
        unknown = sorted(
            {t for t in texts if t not in self._known and len(t) <= _LONGEST and not _LOOKS_USUAL.fullmatch(t)}
        )
        if not unknown:
            return
        if len(self._known) > _MOST_KNOWN:
            self._known = {}
        for start in range(0, len(unknown), _AT_ONCE):
            part = unknown[start : start + _AT_ONCE]
            self._known.update(zip(part, self._years_of(part), strict=True))


def day_year(text: str) -> int | None:
    """The year of a day, YYYY-MM-DD; None when there is no such day."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3])).year  # noqa: DTZ001 (a day has no zone)
    except ValueError:
        return None


def unix_time(number: int) -> str | None:
    """A Unix time as text that the engine reads alike in every column; its digits tell its unit."""
    fraction = _UNIX_DIGITS.get(len(str(number))) if number > 0 else None
    if fraction is None:
        return str(number).zfill(10) if 0 <= number < 10**8 else None
    seconds, part = divmod(number, 10**fraction)
    return f"{seconds:010d}.{part:0{fraction}d}" if fraction else f"{seconds:010d}"
