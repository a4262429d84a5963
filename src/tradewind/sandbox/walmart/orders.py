"""Orders and returns as Walmart tells them: searches whose cursor is a whole query string."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tradewind.sandbox.desk import Desk
from tradewind.sandbox.faults import FaultKind
from tradewind.sandbox.walmart import payloads
from tradewind.sandbox.walmart.asking import Refused, moment_of

CURSOR_LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where a search of orders goes on: its parameters, its total and the last order that was told."""

    query: Mapping[str, str]
    total: int
    after: tuple[int, int] | None
    before: tuple[int, int] | None
    """Where the page began whose last order is `after`."""
    made_at: datetime


class Orders:
    """Searches, single orders and returns."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._world = desk, desk.world
        self._cursors: OrderedDict[str, _Cursor] = OrderedDict()
        self._serial = itertools.count(1)

    async def search(self, request: Request) -> Response:
        raw = f"?{request.url.query}"
        if "hasMoreElements=" in raw:
            cursor = self._cursors.get(raw)
            if cursor is None or cursor.made_at + CURSOR_LIFE < self._desk.clock.now():
                raise Refused(400, "INVALID_REQUEST_PARAM.GMP_ORDER_API", "Invalid nextCursor")
        else:
            cursor = self._first_cursor(dict(request.query_params))
        return self._order_page(request.url.path, cursor)

    def _first_cursor(self, query: dict[str, str]) -> _Cursor:
        limit = query.setdefault("limit", "100")
        if not limit.isdigit() or not 1 <= int(limit) <= 200:
            raise Refused(400, "INVALID_REQUEST_PARAM.GMP_ORDER_API", "Invalid limit")
        node = query.setdefault("shipNodeType", "SellerFulfilled")
        if node not in payloads.NODE_TYPES:
            raise Refused(400, "INVALID_REQUEST_PARAM.GMP_ORDER_API", "Invalid shipNodeType")
        week_ago = self._desk.clock.now() - timedelta(days=7)
        query.setdefault("createdStartDate", payloads.iso(week_ago))
        since, until = self._window(query)
        total = sum(1 for _ in self._world.changes("walmart", since, until, market=node))
        return _Cursor(query, total, None, None, self._desk.clock.now())

    def _window(self, query: Mapping[str, str]) -> tuple[datetime, datetime]:
        """By the last change; without it, all that changed at all."""
        now = self._desk.clock.now()
        since = moment_of(query, "lastModifiedStartDate") or now - timedelta(days=180)
        created = moment_of(query, "createdStartDate")
        if created is not None and created < now - timedelta(days=180, minutes=5):
            raise Refused(400, "INVALID_REQUEST_PARAM.GMP_ORDER_API", "Orders go back 180 days")
        return since, moment_of(query, "lastModifiedEndDate") or now

    def _order_page(self, path: str, cursor: _Cursor) -> Response:
        faults, limit = self._desk.faults, int(cursor.query["limit"])
        since, until = self._window(cursor.query)
        market = cursor.query["shipNodeType"]
        start = cursor.after
        if start is not None and faults.take(path, FaultKind.DUPLICATED_PAGE):
            start = cursor.before
        places = self._world.changes("walmart", since, until, market=market, after=start)
        page = list(itertools.islice(places, limit + 1))
        if cursor.after is None and not page:
            # The old behaviour, which still occurs.
            raise Refused(404, "CONTENT_NOT_FOUND.GMP_ORDER_API", "No orders found for given search parameters")
        if len(page) > limit and faults.take(path, FaultKind.CHANGED):
            self._world.touch("walmart", self._world.numbered("walmart", page[-1][1]).external_id)
        if len(page) > limit and faults.take(path, FaultKind.EMPTY_PAGE):
            empty = _Cursor(cursor.query, cursor.total, start, cursor.before, self._desk.clock.now())
            return JSONResponse(payloads.order_list([], cursor.total, limit, self._keep(empty)))
        shown, created = page[:limit], moment_of(cursor.query, "createdStartDate")
        orders = [self._world.numbered("walmart", number) for _, number in shown]
        following = None
        if len(page) > limit:
            following = self._keep(_Cursor(cursor.query, cursor.total, shown[-1], start, self._desk.clock.now()))
        told = [payloads.order(one) for one in orders if created is None or one.placed_at >= created]
        return JSONResponse(payloads.order_list(told, cursor.total, limit, following))

    def _keep(self, cursor: _Cursor) -> str:
        names = "&".join(f"{name}={value}" for name, value in cursor.query.items() if name != "limit")
        text = f"?limit={cursor.query['limit']}&hasMoreElements=true&soIndex={next(self._serial)}&sellerId=8&{names}"
        self._cursors[text] = cursor
        if len(self._cursors) > 10_000:
            self._cursors.popitem(last=False)
        return text

    async def one(self, request: Request) -> Response:
        order = self._world.order("walmart", request.path_params["id"])
        if order is None:
            raise Refused(404, "CONTENT_NOT_FOUND.GMP_ORDER_API", "Order not found")
        return JSONResponse({"order": payloads.order(order)})

    async def returns(self, request: Request) -> Response:
        query = request.query_params
        now, limit = self._desk.clock.now(), int(query.get("limit", "10"))
        if not 1 <= limit <= 200:
            raise Refused(400, "INVALID_REQUEST_PARAM.GMP_RETURN_API", "Invalid limit")
        since = moment_of(query, "returnLastModifiedStartDate") or now - timedelta(days=180)
        until = moment_of(query, "returnLastModifiedEndDate") or now
        is_wfs = query.get("isWFSEnabled") == "Y"
        found = [
            payloads.return_order(order)
            for order in self._world.refunded_orders("walmart", since, until)
            if (order.marketplace == "WFSFulfilled") is is_wfs
            and query.get("returnOrderId") in (None, order.refunds[0].external_id)
        ]
        offset = int(query.get("offset", "0"))
        names = "&".join(f"{name}={value}" for name, value in query.items() if name != "offset")
        more = f"?{names}&offset={offset + limit}" if offset + limit < len(found) else None
        meta = {"totalCount": len(found), "limit": limit, "nextCursor": more}
        return JSONResponse({"meta": meta, "returnOrders": found[offset : offset + limit]})
