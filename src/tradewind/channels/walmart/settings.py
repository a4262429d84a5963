"""What ages: addresses, limits and the names of Walmart's headers. Limits are of the seller's account and operation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tradewind.channels.contract import CredentialField, Limit, Resource, Schedule

BASE_URL = "https://marketplace.walmartapis.com"
SERVICE = "Walmart Marketplace"
TOKEN_LIFE = timedelta(minutes=15)
RENEW_BEFORE = timedelta(minutes=2)
HISTORY_DAYS = 180
"""How far back orders can be asked for."""
SEARCH_LIMIT = 10_000
"""A search yields no more orders than this."""
SETTLEMENT_DAYS = 21
"""Settlements appear up to this long after the day that they are named by."""

ORDERS_PAGE, ITEMS_PAGE, INVENTORY_PAGE, WFS_PAGE, RETURNS_PAGE = 200, 50, 50, 300, 200


def per_minute(calls: int) -> Limit:
    """Never more than `calls` in any minute: a tenth at once, the rest evenly."""
    return Limit(rate=0.9 * calls / 60, burst=max(0.1 * calls, 1.0))


LIMITS: Mapping[str, Limit] = {
    "orders.search": per_minute(5000),
    "orders.read": per_minute(5000),
    "items.search": per_minute(60),
    "items.read": per_minute(900),
    "inventory.search": per_minute(200),
    "inventory.write": per_minute(200),
    "wfs.search": per_minute(100),
    "returns.search": per_minute(50),
    "settlements": per_minute(100),
    "webhooks": per_minute(200),
    "price.write": Limit(rate=0.9 * 100 / 3600, burst=10.0),
}

RESOURCES: Mapping[Resource, Schedule] = {
    Resource.ORDERS: Schedule(every=timedelta(minutes=15), target_age=timedelta(minutes=30)),
    Resource.RETURNS: Schedule(every=timedelta(hours=1), target_age=timedelta(hours=3)),
    Resource.INVENTORY: Schedule(every=timedelta(minutes=30), target_age=timedelta(hours=1)),
    Resource.PRODUCTS: Schedule(every=timedelta(hours=6), target_age=timedelta(hours=12)),
    Resource.FEES: Schedule(every=timedelta(days=1), target_age=timedelta(days=2)),
}

FIELDS = (
    CredentialField(
        "client_id",
        "Client ID",
        is_secret=False,
        env="WALMART_CLIENT_ID",
        help="Developer portal, API keys, production.",
    ),
    CredentialField("client_secret", "Client secret", env="WALMART_CLIENT_SECRET"),
    CredentialField("base_url", "Address", is_secret=False, env="WALMART_BASE_URL", default=BASE_URL),
    CredentialField(
        "webhook_secret",
        "Webhook secret",
        env="WALMART_WEBHOOK_SECRET",
        default="",
        help="A long random text of your own: Walmart proves by it that a webhook is its own. Empty: no webhooks.",
    ),
    CredentialField(
        "webhook_url",
        "Webhook address",
        is_secret=False,
        env="WALMART_WEBHOOK_URL",
        default="",
        help="The public address that Walmart calls; needed where webhooks are signed (HMAC).",
    ),
)
