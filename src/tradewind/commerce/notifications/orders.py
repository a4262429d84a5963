"""What the mails about orders say: read from the order, written into the mail, so that it says what was true then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tradewind.commerce.customers.model import Customer
from tradewind.commerce.notifications.service import MailKind, queue_mail
from tradewind.commerce.orders.addresses import BILLING, SHIPPING
from tradewind.commerce.orders.model import Order, OrderAddress, OrderItem
from tradewind.commerce.shipping.model import Shipment, ShipmentLine
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.logging import get_logger
from tradewind.core.money import micros_to_text, to_text
from tradewind.core.prepared import Prepared

logger = get_logger(__name__)

_ORDER = Prepared(select(Order).where(Order.id == bindparam("order_id")))
_LINES = Prepared(select(OrderItem).where(OrderItem.order_id == bindparam("order_id")).order_by(OrderItem.line_no))
_ADDRESSES = Prepared(select(OrderAddress).where(OrderAddress.order_id == bindparam("order_id")))
_EMAIL = Prepared(select(Customer.email).where(Customer.id == bindparam("customer_id")))
Row = Mapping[str, Any]
Addresses = tuple[Any | None, Any | None]
"""Of an order: billing and shipping, each with the parts of a postal address."""
_ADDRESS = ("name", "company", "line1", "line2", "postal_code", "city", "region", "country")


def queue_order_confirmation(tx: Session, order_id: str, *, now: datetime) -> str | None:
    """Lets the buyer know that the order is theirs, once per order; None where it is known already or has no address.

    Call it in the transaction that confirms the order.
    """
    order = _ORDER.first(tx, order_id=order_id)
    if order is None:
        raise NotFound(f"There is no order {order_id[:40]}.")
    by_kind = {address.kind: address for address in _ADDRESSES.all(tx, order_id=order_id)}
    addresses = (by_kind.get(BILLING), by_kind.get(SHIPPING))
    lines = [line._asdict() for line in _LINES.all(tx, order_id=order_id)]
    return confirm_order(tx, order._asdict(), lines, addresses, _known_email(tx, order.customer_id), now=now)


def confirm_order(
    tx: Session, order: Row, lines: Sequence[Row], addresses: Addresses, known_email: str | None, *, now: datetime
) -> str | None:
    """The same for who has the order at hand: its row, those of its lines, and its addresses, billing and shipping."""
    recipient = _recipient(addresses, known_email)
    if recipient is None:
        return None
    currency = order["currency"]
    content = {
        "order_number": order["order_number"],
        "currency": currency,
        "lines": [_line(line, line["quantity"], currency) for line in lines],
        "subtotal": to_text(order["subtotal_minor"], currency),
        "discount": to_text(order["discount_minor"], currency) if order["discount_minor"] else None,
        "shipping": to_text(order["shipping_minor"], currency),
        "other": to_text(order["other_minor"], currency) if order["other_minor"] else None,
        "tax": to_text(order["tax_minor"], currency),
        "prices_include_tax": order["prices_include_tax"],
        "total": to_text(order["total_minor"], currency),
        "address": _lines_of(addresses[1]),
    }
    return _queue(tx, MailKind.ORDER_CONFIRMATION, order["id"], recipient, content, now)


def queue_shipment_mail(tx: Session, shipment_id: str, *, now: datetime) -> str | None:
    """Lets the buyer know what is on its way, once per shipment. Call it in the transaction that ships."""
    shipment = tx.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"There is no shipment {shipment_id[:40]}.")
    order = tx.get_one(Order, shipment.order_id)
    by_kind = {address.kind: address for address in _ADDRESSES.all(tx, order_id=order.id)}
    addresses = (by_kind.get(BILLING), by_kind.get(SHIPPING))
    recipient = _recipient(addresses, _known_email(tx, order.customer_id))
    if recipient is None:
        return None
    query = (
        select(*OrderItem.__table__.columns, ShipmentLine.quantity.label("shipped"))
        .join(ShipmentLine, ShipmentLine.order_line_no == OrderItem.line_no)
        .where(ShipmentLine.shipment_id == shipment_id, OrderItem.order_id == order.id)
        .order_by(OrderItem.line_no)
    )
    content = {
        "order_number": order.order_number,
        "currency": order.currency,
        "lines": [_line(line._asdict(), line.shipped, order.currency) for line in tx.execute(query)],
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "address": _lines_of(addresses[1]),
    }
    return _queue(tx, MailKind.SHIPMENT, shipment_id, recipient, content, now)


def _recipient(addresses: Addresses, known_email: str | None) -> str | None:
    """Who pays is told first; then who gets the goods, then the customer as we know them."""
    emails = [address.email for address in addresses if address is not None]
    return next((email for email in (*emails, known_email) if email), None)


def _known_email(tx: Session, customer_id: str | None) -> str | None:
    return None if customer_id is None else _EMAIL.scalar(tx, customer_id=customer_id)


def _lines_of(address: Any) -> list[str]:
    parts = [getattr(address, part) for part in _ADDRESS] if address is not None else []
    return [part for part in parts if part]


def _line(item: Mapping[str, Any], quantity: int, currency: str) -> dict[str, Any]:
    return {
        "name": item["name"],
        "sku": item["sku"],
        "quantity": quantity,
        "unit_price": micros_to_text(item["unit_price_micros"]),
        # Before its discount: the lines add up to the goods, and the discount is told once, below them.
        "total": to_text(item["total_minor"] + item["discount_minor"], currency),
    }


def _queue(
    tx: Session, kind: MailKind, subject_id: str, recipient: str, content: dict[str, Any], now: datetime
) -> str | None:
    try:
        return queue_mail(tx, kind, subject_id, recipient, content, now=now)
    except InvalidInput:
        # A wrong address must not hold up a sale that is paid. The address itself stays out of the log.
        logger.warning("a mail has nowhere to go", kind=str(kind), subject_id=subject_id)
        return None
