"""The shop behind the stand-in: what each field of a query or mutation answers, from the world."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from itertools import groupby, islice
from typing import Any

from tradewind.channels.unified import UnifiedOrder, UnifiedStock
from tradewind.sandbox.desk import Desk
from tradewind.sandbox.faults import FaultKind
from tradewind.sandbox.shopify.bulk import BulkShelf
from tradewind.sandbox.shopify.query import Field, QueryError, Rows, page_of
from tradewind.sandbox.shopify.rendering import (
    balance_object,
    customer_object,
    gid,
    item_object,
    moment,
    order_object,
    variant_object,
)
from tradewind.sandbox.shopify.searching import Cursors, Search, read_moment, read_search
from tradewind.sandbox.world import Pushed

CHANNEL = "shopify"
VERSIONS = ("2026-01", "2026-04", "2026-07", "2026-10")
SCOPES = (
    "read_orders read_all_orders read_products write_products read_inventory write_inventory read_locations"
    " read_customers read_fulfillments read_returns read_shopify_payments_payouts read_shopify_payments_accounts"
).split()
_FIRST_ITEM = 800

Row = tuple[str, str, Callable[[], Mapping[str, Any]]]
"""Moment and key, by which rows are sorted, and the row itself."""


class Shop:
    """Answers one field at a time; the app calls it from one thread at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._world = desk, desk.world
        self.bulk = BulkShelf(self, desk.clock)
        self.subscriptions: dict[str, dict[str, str]] = {}
        """Topic and address by id."""
        self._last_pages: dict[str, list[Mapping[str, Any]]] = {}
        self._pages = 0
        self._done: dict[str, tuple[str, dict[str, Any]]] = {}
        self._customers: tuple[Any, list[Row]] = (None, [])

    def queries(self) -> dict[str, Any]:
        installation = {"accessScopes": [{"handle": scope} for scope in SCOPES]}
        return {
            "shop": {
                "name": "Tradewind Sandbox",
                "myshopifyDomain": self._desk.credentials["shop"],
                "currencyCode": "USD",
                "ianaTimezone": "America/New_York",
            },
            "publicApiVersions": [{"handle": version, "supported": True} for version in VERSIONS],
            "currentAppInstallation": installation,
            "orders": self._orders,
            "order": lambda one: self._order(one.arguments.get("id")),
            "refund": self._refund,
            "nodes": lambda one: [self._order(id_) for id_ in one.arguments.get("ids") or ()],
            "productVariants": self._variants,
            "inventoryItems": self._items,
            "inventoryItem": self._item,
            "customers": self._customers_page,
            "shopifyPaymentsAccount": {"balanceTransactions": self._balance},
            "bulkOperation": lambda one: self.bulk.poll(str(one.arguments.get("id"))),
            "webhookSubscriptions": self._webhooks,
        }

    def mutations(self) -> dict[str, Any]:
        return {
            "bulkOperationRunQuery": self.bulk.run,
            "webhookSubscriptionCreate": self._subscribe,
            "inventorySetQuantities": self._set_quantities,
            "productVariantsBulkUpdate": self._set_prices,
        }

    def all_orders(self, search: Search) -> Iterator[Mapping[str, Any]]:
        """Those that a bulk operation finds, in the order of their last change."""
        for order in self._found(search):
            yield self._rendered(order)

    def _found(self, search: Search, begin: str = "") -> Iterator[UnifiedOrder]:
        since = search.since
        if begin and (since is None or read_moment(begin) > since):
            since = read_moment(begin)
        until = self._world.now + timedelta(seconds=1)
        found = self._world.orders(CHANNEL, since, until if search.until is None else min(search.until, until))
        return (order for order in found if search.has("id", order.external_id))

    def _rendered(self, order: UnifiedOrder) -> Mapping[str, Any]:
        return order_object(order, self._world.fees_of_order(CHANNEL, order.external_id))

    def _orders(self, one: Field) -> Rows:
        if one.arguments.get("sortKey") != "UPDATED_AT":
            raise QueryError("The sandbox tells orders by UPDATED_AT alone.", "invalid")
        search, after = read_search(one.arguments.get("query"), "updated_at", "id"), one.arguments.get("after")
        begin = Cursors.of(one).read(after)[0] if after else ""
        page = self._page(
            one,
            (
                (moment(order.channel_updated_at) or "", order.external_id, partial(self._rendered, order))
                for order in self._found(search, begin)
            ),
        )
        if page.has_next and page.nodes and self._desk.faults.take("orders", FaultKind.CHANGED):
            self._world.touch(CHANNEL, str(page.nodes[0]["legacyResourceId"]))
        return page

    def _order(self, id_: object) -> Mapping[str, Any] | None:
        order = self._world.order(CHANNEL, str(id_).rpartition("/")[2])
        return None if order is None else self._rendered(order)

    def _refund(self, one: Field) -> Mapping[str, Any] | None:
        wanted = str(one.arguments.get("id"))
        for order in self._world.orders(CHANNEL, None, self._world.now + timedelta(seconds=1)):
            for refund in self._rendered(order)["refunds"] if order.refunds else ():
                if refund["id"] == wanted:
                    return dict(refund)
        return None

    def _levels(self) -> dict[str, list[UnifiedStock]]:
        levels: dict[str, list[UnifiedStock]] = {}
        for stock in self._world.stock(CHANNEL):
            levels.setdefault(stock.sku, []).append(stock)
        return levels

    def _wares(self, search: Search) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Item ids and variants, by id."""
        levels = self._levels()
        for index, product in enumerate(self._world.products(CHANNEL)):
            item_id = str(_FIRST_ITEM + index)
            variant = variant_object(product, item_id, levels.get(product.sku, []))
            changed = product.channel_updated_at
            is_inside = changed is None or (
                (search.since is None or changed >= search.since) and (search.until is None or changed < search.until)
            )
            if is_inside and search.has("sku", product.sku) and search.has("product_id", item_id):
                yield item_id, variant

    def _variants(self, one: Field) -> Rows:
        search = read_search(one.arguments.get("query"), "updated_at", "id", "sku", "product_id")
        found = (variant for _, variant in self._wares(search) if search.has("id", variant["legacyResourceId"]))
        return self._page(one, (("", str(row["legacyResourceId"]), partial(dict, row)) for row in found))

    def _items(self, one: Field) -> Rows:
        search = read_search(one.arguments.get("query"), "updated_at", "id", "sku")
        found = ((item_id, row) for item_id, row in self._wares(search) if search.has("id", item_id))
        return self._page(one, (("", item_id, partial(dict, row["inventoryItem"])) for item_id, row in found))

    def _item(self, one: Field) -> Mapping[str, Any] | None:
        wanted = str(one.arguments.get("id")).rpartition("/")[2]
        for item_id, variant in self._wares(read_search(None)):
            if item_id == wanted:
                levels = self._levels().get(str(variant["sku"]), [])
                return item_object(str(variant["sku"]), item_id, levels, str(variant["updatedAt"]))
        return None

    def _customers_page(self, one: Field) -> Rows:
        search = read_search(one.arguments.get("query"), "updated_at", "id")
        asked = (search.since, search.until, self._world.now, json.dumps(sorted(map(sorted, search.values.values()))))
        if self._customers[0] != asked:
            self._customers = (asked, self._known_customers(search))
        return self._page(one, iter(self._customers[1]))

    def _known_customers(self, search: Search) -> list[Row]:
        """Buyers by the last change of an order of theirs."""
        last: dict[str, Row] = {}
        for order in self._found(Search(search.since, search.until, {})):
            person, changed = order.customer, order.channel_updated_at or order.placed_at
            if person is not None and search.has("id", person.key):
                last[person.key] = (moment(changed) or "", person.key, partial(customer_object, person, changed))
        return sorted(last.values(), key=lambda row: row[:2])

    def _balance(self, one: Field) -> Rows:
        search, now = read_search(one.arguments.get("query"), "processed_at"), self._world.now + timedelta(seconds=1)
        until = now if search.until is None else min(search.until, now)
        # Fees come by their moment: a page begins at its cursor's, or the last pages of many would take the longest.
        after = one.arguments.get("after")
        begin = Cursors.of(one).read(after)[0] if after else ""
        since = read_moment(begin) if begin else search.since
        fees = self._world.fees(CHANNEL, since, until)
        rows = ((moment(fee.posted_at) or "", fee.external_id, partial(balance_object, fee)) for fee in fees)
        by_moment = groupby(rows, key=lambda row: row[0])
        return self._page(one, (row for _, at_once in by_moment for row in sorted(at_once, key=lambda row: row[:2])))

    def _webhooks(self, one: Field) -> Rows:
        rows = ({"id": id_, **told} for id_, told in sorted(self.subscriptions.items()))
        return self._page(one, (("", str(row["id"]), partial(dict, row)) for row in rows))

    def _page(self, one: Field, rows: Iterable[Row]) -> Rows:
        """A page after the cursor; faults tell the page before once more, or none of it."""
        first, after = page_of(one)
        cursors = Cursors.of(one)
        begin = cursors.read(after) if after else ("", "")
        self._pages += 1
        fault = self._desk.faults.take(one.name, FaultKind.EMPTY_PAGE, FaultKind.DUPLICATED_PAGE)
        if fault is not None:
            repeated = self._last_pages.get(cursors.bound, []) if fault.kind is FaultKind.DUPLICATED_PAGE else []
            return Rows(repeated, True, cursors.make(*begin, nonce=self._pages))
        cut = list(islice((row for row in rows if row[:2] > begin), first + 1))
        nodes = [make() for _, _, make in cut[:first]]
        self._last_pages[cursors.bound] = nodes
        end = cut[len(nodes) - 1][:2] if nodes else begin
        return Rows(nodes, len(cut) > first, cursors.make(*end) if nodes else None)

    def _subscribe(self, one: Field) -> dict[str, Any]:
        topic, asked = str(one.arguments.get("topic")), one.arguments.get("webhookSubscription") or {}
        uri = str(asked.get("uri"))
        if {"topic": topic, "uri": uri} in self.subscriptions.values():
            message = "Address for this topic has already been taken"
            return {"webhookSubscription": None, "userErrors": [_user_error(["webhookSubscription"], message)]}
        id_ = gid("WebhookSubscription", str(9000 + len(self.subscriptions)))
        self.subscriptions[id_] = {"topic": topic, "uri": uri}
        return {"webhookSubscription": {"id": id_, "topic": topic, "uri": uri}, "userErrors": []}

    def _set_quantities(self, one: Field) -> dict[str, Any]:
        """Once per key; the same key with another input is refused."""
        key, asked = one.directives.get("idempotent", {}).get("key"), one.arguments.get("input")
        if not key:
            raise QueryError("The @idempotent directive is required for this mutation.", "BAD_REQUEST")
        text = json.dumps(asked, sort_keys=True)
        if key in self._done:
            if self._done[key][0] != text:
                return {"userErrors": [_user_error(None, "Key used before", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")]}
            return self._done[key][1]
        told = self._quantities_set(asked, key)
        self._done[key] = (text, told)
        return told

    def _quantities_set(self, asked: Any, key: str) -> dict[str, Any]:
        if not isinstance(asked, Mapping) or asked.get("name") != "available" or not asked.get("reason"):
            raise QueryError("Variable $input of type InventorySetQuantitiesInput! was provided invalid value")
        items = dict(self._wares(read_search(None)))
        levels = self._levels()
        changes = []
        for index, change in enumerate(asked.get("quantities") or ()):
            path = ["input", "quantities", str(index)]
            if "changeFromQuantity" not in change:
                return {"userErrors": [_user_error(path, "changeFromQuantity is required", "INVALID")]}
            variant = items.get(str(change.get("inventoryItemId")).rpartition("/")[2])
            if variant is None:
                return {"userErrors": [_user_error(path, "The item could not be found.", "INVALID_INVENTORY_ITEM")]}
            at = {gid("Location", level.location): level for level in levels.get(str(variant["sku"]), ())}
            level = at.get(str(change.get("locationId")))
            if level is None:
                return {"userErrors": [_user_error(path, "The item is not stocked there.", "ITEM_NOT_STOCKED")]}
            if change["changeFromQuantity"] is not None and change["changeFromQuantity"] != level.available:
                message = "The changeFromQuantity argument no longer matches."
                return {"userErrors": [_user_error(path, message, "CHANGE_FROM_QUANTITY_STALE")]}
            changes.append(Pushed(str(variant["sku"]), level.location, available=int(change["quantity"]), key=key))
        for pushed in changes:
            self._world.push(CHANNEL, pushed)
        return {"userErrors": []}

    def _set_prices(self, one: Field) -> dict[str, Any]:
        variants = {row["id"]: row for _, row in self._wares(read_search(None))}
        changes = []
        for index, change in enumerate(one.arguments.get("variants") or ()):
            variant = variants.get(change.get("id"))
            if variant is None or variant["product"]["id"] != one.arguments.get("productId"):
                return {"userErrors": [_user_error(["variants", str(index), "id"], "Product variant does not exist")]}
            changes.append(Pushed(str(variant["sku"]), None, price=str(change["price"])))
        for pushed in changes:
            self._world.push(CHANNEL, pushed)
        return {"userErrors": []}


def _user_error(path: list[str] | None, message: str, code: str | None = None) -> dict[str, Any]:
    return {"field": path, "message": message, "code": code}
