"""A column's type, taken apart: `LowCardinality(Nullable(Decimal(18, 2)))` as a small tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

_QUOTES = "'`\""


@dataclass(frozen=True, slots=True)
class Type:
    """`name` and arguments, each as its text; what only wraps a type (LowCardinality …) is already gone."""

    name: str
    arguments: tuple[str, ...] = ()
    is_nullable: bool = False
    text: str = ""
    """As it is shown to people: without the wrapping."""

    def inner(self, index: int = 0) -> Type:
        return parse_type(self.arguments[index])

    def number(self, index: int, default: int) -> int:
        """An argument that is a whole number."""
        return int(self.arguments[index]) if index < len(self.arguments) else default


@lru_cache(maxsize=10_000)
def parse_type(text: str) -> Type:
    """Reads a type of the engine. What a wrapper holds stands for the wrapper."""
    text = text.strip()
    name, bracket, rest = text.partition("(")
    name = name.strip()
    if not bracket:
        return Type(name, text=text)
    arguments = split_arguments(rest.rstrip()[:-1])
    if name == "Nullable":
        inner = parse_type(arguments[0])
        return Type(inner.name, inner.arguments, is_nullable=True, text=inner.text)
    if name == "LowCardinality":
        return parse_type(arguments[0])
    if name == "SimpleAggregateFunction":
        return parse_type(arguments[1])
    return Type(name, arguments, text=text)


def split_arguments(text: str) -> tuple[str, ...]:
    """Parts between commas that stand outside of brackets and quotes."""
    parts: list[str] = []
    depth, start, quote, place = 0, 0, "", 0
    while place < len(text):
        letter = text[place]
        if quote:
            if letter == "\\":
                place += 1
            elif letter == quote:
                quote = ""
        elif letter in _QUOTES:
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
        place += 1
    last = text[start:].strip()
    return (*parts, last) if last else tuple(parts)


def unquoted(text: str) -> str:
    """The value of a quoted word of a type: of an enumeration's name, of a time zone."""
    text = text.strip()
    if len(text) >= 2 and text[0] in _QUOTES and text[-1] == text[0]:
        return text[1:-1].replace("\\\\", "\0").replace("\\" + text[0], text[0]).replace("\0", "\\")
    return text


def element_of(text: str) -> tuple[str | None, Type]:
    """An element of a Tuple: its name, if it has one, and its type."""
    name, blank, rest = text.strip().partition(" ")
    if blank and "(" not in name and "'" not in name:
        return unquoted(name), parse_type(rest)
    return None, parse_type(text)


def enumeration(type_: Type) -> dict[str, int]:
    """The names of an Enum with their numbers; those that tell none follow the one before."""
    names: dict[str, int] = {}
    following = 1
    for argument in type_.arguments:
        name, equals, number = argument.rpartition("=")
        known = int(number) if equals else following
        names[unquoted(name if equals else argument)] = known
        following = known + 1
    return names
