"""A purchase order as a unified order. Walmart tells neither total nor state: both are worked out from the lines."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.unified import Fulfillment, UnifiedCustomer, UnifiedLine, UnifiedOrder, UnifiedRefund
from tradewind.channels.walmart.charges import Charges, charges_of
from tradewind.channels.walmart.refunds import refunds_of
from tradewind.channels.walmart.values import Unusable, each, is_odd, listed, of_millis, part, text, units
from tradewind.commerce.orders.states import OrderStatus

NO_EMAIL = "nocxemail@walmartone.com"
"""Stands where a shopper has no address."""
NODE_TYPES = {"SellerFulfilled": "seller", "WFSFulfilled": "wfs", "3PLFulfilled": "3pl"}
_COUNTRIES = {"USA": "US", "CAN": "CA", "MEX": "MX"}
_CENT = Decimal("0.01")

CREATED, ACKNOWLEDGED, SHIPPED, DELIVERED, CANCELLED = "Created", "Acknowledged", "Shipped", "Delivered", "Cancelled"
_STATUSES = frozenset({CREATED, ACKNOWLEDGED, SHIPPED, DELIVERED, CANCELLED})


@dataclass(frozen=True, slots=True)
class _Read:
    """A line with what is needed of it beyond its unified form."""

    line: UnifiedLine
    charges: Charges
    statuses: Counter[str]
    refunds: tuple[UnifiedRefund, ...]


def map_order(raw: Raw) -> Mapped:
    """The order with its refunds; a payload that cannot be booked is rejected with the reason."""
    order = part(raw, "order") or raw
    external_id = text(order.get("purchaseOrderId"))
    try:
        if external_id is None:
            raise Unusable("no_id", "The order has no purchaseOrderId.")
        return Mapped(external_id, raw, (_order(order, external_id),))
    except Unusable as unusable:
        return Mapped(external_id or "", raw, (), (Rejected(external_id, unusable.code, str(unusable)),))


def _order(raw: Mapping[str, Any], external_id: str) -> UnifiedOrder:
    placed_at = of_millis(raw.get("orderDate"), "orderDate")
    if placed_at is None:
        raise Unusable("no_date", f"Order {external_id} has no orderDate.")
    raw_lines = listed(part(raw, "orderLines", "orderLine"))
    warnings: list[str] = []
    read = [_line(line, external_id, placed_at, warnings) for line in raw_lines]
    changes = [moment for line in raw_lines if (moment := of_millis(line.get("statusDate"), "statusDate"))]
    charges = Charges.sum(one.charges for one in read)
    warnings += charges.warnings
    if charges.currency is None:
        warnings.append("currency_missing")
    if is_odd(placed_at):
        warnings.append("odd_date")
    refunds = tuple(refund for one in read for refund in one.refunds)
    refunded = sum((refund.amount for refund in refunds), Decimal(0))
    total = charges.total
    statuses = sum((one.statuses for one in read), Counter[str]())
    address = part(raw, "shippingInfo", "postalAddress")
    node = text(part(raw, "shipNode", "type"))
    return UnifiedOrder(
        external_id=external_id,
        order_number=external_id,
        group_id=text(raw.get("customerOrderId")),
        placed_at=placed_at,
        channel_updated_at=max(changes, default=None),
        status=_status(statuses, read, refunded),
        fulfillment_status=_fulfillment([one.line for one in read]),
        payment_status="paid",
        raw_status=", ".join(f"{name} {count}" for name, count in sorted(statuses.items())) or None,
        currency=charges.currency or "USD",
        marketplace=node or "SellerFulfilled",
        fulfillment_channel=NODE_TYPES.get(node or "SellerFulfilled"),
        subtotal=charges.price,
        shipping=charges.shipping,
        discount=charges.discount,
        tax=charges.tax,
        other=charges.other,
        total=total,
        refunded=refunded,
        net_total=None if total is None else total - refunded,
        customer=_customer(text(raw.get("customerEmailId"))),
        ship_country=_country(text(part(address, "country"))),
        ship_region=text(part(address, "state")),
        ship_city=text(part(address, "city")),
        ship_postal=text(part(address, "postalCode")),
        is_replacement=text(raw.get("orderType")) == "REPLACEMENT",
        lines=tuple(one.line for one in read),
        refunds=refunds,
        warnings=tuple(dict.fromkeys([*warnings, *([] if read else ["no_lines"])])),
    )


def _line(raw: Mapping[str, Any], order_id: str, placed_at: datetime, warnings: list[str]) -> _Read:
    number = text(raw.get("lineNumber"))
    if number is None:
        raise Unusable("no_id", f"A line of order {order_id} has no lineNumber.")
    quantity = units(part(raw, "orderLineQuantity", "amount"), f"The quantity of line {number}")
    charges = charges_of(listed(part(raw, "charges", "charge")), f"line {number}")
    statuses: Counter[str] = Counter()
    for entry in listed(part(raw, "orderLineStatuses", "orderLineStatus")):
        name = text(entry.get("status")) or "none"
        statuses[name] += units(part(entry, "statusQuantity", "amount"), f"A status quantity of line {number}")
        if name not in _STATUSES:
            warnings.append("unknown_status")
    sku = text(part(raw, "item", "sku"))
    if sku is None:
        warnings.append("sku_missing")
    if charges.price is not None and charges.price < 0:
        warnings.append("negative_price")
    line = UnifiedLine(
        external_line_id=number,
        sku=sku,
        title=text(part(raw, "item", "productName")),
        quantity=quantity,
        quantity_cancelled=min(statuses[CANCELLED], quantity),
        quantity_shipped=min(statuses[SHIPPED] + statuses[DELIVERED], quantity),
        unit_price=None if charges.price is None else each(charges.price, quantity),
        discount=charges.discount,
        tax=charges.tax,
        shipping=charges.shipping,
        total=charges.total,
    )
    changed = of_millis(raw.get("statusDate"), "statusDate") or placed_at
    return _Read(line, charges, statuses, refunds_of(raw.get("refund"), order_id, line, changed, charges.currency))


def _status(statuses: Counter[str], read: Sequence[_Read], refunded: Decimal) -> OrderStatus:
    """Section 6 of the reference: all units of all lines together; what is unknown counts as created."""
    known = statuses.total()
    left = known - statuses[CANCELLED]
    sent = statuses[SHIPPED] + statuses[DELIVERED]
    if known and not left:
        return OrderStatus.CANCELLED
    if refunded > 0 and refunded >= _worth_of_the_rest(read):
        return OrderStatus.REFUNDED
    if left and statuses[DELIVERED] == left:
        return OrderStatus.DELIVERED
    if left and sent == left:
        return OrderStatus.SHIPPED
    if sent or (left and statuses[ACKNOWLEDGED] == left):
        return OrderStatus.PROCESSING
    return OrderStatus.CONFIRMED


def _worth_of_the_rest(read: Sequence[_Read]) -> Decimal:
    """What the units that were not cancelled cost: each line's total in proportion."""
    worth = Decimal(0)
    for one in read:
        if one.line.total is not None and one.line.quantity:
            kept = one.line.quantity - one.line.quantity_cancelled
            worth += (one.line.total * kept / one.line.quantity).quantize(_CENT)
    return worth


def _fulfillment(lines: Sequence[UnifiedLine]) -> Fulfillment:
    left = sum(line.quantity - line.quantity_cancelled for line in lines)
    sent = sum(line.quantity_shipped for line in lines)
    if lines and not left:
        return Fulfillment.NONE
    if not sent:
        return Fulfillment.UNFULFILLED
    return Fulfillment.FULFILLED if sent >= left else Fulfillment.PARTIAL


def _customer(email: str | None) -> UnifiedCustomer | None:
    """The relay's address is the same for the same shopper: it is the key, and no address of theirs."""
    if email is None or email.lower() == NO_EMAIL:
        return None
    lowered = email.lower()
    key = hashlib.sha256(lowered.encode()).hexdigest()
    return UnifiedCustomer(key=key, email=lowered, is_relay=lowered.endswith("@relay.walmart.com"))


def _country(code: str | None) -> str | None:
    return None if code is None else _COUNTRIES.get(code.upper(), code.upper()[:2])
