"""Price levels by currency, and the monthly rates that the demo store converts with. Whole numbers throughout."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tradewind.commerce.rates.service import NewRate
from tradewind.core.chance import mark
from tradewind.core.money import exponent

# Thousandths of the currency that buy what one euro buys, roughly; enough for believable price tags.
_PER_EURO = {
    "EUR": 1000, "USD": 1100, "GBP": 850, "CAD": 1500, "AUD": 1680, "NZD": 1820, "CHF": 950, "SEK": 11300, "NOK": 11700,
    "DKK": 7460, "PLN": 4300, "CZK": 25000, "HUF": 395_000, "RON": 4980, "TRY": 37000, "JPY": 163_000, "CNY": 7900,
    "INR": 92_000, "KRW": 1_480_000, "BRL": 6000, "MXN": 20_000, "ZAR": 20_000, "SGD": 1450, "HKD": 8600, "AED": 4040,
    "ILS": 4000, "THB": 38_000, "IDR": 17_400_000, "CLP": 1_030_000, "COP": 4_500_000, "ARS": 1_100_000, "KWD": 335,
}  # fmt: skip


def foreign_currency(own: str) -> str:
    """The currency of the one channel that does not sell in the store's own."""
    return "CAD" if own == "USD" else "USD"


def foreign_currencies(own: str) -> tuple[str, ...]:
    """What channels sell in beside it: the sandbox's platforms sell to the United States and to Canada."""
    return tuple(currency for currency in ("USD", "CAD") if currency != own)


def amount_in(currency: str, euro_cents: int) -> int:
    """Minor units of the currency that are worth about as much as these euro cents."""
    subunits: int = 10 ** exponent(currency)
    return euro_cents * _PER_EURO.get(currency, 1000) * subunits // 100_000


def price_tag(currency: str, euro_cents: int) -> int:
    """A price that a shop would print: 34.99 or 7.49 where there are two digits, else a round number."""
    worth = amount_in(currency, euro_cents)
    if exponent(currency) != 2:
        return max(worth - worth % 10, 10)
    step = 100 if worth >= 1500 else 50
    return max(round(worth / step), 1) * step - 1


def rate_of_month(seed: int, first_of_month: date, base: str, quote: str) -> NewRate:
    """What one `base` is worth in `quote` that month: near the price levels' ratio, up to two percent away."""
    drift = Decimal(mark(seed, "rate", base, first_of_month.isoformat()) % 401 - 200) / 10_000
    level = Decimal(_PER_EURO.get(quote, 1000)) / Decimal(_PER_EURO.get(base, 1000))
    rate = level * (1 + drift)
    digits = rate.quantize(Decimal("0.000001")) if rate >= Decimal("0.01") else rate.quantize(Decimal("0.0000000001"))
    return NewRate(first_of_month, base, quote, digits)


def month_start(day: date) -> date:
    return day.replace(day=1)
