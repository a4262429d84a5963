"""A connection to one seller's account: windows of orders, stock, listings, transactions and feedback, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from tradewind.channels.amazon.client import Client, failed, is_gone, iso, rows_of, segment
from tradewind.channels.amazon.feedback import review_topics
from tradewind.channels.amazon.finances import transaction
from tradewind.channels.amazon.listings import Listings
from tradewind.channels.amazon.mapping import MAPPINGS, map_order
from tradewind.channels.amazon.marketplaces import parse_marketplaces
from tradewind.channels.amazon.products import asin_of, product
from tradewind.channels.amazon.pushing import Pushes
from tradewind.channels.amazon.reports import feedback_items, settlements
from tradewind.channels.amazon.stock import stock
from tradewind.channels.amazon.values import moment, part, text
from tradewind.channels.contract import (
    Account,
    Caller,
    ChannelFailed,
    Mapped,
    Page,
    PricePush,
    PushOutcome,
    Raw,
    Resource,
    StockPush,
    Window,
)

ORDERS = "/orders/2026-01-01/orders"
TRANSACTIONS = "/finances/2024-06-19/transactions"
SUMMARIES = "/fba/inventory/v1/summaries"
HISTORY = timedelta(days=730)
"""How far back Amazon tells of orders and money."""
_LATE_MONEY = timedelta(hours=48)
"""Transactions of the last two days may be missing from an answer, and come later."""
_LONGEST_MONEY_WINDOW = timedelta(days=179)
"""Amazon answers longer ones with an empty list and no error."""
_OLDEST_CHANGE = timedelta(days=540)
_DATA = ("PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "RECIPIENT", "TAX", "PACKAGES")
_FEEDBACK_HISTORY = timedelta(days=365)


class AmazonConnection:
    """Reads and writes one account. Keeps nothing between calls."""

    def __init__(self, account: Account, caller: Caller) -> None:
        self.client = Client(account, caller)
        self._listings = Listings(self.client, account.values.get("seller_id", ""))
        self._pushes = Pushes(self.client, account.values.get("seller_id", ""))

    def pages(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        readers: Mapping[Resource, Callable[[str, Window], Iterator[Page]]] = {
            Resource.ORDERS: self._orders,
            Resource.PRODUCTS: self._products,
            Resource.INVENTORY: self._stock,
            Resource.FEES: self._fees,
            Resource.FEEDBACK: self._feedback,
        }
        return readers[resource](scope, window)

    def first_load(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        """Amazon has no faster way to much history."""
        return self.pages(resource, scope, window)

    def read(self, resource: Resource, external_id: str) -> Page:
        """One order by its id, one SKU's stock or listing in every marketplace, or the money of one order."""
        match resource:
            case Resource.ORDERS:
                return Page(self._one_order(external_id))
            case Resource.FEES:
                asked = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": external_id}
                return Page([item for page in self._transactions(asked) for item in page])
            case Resource.INVENTORY:
                return Page([item for place in self._places() for item in self._one_stock(place, external_id)])
            case Resource.PRODUCTS:
                found = ((place, self._listings.one(place, external_id)) for place in self._places())
                return Page([product({"marketplaceId": place, "listing": row}) for place, row in found if row])
            case _:
                return Page([])

    def map(self, resource: Resource, raw: Raw) -> Mapped:
        if resource is Resource.ORDERS:
            return map_order(raw, self.client.caller.now, is_test=self.client.is_test)
        return MAPPINGS[resource](raw, self.client.caller.now)

    def check(self) -> str:
        """Whether the credentials work and the marketplaces are the seller's."""
        answer = self.client.get("getMarketplaceParticipations", "/sellers/v1/marketplaceParticipations", {}) or {}
        rows = rows_of("getMarketplaceParticipations", answer, "payload")
        there = {
            text(part(row, "marketplace").get("id")): text(row.get("storeName"))
            for row in rows
            if part(row, "participation").get("isParticipating")
        }
        missing = [place.country for place in self.client.places if place.id not in there]
        if missing:
            raise failed(
                "getMarketplaceParticipations",
                "not_participating",
                f"this seller does not sell in {', '.join(missing)}: change the marketplaces of the connection",
            )
        names = sorted({there[place.id] or "Amazon" for place in self.client.places})
        return f"{', '.join(names)} ({', '.join(place.country for place in self.client.places)})"

    def push_stock(self, pushes: Sequence[StockPush]) -> list[PushOutcome]:
        return self._pushes.stock(pushes)

    def push_prices(self, pushes: Sequence[PricePush]) -> list[PushOutcome]:
        return self._pushes.prices(pushes)

    # --- Orders ---

    def _orders(self, scope: str, window: Window) -> Iterator[Page]:
        params: dict[str, str | int] = {
            "marketplaceIds": ",".join(place.id for place in parse_marketplaces(scope)),
            "lastUpdatedAfter": iso(window.since or window.until - HISTORY),
            "lastUpdatedBefore": iso(window.until),
            "maxResultsPerPage": 100,
            "includedData": self._included(),
        }
        answers = self.client.pages(
            "searchOrders", ORDERS, params, "paginationToken", lambda told: part(told, "pagination").get("nextToken")
        )
        for answer in answers:
            items = [self.map(Resource.ORDERS, raw) for raw in rows_of("searchOrders", answer, "orders")]
            told = moment(answer.get("lastUpdatedBefore"), "lastUpdatedBefore")
            # A clock that is ahead must not carry the watermark past what was asked for.
            yield Page(items, None if told is None else min(told, window.until))

    def _one_order(self, order_id: str) -> list[Mapped]:
        """None where Amazon has no such order, or has it no longer."""
        try:
            answer = self.client.get("getOrder", f"{ORDERS}/{segment(order_id)}", {"includedData": self._included()})
        except ChannelFailed as refused:
            if is_gone(refused):
                return []
            raise
        raw = part(answer or {}, "order")
        return [self.map(Resource.ORDERS, raw)] if raw else []

    def _included(self) -> str:
        return ",".join((*_DATA, "BUYER") if self._wants("buyers") else _DATA)

    def _wants(self, name: str) -> bool:
        return self.client.account.values.get(name, "").strip().lower() in ("yes", "true", "1")

    # --- Goods ---

    def _products(self, scope: str, window: Window) -> Iterator[Page]:
        for rows in self._listings.changed(scope, window.since, window.until):
            catalog = self._listings.catalog(scope, [asin for row in rows if (asin := asin_of(row, scope))])
            yield Page(
                [
                    product(
                        {"marketplaceId": scope, "listing": row, "catalog": catalog.get(asin_of(row, scope) or "", {})}
                    )
                    for row in rows
                ]
            )

    def _stock(self, scope: str, window: Window) -> Iterator[Page]:
        """What changed at Amazon; once a day everything, because changes of goods on their way there are not told.

        The seller's own counts are always read whole: a sale is no change of a listing.
        """
        since = window.since
        oldest = window.until - _OLDEST_CHANGE
        if since is not None and (since < oldest or since.date() != window.until.date()):
            since = None
        # All pages at once: their tokens live for thirty seconds.
        for rows in list(self._summaries(scope, {"startDateTime": iso(since)} if since else {})):
            yield Page([stock({"marketplaceId": scope, "summary": row}, window.until) for row in rows])
        for rows in self._listings.changed(scope, None, window.until):
            yield Page([stock({"marketplaceId": scope, "listing": row}, window.until) for row in rows])

    def _summaries(self, place: str, more: Mapping[str, str]) -> Iterator[list[Raw]]:
        params = {
            "details": "true",
            "granularityType": "Marketplace",
            "granularityId": place,
            "marketplaceIds": place,
            **more,
        }
        answers = self.client.pages(
            "getInventorySummaries",
            SUMMARIES,
            params,
            "nextToken",
            lambda told: part(told, "pagination").get("nextToken"),
        )
        for answer in answers:
            yield rows_of("getInventorySummaries", answer, "payload", "inventorySummaries")

    def _one_stock(self, place: str, sku: str) -> Iterator[Mapped]:
        now = self.client.caller.now
        for rows in self._summaries(place, {"sellerSkus": sku}):
            yield from (stock({"marketplaceId": place, "summary": row}, now) for row in rows)
        listing = self._listings.one(place, sku)
        if listing is not None:
            yield stock({"marketplaceId": place, "listing": listing}, now)

    # --- Money ---

    def _fees(self, _: str, window: Window) -> Iterator[Page]:
        if self.client.account.values.get("fees_from", "").strip() == "settlements":
            for items in settlements(self.client, window.since, window.until):
                yield Page(items)
            return
        since = window.until - HISTORY if window.since is None else window.since - _LATE_MONEY
        while since < window.until:
            until = min(since + _LONGEST_MONEY_WINDOW, window.until)
            for items in self._transactions({"postedAfter": iso(since), "postedBefore": iso(until)}):
                yield Page(items)
            since = until

    def _transactions(self, params: Mapping[str, str]) -> Iterator[list[Mapped]]:
        answers = self.client.pages(
            "listTransactions", TRANSACTIONS, params, "nextToken", lambda told: part(told, "payload").get("nextToken")
        )
        for answer in answers:
            yield [transaction(raw) for raw in rows_of("listTransactions", answer, "payload", "transactions")]

    # --- What buyers say ---

    def _feedback(self, scope: str, window: Window) -> Iterator[Page]:
        """Ratings of the seller, and topics of reviews where the account is a brand's owner."""
        since = max(window.since or window.until - _FEEDBACK_HISTORY, window.until - _FEEDBACK_HISTORY)
        yield Page(feedback_items(self.client, scope, since, window.until))
        if not self._wants("review_topics"):
            return
        asins: dict[str, None] = {}
        for rows in self._listings.changed(scope, None, window.until):
            asins |= {asin: None for row in rows if (asin := asin_of(row, scope))}
        for asin in asins:
            answer = self.client.get(
                "getItemReviewTopics",
                f"/customerFeedback/2024-06-01/items/{segment(asin)}/reviews/topics",
                {"marketplaceId": scope, "sortBy": "MENTIONS"},
            )
            if answer is not None:
                yield Page([review_topics(answer)])

    def _places(self) -> list[str]:
        return [place.id for place in self.client.places]
