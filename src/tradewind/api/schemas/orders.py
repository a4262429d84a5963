"""Shapes of orders, payments and refunds. Amounts are in the row's own `currency`."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from tradewind.api.wire import Amount, Wire
from tradewind.commerce.orders.states import OrderStatus


class OrderSummary(Wire):
    """An order as a row of a list."""

    order_id: str
    order_number: str
    channel: str
    placed_at: datetime
    status: OrderStatus
    fulfillment_status: str
    payment_status: str
    currency: str
    subtotal: Amount = Field(description="Prices times quantities, before discounts.")
    discount: Amount
    shipping: Amount
    tax: Amount
    total: Amount
    revenue: Amount = Field(description="What the order adds to revenue now: zero unless it is sold.")
    units: int
    customer_id: str | None
    ship_country: str | None
    ship_region: str | None
    ship_city: str | None
    version: int = Field(description="Moves with every change.")


class OrderLine(Wire):
    line_no: int
    product_id: str
    sku: str | None
    name: str
    quantity: int
    unit_price: Amount
    discount: Amount
    tax: Amount
    total: Amount
    unit_cost: Amount | None


class OrderPayment(Wire):
    payment_id: str
    external_id: str
    method: str
    installments: int
    amount: Amount
    currency: str
    status: str
    paid_at: datetime | None


class RefundSummary(Wire):
    """A credit note: what was given back, on its own day."""

    refund_id: str
    external_id: str
    channel: str
    order_id: str | None
    order_number: str | None
    customer_id: str | None
    refunded_at: datetime
    currency: str
    items_amount: Amount = Field(description="The part that comes off revenue.")
    shipping: Amount
    tax: Amount
    amount: Amount = Field(description="Everything given back: items, shipping and tax.")
    units: int
    ship_country: str | None
    reason: str | None


class OrderDiscountOut(Wire):
    """What a promotion took off the order, shipping included."""

    name: str = Field(examples=["Spring sale"])
    code: str | None = Field(description="The code that the buyer typed; null for one that applied by itself.")
    amount: Amount


class OrderStep(Wire):
    """A line of the order's history."""

    at: datetime
    status: OrderStatus
    origin: str
    note: str | None


class OrderDetail(OrderSummary):
    """An order with all that belongs to it."""

    items: list[OrderLine]
    discounts: list[OrderDiscountOut]
    payments: list[OrderPayment]
    refunds: list[RefundSummary]
    history: list[OrderStep]


class OrderPage(Wire):
    items: list[OrderSummary]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class RefundPage(Wire):
    items: list[RefundSummary]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")
