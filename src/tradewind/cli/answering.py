"""What answers on open stores: the API, the ClickHouse interface, and the loops beside them.

Apart from `server`, since importing this is half of a start: it is done while the stores are opened.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import uvicorn

from tradewind.api.app import create_app
from tradewind.api.http_server import begin_to_answer, server_config
from tradewind.api.planning import PlanSchedule
from tradewind.api.routing import BASE
from tradewind.api.services import Services
from tradewind.cli.demo import run_demo
from tradewind.cli.ports import PortTaken, as_typed, reachable
from tradewind.cli.stop import Stop
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.service import Access
from tradewind.commerce.notifications.sender import Sender
from tradewind.commerce.payments.reconcile import Reconciler
from tradewind.core.errors import NotAuthenticated, NotPermitted
from tradewind.core.settings import Settings
from tradewind.jobs.forecasts import ForecastSchedule
from tradewind.jobs.gold_schedule import GoldSchedule
from tradewind.jobs.sweeps import run_sweeps, sweeps_of
from tradewind.platform import Platform
from tradewind.warehouse.gateway import Access as Entry
from tradewind.warehouse.gateway import Authenticate, GatewayServer, serve_gateway

_OWN_USER = "tradewind"
_WRITE_USES_EVERY_SECONDS = 30.0

Ready = Callable[[str, str | None], None]
"""Told once the first request would be answered: the address of the web app, and that of the ClickHouse interface."""


def answer_until_stopped(
    platform: Platform,
    web: socket.socket,
    stop: Stop,
    ready: Ready,
    *,
    demo: bool,
    demo_orders: int | None,
    sandbox: bool,
) -> None:
    """Starts all that moves facts, and answers on the socket until it is told to stop."""
    settings = platform.settings
    services = Services.of(platform)
    with _gateway(settings, platform, services.access) as gateway:
        platform.start()
        platform.spawn("token uses", lambda closing: _write_uses(services, closing))
        platform.spawn("payments", Reconciler(services.cashier).run)
        sender = Sender(platform.database, settings.smtp, platform.clock, shop=settings.store.name)
        platform.spawn("mails", sender.run)
        sweeps = sweeps_of(settings)
        platform.spawn("plans", PlanSchedule(services.planner, platform.clock).run)
        platform.spawn("sweeps", lambda closing: run_sweeps(platform.database, platform.clock, closing, sweeps))
        if settings.jobs.schedule:
            platform.spawn("jobs", services.scheduler.run)
        gold = GoldSchedule(platform)
        platform.spawn("gold", gold.run)
        platform.spawn("forecasts", ForecastSchedule(platform).run)
        url = f"http://{as_typed(settings.server.host)}:{web.getsockname()[1]}"
        inside = f"http://{as_typed(settings.server.host)}:{gateway.port}" if gateway else None

        def answers() -> None:
            begin_to_answer()
            platform.lock.publish(replace(platform.lock.card, url=url))
            ready(url, inside)
            if demo:
                seeded = partial(gold.begin, at_once=True)
                here = f"http://{reachable(settings.server.host)}:{web.getsockname()[1]}{BASE}/channels"
                hooks = here if sandbox else None
                platform.spawn(
                    "demo", lambda closing: run_demo(platform, closing, orders=demo_orders, seeded=seeded, hooks=hooks)
                )
            else:
                gold.begin()

        _run(create_app(platform, services), web, stop, answers)
        platform.wind_down()  # what builds gold speaks to the gateway, which waits for it
        services.access.tokens.write_uses()
    services.cache.close()


@contextmanager
def _gateway(settings: Settings, platform: Platform, access: Access) -> Iterator[GatewayServer | None]:
    """The ClickHouse interface, where the engine is in this process; a server has its own."""
    if not platform.warehouse.is_embedded:
        yield None
        return
    own_password = secrets.token_urlsafe(32)
    host, port = settings.server.host, settings.server.clickhouse_port
    try:
        gateway = serve_gateway(platform.warehouse, _doorkeeper(access, own_password), host=host, port=port)
    except OSError as failure:
        raise PortTaken(host, port, "--clickhouse-port") from failure
    try:
        platform.lock.publish(
            replace(
                platform.lock.card,
                clickhouse_host=reachable(gateway.host),
                clickhouse_port=gateway.port,
                clickhouse_password=own_password,
            )
        )
        yield gateway
    finally:
        gateway.stop()


def _doorkeeper(access: Access, own_password: str) -> Authenticate:
    """Who may speak to the engine: this machine's own commands, and programs with a token."""

    def authenticate(user: str, password: str) -> Entry | None:
        if user == _OWN_USER and secrets.compare_digest(password.encode(), own_password.encode()):
            return Entry(user, may_write=True)
        try:
            caller = access.authenticate_token(password, Scope.SQL_READ)
        except (NotAuthenticated, NotPermitted):
            return None
        return Entry(caller.name, may_write=Scope.SQL_WRITE in caller.scopes)

    return authenticate


class _Server(uvicorn.Server):
    """Uvicorn with our own handling of signals: its own would end the process before the stores are closed."""

    def __init__(self, config: uvicorn.Config, ready: Any) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            await asyncio.get_running_loop().run_in_executor(None, self._ready)


def _run(app: Any, listening: socket.socket, stop: Stop, ready: Any) -> None:
    stop.server = _Server(server_config(app), ready)
    stop.server.run([listening])


def _write_uses(services: Services, closing: threading.Event) -> None:
    while not closing.wait(_WRITE_USES_EVERY_SECONDS):
        services.access.tokens.write_uses()
