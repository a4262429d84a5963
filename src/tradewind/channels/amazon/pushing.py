"""Write-back: what can be bought and at which price, by patches of listings. Setting a value twice is harmless."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tradewind.channels.amazon.client import Client, segment
from tradewind.channels.amazon.listings import Listings
from tradewind.channels.amazon.stock import OWN_SHELF, SELLERS_OWN
from tradewind.channels.amazon.values import Unbookable, parts, text
from tradewind.channels.contract import ChannelFailed, PricePush, PushOutcome, Raw, StockPush, Verdict

_STOPS = frozenset({Verdict.AUTH_FATAL, Verdict.ACCOUNT_STATE})
_ACCEPTED = "ACCEPTED"

Write = Callable[[str, Raw], str | None]
"""Writes to a listing in a marketplace; says why not."""


class Pushes:
    """One account's writes."""

    def __init__(self, client: Client, seller_id: str) -> None:
        self._client = client
        self._listings = Listings(client, seller_id)
        self._path = f"/listings/2021-08-01/items/{segment(seller_id)}"

    def stock(self, pushes: Sequence[StockPush]) -> list[PushOutcome]:
        """Sets the quantity that the seller offers. What Amazon fulfils is left alone: it would cease to."""
        return [self._stock(push) for push in pushes]

    def prices(self, pushes: Sequence[PricePush]) -> list[PushOutcome]:
        """Sets the price in every marketplace of the connection that counts in its currency."""
        return [self._price(push) for push in pushes]

    def _stock(self, push: StockPush) -> PushOutcome:
        told = (push.location or "").removesuffix(OWN_SHELF)
        places = [told] if told else [place.id for place in self._client.places]

        def write(place: str, listing: Raw) -> str | None:
            offered = parts(listing, "fulfillmentAvailability")
            codes = {text(row.get("fulfillmentChannelCode")) for row in offered}
            if codes and SELLERS_OWN not in codes:
                return "Amazon fulfils this SKU, so its stock cannot be set. Send it in, or list it as your own offer."
            if any(
                row.get("fulfillmentChannelCode") == SELLERS_OWN and row.get("quantity") == push.available
                for row in offered
            ):
                return None
            value = {"fulfillment_channel_code": SELLERS_OWN, "quantity": push.available}
            return self._patch(place, push.sku, listing, "fulfillment_availability", value)

        return self._outcome(push.key, push.sku, places, write)

    def _price(self, push: PricePush) -> PushOutcome:
        places = [place.id for place in self._client.places if place.currency == push.currency]
        if not places:
            return PushOutcome(
                push.key, False, f"No marketplace of this connection counts in {push.currency}. Push another currency."
            )
        if push.price <= 0:
            return PushOutcome(push.key, False, "A price is more than nothing. Push a positive price.")

        def write(place: str, listing: Raw) -> str | None:
            value = {
                "marketplace_id": place,
                "currency": push.currency,
                "our_price": [{"schedule": [{"value_with_tax": push.price}]}],
            }
            return self._patch(place, push.sku, listing, "purchasable_offer", value)

        return self._outcome(push.key, push.sku, places, write)

    def _outcome(self, key: str, sku: str, places: Sequence[str], write: Write) -> PushOutcome:
        """Reads the listing in each place, then writes; a refusal is told, a shut account stops everything."""
        is_listed = False
        for place in places:
            try:
                listing = self._listings.one(place, sku)
                error = None if listing is None else write(place, listing)
            except Unbookable as flaw:
                error = str(flaw)
            except ChannelFailed as refused:
                if refused.judged.verdict in _STOPS:
                    raise
                error = refused.judged.message or str(refused)
            else:
                is_listed = is_listed or listing is not None
            if error is not None:
                return PushOutcome(key, False, error)
        if not is_listed:
            return PushOutcome(key, False, f"Amazon lists no SKU '{sku[:64]}' there. List it, or check its spelling.")
        return PushOutcome(key, True)

    def _patch(self, place: str, sku: str, listing: Raw, attribute: str, value: dict[str, Any]) -> str | None:
        """Sends one patch; the reason where Amazon says that it is invalid."""
        kinds = [text(row.get("productType")) for row in parts(listing, "summaries")]
        body = {
            "productType": next((kind for kind in kinds if kind), "PRODUCT"),
            "patches": [{"op": "replace", "path": f"/attributes/{attribute}", "value": [value]}],
        }
        params = {"marketplaceIds": place}
        answer = self._client.send("patchListingsItem", "PATCH", f"{self._path}/{segment(sku)}", params, body) or {}
        if answer.get("status") == _ACCEPTED:
            return None
        issues = [text(issue.get("message")) for issue in parts(answer, "issues")]
        told = "; ".join(issue for issue in issues if issue)
        return told or f"Amazon did not accept the change: {answer.get('status') or 'no status'}."
