"""Transactions of the Finances API v2024-06-19 to fees and refunds. Pure: no I/O.

A transaction's amount is its charges (goods, shipping, tax) less Amazon's fees. Charges of a shipment are the order's
own; those of a refund become the refund; whatever else moves money is a fee, so that nothing is dropped:
`total = charges − fees` for shipments and refunds, `total = −fees` for everything else.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import msgspec

from tradewind.channels.amazon.values import Unbookable, money, needed_moment, part, parts, text, units
from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.unified import UnifiedFee, UnifiedRefund, UnifiedRefundLine
from tradewind.commerce.fees.model import FeeKind, FeeStatus

_ZERO = Decimal(0)
_WRAPPERS = frozenset({"Sales", "Expenses", "Refunds", "Refunded Sales", "Refunded Expenses"})
_FEES = "AmazonFees"
_GOODS = frozenset({"ProductCharges", "Promo", "PromotionalRebates", "GiftWrap", "GiftWrapCharges", "CODCharges"})
_SHIPPING = frozenset({"Shipping", "ShippingCharges"})
_TAX = frozenset({"Tax", "Taxes"})
_WITHHELD = frozenset({"MarketplaceFacilitatorTax", "MarketplaceWithheldTax", "MarketplaceFacilitatorVAT"})
"""Tax that Amazon collects and pays itself: it takes off what `Tax` added, and is nobody's cost."""
SALES = frozenset({"Shipment"})
REFUNDS = frozenset({"Refund", "GuaranteeClaim", "GuaranteeClaimRefund", "Chargeback", "ChargebackRefund"})

_KINDS = (
    (FeeKind.SUBSCRIPTION, ("subscription",)),
    (FeeKind.STORAGE, ("storage",)),
    (FeeKind.ADVERTISING, ("advertis", "productads", "sponsored")),
    (FeeKind.SHIPPING_LABEL, ("label", "shippingservices", "postage")),
    (FeeKind.COMMISSION, ("commission", "referral", "closingfee", "shippinghb")),
    (FeeKind.FULFILLMENT, ("fba", "fulfil", "pickpack", "weightbased", "chargeback")),
    (FeeKind.PAYMENT_PROCESSING, ("paymentmethod", "payment processing", "codfee")),
    (FeeKind.TAX_WITHHELD, ("withheld", "withholding", "taxcollected")),
)
_STATUSES = {"DEFERRED": FeeStatus.DEFERRED, "RELEASED": FeeStatus.SETTLED}
_RELEASED_BEFORE = "DEFERRED_RELEASED"


@dataclass(slots=True)
class _Told:
    """What one level of breakdowns says. Charges are as Amazon signs them: positive is the seller's."""

    goods: Decimal = _ZERO
    shipping: Decimal | None = None
    tax: Decimal | None = None
    fees: list[tuple[str, str, Decimal]] = field(default_factory=list)
    """Path, type and amount as signed by Amazon."""
    paths: Counter[str] = field(default_factory=Counter)

    @property
    def charges(self) -> Decimal:
        return self.goods + (self.shipping or _ZERO) + (self.tax or _ZERO)

    def fee(self, path: str, kind: str, amount: Decimal) -> None:
        self.paths[path] += 1
        nth = self.paths[path]
        self.fees.append((path if nth == 1 else f"{path}#{nth}", kind, amount))


@dataclass(frozen=True, slots=True)
class _Item:
    sku: str | None
    quantity: int
    told: _Told


@dataclass(frozen=True, slots=True)
class _Head:
    """What all records of one transaction share."""

    origin: str
    kind: str
    posted_at: datetime
    currency: str
    status: FeeStatus
    order_id: str | None
    replaces: str | None


@rejects_surprises
def transaction(raw: Raw) -> Mapped:
    """The fees of one transaction, and the refund where it is one; a released deferral tells nothing by itself."""
    external_id = text(raw.get("transactionId"))
    try:
        external_id = external_id or _fingerprint(raw)
        return Mapped(external_id, raw, _records(raw, external_id))
    except Unbookable as flaw:
        return Mapped(external_id or "", raw, (), (Rejected(external_id, flaw.flaw, str(flaw)),))


def _records(raw: Raw, external_id: str) -> tuple[UnifiedFee | UnifiedRefund, ...]:
    written = text(raw.get("transactionStatus"))
    if written == _RELEASED_BEFORE:
        return ()
    related = {text(row.get("relatedIdentifierName")): row for row in parts(raw, "relatedIdentifiers")}
    deferred = text(related.get("DEFERRED_TRANSACTION_ID", {}).get("relatedIdentifierValue"))
    total = money(raw.get("totalAmount"), "totalAmount")
    if total is None:
        raise Unbookable("no_amount", "The transaction has no totalAmount.")
    origin = deferred or external_id
    head = _Head(
        # What was deferred and what it became are one thing, under one id.
        origin=origin,
        kind=text(raw.get("transactionType")) or "Unknown",
        posted_at=needed_moment(raw.get("postedDate"), "postedDate"),
        currency=total.currency,
        status=_STATUSES.get(written or "", FeeStatus.SETTLED),
        order_id=text(related.get("ORDER_ID", {}).get("relatedIdentifierValue")),
        replaces=origin if deferred or written == "DEFERRED" else None,
    )
    items = _items(raw, head, total.amount)
    if not any(item.told.fees or item.told.charges for item in items):
        return _undivided(head, total.amount)
    is_refund = head.kind in REFUNDS and head.order_id is not None
    refund = _refund(head, items) if is_refund else None
    fees = _fees(head, items)
    if refund is None and head.kind not in SALES:
        for index, item in enumerate(items):
            if item.told.charges:
                fees.append(_fee(head, f"{index}:charges", head.kind, item.told.charges, item.sku))
    return (*fees, *([refund] if refund else ()))


def _items(raw: Raw, head: _Head, total: Decimal) -> list[_Item]:
    """The level that adds up: the items where they do, else the transaction's own breakdowns."""
    items = parts(raw, "items")
    amounts = [money(item.get("totalAmount"), "an item's totalAmount") for item in items]
    whole = sum((amount.amount for amount in amounts if amount), _ZERO)
    if items and (whole == total or not parts(raw, "breakdowns")):
        return [_item(item, head.currency) for item in items]
    return [_Item(None, 0, _told(parts(raw, "breakdowns"), head.currency))]


def _item(raw: Raw, currency: str) -> _Item:
    product = next((row for row in parts(raw, "contexts") if row.get("contextType") == "ProductContext"), {})
    return _Item(
        sku=text(product.get("sku")),
        quantity=units(product.get("quantityShipped"), "quantityShipped") or 0,
        told=_told(parts(raw, "breakdowns"), currency),
    )


def _told(rows: Sequence[Raw], currency: str) -> _Told:
    told = _Told()
    _read(rows, told, currency, "")
    return told


def _read(rows: Sequence[Raw], told: _Told, currency: str, above: str) -> None:
    """Reads one level of the tree; deeper levels say the same again."""
    for row in rows:
        kind = text(row.get("breakdownType")) or "Unknown"
        amount = _amount(row, kind, currency)
        below = parts(row, "breakdowns")
        if kind in _WRAPPERS and below:
            _read(below, told, currency, above)
        elif kind == _FEES and below:
            for fee in below:
                name = text(fee.get("breakdownType")) or "Unknown"
                told.fee(f"{_FEES}/{name}", name, _amount(fee, name, currency))
        elif kind in _GOODS:
            told.goods += amount
        elif kind in _SHIPPING:
            told.shipping = (told.shipping or _ZERO) + amount
        elif kind in _TAX:
            told.tax = (told.tax or _ZERO) + amount
        elif kind not in _WITHHELD:
            told.fee(f"{above}{kind}", kind, amount)


def _amount(row: Raw, kind: str, currency: str) -> Decimal:
    found = money(row.get("breakdownAmount"), kind)
    if found is None:
        return _ZERO
    if found.currency != currency:
        raise Unbookable("other_currency", f"{kind} is in {found.currency}, its transaction in {currency}.")
    return found.amount


def _undivided(head: _Head, total: Decimal) -> tuple[UnifiedFee, ...]:
    """A transaction without parts: a sale's are told later, a refund's cannot be guessed, the rest is a fee."""
    if head.kind in SALES or not total:
        return ()
    if head.kind in REFUNDS:
        raise Unbookable("refund_without_parts", "The refund does not say what of it is goods, tax, shipping and fees.")
    return (_fee(head, "total", head.kind, total, None),)


def _fees(head: _Head, items: Sequence[_Item]) -> list[UnifiedFee]:
    return [
        _fee(head, f"{index}:{path}", kind, amount, item.sku)
        for index, item in enumerate(items)
        for path, kind, amount in item.told.fees
        if amount
    ]


def _fee(head: _Head, path: str, raw_kind: str, amount: Decimal, sku: str | None) -> UnifiedFee:
    return UnifiedFee(
        external_id=f"{head.origin}:{path}",
        posted_at=head.posted_at,
        kind=kind_of(raw_kind, head.kind, amount),
        amount=-amount,
        currency=head.currency,
        status=head.status,
        raw_kind=raw_kind,
        order_external_id=head.order_id,
        sku=sku,
        replaces=head.replaces,
    )


def kind_of(raw_kind: str, transaction_kind: str, amount: Decimal) -> FeeKind:
    """Which of our kinds a fee is; one that comes back with a refund is a reversal, an unknown one is `other`."""
    if transaction_kind in REFUNDS and amount > 0:
        return FeeKind.REFUND_REVERSAL
    for name in (raw_kind, transaction_kind):
        plain = name.casefold().replace(" ", "").replace("_", "")
        for kind, words in _KINDS:
            if any(word.replace(" ", "") in plain for word in words):
                return kind
    return FeeKind.OTHER


def _refund(head: _Head, items: Sequence[_Item]) -> UnifiedRefund | None:
    """What the buyer got back; None where a refund's transaction moved fees alone or took money from the buyer."""
    amount = -sum((item.told.charges for item in items), _ZERO)
    if amount <= 0 or head.order_id is None:
        return None
    taxes = [item.told.tax for item in items if item.told.tax is not None]
    shippings = [item.told.shipping for item in items if item.told.shipping is not None]
    return UnifiedRefund(
        external_id=head.origin,
        refunded_at=head.posted_at,
        currency=head.currency,
        amount=amount,
        order_external_id=head.order_id,
        lines=tuple(
            UnifiedRefundLine(item.sku, item.quantity, -item.told.goods)
            for item in items
            if item.sku is not None and item.told.goods
        ),
        tax=-sum(taxes, _ZERO) if taxes else None,
        shipping=-sum(shippings, _ZERO) if shippings else None,
        reason=head.kind,
    )


def _fingerprint(raw: Raw) -> str:
    """A stable id for a transaction without one."""
    of = [
        raw.get("transactionType"),
        [row.get("relatedIdentifierValue") for row in parts(raw, "relatedIdentifiers")],
        raw.get("postedDate"),
        part(raw, "totalAmount"),
        raw.get("items"),
    ]
    return hashlib.sha256(msgspec.json.encode(of, order="sorted")).hexdigest()[:40]
