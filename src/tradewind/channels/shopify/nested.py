"""Things whose inner lists go on over further pages: read until they are whole, or read anew when they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tradewind.channels.contract import ChannelFailed, Judged, Raw, Verdict
from tradewind.channels.shopify.client import ShopifyClient, reach, rows_of

_INNER_ROWS = 100
_TRIES = 3
_ORDERS_AT_ONCE = 40


def whole_order(client: ShopifyClient, raw: Raw) -> Raw:
    """The order with all its lines and refunded units. Raises ChannelFailed."""
    for _ in range(_TRIES):
        found = _completed(client, raw)
        if found is not None:
            return found
        raw = read_order(client, str(raw["id"])) or raw
    message = "An order changed each time that it was read. It will be read again with the next run."
    raise ChannelFailed(message, Judged(Verdict.TRANSIENT, code="order_changed", message=message))


def read_order(client: ShopifyClient, order_id: str) -> Raw | None:
    """The order as it is now, its inner lists perhaps cut; None where there is none."""
    return reach(client.ask("OrderRead", {"id": order_id}), ("order",))


def _completed(client: ShopifyClient, raw: Raw) -> Raw | None:
    """None: the order changed between two of its pages, which then belong to different orders."""
    more = _after(raw.get("lineItems"))
    if more is not None:
        lines = rows_of(raw["lineItems"])
        pages = client.pages("OrderLines", ("order", "lineItems"), id=raw["id"], after=more, most_rows=_INNER_ROWS)
        for rows, data in pages:
            if data["order"].get("updatedAt") != raw.get("updatedAt"):
                return None
            lines = lines + rows
        raw = {**raw, "lineItems": {"nodes": lines}}
    if any(_after(refund.get("refundLineItems")) for refund in raw.get("refunds") or ()):
        raw = {**raw, "refunds": [_whole_refund(client, refund) for refund in raw["refunds"]]}
    return raw


def _whole_refund(client: ShopifyClient, raw: Raw) -> Raw:
    more = _after(raw.get("refundLineItems"))
    if more is None:
        return raw
    lines = rows_of(raw["refundLineItems"])
    path = ("refund", "refundLineItems")
    for rows, _ in client.pages("RefundLines", path, id=raw["id"], after=more, most_rows=_INNER_ROWS):
        lines = lines + rows
    return {**raw, "refundLineItems": {"nodes": lines}}


def whole_item(client: ShopifyClient, raw: Raw) -> Raw:
    """The inventory item with its stock at all places."""
    more = _after(raw.get("inventoryLevels"))
    if more is None:
        return raw
    levels = rows_of(raw["inventoryLevels"])
    path = ("inventoryItem", "inventoryLevels")
    for rows, _ in client.pages("InventoryLevels", path, id=raw["id"], after=more, most_rows=_INNER_ROWS):
        levels = levels + rows
    return {**raw, "inventoryLevels": {"nodes": levels}}


def with_refunded_units(client: ShopifyClient, orders: Sequence[Raw]) -> Iterator[Raw]:
    """Orders of a bulk operation, whose refunds come without their lines: those are asked for, many at a time.

    An order that changed since the operation ran is read anew as a whole.
    """
    refunds: dict[str, Raw] = {}
    wanted = [str(order["id"]) for order in orders if order.get("refunds")]
    for ids in _parts(wanted):
        data = client.ask("OrderRefunds", {"ids": ids}, len(ids))
        refunds |= {str(node["id"]): node for node in data.get("nodes") or () if isinstance(node, Mapping) and node}
    for order in orders:
        if not order.get("refunds"):
            yield order
            continue
        told = refunds.get(str(order["id"]))
        if told is not None and told.get("updatedAt") == order.get("updatedAt"):
            yield whole_order(client, {**order, "refunds": told["refunds"]})
        elif (now := read_order(client, str(order["id"]))) is not None:
            yield whole_order(client, now)


def _parts(ids: Sequence[str]) -> Iterable[list[str]]:
    return (list(ids[start : start + _ORDERS_AT_ONCE]) for start in range(0, len(ids), _ORDERS_AT_ONCE))


def _after(connection: Any) -> str | None:
    """The cursor after which an inner list goes on; None where it is whole."""
    info = connection.get("pageInfo") if isinstance(connection, Mapping) else None
    if not isinstance(info, Mapping) or not info.get("hasNextPage"):
        return None
    return str(info["endCursor"])
