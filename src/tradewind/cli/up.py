"""`tradewind up`: the whole product in one process, until it is told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from tradewind.cli.session import AsJson, cli_of


def up(
    context: typer.Context,
    demo: Annotated[bool, typer.Option("--demo", help="Fill the store with invented sales, and sell on.")] = False,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1, this machine only.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of web app and API. Default: 8000.")] = None,
    clickhouse_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the ClickHouse interface. Default: 8123.")
    ] = None,
    orders: Annotated[
        int | None, typer.Option("--demo-orders", min=100, help="Orders of the demo's history. Default: 20000.")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option(help="Connect the demo to the marketplaces in a box: Amazon, Shopify and Walmart.")
    ] = True,
    public_insights: Annotated[
        bool,
        typer.Option(
            "--public-insights", help="Answer /api/customers, /api/products and /api/sales without login or names."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start everything in one process. That is the web app, the API, the ClickHouse interface and all that moves facts.

    Stop it with Ctrl+C. A second start on the same folder is refused and says who holds it.
    """
    wishes = {"host": host, "port": port, "clickhouse_port": clickhouse_port}
    server: dict[str, object] = {name: wish for name, wish in wishes.items() if wish is not None}
    if public_insights:
        server["public_insights"] = True
    settings = cli_of(context).settings(server=server or None)
    from tradewind.cli.server import serve

    serve(settings, demo=demo, demo_orders=orders, as_json=as_json, sandbox=sandbox)
