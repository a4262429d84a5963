"""One process with everything in it: opens the stores, starts what moves facts, answers until told to stop.

The order matters: whoever holds the folder is named before anything is touched, ports are taken before
stores are opened, and the address is printed only when the first request would be answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any, Self

import typer
import uvicorn

from tradewind import __version__
from tradewind.api.app import create_app
from tradewind.api.http_server import server_config
from tradewind.api.services import Services
from tradewind.cli.demo import run_demo
from tradewind.cli.session import to_json
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.service import Access
from tradewind.commerce.access.users import FIRST_ADMIN, ensure_admin
from tradewind.commerce.notifications.sender import Sender
from tradewind.commerce.payments.reconcile import Reconciler
from tradewind.core.errors import Conflict, NotAuthenticated, NotPermitted
from tradewind.core.logging import get_logger
from tradewind.core.secret_key import secret_key
from tradewind.core.settings import Settings
from tradewind.jobs.sweeps import run_sweeps, sweeps_of
from tradewind.ownership import FolderHeld, owner_of
from tradewind.platform import Platform
from tradewind.warehouse.gateway import Access as Entry
from tradewind.warehouse.gateway import Authenticate, GatewayServer, serve_gateway

PURPOSE = "A Tradewind server"
_OWN_USER = "tradewind"
_WRITE_USES_EVERY_SECONDS = 30.0

logger = get_logger(__name__)


class PortTaken(Conflict):
    code = "port_taken"

    def __init__(self, host: str, port: int, option: str) -> None:
        super().__init__(f"Port {port} on {host} is in use by another program. Choose another with {option}.")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a person needs to begin. The password is known only at the very first start."""

    url: str
    clickhouse_url: str | None
    password: str | None
    data_dir: str
    demo: bool

    def as_json(self) -> str:
        return to_json(
            {
                "version": __version__,
                "url": self.url,
                "clickhouse_url": self.clickhouse_url,
                "username": FIRST_ADMIN if self.password else None,
                "password": self.password,
                "data_dir": self.data_dir,
                "pid": os.getpid(),
            },
            indent=False,
        )

    def as_text(self) -> str:
        lines = [f"Tradewind {__version__} is ready.", "", f"  Web app     {self.url}"]
        if self.password is not None:
            lines += [
                f"  Sign in as  {FIRST_ADMIN}",
                f"  Password    {self.password}",
                f"              (shown this once; set another with: tradewind user password {FIRST_ADMIN})",
            ]
        else:
            lines.append(f"  Sign in     with your password; set another with: tradewind user password {FIRST_ADMIN}")
        lines.append(f"  API         {self.url}/docs")
        if self.clickhouse_url is not None:
            lines.append(
                f"  ClickHouse  {self.clickhouse_url}, password: a token (tradewind token create NAME --scope sql:read)"
            )
        lines += [f"  Data        {self.data_dir}", "", "Stop it with Ctrl+C."]
        return "\n".join(lines)


def serve(settings: Settings, *, demo: bool, demo_orders: int | None, as_json: bool) -> None:
    """Runs the product until SIGINT or SIGTERM."""
    holder = owner_of(settings.data_dir)
    if holder is not None:
        raise FolderHeld(settings.data_dir, holder)
    secret_key(settings)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # it starts and stops twice in here; we say it once
    with _listening(settings.server.host, settings.server.port, "--port") as web, _Stop() as stop:
        platform = Platform(settings, purpose=PURPOSE)
        with contextlib.closing(platform):
            password = ensure_admin(platform.database, now=platform.clock.now())
            services = Services.of(platform)
            with _gateway(settings, platform, services.access) as gateway:
                platform.start()
                platform.spawn("token uses", lambda closing: _write_uses(services, closing))
                platform.spawn("payments", Reconciler(services.cashier).run)
                sender = Sender(platform.database, settings.smtp, platform.clock, shop=settings.store.name)
                platform.spawn("mails", sender.run)
                sweeps = sweeps_of(settings)
                platform.spawn("sweeps", lambda closing: run_sweeps(platform.database, platform.clock, closing, sweeps))
                url = f"http://{_name(settings.server.host)}:{web.getsockname()[1]}"
                inside = f"http://{_name(settings.server.host)}:{gateway.port}" if gateway else None
                told = Announcement(url, inside, password, str(settings.data_dir), demo)

                def ready() -> None:
                    # What stands now stands until the end: the collector need not walk over it again and again.
                    gc.collect()
                    gc.freeze()
                    platform.lock.publish(replace(platform.lock.card, url=url))
                    typer.echo(told.as_json() if as_json else told.as_text())
                    if demo:
                        platform.spawn("demo", lambda closing: run_demo(platform, closing, orders=demo_orders))

                _run(create_app(platform, services), web, stop, ready)
                services.access.tokens.write_uses()
            services.cache.close()
    logger.info("stopped")


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
                clickhouse_host=_reachable(gateway.host),
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


class _Stop:
    """SIGINT and SIGTERM ask to stop; a second one insists."""

    def __init__(self) -> None:
        self.server: uvicorn.Server | None = None
        self.asked = threading.Event()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self.server is None:
            raise KeyboardInterrupt
        if self.asked.is_set():
            self.server.force_exit = True
        self.asked.set()
        self.server.should_exit = True


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


def _run(app: Any, listening: socket.socket, stop: _Stop, ready: Any) -> None:
    stop.server = _Server(server_config(app), ready)
    stop.server.run([listening])


@contextmanager
def _listening(host: str, port: int, option: str) -> Iterator[socket.socket]:
    """A socket on the address, taken before anything else is begun."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with taken:
        try:
            taken.bind((host, port))
        except PermissionError:
            raise Conflict(
                f"Port {port} needs more rights than this user has. Choose one above 1023 with {option}."
            ) from None
        except OSError as failure:
            if isinstance(failure, socket.gaierror):
                raise Conflict(
                    f"'{host}' is not an address of this machine. Use --host 127.0.0.1 or 0.0.0.0."
                ) from failure
            raise PortTaken(host, port, option) from failure
        yield taken


def _name(host: str) -> str:
    """The address as a person would type it."""
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):  # noqa: S104 (compared, not bound)
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _reachable(host: str) -> str:
    """Where a command on this machine finds what listens there."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)


def _write_uses(services: Services, closing: threading.Event) -> None:
    while not closing.wait(_WRITE_USES_EVERY_SECONDS):
        services.access.tokens.write_uses()
