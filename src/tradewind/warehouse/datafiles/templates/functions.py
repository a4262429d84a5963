"""The other functions of the language: names, errors, dates, hints, and a few built-ins."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from tradewind.warehouse.datafiles.templates import operations, types
from tradewind.warehouse.datafiles.templates.errors import PREFIX, TemplateError, refused
from tradewind.warehouse.datafiles.templates.nodes import Call, Function, Given
from tradewind.warehouse.datafiles.templates.running import MOST_ITEMS, Run, listed
from tradewind.warehouse.datafiles.templates.types import missing
from tradewind.warehouse.datafiles.templates.values import (
    MARK,
    NO_VALUE,
    ArrayText,
    Placeholder,
    SizedFloat,
    SizedInt,
    Sql,
    converted,
    dotted_name,
    element,
    name,
    quoted,
    text_of,
)

_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?", re.ASCII)
_HINT = re.compile(r"[\w.=, -]{1,200}", re.ASCII)
_USUAL = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]) (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]", re.ASCII
)
"""What most dates look like: read without strptime, which takes longer than all the rest of a template."""
_CACHE_SECONDS = {"5s": 5, "1m": 60, "5m": 300, "30m": 1800, "1h": 3600}
_FEATURES = ("analyzer", "parallel_replicas", "optimize_aggregation_in_order")
_ENDS_MORE = ("/*", "*/", "$")
"""What could end a comment or a heredoc that a name stands in."""
_LONGEST_JSON = 1_000_000
_MOST_THREADS = 64


# Names


def _name_of(run: Run, call: Call, value: Any, default: Any) -> str:
    """A name that was sent, its default, or while checking a stand-in that the engine need not know."""
    if isinstance(value, Placeholder):
        if default:
            return text_of(default)
        run.unknown.append(value.name)
        return NO_VALUE
    found = default if value is None else value
    if found is None or isinstance(found, Placeholder):
        raise missing(run, call)
    if isinstance(found, (list, dict, Sql)):
        raise refused(f"{call.name}() takes one name.", call.place)
    text = text_of(found)
    return _checked_name(text, call)


def _checked_name(text: str, call: Call) -> str:
    # Double quotes are left out of names.
    if not text.replace('"', "").strip():
        raise refused(f"{call.name}() is given an empty name.", call.place, field=call.parameter)
    if any(sign in text for sign in _ENDS_MORE):
        raise refused(f"{call.name}() is given a name with a sign that no name has.", field=call.parameter)
    return text


def _column(given: Given) -> Any:
    value, default = given.in_order(("x", "default"))
    return Sql(dotted_name(_name_of(given.run, given.call, value, default)))


def _columns(given: Given) -> Any:
    value, default, function = given.in_order(("x", "default", "fn"))
    found = default if value is None or (isinstance(value, Placeholder) and default) else value
    if isinstance(found, Placeholder):
        given.run.unknown.append(found.name)
        found = NO_VALUE
    if found is None:
        raise missing(given.run, given.call)
    if function and not _WORD.fullmatch(text_of(function)):
        raise refused(f"'{text_of(function)}' is no function's name.", given.call.place)
    names = [name(_checked_name(text_of(item).strip(), given.call)) for item in types.items_of_array(found)]
    return Sql(",".join(f"{text_of(function)}({one}) as {one}" if function else one for one in names))


def _symbol(given: Given) -> Any:
    value, _ = given.in_order(("x", "quote"))
    return Sql(name(_name_of(given.run, given.call, value, None)))


def _table(given: Given) -> Any:
    value, default = given.in_order(("x", "default"))
    text = _name_of(given.run, given.call, value, default)
    return Sql(text if _TABLE.fullmatch(text) else dotted_name(text))


# Conditions


def _defined(given: Given) -> Any:
    (value,) = given.in_order(("x",))
    return value is not None and not isinstance(value, Placeholder)


_OPERATORS = {
    "in": "in",
    "not_in": "not in",
    "gt": ">",
    "lt": "<",
    "gte": ">=",
    "lte": "<=",
}


def _sql_and(given: Given) -> Any:
    if given.arguments:
        raise refused(
            "sql_and() takes only values with a name, as in sql_and(country=String(country)).", given.call.place
        )
    shapes: list[str] = []
    literals: list[str] = []
    for keyword, value in given.keywords.items():
        if value is None:
            continue
        column, _, operator = keyword.rpartition("__")
        if not column:
            column, operator = keyword, "eq"
        if operator == "eq":
            shown = "="
        elif operator in _OPERATORS:
            shown = _OPERATORS[operator]
        else:
            raise refused(
                f"sql_and() knows no operator '{operator}'. It knows {listed(_OPERATORS)}, and = without one.",
                given.call.place,
            )
        literals.append(_operand(value))
        shapes.append(f"{column} {shown} {MARK}")
    return Sql(" and ".join(shapes) or "1", literals)


def _operand(value: Any) -> str:
    if isinstance(value, (SizedInt, SizedFloat)):
        return converted(value)
    return str(value) if isinstance(value, Sql) else element(value)


# Errors


def _error(given: Given) -> Any:
    (message,) = given.in_order(("message",))
    if given.run.checking:
        return Sql("")
    raise TemplateError(text_of(message), place=given.call.place, reason="error")


def _custom_error(given: Given) -> Any:
    body, code = given.in_order(("obj", "code"))
    if given.run.checking:
        return Sql("")
    status = 400 if code is None else code
    if isinstance(status, bool) or not isinstance(status, int) or not 400 <= status <= 599:
        raise refused("custom_error() takes a status from 400 to 599.", given.call.place)
    if isinstance(body, Sql):
        body = str(body)
    text = json.dumps(body, ensure_ascii=False, default=text_of)
    raise TemplateError(text, place=given.call.place, reason="custom_error", status=int(status), body=json.loads(text))


# Lists and objects


def _split_to_array(given: Given) -> Any:
    value, default, separator = given.in_order(("x", "default", "separator"))
    if isinstance(value, Placeholder):
        value = default or value
    if isinstance(value, Placeholder):
        return [value, value]
    value = default if value is None else value
    separator = "," if separator is None else text_of(separator)
    if isinstance(value, (list, tuple, ArrayText)):
        return [text_of(item).strip() for item in value]
    if not separator:
        raise refused("split_to_array() needs a separator that is not empty.", given.call.place)
    made = [part.strip() for part in text_of("" if value is None else value).split(separator)]
    given.run.steps(len(made))
    return made


def _enumerate_with_last(given: Given) -> Any:
    (items,) = given.in_order(("items",))
    every = list(operations.items_of(given.run, items))
    return [(index == len(every) - 1, item) for index, item in enumerate(every)]


def _json(given: Given) -> Any:
    value, default = given.in_order(("x", "default"))
    if isinstance(value, Placeholder):
        if not isinstance(default, str) or default.strip() in ("", "{}", "[]"):
            return value
        value = None
    if value is None:
        value = "{}" if default is None else default
    if isinstance(value, (dict, list)):
        return value
    text = text_of(value)
    if len(text) > _LONGEST_JSON:
        raise refused(f"JSON() takes at most {_LONGEST_JSON} characters.", given.call.place, field=given.call.parameter)
    try:
        return operations.bounded(json.loads(text)) if text.strip() else {}
    except (ValueError, RecursionError):
        shown = text if len(text) <= 100 else f"{text[:100]}…"
        raise refused(f"'{shown}' is no JSON.", field=given.call.parameter) from None


# Dates


def _day_diff(given: Given) -> Any:
    first, second = given.in_order(("a", "b"), needed=2)
    if isinstance(first, Placeholder) or isinstance(second, Placeholder):
        return 0
    return abs((_day(given.call, second) - _day(given.call, first)).days)


def _day(call: Call, value: Any) -> date:
    try:
        return datetime.fromisoformat(_date_text(call, value)).date()
    except ValueError:
        raise refused(f"'{text_of(value)[:100]}' is no date as 2024-12-31 ({call.name}()).", call.place) from None


def _date_text(call: Call, value: Any) -> str:
    if value is None:
        raise refused(f"{call.name}() is given a date that is not defined.", call.place)
    return text_of(value)


def _date_difference(seconds: int, usual: str, given: Given) -> int | None:
    first, second, date_format, backup, none_if_error = given.in_order(
        ("a", "b", "date_format", "backup_date_format", "none_if_error"), needed=2
    )
    if isinstance(first, Placeholder) or isinstance(second, Placeholder):
        return 0
    formats = [text_of(date_format or usual)] + ([text_of(backup)] if backup else [])
    try:
        start, end = _moment(given.call, first, formats), _moment(given.call, second, formats)
    except TemplateError:
        if none_if_error:
            return None
        raise
    if start.tzinfo is None or end.tzinfo is None:
        start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    return int(abs((end - start).total_seconds())) // seconds


def _moment(call: Call, value: Any, formats: list[str]) -> datetime:
    text = _date_text(call, value)
    if formats[0] == _SECONDS and _USUAL.fullmatch(text):
        return datetime.fromisoformat(text)
    for one in formats:
        try:
            return datetime.strptime(text, one)  # noqa: DTZ007  # zones count only where both dates have one
        except (ValueError, OverflowError, re.error):
            continue
    raise refused(f"'{text[:100]}' is no date as {' or '.join(formats)} ({call.name}()).", call.place)


# What is written around the query


def _comment(text: str) -> Sql:
    return Sql(f"-- {text}\n")


def _max_threads(given: Given) -> Any:
    (threads,) = given.in_order(("threads",))
    if isinstance(threads, str) and threads.isascii() and threads.isdigit() and len(threads) < 4:
        threads = int(threads)
    if isinstance(threads, Placeholder):
        threads = 1
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= _MOST_THREADS:
        raise refused(f"max_threads() takes a number from 1 to {_MOST_THREADS}.", given.call.place)
    given.run.max_threads = int(threads)
    return _comment(f"max_threads {int(threads)}")


def _cache_ttl(given: Given) -> Any:
    (time,) = given.in_order(("ttl",))
    seconds = _CACHE_SECONDS.get(text_of(time))
    if seconds is None:
        raise refused(f"cache_ttl() takes {listed(_CACHE_SECONDS)}.", given.call.place)
    given.run.cache_seconds = seconds
    return _comment(f"cache_ttl {text_of(time)}")


def _backend_hint(given: Given) -> Any:
    (hint,) = given.in_order(("hint",))
    if not _HINT.fullmatch(text_of(hint)):
        raise refused("backend_hint() takes a short text of letters and digits.", given.call.place)
    return _comment(f"backend_hint {text_of(hint)}")


def _feature(given: Given) -> Any:
    (feature,) = given.in_order(("feature",))
    known = _FEATURES if given.call.name == "activate" else _FEATURES[:1]
    if text_of(feature) not in known:
        raise refused(f"{given.call.name}() takes {listed(known)}.", given.call.place)
    return _comment(f"{given.call.name} {text_of(feature)}")


def _secret(given: Given) -> Any:
    which, default = given.in_order(("name", "default"))
    if given.run.secrets is None:
        raise refused(f"{given.call.name}() can only be used in a pipe.", given.call.place)
    wanted = text_of(which)
    if not _WORD.fullmatch(wanted) or isinstance(which, Placeholder):
        raise refused(f"{given.call.name}() takes a name of letters, digits and underscores.", given.call.place)
    value = given.run.secrets.get(wanted, default)
    if value is None or isinstance(value, Placeholder):
        if not given.run.checking:
            raise refused(f"There is no secret {wanted}. Set it, or give a default.", given.call.place)
        value = NO_VALUE
    key = wanted
    while given.run.bound.get(key, text_of(value)) != text_of(value):
        key += "_"
    given.run.bound[key] = text_of(value)
    return Sql(f"{{{key}: String}}")


def _sql_unescape(given: Given) -> Any:
    value, character = given.in_order(("x", "ch"), needed=2)
    if value is None:
        raise missing(given.run, given.call)
    plain = text_of(character)
    if len(plain) != 1 or plain in "'\"`\\" or plain.isalnum() or not plain.isprintable():
        raise refused("sql_unescape() takes one sign that is no quote, backslash, letter or digit.", given.call.place)
    # Each escape is two characters, so that a value's own backslash is never taken for the sign's.
    return Sql.literal(re.sub(r"\\(.)", lambda pair: plain if pair[1] == plain else pair[0], quoted(text_of(value))))


# Built-ins


def _range(given: Given) -> Any:
    made = range(*(int(_plain(argument)) for argument in given.arguments))
    if len(made) > MOST_ITEMS:
        raise refused(f"range() gives at most {MOST_ITEMS} numbers.", given.call.place)
    return made


def _plain(value: Any) -> Any:
    """A placeholder as the number 0, anything else as it is."""
    return 0 if isinstance(value, Placeholder) else value


def _over(make: Callable[..., Any]) -> Function:
    """A built-in over the items of its first argument."""

    def applied(given: Given) -> Any:
        if not given.arguments:
            return make([])
        items = list(operations.items_of(given.run, given.arguments[0]))
        return operations.bounded(make(items, *given.arguments[1:], **given.keywords))

    return applied


def _extreme(make: Callable[..., Any]) -> Function:
    def applied(given: Given) -> Any:
        items = (
            given.arguments if len(given.arguments) != 1 else list(operations.items_of(given.run, given.arguments[0]))
        )
        if any(isinstance(item, Placeholder) for item in items):
            return 0
        return make(items, **given.keywords)

    return applied


def _number(make: Callable[..., Any]) -> Function:
    def applied(given: Given) -> Any:
        if len(given.arguments) == 1 and isinstance(given.arguments[0], str) and len(given.arguments[0]) > 100:
            raise refused(f"{given.call.name}() takes at most 100 characters.", given.call.place)
        if given.keywords:
            raise refused(f"{given.call.name}() takes no {next(iter(given.keywords))}=.", given.call.place)
        return operations.bounded(make(*(_plain(argument) for argument in given.arguments)))

    return applied


def _len(given: Given) -> Any:
    (value,) = given.in_order(("x",))
    if isinstance(value, Placeholder):
        return 3
    return len(value)


def _str(given: Given) -> Any:
    (value,) = given.in_order(("x",))
    if isinstance(value, Sql):
        raise refused("SQL text cannot be made a text of.", given.call.place)
    return "None" if value is None else text_of(value)


def _zip(given: Given) -> Any:
    return list(zip(*(list(operations.items_of(given.run, argument)) for argument in given.arguments), strict=False))


def _round(number: Any, digits: Any = None) -> Any:
    if digits is not None and not -30 <= digits <= 30:
        raise ValueError("round() takes at most 30 digits")
    return round(number, None if digits is None else int(digits))


_DAYS = "%Y-%m-%d"
_SECONDS = "%Y-%m-%d %H:%M:%S"

FUNCTIONS: dict[str, Function] = types.FUNCTIONS | {
    "defined": _defined,
    "column": _column,
    "Column": _column,
    "columns": _columns,
    "symbol": _symbol,
    "Symbol": _symbol,
    "table": _table,
    "TABLE": _table,
    "error": _error,
    "custom_error": _custom_error,
    "sql_and": _sql_and,
    "split_to_array": _split_to_array,
    "enumerate_with_last": _enumerate_with_last,
    "JSON": _json,
    "day_diff": _day_diff,
    "date_diff_in_days": partial(_date_difference, 86_400, _DAYS),
    "date_diff_in_hours": partial(_date_difference, 3_600, _SECONDS),
    "date_diff_in_minutes": partial(_date_difference, 60, _SECONDS),
    "date_diff_in_seconds": partial(_date_difference, 1, _SECONDS),
    "sql_unescape": _sql_unescape,
    "max_threads": _max_threads,
    "cache_ttl": _cache_ttl,
    "backend_hint": _backend_hint,
    "activate": _feature,
    "disable": _feature,
    "tb_secret": _secret,
    "tb_var": _secret,
    "len": _len,
    "list": _over(list),
    "tuple": _over(tuple),
    "set": _over(set),
    "dict": _over(dict),
    "min": _extreme(min),
    "max": _extreme(max),
    "int": _number(int),
    "float": _number(float),
    "abs": _number(abs),
    "round": _number(_round),
    "str": _str,
    "enumerate": _over(lambda items, start=0: list(enumerate(items, int(start)))),
    "range": _range,
    "zip": _zip,
    "sorted": _over(sorted),
    "reversed": _over(lambda items: items[::-1]),
    "sum": _over(lambda items, start=0: sum(map(_plain, items), start)),
    "any": _over(any),
    "all": _over(all),
}

__all__ = ["FUNCTIONS", "PREFIX"]
