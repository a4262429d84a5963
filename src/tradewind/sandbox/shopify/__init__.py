"""The stand-in for Shopify: one shop with its GraphQL, as exact as the specification, fed by the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tradewind.channels.contract import Limit
from tradewind.sandbox.desk import Desk, News, StandIn
from tradewind.sandbox.markets import SHOP
from tradewind.sandbox.shopify.app import GRAPHQL, App, refuse
from tradewind.sandbox.shopify.hooks import announce

CREDENTIALS: Mapping[str, str] = {
    "shop": SHOP,
    "client_id": "sandbox-shopify-client",
    "client_secret": "sandbox-shopify-secret",
    "access_token": "shpat_sandbox",
}
LIMITS: Mapping[str, Limit] = {GRAPHQL: Limit(rate=100, burst=2000)}
"""In points, as on the Standard plan."""


def stand_in(desk: Desk) -> StandIn:
    app = App(desk)

    def variables(address: str) -> Mapping[str, str]:
        return {
            "SHOPIFY_SHOP_NAME": desk.credentials["shop"],
            "SHOPIFY_CLIENT_ID": desk.credentials["client_id"],
            "SHOPIFY_CLIENT_SECRET": desk.credentials["client_secret"],
            "SHOPIFY_BASE_URL": address,
        }

    def told(since: datetime, until: datetime) -> Sequence[News]:
        return list(announce(desk, app.shop.subscriptions, since, until))

    return StandIn(app.asgi, refuse, variables, told)
