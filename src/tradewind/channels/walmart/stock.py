"""What lies where: the seller's ship nodes, and Walmart's own warehouses (WFS)."""

from __future__ import annotations

from datetime import datetime

from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.unified import UnifiedStock
from tradewind.channels.walmart.values import Unusable, count, listed, of_iso, part, text

WFS = "WFS"
"""The one place that Walmart's warehouses are told as."""


def map_stock(raw: Raw) -> Mapped:
    """`raw` is one SKU's counts with `asOf`, the moment at which they were read: the seller's carry no date."""
    sku = text(raw.get("sku"))
    try:
        if sku is None:
            raise Unusable("no_id", "The count has no SKU.")
        read_at = of_iso(raw.get("asOf"), "asOf")
        if read_at is None:
            raise Unusable("no_date", f"The count of {sku} does not say when it was read.")
        found = [*_own(raw, sku, read_at), *_of_walmart(raw, sku, read_at)]
        if not found:
            raise Unusable("no_counts", f"The count of {sku} names no place.")
        # Both lists tell of the same SKUs, and neither replaces what the other says.
        return Mapped(f"{WFS}|{sku}" if "shipNodes" in raw else sku, raw, tuple(found))
    except Unusable as unusable:
        return Mapped(sku or "", raw, (), (Rejected(sku, unusable.code, str(unusable)),))


def _own(raw: Raw, sku: str, read_at: datetime) -> list[UnifiedStock]:
    """On hand is what can be sold and what is reserved: `inputQty` is only the last figure that the seller sent."""
    found = []
    for node in listed(raw.get("nodes")):
        available = count(part(node, "availToSellQty", "amount"), f"The available units of {sku}")
        reserved = count(part(node, "reservedQty", "amount"), f"The reserved units of {sku}")
        found.append(
            UnifiedStock(
                sku=sku,
                location=text(node.get("shipNode")) or "",
                as_of=read_at,
                available=available,
                reserved=reserved,
                on_hand=None if available is None else available + (reserved or 0),
            )
        )
    return found


def _of_walmart(raw: Raw, sku: str, read_at: datetime) -> list[UnifiedStock]:
    found = []
    for node in listed(raw.get("shipNodes")):
        available = count(node.get("availToSellQty"), f"The available units of {sku}")
        on_hand = count(node.get("onHandQty"), f"The units on hand of {sku}")
        is_whole = available is not None and on_hand is not None
        found.append(
            UnifiedStock(
                sku=sku,
                location=WFS,
                as_of=of_iso(node.get("modifiedDate"), "modifiedDate") or read_at,
                available=available,
                reserved=on_hand - available if is_whole and on_hand is not None and available is not None else None,
                on_hand=on_hand,
                keeper="wfs",
            )
        )
    return found
