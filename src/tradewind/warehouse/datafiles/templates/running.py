"""One rendering of a template: its names, and how much work it may do."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.templates.errors import limit_reached
from tradewind.warehouse.datafiles.templates.values import MARK, Placeholder, Sql, TypeName

MOST_STEPS = 200_000
MOST_ITEMS = 100_000
MOST_CHARACTERS = 1_000_000
MOST_SECONDS = 1.0
BIGGEST_NUMBER = 2**512


@dataclass
class Limits:
    steps: int = MOST_STEPS
    characters: int = MOST_CHARACTERS
    seconds: float = MOST_SECONDS


@dataclass
class Run:
    """What one rendering knows and has done. `checking` renders without a caller: see the reference, 7.9."""

    values: Mapping[str, object]
    secrets: Mapping[str, str] | None
    checking: bool
    without_default: tuple[str, ...]
    """The names of the parameters that the error about a missing one lists."""
    type_names: frozenset[str]
    limits: Limits = field(default_factory=Limits)
    names: dict[str, object] = field(default_factory=dict)
    """What `{% set %}` and `{% for %}` have made."""
    pieces: list[str] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)
    bound: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    """Parameters that stand for a name and have none while checking."""
    max_threads: int | None = None
    cache_seconds: int | None = None
    _steps: int = 0
    _written: int = 0
    _deadline: float = 0.0

    def step(self) -> None:
        """One more small piece of work; raises when there were too many or time is up."""
        self._steps += 1
        if self._steps & 511 == 0:
            if self._steps > self.limits.steps:
                raise limit_reached("The template works too long. Loop over less.")
            now = time.monotonic()
            if self._deadline == 0.0:
                self._deadline = now + self.limits.seconds
            elif now > self._deadline:
                raise limit_reached(f"The template takes longer than {self.limits.seconds:g} s. Loop over less.")

    def steps(self, count: int) -> None:
        """As many steps at once, for a built-in that goes over that many items."""
        if count > MOST_ITEMS:
            raise limit_reached(f"A list of more than {MOST_ITEMS} items is too long for a template.")
        self._steps += count >> 4
        self.step()

    def find(self, name: str) -> object:
        """A name's value: a variable, a parameter, or None. A placeholder instead of None while checking."""
        if name in self.names:
            return self.names[name]
        if name in self.values:
            return self.values[name]
        if name in self.type_names:
            return TypeName(name)
        return Placeholder(name) if self.checking else None

    def write(self, text: str) -> None:
        self._written += len(text)
        if self._written > self.limits.characters:
            raise limit_reached(f"The SQL gets longer than {self.limits.characters} characters.")
        self.pieces.append(text)

    def write_value(self, printed: Sql | str) -> None:
        if isinstance(printed, Sql):
            self.write(printed.shape)
            self.literals += printed.literals
            self._written += sum(map(len, printed.literals))
        else:
            # A minus behind a minus would begin a comment.
            self.write(f" {printed}" if printed[:1] == "-" and self._ends_with_minus() else printed)

    def _ends_with_minus(self) -> bool:
        return next((piece[-1] == "-" for piece in reversed(self.pieces) if piece), False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template's SQL. `shape` is the same with a mark for each of `literals`, the values that were printed."""

    shape: str
    literals: tuple[str, ...] = ()
    bound: Mapping[str, str] = field(default_factory=dict)
    """Query parameters of the engine: secrets."""
    max_threads: int | None = None
    cache_seconds: int | None = None
    unknown: tuple[str, ...] = ()
    """While checking: parameters that name a column or table and have no default, so that the engine may refuse it."""
    sql: str = ""


def listed(names: Iterable[str]) -> str:
    """`a, b and c`."""
    every = list(names)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"


__all__ = ["MARK", "Limits", "Place", "Rendered", "Run", "listed"]
