"""Orders of the retired API v0 to unified ones: payloads that were kept before 2027-03-27, and its spelling. Pure.

An order and its items came from two calls; kept together, the items stand in the order under `OrderItems`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tradewind.channels.amazon.amounts import (
    DISCOUNT,
    OTHER,
    SHIPPING,
    SUBTOTAL,
    TAX,
    Tally,
    check_totals,
    fulfillment_from,
    fulfillment_of,
    unit_price,
)
from tradewind.channels.amazon.orders import (
    check_date,
    check_line,
    country,
    customer,
    known_currency,
    payment_of,
)
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
from tradewind.channels.unified import UnifiedLine, UnifiedOrder
from tradewind.commerce.orders.states import OrderStatus

STATUSES = {
    "Canceled": OrderStatus.CANCELLED,
    "Pending": OrderStatus.PENDING,
    "PendingAvailability": OrderStatus.PENDING,
    "Shipped": OrderStatus.SHIPPED,
    "PartiallyShipped": OrderStatus.PROCESSING,
    "Unshipped": OrderStatus.CONFIRMED,
    "InvoiceUnconfirmed": OrderStatus.CONFIRMED,
    "Unfulfillable": OrderStatus.CONFIRMED,
}
FULFILLED_BY = {"AFN": "fba", "MFN": "fbm"}
# Amounts of a line, all of them for the whole line and not for a unit.
_COMPONENTS = (
    ("ItemPrice", SUBTOTAL, 1),
    ("ShippingPrice", SHIPPING, 1),
    ("ItemTax", TAX, 1),
    ("ShippingTax", TAX, 1),
    ("PromotionDiscount", DISCOUNT, 1),
    ("ShippingDiscount", DISCOUNT, 1),
    ("CODFee", OTHER, 1),
    ("CODFeeDiscount", OTHER, -1),
)
_GIFT_COMPONENTS = (("GiftWrapPrice", OTHER), ("GiftWrapTax", TAX))


def order_v0(raw: Raw, now: datetime, *, is_test: bool = False) -> UnifiedOrder:
    """What an order of v0 says, with the items that stand in it. Raises Unbookable."""
    warnings: set[str] = set()
    external_id = needed_text(raw.get("AmazonOrderId"), "AmazonOrderId")
    placed_at = needed_moment(raw.get("PurchaseDate"), "PurchaseDate")
    place = text(raw.get("MarketplaceId"))
    raw_status = text(raw.get("OrderStatus"))
    status = STATUSES.get(raw_status or "")
    if status is None:
        warnings.add("unknown_status")
        status = OrderStatus.CONFIRMED
    items = parts(raw, "OrderItems")
    total = money(raw.get("OrderTotal"), "OrderTotal")
    currency = _currency(total, items, place)
    amounts = Tally(currency, warnings)
    lines = []
    for item in items:
        line, tally = line_v0(item, currency, warnings, is_cancelled=status is OrderStatus.CANCELLED)
        lines.append(line)
        amounts.add_all(tally)
    identity = check_totals(amounts, total.amount if total else None, len(lines))
    if not identity.fits:
        warnings.add("totals_mismatch")
    fulfilled_by = text(raw.get("FulfillmentChannel"))
    if fulfilled_by is not None and fulfilled_by not in FULFILLED_BY:
        warnings.add("unknown_fulfillment")
    shipped = units(raw.get("NumberOfItemsShipped"), "NumberOfItemsShipped") or 0
    still_open = units(raw.get("NumberOfItemsUnshipped"), "NumberOfItemsUnshipped") or 0
    # A pending order counts its units as neither shipped nor unshipped.
    wanted = shipped + still_open or (0 if status is OrderStatus.CANCELLED else 1)
    address = part(raw, "ShippingAddress")
    check_date(placed_at, now, warnings)
    return UnifiedOrder(
        external_id=external_id,
        order_number=external_id,
        placed_at=placed_at,
        channel_updated_at=moment(raw.get("LastUpdateDate"), "LastUpdateDate"),
        status=status,
        fulfillment_status=fulfillment_of(lines) if lines else fulfillment_from(wanted, shipped),
        payment_status=payment_of(status),
        raw_status=raw_status,
        marketplace=place,
        group_id=text(raw.get("ReplacedOrderId")),
        fulfillment_channel=FULFILLED_BY.get(fulfilled_by or ""),
        currency=currency,
        subtotal=amounts.get(SUBTOTAL),
        shipping=amounts.get(SHIPPING),
        discount=amounts.get(DISCOUNT),
        tax=amounts.get(TAX),
        other=amounts.get(OTHER),
        total=total.amount if total else None,
        prices_include_tax=identity.prices_include_tax,
        customer=customer(part(raw, "BuyerInfo").get("BuyerEmail") or raw.get("BuyerEmail")),
        ship_country=country(address.get("CountryCode")),
        ship_region=text(address.get("StateOrRegion")),
        ship_city=text(address.get("City")),
        ship_postal=text(address.get("PostalCode")),
        lines=tuple(lines),
        is_test=is_test,
        is_replacement=is_true(raw.get("IsReplacementOrder")),
        is_sold_elsewhere=(text(raw.get("SalesChannel")) or "").casefold().startswith("non-amazon"),
        warnings=tuple(sorted(warnings)),
    )


def line_v0(item: Raw, currency: str, warnings: set[str], *, is_cancelled: bool) -> tuple[UnifiedLine, Tally]:
    """One item, and its amounts by component."""
    quantity = units(item.get("QuantityOrdered"), "QuantityOrdered")
    if quantity is None:
        raise Unbookable("bad_quantity", "QuantityOrdered is missing from a line of the order.")
    shipped = units(item.get("QuantityShipped"), "QuantityShipped") or 0
    tally = Tally(currency, warnings)
    for key, component, sign in _COMPONENTS:
        tally.add(component, money(item.get(key), key), sign)
    for key, component in _GIFT_COMPONENTS:
        tally.add(component, money(part(item, "BuyerInfo").get(key), key))
    price = unit_price(tally.get(SUBTOTAL), quantity)
    sku = text(item.get("SellerSKU"))
    check_line(sku, price, warnings)
    line = UnifiedLine(
        external_line_id=needed_text(item.get("OrderItemId"), "OrderItemId"),
        sku=sku,
        listing_id=text(item.get("ASIN")),
        title=text(item.get("Title")),
        quantity=quantity,
        quantity_shipped=shipped,
        quantity_cancelled=max(0, quantity - shipped) if is_cancelled else 0,
        unit_price=price,
        discount=tally.get(DISCOUNT),
        tax=tally.get(TAX),
        shipping=tally.get(SHIPPING),
        total=tally.total(),
    )
    return line, tally


def is_true(value: object) -> bool:
    """v0 writes truths as booleans or as texts."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _currency(total: Money | None, items: list[Mapping[str, object]], place: str | None) -> str:
    if total is not None:
        return total.currency
    for item in items:
        price = money(item.get("ItemPrice"), "ItemPrice")
        if price is not None:
            return price.currency
    return known_currency(place)
