"""Variants, stock and customers of Shopify as unified records. No I/O.

A variant without a SKU can be tied to nothing of ours, and one whose stock Shopify does not track has none to tell:
they bring no record.
"""

from __future__ import annotations

from datetime import datetime

from tradewind.channels.contract import Raw
from tradewind.channels.shopify.reading import Unbookable, count, decimal, each, moment, tail, text, within
from tradewind.channels.unified import UnifiedCustomer, UnifiedProduct, UnifiedStock


def read_variant(raw: Raw) -> UnifiedProduct | None:
    """A variant is what is sold; its price is in the shop's currency, which the page tells once."""
    external_id, sku = resource_id(raw), text(raw, "sku")
    if external_id is None:
        raise Unbookable("no_external_id", "The variant has no id.")
    if sku is None:
        return None
    product = within(raw, "product")
    return UnifiedProduct(
        external_id=text(raw, "id") or external_id,
        sku=sku,
        title=text(raw, "displayName") or text(product, "title") or text(raw, "title"),
        brand=text(product, "vendor"),
        category=text(product, "productType"),
        status=(text(product, "status") or "active").lower(),
        price=decimal(raw.get("price"), "price"),
        compare_at_price=decimal(raw.get("compareAtPrice"), "compareAtPrice"),
        currency=text(within(raw, "shop"), "currencyCode"),
        channel_updated_at=_latest(raw.get("updatedAt"), product.get("updatedAt")),
        url=text(product, "onlineStoreUrl"),
    )


def read_inventory(raw: Raw) -> tuple[UnifiedStock, ...]:
    """One record per place where the item is kept."""
    sku = text(raw, "sku")
    if resource_id(raw) is None:
        raise Unbookable("no_external_id", "The inventory item has no id.")
    if sku is None or raw.get("tracked") is False:
        return ()
    return tuple(_level(level, sku, raw) for level in each(raw.get("inventoryLevels"), "inventoryLevels"))


def _level(raw: Raw, sku: str, item: Raw) -> UnifiedStock:
    location = text(within(raw, "location"), "id")
    if location is None:
        raise Unbookable("no_location", "A stock level does not say where the goods are.")
    quantities = each(raw.get("quantities"), "quantities")
    as_of = _latest(raw.get("updatedAt"), *(quantity.get("updatedAt") for quantity in quantities))
    as_of = as_of or moment(item.get("updatedAt"))
    if as_of is None:
        raise Unbookable("no_date", "A stock level does not say when it was counted.")
    told = {text(quantity, "name"): _units(quantity.get("quantity")) for quantity in quantities}
    return UnifiedStock(
        sku=sku,
        location=location,
        as_of=as_of,
        available=told.get("available"),
        reserved=_sum(told.get("committed"), told.get("reserved")),
        inbound=told.get("incoming"),
        unsellable=_sum(told.get("damaged"), told.get("quality_control")),
        on_hand=told.get("on_hand"),
    )


def _units(value: object) -> int | None:
    """Stock may be below nothing, where more was sold than there was."""
    if value is None:
        return None
    return -count(-value, "quantity") if isinstance(value, int) and value < 0 else count(value, "quantity")


def _sum(*units: int | None) -> int | None:
    known = [number for number in units if number is not None]
    return sum(known) if known else None


def read_customer(raw: Raw) -> UnifiedCustomer:
    key = resource_id(raw)
    if key is None:
        raise Unbookable("no_external_id", "The customer has no id.")
    return UnifiedCustomer(key=key, email=text(within(raw, "defaultEmailAddress"), "emailAddress"))


def resource_id(raw: Raw) -> str | None:
    return text(raw, "legacyResourceId") or tail(raw.get("id"))


def _latest(*values: object) -> datetime | None:
    known = [read for read in map(moment, values) if read is not None]
    return max(known, default=None)
