"""The arithmetic of an order: lines rounded once, discounts spread without losing a cent.

    line total   = round(unit price × quantity) − discount of the line
    line revenue = line total, without the tax that is inside the price
    order total  = Σ line totals + shipping + other (+ tax where prices do not include it)

Pure functions; they know no database and no status.
"""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.commerce.orders.new import NewOrder
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_size, line_amount, split, to_decimal, to_micros, to_minor


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """Minor units, except for the prices."""

    unit_price_micros: int
    gross: int
    discount: int
    tax: int
    total: int
    revenue: int
    unit_cost_micros: int | None


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    """Minor units. `subtotal` is Σ gross; `discount` counts those of the lines too."""

    lines: tuple[LineAmounts, ...]
    subtotal: int
    discount: int
    shipping: int
    tax: int
    other: int
    fees: int
    total: int
    revenue: int
    units: int


def order_amounts(order: NewOrder) -> OrderAmounts:
    """Amounts of an order and of its lines. Raises InvalidInput when a discount exceeds what it is taken off."""
    currency = order.currency
    prices = [to_micros(line.unit_price) for line in order.lines]
    gross = [line_amount(price, line.quantity, currency) for price, line in zip(prices, order.lines, strict=True)]
    discounts = [to_minor(line.discount, currency, field="discount") for line in order.lines]
    for line, worth, discount in zip(order.lines, gross, discounts, strict=True):
        if discount > worth:
            raise InvalidInput(
                f"The discount on {line.sku} ({to_decimal(discount, currency)}) is more than the line is worth"
                f" ({to_decimal(worth, currency)} {currency}).",
                field="discount",
            )
    rest = [worth - discount for worth, discount in zip(gross, discounts, strict=True)]
    spread = to_minor(order.discount, currency, field="discount")
    if spread:
        if spread > sum(rest):
            raise InvalidInput(
                f"The discount of order {order.order_number} ({order.discount}) is more than its lines are worth.",
                field="discount",
            )
        discounts = [own + share for own, share in zip(discounts, split(spread, rest), strict=True)]
    taxes = _taxes(order, rest)
    check_size(sum(gross), currency, field="subtotal")
    check_size(sum(taxes), currency, field="tax")
    lines = tuple(
        LineAmounts(
            unit_price_micros=price,
            gross=worth,
            discount=discount,
            tax=tax,
            total=worth - discount,
            revenue=worth - discount - (tax if order.prices_include_tax else 0),
            unit_cost_micros=to_micros(line.unit_cost, field="unit_cost") if line.unit_cost is not None else None,
        )
        for line, price, worth, discount, tax in zip(order.lines, prices, gross, discounts, taxes, strict=True)
    )
    shipping, other = to_minor(order.shipping, currency), to_minor(order.other, currency)
    tax = to_minor(order.tax, currency, field="tax") if order.tax is not None else sum(taxes)
    computed = sum(line.total for line in lines) + shipping + other + (0 if order.prices_include_tax else tax)
    return OrderAmounts(
        lines=lines,
        subtotal=sum(gross),
        discount=sum(discounts),
        shipping=shipping,
        tax=tax,
        other=other,
        fees=to_minor(order.fees, currency, field="fees"),
        total=to_minor(order.total, currency, field="total") if order.total is not None else computed,
        revenue=sum(line.revenue for line in lines),
        units=sum(line.quantity for line in order.lines),
    )


def _taxes(order: NewOrder, worth: list[int]) -> list[int]:
    """Tax per line: the lines' own, or the order's spread by value where only the order has one.

    Where prices include it, the order's tax also covers shipping, so that only the lines' share of it
    is taken out of their revenue.
    """
    own = [to_minor(line.tax, order.currency, field="tax") for line in order.lines]
    if any(own) or order.tax is None or not order.lines:
        return own
    tax = to_minor(order.tax, order.currency, field="tax")
    return split(tax, [*worth, to_minor(order.shipping, order.currency)])[: len(worth)]
