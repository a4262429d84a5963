"""What an order holds while it waits for its payment: units of stock, and uses of limited promotions.

They are used up or given back here, in the transaction in which the order leaves its state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tradewind.commerce.booking import Origin
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.inventory.reservations import Wanted, release, reserve
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.writing import Row, items_of, kinds_of
from tradewind.commerce.promotions.uses import release_uses


def use_up(tx: Session, order: Order, *, now: datetime) -> None:
    """Ends the hold of a pending order whose units leave the shelf in this transaction.

    A hold that is over is renewed first; InsufficientStock when its units have gone to somebody else. Orders
    that channels tell us of hold nothing: their goods are sold already, whatever our shelf says.
    """
    if order.origin != Origin.CHECKOUT or order.location_id is None:
        return
    items = items_of(tx, order.id)
    wanted = units_wanted(items, kinds_of(tx, items), order.location_id)
    # The levels stay locked from here until the sale is booked, so nobody gets in between.
    if release(tx, order.id, now=now) < sum(line.quantity for line in wanted):
        reserve(tx, order.id, wanted, expires_at=None, now=now)
        release(tx, order.id, now=now)


def give_back(tx: Session, order: Order, *, now: datetime) -> None:
    """Ends the hold of an order that comes to nothing."""
    release(tx, order.id, now=now)
    release_uses(tx, order.id)


def units_wanted(items: Sequence[Row], kinds: dict[str, str], location_id: str) -> list[Wanted]:
    """The goods among an order's lines, each product once; services need no stock."""
    units: dict[str, int] = defaultdict(int)
    for item in items:
        if kinds.get(item["product_id"]) == ProductKind.GOOD:
            units[item["product_id"]] += item["quantity"]
    return [Wanted(product_id, location_id, count) for product_id, count in sorted(units.items())]
