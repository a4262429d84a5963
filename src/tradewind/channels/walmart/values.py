"""How Walmart writes values: numbers, moments, and lists that may be single objects. Raises Unusable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

_CURRENCY = re.compile(r"[A-Z]{3}")
_MICROS = Decimal("0.000001")
_OLDEST = datetime(1995, 1, 1, tzinfo=UTC)


class Unusable(ValueError):
    """A payload that cannot be booked. `code` is for programs, the message for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def listed(value: Any) -> list[Mapping[str, Any]]:
    """A list; older answers give a single element as an object, and none as null."""
    if value is None:
        return []
    is_list = type(value) is list or (isinstance(value, Sequence) and not isinstance(value, str))
    found = list(value) if is_list else [value]
    for element in found:
        if not _is_object(element):
            raise Unusable("malformed", f"A list of objects holds {type(element).__name__}.")
    return found


def part(value: Any, *path: str) -> Any:
    """What lies at the path, None where a step is missing or null."""
    for name in path:
        if value is None:
            return None
        if not _is_object(value):
            raise Unusable("malformed", f"'{name}' is looked for in {type(value).__name__}, not in an object.")
        value = value.get(name)
    return value


def text(value: Any) -> str | None:
    """Trimmed; None for what is missing or empty."""
    if type(value) is str:
        return value.strip() or None
    if value is None or isinstance(value, Mapping | list):
        return None
    return str(value).strip() or None


def _is_object(value: object) -> bool:
    # Asking an abstract class takes longer than all else here, and is for what no decoder makes.
    return type(value) is dict or isinstance(value, Mapping)


def amount(value: Any, what: str) -> Decimal | None:
    """An amount of money; None where it is missing. Raises Unusable for what is no number."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
        raise Unusable("bad_money", f"{what} is no amount of money: {value!r}.")
    try:
        found = Decimal(value)
    except InvalidOperation as error:
        raise Unusable("bad_money", f"{what} is no amount of money: {value!r}.") from error
    if not found.is_finite():
        raise Unusable("bad_money", f"{what} is no amount of money: {value!r}.")
    return found


def units(value: Any, what: str) -> int:
    """A whole number of 0 or more; Walmart writes it as a number or as text."""
    try:
        found = Decimal(str(value)) if not isinstance(value, bool) else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or found < 0 or found != int(found):
        raise Unusable("bad_quantity", f"{what} is no number of units: {value!r}.")
    return int(found)


def count(value: Any, what: str) -> int | None:
    """The same where it may be missing. Stock below zero is what it is."""
    if value is None:
        return None
    try:
        return int(Decimal(str(value)))
    except (InvalidOperation, ValueError) as error:
        raise Unusable("bad_quantity", f"{what} is no number of units: {value!r}.") from error


def currency(value: Any) -> str | None:
    code = text(value)
    if code is None:
        return None
    if not _CURRENCY.fullmatch(code.upper()):
        raise Unusable("bad_currency", f"{code!r} is no currency.")
    return code.upper()


def of_millis(value: Any, what: str) -> datetime | None:
    """A moment written in milliseconds since 1970."""
    if value is None or value == "":
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(Decimal(str(value))))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Unusable("bad_time", f"{what} is no moment in milliseconds: {value!r}.") from error


def of_iso(value: Any, what: str) -> datetime | None:
    """A moment in one of Walmart's three ISO spellings: `Z`, `.000Z` or `+00:00`."""
    found = text(value)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found)
    except ValueError as error:
        raise Unusable("bad_time", f"{what} is no moment: {value!r}.") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def to_iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_odd(moment: datetime) -> bool:
    """Before there was a marketplace: a clock that was never set."""
    return moment < _OLDEST


def each(whole: Decimal, quantity: int) -> Decimal | None:
    """The price of one, to the sixth digit; None for no units."""
    if quantity == 0:
        return None
    one = whole / quantity
    return one if one == one.quantize(_MICROS) else one.quantize(_MICROS)


def trimmed(value: Any) -> Any:
    """The same with trimmed keys: webhooks have been seen with `"shippingProgramType "`."""
    if isinstance(value, Mapping):
        return {str(key).strip(): trimmed(inner) for key, inner in value.items()}
    return [trimmed(inner) for inner in value] if isinstance(value, list) else value
