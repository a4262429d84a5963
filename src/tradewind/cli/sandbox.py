"""`tradewind sandbox`: the three marketplaces in a box, on loopback."""

from __future__ import annotations

from typing import Annotated

import typer

from tradewind.cli.session import cli_of


def sandbox(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8790,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 7,
    days: Annotated[int, typer.Option(min=1, help="Days of history that are there at the start.")] = 90,
    orders: Annotated[int, typer.Option(min=1, help="Orders per channel and day.")] = 100,
    speed: Annotated[float, typer.Option(min=0, help="Simulated seconds per second; 0: the clock stands.")] = 1.0,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="Switch the published limits off.")] = False,
) -> None:
    """Run stand-in servers for Amazon, Shopify and Walmart, fed by one generated world.

    Prints the variables that point the connectors at it. Faults, clock and limits are switched by HTTP:
    see docs/channels/sandbox.md.
    """
    import shlex
    from datetime import UTC, timedelta

    import uvicorn

    from tradewind.core.clock import SystemClock
    from tradewind.sandbox.server import Sandbox, SandboxPlan, announcing

    cli_of(context).quiet_settings()
    clock = SystemClock()
    start = clock.now().astimezone(UTC).replace(microsecond=0) - timedelta(days=days)
    box = Sandbox(
        SandboxPlan(
            seed=seed,
            start=start,
            days=2 * days,
            orders=2 * days * orders,
            history_days=days,
            speed=speed,
            is_limited=not unlimited,
        ),
        clock,
    )
    for name, value in box.variables(f"http://127.0.0.1:{port}").items():
        typer.echo(f"{name}={shlex.quote(value)}")
    with announcing(box):
        uvicorn.run(box.app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
