"""Listings of a seller: those that changed in a span of time, one by its SKU, and the catalogue's part of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tradewind.channels.amazon.client import Client, failed, is_gone, iso, rows_of, segment
from tradewind.channels.amazon.values import part, text
from tradewind.channels.contract import ChannelFailed, Raw

LISTINGS = "/listings/2021-08-01/items"
CATALOG = "/catalog/2022-04-01/items"
_MOST_RESULTS = 1_000
"""Amazon ends a search here: what finds more is asked again for halves of the time."""
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_SHORTEST = timedelta(seconds=2)
_INCLUDED = "summaries,offers,fulfillmentAvailability"


class Listings:
    """One seller's listings."""

    def __init__(self, client: Client, seller_id: str) -> None:
        self._client = client
        self._path = f"{LISTINGS}/{segment(seller_id)}"

    def changed(self, place: str, since: datetime | None, until: datetime) -> Iterator[list[Raw]]:
        """Pages of listings that changed in a span of time; without `since` all of them."""
        begin = since or _BEGINNING
        params: dict[str, str | int] = {
            "marketplaceIds": place,
            "includedData": _INCLUDED,
            "pageSize": 20,
            "lastUpdatedAfter": iso(begin),
            "lastUpdatedBefore": iso(until),
        }
        answers = self._client.pages(
            "searchListingsItems",
            self._path,
            params,
            "pageToken",
            lambda told: part(told, "pagination").get("nextToken"),
        )
        for answer in answers:
            found = answer.get("numberOfResults")
            if isinstance(found, int) and found > _MOST_RESULTS:
                yield from self._halves(place, begin, until)
                return
            yield rows_of("searchListingsItems", answer, "items")

    def one(self, place: str, sku: str) -> Raw | None:
        """One SKU as it is listed in a marketplace; None where it is not."""
        params = {"marketplaceIds": place, "includedData": _INCLUDED}
        try:
            return self._client.get("getListingsItem", f"{self._path}/{segment(sku)}", params)
        except ChannelFailed as refused:
            if is_gone(refused):
                return None
            raise

    def catalog(self, place: str, asins: Sequence[str]) -> Mapping[str, Raw]:
        """What the catalogue says of at most twenty ASINs."""
        if not asins:
            return {}
        params: dict[str, str | int] = {
            "marketplaceIds": place,
            "identifiers": ",".join(dict.fromkeys(asins)),
            "identifiersType": "ASIN",
            "includedData": "summaries",
            "pageSize": 20,
        }
        answer = self._client.get("searchCatalogItems", CATALOG, params) or {}
        return {text(row.get("asin")) or "": row for row in rows_of("searchCatalogItems", answer, "items")}

    def _halves(self, place: str, since: datetime, until: datetime) -> Iterator[list[Raw]]:
        if until - since < _SHORTEST:
            raise failed(
                "searchListingsItems",
                "too_many_results",
                f"more than {_MOST_RESULTS} listings changed at {iso(since)}, and Amazon shows no more of them",
            )
        middle = (since + (until - since) / 2).replace(microsecond=0)
        yield from self.changed(place, since, middle)
        yield from self.changed(place, middle, until)
