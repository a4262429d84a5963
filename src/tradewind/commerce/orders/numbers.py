"""Numbers of our own orders, one series per channel."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.numbers import take_number
from tradewind.commerce.orders.model import Order


def next_order_number(tx: Session, channel_id: str, channel_code: str) -> str:
    """The next number of a channel's own orders. One that an imported order has already is passed over.

    Whoever orders in the same channel waits from here until this transaction ends: take it late.
    """
    while True:
        number = take_number(tx, f"order:{channel_id}", prefix=f"{channel_code.upper()}-")
        taken = select(Order.id).where(Order.channel_id == channel_id, Order.order_number == number)
        if tx.scalar(taken) is None:
            return number
