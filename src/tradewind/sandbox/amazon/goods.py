"""Stock, listings, the catalogue and topics of reviews as Amazon tells them, and patches of listings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from tradewind.channels.unified import UnifiedProduct, UnifiedStock
from tradewind.sandbox.amazon.asking import HOME, MARKETPLACES, Asked, BadRequest, PageTokens, iso
from tradewind.sandbox.amazon.orders import CHANNEL
from tradewind.sandbox.desk import Desk
from tradewind.sandbox.faults import FaultKind
from tradewind.sandbox.world import Pushed

_STOCK_PAGE = 50
_MOST_RESULTS = 1_000
_EIGHTEEN_MONTHS = timedelta(days=548)
_INVENTORY = (
    "details",
    "granularityType",
    "granularityId",
    "marketplaceIds",
    "startDateTime",
    "sellerSkus",
    "nextToken",
)
_SEARCH = (
    "marketplaceIds",
    "includedData",
    "identifiers",
    "identifiersType",
    "lastUpdatedAfter",
    "lastUpdatedBefore",
    "pageSize",
    "pageToken",
)
_PARTS = ("summaries", "offers", "fulfillmentAvailability", "issues", "attributes")


class GoodsDesk:
    """All that is about SKUs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stock_tokens = PageTokens(desk.clock, "nextToken", timedelta(seconds=30))
        self._listing_tokens = PageTokens(desk.clock, "pageToken", timedelta(hours=24))

    def summaries(self, asked: dict[str, str], path: str) -> dict[str, Any]:
        told = Asked(asked, _INVENTORY)
        if told.needed("granularityType") != "Marketplace" or told.needed("granularityId") != told.marketplace():
            raise BadRequest("granularityId must be the marketplace.")
        start = told.moment("startDateTime")
        if start is not None and start < self._desk.clock.now() - _EIGHTEEN_MONTHS:
            raise BadRequest("startDateTime is more than 18 months ago.")
        skus = told.words("sellerSkus", 50)
        at: int = self._stock_tokens.place(told.query) or 0
        # All of the goods lie in the pool of the home marketplace.
        kept = [row for row in self._stock("fba") if told.marketplace() == HOME]
        rows = [row for row in kept if (not skus or row.sku in skus) and (start is None or row.as_of >= start)]
        payload = {"granularity": {"granularityType": "Marketplace", "granularityId": told.marketplace()}}
        page = rows[at : at + _STOCK_PAGE]
        if self._desk.faults.take(path, FaultKind.EMPTY_PAGE):
            page, follows = [], at
        else:
            follows = at + _STOCK_PAGE
        answer: dict[str, Any] = {"payload": payload | {"inventorySummaries": [self._summary(row) for row in page]}}
        if follows < len(rows):
            answer["pagination"] = {"nextToken": self._stock_tokens.make(told.query, follows)}
        return answer

    def search(self, asked: dict[str, str], path: str) -> dict[str, Any]:
        told = Asked(asked, _SEARCH)
        place = told.marketplace()
        told.words("includedData", len(_PARTS), _PARTS)
        after, before = told.moment("lastUpdatedAfter"), told.moment("lastUpdatedBefore")
        size = told.number("pageSize", 10, 1, 20)
        at: int = self._listing_tokens.place(told.query) or 0
        found = [
            each
            for each in self._desk.world.products(CHANNEL)
            if place == HOME
            and each.channel_updated_at is not None
            and (after is None or after <= each.channel_updated_at)
            and (before is None or each.channel_updated_at <= before)
        ]
        reachable = found[:_MOST_RESULTS]
        own = {row.sku: row for row in self._stock("seller")}
        page = reachable[at : at + size]
        follows = at + size
        if self._desk.faults.take(path, FaultKind.EMPTY_PAGE):
            page, follows = [], at
        answer: dict[str, Any] = {
            "numberOfResults": len(found),
            "items": [_listing(each, place, own) for each in page],
        }
        if follows < len(reachable):
            answer["pagination"] = {"nextToken": self._listing_tokens.make(told.query, follows)}
        return answer

    def listing(self, sku: str, asked: dict[str, str]) -> dict[str, Any]:
        place = Asked(asked, ("marketplaceIds", "includedData")).marketplace()
        own = {row.sku: row for row in self._stock("seller")}
        return _listing(self._product(sku, place), place, own)

    def catalog(self, asked: dict[str, str]) -> dict[str, Any]:
        told = Asked(asked, ("marketplaceIds", "identifiers", "identifiersType", "includedData", "pageSize"))
        place = told.marketplace()
        if told.needed("identifiersType") != "ASIN":
            raise BadRequest("This stand-in knows ASINs alone.")
        wanted = told.words("identifiers", 20)
        items = [
            {
                "asin": each.external_id,
                "summaries": [
                    {
                        "marketplaceId": place,
                        "brand": each.brand,
                        "browseClassification": {"displayName": each.category, "classificationId": "1"},
                        "itemName": each.title,
                    }
                ],
            }
            for each in self._desk.world.products(CHANNEL)
            if each.external_id in wanted
        ]
        return {"numberOfResults": len(items), "items": items}

    def topics(self, asin: str, asked: dict[str, str]) -> dict[str, Any] | None:
        """Topics of every second product's reviews; nothing of the others, as of most real ones."""
        told = Asked(asked, ("marketplaceId", "sortBy"))
        place = told.marketplace("marketplaceId")
        if told.needed("sortBy") not in ("MENTIONS", "STAR_RATING_IMPACT"):
            raise BadRequest("Invalid input.")
        asins = [each.external_id for each in self._desk.world.products(CHANNEL)]
        if asin not in asins or asins.index(asin) % 2:
            return None
        now = self._desk.clock.now()
        count = 10 + asins.index(asin)
        return {
            "asin": asin,
            "marketplaceId": place,
            "countryCode": MARKETPLACES[place][0],
            "dateRange": {"startDate": iso(now - timedelta(days=182)), "endDate": iso(now)},
            "topics": {
                "positiveTopics": [
                    {"topic": "Sturdy", "asinMetrics": {"numberOfMentions": count, "starRatingImpact": Decimal("4.5")}}
                ],
                "negativeTopics": [],
            },
        }

    def patch(self, sku: str, asked: dict[str, str], body: Any) -> dict[str, Any]:
        place = Asked(asked, ("marketplaceIds",)).marketplace()
        product = self._product(sku, place)
        if not isinstance(body, Mapping) or not body.get("productType") or not isinstance(body.get("patches"), list):
            raise BadRequest("productType and patches are required.", "BAD_REQUEST")
        pushes = [self._pushed(product, place, patch) for patch in body["patches"]]
        issues = [issue for issue in pushes if isinstance(issue, str)]
        for pushed in pushes:
            if isinstance(pushed, Pushed) and not issues:
                self._desk.world.push(CHANNEL, pushed)
        return {
            "sku": sku,
            "status": "INVALID" if issues else "ACCEPTED",
            "submissionId": f"sub-{len(self._desk.world.pushes)}",
            "issues": [{"code": "90000", "message": issue, "severity": "ERROR"} for issue in issues],
        }

    def _pushed(self, product: UnifiedProduct, place: str, patch: Any) -> Pushed | str:
        """What one patch sets, or what is wrong with it."""
        try:
            (value,) = patch["value"]
            if patch["op"] != "replace":
                return f"Operation {patch['op']} is not supported here."
            if patch["path"] == "/attributes/fulfillment_availability":
                quantity = value["quantity"]
                if value["fulfillment_channel_code"] != "DEFAULT" or type(quantity) is not int or quantity < 0:
                    return "'quantity' must be a whole number of the channel DEFAULT."
                return Pushed(product.sku, None, available=quantity)
            if patch["path"] == "/attributes/purchasable_offer":
                price = Decimal(str(value["our_price"][0]["schedule"][0]["value_with_tax"]))
                if value["marketplace_id"] != place or value["currency"] != MARKETPLACES[place][2] or price <= 0:
                    return "'purchasable_offer' is not of this marketplace and its currency."
                return Pushed(product.sku, None, price=str(price))
        except (KeyError, TypeError, ValueError, IndexError, InvalidOperation):
            return "The patch is malformed."
        return f"Attribute {patch['path']} cannot be patched here."

    def _product(self, sku: str, place: str) -> UnifiedProduct:
        found = next((each for each in self._desk.world.products(CHANNEL) if each.sku == sku and place == HOME), None)
        if found is None:
            raise BadRequest(f"SKU '{sku}' not found in marketplace {place}", "NOT_FOUND", 404)
        return found

    def _stock(self, keeper: str) -> list[UnifiedStock]:
        return [row for row in self._desk.world.stock(CHANNEL) if row.keeper == keeper]

    def _summary(self, row: UnifiedStock) -> dict[str, Any]:
        available, reserved, inbound, unsellable = (
            row.available or 0,
            row.reserved or 0,
            row.inbound or 0,
            row.unsellable or 0,
        )
        return {
            "sellerSku": row.sku,
            "condition": "NewItem",
            "inventoryDetails": {
                "fulfillableQuantity": available,
                "inboundWorkingQuantity": 0,
                "inboundShippedQuantity": inbound,
                "inboundReceivingQuantity": 0,
                "reservedQuantity": {"totalReservedQuantity": reserved},
                "researchingQuantity": {"totalResearchingQuantity": 0},
                "unfulfillableQuantity": {"totalUnfulfillableQuantity": unsellable},
            },
            "lastUpdatedTime": iso(row.as_of),
            "productName": "",
            "totalQuantity": available + reserved + inbound + unsellable,
        }


def _listing(product: UnifiedProduct, place: str, own: Mapping[str, UnifiedStock]) -> dict[str, Any]:
    shelf = own.get(product.sku)
    return {
        "sku": product.sku,
        "summaries": [
            {
                "marketplaceId": place,
                "asin": product.external_id,
                "productType": "OUTDOOR_LIVING",
                "conditionType": "new_new",
                "status": ["BUYABLE"] if product.status == "active" else [],
                "itemName": product.title,
                "lastUpdatedDate": iso(product.channel_updated_at) if product.channel_updated_at else None,
            }
        ],
        "offers": [
            {
                "marketplaceId": place,
                "offerType": "B2C",
                "price": {"currencyCode": product.currency, "amount": str(product.price)},
            }
        ],
        "fulfillmentAvailability": [
            {"fulfillmentChannelCode": "DEFAULT", "quantity": shelf.available}
            if shelf is not None
            else {"fulfillmentChannelCode": "AMAZON_NA"}
        ],
    }
