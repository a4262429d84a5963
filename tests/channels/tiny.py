"""A channel as small as one can be: a server on loopback that checks what it is sent, and its connector.

It shows how a connector is written (docs/connectors.md points here), and what the engine is tested with.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tradewind.channels.contract import (
    Account,
    Caller,
    ChannelFailed,
    CredentialField,
    Judged,
    Limit,
    Mapped,
    Page,
    PricePush,
    PushOutcome,
    Raw,
    Rejected,
    Resource,
    Schedule,
    StockPush,
    Verdict,
    Window,
)
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.unified import (
    Fulfillment,
    UnifiedCustomer,
    UnifiedFee,
    UnifiedLine,
    UnifiedOrder,
    UnifiedProduct,
    UnifiedRefund,
    UnifiedRefundLine,
    UnifiedStock,
)
from tradewind.commerce.fees.model import FeeKind, FeeStatus
from tradewind.commerce.orders.states import OrderStatus, parse_status
from tradewind.core.errors import InvalidInput

Answer = tuple[int, dict[str, str], bytes]
SECRET = "tiny-secret-4711"


@dataclass
class TinyShop:
    """The truth of the channel, and what the next requests meet instead of it."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    products: list[dict[str, Any]] = field(default_factory=list)
    stock: list[dict[str, Any]] = field(default_factory=list)
    fees: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """The next requests of data meet these, one each: 429, 503, truncated, expired, 403, 423, empty_page."""
    page_size: int = 50
    pushed: list[dict[str, Any]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    valid: set[str] = field(default_factory=set)
    is_revoked: bool = False
    delay: float = 0.0
    before_page: Callable[[int], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, number: int, **changes: Any) -> dict[str, Any]:
        """Makes or changes an order; its time of change moves on."""
        key = f"T-{number:06d}"
        made = self.orders.setdefault(key, an_order(number))
        made.update(changes)
        return made

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        url = urlsplit(target)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        with self.lock:
            self.calls[url.path] += 1
            if url.path == "/token":
                return self._token(body)
            if (fault := self.faults.pop(0) if self.faults else None) is not None and fault != "empty_page":
                return self._fault(fault, headers)
            if headers.get("authorization", "") not in self.valid:
                return _json(401, {"error": "token"})
            if url.path == "/push":
                self.pushed.append(json.loads(body))
                return _json(200, {"ok": True})
            if url.path == "/me":
                return _json(200, {"name": "Tiny shop"})
            if url.path.startswith("/orders/"):
                found = self.orders.get(url.path.removeprefix("/orders/"))
                return _json(404, {}) if found is None else _json(200, found)
            return self._page(url.path, asked, is_empty=fault == "empty_page")

    def _token(self, body: bytes) -> Answer:
        if self.is_revoked or json.loads(body) != {"secret": SECRET}:
            return _json(400, {"error": "invalid_grant"})
        self.tokens += 1
        token = f"token-{self.tokens}"
        self.valid = {token}
        return _json(200, {"token": token, "seconds": 3600})

    def _fault(self, fault: str, headers: Mapping[str, str]) -> Answer:
        if fault == "truncated":
            return 200, {"content-type": "application/json"}, b'{"rows": [{"id": "T-0'
        if fault == "expired":
            self.valid.clear()
            return _json(401, {"error": "expired"})
        waits = {"retry-after": "7"} if fault == "429" else {}
        status, kind, content = _json(int(fault), {"error": fault})
        return status, kind | waits, content

    def _page(self, path: str, asked: dict[str, str], *, is_empty: bool) -> Answer:
        """Rows in the order of their last change; the cursor is the number of the next row."""
        start = int(asked.get("cursor", "0"))
        if self.before_page is not None:
            self.before_page(start)
        if path == "/orders":
            since, until = asked.get("since", ""), asked["until"]
            rows = [o for o in self.orders.values() if since <= o["updated"] < until]
            rows.sort(key=lambda one: (one["updated"], one["id"]))
        else:
            rows = {"/products": self.products, "/stock": self.stock, "/fees": self.fees}[path]
        if is_empty:
            return _json(200, {"rows": [], "next": str(start)})
        page = rows[start : start + self.page_size]
        following = start + self.page_size
        return _json(200, {"rows": page} | ({"next": str(following)} if following < len(rows) else {}))


def an_order(number: int) -> dict[str, Any]:
    placed = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=number % 40_000)
    return {
        "id": f"T-{number:06d}",
        "placed": placed.isoformat(),
        "updated": placed.isoformat(),
        "status": "confirmed",
        "currency": "USD",
        "buyer": {"id": f"B-{number % 97}", "email": f"canary{number % 97}@example.org"},
        "lines": [
            {"id": "1", "sku": f"SKU-{number % 50}", "title": "Mug", "units": 1 + number % 3, "price": "12.50",
             "tax": "1.25"},
        ],
        "shipping": "4.00",
        "refunds": [],
    }  # fmt: skip


def _json(status: int, content: Any) -> Answer:
    return status, {"content-type": "application/json"}, json.dumps(content).encode()


class TinyServer:
    """The shop on a free port of loopback."""

    def __init__(self, shop: TinyShop) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._do("GET")

            def do_POST(self) -> None:
                self._do("POST")

            def _do(self, method: str) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                if shop.delay:
                    time.sleep(shop.delay)
                status, more, content = shop.answer(method, self.path, headers, body)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its parent's word)
                """Nothing: the test asks the shop."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


# --- The connector ---------------------------------------------------------------------------------------------------


def judge(response: httpx.Response) -> Judged:
    status = response.status_code
    if status < 300:
        return Judged(Verdict.OK)
    hint = response.headers.get("retry-after")
    verdicts = {401: Verdict.AUTH_EXPIRED, 403: Verdict.AUTH_FATAL, 423: Verdict.ACCOUNT_STATE, 429: Verdict.THROTTLED}
    verdict = verdicts.get(status, Verdict.TRANSIENT if status >= 500 else Verdict.PERMANENT)
    return Judged(verdict, None if hint is None else float(hint), code=str(status))


@rejects_surprises
def map_order(raw: Raw) -> Mapped:
    """Pure: one payload to unified records, or to the reason why not."""
    identity = raw["id"] if isinstance(raw.get("id"), str) else ""
    if not identity:
        return Mapped("", raw, (), (Rejected(None, "no_id", "the order has no id"),))
    if raw.get("gift") is not None:
        raise NotImplementedError(f"gifts for {raw['buyer']}")
    try:
        currency = raw["currency"]
        lines = tuple(
            UnifiedLine(
                external_line_id=line["id"],
                sku=line.get("sku"),
                quantity=line["units"],
                unit_price=Decimal(line["price"]),
                title=line.get("title"),
                quantity_cancelled=line.get("cancelled", 0),
                tax=None if line.get("tax") is None else Decimal(line["tax"]),
            )
            for line in raw["lines"]
        )
        refunds = tuple(
            UnifiedRefund(
                one["id"],
                datetime.fromisoformat(one["at"]),
                currency,
                Decimal(one["amount"]),
                identity,
                lines=(UnifiedRefundLine(one["sku"], one["units"], Decimal(one["amount"])),),
            )
            for one in raw["refunds"]
        )
        warnings: tuple[str, ...] = ()
        try:
            status = parse_status(raw["status"])
        except InvalidInput:
            status, warnings = OrderStatus.CONFIRMED, ("unknown_status",)
        order = UnifiedOrder(
            external_id=identity,
            order_number=identity,
            placed_at=datetime.fromisoformat(raw["placed"]),
            status=status,
            currency=currency,
            lines=lines,
            channel_updated_at=datetime.fromisoformat(raw["updated"]),
            fulfillment_status=Fulfillment.UNFULFILLED,
            raw_status=raw["status"],
            shipping=Decimal(raw["shipping"]),
            customer=UnifiedCustomer(raw["buyer"]["id"], raw["buyer"]["email"]) if raw.get("buyer") else None,
            refunds=refunds,
            warnings=warnings,
        )
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as broken:
        reason = f"the order has no usable {broken.args[0] if isinstance(broken, KeyError) else 'value'}"
        return Mapped(identity, raw, (), (Rejected(identity or None, "invalid_payload", reason),))
    return Mapped(identity, raw, (order,))


def map_product(raw: Raw) -> Mapped:
    told = UnifiedProduct(
        raw["id"], raw["sku"], raw["title"], price=Decimal(raw["price"]), currency="USD", status=raw["status"]
    )
    return Mapped(raw["id"], raw, (told,))


def map_stock(raw: Raw) -> Mapped:
    at = datetime.fromisoformat(raw["at"])
    told = UnifiedStock(raw["sku"], raw["place"], at, raw["units"], keeper=raw["keeper"])
    return Mapped(f"{raw['sku']}@{raw['place']}", raw, (told,))


def map_fee(raw: Raw) -> Mapped:
    told = UnifiedFee(
        raw["id"],
        datetime.fromisoformat(raw["at"]),
        FeeKind.COMMISSION,
        Decimal(raw["amount"]),
        "USD",
        FeeStatus.SETTLED,
        "Commission",
        order_external_id=raw["order"],
        replaces=raw.get("report"),
    )
    return Mapped(raw["id"], raw, (told,))


MAPPINGS: dict[Resource, Callable[[Raw], Mapped]] = {
    Resource.ORDERS: map_order,
    Resource.PRODUCTS: map_product,
    Resource.INVENTORY: map_stock,
    Resource.FEES: map_fee,
}
PATHS = {
    Resource.ORDERS: "/orders",
    Resource.PRODUCTS: "/products",
    Resource.INVENTORY: "/stock",
    Resource.FEES: "/fees",
}


class TinyConnection:
    def __init__(self, account: Account, caller: Caller) -> None:
        self._url = account.values["url"]
        self._caller = caller

    def _get(self, operation: str, path: str) -> Any:
        def request(token: str) -> httpx.Request:
            return httpx.Request("GET", self._url + path, headers={"authorization": token})

        content = self._caller.call(operation, request, judge).content
        return json.loads(content, parse_float=Decimal)

    def pages(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        asked: dict[str, str] = {"until": window.until.isoformat()}
        if window.since is not None:
            asked["since"] = window.since.isoformat()
        seen: set[str] = set()
        while True:
            told = self._get(str(resource), f"{PATHS[resource]}?{urlencode(asked)}")
            following = told.get("next")
            rows = [MAPPINGS[resource](row) for row in told["rows"]]
            yield Page(rows, window.until if following is None else None)
            if following is None:
                return
            if following in seen and told["rows"]:
                raise ChannelFailed("Tiny told the same page twice.", Judged(Verdict.PERMANENT, code="page_repeats"))
            seen.add(following)
            asked["cursor"] = following

    first_load = pages

    def read(self, resource: Resource, external_id: str) -> Page:
        return Page([map_order(self._get("order", f"/orders/{external_id}"))])

    def map(self, resource: Resource, raw: Raw) -> Mapped:
        return MAPPINGS[resource](raw)

    def check(self) -> str:
        return str(self._get("me", "/me")["name"])

    # What a channel that takes stock and prices offers beside.

    def push_stock(self, pushes: Sequence[StockPush]) -> list[PushOutcome]:
        return [self._push({"sku": one.sku, "available": one.available, "key": one.key}) for one in pushes]

    def push_prices(self, pushes: Sequence[PricePush]) -> list[PushOutcome]:
        return [self._push({"sku": one.sku, "price": str(one.price), "key": one.key}) for one in pushes]

    def _push(self, told: dict[str, Any]) -> PushOutcome:
        def request(token: str) -> httpx.Request:
            return httpx.Request("POST", f"{self._url}/push", headers={"authorization": token}, json=told)

        self._caller.call("push", request, judge)
        return PushOutcome(told["key"], True)


class TinyConnector:
    name = "tiny"
    label = "Tiny shop"
    fields: tuple[CredentialField, ...] = (
        CredentialField("url", "Address", is_secret=False),
        CredentialField("secret", "Secret", env="TINY_SECRET"),
    )
    resources: Mapping[Resource, Schedule] = {
        Resource.ORDERS: Schedule(timedelta(minutes=15), timedelta(minutes=30)),
        Resource.PRODUCTS: Schedule(timedelta(hours=6), timedelta(hours=12)),
        Resource.INVENTORY: Schedule(timedelta(minutes=30), timedelta(hours=1)),
        Resource.FEES: Schedule(timedelta(days=1), timedelta(days=2)),
    }
    limits: Mapping[str, Limit] = {"push": Limit(5, 5)}
    overlap = timedelta(minutes=10)
    lag = timedelta(minutes=2)

    def __init__(self, *, window_days: int | None = None, limits: Mapping[str, Limit] | None = None) -> None:
        self._window_days = window_days
        if limits is not None:
            self.limits = limits

    def scopes(self, account: Account, resource: Resource) -> Sequence[str]:
        return ("",)

    def window_days(self, resource: Resource) -> int | None:
        return self._window_days if resource is Resource.ORDERS else None

    def token(self, account: Account, http: httpx.Client) -> tuple[str, datetime | None]:
        answer = http.post(f"{account.values['url']}/token", json={"secret": account.secret("secret")})
        if answer.status_code != 200:
            raise ChannelFailed("Tiny refused the secret.", Judged(Verdict.AUTH_FATAL, code="invalid_grant"))
        return answer.json()["token"], None

    def open(self, account: Account, caller: Caller) -> TinyConnection:
        return TinyConnection(account, caller)
