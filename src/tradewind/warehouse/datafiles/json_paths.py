"""Paths into a JSON document, as `json:` of a SCHEMA writes them: `$.a.b`, `$['a b']`, `$.list[:].x`, `$.a[0]`, `$`."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """The value under a key of an object."""

    name: str


@dataclass(frozen=True, slots=True)
class Each:
    """Every element of an array: what follows is looked up in each."""


@dataclass(frozen=True, slots=True)
class At:
    """One element of an array, counted from 0."""

    index: int


Step = Member | Each | At


MAX_STEPS = 32


@dataclass(frozen=True, slots=True)
class JsonPath:
    steps: tuple[Step, ...]

    @property
    def is_whole_document(self) -> bool:
        return not self.steps

    @property
    def plain_name(self) -> str | None:
        """The key, if the path is just one key of the document."""
        if len(self.steps) == 1 and isinstance(self.steps[0], Member):
            return self.steps[0].name
        return None

    def __str__(self) -> str:
        return "$" + "".join(_written(step) for step in self.steps)


class BadPath(ValueError):
    """The path cannot be read; `offset` is where in its text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


_PLAIN = re.compile(r"\.([^.\[\]'\"\s]+)")
_QUOTED = re.compile(r"\.?\[(?:'([^']*)'|\"([^\"]*)\")\]")
_EACH = re.compile(r"\.?\[[:*]?\]")
_AT = re.compile(r"\.?\[(\d{1,6})\]")


def parse(text: str) -> JsonPath:
    """The steps of a path. Raises BadPath, which says what is wrong and where."""
    if not text.startswith("$"):
        raise BadPath("a path begins with `$`", 0)
    steps: list[Step] = []
    at = 1
    while at < len(text):
        if plain := _PLAIN.match(text, at):
            steps.append(Member(plain[1]))
            at = plain.end()
        elif quoted := _QUOTED.match(text, at):
            steps.append(Member(quoted[1] if quoted[1] is not None else quoted[2]))
            at = quoted.end()
        elif each := _EACH.match(text, at):
            steps.append(Each())
            at = each.end()
        elif index := _AT.match(text, at):
            steps.append(At(int(index[1])))
            at = index.end()
        else:
            raise BadPath("expected `.name`, `['name']` or `[:]` here", at)
        if len(steps) > MAX_STEPS:
            raise BadPath(f"a path has at most {MAX_STEPS} steps", at)
    return JsonPath(tuple(steps))


def _written(step: Step) -> str:
    match step:
        case Member(name) if _PLAIN.fullmatch("." + name):
            return f".{name}"
        case Member(name):
            return f'["{name}"]' if "'" in name else f"['{name}']"
        case At(index):
            return f"[{index}]"
        case Each():
            return "[:]"
