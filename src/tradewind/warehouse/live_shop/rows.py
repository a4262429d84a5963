"""Booked facts as rows of the live shop's data sources. Pure: a payload in, lines out.

What is landed already is read by `sql/live/history/` instead, which has to say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tradewind.events.contracts import Topic


class _Entry(msgspec.Struct):
    grain: str
    at: str
    channel: str
    currency: str
    product_id: str
    units: int
    revenue: str


class _Sold(msgspec.Struct):
    """An order or a refund, as far as its entries need it; a refund has no number."""

    entries: list[_Entry]
    order_id: str = ""
    order_number: str = ""


class _Sale(msgspec.Struct):
    """A row of booked_sales."""

    order_id: str
    order_number: str
    kind: str
    product_id: str
    store_id: str
    units: int
    amount: str
    currency: str
    at: str


_READ = msgspec.json.Decoder(_Sold)
_WRITE = msgspec.json.Encoder()


def _sales(kind: str) -> Callable[[bytes], bytes]:
    def lines(payload: bytes) -> bytes:
        told = _READ.decode(payload)
        rows = [
            _Sale(told.order_id, told.order_number, kind, e.product_id, e.channel, e.units, e.revenue, e.currency, e.at)
            for e in told.entries
            if e.grain == "product"
        ]
        return _WRITE.encode_lines(rows)

    return lines


def _as_told(payload: bytes) -> bytes:
    """The payload's keys are the columns; what the data source does not have is left out by the engine."""
    msgspec.json.decode(payload, type=dict[str, Any])
    return payload + b"\n"


SOURCES: Mapping[str, str] = {
    Topic.ORDERS: "booked_sales",
    Topic.REFUNDS: "booked_sales",
    Topic.STOCK_MOVEMENTS: "stock_changes",
    Topic.PRODUCTS: "catalog_products",
}
"""Which data source a topic's facts are told to."""

_LINES: Mapping[str, Callable[[bytes], bytes]] = {
    Topic.ORDERS: _sales("sale"),
    Topic.REFUNDS: _sales("refund"),
    Topic.STOCK_MOVEMENTS: _as_told,
    Topic.PRODUCTS: _as_told,
}


def lines_of(topic: str, payload: bytes) -> bytes:
    """The rows of a fact as JSON lines, none for an order that changed nothing in the figures.

    Raises msgspec.DecodeError for a payload that is none of this topic.
    """
    return _LINES[topic](payload)
