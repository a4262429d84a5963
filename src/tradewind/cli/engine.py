"""What the commands of channels share: an engine on the store, and who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from tradewind.cli.session import cli_of

if TYPE_CHECKING:
    from tradewind.channels.sync.engine import Engine

ACTOR_NAME = "command line"


@contextmanager
def open_engine(context: typer.Context) -> Iterator[Engine]:
    from tradewind.channels.sync.engine import Engine
    from tradewind.channels.sync.registry import Connectors
    from tradewind.core.clock import SystemClock
    from tradewind.core.secret_key import secret_key

    cli = cli_of(context)
    settings = cli.quiet_settings()
    with cli.database() as database:
        connectors = Connectors.installed()
        folder = settings.data_dir / "locks"
        engine = Engine(database, SystemClock(), connectors, lambda: secret_key(settings), folder=folder)
        try:
            yield engine
        finally:
            engine.close()


def actor() -> Any:
    from tradewind.commerce.access.audit import Actor

    return Actor(ACTOR_NAME)
