"""Stock and prices written to Shopify: each push under its own key, on the number that was read just before."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from tradewind.channels.contract import ChannelFailed, PricePush, PushOutcome, Raw, StockPush, Verdict
from tradewind.channels.shopify.client import ShopifyClient, reach
from tradewind.channels.shopify.reading import each, tail, within
from tradewind.core.errors import InvalidInput

_AT_ONCE = 25
_ROWS = 50
_STOPS = frozenset({Verdict.AUTH_FATAL, Verdict.ACCOUNT_STATE})
_KEYS = uuid.UUID("6c0f6f0e-6f0b-5d53-8f0f-2f1f5a3f7f11")


class CannotPush(InvalidInput):
    """This push cannot be made; the others can."""

    code = "cannot_push"


@dataclass(frozen=True, slots=True)
class _Listed:
    """The variants of the SKUs in question, and the shop's currency."""

    currency: str | None
    variants: Mapping[str, Sequence[Raw]]

    def one(self, sku: str) -> Raw:
        found = self.variants.get(sku, ())
        if len(found) != 1:
            many = "several variants share" if found else "no variant has"
            raise CannotPush(f"In Shopify {many} the SKU {sku[:64]}. Give each variant a SKU of its own there.")
        return found[0]


def push_stock(client: ShopifyClient, pushes: Sequence[StockPush]) -> list[PushOutcome]:
    """Sets what is available, each only if Shopify still has the number that we saw. Raises ChannelFailed."""
    outcomes = []
    for part in _parts(pushes):
        listed = _look_up(client, {push.sku for push in part})
        outcomes += [_outcome(push.key, partial(_set_stock, client, push, listed)) for push in part]
    return outcomes


def push_prices(client: ShopifyClient, pushes: Sequence[PricePush]) -> list[PushOutcome]:
    """Sets prices in the shop's currency; a price in another is refused. Raises ChannelFailed."""
    outcomes = []
    for part in _parts(pushes):
        listed = _look_up(client, {push.sku for push in part})
        outcomes += [_outcome(push.key, partial(_set_price, client, push, listed)) for push in part]
    return outcomes


def _outcome(key: str, push: Callable[[], None]) -> PushOutcome:
    try:
        push()
    except CannotPush as refused:
        return PushOutcome(key, is_done=False, error=str(refused))
    except ChannelFailed as failed:
        if failed.judged.verdict in _STOPS:
            raise
        return PushOutcome(key, is_done=False, error=str(failed))
    return PushOutcome(key, is_done=True)


def _set_stock(client: ShopifyClient, push: StockPush, listed: _Listed) -> None:
    item = within(listed.one(push.sku), "inventoryItem")
    if not item.get("tracked"):
        raise CannotPush(f"Shopify does not track the stock of {push.sku[:64]}. Switch tracking on there first.")
    location, seen = _place(push, item)
    if seen == push.available:
        return
    quantity = {
        "inventoryItemId": item["id"],
        "locationId": location,
        "quantity": push.available,
        "changeFromQuantity": seen,
    }
    answer = client.ask(
        "StockSet",
        {
            "input": {"name": "available", "reason": "correction", "quantities": [quantity]},
            "key": str(uuid.uuid5(_KEYS, push.key)),
        },
    )
    _check(answer, "inventorySetQuantities")


def _place(push: StockPush, item: Raw) -> tuple[str, int | None]:
    """The location's id and what is available there now."""
    levels = {
        str(tail(within(level, "location").get("id"))): level
        for level in each(item.get("inventoryLevels"), "inventoryLevels")
    }
    if push.location is None and len(levels) != 1:
        raise CannotPush(f"{push.sku[:64]} is kept at {len(levels)} places in Shopify. Say which one is meant.")
    name = next(iter(levels)) if push.location is None else str(tail(push.location))
    if name not in levels:
        raise CannotPush(
            f"{push.sku[:64]} is not stocked at the place {name[:64]} in Shopify. Activate it there first."
        )
    told = {one.get("name"): one.get("quantity") for one in each(levels[name].get("quantities"), "quantities")}
    return str(within(levels[name], "location")["id"]), told.get("available")


def _set_price(client: ShopifyClient, push: PricePush, listed: _Listed) -> None:
    variant = listed.one(push.sku)
    if push.currency != listed.currency:
        raise CannotPush(f"The shop's prices are in {listed.currency} and this one is in {push.currency}.")
    if Decimal(str(variant.get("price"))) == push.price:
        return
    answer = client.ask(
        "PriceSet",
        {
            "productId": within(variant, "product")["id"],
            "variants": [{"id": variant["id"], "price": f"{push.price:f}"}],
        },
    )
    _check(answer, "productVariantsBulkUpdate")


def _check(answer: Raw, field: str) -> None:
    """A mutation fails in `userErrors`, with HTTP 200 and no error besides."""
    errors = (reach(answer, (field,)) or {}).get("userErrors")
    if errors:
        raise CannotPush("; ".join(str(error.get("message")) for error in errors)[:300])


def _look_up(client: ShopifyClient, skus: Iterable[str]) -> _Listed:
    """Variants by their exact SKU; Shopify's search also finds others that begin alike."""
    wanted = sorted(skus)
    search = " OR ".join(f'sku:"{_escaped(sku)}"' for sku in wanted)
    currency, found = None, defaultdict(list)
    for rows, data in client.pages("VariantsBySku", ("productVariants",), query=search, most_rows=_ROWS):
        currency = within(data, "shop").get("currencyCode")
        for row in rows:
            found[str(row.get("sku"))].append(row)
    return _Listed(currency, {sku: found[sku] for sku in wanted})


def _escaped(sku: str) -> str:
    return sku.replace("\\", "\\\\").replace('"', '\\"')


def _parts(pushes: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (pushes[start : start + _AT_ONCE] for start in range(0, len(pushes), _AT_ONCE))
