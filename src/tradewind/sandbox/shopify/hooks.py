"""Webhooks as Shopify sends them: payloads of the REST shape, signed over their bytes with the client secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tradewind.channels.unified import UnifiedOrder
from tradewind.sandbox.desk import Desk, News
from tradewind.sandbox.shopify.rendering import gid, moment

_EVENTS = uuid.UUID("3b3cf0a8-6d4a-5d0e-9c51-8a1d8f0f7a55")


def announce(
    desk: Desk, subscriptions: Mapping[str, Mapping[str, str]], since: datetime, until: datetime
) -> Iterator[News]:
    """One call per event and subscription. Whoever subscribed to nothing hears nothing."""
    addresses: dict[str, list[str]] = {}
    for told in subscriptions.values():
        addresses.setdefault(told["topic"], []).append(told["uri"])
    if not addresses:
        return
    for order in desk.news_of(since, until):
        for topic, payload in _events(order, since):
            for uri in addresses.get(topic.replace("/", "_").upper(), ()):
                yield signed(desk, topic, payload, uri, until)


def _events(order: UnifiedOrder, since: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    payload = {
        "id": int(order.external_id),
        "admin_graphql_api_id": gid("Order", order.external_id),
        "name": order.order_number,
        "currency": order.currency,
        "created_at": moment(order.placed_at),
        "updated_at": moment(order.channel_updated_at),
    }
    yield ("orders/create" if order.placed_at >= since else "orders/updated"), payload
    if order.status == "cancelled":
        yield "orders/cancelled", payload
    for refund in order.refunds:
        if refund.refunded_at >= since:
            yield "refunds/create", {"id": refund.external_id, "order_id": int(order.external_id)}


def signed(desk: Desk, topic: str, payload: Mapping[str, Any], uri: str, at: datetime) -> News:
    body = json.dumps(payload, separators=(",", ":")).encode()
    signature = hmac.digest(desk.credentials["client_secret"].encode(), body, hashlib.sha256)
    event = uuid.uuid5(_EVENTS, f"{topic} {body.decode()}")
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
        "X-Shopify-Shop-Domain": desk.credentials["shop"],
        "X-Shopify-API-Version": "2026-04",
        "X-Shopify-Webhook-Id": str(uuid.uuid5(_EVENTS, f"{event} {uri}")),
        "X-Shopify-Event-Id": str(event),
        "X-Shopify-Triggered-At": str(moment(at)),
    }
    return News("POST", uri, headers, body)
