"""Conversion into the reporting currency with stored rates: the newest one on or before the day.

Where only the inverse pair is stored, its reciprocal serves. Where neither is, there is no rate: the
amount stays apart in its own currency, never at one to one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import Any

from tradewind.warehouse.client import Warehouse

ONE = Decimal(1)
_EXACT = Context(prec=38)
_DIGITS = Decimal(1).scaleb(-12)


@dataclass(frozen=True, slots=True)
class RateInSql:
    """The rate of a row with `day` and `currency`, for an engine that adds up over currencies."""

    factor: str
    """What an amount is multiplied with, ` * rate`; empty when no row needs it."""
    is_known: str
    """Which rows have a rate at all; the amounts of the others come out as zero."""
    parameters: dict[str, Any]

    @property
    def column(self) -> str:
        """The rate as one more column `fx`: where several amounts are converted the engine reads it once."""
        return f", {self.factor.removeprefix(' * ')} AS fx" if self.factor else ""

    @property
    def by_column(self) -> str:
        """What an amount beside that column is multiplied with."""
        return " * fx" if self.factor else ""


UNCHANGED = RateInSql("", "1", {})
"""For amounts that are in the reporting currency already."""


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

    def in_sql(self, currencies: set[str], start: date, end: date) -> RateInSql:
        """The rates of these currencies from `start` up to `end`.

        A list with the rate of each day, looked up by the day's place in it: a join would cost more than the sum.
        """
        if currencies <= {self.reporting}:
            return UNCHANGED
        days = [start + timedelta(place) for place in range((end - start).days)]
        parameters: dict[str, Any] = {"reporting": self.reporting, "rates_from": (start - date(1970, 1, 1)).days}
        branches = ["currency = {reporting:String}, toDecimal128(1, 12)"]
        known = {self.reporting}
        is_partly_known = False
        for number, currency in enumerate(sorted(currencies - {self.reporting})):
            rates = [self.on(day, currency) for day in days]
            if not any(rates):
                continue
            known.add(currency)
            is_partly_known |= None in rates
            # As text, which the engine reads as decimals; the driver would quote the items of a list.
            listed = ",".join(format(rate or 0, "f") for rate in rates)
            parameters |= {f"currency_{number}": currency, f"rates_{number}": f"[{listed}]"}
            place = "toUInt32(toInt32(day) - {rates_from:Int32} + 1)"
            rate = f"arrayElement({{rates_{number}:Array(Decimal(38, 12))}}, {place})"
            branches.append(f"currency = {{currency_{number}:String}}, {rate}")
        rate = f"multiIf({', '.join(branches)}, toDecimal128(0, 12))"
        is_known = "1"
        if is_partly_known:
            is_known = f"{rate} > 0"
        elif not currencies <= known:
            is_known = "currency IN {known:Array(String)}"
        return RateInSql(f" * {rate}", is_known, parameters | {"known": sorted(known)})


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
