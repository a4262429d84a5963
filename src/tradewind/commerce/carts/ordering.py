"""From a priced cart to an order of exactly the same amounts."""

from __future__ import annotations

from datetime import datetime

from tradewind.commerce.carts.errors import CartNotOrderable
from tradewind.commerce.carts.priced import PricedCart
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.amounts import LineAmounts, OrderAmounts
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.money import to_decimal, to_micros


def check_orderable(priced: PricedCart) -> None:
    """Raises CartNotOrderable for a cart that is empty or has problems that block."""
    blocking = [problem for problem in priced.problems if problem.is_blocking]
    if blocking or not priced.lines:
        raise CartNotOrderable(priced.cart_id, blocking)


def order_from(
    priced: PricedCart,
    *,
    order_number: str,
    placed_at: datetime,
    status: OrderStatus,
    payment_status: str = "unknown",
    customer: NewCustomer | None = None,
    ship_city: str | None = None,
    note: str | None = None,
) -> tuple[NewOrder, OrderAmounts]:
    """The order that the cart becomes, and its amounts. Hand both to `book_orders`: nothing is worked out again.

    The amounts are handed over because an order alone cannot say that only its shipping is taxed.
    """
    currency = priced.currency
    lines = tuple(
        NewLine(
            sku=line.sku,
            quantity=line.quantity,
            unit_price=to_decimal(line.unit_price_minor or 0, currency),
            name=line.name,
            discount=to_decimal(line.discount_minor, currency),
            tax=to_decimal(line.tax_minor, currency),
            kind=ProductKind(line.kind),
        )
        for line in priced.lines
    )
    order = NewOrder(
        order_number=order_number,
        placed_at=placed_at,
        currency=currency,
        lines=lines,
        status=status,
        payment_status=payment_status,
        customer=customer,
        shipping=to_decimal(priced.shipping_payable_minor, currency),
        tax=to_decimal(priced.tax_minor, currency),
        prices_include_tax=priced.prices_include_tax,
        ship_country=priced.country,
        ship_region=priced.region,
        ship_city=ship_city,
        note=note,
    )
    return order, amounts_of(priced)


def amounts_of(priced: PricedCart) -> OrderAmounts:
    """The cart's amounts as an order holds them."""
    lines = tuple(
        LineAmounts(
            unit_price_micros=to_micros(to_decimal(line.unit_price_minor or 0, priced.currency)),
            gross=line.gross_minor,
            discount=line.discount_minor,
            tax=line.tax_minor,
            total=line.total_minor,
            revenue=line.total_minor - (line.tax_minor if priced.prices_include_tax else 0),
            unit_cost_micros=line.unit_cost_micros,
        )
        for line in priced.lines
    )
    return OrderAmounts(
        lines=lines,
        subtotal=priced.subtotal_minor,
        discount=priced.discount_minor,
        shipping=priced.shipping_payable_minor,
        tax=priced.tax_minor,
        other=0,
        fees=0,
        total=priced.total_minor,
        revenue=sum(line.revenue for line in lines),
        units=sum(line.quantity for line in priced.lines),
    )
