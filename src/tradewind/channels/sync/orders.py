"""What a channel's order and its refunds become when they are booked. Pure: no I/O, no look back.

A line is booked with the units that were not cancelled, its discount and tax in proportion; a cancelled order keeps
all its units, since it counts nowhere. The channel's own total is kept as it is. Gift cards are a debt and no revenue:
they go into `other`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from tradewind.channels.unified import UnifiedCustomer, UnifiedLine, UnifiedOrder, UnifiedRefund
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine
from tradewind.core.money import exponent, line_amount, to_decimal, to_micros

ZERO = Decimal(0)
CREDIT_SKU = "REFUND"
"""What is credited where a channel gives back money that belongs to no line."""
MARKETPLACE_KEEPS = frozenset({"fba", "wfs"})
"""Orders sent by the marketplace from its own places: its counts say what lies there, not our orders."""

ResolveSku = Callable[[str], str]
"""A channel's spelling of a SKU to ours."""


@dataclass(frozen=True, slots=True)
class BookableOrder:
    order: NewOrder
    refunds: tuple[NewRefund, ...]
    is_kept_by_marketplace: bool
    warnings: tuple[str, ...]


def bookable(told: UnifiedOrder, channel: str, resolve: ResolveSku, *, has_refunds: bool = False) -> BookableOrder:
    """The order as commerce books it. Raises InvalidInput for what cannot be booked.

    `has_refunds`: whether credit notes of it are booked already.
    """
    warnings = list(told.warnings)
    sellable = [line for line in told.lines if not line.is_gift_card and not _is_negative(line)]
    lines = [new for line in sellable if (new := _line(line, told, channel, resolve, warnings)) is not None]
    shipping, order_discount = _residual(told, sellable, lines)
    other = (told.other or ZERO) + _not_lines(told.lines)
    order = NewOrder(
        order_number=told.order_number,
        external_id=told.external_id,
        placed_at=told.placed_at,
        currency=told.currency,
        lines=tuple(lines),
        status=status_of(told, has_refunds=has_refunds or bool(told.refunds)),
        fulfillment_status=str(told.fulfillment_status),
        payment_status=_payment_status(told)[:32],
        customer=None if told.customer is None else customer_of(told.customer, told),
        shipping=shipping,
        discount=order_discount,
        tax=_tax(told),
        other=other,
        total=ZERO if told.is_sold_elsewhere else told.total,
        prices_include_tax=told.prices_include_tax,
        ship_country=None if told.ship_country is None else told.ship_country[:2].upper(),
        ship_region=_cut(told.ship_region, 100),
        ship_city=_cut(told.ship_city, 200),
        is_test=told.is_test,
        is_replacement=told.is_replacement or told.is_sold_elsewhere,
        channel_updated_at=told.channel_updated_at,
    )
    if told.is_sold_elsewhere:
        order = replace(order, shipping=ZERO, discount=ZERO, tax=None, other=ZERO, lines=_worthless(lines))
    # What was never revenue has none to give back.
    counts = not told.is_test and told.status is not OrderStatus.CANCELLED and not told.is_sold_elsewhere
    refunds = tuple(refund_of(one, channel, resolve, order.customer, told.ship_country) for one in told.refunds)
    kept = told.fulfillment_channel in MARKETPLACE_KEEPS
    return BookableOrder(order, refunds if counts else (), kept, tuple(dict.fromkeys(warnings)))


def status_of(told: UnifiedOrder, *, has_refunds: bool) -> OrderStatus:
    """The state in the books. Credit notes take revenue off on their own day, so an order with them stays sold."""
    if told.status is not OrderStatus.REFUNDED or not has_refunds:
        return told.status
    shipped = sum(line.quantity_shipped for line in told.lines)
    if shipped == 0 and told.fulfillment_status != "fulfilled":
        return OrderStatus.CONFIRMED
    return OrderStatus.PROCESSING if told.fulfillment_status == "partial" else OrderStatus.SHIPPED


def customer_of(told: UnifiedCustomer, order: UnifiedOrder | None = None) -> NewCustomer:
    """The person; a relay's address is no address of theirs."""
    return NewCustomer(
        external_id=told.key[:128],
        email=None if told.is_relay else _cut(told.email, 320),
        name=_cut(told.name, 300),
        phone=_cut(told.phone, 64),
        country=None if order is None or order.ship_country is None else order.ship_country[:2].upper(),
        region=None if order is None else _cut(order.ship_region, 100),
        city=None if order is None else _cut(order.ship_city, 200),
    )


def refund_of(
    told: UnifiedRefund,
    channel: str,
    resolve: ResolveSku,
    customer: NewCustomer | None = None,
    ship_country: str | None = None,
) -> NewRefund:
    """A credit note whose lines, tax and shipping add up to what was given back."""
    amount, tax, shipping = abs(told.amount), told.tax or ZERO, told.shipping or ZERO
    lines = [
        NewRefundLine(
            sku=_sku_of(line.sku, None, None, channel, resolve),
            quantity=line.quantity,
            unit_price=_price_of(line.amount, line.quantity),
            is_restocked=line.is_restocked,
        )
        for line in told.lines
    ]
    worth = sum(
        (to_decimal(line_amount(to_micros(n.unit_price), max(n.quantity, 1), told.currency), told.currency)
         for n in lines),
        ZERO,
    )  # fmt: skip
    missing = amount - worth - tax - shipping
    if missing < 0 and worth + tax <= amount:
        shipping, missing = amount - worth - tax, ZERO
    elif missing < 0 and worth <= amount:
        tax, shipping, missing = amount - worth, ZERO, ZERO
    elif missing < 0:
        # Less was given back than the goods were worth: the units come back, the money is the channel's.
        lines = [replace(line, unit_price=ZERO) for line in lines]
        tax, shipping, missing = ZERO, ZERO, amount
    if missing:
        lines.append(NewRefundLine(CREDIT_SKU, 0, missing, name="Credit", kind=ProductKind.SERVICE))
    return NewRefund(
        external_id=told.external_id[:128],
        refunded_at=told.refunded_at,
        currency=told.currency,
        lines=tuple(lines),
        order_reference=told.order_external_id,
        shipping=shipping,
        tax=tax,
        customer=customer,
        ship_country=None if ship_country is None else ship_country[:2].upper(),
        reason=_cut(told.reason, 200),
    )


def _line(
    line: UnifiedLine, order: UnifiedOrder, channel: str, resolve: ResolveSku, warnings: list[str]
) -> NewLine | None:
    units = _units(line, order)
    if units <= 0:
        return None
    if line.sku is None:
        warnings.append("sku_missing")
    if line.unit_price is None:
        warnings.append("price_missing")
    price = line.unit_price or ZERO
    share = Decimal(units) / line.quantity
    worth = to_decimal(line_amount(to_micros(price), units, order.currency), order.currency)
    return NewLine(
        sku=_sku_of(line.sku, line.listing_id, line.title, channel, resolve),
        quantity=units,
        unit_price=price,
        name=line.title,
        discount=min(_share(abs(line.discount or ZERO), share, order.currency), worth),
        tax=max(_share(line.tax or ZERO, share, order.currency), ZERO),
        external_line_id=line.external_line_id[:128],
    )


def _units(line: UnifiedLine, order: UnifiedOrder) -> int:
    if order.status is OrderStatus.CANCELLED:
        return line.quantity
    return line.quantity - line.quantity_cancelled


def _residual(told: UnifiedOrder, sellable: Sequence[UnifiedLine], lines: Sequence[NewLine]) -> tuple[Decimal, Decimal]:
    """Shipping, and the discount that no line carries: off the lines where they told of none, else off shipping."""
    shipping = max(told.shipping or ZERO, ZERO)
    if told.discount is None:
        return shipping, ZERO
    on_lines = sum((abs(line.discount or ZERO) for line in sellable), ZERO)
    rest = abs(told.discount) - on_lines
    if rest <= 0:
        return shipping, ZERO
    worth = sum(
        (to_decimal(line_amount(to_micros(n.unit_price), n.quantity, told.currency), told.currency) - n.discount
         for n in lines),
        ZERO,
    )  # fmt: skip
    if on_lines == 0:
        off_lines = min(rest, worth)
        return max(shipping - (rest - off_lines), ZERO), off_lines
    off_shipping = min(rest, shipping)
    return shipping - off_shipping, min(rest - off_shipping, worth)


def _tax(told: UnifiedOrder) -> Decimal | None:
    """The order's tax; the lines' own sum where units were cancelled, or where only they are known."""
    cancelled = told.status is not OrderStatus.CANCELLED and any(line.quantity_cancelled for line in told.lines)
    return None if cancelled else told.tax


def _not_lines(lines: Sequence[UnifiedLine]) -> Decimal:
    """The worth of gift cards, and of credits that a channel writes as lines."""
    return sum(
        (
            (line.unit_price or ZERO) * line.quantity - abs(line.discount or ZERO)
            for line in lines
            if line.is_gift_card or _is_negative(line)
        ),
        ZERO,
    )


def _is_negative(line: UnifiedLine) -> bool:
    return line.unit_price is not None and line.unit_price < 0


def _worthless(lines: Sequence[NewLine]) -> tuple[NewLine, ...]:
    return tuple(replace(line, unit_price=ZERO, discount=ZERO, tax=ZERO) for line in lines)


def _payment_status(told: UnifiedOrder) -> str:
    return "refunded" if told.status is OrderStatus.REFUNDED else told.payment_status


def _sku_of(sku: str | None, listing_id: str | None, title: str | None, channel: str, resolve: ResolveSku) -> str:
    """Our SKU. What has none on the channel is known by its listing, or else by its title."""
    if sku is not None and sku.strip():
        return resolve(sku.strip()[:128])
    if listing_id:
        return f"{channel}:{listing_id}"[:128]
    if title:
        return f"{channel}:title:{hashlib.sha256(title.encode()).hexdigest()[:16]}"
    return f"{channel}:unknown"


def _share(amount: Decimal, share: Decimal, currency: str) -> Decimal:
    if share == 1:
        return amount
    return (amount * share).quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


def _price_of(amount: Decimal, quantity: int) -> Decimal:
    """The price of one of so many, to the sixth digit: units times it, rounded to the cent, is the amount again."""
    amount = abs(amount)
    return amount if quantity <= 1 else (amount / quantity).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _cut(text: str | None, length: int) -> str | None:
    return None if text is None else text[:length]
