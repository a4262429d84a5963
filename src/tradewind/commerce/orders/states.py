"""The states of an order: which count as sold, and which may follow which.

Our own orders follow the table. A channel is the authority on its own orders: they may jump, and the
jump is written into the history with the origin `channel` or `import`.
"""

from __future__ import annotations

from enum import StrEnum

from tradewind.core.errors import Conflict, InvalidInput


class OrderStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


SOLD = frozenset({OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED})
"""Orders that count in revenue. Pending and cancelled ones are out; so is a wholly refunded one, unless
its refunds are booked as documents of their own, which take the revenue off on their own day."""

_NEXT: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    OrderStatus.PENDING: (OrderStatus.CONFIRMED, OrderStatus.CANCELLED),
    OrderStatus.CONFIRMED: (OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.CANCELLED),
    OrderStatus.PROCESSING: (OrderStatus.SHIPPED, OrderStatus.CANCELLED),
    OrderStatus.SHIPPED: (OrderStatus.DELIVERED, OrderStatus.REFUNDED),
    OrderStatus.DELIVERED: (OrderStatus.REFUNDED,),
    OrderStatus.CANCELLED: (),
    OrderStatus.REFUNDED: (),
}


class IllegalTransition(Conflict):
    """The order cannot go from its state to the one asked for."""

    code = "illegal_transition"

    def __init__(self, order_number: str, now: OrderStatus, asked: OrderStatus) -> None:
        self.allowed = next_states(now)
        choices = ", ".join(self.allowed) or "nothing: this state is final"
        super().__init__(f"Order {order_number} is {now} and cannot become {asked}. It may become {choices}.")


def next_states(status: OrderStatus) -> tuple[OrderStatus, ...]:
    return _NEXT[status]


def check_transition(order_number: str, now: OrderStatus, asked: OrderStatus) -> None:
    if asked not in _NEXT[now]:
        raise IllegalTransition(order_number, now, asked)


def parse_status(text: str) -> OrderStatus:
    try:
        return OrderStatus(text.strip().lower())
    except ValueError as unknown:
        raise InvalidInput(
            f"'{text}' is not an order status. Use one of: {', '.join(OrderStatus)}.", field="status"
        ) from unknown


PARTIAL = "partial"
"""Fulfilment of an order of which some units have been sent."""


def fulfillment_of(status: OrderStatus) -> str:
    """The fulfilment that a status implies where the source does not say."""
    if status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        return "fulfilled"
    return "none" if status is OrderStatus.CANCELLED else "unfulfilled"
