"""The components of an order's amounts, and whether they add up to its total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tradewind.channels.amazon.values import Money
from tradewind.channels.unified import Fulfillment, UnifiedLine

SUBTOTAL = "subtotal"
SHIPPING = "shipping"
DISCOUNT = "discount"
TAX = "tax"
OTHER = "other"

_ZERO = Decimal(0)
_PER_LINE = Decimal("0.01")
_AT_LEAST = Decimal("0.02")
_SIX_DIGITS = Decimal("0.000001")


class Tally:
    """Amounts of one currency, summed by component. Other currencies are left out, with a warning."""

    def __init__(self, currency: str, warnings: set[str]) -> None:
        self.currency = currency
        self._warnings = warnings
        self._sums: dict[str, Decimal] = {}

    def add(self, component: str, amount: Money | None, sign: int = 1) -> None:
        if amount is None:
            return
        if amount.currency != self.currency:
            self._warnings.add("other_currency")
            return
        self._sums[component] = self._sums.get(component, _ZERO) + sign * amount.amount

    def add_all(self, tally: Tally) -> None:
        for component, amount in tally._sums.items():
            self._sums[component] = self._sums.get(component, _ZERO) + amount

    def get(self, component: str) -> Decimal | None:
        """None where the channel named no such amount."""
        return self._sums.get(component)

    def total(self) -> Decimal | None:
        """Everything less the discount; None without an amount for the goods."""
        if SUBTOTAL not in self._sums:
            return None
        return sum(self._sums.values(), _ZERO) - 2 * self._sums.get(DISCOUNT, _ZERO)

    def __bool__(self) -> bool:
        return bool(self._sums)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whether `subtotal + shipping + tax + other − discount = total` holds, with tax or with prices including it."""

    is_known: bool
    prices_include_tax: bool = False
    fits: bool = True


def check_totals(tally: Tally, total: Decimal | None, lines: int) -> Identity:
    """Tries both readings, within a cent a line and at least two."""
    computed = tally.total()
    if total is None or computed is None:
        return Identity(is_known=False)
    tolerance = max(_AT_LEAST, _PER_LINE * lines)
    if abs(computed - total) <= tolerance:
        return Identity(is_known=True)
    if abs(computed - (tally.get(TAX) or _ZERO) - total) <= tolerance:
        return Identity(is_known=True, prices_include_tax=True)
    return Identity(is_known=True, fits=False)


def unit_price(line_amount: Decimal | None, quantity: int) -> Decimal | None:
    """The price of one, of a line's amount; None without units. Six digits, as prices are stored."""
    if line_amount is None or not quantity:
        return None
    each = line_amount / quantity
    return each if each * quantity == line_amount and _digits(each) <= 6 else each.quantize(_SIX_DIGITS, ROUND_HALF_UP)


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def fulfillment_of(lines: Sequence[UnifiedLine]) -> Fulfillment:
    """How much of the lines was sent, of what was not cancelled."""
    wanted = sum(line.quantity - line.quantity_cancelled for line in lines)
    return fulfillment_from(wanted, sum(line.quantity_shipped for line in lines))


def fulfillment_from(wanted: int, shipped: int) -> Fulfillment:
    if wanted <= 0:
        return Fulfillment.NONE
    if not shipped:
        return Fulfillment.UNFULFILLED
    return Fulfillment.PARTIAL if shipped < wanted else Fulfillment.FULFILLED
