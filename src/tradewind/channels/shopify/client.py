"""Questions to one shop's GraphQL: built, reckoned by cost, sent through the engine's caller, and read page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tradewind.channels.contract import Caller, ChannelFailed, Judge, Judged, Raw, Verdict
from tradewind.channels.shopify.documents import document
from tradewind.channels.shopify.judge import judge_graphql, judge_static_token, parse
from tradewind.channels.shopify.settings import Shop
from tradewind.channels.shopify.throttle import CostBucket, Costs, read_cost
from tradewind.core.logging import get_logger

MOST_PAGES = 10_000
_ROWS = {"OrdersSync": 40, "OrderRefunds": 40, "VariantsSync": 100, "InventorySync": 50, "BalanceSync": 100}
_ROWS_OF_OTHERS = 100
# Points per row as observed, until an answer tells the shop's own.
_POINTS = {"OrdersSync": 21.0, "InventorySync": 2.5, "VariantsSync": 5.0, "CustomersSync": 1.0, "BalanceSync": 4.0}
_TOO_DEAR = "MAX_COST_EXCEEDED"

logger = get_logger(__name__)


class ShopifyClient:
    """Asks one shop. The bucket is shared by all who ask it; the client itself may be used by one thread at a time."""

    def __init__(self, shop: Shop, caller: Caller, bucket: CostBucket) -> None:
        self.shop = shop
        self.caller = caller
        self._bucket = bucket
        self._costs = Costs(dict(_POINTS))
        self._rows = dict(_ROWS)
        self._told: set[str] = set()
        self._judge: Judge = judge_static_token if shop.has_static_token else judge_graphql

    def ask(self, operation: str, variables: Mapping[str, Any], rows: int = 0) -> Raw:
        """The data that an operation answers with. Raises ChannelFailed."""
        expected = self._costs.expected(operation, rows)
        wait = self._bucket.take(expected, self.caller.now)
        answered = None
        try:
            if wait:
                self.caller.sleep(wait)
            response = self.caller.call(
                operation, lambda token: self._request(operation, variables, token), self._judge
            )
            self._look_at_version(response)
            body = parse(response.content)
            answered = read_cost(body)
        finally:
            self._bucket.settle(expected, answered, self.caller.now)
        self._costs.learn(operation, rows, answered)
        data: Raw = body["data"]
        return data

    def pages(
        self, operation: str, path: tuple[str, ...], *, most_rows: int | None = None, **variables: Any
    ) -> Iterator[tuple[list[Raw], Raw]]:
        """The rows of a connection, page by page, with the data around them. Raises ChannelFailed.

        A page that costs too much is asked for again with half the rows. An empty page is not the end while there is
        a next one; a cursor that comes again is an end without an end, and stops.
        """
        after: str | None = variables.pop("after", None)
        seen = {after}
        for _ in range(MOST_PAGES):
            data = self._page(operation, {**variables, "after": after}, most_rows)
            connection = reach(data, path)
            if connection is None:
                return
            yield rows_of(connection), data
            info = connection.get("pageInfo")
            if not isinstance(info, Mapping) or not info.get("hasNextPage"):
                return
            after = info.get("endCursor")
            if after is None or after in seen:
                raise _broken(f"Shopify told the same page of {operation} twice.")
            seen.add(after)
        raise _broken(f"Shopify's pages of {operation} did not end after {MOST_PAGES}.")

    def rows(self, operation: str) -> int:
        return self._rows.get(operation, _ROWS_OF_OTHERS)

    def _page(self, operation: str, variables: Mapping[str, Any], most_rows: int | None) -> Raw:
        while True:
            rows = min(self.rows(operation), most_rows or MOST_PAGES)
            try:
                return self.ask(operation, {**variables, "first": rows}, rows)
            except ChannelFailed as failed:
                if failed.judged.code != _TOO_DEAR or rows <= 1:
                    raise
                self._rows[operation] = rows // 2

    def _request(self, operation: str, variables: Mapping[str, Any], token: str) -> httpx.Request:
        body = {"query": document(operation), "variables": variables, "operationName": operation}
        return httpx.Request(
            "POST",
            f"{self.shop.base_url}/admin/api/{self.shop.version}/graphql.json",
            headers={"X-Shopify-Access-Token": token, "Content-Type": "application/json", "Accept": "application/json"},
            content=json.dumps(body).encode(),
        )

    def _look_at_version(self, response: httpx.Response) -> None:
        """Shopify answers an outdated version with its oldest: the answer may then lack what we ask for."""
        served = response.headers.get("X-Shopify-API-Version")
        if served is not None and served != self.shop.version:
            self._tell("Shopify answers with another version of its API", asked=self.shop.version, served=served)
        reason = response.headers.get("X-Shopify-API-Deprecated-Reason")
        if reason is not None:
            self._tell("Shopify will drop a part of its API that is used here", reason=reason[:200])

    def _tell(self, what: str, **details: str) -> None:
        if what not in self._told:
            self._told.add(what)
            logger.warning(what, shop=self.shop.domain, **details)


def reach(data: Raw, path: tuple[str, ...]) -> Raw | None:
    """The object at the end of a path; None where a part of it is null."""
    found: Any = data
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None


def rows_of(connection: Raw) -> list[Raw]:
    nodes = connection.get("nodes")
    if not isinstance(nodes, list):
        raise _broken("Shopify's answer has no rows where they should be.")
    return [node for node in nodes if isinstance(node, Mapping)]


def _broken(message: str) -> ChannelFailed:
    return ChannelFailed(message, Judged(Verdict.TRANSIENT, code="broken_pages", message=message))
