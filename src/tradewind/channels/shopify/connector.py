"""The Shopify connector: what it needs, how often it reads, and a shop's connection at work."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

import httpx

from tradewind.channels.contract import (
    Account,
    Caller,
    ChannelFailed,
    Connection,
    CredentialField,
    Hint,
    Judged,
    Limit,
    Mapped,
    Page,
    PricePush,
    PushOutcome,
    Raw,
    Resource,
    Schedule,
    StockPush,
    Verdict,
    Window,
)
from tradewind.channels.shopify import webhooks, writing
from tradewind.channels.shopify.bulk import BulkFailed, bulk_orders
from tradewind.channels.shopify.client import ShopifyClient
from tradewind.channels.shopify.judge import judge_token, parse
from tradewind.channels.shopify.mapping import map_payload
from tradewind.channels.shopify.nested import read_order, whole_item, whole_order, with_refunded_units
from tradewind.channels.shopify.reading import each, tail, text, within
from tradewind.channels.shopify.settings import FIELDS, SCOPES, Shop, has_secret
from tradewind.channels.shopify.throttle import CostBucket
from tradewind.core.clock import Clock, SystemClock
from tradewind.core.errors import InvalidInput

_EARLY = timedelta(hours=1)
_ORDERS_A_PAGE = 250
_NUMBER = re.compile(r"\d{1,20}")
_BALANCE = ("shopifyPaymentsAccount", "balanceTransactions")
_ROOTS = {
    Resource.PRODUCTS: ("VariantsSync", ("productVariants",), "updated_at"),
    Resource.INVENTORY: ("InventorySync", ("inventoryItems",), "updated_at"),
    Resource.CUSTOMERS: ("CustomersSync", ("customers",), "updated_at"),
    Resource.FEES: ("BalanceSync", _BALANCE, "processed_at"),
}


class ShopifyConnector:
    """One shop per account. Cost buckets are kept per shop, since all connections to it draw from the same."""

    name = "shopify"
    label = "Shopify"
    fields: tuple[CredentialField, ...] = FIELDS
    resources: Mapping[Resource, Schedule] = {
        Resource.ORDERS: Schedule(timedelta(minutes=15), timedelta(minutes=30)),
        Resource.INVENTORY: Schedule(timedelta(minutes=30), timedelta(hours=1)),
        Resource.PRODUCTS: Schedule(timedelta(hours=6), timedelta(hours=12)),
        Resource.CUSTOMERS: Schedule(timedelta(hours=6), timedelta(hours=12)),
        Resource.FEES: Schedule(timedelta(hours=6), timedelta(days=1)),
    }
    limits: Mapping[str, Limit] = {}
    """Calls are not counted here, points are: see throttle.py."""
    overlap = timedelta(minutes=10)
    lag = timedelta(minutes=2)
    demands = webhooks.DEMANDS

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._buckets: dict[str, CostBucket] = {}
        self._lock = threading.Lock()

    def scopes(self, account: Account, resource: Resource) -> Sequence[str]:  # noqa: ARG002 (the contract's)
        return ("",)

    def window_days(self, resource: Resource) -> int | None:  # noqa: ARG002 (the contract's)
        return None

    def token(self, account: Account, http: httpx.Client) -> tuple[str, datetime | None]:
        """The token of a custom app, which never ends, or one for a day in exchange for client id and secret."""
        if has_secret(account, "access_token"):
            return account.secret("access_token"), None
        if not (account.values.get("client_id") and has_secret(account, "client_secret")):
            message = "Enter an access token, or a client id and a client secret."
            raise ChannelFailed(message, Judged(Verdict.AUTH_FATAL, code="no_credentials", message=message))
        asked_at = self._clock.now()
        response = http.post(
            f"{Shop.of(account).base_url}/admin/oauth/access_token",
            data={
                "grant_type": "client_credentials",
                "client_id": account.values["client_id"],
                "client_secret": account.secret("client_secret"),
            },
            headers={"Accept": "application/json"},
        )
        judged = judge_token(response)
        if judged.verdict is not Verdict.OK:
            raise ChannelFailed(judged.message or f"Shopify gave no token ({judged.code}).", judged)
        body = parse(response.content)
        lives = timedelta(seconds=int(body.get("expires_in") or 0))
        return str(body["access_token"]), asked_at + max(lives - _EARLY, lives / 2)

    def open(self, account: Account, caller: Caller) -> ShopifyConnection:
        shop = Shop.of(account)
        with self._lock:
            bucket = self._buckets.setdefault(shop.base_url, CostBucket())
        return ShopifyConnection(ShopifyClient(shop, caller, bucket))

    def hints(self, account: Account, headers: Mapping[str, str], body: bytes) -> list[Hint]:
        return webhooks.read_hints(account, headers, body)

    def subscribe(self, connection: Connection, address: str) -> list[str]:
        assert isinstance(connection, ShopifyConnection)
        return webhooks.subscribe(connection.client, address)


class ShopifyConnection:
    """One shop, read and written through the engine's caller."""

    def __init__(self, client: ShopifyClient) -> None:
        self.client = client

    def pages(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:  # noqa: ARG002 (the contract's)
        if resource is Resource.ORDERS:
            for rows, _ in self.client.pages("OrdersSync", ("orders",), query=_search("updated_at", window)):
                yield self._page(resource, [whole_order(self.client, row) for row in rows])
            return
        operation, path, moment = self._root(resource)
        # A change of stock alone may leave an item's own day as it was, so stock is always read as a whole.
        search = None if resource is Resource.INVENTORY else _search(moment, window)
        for rows, data in self.client.pages(operation, path, query=search):
            yield self._page(resource, self._finish(resource, rows, data))

    def first_load(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        """Orders as one bulk operation; should Shopify not finish it, page by page."""
        if resource is not Resource.ORDERS:
            yield from self.pages(resource, scope, window)
            return
        try:
            orders = bulk_orders(self.client, _search("updated_at", window))
            while batch := list(islice(orders, _ORDERS_A_PAGE)):
                yield self._page(resource, list(with_refunded_units(self.client, batch)))
        except BulkFailed:
            yield from self.pages(resource, scope, window)

    def read(self, resource: Resource, external_id: str) -> Page:
        number = tail(external_id) or ""
        if not _NUMBER.fullmatch(number):
            raise InvalidInput(f"Shopify's ids are numbers, and '{external_id[:64]}' is none.", field="external_id")
        if resource is Resource.ORDERS:
            order = read_order(self.client, f"gid://shopify/Order/{number}")
            return self._page(resource, [] if order is None else [whole_order(self.client, order)])
        if resource is Resource.FEES:
            return Page(())  # Movements of the balance are told by their day alone.
        operation, path, _ = self._root(resource)
        search = f"product_id:{number}" if "/Product/" in external_id else f"id:{number}"
        found: list[Raw] = []
        for rows, data in self.client.pages(operation, path, query=search):
            found += self._finish(resource, rows, data)
        return self._page(resource, found)

    def map(self, resource: Resource, raw: Raw) -> Mapped:
        return map_payload(resource, raw, self.client.shop.domain)

    def check(self) -> str:
        """Asks for the shop's name, what the token may read, and whether the version is still there."""
        data = self.client.ask("Check", {})
        granted = {
            str(scope.get("handle"))
            for scope in each(within(data, "currentAppInstallation").get("accessScopes"), "accessScopes")
        }
        missing = [scope for scope in SCOPES if scope not in granted]
        if missing:
            message = f"The app lacks the access scopes {', '.join(missing)}. Grant them and install it again."
            raise ChannelFailed(message, Judged(Verdict.AUTH_FATAL, code="missing_scopes", message=message))
        versions = [str(one["handle"]) for one in each(data.get("publicApiVersions"), "versions") if one["supported"]]
        if self.client.shop.version not in versions:
            message = (
                f"Shopify no longer supports version {self.client.shop.version} of its API."
                f" Set the API version to one of: {', '.join(versions)}."
            )
            raise ChannelFailed(message, Judged(Verdict.PERMANENT, code="version_ended", message=message))
        shop = within(data, "shop")
        return text(shop, "name") or text(shop, "myshopifyDomain") or self.client.shop.domain

    def push_stock(self, pushes: Sequence[StockPush]) -> list[PushOutcome]:
        return writing.push_stock(self.client, pushes)

    def push_prices(self, pushes: Sequence[PricePush]) -> list[PushOutcome]:
        return writing.push_prices(self.client, pushes)

    def _page(self, resource: Resource, raws: Sequence[Raw]) -> Page:
        return Page([self.map(resource, raw) for raw in raws])

    def _finish(self, resource: Resource, rows: Sequence[Raw], data: Raw) -> list[Raw]:
        """Rows with what belongs to them and stands elsewhere: further places of stock, the currency of prices."""
        if resource is Resource.INVENTORY:
            return [whole_item(self.client, row) for row in rows]
        if resource is Resource.PRODUCTS:
            return [{**row, "shop": data.get("shop")} for row in rows]
        return list(rows)

    def _root(self, resource: Resource) -> tuple[str, tuple[str, ...], str]:
        if resource not in _ROOTS:
            message = f"Shopify does not tell {resource}."
            raise ChannelFailed(message, Judged(Verdict.PERMANENT, code="not_offered", message=message))
        return _ROOTS[resource]


def _search(moment: str, window: Window) -> str:
    """The search for what changed in a window. Its moments are cut to seconds; the overlap covers that."""
    until = _told(window.until)
    return f"{moment}:<'{until}'" if window.since is None else f"{moment}:>='{_told(window.since)}' {moment}:<'{until}'"


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
