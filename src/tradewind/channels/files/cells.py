"""The text of a cell, read as what its field needs. Every refusal says what to write instead.

Texts repeat in files, so each parser remembers what it has read. Numbers go from text to Decimal without
a float between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from tradewind.channels.files.countries import country_code
from tradewind.channels.files.fields import Field, Kind
from tradewind.channels.files.preset import Filling, Preset
from tradewind.commerce.orders.new import MAX_QUANTITY
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency, to_micros

Parser = Callable[[str], Any]

_REMEMBERED = 1 << 16
_LARGEST_EXPONENT = 16
_COMMA_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}([.\s\u00a0\u202f']\d{3})+)(,\d+)?")
_FLAGS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the preset does not know and reads as something harmless, with a warning."""

    text: str


def parser(field: Field, filling: Filling, preset: Preset) -> Parser:
    """How the text of one field is read under a preset."""
    read = _reader(field, filling, preset)
    if not filling.map:
        return lru_cache(_REMEMBERED)(read)
    meanings = filling.map

    def translated(text: str) -> Any:
        meaning = meanings.get(text.casefold(), meanings.get("*", text))
        return None if meaning is None else read(meaning)

    return lru_cache(_REMEMBERED)(translated)


def _reader(field: Field, filling: Filling, preset: Preset) -> Parser:  # noqa: PLR0911 (one per kind)
    match field.kind:
        case Kind.TEXT:
            return _text_reader(filling.cut, field.longest)
        case Kind.AMOUNT:
            if filling.is_absolute:
                return lambda text: abs(_number(text, preset.decimal))
            return lambda text: _number(text, preset.decimal)
        case Kind.PRICE:
            return lambda text: _price(text, preset.decimal)
        case Kind.QUANTITY:
            return lambda text: _quantity(text, preset.decimal)
        case Kind.COUNT:
            return lambda text: _count(text, preset.decimal)
        case Kind.MOMENT:
            return lambda text: _moment(text, preset)
        case Kind.STATUS:
            return lambda text: _status(text, preset)
        case Kind.COUNTRY:
            return lambda text: _country(text, preset)
        case Kind.CURRENCY:
            return check_currency
        case Kind.FLAG:
            return _flag


def _text_reader(cut: int | None, longest: int | None) -> Parser:
    def read(text: str) -> str:
        if "\0" in text:
            raise InvalidInput("The value contains a NUL byte. Export the file again, as text.")
        if cut is not None:
            return text[:cut]
        if longest is not None and len(text) > longest:
            raise InvalidInput(f"The value is longer than {longest} characters.")
        return text

    return read


def _number(text: str, style: str) -> Decimal:
    plain = text
    if style == "comma":
        if not _COMMA_NUMBER.fullmatch(text):
            raise InvalidInput(_not_a_number(text, "1.234,50"))
        plain = re.sub(r"[.\s\u00a0\u202f']", "", text).replace(",", ".")
    try:
        value = Decimal(plain.replace("_", "?"))  # Python alone would read 1_000
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise InvalidInput(_not_a_number(text, "1234.50, with a point and no thousands separators"))
    if value and value.adjusted() > _LARGEST_EXPONENT:
        raise InvalidInput("The number is larger than any we book. Check the row for a shifted column.")
    return value


def _not_a_number(text: str, example: str) -> str:
    if text.startswith("="):
        return "The cell holds a formula, not a number. Export the sheet with its values."
    return f"This is not a number. Write it like {example}."


def _price(text: str, style: str) -> Decimal:
    price = _number(text, style)
    to_micros(price)
    return price


def _quantity(text: str, style: str) -> int:
    value = _number(text, style)
    if value != value.to_integral_value():
        raise InvalidInput("A quantity is a whole number of units. Sell by weight or length in a smaller unit.")
    if abs(value) > MAX_QUANTITY:
        raise InvalidInput("The quantity is larger than any we book. Check the row for a shifted column.")
    return int(value)


def _count(text: str, style: str) -> int:
    value = _number(text, style)
    if value < 0 or value != value.to_integral_value():
        raise InvalidInput("This is counted in whole numbers from zero on.")
    return int(value)


def _moment(text: str, preset: Preset) -> datetime:
    for pattern in preset.dates:
        try:
            moment = datetime.fromisoformat(text) if pattern == "iso" else datetime.strptime(text, pattern)  # noqa: DTZ007
            # An hour that the clocks repeat is taken as its first pass.
            return (moment if moment.tzinfo else moment.replace(tzinfo=preset.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    expected = " or ".join("2024-05-31 14:30:00" if pattern == "iso" else pattern for pattern in preset.dates)
    raise InvalidInput(
        f"This is not a date. Write it like {expected}, or name its pattern under `dates` in a preset of your own."
    )


def _status(text: str, preset: Preset) -> OrderStatus | Unknown | None:
    known = preset.statuses.get(text.casefold(), text.casefold())
    if known is None:
        return None
    if known in OrderStatus.__members__.values():
        return OrderStatus(known)
    if preset.unknown_status == "confirmed":
        return Unknown(text)
    raise InvalidInput(
        f"This is not an order status. Use one of: {', '.join(OrderStatus)};"
        " or map it under `statuses` in a preset of your own."
    )


def _country(text: str, preset: Preset) -> str | Unknown:
    code = country_code(text)
    if code is not None:
        return code
    if preset.unknown_country == "none":
        return Unknown(text)
    raise InvalidInput("This is not a country we know. Use its two-letter ISO code, such as DE, or its English name.")


def _flag(text: str) -> bool:
    flag = _FLAGS.get(text.casefold())
    if flag is None:
        raise InvalidInput("Write yes or no here.")
    return flag
