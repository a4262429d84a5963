"""Amazon's stand-in without a socket, and a caller of the engine before it; waits cost nothing."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette

from tests.channels.syncing import PassingTime
from tradewind.channels.amazon.connection import AmazonConnection
from tradewind.channels.amazon.connector import AmazonConnector
from tradewind.channels.contract import Account, Mapped, Page, Resource, Window
from tradewind.channels.sync.caller import AccountCaller
from tradewind.channels.sync.limiter import Buckets
from tradewind.core.clock import ManualClock
from tradewind.sandbox.desk import Desk
from tradewind.sandbox.faults import Fault, FaultKind
from tradewind.sandbox.server import Sandbox, SandboxPlan

START = datetime(2026, 3, 1, tzinfo=UTC)
US, CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"
ADDRESS = "http://testserver/amazon"


class Wire(httpx.BaseTransport):
    """Carries requests to the sandbox's app; `tamper` may change an answer on its way."""

    def __init__(self, app: Starlette) -> None:
        self._inner = httpx.ASGITransport(app)
        self._loop = asyncio.Runner()
        self.tamper: Callable[[httpx.Response], httpx.Response] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._loop.run(self._answer(request))
        return self.tamper(response) if self.tamper else response

    def close(self) -> None:
        self._loop.close()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content, request=request)


@dataclass
class Market:
    """One account of a made-up Amazon, `days` days after it began."""

    sandbox: Sandbox
    real: ManualClock
    pacer: PassingTime
    wire: Wire
    http: httpx.Client
    account: Account
    caller: AccountCaller
    connection: AmazonConnection

    @classmethod
    def open(
        cls,
        *,
        days: int = 40,
        orders: int = 300,
        is_limited: bool = True,
        values: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> Market:
        real = ManualClock("2026-11-01T00:00:00+00:00")
        plan = SandboxPlan(
            5,
            START,
            days=days,
            orders=orders,
            history_days=days,
            speed=1.0,
            is_limited=is_limited,
            channels=("amazon",),
        )
        sandbox = Sandbox(plan, real)
        given = sandbox.variables("http://testserver")
        connector = AmazonConnector(clock=sandbox.clock)
        entered = {field.name: given.get(field.env or "", field.default or "") for field in connector.fields}
        entered |= {**(values or {}), **(secrets or {})}
        hidden = {field.name for field in connector.fields if field.is_secret}
        account = Account(
            "c1",
            "amazon",
            "amazon",
            {name: value for name, value in entered.items() if name not in hidden},
            {name: SecretStr(value) for name, value in entered.items() if name in hidden},
        )
        wire = Wire(sandbox.app)
        http = httpx.Client(transport=wire, base_url=ADDRESS)
        pacer = PassingTime(real)
        caller = AccountCaller(
            connector,
            account,
            buckets=Buckets(connector.limits),
            clock=sandbox.clock,
            pacer=pacer,
            chance=random.Random(7),
            http=http,
        )
        return cls(sandbox, real, pacer, wire, http, account, caller, connector.open(account, caller))

    @property
    def desk(self) -> Desk:
        return self.sandbox.desks["amazon"]

    @property
    def now(self) -> datetime:
        return self.sandbox.clock.now()

    @property
    def calls(self) -> Counter[str]:
        return self.desk.limits.calls

    def window(self, since: datetime | None = None) -> Window:
        return Window(since, self.now - timedelta(minutes=2))

    def fault(self, kind: FaultKind, times: int = 1, path: str = "", seconds: float = 0.0) -> None:
        self.desk.faults.switch(Fault(kind, times, path, seconds))

    def pages(self, resource: Resource, scope: str = "", since: datetime | None = None) -> list[Page]:
        return list(self.connection.pages(resource, scope, self.window(since)))

    def items(self, resource: Resource, scope: str = "", since: datetime | None = None) -> list[Mapped]:
        return [item for page in self.pages(resource, scope, since) for item in page.items]

    def get(self, path: str, token: str | None = None, **params: str) -> httpx.Response:
        """A bare call, past the caller."""
        headers = {} if token is None else {"x-amz-access-token": token}
        return self.http.get(path, params=params, headers=headers)

    def token(self, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self.account.secret("refresh_token"),
            "client_id": self.account.values["client_id"],
            "client_secret": self.account.secret("client_secret"),
        }
        return self.http.post("/auth/o2/token", data=form | changes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()
