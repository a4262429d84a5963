"""Refunds of an order: documents of their own day, with the units and the money that went back. No I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from tradewind.channels.contract import Raw, Rejected
from tradewind.channels.shopify.reading import Purse, Unbookable, count, each, moment, tail, text, within
from tradewind.channels.unified import UnifiedRefund, UnifiedRefundLine

_RESTOCKED = frozenset({"RETURN", "CANCEL", "LEGACY_RESTOCK"})
_RESTOCK_TYPES = _RESTOCKED | {"NO_RESTOCK"}
_ZERO = Decimal(0)


def refunded_units(raw_refunds: Sequence[Raw]) -> Counter[str]:
    """Units that went back, per line id."""
    units: Counter[str] = Counter()
    for refund in raw_refunds:
        for line in each(refund.get("refundLineItems"), "refundLineItems"):
            line_id = text(within(line, "lineItem"), "id")
            if line_id is not None:
                units[line_id] += count(line.get("quantity"), "quantity")
    return units


def read_refunds(
    raw_refunds: Sequence[Raw], order: Raw, order_external_id: str, purse: Purse
) -> tuple[tuple[UnifiedRefund, ...], tuple[Rejected, ...]]:
    """The refunds that can be booked, and the others with their reason: one bad refund does not hide its order."""
    skus = {text(line, "id"): text(line, "sku") for line in each(order.get("lineItems"), "lineItems")}
    refunds, rejected = [], []
    for raw in raw_refunds:
        try:
            refund = _refund(raw, order_external_id, skus, purse, includes_tax=bool(order.get("taxesIncluded")))
        except Unbookable as unbookable:
            rejected.append(unbookable.rejected(tail(raw.get("id"))))
            continue
        if refund.amount or refund.lines:
            refunds.append(refund)
    return tuple(refunds), tuple(rejected)


def _refund(
    raw: Raw, order_external_id: str, skus: dict[str | None, str | None], purse: Purse, *, includes_tax: bool
) -> UnifiedRefund:
    external_id = tail(raw.get("id"))
    if external_id is None:
        raise Unbookable("no_external_id", "The refund has no id.")
    refunded_at = moment(raw.get("processedAt")) or moment(raw.get("createdAt"))
    if refunded_at is None:
        raise Unbookable("no_refund_date", "The refund has no date that can be read.")
    amount = purse.of(raw, "totalRefundedSet")
    if amount is None:
        raise Unbookable("bad_money", "The refund does not say how much money went back.")
    raw_lines = each(raw.get("refundLineItems"), "refundLineItems")
    shipping_lines = each(raw.get("refundShippingLines"), "refundShippingLines")
    tax = None
    if raw_lines or shipping_lines:
        tax = purse.total((line.get("totalTaxSet") for line in raw_lines), "totalTaxSet")
        tax += purse.total((line.get("taxAmountSet") for line in shipping_lines), "taxAmountSet")
    shipping = purse.total((line.get("subtotalAmountSet") for line in shipping_lines), "subtotalAmountSet")
    return UnifiedRefund(
        external_id=external_id,
        refunded_at=refunded_at,
        currency=purse.currency,
        amount=amount,
        order_external_id=order_external_id,
        lines=tuple(_line(line, skus, purse, includes_tax=includes_tax) for line in raw_lines),
        tax=tax,
        shipping=shipping if shipping_lines else None,
    )


def _line(raw: Raw, skus: dict[str | None, str | None], purse: Purse, *, includes_tax: bool) -> UnifiedRefundLine:
    line_id = text(within(raw, "lineItem"), "id")
    amount = purse.of(raw, "subtotalSet")
    if amount is None:
        raise Unbookable("bad_money", "A line of the refund does not say what it was worth.")
    if includes_tax:
        amount -= purse.of(raw, "totalTaxSet") or _ZERO
    restock_type = text(raw, "restockType")
    if restock_type not in _RESTOCK_TYPES:
        purse.warn("unknown_restock_type")
    return UnifiedRefundLine(
        sku=skus.get(line_id),
        quantity=count(raw.get("quantity"), "quantity"),
        amount=amount,
        external_line_id=line_id,
        is_restocked=restock_type in _RESTOCKED,
    )
