"""Money: integer minor units and an ISO 4217 currency. No float ever touches an amount.

Amounts are rounded once, at the line, half away from zero. A unit price may carry fractions of a cent,
so prices are kept as micros: millionths of the major unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Self

from tradewind.core.errors import InvalidInput

MICROS = 1_000_000
DEFAULT_CURRENCY = "EUR"
"""Where nobody has named a currency and nothing has been sold yet."""
MAX_MINOR = 10**15
"""Largest amount we accept: it leaves room to add thousands of them in 64 bits."""
MAX_MAJOR_DIGITS = 13
"""And no amount has more digits than this before the point: the warehouse keeps fourteen, with room for sums."""
MAX_MICROS = 10**18
"""Prices stay below: a million millions, which both stores can hold to the sixth digit."""

# ISO 4217, active codes. Exponents other than two are listed apart.
_CODES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
    CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB
    PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
    ZWG""".split()
)
_EXPONENTS: dict[str, int] = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
_EXPONENTS["CLF"] = 4
_STEPS = [Decimal(1).scaleb(-digits) for digits in range(7)]


def check_currency(code: str, *, field: str = "currency") -> str:
    """The code itself, upper-cased, if ISO 4217 knows it; InvalidInput otherwise."""
    if code in _CODES:
        return code
    upper = code.strip().upper()
    if upper not in _CODES:
        raise InvalidInput(
            f"'{code}' is not a currency we know. Use a three-letter ISO 4217 code such as EUR, USD or GBP.",
            field=field,
        )
    return upper


@lru_cache(maxsize=256)
def exponent(currency: str) -> int:
    """Digits after the decimal point of the currency: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(check_currency(currency), 2)


def parse_decimal(text: str | int | Decimal, *, field: str) -> Decimal:
    """A finite decimal number, with a point and no thousands separators; InvalidInput otherwise."""
    try:
        # Python would also read 1_000, which is no number in any file.
        value = Decimal(text.strip().replace("_", "?")) if isinstance(text, str) else Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise InvalidInput(
            f"'{text}' is not a number. Write it like 1234.50, without thousands separators.", field=field
        )
    return value


def to_minor(amount: Decimal, currency: str, *, field: str = "amount") -> int:
    """Minor units of an amount, rounded half away from zero: 12.345 EUR becomes 1235."""
    digits = exponent(currency)
    if not amount:
        return 0
    try:
        # Quantized first: scaling would round to 28 digits, and what is rounded twice may be a cent off.
        minor = int(amount.quantize(_STEPS[digits], ROUND_HALF_UP).scaleb(digits))
    except InvalidOperation:
        minor = MAX_MINOR + 1
    return check_size(minor, currency, field=field)


def check_size(minor: int, currency: str, *, field: str = "amount") -> int:
    """The amount itself, if both stores can hold it and add it up; InvalidInput otherwise."""
    if abs(minor) > _largest(currency):
        raise InvalidInput(f"The {field} is larger than any that we book in {currency}.", field=field)
    return minor


@lru_cache(maxsize=256)
def _largest(currency: str) -> int:
    return min(MAX_MINOR, int(10 ** (MAX_MAJOR_DIGITS + exponent(currency))))


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount in major units with the currency's own number of digits: 1235 EUR becomes 12.35."""
    return Decimal(minor).scaleb(-exponent(currency))


def to_text(minor: int, currency: str) -> str:
    """The digits of `to_decimal`, as they stand in facts: for many amounts at a time."""
    digits = exponent(currency)
    if not digits:
        return str(minor)
    text = f"{abs(minor):0{digits + 1}d}"
    return f"{'-' if minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def to_micros(price: Decimal, *, field: str = "unit_price") -> int:
    """Millionths of the major unit, exactly. A seventh digit is refused rather than rounded away."""
    try:
        micros = price.quantize(_STEPS[6])
    except InvalidOperation:
        raise InvalidInput(f"{price:.6g} is larger than any price we book.", field=field) from None
    if micros != price:
        raise InvalidInput(f"{price} has more than six digits after the point.", field=field)
    whole = int(micros.scaleb(6))
    if abs(whole) >= MAX_MICROS:
        raise InvalidInput(f"{price} is larger than any price we book.", field=field)
    return whole


def micros_to_decimal(micros: int) -> Decimal:
    """A unit price in major units, without trailing zeros beyond two digits: 2550000 becomes 2.55."""
    value = Decimal(micros).scaleb(-6).normalize()
    digits = value.as_tuple().exponent
    return value if isinstance(digits, int) and digits < -2 else value.quantize(Decimal("0.01"))


@lru_cache(maxsize=65_536)
def micros_to_text(micros: int) -> str:
    """The digits of `micros_to_decimal`, as they stand in facts."""
    return format(micros_to_decimal(micros), "f")


def line_amount(unit_price_micros: int, quantity: int, currency: str) -> int:
    """Price times quantity in minor units: exact product, rounded once, half away from zero.

    Raises InvalidInput for a product larger than any amount we book.
    """
    product = unit_price_micros * quantity
    unit = int(10 ** (6 - exponent(currency)))
    whole, rest = divmod(abs(product), unit)
    rounded = whole + (1 if 2 * rest >= unit else 0)
    return check_size(rounded if product >= 0 else -rounded, currency, field="line total")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount with the currency's digits, rounded half away from zero: once, at the very end."""
    return amount.quantize(_STEPS[exponent(currency)], ROUND_HALF_UP)


def part_of(amount: int, numerator: int, denominator: int) -> int:
    """A share of an amount of minor units, rounded once, half away from zero. The denominator is positive."""
    product = amount * numerator
    whole, rest = divmod(abs(product), denominator)
    rounded = whole + (1 if 2 * rest >= denominator else 0)
    return rounded if product >= 0 else -rounded


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Divides an amount by weight so that the parts add up to the whole (largest remainder method).

    Left-over units go to the largest remainders, the earlier line first among equals. With no weight at
    all the amount is divided evenly. Weights must not be negative.
    Source: https://en.wikipedia.org/wiki/Largest_remainders_method
    """
    if not weights:
        if total:
            raise ValueError("an amount needs at least one line to be split over")
        return []
    if min(weights) < 0:
        raise ValueError("weights must not be negative")
    shares = list(weights) if any(weights) else [1] * len(weights)
    sign, size, whole = (-1 if total < 0 else 1), abs(total), sum(shares)
    parts = [size * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(size * shares[i] % whole), i))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency. Adding two currencies is an error, not a conversion."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> Self:
        code = check_currency(currency)
        return cls(to_minor(parse_decimal(amount, field="amount"), code), code)

    @property
    def amount(self) -> Decimal:
        return to_decimal(self.minor, self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Parts by weight that add up to this amount; see `split`."""
        return [Money(part, self.currency) for part in split(self.minor, weights)]

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InvalidInput(f"cannot add {other.currency} to {self.currency}: convert it first", field="currency")
        return other
