"""Type functions: `Int32(limit, 10)` checks what a caller sent and prints it as that type."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tradewind.warehouse.datafiles.templates.errors import TemplateError, refused
from tradewind.warehouse.datafiles.templates.nodes import Call, Constant, Function, Given
from tradewind.warehouse.datafiles.templates.running import Run, listed
from tradewind.warehouse.datafiles.templates.values import (
    NO_VALUE,
    ArrayText,
    Placeholder,
    SizedFloat,
    SizedInt,
    TypeName,
    text_of,
)

WIDTHS = (8, 16, 32, 64, 128, 256)
_LONGEST_SHOWN = 100

_SIGNED = re.compile(r"[+-]?[0-9]{1,100}")
_UNSIGNED = re.compile(r"[0-9]{1,100}")
_FLOAT = re.compile(r"\s*[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)\s*", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = (
    r"(?:[0-9]{4}.[0-9]{2}.[0-9]{2}[T ][0-9]{2}.[0-9]{2}.[0-9]{2}"
    r"|[0-9]{2}.[0-9]{2}.[0-9]{4}.[0-9]{1,2}.[0-9]{1,2}.[0-9]{1,2})"
)
_DATETIME = re.compile(_TIME)
_DATETIME64 = re.compile(_TIME + r"\.[0-9]{3}")


class _NotOfType(Exception):
    """A text is not of a type."""


@dataclass(frozen=True, slots=True)
class Type:
    """How a type reads text, and what it prints while a template is checked without a caller."""

    name: str
    read: Callable[[str], Any]
    stand_in: Any
    sample: str
    """A value of the type, as a caller would send it."""


def _integer(name: str) -> Callable[[str], Any]:
    is_signed = not name.startswith("U")
    bits = int(name.removeprefix("U").removeprefix("Int")) if name[-1].isdigit() else 32
    lowest, highest = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if is_signed else (0, 2**bits - 1)
    pattern = _SIGNED if is_signed or bits >= 128 else _UNSIGNED

    def read(text: str) -> Any:
        if not pattern.fullmatch(text) or not lowest <= int(text) <= highest:
            raise _NotOfType
        return SizedInt.of(int(text), name) if name not in ("Int", "Integer") else int(text)

    return read


def _float(name: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if not _FLOAT.fullmatch(text):
            raise _NotOfType
        return SizedFloat.of(float(text), name)

    return read


def _matching(pattern: re.Pattern[str], *, whole: bool) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if not (pattern.fullmatch(text) if whole else pattern.match(text)):
            raise _NotOfType
        return text

    return read


def _all_types() -> dict[str, Type]:
    made = {}
    for name in (f"{sign}Int{width}" for sign in ("", "U") for width in WIDTHS):
        read = _integer(name)
        made[name] = Type(name, read, read("0"), "1")
    for name in ("Int", "Integer"):
        made[name] = Type(name, _integer(name), 0, "1")
    for name in ("Float32", "Float64"):
        made[name] = Type(name, _float(name), _float(name)("0"), "1.5")
    made["String"] = Type("String", str, NO_VALUE, "text")
    made["Date"] = Type("Date", _matching(_DATE, whole=True), "2019-01-01", "2024-01-01")
    made["DateTime"] = Type("DateTime", _matching(_DATETIME, whole=False), "2019-01-01 00:00:00", "2024-01-01 00:00:00")
    made["DateTime64"] = Type(
        "DateTime64", _matching(_DATETIME64, whole=False), "2019-01-01 00:00:00.000", "2024-01-01 00:00:00.000"
    )
    return made


TYPES = _all_types()


def refuse_literal(run: Run, call: Call) -> None:
    """A deploy refuses `Int32(1)`: what stands first is a parameter's name."""
    if run.checking and call.arguments and isinstance(call.arguments[0], Constant):
        raise refused(
            f"{call.name}() is given a fixed value first; it takes a parameter's name there. "
            "Write the value itself into the SQL.",
            call.place,
        )


def missing(run: Run, call: Call) -> TemplateError:
    """A parameter that was not sent has no default: all of the node that have none are named."""
    names = list(run.without_default)
    if (name := call.parameter) is not None and name not in names:
        names.append(name)
    if not names:
        return refused(f"{call.name}() is given nothing, and has no default.", call.place)
    are = "a required parameter is" if len(names) == 1 else "required parameters are"
    return TemplateError(
        f"Template Syntax Error: {are} not defined: {listed(names)}. Send a value for each of them, "
        "or give it a default in the pipe.",
        field=call.parameter,
        place=call.place,
    )


def _typed(kind: Type) -> Function:
    def call_type(given: Given) -> Any:
        refuse_literal(given.run, given.call)
        value, default, defined = given.in_order(("x", "default", "defined"))
        if isinstance(value, Placeholder):
            return _standing_in(kind, default, given.call)
        if value is None or isinstance(value, Placeholder):
            value = None if isinstance(default, Placeholder) else default
        if value is None:
            if defined is None or defined:
                raise missing(given.run, given.call)
            return None
        return _read(kind, value, given.call)

    return call_type


def _standing_in(kind: Type, default: Any, call: Call) -> Any:
    return _read(kind, default, call) if default else kind.stand_in


def _read(kind: Type, value: Any, call: Call) -> Any:
    if isinstance(value, (list, ArrayText)):
        raise refused(
            f"{_named(call)} was sent several times, but {kind.name}() takes one value. Use Array() for several.",
            field=call.parameter,
        )
    text = str(int(value)) if isinstance(value, bool) else text_of(value)
    try:
        return kind.read(text)
    except _NotOfType:
        raise refused(f"'{_shown(text)}' is no {kind.name} ({_named(call)}).", field=call.parameter) from None


def _named(call: Call) -> str:
    return f"parameter {call.parameter}" if call.parameter else f"{call.name}()"


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def boolean(given: Given) -> Any:
    """1 or 0, never an error about a missing value."""
    refuse_literal(given.run, given.call)
    value, default, _ = given.in_order(("x", "default", "defined"))
    if value is None or isinstance(value, Placeholder):
        value = default
    if isinstance(value, str):
        return int(bool(value) and value.lower() not in ("0", "false"))
    return int(bool(value))


def array_of(given: Given) -> Any:
    """`Array(x, 'T')`: SQL text of an array; T is String if it is left out."""
    refuse_literal(given.run, given.call)
    value, kind_name, default, defined = given.in_order(("x", "type", "default", "defined"))
    if isinstance(kind_name, Placeholder):
        kind_name = kind_name.name
    kind = TYPES.get(str(kind_name or "String"))
    if kind is None:
        raise refused(f"'{_shown(str(kind_name))}' is no type that Array() knows.", given.call.place)
    if isinstance(value, Placeholder):
        if not default:
            return ArrayText([""] if kind.name not in NUMBERS else [0, 0])
        value = None
    if value is None:
        value = None if isinstance(default, Placeholder) else default
        if value == "" and kind.name != "String":
            value = []
    if value is None:
        if defined is None or defined:
            raise missing(given.run, given.call)
        return None
    items = items_of_array(value)
    given.run.steps(len(items))
    return ArrayText([_item(kind, item, index, given.call) for index, item in enumerate(items)])


def items_of_array(value: Any) -> list[Any]:
    """What an array parameter holds: several values, or one with commas."""
    if isinstance(value, (list, tuple, set, ArrayText)):
        return list(value)
    return list(text_of(value).split(","))


def _item(kind: Type, item: Any, index: int, call: Call) -> Any:
    if isinstance(item, Placeholder):
        return kind.stand_in
    try:
        return kind.read(text_of(item))
    except _NotOfType:
        raise refused(
            f"item {index} of {_named(call)}, '{_shown(text_of(item))}', is no {kind.name}.", field=call.parameter
        ) from None


NUMBERS = frozenset(name for name in TYPES if "Int" in name or "Float" in name)
FUNCTIONS: dict[str, Function] = {name: _typed(kind) for name, kind in TYPES.items()} | {
    "Boolean": boolean,
    "bool": boolean,
    "Array": array_of,
}
TYPE_NAMES = frozenset(FUNCTIONS) - {"bool"}

__all__ = ["FUNCTIONS", "NUMBERS", "TYPES", "TYPE_NAMES", "TypeName"]
