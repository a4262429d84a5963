"""Values of a template and how they print as SQL.

Text that a caller may have chosen is never joined with SQL as it is: a printed value is a *literal*, kept apart
from the SQL around it. In the SQL stands `MARK` instead, so that what a query reads depends on its *shape* only,
and whether a value is a token of its own can be checked before it is put in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from tradewind.warehouse.datafiles.templates.errors import refused

MARK = "'\x01'"
NO_VALUE = "__no_value__"
_ESCAPES = {
    "\0": "\\0",
    "\r": "\\r",
    "\b": "\\b",
    "\t": "\\t",
    "\x1a": "\\z",
    "\n": "\\n",
    '"': '\\"',
    "'": "\\'",
    "\\": "\\\\",
    "%": "\\%",
    "`": "\\`",
}
_TABLE = str.maketrans(_ESCAPES)
_NAME_TABLE = str.maketrans(_ESCAPES | {'"': ""})


class Sql:
    """SQL text: `shape` with a mark for each of the literals."""

    __slots__ = ("literals", "shape")

    def __init__(self, shape: str, literals: Sequence[str] = ()) -> None:
        self.shape = shape
        self.literals = tuple(literals)

    @classmethod
    def literal(cls, text: str) -> Sql:
        return cls(MARK, (text,))

    def __str__(self) -> str:
        return fill(self.shape, self.literals)


class ArrayText(Sql):
    """What Array() gives: prints as an SQL array; loops, len() and subscripts see its items."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[object]) -> None:
        super().__init__(MARK, (array(items),))
        self.items = tuple(items)

    def __iter__(self) -> Iterator[object]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int | slice) -> object:
        return self.items[index]


class SizedInt(int):
    """An integer that prints with the conversion to its width; arithmetic gives a plain one."""

    type_name: str

    @classmethod
    def of(cls, number: int, type_name: str) -> SizedInt:
        made = cls(number)
        made.type_name = type_name
        return made


class SizedFloat(float):
    type_name: str

    @classmethod
    def of(cls, number: float, type_name: str) -> SizedFloat:
        made = cls(number)
        made.type_name = type_name
        return made


class Placeholder:
    """A parameter that nobody sent, while a template is checked without a caller."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return NO_VALUE

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Placeholder]:
        return iter((self, self, self))


class TypeName(str):
    """A type function's name without a call, as in `Array(x, String)`."""

    __slots__ = ()


def fill(shape: str, literals: Sequence[str]) -> str:
    """The shape with its marks replaced, one after the other."""
    if not literals:
        return shape
    pieces = shape.split(MARK)
    if len(pieces) != len(literals) + 1:
        raise refused("A value and a character that no text may hold stand together.")
    woven = [pieces[0]]
    for literal, piece in zip(literals, pieces[1:], strict=True):
        woven += (literal, piece)
    return "".join(woven)


def quoted(text: str) -> str:
    """An SQL string literal with the format's escapes: `%` comes out as `\\%`, which the engine keeps as both."""
    return f"'{text.translate(_TABLE)}'"


def name(text: str) -> str:
    """One backticked name."""
    return f"`{text.translate(_NAME_TABLE)}`"


def dotted_name(text: str) -> str:
    return ".".join(name(part) for part in text.split("."))


def array(items: Iterable[object]) -> str:
    every = list(items)
    if any(isinstance(item, SizedInt) and not -(2**63) <= item < 2**64 for item in every):
        # The engine reads a number of so many digits as a float, so these need their conversion.
        return f"[{','.join(converted(item) if isinstance(item, SizedInt) else element(item) for item in every)}]"
    return f"[{','.join(element(item) for item in every)}]"


def converted(number: SizedInt | SizedFloat) -> str:
    """A number with the conversion to its type."""
    return f"to{number.type_name}('{text_of(number)}')"


def element(value: object) -> str:
    """An item of an array or a tuple: numbers without their conversion."""
    if isinstance(value, (bool, int)):
        return str(int(value))
    if isinstance(value, float):
        return repr(float(value))
    if value is None:
        return "NULL"
    if isinstance(value, (list, tuple, set, ArrayText)):
        return array(value)
    if isinstance(value, Sql):
        return str(value)
    return quoted(text_of(value))


def text_of(value: object) -> str:
    """A value as text, as it is without quotes."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, (dict, list, tuple, set)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value)


def printed(value: object) -> Sql | str | None:
    """What `{{ value }}` puts into the SQL: SQL with literals, or plain SQL text. None for what is null."""
    if isinstance(value, Sql):
        return value
    if isinstance(value, (bool, int)) and not isinstance(value, SizedInt):
        return str(int(value))
    if isinstance(value, (SizedInt, SizedFloat)):
        return Sql.literal(converted(value))
    if isinstance(value, float):
        return repr(value)
    if value is None:
        return None
    if isinstance(value, (list, set, range)):
        return Sql.literal(array(value))
    if isinstance(value, tuple):
        return Sql.literal(f"({','.join(element(item) for item in value)})")
    return Sql.literal(quoted(text_of(value)))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, (set, tuple)) else str(value)
