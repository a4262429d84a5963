"""A return order with the purchase orders that it is about: the orders as they are now, and refunds that only the
return tells of.

Whether a refund of a return also appears among the order's own refund charges is not documented. So a return is read
together with its orders: where the order's line tells of refunds, these are the truth; where it does not, the return's
completed refund is booked under the name that the line's first refund charge would have. Neither is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.unified import Unified, UnifiedOrder, UnifiedRefund, UnifiedRefundLine
from tradewind.channels.walmart.orders import map_order
from tradewind.channels.walmart.refunds import refund_id
from tradewind.channels.walmart.values import Unusable, amount, currency, listed, of_iso, part, text, units

_COMPLETED = "REFUND_COMPLETED"


def orders_of(return_order: Mapping[str, Any]) -> list[str]:
    """The purchase orders that a return is about."""
    ids = [text(line.get("purchaseOrderId")) for line in listed(return_order.get("returnOrderLines"))]
    return list(dict.fromkeys(one for one in ids if one is not None))


def map_return(raw: Raw) -> Mapped:
    """`raw` is `{"return": …, "orders": [each order]}`; a return alone is read as it stands."""
    return_order = part(raw, "return") or raw
    external_id = text(return_order.get("returnOrderId"))
    try:
        if external_id is None:
            raise Unusable("no_id", "The return has no returnOrderId.")
        orders = [map_order(order) for order in listed(raw.get("orders"))]
        rejected = tuple(one for order in orders for one in order.rejected)
        records: list[Unified] = [record for order in orders for record in order.records]
        told = {
            (refund.order_external_id, line)
            for record in records
            if isinstance(record, UnifiedOrder)
            for refund in record.refunds
            for line in [refund.external_id.split("-")[1]]
        }
        for refund, line in _refunds(return_order):
            if (refund.order_external_id, line) not in told:
                records.append(refund)
        return Mapped(external_id, raw, tuple(records), rejected)
    except Unusable as unusable:
        return Mapped(external_id or "", raw, (), (Rejected(external_id, unusable.code, str(unusable)),))


def _refunds(return_order: Mapping[str, Any]) -> list[tuple[UnifiedRefund, str]]:
    """Completed refunds with the number of the order's line."""
    begun = of_iso(return_order.get("returnOrderDate"), "returnOrderDate")
    found: list[tuple[UnifiedRefund, str]] = []
    for line in listed(return_order.get("returnOrderLines")):
        order_id, number = text(line.get("purchaseOrderId")), text(line.get("purchaseOrderLineNumber"))
        quantity, finished = _completed(line)
        at = finished or begun
        if order_id is None or number is None or not quantity or at is None:
            continue
        goods, tax, code = _worth(line, quantity)
        returned = UnifiedRefundLine(text(part(line, "item", "sku")), quantity, goods, number)
        refund = UnifiedRefund(
            external_id=refund_id(order_id, number, 1),
            refunded_at=at,
            currency=code or "USD",
            amount=goods + tax,
            order_external_id=order_id,
            lines=(returned,),
            tax=tax,
            shipping=Decimal(0),
            reason=text(line.get("returnReason")),
        )
        found.append((refund, number))
    return found


def _completed(line: Mapping[str, Any]) -> tuple[int, datetime | None]:
    """Units whose refund is done, and when the last of them was."""
    quantity, last = 0, None
    for entry in listed(line.get("currentTrackingStatuses")):
        if text(entry.get("currentRefundStatus")) == _COMPLETED:
            quantity += units(part(entry, "quantity", "measurementValue"), "A returned quantity")
            at = of_iso(entry.get("statusTime"), "statusTime")
            last = max(at, last) if at and last else at or last
    if not quantity and text(line.get("currentRefundStatus")) == _COMPLETED:
        quantity = units(
            line.get("refundedQty") or part(line, "quantity", "measurementValue") or 0, "A refunded quantity"
        )
        last = of_iso(line.get("statusTime"), "statusTime")
    return quantity, last


def _worth(line: Mapping[str, Any], quantity: int) -> tuple[Decimal, Decimal, str | None]:
    """Goods and tax for so many units, by the charges per unit; discounts take off."""
    goods, tax, code = Decimal(0), Decimal(0), None
    for charge in listed(line.get("charges")):
        one = amount(part(charge, "chargePerUnit", "currencyAmount"), "A returned charge") or Decimal(0)
        goods += -abs(one) if charge.get("isDiscount") is True else one
        code = code or currency(part(charge, "chargePerUnit", "currencyUnit"))
        for entry in listed(charge.get("tax")):
            tax += amount(part(entry, "taxPerUnit", "currencyAmount"), "A returned tax") or Decimal(0)
    if code is None:
        goods = amount(part(line, "unitPrice", "currencyAmount"), "The price of a returned unit") or Decimal(0)
        code = currency(part(line, "unitPrice", "currencyUnit"))
    return goods * quantity, tax * quantity, code
