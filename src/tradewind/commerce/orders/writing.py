"""What a change of orders adds up to, written together at its end: rows, history, stock, facts.

Every change of an order, whoever makes it, goes through `book_difference` and `stock_difference`, so that the
sales figures and the shelf follow from the order's states alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, Origin, chunks
from tradewind.commerce.catalog.model import Product, ProductKind, SalesChannel
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, move_stock
from tradewind.commerce.orders.facts import difference, order_fact, sales_entries
from tradewind.commerce.orders.model import Order, OrderChange, OrderItem
from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.commerce.payments.reversals import follow_order
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import NotFound
from tradewind.core.ids import new_id
from tradewind.events import outbox
from tradewind.events.contracts import Fact

Row = dict[str, Any]
_NAMES = tuple(column.name for column in Order.__table__.columns)


@dataclass(slots=True)
class Written:
    """Rows and facts that a batch of bookings adds up to."""

    orders: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    movements: list[NewMovement] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def lock_order(tx: Session, order_id: str) -> Order:
    """The order as it is now, held until the transaction ends. Raises NotFound."""
    query = select(Order).where(Order.id == order_id).with_for_update()
    order = tx.scalar(query, execution_options={"populate_existing": True})
    if order is None:
        raise NotFound(f"There is no order {order_id[:40]}.")
    return order


def change_order(
    tx: Session,
    order: Order,
    changes: Row,
    *,
    now: datetime,
    origin: Origin,
    note: str | None = None,
    items: Sequence[Row] | None = None,
) -> None:
    """Writes the next version of a locked order, with other lines where `items` are given.

    History, stock and sales figures follow from the difference.
    """
    channel = tx.get_one(SalesChannel, order.channel_id)
    booking = Booking(order.channel_id, channel.code, now, origin)
    before, items_before = row_of(order), items_of(tx, order.id)
    after = before | changes | {"version": order.version + 1, "updated_at": now}
    written = Written()
    if items is not None:
        tx.execute(delete(OrderItem).where(OrderItem.order_id == order.id))
        written.items.extend(items)
    lines = items_before if items is None else items
    book_difference(before, items_before, after, lines, booking, written, note)
    if note and not written.history:  # what somebody said of a change is kept, also where the status stays
        written.history.append(_step(before, after, booking, note))
    if _takes_stock(before) or _takes_stock(after):
        kinds = kinds_of(tx, [*items_before, *lines])
        written.movements.extend(stock_difference(before, items_before, after, lines, kinds, now))
    tx.execute(update(Order).where(Order.id == order.id).values(**changes, version=after["version"], updated_at=now))
    write(tx, written, booking)
    follow_order(tx, before, after, booking)


def book_difference(
    before: Row | None,
    items_before: Sequence[Row],
    after: Row,
    items: Sequence[Row],
    booking: Booking,
    written: Written,
    note: str | None,
) -> None:
    """The fact, its entries, and a line of history when the status moved."""
    channel = booking.channel_code
    said = sales_entries(before, items_before, channel) if before else []
    entries = difference(said, sales_entries(after, items, channel))
    previous = before["status"] if before else None
    written.facts.append(order_fact(after, items, entries, channel=channel, previous_status=previous))
    if previous != after["status"]:
        written.history.append(_step(before, after, booking, note))


def _step(before: Row | None, after: Row, booking: Booking, note: str | None) -> Row:
    return {
        "id": new_id(),
        "order_id": after["id"],
        "at": after["placed_at"] if before is None else booking.now,
        "status": after["status"],
        "previous_status": before["status"] if before else None,
        "origin": str(booking.origin),
        "note": note,
    }


def stock_difference(
    before: Row | None,
    items_before: Sequence[Row],
    after: Row,
    items: Sequence[Row],
    kinds: dict[str, str],
    occurred_at: datetime,
) -> list[NewMovement]:
    """What has to leave or come back so that the shelf agrees with the order's new state."""
    location_id = after["location_id"]
    if location_id is None:
        return []
    deltas: dict[str, int] = defaultdict(int)
    had_left = _shipped_items(before, items_before) if before and before["location_id"] else ()
    for item in had_left:
        deltas[item["product_id"]] += item["quantity"]
    for item in _shipped_items(after, items):
        deltas[item["product_id"]] -= item["quantity"]
    return [
        NewMovement(
            product_id=product_id,
            location_id=location_id,
            delta=delta,
            reason=Reason.SALE if delta < 0 else Reason.CANCELLATION,
            occurred_at=occurred_at,
            reference=after["id"],
        )
        for product_id, delta in deltas.items()
        if delta and kinds.get(product_id) == ProductKind.GOOD
    ]


def _shipped_items(order: Row, items: Sequence[Row]) -> Sequence[Row]:
    return items if _takes_stock(order) else ()


def _takes_stock(order: Row) -> bool:
    """Whether an order's units are gone: those of a sold one, and of a refunded one until they are restocked."""
    status = OrderStatus(order["status"])
    return (status in SOLD or status is OrderStatus.REFUNDED) and not order["is_test"]


def kinds_of(tx: Session, items: Sequence[Row]) -> dict[str, str]:
    """What the products of these lines are, by id: goods have stock, services have none."""
    found: dict[str, str] = {}
    for part in chunks({item["product_id"] for item in items}):
        rows = tx.execute(select(Product.id, Product.kind).where(Product.id.in_(part)))
        found |= {row.id: row.kind for row in rows}
    return found


def write(tx: Session, written: Written, booking: Booking) -> None:
    for table, rows in (
        (Order.__table__, written.orders),
        (OrderItem.__table__, written.items),
        (OrderChange.__table__, written.history),
    ):
        insert_rows(tx, table, rows)
    moved = move_stock(tx, written.movements, now=booking.now) if written.movements else []
    outbox.append(tx, [*moved, *written.facts])


def row_of(order: Any) -> Row:
    """All columns of an order, or of a row of its table."""
    return {name: getattr(order, name) for name in _NAMES}


def items_of(tx: Session, order_id: str) -> list[Row]:
    rows = tx.scalars(select(OrderItem).where(OrderItem.order_id == order_id).order_by(OrderItem.line_no))
    return [{column.name: getattr(row, column.name) for column in OrderItem.__table__.columns} for row in rows]
