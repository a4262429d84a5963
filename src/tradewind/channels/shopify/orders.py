"""An order of Shopify, with its lines, refunds and the fees of its payments, as unified records. No I/O.

All amounts are of `shopMoney`, the currency that the shop keeps its books in; what the buyer saw stands beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tradewind.channels.contract import Raw, Rejected
from tradewind.channels.shopify.fees import payment_fees
from tradewind.channels.shopify.reading import (
    Purse,
    Unbookable,
    count,
    currency,
    decimal,
    each,
    known_sum,
    moment,
    tail,
    text,
    within,
)
from tradewind.channels.shopify.refunds import read_refunds, refunded_units
from tradewind.channels.shopify.statuses import read_statuses
from tradewind.channels.unified import UnifiedCustomer, UnifiedFee, UnifiedLine, UnifiedOrder

_ZERO = Decimal(0)
_PER_LINE = Decimal("0.01")
_AT_LEAST = Decimal("0.02")
_FIRST_YEAR = datetime(1995, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=48)
_ONLY_VARIANT = "Default Title"


def order_id(raw: Raw) -> str | None:
    return text(raw, "legacyResourceId") or tail(raw.get("id"))


def read_order(raw: Raw, shop: str) -> tuple[UnifiedOrder, tuple[UnifiedFee, ...], tuple[Rejected, ...]]:
    """The order, its payments' fees, and refunds that cannot be booked. Raises Unbookable."""
    external_id = order_id(raw)
    if external_id is None:
        raise Unbookable("no_external_id", "The order has no id.")
    placed_at = moment(raw.get("processedAt")) or moment(raw.get("createdAt"))
    if placed_at is None:
        raise Unbookable("no_order_date", "The order has no date that can be read.")
    purse = Purse(currency(raw.get("currencyCode"), "currencyCode"))
    raw_lines = each(raw.get("lineItems"), "lineItems")
    raw_refunds = each(raw.get("refunds"), "refunds")
    lines = _lines(raw_lines, raw_refunds, purse, includes_tax=bool(raw.get("taxesIncluded")))
    refunds, rejected = read_refunds(raw_refunds, raw, external_id, purse)
    statuses = read_statuses(raw, each(raw.get("fulfillments"), "fulfillments"))
    if not statuses.is_known:
        purse.warn("unknown_status")
    updated_at = moment(raw.get("updatedAt"))
    if placed_at < _FIRST_YEAR:
        purse.warn("date_too_early")
    if updated_at is not None and placed_at > updated_at + _AHEAD:
        purse.warn("date_in_future")
    amounts = _amounts(raw, lines, purse)
    fees = payment_fees(raw, external_id, purse)
    refunded = purse.of(raw, "totalRefundedSet")
    address = within(raw, "shippingAddress")
    presentment = within(within(raw, "totalPriceSet"), "presentmentMoney")
    order = UnifiedOrder(
        external_id=external_id,
        order_number=text(raw, "name") or external_id,
        placed_at=placed_at,
        status=statuses.status,
        currency=purse.currency,
        lines=lines,
        channel_updated_at=updated_at,
        fulfillment_status=statuses.fulfillment,
        payment_status=statuses.payment,
        raw_status=statuses.raw,
        marketplace=shop,
        fulfillment_channel="merchant",
        subtotal=amounts.subtotal,
        shipping=amounts.shipping,
        discount=amounts.discount,
        tax=amounts.tax,
        other=amounts.other,
        total=amounts.total,
        refunded=refunded,
        net_total=_net_total(raw, amounts.total, refunded, purse),
        prices_include_tax=bool(raw.get("taxesIncluded")),
        presentment_currency=text(raw, "presentmentCurrencyCode"),
        presentment_total=decimal(presentment.get("amount"), "totalPriceSet"),
        customer=_customer(raw),
        ship_country=text(address, "countryCodeV2"),
        ship_region=text(address, "provinceCode") or text(address, "province"),
        ship_city=text(address, "city"),
        ship_postal=text(address, "zip"),
        is_test=bool(raw.get("test")),
        refunds=refunds,
        warnings=tuple(purse.warnings),
    )
    return order, fees, rejected


def _lines(
    raw_lines: Sequence[Raw], raw_refunds: Sequence[Raw], purse: Purse, *, includes_tax: bool
) -> tuple[UnifiedLine, ...]:
    refunded = refunded_units(raw_refunds)
    return tuple(_line(raw, refunded, purse, includes_tax=includes_tax) for raw in raw_lines)


def _line(raw: Raw, refunded: Mapping[str, int], purse: Purse, *, includes_tax: bool) -> UnifiedLine:
    line_id = text(raw, "id")
    if line_id is None:
        raise Unbookable("no_external_id", "A line of the order has no id.")
    quantity = count(raw.get("quantity"), "quantity")
    current = count(raw.get("currentQuantity", quantity), "currentQuantity")
    waiting = count(raw.get("unfulfilledQuantity", quantity), "unfulfilledQuantity")
    unit_price = purse.of(raw, "originalUnitPriceSet")
    # An empty list says that there was none of it; an absent one says nothing.
    discount = _listed(raw, "discountAllocations", "allocatedAmountSet", purse)
    tax = _listed(raw, "taxLines", "priceSet", purse)
    sku = text(raw, "sku")
    if sku is None:
        purse.warn("missing_sku")
    if unit_price is not None and unit_price < 0:
        purse.warn("negative_price")
    total = None
    if unit_price is not None:
        total = unit_price * quantity - (discount or _ZERO) + (_ZERO if includes_tax else tax or _ZERO)
    return UnifiedLine(
        external_line_id=line_id,
        sku=sku,
        quantity=quantity,
        unit_price=unit_price,
        title=_title(raw),
        listing_id=text(within(raw, "variant"), "id"),
        quantity_cancelled=max(quantity - current - refunded.get(line_id, 0), 0),
        quantity_shipped=min(max(quantity - waiting, 0), current),
        discount=discount,
        tax=tax,
        total=total,
        is_gift_card=bool(raw.get("isGiftCard")),
    )


def _listed(raw: Raw, members: str, amount: str, purse: Purse) -> Decimal | None:
    if raw.get(members) is None:
        return None
    return purse.total((member.get(amount) for member in each(raw[members], members)), amount)


def _title(raw: Raw) -> str | None:
    title, variant = text(raw, "title"), text(raw, "variantTitle")
    return f"{title} - {variant}" if title and variant and variant != _ONLY_VARIANT else title


@dataclass(frozen=True, slots=True)
class _Amounts:
    """The order's components as Shopify tells them; they are compared with its total and never repaired."""

    subtotal: Decimal | None
    shipping: Decimal | None
    discount: Decimal | None
    tax: Decimal | None
    other: Decimal | None
    total: Decimal | None

    def off(self, *, includes_tax: bool) -> Decimal | None:
        """How much the total says above what the components add up to; None where it cannot be told."""
        if self.total is None or self.subtotal is None:
            return None
        added = (self.subtotal, self.shipping, self.other, _ZERO if includes_tax else self.tax)
        return self.total - (known_sum(added) or _ZERO) + (self.discount or _ZERO)


def _amounts(raw: Raw, lines: Sequence[UnifiedLine], purse: Purse) -> _Amounts:
    worths = [None if line.unit_price is None else line.unit_price * line.quantity for line in lines]
    duties = None if raw.get("dutiesIncluded") else purse.of(raw, "originalTotalDutiesSet")
    amounts = _Amounts(
        subtotal=None if None in worths else known_sum(worths),
        shipping=purse.of(raw, "totalShippingPriceSet"),
        discount=purse.of(raw, "totalDiscountsSet"),
        tax=purse.of(raw, "totalTaxSet"),
        other=known_sum(
            (purse.of(raw, "totalTipReceivedSet"), duties, purse.of(raw, "originalTotalAdditionalFeesSet"))
        ),
        total=purse.of(raw, "totalPriceSet"),
    )
    off = amounts.off(includes_tax=bool(raw.get("taxesIncluded")))
    if off is None or abs(off) <= max(_PER_LINE * len(lines), _AT_LEAST):
        return amounts
    rounding = purse.of(within(raw, "totalCashRoundingAdjustment"), "paymentSet") or _ZERO
    if off == rounding:
        # Cash is rounded to the coins there are; some shops' totals say so, most do not.
        return replace(amounts, other=(amounts.other or _ZERO) + rounding)
    purse.warn("totals_mismatch")
    return amounts


def _net_total(raw: Raw, total: Decimal | None, refunded: Decimal | None, purse: Purse) -> Decimal | None:
    if raw.get("edited"):
        return purse.of(raw, "currentTotalPriceSet")
    return None if total is None or refunded is None else total - refunded


def _customer(raw: Raw) -> UnifiedCustomer | None:
    """Who bought. A guest is known by the address alone, and by nothing without one."""
    email = text(raw, "email")
    customer = within(raw, "customer")
    key = text(customer, "legacyResourceId") or tail(customer.get("id"))
    if key is None and email is not None:
        key = guest_key(email)
    return None if key is None else UnifiedCustomer(key=key, email=email)


def guest_key(email: str) -> str:
    """Who bought without being a customer of the shop: the address stands for them, and cannot be read from it."""
    return hashlib.sha256(email.lower().encode()).hexdigest()
