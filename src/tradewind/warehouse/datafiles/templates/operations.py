"""Operators and methods on values, each with a bound on what it makes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tradewind.warehouse.datafiles.templates.errors import limit_reached, refused
from tradewind.warehouse.datafiles.templates.running import BIGGEST_NUMBER, MOST_CHARACTERS, MOST_ITEMS, Run
from tradewind.warehouse.datafiles.templates.values import ArrayText, Placeholder, Sql, text_of

_FORMAT = re.compile(r"[<>=^]?[-+]?0?\d{0,3}(?:\.\d{1,2})?[dfsxeg]?")
_DIRECTIVE = re.compile(r"%(?:(?P<kind>[sd%])|.?)", re.DOTALL)

_STR = """capitalize casefold count endswith find get index isalnum isalpha isdecimal isdigit islower isnumeric isspace
    istitle isupper join lower lstrip partition removeprefix removesuffix replace rfind rindex rpartition rsplit rstrip
    split splitlines startswith strip swapcase title upper""".split()
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(_STR) - {"get"},
    list: frozenset("append clear copy count extend index insert pop remove reverse sort".split()),
    tuple: frozenset({"count", "index"}),
    dict: frozenset("copy get items keys pop setdefault update values".split()),
    set: frozenset("add copy difference discard intersection issubset issuperset union".split()),
}
_KEYWORDS = frozenset({"sep", "maxsplit", "keepends", "reverse"})


def items_of(run: Run, value: Any) -> Iterator[Any]:
    """What a loop goes over. Counts as work."""
    if value is None:
        raise refused("What is looped over is not defined. Ask defined() first, or give a default.")
    if isinstance(value, Placeholder):
        return iter(value)
    if isinstance(value, (str, list, tuple, dict, set, range, ArrayText)):
        run.steps(len(value))
        return iter(list(value))
    raise refused(f"{_kind(value)} cannot be looped over.")


_CONTAINERS = (list, tuple, dict, set)


def bounded(value: Any) -> Any:
    """A result that is not larger than a template may make, lists in lists counted as often as they are there."""
    if isinstance(value, str):
        if len(value) > MOST_CHARACTERS:
            raise limit_reached("A text gets too long.")
    elif isinstance(value, _CONTAINERS):
        _weigh(value)
    elif isinstance(value, int) and not -BIGGEST_NUMBER < value < BIGGEST_NUMBER:
        raise limit_reached("A number gets too large.")
    return value


def _weigh(value: Any) -> None:
    weight = 0
    waiting = [value]
    while waiting:
        one = waiting.pop()
        weight += len(one)
        if weight > MOST_ITEMS:
            raise limit_reached("A list gets too long.")
        inside = [*one.keys(), *one.values()] if isinstance(one, dict) else one
        waiting += [item for item in inside if isinstance(item, _CONTAINERS)]


def negative(value: Any) -> Any:
    if isinstance(value, Sql):
        raise TypeError(f"{_kind(value)} has no negative")
    return -value


def _arithmetic(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def applied(left: Any, right: Any) -> Any:
        if isinstance(left, Placeholder):
            return left
        if isinstance(right, Placeholder):
            return right
        return bounded(apply(left, right))

    return applied


def _times(left: Any, right: Any) -> Any:
    for many, count in ((left, right), (right, left)):
        if isinstance(many, (str, list, tuple)) and isinstance(count, int) and len(many) * count > MOST_CHARACTERS // 8:
            raise limit_reached("A text or a list gets too long.")
    return left * right


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > 512:
        raise limit_reached("A number gets too large.")
    return left**right


def _remainder(left: Any, right: Any) -> Any:
    if not isinstance(left, str):
        return left % right
    values = list(right) if isinstance(right, tuple) else [right]

    def put(match: re.Match[str]) -> str:
        kind = match["kind"]
        if kind == "%":
            return "%"
        if kind is None or not values:
            raise TypeError("a text's % takes %s and %d, one for each value")
        value = values.pop(0)
        return str(int(value)) if kind == "d" else text_of(value)

    made = _DIRECTIVE.sub(put, left)
    if values:
        raise TypeError("a text's % has fewer %s than values")
    return made


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(_times),
    "/": _arithmetic(operator.truediv),
    "//": _arithmetic(operator.floordiv),
    "%": _arithmetic(_remainder),
    "**": _arithmetic(_power),
    "|": _arithmetic(operator.or_),
    "&": _arithmetic(operator.and_),
}
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": lambda left, right: left is right,
    "is not": lambda left, right: left is not right,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}


def compared(how: str, left: Any, right: Any) -> bool:
    """A comparison. A placeholder equals nothing, is in nothing, and has no order."""
    if isinstance(left, Placeholder) or isinstance(right, Placeholder):
        if how in ("<", "<=", ">", ">="):
            unknown = left if isinstance(left, Placeholder) else right
            raise refused(
                f"'{unknown.name}' is compared by size but has no type. Write Int32({unknown.name}, 0) or another type."
            )
        if how in ("is", "is not"):
            return (left is None or right is None) is (how == "is")
        return how in ("!=", "not in")
    if isinstance(left, ArrayText):
        left = list(left)
    if isinstance(right, ArrayText):
        right = list(right)
    if how in ("in", "not in") and right is None:
        raise TypeError("what is searched is not defined")
    if how in ("<", "<=", ">", ">=") and (left is None or right is None):
        raise TypeError("what is not defined cannot be compared by size; ask defined() first")
    if isinstance(left, str) is not isinstance(right, str) and how in ("<", "<=", ">", ">="):
        raise TypeError("a text and a number cannot be compared by size; write Int32(…) or another type")
    return bool(_COMPARED[how](left, right))


def subscript(value: Any, index: Any) -> Any:
    if isinstance(value, Placeholder):
        return value
    if not isinstance(value, (str, list, tuple, dict, range, ArrayText)):
        raise TypeError(f"{_kind(value)} has no items")
    return value[index]


def formatted(value: Any, how: str) -> str:
    """A value in an f-string, with what stands behind its colon."""
    text = text_of(value)
    if not how:
        return text
    if not _FORMAT.fullmatch(how):
        raise ValueError(f"'{how}' is no format that a template knows")
    return format(value if isinstance(value, (int, float)) else text, how)


def joined(parts: Sequence[str]) -> str:
    if sum(map(len, parts)) > MOST_CHARACTERS:
        raise limit_reached("A text gets too long.")
    return "".join(parts)


def call_method(run: Run, value: Any, method: str, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    """A method of a text, list, tuple, dictionary or set, if it is one of those that a template may call."""
    if isinstance(value, Placeholder):
        return _of_placeholder(value, method)
    if isinstance(value, ArrayText):
        value = list(value)
    kind = next((kind for kind in _METHODS if isinstance(value, kind)), None)
    if kind is None or method not in _METHODS[kind]:
        raise refused(f"{_kind(value)} has no method {method}().")
    if unknown := next((name for name in keywords if name not in _KEYWORDS), None):
        raise refused(f"{method}() takes no {unknown}=.")
    if isinstance(value, str):
        return _of_text(run, value, method, arguments, keywords)
    run.steps(len(value))
    made = getattr(value, method)(*arguments, **keywords)
    if len(value) > MOST_ITEMS or any(isinstance(one, _CONTAINERS) for one in (*arguments, *keywords.values())):
        bounded(value)
    return list(made) if kind is dict and method in ("keys", "values", "items") else bounded(made)


def _of_text(run: Run, text: str, method: str, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    if method == "join":
        parts = [_part(part) for part in items_of(run, arguments[0] if arguments else None)]
        if sum(map(len, parts)) + len(text) * len(parts) > MOST_CHARACTERS:
            raise limit_reached("A text gets too long.")
        return text.join(parts)
    if method == "replace" and len(arguments) >= 2:
        old, new = _part(arguments[0]), _part(arguments[1])
        if (text.count(old) + 1) * len(new) + len(text) > MOST_CHARACTERS:
            raise limit_reached("A text gets too long.")
    run.steps(len(text) >> 4)
    given = [tuple(one) if isinstance(one, list) else _known(one) for one in arguments]
    made = getattr(text, method)(*given, **keywords)
    return list(made) if isinstance(made, tuple) else bounded(made)


def _known(value: Any) -> Any:
    return str(value) if isinstance(value, Placeholder) else value


def _part(value: Any) -> str:
    """A piece of a joined text."""
    if isinstance(value, (str, Placeholder)):
        return str(value)
    raise TypeError(f"{_kind(value)} cannot be joined to a text")


def _of_placeholder(value: Placeholder, method: str) -> Any:
    if method in ("split", "rsplit", "splitlines"):
        return [value, value]
    if method in ("partition", "rpartition", "items"):
        return [(value, value)] * 3 if method == "items" else [value] * 3
    if method in ("startswith", "endswith") or method.startswith("is"):
        return False
    if method in ("count", "find", "index", "rfind", "rindex"):
        return 0
    if not any(method in methods for methods in _METHODS.values()):
        raise refused(f"A parameter has no method {method}().")
    return [value] * 3 if method in ("keys", "values") else value


def _kind(value: Any) -> str:
    if value is None:
        return "What is not defined"
    if isinstance(value, Sql):
        return "SQL text"
    names: Iterable[tuple[type, str]] = (
        (bool, "A truth value"),
        (int, "A whole number"),
        (float, "A number"),
        (str, "A text"),
        (list, "A list"),
        (tuple, "A tuple"),
        (dict, "A dictionary"),
        (set, "A set"),
    )
    return next((words for kind, words in names if isinstance(value, kind)), "This")
