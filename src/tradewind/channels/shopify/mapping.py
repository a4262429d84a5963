"""From a payload of Shopify to unified records: the one entry for pages, webhooks and kept payloads. No I/O."""

from __future__ import annotations

from tradewind.channels.contract import Mapped, Raw, Rejected, Resource
from tradewind.channels.shopify.catalog import read_customer, read_inventory, read_variant, resource_id
from tradewind.channels.shopify.fees import balance_fee
from tradewind.channels.shopify.orders import order_id, read_order
from tradewind.channels.shopify.reading import Unbookable
from tradewind.channels.shopify.rest import from_rest
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.unified import Unified


def map_payload(resource: Resource, raw: Raw, shop: str) -> Mapped:
    """What a payload means; one that means nothing bookable comes back with the reason. `raw` is kept as it came."""
    return _map(raw, resource, shop)


@rejects_surprises
def _map(raw: Raw, resource: Resource, shop: str) -> Mapped:
    external_id = ""
    try:
        external_id = order_id(raw) or ""
        records, rejected = _read(resource, from_rest(resource, raw), shop)
    except Unbookable as unbookable:
        return Mapped(external_id, raw, (), (unbookable.rejected(external_id or None),))
    return Mapped(external_id, raw, records, rejected)


def _read(resource: Resource, raw: Raw, shop: str) -> tuple[tuple[Unified, ...], tuple[Rejected, ...]]:
    match resource:
        case Resource.ORDERS | Resource.RETURNS:
            order, fees, rejected = read_order(raw, shop)
            return (order, *fees), rejected
        case Resource.PRODUCTS:
            product = read_variant(raw)
            return ((product,) if product else ()), ()
        case Resource.INVENTORY:
            return read_inventory(raw), ()
        case Resource.CUSTOMERS:
            return (read_customer(raw),), ()
        case Resource.FEES:
            fee = balance_fee(raw)
            return ((fee,) if fee else ()), ()
        case _:
            raise Unbookable("not_offered", f"Shopify does not tell {resource} ({resource_id(raw)}).")
