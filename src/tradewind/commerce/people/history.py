"""What a person has bought: their orders under every profile of theirs, and what these come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tradewind.commerce.customers.store import ids_of_person
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import SOLD
from tradewind.commerce.orders.store import OrderFilter, OrderView, orders_page
from tradewind.core.money import to_decimal
from tradewind.core.paging import Page


@dataclass(frozen=True, slots=True)
class Bought:
    """A person's orders of one currency. `orders` and `total` count sold orders, `placed` also the others."""

    currency: str
    placed: int
    orders: int
    total: Decimal
    first_order_at: datetime | None
    last_order_at: datetime | None


def orders_of_person(tx: Session, customer_id: str, *, limit: int, cursor: str | None = None) -> Page[OrderView]:
    """The orders of a person, the newest first, those of merged duplicates included."""
    return orders_page(tx, OrderFilter(customers=ids_of_person(tx, customer_id)), limit=limit, cursor=cursor)


def bought_by_person(tx: Session, customer_id: str) -> Sequence[Bought]:
    """What a person's orders come to, by currency; nothing for who has none. Orders made as a test do not count."""
    is_sold = Order.status.in_([str(status) for status in SOLD])
    query = (
        select(
            Order.currency,
            func.count().label("placed"),
            func.sum(case((is_sold, 1), else_=0)).label("orders"),
            func.sum(case((is_sold, Order.total_minor), else_=0)).label("total"),
            func.min(case((is_sold, Order.placed_at))).label("first"),
            func.max(case((is_sold, Order.placed_at))).label("last"),
        )
        .where(Order.customer_id.in_(ids_of_person(tx, customer_id)), Order.is_test.is_(False))
        .group_by(Order.currency)
        .order_by(Order.currency)
    )
    return [
        Bought(row.currency, row.placed, int(row.orders), to_decimal(int(row.total), row.currency), row.first, row.last)
        for row in tx.execute(query)
    ]
