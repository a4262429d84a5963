"""Calls to Walmart: headers, paging, and what each list answers. Everything goes through the engine's caller."""

from __future__ import annotations

import base64
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import orjson

from tradewind.channels.contract import Account, Caller, ChannelFailed, Judge, Judged, Verdict
from tradewind.channels.walmart import settings
from tradewind.channels.walmart.judge import at, judge_list, judge_one, judge_token
from tradewind.channels.walmart.recon import rows_of_zip
from tradewind.channels.walmart.values import to_iso

MOST_PAGES = 10_000
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
Body = Mapping[str, Any]


def parsed(response: httpx.Response) -> Any:
    """The body with numbers that have a point as Decimal."""
    return _DECODER.decode(response.content)


def address_of(account: Account) -> str:
    return (account.values.get("base_url") or settings.BASE_URL).rstrip("/")


def new_token(account: Account, http: httpx.Client, now: datetime) -> tuple[str, datetime]:
    """An access token for a quarter of an hour, of which the last two minutes are not used."""
    pair = f"{account.values['client_id']}:{account.secret('client_secret')}"
    response = http.post(
        f"{address_of(account)}/v3/token",
        data={"grant_type": "client_credentials"},
        headers={**_headers(), "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"},
    )
    judged = judge_token(response, now)
    if judged.verdict is not Verdict.OK:
        words = judged.message or judged.code or str(response.status_code)
        raise ChannelFailed(f"Walmart gave no access token: {words}", judged)
    try:
        body = parsed(response)
        token, seconds = str(body["access_token"]), int(body.get("expires_in", settings.TOKEN_LIFE.total_seconds()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        broken = Judged(Verdict.TRANSIENT, code="truncated", message="the token's answer is not whole")
        raise ChannelFailed("Walmart's answer with the access token is not whole.", broken) from error
    return token, now + timedelta(seconds=seconds) - settings.RENEW_BEFORE


class Client:
    """One account's calls."""

    def __init__(self, account: Account, caller: Caller) -> None:
        self._account, self._caller = account, caller
        self._base = address_of(account)

    def get(
        self, operation: str, path: str, query: Mapping[str, str] | None = None, *, is_list: bool = False
    ) -> httpx.Response:
        return self.send(operation, "GET", path, query, is_list=is_list)

    def send(
        self,
        operation: str,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Body | None = None,
        *,
        is_list: bool = False,
        accept: str = "application/json",
        judge: Judge | None = None,
    ) -> httpx.Response:
        """`path` may carry a query of its own, which is then sent as it stands."""
        content = None if body is None else orjson.dumps(body)

        def request(token: str) -> httpx.Request:
            headers = {**_headers(accept), "WM_SEC.ACCESS_TOKEN": token}
            if content is not None:
                headers["Content-Type"] = "application/json"
            return httpx.Request(method, f"{self._base}{path}", params=query, content=content, headers=headers)

        judge = judge or at(judge_list if is_list else judge_one, lambda: self._caller.now)
        return self._caller.call(operation, request, judge)

    def orders(self, node_type: str, since: datetime, until: datetime) -> Iterator[list[Body]]:
        """Pages of the orders that changed in the window; one that holds more than a search yields is halved."""
        query = {
            "shipNodeType": node_type,
            "createdStartDate": to_iso(self._caller.now - timedelta(days=settings.HISTORY_DAYS)),
            "lastModifiedStartDate": to_iso(since),
            "lastModifiedEndDate": to_iso(until),
            "limit": str(settings.ORDERS_PAGE),
            "productInfo": "true",
            "replacementInfo": "true",
        }
        first = self._list("orders.search", "/v3/orders", query)
        meta = _member(first, "list", "meta")
        if int(meta.get("totalCount") or 0) > settings.SEARCH_LIMIT and until - since > timedelta(seconds=2):
            middle = since + (until - since) / 2
            yield from self.orders(node_type, since, middle)
            yield from self.orders(node_type, middle, until)
            return

        def next_page(cursor: str) -> Body:
            # A cursor is a whole query: it goes back as it came, with nothing added.
            return self._list("orders.search", f"/v3/orders{cursor}")

        for page in _pages(first, lambda body: _member(body, "list", "meta").get("nextCursor"), next_page):
            yield _rows(_member(page, "list", "elements").get("order"))

    def order(self, purchase_order: str) -> Body:
        return _object(parsed(self.get("orders.read", f"/v3/orders/{purchase_order}")))

    def returns(self, query: Mapping[str, str]) -> Iterator[list[Body]]:
        first = self._list("returns.search", "/v3/returns", {**query, "limit": str(settings.RETURNS_PAGE)})

        def next_page(cursor: str) -> Body:
            return self._list("returns.search", f"/v3/returns{cursor}")

        for page in _pages(first, lambda body: _member(body, "meta").get("nextCursor"), next_page):
            yield _rows(page.get("returnOrders"))

    def items(self) -> Iterator[list[Body]]:
        """The first request carries `*`: without it there is no cursor, and paging by offset leaves items out."""
        query = {"limit": str(settings.ITEMS_PAGE)}
        first = self._list("items.search", "/v3/items", {**query, "nextCursor": "*"})

        def next_page(cursor: str) -> Body:
            return self._list("items.search", "/v3/items", {**query, "nextCursor": cursor})

        for page in _pages(first, lambda body: body.get("nextCursor"), next_page):
            yield _rows(page.get("ItemResponse"))

    def item(self, sku: str) -> list[Body]:
        path = f"/v3/items/{httpx.URL('/').copy_with(path='/' + sku).raw_path.decode()[1:]}"
        return _rows(_object(parsed(self.get("items.read", path))).get("ItemResponse"))

    def inventories(self) -> Iterator[list[Body]]:
        query = {"limit": str(settings.INVENTORY_PAGE)}
        first = self._list("inventory.search", "/v3/inventories", query)

        def next_page(cursor: str) -> Body:
            return self._list("inventory.search", "/v3/inventories", {**query, "nextCursor": cursor})

        for page in _pages(first, lambda body: _member(body, "meta").get("nextCursor"), next_page):
            yield _rows(_member(page, "elements").get("inventories"))

    def wfs(self) -> Iterator[list[Body]]:
        """By offset: the end is an empty page, or the total."""
        offset = 0
        for _ in range(MOST_PAGES):
            query = {"limit": str(settings.WFS_PAGE), "offset": str(offset)}
            page = self._list("wfs.search", "/v3/fulfillment/inventory", query)
            rows = _rows(_member(page, "payload").get("inventory"))
            yield rows
            offset += len(rows)
            if not rows or offset >= int(_member(page, "headers").get("totalCount") or 0):
                return
        raise _endless("/v3/fulfillment/inventory")

    def settlement_dates(self) -> list[str]:
        path = "/v3/report/reconreport/availableReconFiles"
        body = self._list("settlements", path, {"reportVersion": "v1"})
        dates = body.get("availableApReportDates") or []
        return [str(date) for date in dates]

    def settlement(self, date: str) -> list[dict[str, str]]:
        """The rows of one report, from the archive with CSV: the JSON form is cut at 1,000 rows for some sellers."""

        def judge(response: httpx.Response) -> Judged:
            judged = judge_one(response, self._caller.now)
            if judged.verdict is Verdict.OK:
                try:
                    rows_of_zip(response.content)
                except (zipfile.BadZipFile, UnicodeDecodeError, EOFError):
                    return Judged(Verdict.TRANSIENT, code="truncated", message="the archive is not whole")
            return judged

        response = self.send(
            "settlements",
            "GET",
            "/v3/report/reconreport/reconFile",
            {"reportDate": date, "reportVersion": "v1"},
            accept="application/octet-stream",
            judge=judge,
        )
        return rows_of_zip(response.content)

    def _list(self, operation: str, path: str, query: Mapping[str, str] | None = None) -> Body:
        """A page; an answer that says that there is nothing is an empty one."""
        response = self.get(operation, path, query, is_list=True)
        return {} if response.status_code == 404 else _object(parsed(response))


def _pages(first: Body, cursor_of: Callable[[Body], Any], next_page: Callable[[str], Body]) -> Iterator[Body]:
    """Follows cursors to the end. An empty page with a cursor is not the end; a cursor that comes again is an error."""
    page, seen = first, set[str]()
    for _ in range(MOST_PAGES):
        yield page
        cursor = cursor_of(page)
        if not cursor:
            return
        if cursor in seen:
            raise _endless(str(cursor)[:100])
        seen.add(cursor)
        page = next_page(str(cursor))
    raise _endless("too many pages")


def _endless(where: str) -> ChannelFailed:
    judged = Judged(Verdict.PERMANENT, code="endless_pages", message="the pages do not end")
    return ChannelFailed(f"Walmart's pages do not come to an end ({where}); the window is read again later.", judged)


def _headers(accept: str = "application/json") -> dict[str, str]:
    return {"WM_SVC.NAME": settings.SERVICE, "WM_QOS.CORRELATION_ID": str(uuid.uuid4()), "Accept": accept}


def _object(body: Any) -> Body:
    if not isinstance(body, Mapping):
        judged = Judged(Verdict.PERMANENT, code="malformed", message="the answer is no JSON object")
        raise ChannelFailed("Walmart's answer is no JSON object.", judged)
    return body


def _member(body: Body, *names: str) -> Body:
    for name in names:
        found = body.get(name)
        body = found if isinstance(found, Mapping) else {}
    return body


def _rows(value: Any) -> list[Body]:
    """A list, or the single object that older answers give for one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
