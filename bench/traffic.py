"""A shop that sells without rest, in a process of its own: what a crash is worst for.

python -m bench.traffic DATA_DIR CHANNEL [SEED]

Books orders one by one, changes some, ships and cancels some, takes payments and gives money back. Prints
`ready` first and then the number of each order once its transaction has committed: what was printed was
acknowledged, and must never be lost.
"""

from __future__ import annotations

import os
import random
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import select

from tradewind.commerce.booking import Booking, Origin
from tradewind.commerce.catalog.service import ensure_channel
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.service import book_order, change_status
from tradewind.commerce.orders.states import OrderStatus, next_states
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable
from tradewind.core.settings import load_settings
from tradewind.store import open_database

_COUNTRIES = ("DE", "FR", "US", "BR", None)


class Seller:
    """One channel's sales. Numbers go on behind the ones that are booked already."""

    def __init__(self, database: Database, channel: str, seed: int) -> None:
        self._database = database
        self._chance = random.Random(seed)
        self._channel = channel
        now = datetime.now(UTC)
        with database.write() as tx:
            row = ensure_channel(tx, channel, name=channel.title(), kind="shop", now=now)
            place = ensure_location(tx, "main", name="Main", now=now)
            self._booking = Booking(row.id, row.code, now, Origin.CHANNEL, place.id)
            numbers = tx.scalars(select(Order.order_number).where(Order.channel_id == row.id))
            self._next = 1 + max((int(number.rpartition("-")[2]) for number in numbers), default=0)
        self._booked: list[NewOrder] = []

    def sell(self) -> str:
        """Books one order, often with something else beside it; returns its number once all has committed."""
        chance = self._chance
        order = self._an_order()
        with self._database.write() as tx:
            booking = replace(self._booking, now=datetime.now(UTC))
            outcome = book_order(tx, order, booking)
            if chance.random() < 0.5:
                payment = NewPayment(order.order_number, Decimal(10), order.currency, "card", order.order_number)
                record_payments(tx, [payment], booking)
            if self._booked and chance.random() < 0.3:
                known = chance.choice(self._booked)
                book_order(tx, replace(known, lines=self._lines(), status=chance.choice(list(OrderStatus))), booking)
            if self._booked and chance.random() < 0.2:
                given_back = NewRefundLine(f"SKU-{chance.randint(0, 40)}", 1, Decimal("4.20"), is_restocked=True)
                number = f"R-{order.order_number}"
                book_refunds(tx, [NewRefund(number, booking.now, order.currency, (given_back,))], booking)
            steps = next_states(order.status)
            if outcome.id is not None and steps and chance.random() < 0.3:
                change_status(tx, outcome.id, chance.choice(steps), now=booking.now)
        self._booked = [*self._booked[-200:], order]
        return order.order_number

    def _an_order(self) -> NewOrder:
        number, self._next = self._next, self._next + 1
        return NewOrder(
            order_number=f"{self._channel}-{number}",
            placed_at=datetime.now(UTC),
            currency=self._chance.choice(("EUR", "EUR", "USD")),
            lines=self._lines(),
            ship_country=self._chance.choice(_COUNTRIES),
        )

    def _lines(self) -> tuple[NewLine, ...]:
        chance = self._chance
        prices = (Decimal(chance.randint(1, 20_000)).scaleb(-2) for _ in range(chance.randint(1, 4)))
        return tuple(NewLine(f"SKU-{chance.randint(0, 40)}", chance.randint(1, 3), price) for price in prices)


def main(data_dir: str, channel: str, seed: str = "1") -> None:
    seller = Seller(open_database(load_settings(data_dir=data_dir)), channel, int(seed))
    os.write(1, b"ready\n")
    while True:
        try:
            number = seller.sell()
        except Unavailable:
            time.sleep(0.01)
            continue
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
