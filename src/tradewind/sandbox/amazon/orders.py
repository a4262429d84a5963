"""Orders as Amazon v2026-01-01 tells them, and the search for those that changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tradewind.channels.unified import Fulfillment, UnifiedLine, UnifiedOrder
from tradewind.commerce.orders.states import OrderStatus
from tradewind.sandbox.amazon.asking import HOME, MARKETPLACES, Asked, BadRequest, PageTokens, iso
from tradewind.sandbox.desk import Desk
from tradewind.sandbox.faults import FaultKind

CHANNEL = "amazon"
_FAMILIES = (("lastUpdatedAfter", "lastUpdatedBefore"), ("createdAfter", "createdBefore"))
_STATUSES = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)
_DATA = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
)
_KNOWN = (
    *(name for family in _FAMILIES for name in family),
    *("marketplaceIds", "fulfillmentStatuses", "fulfilledBy", "maxResultsPerPage", "paginationToken", "includedData"),
)
_SETTLES = timedelta(minutes=2)
_FULFILLED_BY = {"fba": "AMAZON", "fbm": "MERCHANT"}


@dataclass(frozen=True, slots=True)
class _Place:
    """How far an answer has come: the time of the last order told, and those told of that same time."""

    at: datetime | None
    told: frozenset[str] = frozenset()


class OrderDesk:
    """searchOrders and getOrder."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tokens = PageTokens(desk.clock, "paginationToken", timedelta(hours=24))

    def search(self, asked: dict[str, str], path: str) -> dict[str, Any]:
        told = Asked(asked, _KNOWN)
        skew = self._desk.faults.take(path, FaultKind.CLOCK_SKEW)
        now = self._desk.clock.now() + timedelta(seconds=skew.seconds if skew else 0)
        by_creation, after, before = _span(told, now)
        told.words("fulfillmentStatuses", 7, _STATUSES)
        told.words("fulfilledBy", 2, ("MERCHANT", "AMAZON"))
        told.marketplaces()
        data = told.words("includedData", len(_DATA), _DATA)
        size = told.number("maxResultsPerPage", 100, 1, 100)
        begin = _Place(None if by_creation else after)
        before_it, place = self._tokens.place(told.query) or (None, begin)
        answer: dict[str, Any] = {"createdBefore" if by_creation else "lastUpdatedBefore": iso(before)}
        if skew:
            answer["createdBefore" if by_creation else "lastUpdatedBefore"] = iso(
                before + timedelta(seconds=skew.seconds)
            )
        if self._desk.faults.take(path, FaultKind.EMPTY_PAGE):
            return answer | {
                "orders": [],
                "pagination": {"nextToken": self._tokens.make(told.query, (before_it, place))},
            }
        if before_it is not None and self._desk.faults.take(path, FaultKind.DUPLICATED_PAGE):
            place = before_it
        found = self._found(told, place, by_creation, after, before)
        page = [order for order, _ in zip(found, range(size), strict=False)]
        answer["orders"] = [rendered(order, data) for order in page]
        if len(page) == size:
            follows = self._tokens.make(told.query, (place, _after(place, page)))
            answer["pagination"] = {"nextToken": follows}
        if page and self._desk.faults.take(path, FaultKind.CHANGED):
            self._desk.world.touch(CHANNEL, page[-1].external_id)
        return answer

    def one(self, order_id: str, asked: dict[str, str]) -> dict[str, Any]:
        data = Asked(asked, ("includedData",)).words("includedData", len(_DATA), _DATA)
        order = self._desk.world.order(CHANNEL, order_id)
        if order is None:
            raise BadRequest("The order was not found.", "NotFound", 404)
        return {"order": rendered(order, data)}

    def _found(
        self, told: Asked, place: _Place, by_creation: bool, after: datetime, before: datetime
    ) -> Iterator[UnifiedOrder]:
        wanted = (told.words("fulfillmentStatuses", 7), told.words("fulfilledBy", 2), told.marketplaces())
        until = self._desk.world.now + timedelta(seconds=1) if by_creation else before
        for order in self._desk.world.orders(CHANNEL, place.at, until):
            if order.external_id in place.told or (by_creation and not after <= order.placed_at < before):
                continue
            values = (status_of(order), _FULFILLED_BY[order.fulfillment_channel or "fbm"], order.marketplace)
            if all(not words or value in words for words, value in zip(wanted, values, strict=True)):
                yield order


def _span(told: Asked, now: datetime) -> tuple[bool, datetime, datetime]:
    """Whether orders are asked for by creation, and from when to when."""
    chosen = [(is_created, *family) for is_created, family in enumerate(_FAMILIES) if told.text(family[0])]
    if len(chosen) != 1:
        raise BadRequest("Exactly one of createdAfter and lastUpdatedAfter is required.")
    is_created, begins, ends = chosen[0]
    other = _FAMILIES[1 - is_created]
    if told.text(other[1]):
        raise BadRequest(f"{other[1]} does not go with {begins}.")
    after, before = told.moment(begins), told.moment(ends)
    newest = now - _SETTLES
    if before is not None and before > newest:
        raise BadRequest(f"{ends} must be at least two minutes in the past.")
    before = before or newest
    if after is None or after > before:
        raise BadRequest(f"{begins} must not be after {ends}.")
    return bool(is_created), after, before


def _after(place: _Place, page: list[UnifiedOrder]) -> _Place:
    last = page[-1].channel_updated_at
    told = {order.external_id for order in page if order.channel_updated_at == last}
    if place.at == last:
        told |= place.told
    return _Place(last, frozenset(told))


def status_of(order: UnifiedOrder) -> str:
    if order.status is OrderStatus.CANCELLED:
        return "CANCELLED"
    if order.status is OrderStatus.PENDING:
        return "PENDING"
    match order.fulfillment_status:
        case Fulfillment.FULFILLED:
            return "SHIPPED"
        case Fulfillment.PARTIAL:
            return "PARTIALLY_SHIPPED"
        case _:
            return "UNSHIPPED"


def rendered(order: UnifiedOrder, data: list[str]) -> dict[str, Any]:
    """An order's payload with the parts that were asked for; without any, with all."""
    wants = set(data) or set(_DATA)
    country, name, _ = MARKETPLACES[order.marketplace or HOME]
    raw: dict[str, Any] = {
        "orderId": order.external_id,
        "createdTime": iso(order.placed_at),
        "lastUpdatedTime": iso(order.channel_updated_at or order.placed_at),
        "salesChannel": {
            "channelName": "NON_AMAZON" if order.is_sold_elsewhere else "AMAZON",
            "marketplaceId": order.marketplace,
            "marketplaceName": name,
        },
        "orderItems": [_item(line, order, wants) for line in order.lines],
    }
    if order.is_replacement:
        raw["associatedOrders"] = [{"orderId": order.group_id, "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    if "FULFILLMENT" in wants:
        raw["fulfillment"] = {
            "fulfillmentStatus": status_of(order),
            "fulfilledBy": _FULFILLED_BY[order.fulfillment_channel or "fbm"],
            "fulfillmentServiceLevel": "STANDARD",
        }
    if "PROCEEDS" in wants and order.total is not None:
        raw["proceeds"] = {"grandTotal": _money(order.total, order.currency), "breakdowns": _order_rows(order)}
    if "BUYER" in wants and order.customer is not None:
        raw["buyer"] = {"buyerEmail": order.customer.email}
    if "RECIPIENT" in wants and order.ship_city is not None:
        raw["recipient"] = {
            "deliveryAddress": {
                "city": order.ship_city,
                "stateOrRegion": order.ship_region,
                "postalCode": order.ship_postal,
                "countryCode": order.ship_country or country,
            }
        }
    if "PACKAGES" in wants and order.fulfillment_channel == "fbm" and order.fulfillment_status is Fulfillment.FULFILLED:
        state = "DELIVERED" if order.status is OrderStatus.DELIVERED else "IN_TRANSIT"
        raw["packages"] = [{"packageReferenceId": "1", "packageStatus": {"status": state}}]
    return raw


def _item(line: UnifiedLine, order: UnifiedOrder, wants: set[str]) -> dict[str, Any]:
    product: dict[str, Any] = {"asin": line.listing_id, "title": line.title, "sellerSku": line.sku}
    item: dict[str, Any] = {
        "orderItemId": line.external_line_id,
        "quantityOrdered": line.quantity,
        "product": product,
    }
    if line.unit_price is not None:
        product["price"] = {"unitPrice": _money(line.unit_price, order.currency)}
        if "PROCEEDS" in wants:
            rows = _rows(
                order.currency,
                ITEM=line.unit_price * line.quantity,
                SHIPPING=line.shipping,
                DISCOUNT=None if line.discount is None else -line.discount,
                TAX=line.tax,
            )
            item["proceeds"] = {"breakdowns": rows}
            if line.total is not None:
                item["proceeds"]["proceedsTotal"] = _money(line.total, order.currency)
    if "FULFILLMENT" in wants:
        left = line.quantity - line.quantity_cancelled - line.quantity_shipped
        item["fulfillment"] = {"quantityFulfilled": line.quantity_shipped, "quantityUnfulfilled": left}
    return item


def _order_rows(order: UnifiedOrder) -> list[dict[str, Any]]:
    return _rows(
        order.currency,
        ITEM=order.subtotal,
        SHIPPING=order.shipping,
        DISCOUNT=None if order.discount is None else -order.discount,
        TAX=order.tax,
        OTHER=order.other,
    )


def _rows(currency: str, **amounts: Decimal | None) -> list[dict[str, Any]]:
    return [
        {"type": kind, "subtotal": _money(amount, currency)} for kind, amount in amounts.items() if amount is not None
    ]


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": str(amount), "currencyCode": currency}
