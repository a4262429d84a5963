"""Walmart Marketplace as a connector: which resources it has, and what one account's connection reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import httpx
import orjson

from tradewind.channels.contract import (
    Account,
    Caller,
    ChannelFailed,
    Connection,
    CredentialField,
    Hint,
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
from tradewind.channels.walmart import settings
from tradewind.channels.walmart.client import Client, new_token, parsed
from tradewind.channels.walmart.mapping import map_raw
from tradewind.channels.walmart.orders import NODE_TYPES
from tradewind.channels.walmart.recon import report_moment
from tradewind.channels.walmart.returns import orders_of
from tradewind.channels.walmart.values import to_iso
from tradewind.channels.walmart.webhooks import EVENTS, check, hints_of, subscription
from tradewind.core.clock import Clock, SystemClock
from tradewind.core.errors import InvalidInput

OWN, WFS = "SellerFulfilled", "WFSFulfilled"


class Walmart:
    """The connector. `clock` is the account's: tests and the sandbox bring their own."""

    name = "walmart"
    label = "Walmart Marketplace"
    fields: tuple[CredentialField, ...] = settings.FIELDS
    resources: Mapping[Resource, Schedule] = settings.RESOURCES
    limits: Mapping[str, Limit] = settings.LIMITS
    overlap = timedelta(minutes=10)
    lag = timedelta(minutes=2)

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    def scopes(self, account: Account, resource: Resource) -> Sequence[str]:  # noqa: ARG002 - the contract's
        """Orders of the three ship-node types are streams of their own; without the type only the seller's come."""
        if resource is Resource.ORDERS:
            return tuple(NODE_TYPES)
        if resource in (Resource.INVENTORY, Resource.RETURNS):
            return (OWN, WFS)
        return ("",)

    def window_days(self, resource: Resource) -> int | None:
        return 30 if resource in (Resource.ORDERS, Resource.RETURNS) else None

    def token(self, account: Account, http: httpx.Client) -> tuple[str, datetime | None]:
        return new_token(account, http, self._clock.now())

    def open(self, account: Account, caller: Caller) -> WalmartConnection:
        return WalmartConnection(account, caller)

    def hints(self, account: Account, headers: Mapping[str, str], body: bytes) -> list[Hint]:
        secret = account.secrets.get("webhook_secret")
        told = "" if secret is None else secret.get_secret_value()
        check(told, account.values.get("webhook_url", ""), headers, body, self._clock.now())
        return hints_of(body)

    def subscribe(self, connection: Connection, address: str) -> list[str]:
        if not isinstance(connection, WalmartConnection):
            raise InvalidInput("Webhooks of Walmart are subscribed over a connection to Walmart.")
        return connection.subscribe(address)


class WalmartConnection:
    """One account. Keeps nothing between calls."""

    def __init__(self, account: Account, caller: Caller) -> None:
        self._account, self._caller = account, caller
        self._client = Client(account, caller)

    def pages(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        match resource:
            case Resource.ORDERS:
                for page in self._client.orders(scope, self._since(window), window.until):
                    yield self._mapped(Resource.ORDERS, page)
            case Resource.RETURNS:
                yield from self._returns(scope, window)
            case Resource.INVENTORY:
                for rows in self._client.wfs() if scope == WFS else self._client.inventories():
                    yield self._stock(rows)
            case Resource.PRODUCTS:
                for page in self._client.items():
                    yield self._mapped(Resource.PRODUCTS, page)
            case Resource.FEES:
                yield from self._settlements(window)
            case _:
                raise InvalidInput(f"Walmart has nothing to read for {resource}.")

    def first_load(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        """Walmart has no other way for much at once; a search that is too large is halved."""
        return self.pages(resource, scope, window)

    def read(self, resource: Resource, external_id: str) -> Page:
        match resource:
            case Resource.ORDERS:
                return self._mapped(Resource.ORDERS, [self._client.order(external_id)])
            case Resource.RETURNS:
                found = [one for page in self._client.returns({"returnOrderId": external_id}) for one in page]
                return self._mapped(Resource.RETURNS, [self._with_orders(one) for one in found])
            case Resource.INVENTORY:
                both = [*self._client.inventories(), *self._client.wfs()]
                wanted = external_id.casefold()
                return self._stock([raw for page in both for raw in page if str(raw.get("sku")).casefold() == wanted])
            case Resource.PRODUCTS:
                return self._mapped(Resource.PRODUCTS, self._client.item(external_id))
            case Resource.FEES:
                return self._mapped(Resource.FEES, [self._settlement(external_id)])
            case _:
                raise InvalidInput(f"Walmart has nothing to read for {resource}.")

    def map(self, resource: Resource, raw: Raw) -> Mapped:
        return map_raw(resource, raw)

    def check(self) -> str:
        """The cheapest call that needs all that a sync needs; Walmart tells no name of the account."""
        self._client.settlement_dates()
        return f"Walmart seller {self._account.values['client_id'][:8]}…"

    def push_stock(self, pushes: Sequence[StockPush]) -> list[PushOutcome]:
        """Sets a figure, so the same push again changes nothing."""
        return [self._push(one.key, partial(self._set_stock, one)) for one in pushes]

    def push_prices(self, pushes: Sequence[PricePush]) -> list[PushOutcome]:
        return [self._push(one.key, partial(self._set_price, one)) for one in pushes]

    def subscribe(self, address: str) -> list[str]:
        """Asks for each event that is not sent to this address yet; returns those that are."""
        secret = self._account.secrets.get("webhook_secret")
        password = "" if secret is None else secret.get_secret_value()
        if not password:
            raise InvalidInput("Enter a webhook secret for this connection first.", field="webhook_secret")
        answer = parsed(self._client.get("webhooks", "/v3/webhooks/subscriptions", is_list=True))
        known = {
            one.get("eventType")
            for one in answer.get("events") or []
            if one.get("eventUrl") == address and one.get("status") == "ACTIVE"
        }
        for event in EVENTS:
            if event not in known:
                body = {"events": [subscription(event, address, password)]}
                self._client.send("webhooks", "POST", "/v3/webhooks/subscriptions", body=body)
        return list(EVENTS)

    def _since(self, window: Window) -> datetime:
        oldest = self._caller.now - timedelta(days=settings.HISTORY_DAYS)
        return oldest if window.since is None else max(window.since, oldest)

    def _returns(self, scope: str, window: Window) -> Iterator[Page]:
        query = {
            "returnLastModifiedStartDate": to_iso(self._since(window)),
            "returnLastModifiedEndDate": to_iso(window.until),
        }
        for page in self._client.returns({**query, "isWFSEnabled": "Y" if scope == WFS else "N"}):
            yield self._mapped(Resource.RETURNS, [self._with_orders(one) for one in page])

    def _with_orders(self, return_order: Raw) -> Raw:
        """A return with its orders as they are now: see the mapping's reason."""
        found = []
        for purchase_order in orders_of(return_order):
            try:
                found.append(self._client.order(purchase_order))
            except ChannelFailed as failed:
                # Orders older than 180 days are gone; the return then stands alone.
                if failed.judged.code != "CONTENT_NOT_FOUND":
                    raise
        return {"return": return_order, "orders": found}

    def _settlements(self, window: Window) -> Iterator[Page]:
        """Reports whose day lies in the window or up to three weeks before: they appear late, and may be mended."""
        since = window.since and window.since - timedelta(days=settings.SETTLEMENT_DAYS)
        dated = sorted((report_moment(date), date) for date in self._client.settlement_dates())
        for moment, date in dated:
            if (since is None or moment >= since) and moment < window.until:
                yield self._mapped(Resource.FEES, [self._settlement(date)])

    def _settlement(self, date: str) -> Raw:
        return {"reportDate": date, "rows": self._client.settlement(date)}

    def _stock(self, rows: Iterable[Raw]) -> Page:
        as_of = to_iso(self._caller.now)
        return self._mapped(Resource.INVENTORY, [{**row, "asOf": as_of} for row in rows])

    def _mapped(self, resource: Resource, raws: Iterable[Raw]) -> Page:
        return Page([map_raw(resource, raw) for raw in raws])

    def _set_stock(self, push: StockPush) -> None:
        query = {"sku": push.sku, **({"shipNode": push.location} if push.location else {})}
        body = {"sku": push.sku, "quantity": {"unit": "EACH", "amount": push.available}}
        self._client.send("inventory.write", "PUT", "/v3/inventory", query, body)

    def _set_price(self, push: PricePush) -> None:
        price = {"currency": push.currency, "amount": _number(push)}
        body = {"sku": push.sku, "pricing": [{"currentPriceType": "BASE", "currentPrice": price}]}
        self._client.send("price.write", "PUT", "/v3/price", body=body)

    def _push(self, key: str, send: Callable[[], None]) -> PushOutcome:
        """What Walmart refuses for this SKU alone is told; a connection that is dead or away ends the run."""
        try:
            send()
        except ChannelFailed as failed:
            if failed.judged.verdict is not Verdict.PERMANENT:
                raise
            return PushOutcome(key, False, str(failed))
        return PushOutcome(key, True)


def _number(push: PricePush) -> orjson.Fragment:
    """Walmart wants a number of JSON: the cents as they are written, without a binary fraction on the way."""
    cents = push.price.quantize(Decimal("0.01"))
    if cents != push.price or push.price <= 0:
        raise InvalidInput(f"A price at Walmart is a positive amount in cents; {push.price} is none.", field="price")
    return orjson.Fragment(str(cents))
