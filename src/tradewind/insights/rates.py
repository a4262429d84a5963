"""Conversion into the reporting currency with stored rates: the newest one on or before the day.

Where only the inverse pair is stored, its reciprocal serves. Where neither is, there is no rate: the
amount stays apart in its own currency, never at one to one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import Context, Decimal

from tradewind.warehouse.client import Warehouse

ONE = Decimal(1)
_EXACT = Context(prec=38)
_DIGITS = Decimal(1).scaleb(-12)

# The same rule in SQL, for figures that the engine adds up over currencies: rate per currency since a day.
RATES_SQL = """
    SELECT {reporting:String} AS currency, toDate32('1900-01-01') AS since, toDecimal128(1, 12) AS rate
    UNION ALL
    SELECT base, day, CAST(rate, 'Decimal(38, 12)') FROM live_fx_rates FINAL
    WHERE quote = {reporting:String} AND base != {reporting:String}
    UNION ALL
    SELECT quote, day, CAST(toDecimal256(1, 24) / rate, 'Decimal(38, 12)') FROM live_fx_rates FINAL
    WHERE base = {reporting:String}
        AND quote NOT IN (SELECT base FROM live_fx_rates WHERE quote = {reporting:String})
"""


class Rates:
    """Rates into one reporting currency."""

    def __init__(self, reporting: str, stored: dict[str, list[tuple[date, Decimal]]]) -> None:
        self.reporting = reporting
        self._days = {currency: [day for day, _ in rates] for currency, rates in stored.items()}
        self._rates = {currency: [rate for _, rate in rates] for currency, rates in stored.items()}

    def on(self, day: date, currency: str) -> Decimal | None:
        """What one unit of the currency was worth on that day; None when nobody has told us."""
        if currency == self.reporting:
            return ONE
        place = bisect_right(self._days.get(currency, []), day)
        return self._rates[currency][place - 1] if place else None


def load_rates(warehouse: Warehouse, reporting: str) -> Rates:
    """All stored rates into the reporting currency, oldest first."""
    rows = warehouse.query(
        "SELECT base, quote, day, rate FROM live_fx_rates FINAL"
        " WHERE base = {reporting:String} OR quote = {reporting:String} ORDER BY day",
        {"reporting": reporting},
    )
    direct: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    inverse: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in rows:
        if row["quote"] == reporting:
            direct[row["base"]].append((row["day"], row["rate"]))
        else:
            reciprocal = _EXACT.divide(ONE, row["rate"]).quantize(_DIGITS, rounding="ROUND_DOWN")
            inverse[row["quote"]].append((row["day"], reciprocal))
    return Rates(reporting, {**inverse, **direct})
