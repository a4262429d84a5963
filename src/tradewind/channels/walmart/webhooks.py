"""Walmart's webhooks: signed over the raw bytes, and no more than a hint that something is to be read anew."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tradewind.channels.contract import Hint, Resource
from tradewind.channels.walmart.values import text, trimmed
from tradewind.core.errors import NotPermitted

USER = "tradewind"
OLDEST, NEWEST = timedelta(minutes=5), timedelta(minutes=2)
EVENTS: Mapping[str, tuple[str, Resource, str | None]] = {
    "PO_CREATED": ("ORDER", Resource.ORDERS, "purchaseOrderId"),
    "PO_LINE_AUTOCANCELLED": ("ORDER", Resource.ORDERS, "purchaseOrderId"),
    "INTENT_TO_CANCEL": ("ORDER", Resource.ORDERS, "purchaseOrderId"),
    "ORDER_UPDATES": ("ORDER", Resource.ORDERS, "purchaseOrderId"),
    "RETURN_CREATED": ("RETURN", Resource.RETURNS, "returnOrderId"),
    "RETURN_DELIVERED": ("RETURN", Resource.RETURNS, "returnOrderId"),
    "RETURN_INVOICED": ("RETURN", Resource.RETURNS, "returnOrderId"),
    "INVENTORY_OOS": ("INVENTORY", Resource.INVENTORY, "sku"),
    "OFFER_PUBLISHED": ("ITEM", Resource.PRODUCTS, "sku"),
    "OFFER_UNPUBLISHED": ("ITEM", Resource.PRODUCTS, "sku"),
    "BUY_BOX_CHANGED": ("PRICE", Resource.PRODUCTS, "sku"),
}
"""By event: Walmart's name of the resource, ours, and where the payload names the thing."""


class UnsignedWebhook(NotPermitted):
    """A call says that it is Walmart's and cannot prove it, or is too old."""

    code = "unsigned_webhook"


def signature(secret: str, method: str, address: str, timestamp: str, body: bytes) -> str:
    """base64(HMAC-SHA256(secret, `METHOD\\nPATH_AND_QUERY\\nTIMESTAMP\\nhex(SHA256(body))`))."""
    split = urlsplit(address)
    path = f"{split.path}?{split.query}" if split.query else split.path
    told = "\n".join([method, path, timestamp, hashlib.sha256(body).hexdigest()])
    return base64.b64encode(hmac.new(secret.encode(), told.encode(), hashlib.sha256).digest()).decode()


def check(secret: str, address: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises UnsignedWebhook. `address` is the one that was subscribed; a password needs none."""
    sent = {name.lower(): value for name, value in headers.items()}
    if not secret:
        raise UnsignedWebhook("This connection has no webhook secret, so nobody can prove to be Walmart. Enter one.")
    if "wm_sec.signature" in sent:
        _check_signature(secret, address, sent, body, now)
    elif not hmac.compare_digest(sent.get("authorization", "").encode(), basic(secret).encode()):
        raise UnsignedWebhook("The call carries neither Walmart's signature nor the password of this connection.")


def basic(secret: str) -> str:
    return f"Basic {base64.b64encode(f'{USER}:{secret}'.encode()).decode()}"


def _check_signature(secret: str, address: str, sent: Mapping[str, str], body: bytes, now: datetime) -> None:
    timestamp = sent.get("wm_sec.timestamp", "")
    if not timestamp.isascii() or not timestamp.isdigit():
        raise UnsignedWebhook("The call does not say when it was signed.")
    age = now.timestamp() - int(timestamp)
    if not -NEWEST.total_seconds() <= age <= OLDEST.total_seconds():
        raise UnsignedWebhook("The call was signed too long ago, or in the future.")
    ours = signature(secret, "POST", address, timestamp, body)
    if not hmac.compare_digest(ours.encode(), sent["wm_sec.signature"].encode()):
        raise UnsignedWebhook("The signature of the call is not Walmart's.")


def hints_of(body: bytes) -> list[Hint]:
    """What a body tells; events of a kind that nothing hangs on give none."""
    try:
        told: Any = trimmed(json.loads(body))
        source, payload = told["source"], told.get("payload") or {}
        event, event_id = text(source["eventType"]), text(source["eventId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    if event is None or event_id is None or event not in EVENTS:
        return []
    _, resource, name = EVENTS[event]
    external_id = text(payload.get(name)) if name and isinstance(payload, Mapping) else None
    return [Hint(event_id, resource, external_id, event)]


def subscription(event: str, address: str, secret: str) -> dict[str, Any]:
    """What is asked for one event."""
    return {
        "eventType": event,
        "eventVersion": "V1",
        "resourceName": EVENTS[event][0],
        "eventUrl": address,
        "authDetails": {
            "authMethod": "BASIC_AUTH",
            "userName": USER,
            "password": secret,
            "authHeaderName": "Authorization",
        },
        "headers": {"content-type": "application/json"},
        "status": "ACTIVE",
    }
