"""Which mapping is for which resource. All of them are pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradewind.channels.contract import Mapped, Raw, Rejected, Resource
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.walmart.items import map_item
from tradewind.channels.walmart.orders import map_order
from tradewind.channels.walmart.recon import map_report
from tradewind.channels.walmart.returns import map_return
from tradewind.channels.walmart.stock import map_stock
from tradewind.channels.walmart.values import Unusable

MAPPINGS: Mapping[Resource, Callable[[Raw], Mapped]] = {
    Resource.ORDERS: map_order,
    Resource.RETURNS: map_return,
    Resource.INVENTORY: map_stock,
    Resource.PRODUCTS: map_item,
    Resource.FEES: map_report,
}


def map_raw(resource: Resource, raw: object) -> Mapped:
    """What a payload means; one of another shape than Walmart's is rejected, whatever it is."""
    if not isinstance(raw, Mapping):
        return Mapped("", {"payload": raw}, (), (Rejected(None, "malformed", "The payload is no JSON object."),))
    return _map(raw, resource)


@rejects_surprises
def _map(raw: Raw, resource: Resource) -> Mapped:
    try:
        return MAPPINGS[resource](raw)
    except Unusable as unusable:
        return Mapped("", raw, (), (Rejected(None, unusable.code, str(unusable)),))
    except (AttributeError, TypeError) as error:
        # A member is of another kind than documented, such as a text where an object should be.
        return Mapped("", raw, (), (Rejected(None, "malformed", f"The payload has another shape: {error}."),))
