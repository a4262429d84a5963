"""`tradewind worker`: does what is due, beside the server and other workers."""

from __future__ import annotations

from typing import Annotated

import typer

from tradewind.cli.engine import open_engine
from tradewind.cli.session import cli_of


def worker(
    context: typer.Context,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Jobs that are done at once.")] = 4,
) -> None:
    """Do jobs as they come due, together with other workers on the same PostgreSQL store. Stop it with Ctrl+C.

    Start as many as you like, and the server with TRADEWIND_JOBS_SCHEDULE=no: then they do all the jobs of channels.
    """
    import asyncio

    from tradewind.jobs.fleet import Fleet

    zone = cli_of(context).settings().store.zone
    with open_engine(context) as engine:
        asyncio.run(Fleet(engine, zone, threads=threads).run())
