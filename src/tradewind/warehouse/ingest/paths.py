"""How rows are taken apart by the paths of columns: members, nested ones, elements of lists, or the whole row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.json_paths import At, BadPath, Each, Member, parse
from tradewind.warehouse.datafiles.json_paths import Step as PathStep

EACH: Final = "[:]"
"""A step to every element of a list; what follows is taken of each."""

Step = str | int | tuple[str]
"""A member's name, an index, or (EACH,)."""


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
    """What is at the steps, of a value that lies at the members' end. What is no list has no elements.

    Of a list there is one value for each element, null where it has none: lists made of the same one stay beside
    each other.
    """
    for place, step in enumerate(steps):
        if isinstance(step, tuple):
            if not isinstance(value, list):
                return value  # the type's rule says what is wrong with it
            rest = steps[place + 1 :]
            found = [within(element, rest) for element in value]
            return [None if each is ABSENT else each for each in found]
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
    """Reads a path as the files' parser does. Raises InvalidInput."""
    try:
        parsed = parse(text.strip())
    except BadPath as wrong:
        raise InvalidInput(
            f"The JSON path {text} cannot be read from column {wrong.offset + 1} on: {wrong}."
        ) from wrong
    steps = [_step(step) for step in parsed.steps]
    inside = next((i for i, step in enumerate(steps) if not isinstance(step, str)), len(steps))
    return Path(tuple(str(step) for step in steps[:inside]), tuple(steps[inside:]))


def _step(step: PathStep) -> Step:
    match step:
        case Member(name):
            return name
        case At(index):
            return index
        case Each():
            return (EACH,)
