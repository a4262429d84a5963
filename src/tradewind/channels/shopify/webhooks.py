"""Shopify's calls to us: checked by their signature over the raw bytes, and read as hints of what changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tradewind.channels.contract import Account, ChannelFailed, Demand, Hint, Judged, Resource, Verdict
from tradewind.channels.shopify.client import ShopifyClient, reach
from tradewind.channels.shopify.judge import parse
from tradewind.channels.shopify.orders import guest_key
from tradewind.channels.shopify.settings import Shop, has_secret
from tradewind.core.errors import InvalidInput, NotPermitted

TOPICS = {
    "orders/create": Resource.ORDERS,
    "orders/updated": Resource.ORDERS,
    "orders/cancelled": Resource.ORDERS,
    "orders/edited": Resource.ORDERS,
    "orders/delete": Resource.ORDERS,
    "refunds/create": Resource.ORDERS,
    "order_transactions/create": Resource.ORDERS,
    "products/create": Resource.PRODUCTS,
    "products/update": Resource.PRODUCTS,
    "products/delete": Resource.PRODUCTS,
    "inventory_levels/update": Resource.INVENTORY,
    "inventory_items/update": Resource.INVENTORY,
    "customers/create": Resource.CUSTOMERS,
    "customers/update": Resource.CUSTOMERS,
    "customers/delete": Resource.CUSTOMERS,
    "app/uninstalled": Resource.ORDERS,
    "customers/data_request": Resource.CUSTOMERS,
    "customers/redact": Resource.CUSTOMERS,
    "shop/redact": Resource.CUSTOMERS,
}
"""What each topic is about."""
DEMANDS = {
    "customers/data_request": Demand.TELL,
    "customers/redact": Demand.FORGET,
    "shop/redact": Demand.FORGET_ALL,
}
"""Topics that every app has to obey; they are named in Shopify's dashboard and cannot be asked for."""
_OF_AN_ORDER = frozenset({"refunds/create", "order_transactions/create"})
_SECRETS = ("client_secret", "former_client_secret")


def read_hints(account: Account, headers: Mapping[str, str], body: bytes) -> list[Hint]:
    """What a call says changed; nothing for a topic that we do not know. Raises NotPermitted, InvalidInput."""
    named = {name.lower(): value for name, value in headers.items()}
    if not _is_signed(account, named.get("x-shopify-hmac-sha256", ""), body):
        raise NotPermitted("The call is not signed with this app's client secret.")
    if named.get("x-shopify-shop-domain", "").lower() != Shop.of(account).domain:
        raise NotPermitted("The call is about another shop than this connection's.")
    topic, event_id = named.get("x-shopify-topic", ""), named.get("x-shopify-webhook-id")
    if not event_id:
        raise InvalidInput("The call has no X-Shopify-Webhook-Id.")
    if topic not in TOPICS:
        return []
    try:
        payload = parse(body)
    except ValueError as broken:
        raise InvalidInput("The call's body is no JSON.") from broken
    if not isinstance(payload, Mapping):
        raise InvalidInput("The call's body is no JSON object.")
    hint = Hint(event_id, TOPICS[topic], _external_id(topic, payload), topic)
    return [hint, *_more_to_forget(hint, payload)] if topic == "customers/redact" else [hint]


def _more_to_forget(hint: Hint, payload: Mapping[str, Any]) -> Iterator[Hint]:
    """The person as a guest, and their orders: in the books some may belong to nobody."""
    customer, orders = payload.get("customer"), payload.get("orders_to_redact")
    email = customer.get("email") if isinstance(customer, Mapping) else None
    if isinstance(email, str) and email:
        yield replace(hint, event_id=f"{hint.event_id}/guest", external_id=guest_key(email))
    for order_id in orders if isinstance(orders, list) else ():
        yield Hint(f"{hint.event_id}/{order_id}", Resource.ORDERS, str(order_id), hint.topic)


def _is_signed(account: Account, signature: str, body: bytes) -> bool:
    """With the secret, or with the former one for the hour after it was changed."""
    good = False
    for name in _SECRETS:
        if has_secret(account, name):
            digest = hmac.digest(account.secret(name).encode(), body, hashlib.sha256)
            good |= hmac.compare_digest(base64.b64encode(digest), signature.encode())
    return good


def _external_id(topic: str, payload: Mapping[str, Any]) -> str | None:
    """What to read anew; None where the topic is about the whole account."""
    if topic in _OF_AN_ORDER:
        key: Any = payload.get("order_id")
    elif topic == "orders/edited":
        edit = payload.get("order_edit")
        key = edit.get("order_id") if isinstance(edit, Mapping) else None
    elif topic == "inventory_levels/update":
        key = payload.get("inventory_item_id")
    elif topic in DEMANDS:
        customer = payload.get("customer")
        key = customer.get("id") if isinstance(customer, Mapping) else None
    elif topic == "app/uninstalled":
        key = None
    else:
        key = payload.get("id")
    if key is None:
        return None
    return f"gid://shopify/Product/{key}" if topic.startswith("products/") else str(key)


def subscribe(client: ShopifyClient, address: str) -> list[str]:
    """Asks for all topics that are not asked for yet; Shopify forgets those that failed for hours.

    Returns the topics that call this address now. Raises ChannelFailed.
    """
    if not address.startswith("https://") and client.shop.base_url.startswith("https://"):
        raise InvalidInput("Shopify calls public https addresses only.", field="address")
    wanted = {_enum(topic): topic for topic in TOPICS if topic not in DEMANDS}
    for name in sorted(wanted.keys() - _subscribed(client, address)):
        answer = reach(client.ask("WebhookCreate", {"topic": name, "uri": address}), ("webhookSubscriptionCreate",))
        errors = (answer or {}).get("userErrors")
        # Where the answer to the first try was lost, the second is refused: it is there already.
        if errors and name not in _subscribed(client, address):
            message = f"Shopify refused to call us for {wanted[name]}: {errors[0].get('message')}"
            raise ChannelFailed(message, Judged(Verdict.PERMANENT, code="webhook_refused", message=message))
    return sorted(wanted.values())


def _subscribed(client: ShopifyClient, address: str) -> set[str]:
    """The topics that call this address, by their names in GraphQL."""
    pages = client.pages("WebhookList", ("webhookSubscriptions",))
    return {str(row["topic"]) for rows, _ in pages for row in rows if row.get("uri") == address}


def _enum(topic: str) -> str:
    """`orders/updated` is ORDERS_UPDATED in GraphQL."""
    return topic.replace("/", "_").upper()
