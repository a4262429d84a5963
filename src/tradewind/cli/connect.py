"""`tradewind connect`: accounts of platforms, their credentials, and what is pushed to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.engine import actor, open_engine
from tradewind.cli.session import AsJson, cli_of, is_terminal, print_json, print_table

if TYPE_CHECKING:
    from tradewind.channels.contract import Connector

app = typer.Typer(
    help="Accounts of platforms: Amazon, Shopify, Walmart and others.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("platforms")
def platforms(context: typer.Context, as_json: AsJson = False) -> None:
    """List what can be connected, and what each asks for."""
    from tradewind.channels.sync.registry import Connectors

    cli_of(context).quiet_settings()
    rows = [
        {
            "connector": one.name,
            "label": one.label,
            "fields": [field.name for field in one.fields],
            "environment": [field.env for field in one.fields if field.env],
            "reads": [str(resource) for resource in one.resources],
        }
        for one in Connectors.installed().all().values()
    ]
    print_json(rows) if as_json else print_table(rows)


@app.command("add")
def add(
    context: typer.Context,
    connector: Annotated[str, typer.Argument(help="Which platform, as `platforms` shows it.")],
    name: Annotated[str | None, typer.Option(help="Name of the connection. Unset: the platform's.")] = None,
    channel: Annotated[str | None, typer.Option(help="Code of the channel. Unset: the name.")] = None,
    location: Annotated[str | None, typer.Option(help="Location that your own goods leave from.")] = None,
    field: Annotated[
        list[str] | None, typer.Option("--set", help="A value that is no secret, as NAME=VALUE. Repeat it for more.")
    ] = None,
    history_days: Annotated[int, typer.Option(min=1, max=3650, help="How far back the first load goes.")] = 730,
    secrets_end_on: Annotated[str | None, typer.Option(help="Day on which the secrets end, as 2027-01-31.")] = None,
    check: Annotated[bool, typer.Option(help="Try the credentials at once.")] = True,
    as_json: AsJson = False,
) -> None:
    """Connect an account. Secrets come from the environment, or are asked for; never from the command line."""
    from tradewind.channels.sync.connections import NewConnection, connect
    from tradewind.core.environment import environment

    with open_engine(context) as engine:
        one = engine.connectors.get(connector)
        told = environment()
        entered = _ask(one, _pairs(field), told)
        ends = None if secrets_end_on is None else date.fromisoformat(secrets_end_on)
        new = NewConnection(connector, entered, name, channel, location, history_days, ends)
        now = engine.clock.now()
        with engine.database.write() as tx:
            row = connect(tx, one, new, environment=told, secret_key=engine.secret_key(), actor=actor(), now=now)
            identity, made = row.id, row.name
        account = engine.check(identity) if check else None
    if as_json:
        print_json({"connection_id": identity, "name": made, "account": account})
    else:
        typer.echo(f"Connected {made}{'' if account is None else f': {account}'}. Read it now: tradewind sync {made}")


@app.command("list")
def list_connections(context: typer.Context, as_json: AsJson = False) -> None:
    """List accounts and how they stand."""
    from tradewind.channels.sync.connections import all_connections

    with cli_of(context).database() as database, database.read() as tx:
        names = ("name", "connector", "state", "state_reason", "pushes_stock", "pushes_prices", "stock_buffer",
                 "is_selling", "secrets_end_on")  # fmt: skip
        rows = [{name: getattr(row, name) for name in names} for row in all_connections(tx)]
    print_json(rows) if as_json else print_table(rows)


@app.command("credentials")
def credentials(
    context: typer.Context,
    connection: Annotated[str, typer.Argument(help="Its name.")],
    field: Annotated[list[str] | None, typer.Option("--set", help="A value that is no secret, as NAME=VALUE.")] = None,
    secrets_end_on: Annotated[str | None, typer.Option(help="Day on which the new secrets end.")] = None,
) -> None:
    """Enter credentials anew. From the environment where they stand there, else they are asked for."""
    from tradewind.channels.sync.connections import change_credentials, find_connection
    from tradewind.core.environment import environment

    with open_engine(context) as engine:
        with engine.database.read() as tx:
            one = engine.connectors.get(find_connection(tx, connection).connector)
        told = environment()
        entered = _pairs(field)
        for wanted in one.fields:
            if wanted.is_secret and wanted.name not in entered:
                value = told.get(wanted.env or "") or _hidden(wanted.label, optional=True)
                entered |= {wanted.name: value} if value else {}
        ends = None if secrets_end_on is None else date.fromisoformat(secrets_end_on)
        with engine.database.write() as tx:
            row = find_connection(tx, connection, lock=True)
            change_credentials(
                tx,
                row,
                one,
                entered,
                secret_key=engine.secret_key(),
                actor=actor(),
                now=engine.clock.now(),
                secrets_end_on=ends,
            )
        typer.echo(f"{connection}: {engine.check(connection)}")


@app.command("check")
def check_connection(context: typer.Context, connection: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Try the credentials with one call."""
    with open_engine(context) as engine:
        typer.echo(f"{connection}: {engine.check(connection)}")


@app.command("pause")
def pause_connection(context: typer.Context, connection: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Read and push nothing until it is resumed."""
    from tradewind.channels.sync import connections as use

    with open_engine(context) as engine, engine.database.write() as tx:
        use.pause(tx, use.find_connection(tx, connection, lock=True), actor=actor(), now=engine.clock.now())


@app.command("resume")
def resume_connection(context: typer.Context, connection: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Set it going again."""
    from tradewind.channels.sync import connections as use

    with open_engine(context) as engine, engine.database.write() as tx:
        use.resume(tx, use.find_connection(tx, connection, lock=True), actor=actor(), now=engine.clock.now())


@app.command("set")
def change(
    context: typer.Context,
    connection: Annotated[str, typer.Argument(help="Its name.")],
    push_stock: Annotated[bool | None, typer.Option(help="Write available stock to the channel.")] = None,
    push_prices: Annotated[bool | None, typer.Option(help="Write prices to the channel.")] = None,
    buffer: Annotated[int | None, typer.Option(min=0, help="Units that are kept back.")] = None,
    selling: Annotated[bool | None, typer.Option(help="Off: 0 is pushed for every SKU.")] = None,
) -> None:
    """Change what a connection may do."""
    from tradewind.channels.sync import connections as use

    changes = {
        "pushes_stock": push_stock,
        "pushes_prices": push_prices,
        "stock_buffer": buffer,
        "is_selling": selling,
    }
    with open_engine(context) as engine, engine.database.write() as tx:
        row = use.find_connection(tx, connection, lock=True)
        use.change_connection(tx, row, changes, actor=actor(), now=engine.clock.now())


@app.command("drift")
def show_drift(
    context: typer.Context, connection: Annotated[str, typer.Argument(help="Its name.")], as_json: AsJson = False
) -> None:
    """Show stock and prices where the channel shows something else than we would."""
    from dataclasses import asdict

    from tradewind.channels.sync.writeback import drift

    with open_engine(context) as engine, engine.database.read() as tx:
        rows = [asdict(one) for one in drift(tx, connection, now=engine.clock.now())]
    print_json(rows) if as_json else print_table(rows)


@app.command("push")
def push_now(context: typer.Context, connection: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Push now what differs, as far as the connection may. Exit code 1: the channel refused some."""
    from tradewind.channels.sync.writeback import push

    with open_engine(context) as engine:
        done = push(engine, connection)
    typer.echo(f"{done.done} pushed, {done.refused} refused, {done.unchanged} as they should be.")
    if done.refused:
        raise typer.Exit(1)


@app.command("link")
def link(
    context: typer.Context,
    connection: Annotated[str, typer.Argument(help="Its name.")],
    channel_sku: Annotated[str, typer.Argument(help="The channel's spelling.")],
    sku: Annotated[str | None, typer.Argument(help="The product's SKU here. Unset: take the link away.")] = None,
) -> None:
    """Say which product a channel's SKU means, where it is spelled in another way."""
    from tradewind.channels.sync import connections as use

    with open_engine(context) as engine, engine.database.write() as tx:
        row = use.find_connection(tx, connection)
        use.link_sku(tx, row.channel_id, channel_sku, sku, actor=actor(), now=engine.clock.now())


@app.command("rotate-key")
def rotate_key(
    context: typer.Context,
    former_key: Annotated[
        str | None, typer.Option(envvar="TRADEWIND_FORMER_SECRET_KEY", help="The secret key until now.", hidden=True)
    ] = None,
) -> None:
    """Seal everything with the new TRADEWIND_SECRET_KEY: accounts, second factors, secrets, tokens.

    The former key comes from TRADEWIND_FORMER_SECRET_KEY, from the data folder's secret.key, or is asked for. Stop the
    server first. Broken off, the same command goes on. Recovery codes end, and everybody signs in again.
    """
    from tradewind.core.secret_key import kept_key, secret_key
    from tradewind.jobs.key_rotation import rotate
    from tradewind.ownership import FolderHeld, owner_of

    cli = cli_of(context)
    settings = cli.quiet_settings()
    holder = owner_of(settings.data_dir)
    if holder is not None:
        raise FolderHeld(settings.data_dir, holder)
    former = former_key or kept_key(settings) or _hidden("The secret key until now")
    with cli.database() as database:
        for turned in rotate(database, former, secret_key(settings)):
            before = f", {turned.known} were before" if turned.known else ""
            typer.echo(f"{turned.name}: {turned.values} sealed with the new key{before}")


def _pairs(told: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in told or ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"'{pair}' is not NAME=VALUE.", param_hint="--set")
        found[name.strip()] = value
    return found


def _ask(connector: Connector, entered: dict[str, str], told: dict[str, str]) -> dict[str, str]:
    """What neither the line nor the environment says is asked for, secrets without an echo."""
    answers = dict(entered)
    for field in connector.fields:
        if field.name in answers or (field.env and told.get(field.env)) or field.default is not None:
            continue
        if field.is_secret:
            answers[field.name] = _hidden(field.label)
        elif is_terminal():
            answers[field.name] = str(typer.prompt(field.label))
    return answers


def _hidden(label: str, *, optional: bool = False) -> str:
    if not is_terminal():
        return ""
    return str(typer.prompt(label, hide_input=True, default="" if optional else None, show_default=False))
