"""Walmart's gateway: headers, tokens, limits and errors, settlements and webhooks, and who answers what."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tradewind.sandbox.desk import Desk, News
from tradewind.sandbox.faults import FaultKind
from tradewind.sandbox.walmart import payloads
from tradewind.sandbox.walmart.asking import Refused
from tradewind.sandbox.walmart.goods import Goods
from tradewind.sandbox.walmart.orders import Orders
from tradewind.sandbox.walmart.settlements import available, report_zip

TOKEN_SECONDS = 900
SELLER = "100009"


Handler = Callable[[Request], Awaitable[Response]]


class Walmart:
    """One seller account: the gateway, the token, settlements and webhooks; the rest is handed on."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._world = desk, desk.world
        self._tokens: dict[str, datetime] = {}
        self._orders, self._goods = Orders(desk), Goods(desk, SELLER)
        self._subscriptions: dict[tuple[str, str], dict[str, Any]] = {}
        self.app = Starlette(
            routes=[
                Route("/v3/token", self._token, methods=["POST"]),
                self._route("/v3/orders", self._orders.search, "orders"),
                self._route("/v3/orders/{id}", self._orders.one, "orders"),
                self._route("/v3/returns", self._orders.returns, "returns"),
                self._route("/v3/inventories", self._goods.inventories, "inventories"),
                self._route("/v3/inventory", self._goods.inventory, "inventory", methods=["GET", "PUT"]),
                self._route("/v3/fulfillment/inventory", self._goods.wfs, "fulfillment inventory"),
                self._route("/v3/items", self._goods.items, "items with parameters"),
                self._route("/v3/items/{sku}", self._goods.item, "item"),
                self._route("/v3/price", self._goods.price, "price", methods=["PUT"]),
                self._route("/v3/report/reconreport/availableReconFiles", self._report_dates, "reports"),
                self._route("/v3/report/reconreport/reconFile", self._report, "reports"),
                self._route("/v3/webhooks/subscriptions", self._webhooks, "webhooks", methods=["GET", "POST"]),
            ],
            exception_handlers={Refused: _refused, HTTPException: _unknown},
        )

    def variables(self, address: str) -> Mapping[str, str]:
        return {
            "WALMART_BASE_URL": address,
            "WALMART_CLIENT_ID": self._desk.credentials["client_id"],
            "WALMART_CLIENT_SECRET": self._desk.credentials["client_secret"],
            "WALMART_WEBHOOK_SECRET": self._desk.credentials["webhook_secret"],
        }

    def refuse(self, kind: FaultKind) -> Response:
        match kind:
            case FaultKind.THROTTLED:
                return self._throttled(2.0)
            case FaultKind.EXPIRED_TOKEN:
                self._tokens.clear()
                return payloads.error(401, "UNAUTHORIZED.GMP_GATEWAY_API", "Unauthorized token")
            case FaultKind.UNAVAILABLE:
                return payloads.error(503, "SYSTEM_ERROR.GMP_GATEWAY_API", "Service unavailable")
            case FaultKind.TIMEOUT:
                return payloads.error(504, "DOWNSTREAM_SYSTEM_TIME_OUT.GMP_ORDER_API", "Downstream system time out")
            case _:
                return payloads.error(500, "SYSTEM_ERROR.GMP_ORDER_API", "Internal server error")

    def announce(self, since: datetime, until: datetime) -> Sequence[News]:
        """PO_CREATED and ORDER_UPDATES, RETURN_CREATED: to who has subscribed them."""
        told: list[tuple[str, str, dict[str, Any]]] = []
        events = {event for event, _ in self._subscriptions}
        if events & {"PO_CREATED", "ORDER_UPDATES"}:
            for order in self._desk.news_of(since, until):
                event = "PO_CREATED" if order.placed_at >= since else "ORDER_UPDATES"
                told.append((event, f"{event}-{order.external_id}-{order.channel_updated_at}", payloads.po_news(order)))
        if "RETURN_CREATED" in events:
            told += [
                ("RETURN_CREATED", f"RETURN-{order.refunds[0].external_id}", payloads.return_news(order))
                for order in self._world.refunded_orders("walmart", since, until)
            ]
        return [
            self._news(one, event, event_id, payload, until)
            for event, event_id, payload in told
            for (subscribed, _), one in self._subscriptions.items()
            if subscribed == event
        ]

    def _news(self, one: dict[str, Any], event: str, event_id: str, payload: dict[str, Any], now: datetime) -> News:
        details = one["authDetails"]
        pair = base64.b64encode(f"{details['userName']}:{details['password']}".encode()).decode()
        body = {"source": {"eventType": event, "eventTime": payloads.iso(now), "eventId": event_id}, "payload": payload}
        headers = {details["authHeaderName"]: f"Basic {pair}", "content-type": "application/json"}
        return News("POST", one["eventUrl"], headers, json.dumps(body).encode())

    def _route(self, path: str, handler: Handler, operation: str, methods: Sequence[str] = ("GET",)) -> Route:
        async def guarded(request: Request) -> Response:
            self._admit(request, operation)
            return await handler(request)

        return Route(path, guarded, methods=list(methods))

    def _admit(self, request: Request, operation: str) -> None:
        """What the gateway checks before any API sees a request."""
        headers = request.headers
        if "WM_SVC.NAME" not in headers or "WM_QOS.CORRELATION_ID" not in headers:
            raise Refused(400, "MISSING_HEADER.GMP_GATEWAY_API", "WM_SVC.NAME and WM_QOS.CORRELATION_ID are required")
        wanted = "application/octet-stream" if request.url.path.endswith("/reconFile") else "application/json"
        if headers.get("Accept") != wanted:
            raise Refused(406, "NOT_ACCEPTABLE.GMP_GATEWAY_API", f"Accept has to be {wanted}")
        ends = self._tokens.get(headers.get("WM_SEC.ACCESS_TOKEN", ""))
        if ends is None or ends <= self._desk.clock.now():
            raise Refused(401, "UNAUTHORIZED.GMP_GATEWAY_API", "Unauthorized token or incorrect authorization header")
        grant = self._desk.limits.take(SELLER, operation)
        if not grant.is_allowed:
            refusal = Refused(429, "", "")
            refusal.response = self._throttled(grant.wait_seconds)
            raise refusal

    def _throttled(self, seconds: float) -> Response:
        skew = self._desk.faults.take("", FaultKind.CLOCK_SKEW)
        at = self._desk.clock.now() + timedelta(seconds=seconds + (skew.seconds if skew else 0))
        headers = {"X-Current-Token-Count": "0", "X-Next-Replenishment-Time": str(int(at.timestamp() * 1000) + 1)}
        words = "Request Threshold Violated; please retry later"
        return payloads.error(429, "REQUEST_THRESHOLD_VIOLATED.GMP_GATEWAY_API", words, headers)

    async def _token(self, request: Request) -> Response:
        if "WM_SVC.NAME" not in request.headers or "WM_QOS.CORRELATION_ID" not in request.headers:
            raise Refused(400, "MISSING_HEADER.GMP_GATEWAY_API", "WM_SVC.NAME and WM_QOS.CORRELATION_ID are required")
        self._desk.limits.take(SELLER, "token")
        pair = f"{self._desk.credentials['client_id']}:{self._desk.credentials['client_secret']}"
        if request.headers.get("Authorization") != f"Basic {base64.b64encode(pair.encode()).decode()}":
            raise Refused(401, "UNAUTHORIZED.GMP_GATEWAY_API", "Unauthorized client")
        if (await request.body()) != b"grant_type=client_credentials":
            raise Refused(400, "INVALID_REQUEST_CONTENT.GMP_GATEWAY_API", "grant_type is invalid")
        token = f"eyJ.{secrets.token_urlsafe(24)}"
        self._tokens[token] = self._desk.clock.now() + timedelta(seconds=TOKEN_SECONDS)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})

    async def _report_dates(self, _: Request) -> Response:
        return JSONResponse({"availableApReportDates": list(available(self._world))})

    async def _report(self, request: Request) -> Response:
        period = available(self._world).get(request.query_params.get("reportDate", ""))
        if period is None:
            raise Refused(404, "CONTENT_NOT_FOUND.GMP_REPORT_API", "No report for this date")
        return Response(report_zip(self._world, *period), media_type="application/octet-stream")

    async def _webhooks(self, request: Request) -> Response:
        if request.method == "POST":
            for one in (await request.json())["events"]:
                kept = {**one, "subscriptionId": secrets.token_hex(8), "partnerId": SELLER}
                self._subscriptions[one["eventType"], one["eventUrl"]] = kept
        return JSONResponse({"events": list(self._subscriptions.values())})


async def _refused(_: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    return refused.response


async def _unknown(_: Request, __: Exception) -> Response:
    return payloads.error(404, "URI_NOT_FOUND.GMP_GATEWAY_API", "Requested URI not found")
