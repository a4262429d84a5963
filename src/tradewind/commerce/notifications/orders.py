"""What the mails about orders say: read from the order, written into the mail, so that it says what was true then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tradewind.commerce.customers.model import Customer
from tradewind.commerce.notifications.service import MailKind, queue_mail
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
_ADDRESS = ("name", "company", "line1", "line2", "postal_code", "city", "region", "country")


def queue_order_confirmation(tx: Session, order_id: str, *, now: datetime) -> str | None:
    """Lets the buyer know that the order is theirs, once per order; None where it is known already or has no address.

    Call it in the transaction that confirms the order.
    """
    order = _ORDER.first(tx, order_id=order_id)
    if order is None:
        raise NotFound(f"There is no order {order_id[:40]}.")
    recipient, address = _whom(tx, order)
    if recipient is None:
        return None
    lines = _LINES.all(tx, order_id=order_id)
    content = {
        "order_number": order.order_number,
        "currency": order.currency,
        "lines": [_line(line, line.quantity, order.currency) for line in lines],
        "subtotal": to_text(order.subtotal_minor, order.currency),
        "discount": to_text(order.discount_minor, order.currency) if order.discount_minor else None,
        "shipping": to_text(order.shipping_minor, order.currency),
        "other": to_text(order.other_minor, order.currency) if order.other_minor else None,
        "tax": to_text(order.tax_minor, order.currency),
        "prices_include_tax": order.prices_include_tax,
        "total": to_text(order.total_minor, order.currency),
        "address": address,
    }
    return _queue(tx, MailKind.ORDER_CONFIRMATION, order_id, recipient, content, now)


def queue_shipment_mail(tx: Session, shipment_id: str, *, now: datetime) -> str | None:
    """Lets the buyer know what is on its way, once per shipment. Call it in the transaction that ships."""
    shipment = tx.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"There is no shipment {shipment_id[:40]}.")
    order = tx.get_one(Order, shipment.order_id)
    recipient, address = _whom(tx, order)
    if recipient is None:
        return None
    query = (
        select(OrderItem, ShipmentLine.quantity)
        .join(ShipmentLine, ShipmentLine.order_line_no == OrderItem.line_no)
        .where(ShipmentLine.shipment_id == shipment_id, OrderItem.order_id == order.id)
        .order_by(OrderItem.line_no)
    )
    content = {
        "order_number": order.order_number,
        "currency": order.currency,
        "lines": [_line(item, quantity, order.currency) for item, quantity in tx.execute(query)],
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "address": address,
    }
    return _queue(tx, MailKind.SHIPMENT, shipment_id, recipient, content, now)


def _whom(tx: Session, order: Any) -> tuple[str | None, list[str]]:
    """The buyer's e-mail address, and the lines of the address that the goods go to."""
    by_kind = {address.kind: address for address in _ADDRESSES.all(tx, order_id=order.id)}
    emails: Sequence[str | None] = [by_kind[kind].email for kind in ("billing", "shipping") if kind in by_kind]
    recipient = next((email for email in emails if email), None)
    if recipient is None and order.customer_id is not None:
        recipient = _EMAIL.scalar(tx, customer_id=order.customer_id)
    goes_to = by_kind.get("shipping")
    lines = [getattr(goes_to, part) for part in _ADDRESS] if goes_to is not None else []
    return recipient or None, [line for line in lines if line]


def _line(item: Any, quantity: int, currency: str) -> dict[str, Any]:
    return {
        "name": item.name,
        "sku": item.sku,
        "quantity": quantity,
        "unit_price": micros_to_text(item.unit_price_micros),
        # Before its discount: the lines add up to the goods, and the discount is told once, below them.
        "total": to_text(item.total_minor + item.discount_minor, currency),
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
