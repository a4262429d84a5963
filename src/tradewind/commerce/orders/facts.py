"""What an order tells the world: its state, its lines, and the entries it makes in the sales figures.

Entries are signed, like those of a journal: a booking adds, a change takes back what was said before and
adds what is true now. So a sum over all entries is right at every moment, in whatever order they come.
An entry of the grain `order` carries the whole order; those of the grain `product` carry its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.core.money import micros_to_text, to_text
from tradewind.events.contracts import Fact, Topic, encode, moment


@dataclass(frozen=True, slots=True)
class Entry:
    """A signed line in the sales figures, in minor units. Revenue is after refunds, `refunded` what they took."""

    grain: str
    at: datetime
    channel: str
    country: str
    currency: str
    product_id: str
    units: int
    revenue: int
    refunded: int
    orders: int

    def reversed(self) -> Entry:
        return replace(self, units=-self.units, revenue=-self.revenue, refunded=-self.refunded, orders=-self.orders)

    def as_payload(self) -> dict[str, Any]:
        return {
            "grain": self.grain,
            "at": moment(self.at),
            "channel": self.channel,
            "country": self.country,
            "currency": self.currency,
            "product_id": self.product_id,
            "units": self.units,
            "revenue": to_text(self.revenue, self.currency),
            "refunded": to_text(self.refunded, self.currency),
            "orders": self.orders,
        }


def sales_entries(order: dict[str, Any], items: Sequence[dict[str, Any]], channel: str) -> list[Entry]:
    """The entries of an order in its present state: none unless it is sold, and never for a test.

    A replacement moves goods and no money: it has entries but does not count as an order.
    """
    if OrderStatus(order["status"]) not in SOLD or order["is_test"]:
        return []
    counts = 0 if order["is_replacement"] else 1
    whole = Entry(
        "order",
        order["placed_at"],
        channel,
        order["ship_country"] or "",
        order["currency"],
        "",
        order["units"],
        order["revenue_minor"],
        0,
        counts,
    )
    parts: dict[str, Entry] = {}
    for item in items:
        known = parts.get(item["product_id"])
        units = item["quantity"] + (known.units if known else 0)
        revenue = item["revenue_minor"] + (known.revenue if known else 0)
        parts[item["product_id"]] = Entry(
            "product",
            whole.at,
            channel,
            whole.country,
            whole.currency,
            item["product_id"],
            units,
            revenue,
            0,
            counts,
        )
    return [whole, *parts.values()]


def difference(before: Sequence[Entry], after: Sequence[Entry]) -> list[Entry]:
    """What has to be entered so that the figures go from one state to the other; nothing when they agree."""
    if list(before) == list(after):
        return []
    return [entry.reversed() for entry in before] + list(after)


def order_fact(
    order: dict[str, Any],
    items: Sequence[dict[str, Any]],
    entries: Sequence[Entry],
    *,
    channel: str,
    previous_status: str | None,
) -> Fact:
    """The fact of an order's booking or change, complete in itself."""
    currency = order["currency"]

    def money(minor: int) -> str:
        return to_text(minor, currency)

    payload = {
        "contract": 1,
        "order_id": order["id"],
        "version": order["version"],
        "channel": channel,
        "order_number": order["order_number"],
        "external_id": order["external_id"],
        "customer_id": order["customer_id"] or "",
        "placed_at": order["placed_at"],
        "status": order["status"],
        "previous_status": previous_status or "",
        "is_sold": int(OrderStatus(order["status"]) in SOLD and not order["is_test"]),
        "fulfillment_status": order["fulfillment_status"],
        "payment_status": order["payment_status"],
        "currency": currency,
        "subtotal": money(order["subtotal_minor"]),
        "discount": money(order["discount_minor"]),
        "shipping": money(order["shipping_minor"]),
        "tax": money(order["tax_minor"]),
        "other": money(order["other_minor"]),
        "fees": money(order["fees_minor"]),
        "total": money(order["total_minor"]),
        "revenue": money(order["revenue_minor"]),
        "units": order["units"],
        "prices_include_tax": int(order["prices_include_tax"]),
        "ship_country": order["ship_country"] or "",
        "ship_region": order["ship_region"] or "",
        "ship_city": order["ship_city"] or "",
        "is_test": int(order["is_test"]),
        "is_replacement": int(order["is_replacement"]),
        "origin": order["origin"],
        "lines": [
            {
                "line_no": item["line_no"],
                "product_id": item["product_id"],
                "sku": item["sku"] or "",
                "name": item["name"],
                "quantity": item["quantity"],
                "unit_price": micros_to_text(item["unit_price_micros"]),
                "discount": money(item["discount_minor"]),
                "tax": money(item["tax_minor"]),
                "total": money(item["total_minor"]),
                "revenue": money(item["revenue_minor"]),
                "unit_cost": None if item["unit_cost_micros"] is None else micros_to_text(item["unit_cost_micros"]),
            }
            for item in items
        ],
        "entries": [entry.as_payload() for entry in entries],
    }
    happened_at = order["placed_at"] if previous_status is None else order["updated_at"]
    return Fact(Topic.ORDERS, order["id"], happened_at, encode(payload))
