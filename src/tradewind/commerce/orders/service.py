"""Use cases of orders. Imported, synced, simulated and hand-made orders are all booked by `book_orders`.

Booking is idempotent: an order is known by its channel's id for it, and the same content again changes
nothing. New content under a known id is a change told by the channel, which is booked as a new version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, Effect, Origin, Outcome, chunks, digest
from tradewind.commerce.catalog.service import NewProduct, ProductRef, ensure_products
from tradewind.commerce.customers.service import ensure_customers
from tradewind.commerce.orders.amounts import OrderAmounts, order_amounts
from tradewind.commerce.orders.holds import give_back, use_up
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.new import NewOrder
from tradewind.commerce.orders.states import OrderStatus, check_transition, fulfillment_of
from tradewind.commerce.orders.writing import (
    Row,
    Written,
    book_difference,
    change_order,
    items_of,
    kinds_of,
    lock_order,
    row_of,
    stock_difference,
    write,
)
from tradewind.commerce.payments.reversals import follow_order
from tradewind.core.errors import Conflict, TradewindError
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency
from tradewind.core.prepared import Prepared


class OrderNumberTaken(Conflict):
    """Two different orders of one channel with one number."""

    code = "order_number_taken"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Order number {number} belongs to another order of this channel. Numbers are unique within a channel:"
            " correct the number, or import under another channel."
        )


def book_order(tx: Session, order: NewOrder, booking: Booking) -> Outcome:
    """Books one order; raises what refuses it."""
    (outcome,) = book_orders(tx, [order], booking)
    if outcome.error is not None:
        raise outcome.error
    return outcome


def book_orders(
    tx: Session, orders: Sequence[NewOrder], booking: Booking, *, amounts: Sequence[OrderAmounts] | None = None
) -> list[Outcome]:
    """Books a batch, order by order; one that is refused leaves nothing behind and holds up no other.

    Outcomes come in the order of the input and are those of booking one by one. Products and customers that
    are new come into being. Who has worked out the `amounts` already hands them over.
    """
    return [
        outcome
        for part in _without_repeats(orders)
        for outcome in _book_distinct(tx, orders[part], booking, amounts[part] if amounts is not None else None)
    ]


def write_order(
    tx: Session,
    order_id: str,
    order: NewOrder,
    amounts: OrderAmounts,
    booking: Booking,
    products: Mapping[str, ProductRef],
) -> tuple[Row, Sequence[Row]]:
    """Writes an order of our own making, of `products` by SKU and under a number that is its alone.

    Nothing is looked up that its maker has seen to already: this is what a checkout waits for. Returns the rows of
    the order and of its lines.
    """
    kinds = {ref.id: ref.kind for ref in products.values()}
    written = Written()
    _create(order_id, order, amounts, products, kinds, booking.customer_id, booking, written)
    write(tx, written, booking)
    return written.orders[0], written.items


def _without_repeats(orders: Sequence[NewOrder]) -> Iterator[slice]:
    """The batch, cut where an order is told again: the second telling must find the first one written."""
    start, seen = 0, set[str]()
    for index, order in enumerate(orders):
        if order.keys[0] in seen:
            yield slice(start, index)
            start, seen = index, set()
        seen.add(order.keys[0])
    yield slice(start, len(orders))


def _book_distinct(
    tx: Session, orders: Sequence[NewOrder], booking: Booking, known_amounts: Sequence[OrderAmounts] | None
) -> list[Outcome]:
    outcomes: list[Outcome | None] = [None] * len(orders)
    priced: dict[int, OrderAmounts] = {}
    known, taken, hashes = _known(tx, orders, booking)
    for index, order in enumerate(orders):
        external_id, number = order.keys
        row = known.get(external_id)
        if row is not None and row.source_hash == hashes[external_id]:
            outcomes[index] = Outcome(Effect.UNCHANGED, row.id)
        elif taken.get(number, external_id) != external_id:
            outcomes[index] = Outcome(Effect.REFUSED, error=OrderNumberTaken(number))
        elif row is not None and _is_older(order, row):
            outcomes[index] = Outcome(Effect.UNCHANGED, row.id)
        else:
            try:
                priced[index] = order_amounts(order) if known_amounts is None else known_amounts[index]
                taken[number] = external_id
            except TradewindError as refusal:
                outcomes[index] = Outcome(Effect.REFUSED, error=refusal)
    bookable = [orders[index] for index in priced]
    products = ensure_products(tx, _products(bookable), now=booking.now)
    customers = ensure_customers(tx, [o.customer for o in bookable if o.customer is not None], booking)
    kinds = {ref.id: ref.kind for ref in products.values()}
    written = Written()
    for index, amounts in priced.items():
        order = orders[index]
        row = known.get(order.keys[0])
        customer_id = customers[order.customer.external_id] if order.customer is not None else booking.customer_id
        if row is not None:
            _change(tx, row, order, amounts, products, kinds, customer_id, booking, written)
            outcomes[index] = Outcome(Effect.CHANGED, row.id)
        else:
            outcomes[index] = Outcome(
                Effect.CREATED,
                _create(new_id(), order, amounts, products, kinds, customer_id, booking, written),
            )
    write(tx, written, booking)
    return [outcome for outcome in outcomes if outcome is not None]


def change_status(
    tx: Session,
    order_id: str,
    status: OrderStatus,
    *,
    now: datetime,
    origin: Origin = Origin.MANUAL,
    note: str | None = None,
) -> None:
    """Moves one of our own orders along its state machine. Raises NotFound or IllegalTransition.

    Confirming turns its reservation into a sale: InsufficientStock when that has ended and its units are gone.
    Cancelling gives back what it holds.
    """
    order = lock_order(tx, order_id)
    check_transition(order.order_number, OrderStatus(order.status), status)
    if status is OrderStatus.CONFIRMED:
        use_up(tx, order, now=now)
    elif status is OrderStatus.CANCELLED:
        give_back(tx, order, now=now)
    fulfillment = fulfillment_of(status)
    if status is OrderStatus.PROCESSING:
        fulfillment = order.fulfillment_status  # some of it may have been sent already
    changes: Row = {"status": str(status), "fulfillment_status": fulfillment}
    change_order(tx, order, changes, now=now, origin=origin, note=note)


def set_payment_status(tx: Session, order_id: str, payment_status: str, *, now: datetime) -> None:
    """Says anew how far an order is paid; the same again changes nothing."""
    order = lock_order(tx, order_id)
    if order.payment_status != payment_status:
        change_order(tx, order, {"payment_status": payment_status}, now=now, origin=Origin(order.origin))


_COLUMNS = Order.__table__.c
_TOLD = Prepared(
    select(*_COLUMNS).where(
        _COLUMNS.channel_id == bindparam("of_channel"), _COLUMNS.external_id.in_(bindparam("ids", expanding=True))
    )
)
_HELD = Prepared(
    select(*_COLUMNS).where(_COLUMNS.id.in_(bindparam("ids", expanding=True))).order_by(_COLUMNS.id).with_for_update()
)
_NUMBERED = Prepared(
    select(_COLUMNS.order_number, _COLUMNS.external_id).where(
        _COLUMNS.channel_id == bindparam("of_channel"), _COLUMNS.order_number.in_(bindparam("numbers", expanding=True))
    )
)


def _known(
    tx: Session, orders: Sequence[NewOrder], booking: Booking
) -> tuple[dict[str, Any], dict[str, str], dict[str, bytes]]:
    """Rows of known orders by external id, whose external id each known number is, and what is told of the known."""
    tx.flush()
    by_external_id: dict[str, Any] = {}
    by_number: dict[str, str] = {}
    keys = [order.keys for order in orders]
    for part in chunks({external_id for external_id, _ in keys}):
        rows = _TOLD.all(tx, of_channel=booking.channel_id, ids=part)
        by_external_id |= {row.external_id: row for row in rows}
    hashes = {order.keys[0]: _source_hash(order) for order in orders if order.keys[0] in by_external_id}
    by_external_id |= _locked(tx, [row.id for key, row in by_external_id.items() if row.source_hash != hashes[key]])
    for part in chunks({number for _, number in keys}):
        taken = _NUMBERED.all(tx, of_channel=booking.channel_id, numbers=part)
        by_number |= {row.order_number: row.external_id for row in taken}
    return by_external_id, by_number, hashes


def _locked(tx: Session, order_ids: Sequence[str]) -> dict[str, Any]:
    """Holds orders that are about to change, in a fixed order, and reads them anew, by external id.

    Two writers that start from the same state would both take it back in the sales figures.
    """
    found: dict[str, Any] = {}
    for part in chunks(sorted(order_ids)):
        found |= {row.external_id: row for row in _HELD.all(tx, ids=part)}
    return found


def _is_older(order: NewOrder, row: Any) -> bool:
    told, known = order.channel_updated_at, row.channel_updated_at
    return told is not None and known is not None and told < known


def _source_hash(order: NewOrder) -> bytes:
    return digest(order)


def _products(orders: Sequence[NewOrder]) -> dict[str, NewProduct]:
    return {
        line.sku: NewProduct(
            sku=line.sku,
            name=line.name,
            kind=line.kind,
            category=line.category,
            currency=order.currency,
            unit_cost=line.unit_cost,
        )
        for order in orders
        for line in order.lines
    }


def _create(
    order_id: str,
    order: NewOrder,
    amounts: OrderAmounts,
    products: Mapping[str, ProductRef],
    kinds: dict[str, str],
    customer_id: str | None,
    booking: Booking,
    written: Written,
) -> str:
    row = _order_row(order_id, order, amounts, customer_id, booking)
    items = _item_rows(row["id"], order, amounts, products)
    written.orders.append(row)
    written.items.extend(items)
    book_difference(None, [], row, items, booking, written, order.note)
    written.movements.extend(stock_difference(None, [], row, items, kinds, order.placed_at))
    return order_id


def _change(
    tx: Session,
    row: Any,
    order: NewOrder,
    amounts: OrderAmounts,
    products: dict[str, ProductRef],
    kinds: dict[str, str],
    customer_id: str | None,
    booking: Booking,
    written: Written,
) -> None:
    before, items_before = row_of(row), items_of(tx, row.id)
    after = _order_row(row.id, order, amounts, customer_id or row.customer_id, booking)
    after |= {
        "version": row.version + 1,
        "created_at": row.created_at,
        "location_id": row.location_id or booking.location_id,
    }
    items = _item_rows(row.id, order, amounts, products)
    tx.execute(update(Order).where(Order.id == row.id).values(**after))
    tx.execute(delete(OrderItem).where(OrderItem.order_id == row.id))
    written.items.extend(items)
    book_difference(before, items_before, after, items, booking, written, order.note)
    follow_order(tx, before, after, booking)
    kinds = kinds_of(tx, items_before) | kinds
    written.movements.extend(stock_difference(before, items_before, after, items, kinds, booking.now))


def _order_row(order_id: str, order: NewOrder, amounts: OrderAmounts, customer_id: str | None, booking: Booking) -> Row:
    external_id, number = order.keys
    return {
        "id": order_id,
        "channel_id": booking.channel_id,
        "order_number": number,
        "external_id": external_id,
        "customer_id": customer_id,
        "location_id": booking.location_id,
        "placed_at": order.placed_at,
        "status": str(order.status),
        "fulfillment_status": order.fulfillment_status or fulfillment_of(order.status),
        "payment_status": order.payment_status,
        "currency": check_currency(order.currency),
        "subtotal_minor": amounts.subtotal,
        "discount_minor": amounts.discount,
        "shipping_minor": amounts.shipping,
        "tax_minor": amounts.tax,
        "other_minor": amounts.other,
        "fees_minor": amounts.fees,
        "total_minor": amounts.total,
        "revenue_minor": amounts.revenue,
        "units": amounts.units,
        "prices_include_tax": order.prices_include_tax,
        "ship_country": order.ship_country,
        "ship_region": order.ship_region,
        "ship_city": order.ship_city,
        "is_test": order.is_test,
        "is_replacement": order.is_replacement,
        "origin": str(booking.origin),
        "note": order.note,
        "source_hash": _source_hash(order),
        "channel_updated_at": order.channel_updated_at,
        "version": 1,
        "created_at": booking.now,
        "updated_at": booking.now,
    }


def _item_rows(order_id: str, order: NewOrder, amounts: OrderAmounts, products: Mapping[str, ProductRef]) -> list[Row]:
    rows: list[Row] = []
    for number, (line, worth) in enumerate(zip(order.lines, amounts.lines, strict=True), start=1):
        product = products[line.sku]
        cost = worth.unit_cost_micros
        if cost is None and product.currency == order.currency:
            cost = product.cost_micros
        rows.append(
            {
                "order_id": order_id,
                "line_no": number,
                "product_id": product.id,
                "external_line_id": line.external_line_id,
                "sku": line.sku,
                "name": (line.name or product.name)[:500],
                "quantity": line.quantity,
                "unit_price_micros": worth.unit_price_micros,
                "discount_minor": worth.discount,
                "tax_minor": worth.tax,
                "total_minor": worth.total,
                "revenue_minor": worth.revenue,
                "unit_cost_micros": cost,
            }
        )
    return rows
