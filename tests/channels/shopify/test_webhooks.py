"""Shopify's calls: proven over their raw bytes, kept once, followed by a look; and asked for where they lack."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from tests.channels.shopify.conftest import Sample
from tests.channels.shopify.shopfront import Shopfront, a_shop
from tradewind.channels.contract import Account, ChannelFailed, Hint, Raw, Resource, Verdict
from tradewind.channels.shopify.client import ShopifyClient
from tradewind.channels.shopify.settings import Shop
from tradewind.channels.shopify.webhooks import TOPICS, read_hints, subscribe
from tradewind.channels.sync import inbox
from tradewind.channels.sync.engine import Engine
from tradewind.commerce.orders.model import Order
from tradewind.core.errors import InvalidInput, NotPermitted
from tradewind.sandbox.faults import Fault, FaultKind

SHOP, SECRET = "camp.myshopify.com", "the-secret-of-the-app"
ACCOUNT = Account("a", "shopify", "shopify", {"shop": "camp"}, {"client_secret": SecretStr(SECRET)})
HOOK = "https://shop.example/api/v1/channels/hooks/shopify"
ASKED = sorted(TOPICS.keys() - {"customers/data_request", "customers/redact", "shop/redact"})
"""The others are named in Shopify's own dashboard."""


def call(payload: Any, topic: str = "orders/updated", secret: str = SECRET, **headers: str) -> tuple[Any, bytes]:
    """A call as Shopify makes it."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    told = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": "event-1",
    }
    return told | {name.replace("_", "-"): value for name, value in headers.items()}, body


@pytest.mark.parametrize(
    ("topic", "payload", "resource", "external_id"),
    [
        ("orders/create", {"id": 77}, Resource.ORDERS, "77"),
        ("orders/updated", {"id": 77, "a_new_field": 1}, Resource.ORDERS, "77"),
        ("orders/delete", {"id": 77}, Resource.ORDERS, "77"),
        ("orders/edited", {"order_edit": {"id": 1, "order_id": 77}}, Resource.ORDERS, "77"),
        ("orders/edited", {"order_edit": None}, Resource.ORDERS, None),
        ("refunds/create", {"id": 5, "order_id": 77}, Resource.ORDERS, "77"),
        ("order_transactions/create", {"id": 5, "order_id": 77}, Resource.ORDERS, "77"),
        ("products/update", {"id": 9}, Resource.PRODUCTS, "gid://shopify/Product/9"),
        ("inventory_levels/update", {"inventory_item_id": 8, "location_id": 1}, Resource.INVENTORY, "8"),
        ("inventory_items/update", {"id": 8}, Resource.INVENTORY, "8"),
        ("customers/update", {"id": 6}, Resource.CUSTOMERS, "6"),
        ("customers/redact", {"customer": {"id": 6}}, Resource.CUSTOMERS, "6"),
        ("customers/redact", {"customer": None}, Resource.CUSTOMERS, None),
        ("app/uninstalled", {"id": 1}, Resource.ORDERS, None),
        ("orders/updated", {}, Resource.ORDERS, None),
    ],
)
def test_a_call_names_what_to_look_at(
    topic: str, payload: Mapping[str, Any], resource: Resource, external_id: str | None
) -> None:
    headers, body = call(payload, topic)
    assert read_hints(ACCOUNT, headers, body) == [Hint("event-1", resource, external_id, topic)]


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    headers, body = call(b'{"id":  77}')
    assert read_hints(ACCOUNT, headers, body)[0].external_id == "77"
    with pytest.raises(NotPermitted):
        read_hints(ACCOUNT, headers, b'{"id": 77}')


@pytest.mark.parametrize(
    "changes",
    [
        {"X_Shopify_Hmac_Sha256": ""},
        {"X_Shopify_Hmac_Sha256": "é"},
        {"X_Shopify_Hmac_Sha256": base64.b64encode(b"x" * 32).decode()},
        {"X_Shopify_Shop_Domain": "other.myshopify.com"},
        {"X_Shopify_Shop_Domain": ""},
    ],
)
def test_an_unproven_call_is_refused(changes: dict[str, str]) -> None:
    headers, body = call({"id": 77}, **changes)
    with pytest.raises(NotPermitted) as refused:
        read_hints(ACCOUNT, headers, body)
    assert SECRET not in str(refused.value)


def test_names_of_headers_are_the_same_in_any_case() -> None:
    headers, body = call({"id": 77})
    assert read_hints(ACCOUNT, {name.lower(): value for name, value in headers.items()}, body)
    assert read_hints(ACCOUNT, {name.upper(): value for name, value in headers.items()}, body)


def test_a_secret_that_was_changed_is_good_beside_the_new_one_and_none_is_good_for_nothing() -> None:
    headers, body = call({"id": 77}, secret="the-old-one")
    with pytest.raises(NotPermitted):
        read_hints(ACCOUNT, headers, body)
    both = {**ACCOUNT.secrets, "former_client_secret": SecretStr("the-old-one")}
    assert read_hints(replace(ACCOUNT, secrets=both), headers, body)
    headers, body = call({"id": 77}, secret="")
    with pytest.raises(NotPermitted):
        read_hints(replace(ACCOUNT, secrets={"client_secret": SecretStr("")}), headers, body)
    with pytest.raises(NotPermitted):
        read_hints(replace(ACCOUNT, secrets={}), headers, body)


def test_a_topic_that_we_do_not_know_is_no_news_and_a_call_that_cannot_be_read_is_refused() -> None:
    headers, body = call({"id": 77}, "themes/publish")
    assert read_hints(ACCOUNT, headers, body) == []
    for odd in (b"[1]", b'{"id":', b""):
        headers, body = call(odd)
        with pytest.raises(InvalidInput):
            read_hints(ACCOUNT, headers, body)
    headers, body = call({"id": 77}, X_Shopify_Webhook_Id="")
    with pytest.raises(InvalidInput, match="X-Shopify-Webhook-Id"):
        read_hints(ACCOUNT, headers, body)


@pytest.mark.parametrize("name", ["orders_updated", "refunds_create", "inventory_levels_update", "app_uninstalled"])
def test_the_documented_calls_are_proven(sample: Sample, name: str) -> None:
    told = sample(f"webhooks/{name}")
    account = replace(
        ACCOUNT, values={"shop": "jsmith"}, secrets={"client_secret": SecretStr(told["hmac_secret_used"])}
    )
    assert len(read_hints(account, told["headers"], told["raw_body"].encode())) == 1


def test_the_documented_forgery_is_refused(sample: Sample) -> None:
    told = sample("webhooks/orders_updated.bad_hmac")  # case 17
    account = replace(
        ACCOUNT, values={"shop": "jsmith"}, secrets={"client_secret": SecretStr(told["hmac_secret_used"])}
    )
    with pytest.raises(NotPermitted):
        read_hints(account, told["headers"], told["raw_body"].encode())


@pytest.fixture(scope="module")
def shop() -> Iterator[Shopfront]:
    with a_shop(orders=60, days=20) as front:
        front.desk.limits.is_on = False
        yield front


@pytest.fixture
def sent(shop: Shopfront) -> Iterator[Counter[str]]:
    """How often each operation was sent."""
    counted: Counter[str] = Counter()

    def count(request: httpx.Request) -> None:
        if request.url.path.endswith("graphql.json"):
            counted.update([json.loads(request.content)["operationName"]])

    shop.http.event_hooks = {"request": [count]}
    yield counted
    shop.http.event_hooks = {"request": []}


def test_each_topic_is_asked_for_once(shop: Shopfront, sent: Counter[str]) -> None:
    connection, _ = shop.open()
    for _ in range(2):
        assert subscribe(connection.client, HOOK) == ASKED
        assert sent["WebhookCreate"] == len(ASKED)


class Remembering(ShopifyClient):
    """A client of a shop that has these subscriptions, and refuses new ones with these words."""

    def __init__(self, *there: str, refusal: str | None = None, base_url: str = "https://camp.myshopify.com") -> None:
        self.shop = Shop(SHOP, base_url, "2026-04", has_static_token=True)
        self._there, self._refusal = there, refusal
        self.asked: list[str] = []

    def pages(self, operation: str, *_: Any, **__: Any) -> Iterator[tuple[list[Raw], Raw]]:
        assert operation == "WebhookList"
        rows: list[Raw] = [{"topic": topic, "uri": HOOK} for topic in self._there]
        yield [*rows, {"topic": "ORDERS_EDITED", "uri": "https://elsewhere.example"}], {}

    def ask(self, operation: str, variables: Mapping[str, Any], rows: int = 0) -> Raw:
        assert (operation, rows) == ("WebhookCreate", 0)
        self.asked.append(variables["topic"])
        errors = [] if self._refusal is None else [{"message": self._refusal}]
        return {"webhookSubscriptionCreate": {"userErrors": errors}}


def test_what_shopify_forgot_is_asked_for_again_and_no_other_address_counts() -> None:
    """It drops a subscription whose calls failed for four hours."""
    there = {topic.replace("/", "_").upper() for topic in ASKED} - {"ORDERS_EDITED", "REFUNDS_CREATE"}
    client = Remembering(*there)
    assert subscribe(client, HOOK) == ASKED
    assert client.asked == ["ORDERS_EDITED", "REFUNDS_CREATE"]


def test_a_refusal_is_told_in_shopifys_words() -> None:
    with pytest.raises(ChannelFailed, match="app/uninstalled: Address is not allowed") as failed:
        subscribe(Remembering(refusal="Address is not allowed"), HOOK)
    assert failed.value.judged.verdict is Verdict.PERMANENT


def test_an_address_that_shopify_cannot_call_is_refused_before_it_is_asked() -> None:
    client = Remembering()
    with pytest.raises(InvalidInput, match="public https"):
        subscribe(client, "http://192.168.1.7/hooks")
    assert client.asked == []


def test_a_subscription_whose_answer_was_lost_is_there(shop: Shopfront) -> None:
    connection, _ = shop.open()
    connection.check()
    lost: list[str] = []

    def lose(request: httpx.Request) -> None:
        if b"WebhookCreate" in request.content and not lost:
            lost.append("answer")
            shop.desk.faults.switch(Fault(FaultKind.DROPPED, path="graphql"))

    shop.http.event_hooks = {"request": [lose]}
    assert "orders/updated" in subscribe(connection.client, f"{HOOK}?lost=1")
    assert (lost, shop.desk.faults.waiting) == (["answer"], [])


def test_news_is_kept_once_and_the_order_itself_is_read(served: tuple[Shopfront, Engine]) -> None:
    """What the stand-in sends when time passes, delivered twice and mixed up."""
    shop, engine = served
    since = shop.sandbox.clock.now()
    inbox.subscribe(engine, "shopify", HOOK)
    shop.sandbox.clock.advance(hours=12)
    announce = shop.sandbox.stand_ins["shopify"].announce
    assert announce is not None
    news = [*announce(since, shop.sandbox.clock.now())]
    assert len(news) > 3
    heard = [inbox.hear(engine, "shopify", one.headers, one.body) for one in [*reversed(news), *news]]
    assert heard == [1] * len(news) + [0] * len(news)
    first = news[0]
    with pytest.raises(NotPermitted):
        inbox.hear(engine, "shopify", first.headers, first.body + b" ")
    assert inbox.work(engine) == len(news)
    about = {str(json.loads(one.body).get("order_id") or json.loads(one.body)["id"]) for one in news}
    with engine.database.read() as tx:
        booked = {row.external_id: row.status for row in tx.scalars(select(Order))}
    assert booked.keys() == about
    for external_id, status in booked.items():
        order = shop.sandbox.world.order("shopify", external_id)
        assert order is not None
        assert status == ("shipped" if order.status == "refunded" else order.status)
