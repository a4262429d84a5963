"""Numbers of our own orders, one series per channel."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tradewind.commerce.numbers import take_number
from tradewind.commerce.orders.model import Order
from tradewind.core.prepared import Prepared

_TAKEN = Prepared(
    select(Order.id).where(Order.channel_id == bindparam("of_channel"), Order.order_number == bindparam("number"))
)


def next_order_number(tx: Session, channel_id: str, channel_code: str) -> str:
    """The next number of a channel's own orders. One that an imported order has already is passed over.

    Whoever orders in the same channel waits from here until this transaction ends: take it late.
    """
    while True:
        number = take_number(tx, f"order:{channel_id}", prefix=f"{channel_code.upper()}-")
        if _TAKEN.scalar(tx, of_channel=channel_id, number=number) is None:
            return number
