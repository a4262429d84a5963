"""What a value of a JSON document has to be to go into a column of a type: strict, since the engine is not.

The engine wraps numbers that are out of range, reads "3" as a number and null as zero. Here such a value is wrong.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any, Final

import msgspec

from tradewind.warehouse.ingest.moments import Moments, day_year, unix_time
from tradewind.warehouse.ingest.types import Type, element_of, enumeration, parse_type

Rule = Callable[[Any], Any]
"""Returns the value as it goes to the engine; raises Wrong."""


class Wrong(Exception):
    """The value is not of the type."""


_INTEGER = re.compile(r"(U?)Int(8|16|32|64|128|256)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,80}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}")
_DECIMALS: Final = {"Decimal32": 9, "Decimal64": 18, "Decimal128": 38, "Decimal256": 76}
_FLOAT32_MOST = 3.4028234663852886e38
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}
_CANNOT_COME_IN = ("AggregateFunction", "Nothing")
_encode = msgspec.json.Encoder(decimal_format="number").encode


def json_text(value: Any) -> str:
    """A value as JSON; a text as it is."""
    return value if isinstance(value, str) else _encode(value).decode()


def integer_range(name: str) -> tuple[int, int] | None:
    """The smallest and the largest number of an integer type."""
    found = _INTEGER.fullmatch(name)
    if found is None:
        return None
    bits = int(found[2])
    return (0, 2**bits - 1) if found[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def rule_of(type_: Type, moments: Moments) -> Rule:
    """The rule of a type. A type that is not known here passes: then the engine decides."""
    rule = _rule(type_, moments)
    if not type_.is_nullable:
        return rule
    return lambda value: None if value is None else rule(value)


def _rule(type_: Type, moments: Moments) -> Rule:  # noqa: PLR0911 (one line per family of types)
    name = type_.name
    if (bounds := integer_range(name)) is not None:
        return _integer(*bounds, takes_bool=name == "UInt8")
    if name in ("Float32", "Float64", "BFloat16"):
        return _float(math.inf if name == "Float64" else _FLOAT32_MOST)
    if name.startswith("Decimal"):
        if name in _DECIMALS:
            return _decimal(_DECIMALS[name], type_.number(0, 0))
        return _decimal(type_.number(0, 10), type_.number(1, 0))
    if name in ("Date", "Date32"):
        return _day(1970, 2149) if name == "Date" else _day(1900, 2299)
    if name in ("DateTime", "DateTime64"):
        return _moment(moments, *((1970, 2105) if name == "DateTime" else (1900, 2299)))
    if name in ("Array", "Map", "Tuple"):
        return {"Array": _array, "Map": _map, "Tuple": _tuple}[name](type_, moments)
    if name.startswith("Enum"):
        return _enum(enumeration(type_))
    if name == "FixedString":
        return _fixed_string(type_.number(0, 1))
    if name in _CANNOT_COME_IN:
        return _refuse
    return _SIMPLE.get(name, _pass)


def from_text(type_: Type) -> Rule:
    """How a cell of a CSV file, or of a quarantine table, becomes the value that JSON would have had."""
    name = type_.name
    if integer_range(name) is not None:
        return lambda text: int(text) if _WHOLE.fullmatch(text.strip()) else text
    if name.startswith(("Float", "BFloat", "Decimal")):
        return _number_from_text
    if name == "Bool":
        return lambda text: _BOOLEANS.get(text.strip().lower(), text)
    if name in ("Array", "Map", "Tuple", "JSON", "Nested", "Variant", "Dynamic"):
        return _document_from_text
    return lambda text: text


def _number_from_text(text: str) -> Any:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def _document_from_text(text: str) -> Any:
    for written in (text, text.replace("'", '"')):  # the engine itself writes lists with simple quotes
        try:
            return msgspec.json.decode(written.encode())
        except (msgspec.DecodeError, UnicodeEncodeError):
            continue
    return text


def _integer(low: int, high: int, *, takes_bool: bool) -> Rule:
    is_wide = high > 2**64

    def check(value: Any) -> Any:
        if takes_bool and value.__class__ is bool:
            return int(value)
        if is_wide and value.__class__ is str and _WHOLE.fullmatch(value):
            value = int(value)  # JSON has no numbers of this size in many languages
        if value.__class__ is not int or not low <= value <= high:
            raise Wrong
        return value

    return check


def _float(most: float) -> Rule:
    def check(value: Any) -> Any:
        if value.__class__ not in (int, float, Decimal):
            raise Wrong
        try:
            size = abs(float(value))
        except OverflowError:
            raise Wrong from None
        if size > most or math.isinf(size) or math.isnan(size):
            raise Wrong
        return value

    return check


def _decimal(precision: int, scale: int) -> Rule:
    step = Decimal(1).scaleb(-scale)
    most = Decimal(10) ** (precision - scale)

    def check(value: Any) -> Any:
        if value.__class__ is float:
            value = Decimal(repr(value))
        elif value.__class__ in (int, str):
            try:
                value = Decimal(value)
            except InvalidOperation:
                raise Wrong from None
        elif value.__class__ is not Decimal:
            raise Wrong
        if not value.is_finite() or value.adjusted() > precision:
            raise Wrong
        if value.as_tuple().exponent < -scale:
            # Cut off, as the engine would, 0.29999999999999998 would be 0.29.
            with localcontext(prec=precision + scale + 2):
                value = value.quantize(step, ROUND_HALF_UP)
        if abs(value) >= most:
            raise Wrong
        return value

    return check


def _day(first: int, last: int) -> Rule:
    def check(value: Any) -> Any:
        year = day_year(value) if value.__class__ is str else None
        if year is None or not first <= year <= last or (last == 2149 and value > "2149-06-06"):
            raise Wrong
        return value

    return check


def _moment(moments: Moments, first: int, last: int) -> Rule:
    def check(value: Any) -> Any:
        if value.__class__ is int:
            text = unix_time(value)
            if text is None or (last == 2105 and int(text[:10]) >= 2**32):
                raise Wrong
            return text
        if value.__class__ in (Decimal, float) and 0 <= value < 10**10:
            return format(value, "f")
        year = moments.year(value.strip()) if value.__class__ is str else None
        if year is None or not first <= year <= last:
            raise Wrong
        return value.strip()

    return check


def _array(type_: Type, moments: Moments) -> Rule:
    element = rule_of(type_.inner(), moments)

    def check(value: Any) -> Any:
        if value.__class__ is not list:
            raise Wrong
        return [element(each) for each in value]

    return check


def _map(type_: Type, moments: Moments) -> Rule:
    key_type = type_.inner(0)
    key_from_text, key, element = (
        from_text(key_type),
        rule_of(key_type, moments),
        rule_of(type_.inner(1), moments),
    )

    def check(value: Any) -> Any:
        if value.__class__ is not dict:
            raise Wrong
        return {str(key(key_from_text(name))): element(each) for name, each in value.items()}

    return check


def _tuple(type_: Type, moments: Moments) -> Rule:
    elements = [element_of(argument) for argument in type_.arguments]
    rules = [rule_of(inner, moments) for _, inner in elements]
    names = [name for name, _ in elements if name is not None]

    def check(value: Any) -> Any:
        if value.__class__ is dict and len(names) == len(rules):
            return {name: rule(value.get(name)) for name, rule in zip(names, rules, strict=True)}
        if value.__class__ is not list or len(value) != len(rules):
            raise Wrong
        checked = [rule(each) for rule, each in zip(rules, value, strict=True)]
        return dict(zip(names, checked, strict=True)) if len(names) == len(rules) else checked

    return check


def _enum(names: Mapping[str, int]) -> Rule:
    numbers = {number: name for name, number in names.items()}

    def check(value: Any) -> Any:
        if value.__class__ is str and value in names:
            return value
        if value.__class__ is int and value in numbers:
            return numbers[value]
        raise Wrong

    return check


def _fixed_string(length: int) -> Rule:
    def check(value: Any) -> Any:
        if value.__class__ is not str or len(value.encode()) > length:
            raise Wrong
        return value

    return check


def _string(value: Any) -> Any:
    if value.__class__ is str:
        return value
    if value.__class__ in (dict, list):
        return _encode(value).decode()
    raise Wrong


def _bool(value: Any) -> Any:
    if value.__class__ is bool or (value.__class__ is int and value in (0, 1)):
        return bool(value)
    raise Wrong


def _uuid(value: Any) -> Any:
    if value.__class__ is not str or not _UUID.fullmatch(value):
        raise Wrong
    return value


def _address(version: type[ipaddress.IPv4Address | ipaddress.IPv6Address]) -> Rule:
    def check(value: Any) -> Any:
        try:
            return str(version(value)) if value.__class__ is str else _refuse(value)
        except ValueError:
            raise Wrong from None

    return check


def _document(value: Any) -> Any:
    if value.__class__ is not dict:
        raise Wrong
    return value


def _pass(value: Any) -> Any:
    if value is None:
        raise Wrong
    return value


def _refuse(_: Any) -> Any:
    raise Wrong


_SIMPLE: Final[Mapping[str, Rule]] = {
    "String": _string,
    "Bool": _bool,
    "UUID": _uuid,
    "IPv4": _address(ipaddress.IPv4Address),
    "IPv6": _address(ipaddress.IPv6Address),
    "JSON": _document,
    "Object": _document,
}

INTO_TEXT = parse_type("String")
