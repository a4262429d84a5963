"""What Shopify's two statuses mean for an order: the first row that fits wins.

Paid or not comes from `displayFinancialStatus`, sent or not from `displayFulfillmentStatus`. A value that Shopify
added after this was written reads as confirmed, with a warning, so that no order is lost over a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradewind.channels.contract import Raw
from tradewind.channels.shopify.reading import text
from tradewind.channels.unified import Fulfillment
from tradewind.commerce.orders.states import OrderStatus

_UNPAID = frozenset({None, "PENDING", "EXPIRED"})
_FINANCIAL = _UNPAID | {"AUTHORIZED", "PARTIALLY_PAID", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED"}
_UNDER_WAY = frozenset({"PARTIALLY_FULFILLED", "IN_PROGRESS", "PENDING_FULFILLMENT", "ON_HOLD", "SCHEDULED", "OPEN"})
_FULFILLMENT = {
    "FULFILLED": Fulfillment.FULFILLED,
    "PARTIALLY_FULFILLED": Fulfillment.PARTIAL,
    "RESTOCKED": Fulfillment.NONE,
    "REQUEST_DECLINED": Fulfillment.UNFULFILLED,
    "UNFULFILLED": Fulfillment.UNFULFILLED,
    None: Fulfillment.UNFULFILLED,
} | dict.fromkeys(_UNDER_WAY - {"PARTIALLY_FULFILLED"}, Fulfillment.UNFULFILLED)
_NEVER_SENT = frozenset({"CANCELLED", "ERROR", "FAILURE"})


@dataclass(frozen=True, slots=True)
class Statuses:
    """An order's statuses in our words, and whether all of Shopify's were known."""

    status: OrderStatus
    fulfillment: Fulfillment
    payment: str
    raw: str
    is_known: bool


def read_statuses(raw: Raw, fulfillments: Sequence[Raw]) -> Statuses:
    financial, sent = text(raw, "displayFinancialStatus"), text(raw, "displayFulfillmentStatus")
    is_known = financial in _FINANCIAL and sent in _FULFILLMENT
    return Statuses(
        status=_status(bool(raw.get("cancelledAt")), financial, sent, fulfillments, is_known=is_known),
        fulfillment=_FULFILLMENT.get(sent, Fulfillment.UNFULFILLED),
        payment=str(financial).lower() if financial else "unknown",
        raw=f"{financial or '-'}/{sent or '-'}",
        is_known=is_known,
    )


def _status(
    is_cancelled: bool, financial: str | None, sent: str | None, fulfillments: Sequence[Raw], *, is_known: bool
) -> OrderStatus:
    if is_cancelled:
        return OrderStatus.CANCELLED
    if financial == "REFUNDED":
        return OrderStatus.REFUNDED
    if financial in _UNPAID:
        return OrderStatus.PENDING
    if not is_known:
        return OrderStatus.CONFIRMED
    if sent == "FULFILLED":
        # An order may be marked as fulfilled without a fulfilment: nobody knows whether it arrived.
        underway = [one for one in fulfillments if text(one, "status") not in _NEVER_SENT]
        arrived = bool(underway) and all(one.get("deliveredAt") for one in underway)
        return OrderStatus.DELIVERED if arrived else OrderStatus.SHIPPED
    return OrderStatus.PROCESSING if sent in _UNDER_WAY else OrderStatus.CONFIRMED
