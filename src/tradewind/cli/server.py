"""One process with everything in it: opens the stores, starts what moves facts, answers until told to stop.

The order matters: whoever holds the folder is named before anything is touched, ports are taken before
stores are opened, and the address is printed only when the first request would be answered.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from dataclasses import dataclass
from importlib import import_module

import typer

import tradewind.migrations.tables  # noqa: F401 (all tables are known before a second thread begins to import)
from tradewind import __version__
from tradewind.cli.ports import listening
from tradewind.cli.session import to_json
from tradewind.cli.stop import Stop
from tradewind.commerce.access.users import FIRST_ADMIN, ensure_admin
from tradewind.core.logging import get_logger
from tradewind.core.secret_key import secret_key
from tradewind.core.settings import Settings
from tradewind.ownership import FolderHeld, owner_of
from tradewind.platform import Platform

PURPOSE = "A Tradewind server"

logger = get_logger(__name__)


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


def serve(settings: Settings, *, demo: bool, demo_orders: int | None, as_json: bool, sandbox: bool = True) -> None:
    """Runs the product until SIGINT or SIGTERM."""
    holder = owner_of(settings.data_dir)
    if holder is not None:
        raise FolderHeld(settings.data_dir, holder)
    secret_key(settings)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # it starts and stops twice in here; we say it once
    with listening(settings.server.host, settings.server.port, "--port") as web, Stop() as stop:
        # Half of a start is importing and building what answers, half is opening stores: side by side, they share it.
        # What imports here meets it below, where the import waits for the thread's.
        threading.Thread(target=import_module, args=("tradewind.cli.answering",), daemon=True).start()
        platform = Platform(settings, purpose=PURPOSE)
        with contextlib.closing(platform):
            password = ensure_admin(platform.database, now=platform.clock.now())
            from tradewind.cli.answering import answer_until_stopped

            def ready(url: str, clickhouse_url: str | None) -> None:
                told = Announcement(url, clickhouse_url, password, str(settings.data_dir), demo)
                typer.echo(told.as_json() if as_json else told.as_text())

            answer_until_stopped(platform, web, stop, ready, demo=demo, demo_orders=demo_orders, sandbox=sandbox)
    logger.info("stopped")
