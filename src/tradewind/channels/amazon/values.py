"""Single values of Amazon's payloads: texts, moments, whole numbers and money, strict about what cannot be booked.

Missing and empty are None. What is there but is not what it must be raises Unbookable: its payload goes to quarantine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from tradewind.channels.contract import Raw
from tradewind.core.errors import InvalidInput

_MILLISECONDS_FROM = Decimal(10) ** 11
_LARGEST_EXPONENT = 16
_NONE: Mapping[str, Any] = {}
_AMOUNTS = ("amount", "Amount", "currencyAmount", "CurrencyAmount")
_USUAL = frozenset({"USD", "CAD", "MXN", "BRL", "GBP", "EUR", "SEK", "PLN", "TRY", "AED", "INR", "JPY", "AUD", "SGD"})


class Unbookable(InvalidInput):
    """A payload that cannot be booked; `flaw` is the code of its rejection."""

    code = "unbookable_payload"

    def __init__(self, flaw: str, message: str) -> None:
        super().__init__(message)
        self.flaw = flaw


class Money(NamedTuple):
    amount: Decimal
    currency: str


def text(value: object) -> str | None:
    """The text without spaces around it; None where there is none."""
    if type(value) is str:
        return value.strip() or None
    if value is None or isinstance(value, Mapping | list):
        return None
    return str(value)


def part(raw: Raw, *path: str) -> Raw:
    """The object at a path; an empty one where there is none."""
    found = raw
    for key in path:
        value = found.get(key)
        if value is None:
            return _NONE
        if not _is_object(value):
            raise Unbookable("malformed_payload", f"{key} should be an object and is {type(value).__name__}.")
        found = value
    return found


def parts(raw: Raw, key: str) -> list[Raw]:
    """The objects of a list; an empty one where there is none."""
    found = raw.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(map(_is_object, found)):
        raise Unbookable("malformed_payload", f"{key} should be a list of objects.")
    return found


def _is_object(value: object) -> bool:
    # Asking an abstract class takes longer than all else here, and is for what no decoder makes.
    return type(value) is dict or isinstance(value, Mapping)


def decimal(value: Any, name: str) -> Decimal | None:
    """A finite number. Raises Unbookable."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(value.strip().replace("_", "?")) if isinstance(value, str) else Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or (number and number.adjusted() > _LARGEST_EXPONENT):
        raise Unbookable("bad_amount", f"{name} is not an amount: {str(value)[:40]!r}.")
    return number


def money(raw: object, name: str) -> Money | None:
    """Money in any of Amazon's spellings; None where there is none. Raises Unbookable."""
    if raw is None:
        return None
    if not isinstance(raw, dict | Mapping):
        raise Unbookable("bad_amount", f"{name} should be an amount with its currency.")
    for key in _AMOUNTS:
        if (written := raw.get(key)) is not None:
            amount = decimal(written, name)
            if amount is not None:
                return Money(amount, currency(raw.get("currencyCode") or raw.get("CurrencyCode"), name))
    return None


def currency(value: object, name: str) -> str:
    """Three letters, upper-cased. Raises Unbookable."""
    if type(value) is str and value in _USUAL:
        return value
    code = str(value or "").strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise Unbookable("bad_currency", f"{name} has no currency of three letters: {str(value)[:20]!r}.")
    return code


def units(value: object, name: str) -> int | None:
    """A whole number of units, not below zero. Raises Unbookable."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or number < 0 or number != number.to_integral_value():
        raise Unbookable("bad_quantity", f"{name} is not a whole number of units: {str(value)[:40]!r}.")
    return int(number)


def moment(value: object, name: str) -> datetime | None:
    """A moment in UTC, from ISO 8601 or from seconds or milliseconds since 1970 as Amazon has sent them."""
    written = text(value)
    if written is None:
        return None
    try:
        parsed = datetime.fromisoformat(written)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    try:
        seconds = Decimal(written)
        if abs(seconds) >= _MILLISECONDS_FROM:
            seconds /= 1000
        return datetime.fromtimestamp(float(seconds), UTC)
    except (InvalidOperation, ValueError, OverflowError, OSError) as problem:
        raise Unbookable("bad_date", f"{name} is not a date: {written[:40]!r}.") from problem


def needed_moment(value: object, name: str) -> datetime:
    """The same, where nothing can be booked without it."""
    found = moment(value, name)
    if found is None:
        raise Unbookable("no_date", f"{name} is missing, and nothing can be booked without its day.")
    return found


def needed_text(value: object, name: str) -> str:
    found = text(value)
    if found is None:
        raise Unbookable("no_external_id", f"{name} is missing, so that nothing could be told apart by it.")
    return found
