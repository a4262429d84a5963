"""What Shopify Payments took: fees of an order's own payments, and of refunds, disputes and labels from its balance."""

from __future__ import annotations

from decimal import Decimal

from tradewind.channels.contract import Raw
from tradewind.channels.shopify.reading import Purse, Unbookable, currency, each, moment, tail, text, within
from tradewind.channels.unified import UnifiedFee
from tradewind.commerce.fees.model import FeeKind, FeeStatus

_TAKES_MONEY = frozenset({"SALE", "CAPTURE"})
_KINDS = _TAKES_MONEY | {"AUTHORIZATION", "REFUND", "VOID", "CHANGE", "EMV_AUTHORIZATION", "SUGGESTED_REFUND"}
_STATUSES = frozenset({"SUCCESS", "FAILURE", "PENDING", "ERROR", "AWAITING_RESPONSE", "UNKNOWN"})


def payment_fees(order: Raw, order_external_id: str, purse: Purse) -> tuple[UnifiedFee, ...]:
    """The fees of payments that succeeded, each once. Test payments cost nothing."""
    fees: list[UnifiedFee] = []
    for payment in each(order.get("transactions"), "transactions"):
        kind, status = text(payment, "kind"), text(payment, "status")
        if kind not in _KINDS or status not in _STATUSES:
            purse.warn("unknown_transaction")
        if kind in _TAKES_MONEY and status == "SUCCESS" and not payment.get("test"):
            fees += _fees_of(payment, order, order_external_id)
    return tuple(fees)


def _fees_of(payment: Raw, order: Raw, order_external_id: str) -> list[UnifiedFee]:
    posted_at = moment(payment.get("processedAt")) or moment(order.get("processedAt")) or moment(order.get("createdAt"))
    fees = []
    for index, fee in enumerate(each(payment.get("fees"), "fees")):
        money = within(fee, "amount")
        amount = Purse(currency(money.get("currencyCode"), "fees.amount")).money(money, "fees.amount")
        if amount is None or posted_at is None:
            raise Unbookable("bad_money", "A fee of the order's payment does not say its amount or day.")
        raw_kind = text(fee, "type") or "fee"
        fees.append(
            UnifiedFee(
                external_id=f"{tail(payment.get('id'))}:{tail(fee.get('id')) or f'{raw_kind}:{index}'}",
                posted_at=posted_at,
                kind=FeeKind.PAYMENT_PROCESSING,
                amount=amount,
                currency=str(money["currencyCode"]),
                status=FeeStatus.SETTLED,
                raw_kind=raw_kind,
                order_external_id=order_external_id,
            )
        )
    return fees


def balance_fee(raw: Raw) -> UnifiedFee | None:
    """The cost in one movement of the shop's balance; None where it has none of its own.

    The fee of a charge is told with its order already. A shipping label is a cost as a whole.
    """
    external_id, posted_at = tail(raw.get("id")), moment(raw.get("transactionDate"))
    if external_id is None:
        raise Unbookable("no_external_id", "The movement has no id.")
    if posted_at is None:
        raise Unbookable("no_date", "The movement has no date that can be read.")
    raw_kind = text(raw, "type") or "unknown"
    if raw_kind == "CHARGE" or raw.get("test"):
        return None
    is_label = raw_kind.startswith("SHIPPING_LABEL")
    money = within(raw, "net" if is_label else "fee")
    purse = Purse(currency(money.get("currencyCode"), "fee"))
    amount = purse.money(money, "fee")
    if amount is None:
        raise Unbookable("bad_money", "The movement does not say its fee.")
    cost = -amount if is_label else amount
    if not cost:
        return None
    return UnifiedFee(
        external_id=external_id,
        posted_at=posted_at,
        kind=_balance_kind(raw_kind, cost),
        amount=cost,
        currency=purse.currency,
        status=FeeStatus.SETTLED if within(raw, "associatedPayout").get("status") == "PAID" else FeeStatus.DEFERRED,
        raw_kind=raw_kind,
        order_external_id=tail(within(raw, "associatedOrder").get("id")),
    )


def _balance_kind(raw_kind: str, cost: Decimal) -> FeeKind:
    if raw_kind.startswith("SHIPPING_LABEL"):
        return FeeKind.SHIPPING_LABEL
    if cost < 0:
        return FeeKind.REFUND_REVERSAL
    if raw_kind.startswith(("REFUND", "DISPUTE", "CHARGEBACK", "ADJUSTMENT")):
        return FeeKind.PAYMENT_PROCESSING
    return FeeKind.OTHER
