"""Walmart's published limits per operation and minute."""

from __future__ import annotations

from collections.abc import Mapping

from tradewind.channels.contract import Limit


def _minute(calls: int) -> Limit:
    return Limit(rate=calls / 60, burst=calls)


LIMITS: Mapping[str, Limit] = {
    "token": _minute(600),
    "orders": _minute(5000),
    "items": _minute(300),
    "items with parameters": _minute(60),
    "item": _minute(900),
    "inventory": _minute(200),
    "inventories": _minute(200),
    "fulfillment inventory": _minute(100),
    "returns": _minute(50),
    "reports": _minute(100),
    "webhooks": _minute(200),
    "price": Limit(rate=100 / 3600, burst=100),
}
"""As published; `token` and writing inventory are not, and are taken as generous."""
