"""What was given back for a line. Walmart lists charges without a date or units: each charge is a document of its own.

The list only grows, so a charge's place in it is a name that lasts, and a second refund of the same line never
changes the first.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from tradewind.channels.unified import UnifiedLine, UnifiedRefund, UnifiedRefundLine
from tradewind.channels.walmart.values import amount, currency, listed, part, text

_CENT = Decimal("0.01")


def refund_id(order_id: str, line_number: str, place: int) -> str:
    """The name of the n-th refund of a line, counted from 1; returns that no charge tells of use the same."""
    return f"{order_id}-{line_number}-{place}"


def refunds_of(
    raw: Any, order_id: str, line: UnifiedLine, changed: datetime, currency_code: str | None
) -> tuple[UnifiedRefund, ...]:
    """`changed` is the line's last change: the nearest to a refund's own date that an order tells."""
    found: list[UnifiedRefund] = []
    for place, entry in enumerate(listed(part(raw, "refundCharges", "refundCharge")), 1):
        charge = part(entry, "charge")
        worth = amount(part(charge, "chargeAmount", "amount"), f"A refund of line {line.external_line_id}")
        tax = amount(part(charge, "tax", "taxAmount", "amount"), f"A refunded tax of line {line.external_line_id}")
        if not worth and not tax:
            continue
        goods, given_tax = abs(worth or Decimal(0)), abs(tax or Decimal(0))
        is_shipping = text(part(charge, "chargeType")) == "SHIPPING"
        returned = UnifiedRefundLine(line.sku, units_of(goods, line), goods, line.external_line_id)
        found.append(
            UnifiedRefund(
                external_id=refund_id(order_id, line.external_line_id, place),
                refunded_at=changed,
                currency=currency(part(charge, "chargeAmount", "currency")) or currency_code or "USD",
                amount=goods + given_tax,
                order_external_id=order_id,
                lines=() if is_shipping else (returned,),
                tax=given_tax,
                shipping=goods if is_shipping else Decimal(0),
                reason=text(entry.get("refundReason")),
            )
        )
    return tuple(found)


def units_of(goods: Decimal, line: UnifiedLine) -> int:
    """How many units an amount stands for: so many times the price after discount, or before it; else none."""
    if line.unit_price is None or not line.quantity:
        return 0
    full = line.unit_price * line.quantity
    for whole in (full - (line.discount or Decimal(0)), full):
        for units in range(1, line.quantity + 1):
            if whole and abs(whole * units / line.quantity - goods) < _CENT * units:
                return units
    return 0
