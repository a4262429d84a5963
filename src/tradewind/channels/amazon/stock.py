"""Stock: what Amazon holds of the seller's goods (FBA), and what the seller offers from a shelf of their own. Pure.

The payloads are kept as `{"marketplaceId": …, "summary": …}` and `{"marketplaceId": …, "listing": …}`: the rows
themselves do not say whose they are.
"""

from __future__ import annotations

from datetime import datetime

from tradewind.channels.amazon.values import Unbookable, needed_text, part, parts, text, units
from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.unified import UnifiedStock

SELLERS_OWN = "DEFAULT"
OWN_SHELF = ":seller"
"""Ends the location of what the seller holds: one SKU may be offered from both sides in a marketplace."""
_INBOUND = ("inboundWorkingQuantity", "inboundShippedQuantity", "inboundReceivingQuantity")


@rejects_surprises
def stock(raw: Raw, as_of: datetime) -> Mapped:
    """The counts of one SKU in one marketplace at the moment they were read."""
    row = raw.get("summary") or raw.get("listing") or {}
    name = text(row.get("sellerSku") or row.get("sku")) if isinstance(row, dict) else None
    place = text(raw.get("marketplaceId")) or ""
    external_id = f"{name}:{place}"
    try:
        found = _held_by_amazon(raw, place, as_of) if "summary" in raw else _held_by_seller(raw, place, as_of)
    except Unbookable as flaw:
        return Mapped(external_id, raw, (), (Rejected(name, flaw.flaw, str(flaw)),))
    return Mapped(external_id, raw, (found,) if found else ())


def _held_by_amazon(raw: Raw, place: str, as_of: datetime) -> UnifiedStock:
    row = part(raw, "summary")
    details = part(row, "inventoryDetails")
    inbound = [count for count in (units(details.get(key), key) for key in _INBOUND) if count is not None]
    return UnifiedStock(
        sku=needed_text(row.get("sellerSku"), "sellerSku"),
        location=place,
        as_of=as_of,
        available=units(details.get("fulfillableQuantity"), "fulfillableQuantity"),
        reserved=units(part(details, "reservedQuantity").get("totalReservedQuantity"), "totalReservedQuantity"),
        inbound=sum(inbound) if inbound else None,
        unsellable=units(
            part(details, "unfulfillableQuantity").get("totalUnfulfillableQuantity"), "totalUnfulfillableQuantity"
        ),
        on_hand=units(row.get("totalQuantity"), "totalQuantity"),
        keeper="fba",
    )


def _held_by_seller(raw: Raw, place: str, as_of: datetime) -> UnifiedStock | None:
    """None for a listing that Amazon alone fulfils."""
    row = part(raw, "listing")
    sku = needed_text(row.get("sku"), "sku")
    for offered in parts(row, "fulfillmentAvailability"):
        if offered.get("fulfillmentChannelCode") == SELLERS_OWN:
            return UnifiedStock(
                sku=sku,
                location=f"{place}{OWN_SHELF}",
                as_of=as_of,
                available=units(offered.get("quantity"), "quantity"),
                keeper="seller",
            )
    return None
