"""The stand-in's app: each call checked for its token, its limit and its parameters, as Amazon checks them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tradewind.sandbox.amazon.access import GRANTLESS, SELLER, Access
from tradewind.sandbox.amazon.asking import MARKETPLACES, BadRequest
from tradewind.sandbox.amazon.goods import GoodsDesk
from tradewind.sandbox.amazon.limits import LIMITS
from tradewind.sandbox.amazon.money import MoneyDesk
from tradewind.sandbox.amazon.orders import OrderDesk
from tradewind.sandbox.amazon.queue import NotificationDesk
from tradewind.sandbox.amazon.reports import ReportDesk
from tradewind.sandbox.desk import Desk, News, StandIn
from tradewind.sandbox.faults import FaultKind

CREDENTIALS: Mapping[str, str] = {
    "client_id": "amzn1.application-oa2-client.sandbox",
    "client_secret": "amazon-sandbox-secret",
    "refresh_token": "Atzr|amazon-sandbox",
    "seller_id": "A3SANDBOX0SELL",
}
_DENIED = "Access to requested resource is denied."
_QUOTA = "You exceeded your quota for the requested resource."
_TELLS_ITS_RATE = frozenset({200, 201, 202, 400, 404})
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_FAULTS = {
    FaultKind.THROTTLED: (429, "QuotaExceeded", _QUOTA, ""),
    FaultKind.UNAVAILABLE: (503, "ServiceUnavailable", "Service is temporarily unavailable.", ""),
    FaultKind.BROKEN: (500, "InternalFailure", "We encountered an internal error.", ""),
    FaultKind.TIMEOUT: (504, "GatewayTimeout", "The request timed out.", ""),
    FaultKind.EXPIRED_TOKEN: (403, "Unauthorized", _DENIED, "The access token you provided has expired."),
}

Answer = Callable[[Request], Awaitable[tuple[int, Any]]]


def stand_in(desk: Desk) -> StandIn:
    amazon = Amazon(desk)
    return StandIn(amazon.app, refused, amazon.variables, amazon.announce)


def refused(kind: FaultKind) -> Response:
    """A fault at the door, in Amazon's words."""
    return _error(*_FAULTS[kind])


class Amazon:
    """All operations of one account."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.access = Access(desk.clock, desk.credentials)
        self._orders = OrderDesk(desk)
        self._money = MoneyDesk(desk)
        self._goods = GoodsDesk(desk)
        self._reports = ReportDesk(desk)
        self._notifications = NotificationDesk(desk)
        self.app = Starlette(routes=self._routes())

    def variables(self, address: str) -> Mapping[str, str]:
        return {
            "AMAZON_CLIENT_ID": self._desk.credentials["client_id"],
            "AMAZON_CLIENT_SECRET": self._desk.credentials["client_secret"],
            "AMAZON_REFRESH_TOKEN": self._desk.credentials["refresh_token"],
            "AMAZON_SELLER_ID": self._desk.credentials["seller_id"],
            "AMAZON_MARKETPLACES": "US, CA",
            "AMAZON_REVIEW_TOPICS": "yes",
            "AMAZON_BASE_URL": address,
            "LWA_TOKEN_URL": f"{address}/auth/o2/token",
        }

    def announce(self, since: datetime, until: datetime) -> Sequence[News]:
        """Amazon calls nobody: what is new waits in the queue."""
        self._notifications.announce(since, until)
        return ()

    def _routes(self) -> list[Route]:
        seller, items = self._desk.credentials["seller_id"], "/listings/2021-08-01/items"
        reports = "/reports/2021-06-30"
        told: list[tuple[str, str, str, Answer]] = [
            ("GET", "/orders/2026-01-01/orders", "searchOrders", self._search_orders),
            ("GET", "/orders/2026-01-01/orders/{id}", "getOrder", self._get_order),
            ("GET", "/finances/2024-06-19/transactions", "listTransactions", self._transactions),
            ("GET", "/fba/inventory/v1/summaries", "getInventorySummaries", self._summaries),
            ("GET", f"{items}/{seller}", "searchListingsItems", self._search_listings),
            ("GET", f"{items}/{seller}/{{sku:path}}", "getListingsItem", self._listing),
            ("PATCH", f"{items}/{seller}/{{sku:path}}", "patchListingsItem", self._patch),
            ("GET", "/catalog/2022-04-01/items", "searchCatalogItems", self._catalog),
            ("GET", "/customerFeedback/2024-06-01/items/{asin}/reviews/topics", "getItemReviewTopics", self._topics),
            ("GET", "/sellers/v1/marketplaceParticipations", "getMarketplaceParticipations", self._participations),
            ("POST", f"{reports}/reports", "createReport", self._create_report),
            ("GET", f"{reports}/reports", "getReports", self._find_reports),
            ("GET", f"{reports}/reports/{{id}}", "getReport", self._get_report),
            ("GET", f"{reports}/documents/{{id}}", "getReportDocument", self._document),
            ("POST", "/notifications/v1/subscriptions/{kind}", "createSubscription", self._subscribe),
            ("GET", "/notifications/v1/subscriptions/{kind}", "getSubscription", self._subscription),
        ]
        grantless: list[tuple[str, str, str, Answer]] = [
            ("POST", "/notifications/v1/destinations", "createDestination", self._create_destination),
            ("GET", "/notifications/v1/destinations", "getDestinations", self._destinations),
        ]
        guarded = [
            Route(path, partial(self._guarded, operation, kind, answer), methods=[method], name=operation)
            for kind, calls in ((SELLER, told), (GRANTLESS, grantless))
            for method, path, operation, answer in calls
        ]
        return [
            Route("/auth/o2/token", self._token, methods=["POST"]),
            Route("/documents/{key}", self._content),
            Route("/sqs", self._sqs, methods=["POST"]),
            *guarded,
        ]

    async def _guarded(self, operation: str, kind: str, answer: Answer, request: Request) -> Response:
        """Token first, then the limit, then what is asked."""
        refusal = self.access.refusal(request.headers.get("x-amz-access-token"), kind)
        if refusal is not None:
            return _error(403, "Unauthorized", _DENIED, refusal)
        if not self._desk.limits.take(self._desk.credentials["seller_id"], operation).is_allowed:
            return _error(429, "QuotaExceeded", _QUOTA, "")
        try:
            status, body = await answer(request)
            response = _json(status, body)
        except BadRequest as bad:
            response = _error(bad.status, bad.code, str(bad), "")
        if response.status_code in _TELLS_ITS_RATE and self._desk.limits.is_on:
            response.headers["x-amzn-RateLimit-Limit"] = str(LIMITS[operation].rate)
        return response

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("latin-1")))
        return _json(*self.access.token(form))

    async def _content(self, request: Request) -> Response:
        if any(name.startswith("x-amz") for name in request.headers):
            return _error(400, "InvalidArgument", "Only one auth mechanism allowed", "")
        try:
            content = self._reports.content(request.path_params["key"])
        except BadRequest as bad:
            return _error(bad.status, bad.code, str(bad), "")
        return Response(content, media_type="text/plain; charset=cp1252")

    async def _sqs(self, request: Request) -> Response:
        try:
            body = self._notifications.sqs(request.headers.get("x-amz-target", ""), await _body(request))
        except BadRequest as bad:
            return _error(bad.status, bad.code, str(bad), "")
        return _json(200, body)

    # --- Operations ---

    async def _search_orders(self, request: Request) -> tuple[int, Any]:
        return 200, self._orders.search(dict(request.query_params), request.url.path)

    async def _get_order(self, request: Request) -> tuple[int, Any]:
        return 200, self._orders.one(request.path_params["id"], dict(request.query_params))

    async def _transactions(self, request: Request) -> tuple[int, Any]:
        return 200, self._money.list(dict(request.query_params), request.url.path)

    async def _summaries(self, request: Request) -> tuple[int, Any]:
        return 200, self._goods.summaries(dict(request.query_params), request.url.path)

    async def _search_listings(self, request: Request) -> tuple[int, Any]:
        return 200, self._goods.search(dict(request.query_params), request.url.path)

    async def _listing(self, request: Request) -> tuple[int, Any]:
        return 200, self._goods.listing(request.path_params["sku"], dict(request.query_params))

    async def _patch(self, request: Request) -> tuple[int, Any]:
        body = await _body(request)
        return 200, self._goods.patch(request.path_params["sku"], dict(request.query_params), body)

    async def _catalog(self, request: Request) -> tuple[int, Any]:
        return 200, self._goods.catalog(dict(request.query_params))

    async def _topics(self, request: Request) -> tuple[int, Any]:
        found = self._goods.topics(request.path_params["asin"], dict(request.query_params))
        return (204, None) if found is None else (200, found)

    async def _participations(self, _: Request) -> tuple[int, Any]:
        places = [
            {
                "marketplace": {"id": place, "countryCode": country, "name": name, "defaultCurrencyCode": currency},
                "storeName": "Sandbox Store",
                "participation": {"isParticipating": True, "hasSuspendedListings": False},
            }
            for place, (country, name, currency) in MARKETPLACES.items()
        ]
        return 200, {"payload": places}

    async def _create_report(self, request: Request) -> tuple[int, Any]:
        return 202, self._reports.create(await _body(request))

    async def _find_reports(self, request: Request) -> tuple[int, Any]:
        return 200, self._reports.find(dict(request.query_params))

    async def _get_report(self, request: Request) -> tuple[int, Any]:
        return 200, self._reports.get(request.path_params["id"])

    async def _document(self, request: Request) -> tuple[int, Any]:
        base = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
        return 200, self._reports.document(request.path_params["id"], base)

    async def _create_destination(self, request: Request) -> tuple[int, Any]:
        return 200, self._notifications.create_destination(await _body(request))

    async def _destinations(self, _: Request) -> tuple[int, Any]:
        return 200, self._notifications.destinations()

    async def _subscribe(self, request: Request) -> tuple[int, Any]:
        return 200, self._notifications.subscribe(request.path_params["kind"], await _body(request))

    async def _subscription(self, _: Request) -> tuple[int, Any]:
        return 200, self._notifications.subscription()


async def _body(request: Request) -> Any:
    try:
        return msgspec.json.decode(await request.body())
    except msgspec.DecodeError:
        raise BadRequest("The body is not JSON.") from None


def _json(status: int, body: Any) -> Response:
    content = b"" if status == 204 else _ENCODER.encode(body)
    response = Response(content, status, media_type="application/json")
    response.headers["x-amzn-RequestId"] = "sandbox"
    return response


def _error(status: int, code: str, message: str, details: str) -> Response:
    return _json(status, {"errors": [{"code": code, "message": message, "details": details}]})
