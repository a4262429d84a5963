"""The contract of a fact: which topics exist and what travels in them.

A payload is one JSON object whose keys are the columns of the topic's landed table (sql/landed/), money
as decimal strings in major units, moments as `YYYY-MM-DD hh:mm:ss.ffffff` in UTC. It is self-contained: a
reader needs no look-up. `contract` in each payload is the version of its shape; a table reads all
versions up to its own, because columns are only ever added, with defaults.

Personal data (name, e-mail, phone, street) travels in `customers` and nowhere else.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from tradewind.core.clock import utc_text


class Topic(StrEnum):
    """Booked facts, one topic per entity. Values are also the names of the landed tables' entities."""

    ORDERS = "orders"
    PAYMENTS = "payments"
    REFUNDS = "refunds"
    STOCK_MOVEMENTS = "stock_movements"
    PRODUCTS = "products"
    CUSTOMERS = "customers"
    REVIEWS = "reviews"
    CHANNELS = "channels"
    FX_RATES = "fx_rates"
    CARTS = "carts"
    PRODUCT_CATEGORIES = "product_categories"
    FEES = "fees"
    AD_SPEND = "ad_spend"


class Fact(NamedTuple):
    """Something that happened. Facts with one key keep their order; `event_at` is when it happened."""

    topic: str
    key: str
    event_at: datetime
    payload: bytes


def encode(payload: dict[str, Any]) -> bytes:
    """The payload as JSON: decimals as digits in a string, moments in the form that ClickHouse reads."""
    return orjson.dumps(payload, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


def moment(value: datetime) -> str:
    """A moment as it stands in payloads."""
    return utc_text(value)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in a fact")
