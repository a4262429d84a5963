"""Buyers with a full cart each, and a crew of threads that does something for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tradewind import Platform
from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.customers.model import Customer
from tradewind.core.bulk import insert_rows
from tradewind.core.ids import new_id


def buyers_with_carts(shop: Platform, product: str, count: int) -> list[str]:
    """Customers with one unit in their cart: the first made as a shop makes them, the others copied from it."""
    first = shop.create_customer("buyer@example.com", "Buyer")
    shop.add_to_cart(first, product)
    with shop.database.write(alone=True) as tx:
        customer = _row(tx, select(Customer.__table__).where(Customer.id == first))
        cart = _row(tx, select(Cart.__table__).where(Cart.customer_id == first))
        line = _row(tx, select(CartLine.__table__).where(CartLine.cart_id == cart["id"]))
        people, carts = [new_id() for _ in range(1, count)], [new_id() for _ in range(1, count)]
        named = [customer | {"id": id_, "email": f"buyer{n}@example.com"} for n, id_ in enumerate(people)]
        insert_rows(tx, Customer.__table__, named)
        owned = [cart | {"id": id_, "customer_id": buyer} for id_, buyer in zip(carts, people, strict=True)]
        insert_rows(tx, Cart.__table__, owned)
        insert_rows(tx, CartLine.__table__, [line | {"cart_id": id_} for id_ in carts])
    return [first, *people]


def _row(tx: Session, query: Select[Any]) -> dict[str, Any]:
    return dict(tx.execute(query).mappings().one())


def driven(things: Sequence[str], work: Callable[[str], object], threads: int) -> tuple[float, int]:
    """Calls per second that succeeded, from so many threads at once, and how many failed."""
    waiting, lock, failed = iter(things), threading.Lock(), []

    def go() -> None:
        while True:
            with lock:
                thing = next(waiting, None)
            if thing is None:
                return
            try:
                work(thing)
            except Exception as broken:  # noqa: BLE001 (whatever it is, it is counted and told)
                failed.append(broken)

    crew = [threading.Thread(target=go) for _ in range(threads)]
    began = time.perf_counter()
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return (len(things) - len(failed)) / (time.perf_counter() - began), len(failed)
