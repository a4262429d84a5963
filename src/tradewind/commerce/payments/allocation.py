"""What a refund is made of: which part of it comes off which line, off shipping, off tax. Pure arithmetic.

    worth of an order = Σ revenue of lines + shipping + tax = its total, shipping without the tax inside it

Units are refunded with their exact share of the line: the shares of all units add up to the line, in however
many refunds. A mere amount is spread over all that is left, by largest remainder. Nothing is ever given back
twice, and a refund of everything is the order to the cent. Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradewind.core.money import part_of, split


@dataclass(frozen=True, slots=True)
class LineWorth:
    """A line as it was sold, and what went back of it so far. Revenue is without tax."""

    line_no: int
    units: int
    revenue: int
    tax: int
    refunded_units: int = 0
    refunded: int = 0

    @property
    def left(self) -> int:
        return max(0, self.revenue - self.refunded)

    @property
    def left_units(self) -> int:
        return max(0, self.units - self.refunded_units)


@dataclass(frozen=True, slots=True)
class OrderWorth:
    """An order as it was sold, and what went back of it so far. `refunded_tax` counts that of shipping too."""

    lines: Sequence[LineWorth]
    shipping: int
    shipping_tax: int
    refunded_shipping: int = 0
    refunded_tax: int = 0

    @property
    def left_shipping(self) -> int:
        return max(0, self.shipping - self.refunded_shipping)

    @property
    def left_tax(self) -> int:
        return max(0, sum(line.tax for line in self.lines) + self.shipping_tax - self.refunded_tax)

    @property
    def left(self) -> int:
        """What may still be given back for what was sold."""
        return sum(line.left for line in self.lines) + self.left_shipping + self.left_tax


@dataclass(frozen=True, slots=True)
class LinePart:
    line_no: int
    units: int
    amount: int


@dataclass(frozen=True, slots=True)
class RefundParts:
    """The parts of one refund; they add up to `amount`."""

    lines: tuple[LinePart, ...] = ()
    shipping: int = 0
    tax: int = 0

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines) + self.shipping + self.tax


def by_units(worth: OrderWorth, units: Mapping[int, int], *, with_shipping: bool = False) -> RefundParts:
    """Units by line number, at what they were sold for, and all that is left of shipping where asked.

    No line may be asked for more units than it has left.
    """
    lines: list[LinePart] = []
    tax = 0
    for line in worth.lines:
        if count := units.get(line.line_no, 0):
            if count < 0 or count > line.left_units:
                raise ValueError(f"line {line.line_no} has {line.left_units} units left, not {count}")
            first, last = line.refunded_units, line.refunded_units + count
            amount = part_of(line.revenue, last, line.units) - part_of(line.revenue, first, line.units)
            lines.append(LinePart(line.line_no, count, min(amount, line.left)))
            tax += part_of(line.tax, last, line.units) - part_of(line.tax, first, line.units)
    shipping = 0
    if with_shipping and worth.left_shipping:
        shipping = worth.left_shipping
        tax += worth.shipping_tax - part_of(worth.shipping_tax, worth.refunded_shipping, worth.shipping)
    return RefundParts(tuple(lines), shipping, min(tax, worth.left_tax))


def by_amount(worth: OrderWorth, amount: int) -> RefundParts:
    """An amount up to `worth.left`, spread over lines, shipping and tax by what is left of each."""
    if amount < 0 or amount > worth.left:
        raise ValueError(f"{worth.left} is left, not {amount}")
    weights = [*(line.left for line in worth.lines), worth.left_shipping, worth.left_tax]
    if not amount:
        return RefundParts()
    *parts, shipping, tax = split(amount, weights)
    lines = [LinePart(line.line_no, 0, part) for line, part in zip(worth.lines, parts, strict=True) if part]
    return RefundParts(tuple(lines), shipping, tax)
