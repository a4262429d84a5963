"""Orders of the API v2026-01-01 to unified ones, with what is odd about them as warnings. Pure: no I/O."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

from tradewind.channels.amazon.amounts import (
    DISCOUNT,
    OTHER,
    SHIPPING,
    SUBTOTAL,
    TAX,
    Tally,
    check_totals,
    fulfillment_of,
    unit_price,
)
from tradewind.channels.amazon.marketplaces import default_currency
from tradewind.channels.amazon.values import (
    Money,
    Unbookable,
    moment,
    money,
    needed_moment,
    needed_text,
    part,
    parts,
    text,
    units,
)
from tradewind.channels.contract import Raw
from tradewind.channels.unified import UnifiedCustomer, UnifiedLine, UnifiedOrder
from tradewind.commerce.orders.states import OrderStatus

STATUSES = {
    "CANCELLED": OrderStatus.CANCELLED,
    "PENDING": OrderStatus.PENDING,
    "PENDING_AVAILABILITY": OrderStatus.PENDING,
    "SHIPPED": OrderStatus.SHIPPED,
    "PARTIALLY_SHIPPED": OrderStatus.PROCESSING,
    "UNSHIPPED": OrderStatus.CONFIRMED,
    "UNFULFILLABLE": OrderStatus.CONFIRMED,
}
FULFILLED_BY = {"AMAZON": "fba", "MERCHANT": "fbm"}
_COMPONENTS = {
    "ITEM": SUBTOTAL,
    "SHIPPING": SHIPPING,
    "DISCOUNT": DISCOUNT,
    "TAX": TAX,
    "GIFT_WRAP": OTHER,
    "COD_FEE": OTHER,
    "DELIVERY_TIP": OTHER,
    "OTHER": OTHER,
}
_EARLIEST_USUAL_YEAR = 1995
_AHEAD = timedelta(hours=48)


def order(raw: Raw, now: datetime, *, is_test: bool = False) -> UnifiedOrder:
    """What an order of v2026-01-01 says. `now` only decides which dates look odd. Raises Unbookable."""
    warnings: set[str] = set()
    external_id = needed_text(raw.get("orderId"), "orderId")
    placed_at = needed_moment(raw.get("createdTime"), "createdTime")
    place = text(part(raw, "salesChannel").get("marketplaceId"))
    items = parts(raw, "orderItems")
    grand_total = money(part(raw, "proceeds").get("grandTotal"), "grandTotal")
    currency = _currency(grand_total, items, place)

    whole = Tally(currency, warnings)
    lines = []
    for item in items:
        line, tally = _line(item, currency, warnings)
        lines.append(line)
        whole.add_all(tally)
    own = _breakdowns(part(raw, "proceeds"), currency, warnings)
    amounts = own or whole
    if amounts.get(SUBTOTAL) is None:
        amounts.add(SUBTOTAL, _goods(lines, currency))
    total = grand_total.amount if grand_total else None
    identity = check_totals(amounts, total, len(lines))
    if not identity.fits:
        warnings.add("totals_mismatch")

    raw_status = text(part(raw, "fulfillment").get("fulfillmentStatus"))
    fulfilled_by = text(part(raw, "fulfillment").get("fulfilledBy"))
    if fulfilled_by not in FULFILLED_BY and fulfilled_by is not None:
        warnings.add("unknown_fulfillment")
    status = _status(raw, raw_status, fulfilled_by, warnings)
    related = parts(raw, "associatedOrders")
    address = part(raw, "recipient", "deliveryAddress")
    check_date(placed_at, now, warnings)
    return UnifiedOrder(
        external_id=external_id,
        order_number=external_id,
        placed_at=placed_at,
        channel_updated_at=moment(raw.get("lastUpdatedTime"), "lastUpdatedTime"),
        status=status,
        fulfillment_status=fulfillment_of(lines),
        payment_status=payment_of(status),
        raw_status=raw_status,
        marketplace=place,
        group_id=next((text(other.get("orderId")) for other in related), None),
        fulfillment_channel=FULFILLED_BY.get(fulfilled_by or ""),
        currency=currency,
        subtotal=amounts.get(SUBTOTAL),
        shipping=amounts.get(SHIPPING),
        discount=amounts.get(DISCOUNT),
        tax=amounts.get(TAX),
        other=amounts.get(OTHER),
        total=total,
        prices_include_tax=identity.prices_include_tax,
        customer=customer(part(raw, "buyer").get("buyerEmail")),
        ship_country=country(address.get("countryCode")),
        ship_region=text(address.get("stateOrRegion")),
        ship_city=text(address.get("city")),
        ship_postal=text(address.get("postalCode")),
        lines=tuple(lines),
        is_test=is_test,
        is_replacement=any(other.get("associationType") == "REPLACEMENT_ORIGINAL_ID" for other in related),
        is_sold_elsewhere=part(raw, "salesChannel").get("channelName") == "NON_AMAZON",
        warnings=tuple(sorted(warnings)),
    )


def _line(item: Raw, currency: str, warnings: set[str]) -> tuple[UnifiedLine, Tally]:
    product = part(item, "product")
    done = part(item, "fulfillment")
    quantity = units(item.get("quantityOrdered"), "quantityOrdered")
    if quantity is None:
        raise Unbookable("bad_quantity", "quantityOrdered is missing from a line of the order.")
    shipped = units(done.get("quantityFulfilled"), "quantityFulfilled") or 0
    # Without word of what is still to be sent nothing is known to be cancelled.
    open_units = units(done.get("quantityUnfulfilled"), "quantityUnfulfilled")
    tally = _breakdowns(part(item, "proceeds"), currency, warnings)
    price = _in_currency(money(part(product, "price").get("unitPrice"), "unitPrice"), currency, warnings)
    if price is None:
        price = unit_price(tally.get(SUBTOTAL), quantity)
    total = _in_currency(money(part(item, "proceeds").get("proceedsTotal"), "proceedsTotal"), currency, warnings)
    sku = text(product.get("sellerSku"))
    check_line(sku, price, warnings)
    return (
        UnifiedLine(
            external_line_id=needed_text(item.get("orderItemId"), "orderItemId"),
            sku=sku,
            listing_id=text(product.get("asin")),
            title=text(product.get("title")),
            quantity=quantity,
            quantity_shipped=shipped,
            quantity_cancelled=0 if open_units is None else max(0, quantity - shipped - open_units),
            unit_price=price,
            discount=tally.get(DISCOUNT),
            tax=tally.get(TAX),
            shipping=tally.get(SHIPPING),
            total=total if total is not None else tally.total(),
        ),
        tally,
    )


def _breakdowns(proceeds: Raw, currency: str, warnings: set[str]) -> Tally:
    tally = Tally(currency, warnings)
    for row in parts(proceeds, "breakdowns"):
        kind = text(row.get("type")) or ""
        amount = money(row.get("subtotal"), f"the subtotal of {kind or 'a breakdown'}")
        if kind not in _COMPONENTS:
            warnings.add("unknown_breakdown")
        component = _COMPONENTS.get(kind, OTHER)
        if component == DISCOUNT and amount is not None:
            # The model does not say which sign a discount has.
            amount = Money(abs(amount.amount), amount.currency)
        tally.add(component, amount)
    return tally


def _goods(lines: list[UnifiedLine], currency: str) -> Money | None:
    """Unit prices times quantities; None unless every line with units has a price."""
    priced = [line for line in lines if line.quantity]
    if not priced:
        return None
    amount = Decimal(0)
    for line in priced:
        if line.unit_price is None:
            return None
        amount += line.unit_price * line.quantity
    return Money(amount, currency)


def _currency(total: Money | None, items: list[Raw], place: str | None) -> str:
    if total is not None:
        return total.currency
    for item in items:
        for amount in (
            money(part(item, "proceeds").get("proceedsTotal"), "proceedsTotal"),
            money(part(item, "product", "price").get("unitPrice"), "unitPrice"),
        ):
            if amount is not None:
                return amount.currency
    return known_currency(place)


def known_currency(place: str | None) -> str:
    """The marketplace's own currency. Raises Unbookable for a marketplace that we do not know."""
    found = default_currency(place)
    if found is None:
        raise Unbookable("bad_currency", f"The order names no currency, and marketplace {place} is not known to us.")
    return found


def _in_currency(amount: Money | None, currency: str, warnings: set[str]) -> Decimal | None:
    if amount is None:
        return None
    if amount.currency != currency:
        warnings.add("other_currency")
        return None
    return amount.amount


def _status(raw: Raw, written: str | None, fulfilled_by: str | None, warnings: set[str]) -> OrderStatus:
    status = STATUSES.get(written or "")
    if status is None:
        warnings.add("unknown_status")
        return OrderStatus.CONFIRMED
    packages = parts(raw, "packages")
    arrived = bool(packages) and all(part(each, "packageStatus").get("status") == "DELIVERED" for each in packages)
    if status is OrderStatus.SHIPPED and arrived and fulfilled_by == "MERCHANT":
        return OrderStatus.DELIVERED
    return status


def payment_of(status: OrderStatus) -> str:
    """Amazon ships nothing that is not paid; of what was cancelled it does not say."""
    if status is OrderStatus.PENDING:
        return "pending"
    return "unknown" if status is OrderStatus.CANCELLED else "paid"


def customer(address: object) -> UnifiedCustomer | None:
    """One buyer by the alias that Amazon made for this seller; without it the buyer is unknown."""
    alias = text(address)
    if alias is None:
        return None
    return UnifiedCustomer(hashlib.sha256(alias.lower().encode()).hexdigest(), email=alias, is_relay=True)


def country(value: object) -> str | None:
    code = (text(value) or "").upper()
    return code if len(code) == 2 and code.isalpha() else None


def check_line(sku: str | None, price: Decimal | None, warnings: set[str]) -> None:
    if sku is None:
        warnings.add("sku_missing")
    if price is not None and price < 0:
        warnings.add("negative_price")


def check_date(placed_at: datetime, now: datetime, warnings: set[str]) -> None:
    if placed_at.year < _EARLIEST_USUAL_YEAR or placed_at - now > _AHEAD:
        warnings.add("odd_date")
