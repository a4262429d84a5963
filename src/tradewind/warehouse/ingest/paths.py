"""JSON paths of columns: members, nested members, each of a list, one of a list, or the whole row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tradewind.core.errors import InvalidInput

EACH: Final = "[:]"
"""A step to every element of a list; what follows is taken of each."""

Step = str | int | tuple[str]
"""A member's name, an index, or (EACH,)."""

_STEP = re.compile(
    r"""
    \.(?P<member>[^.\[\]]+) | \[(?P<quote>['"])(?P<quoted>.*?)(?P=quote)\] | \[(?P<index>[0-9]+)\] | (?P<each>\[:\])
    """,
    re.VERBOSE,
)


class _Absent:
    """Says that there is nothing at a path: a null is something."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Path:
    members: tuple[str, ...]
    """The names up to the first step into a list."""
    rest: tuple[Step, ...] = ()

    @property
    def is_whole_row(self) -> bool:
        return not self.members and not self.rest

    @property
    def is_plain(self) -> bool:
        """Whether the value at the members is the value: a list is itself all of its elements."""
        return self.rest in ((), ((EACH,),))

    def of(self, row: Any) -> Any:
        """The value in a row, or ABSENT."""
        value = row
        for member in self.members:
            if not isinstance(value, dict) or member not in value:
                return ABSENT
            value = value[member]
        return within(value, self.rest)


def within(value: Any, steps: tuple[Step, ...]) -> Any:
    """What is at the steps, of a value that lies at the members' end. What is no list has no elements."""
    for place, step in enumerate(steps):
        if isinstance(step, tuple):
            if not isinstance(value, list):
                return value  # the type's rule says what is wrong with it
            rest = steps[place + 1 :]
            return [found for element in value if (found := within(element, rest)) is not ABSENT]
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return ABSENT
            value = value[step]
        else:
            if not isinstance(value, dict) or step not in value:
                return ABSENT
            value = value[step]
    return value


@lru_cache(maxsize=10_000)
def parse_path(text: str) -> Path:
    """Reads `$.a.b`, `$['a b']`, `$.list[:].x`, `$.a[0]` or `$`. Raises InvalidInput."""
    text = text.strip()
    if not text.startswith("$"):
        raise InvalidInput(f"The JSON path {text} does not begin with $.")
    steps: list[Step] = []
    place = 1
    while place < len(text):
        found = _STEP.match(text, place)
        if found is None:
            raise InvalidInput(f"The JSON path {text} cannot be read from column {place + 1} on.")
        if found["each"]:
            steps.append((EACH,))
        elif found["index"] is not None:
            steps.append(int(found["index"]))
        else:
            steps.append(found["member"] if found["member"] is not None else found["quoted"])
        place = found.end()
    inside = next((i for i, step in enumerate(steps) if not isinstance(step, str)), len(steps))
    return Path(tuple(str(step) for step in steps[:inside]), tuple(steps[inside:]))
