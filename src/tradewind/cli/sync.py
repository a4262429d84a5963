"""`tradewind sync`, `tradewind channel` and `tradewind jobs`: reading channels, and what came of it.

A running server shares its store: runs are kept apart by locks, and what is booked here is moved on by the server.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.engine import open_engine
from tradewind.cli.session import AsJson, cli_of, is_terminal, print_json, print_table

if TYPE_CHECKING:
    from tradewind.channels.sync.engine import Engine

app = typer.Typer(
    help="What was read from channels, and what was refused.", no_args_is_help=True, rich_markup_mode=None
)
jobs_app = typer.Typer(help="What runs when.", rich_markup_mode=None, invoke_without_command=True)

_SHOWN = 70


def sync(
    context: typer.Context,
    channel: Annotated[str | None, typer.Argument(help="Only this connection or channel. Unset: all.")] = None,
    resource: Annotated[
        list[str] | None, typer.Option("--resource", "-r", help="orders, returns, products, inventory … Unset: all.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Read what changed since then.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Read all there is again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read channels now. Exit code 1: a run failed, or a payload could not be booked."""
    from dataclasses import asdict

    from tradewind.channels.contract import Resource
    from tradewind.channels.sync.connections import all_connections, find_connection
    from tradewind.channels.sync.engine import Ask
    from tradewind.commerce.catalog.model import SalesChannel
    from tradewind.core.errors import InvalidInput

    if unknown := [one for one in resource or () if one not in set(Resource)]:
        raise InvalidInput(f"'{unknown[0]}' is no resource. Use: {', '.join(Resource)}.", field="resource")
    results = []
    with open_engine(context) as engine:
        with engine.database.read() as tx:
            rows = [
                (row.id, row.name, row.connector)
                for row in all_connections(tx)
                if channel is None or channel in (row.name, row.id, tx.get_one(SalesChannel, row.channel_id).code)
            ]
            if channel is not None and not rows:
                find_connection(tx, channel)
        ask = Ask(None if since is None else since.replace(tzinfo=UTC), full, "by hand")
        for identity, name, connector in rows:
            for one in engine.connectors.get(connector).resources:
                if resource and one not in resource:
                    continue
                result = engine.sync(identity, one, ask, progress=None if as_json else _progress())
                results.append(result)
                if not as_json:
                    _say_result(name, result)
    if as_json:
        print_json([asdict(result) for result in results])
    elif not rows:
        typer.echo("Nothing is connected yet. See what can be: tradewind connect platforms")
    if any(result.status != "finished" or result.counts.get("payloads.refused") for result in results):
        raise typer.Exit(1)


@app.command("status")
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show how fresh each source is, the stalest first."""
    from tradewind.channels.sync.freshness import freshness

    with open_engine(context) as engine, engine.database.read() as tx:
        found = freshness(tx, engine.connectors, now=engine.clock.now())
    rows = [
        {
            "connection": one.connection,
            "resource": str(one.resource),
            "state": one.state,
            "read_until": one.read_until,
            "newest_fact_at": one.newest_fact_at,
            "age_minutes": None if one.age is None else int(one.age.total_seconds() // 60),
            "target_minutes": int(one.target_age.total_seconds() // 60),
            "is_late": one.is_late,
        }
        for one in found
    ]
    print_json(rows) if as_json else print_table(rows)


@app.command("history")
def sync_history(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Most runs.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show runs, the newest first."""
    from tradewind.channels.sync import runs
    from tradewind.channels.sync.connections import all_connections

    with cli_of(context).database() as database, database.read() as tx:
        names = {row.id: row.name for row in all_connections(tx)}
        rows = []
        for row in runs.history(tx, limit=limit):
            identity, _, resource = row.fingerprint.partition(":")
            counts = (row.counts or {}).get("counts", {})
            rows.append(
                {
                    "started_at": row.started_at,
                    "connection": names.get(identity, identity),
                    "resource": resource,
                    "why": row.source,
                    "status": row.status,
                    "read": counts.get("payloads.read", 0),
                    "booked": counts.get("payloads.booked", 0),
                    "refused": counts.get("payloads.refused", 0),
                    "error": row.error,
                }
            )
    print_json(rows) if as_json else print_table(rows)


@app.command("quarantine")
def show_quarantine(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most payloads.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List payloads that could not be booked, the newest first, each with the reason."""
    from dataclasses import asdict

    from tradewind.channels.sync.replay import waiting

    with cli_of(context).database() as database, database.read() as tx:
        rows = [asdict(one) for one in waiting(tx, limit=limit)]
    print_json(rows) if as_json else print_table([row | {"reason": row["reason"][:_SHOWN]} for row in rows])


@app.command("replay")
def replay(
    context: typer.Context,
    connection: Annotated[str, typer.Argument(help="Its name.")],
    resource: Annotated[
        str | None, typer.Option("--all", help="Map and book all kept payloads of this resource again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Book what waits in quarantine again, or all kept payloads. Exit code 1: some were refused."""
    from tradewind.channels.contract import Resource
    from tradewind.channels.sync.replay import replay_payloads, replay_quarantine

    with open_engine(context) as engine:
        if resource is None:
            done = replay_quarantine(engine, connection)
        else:
            done = replay_payloads(engine, connection, Resource(resource))
    if as_json:
        print_json({"booked": done.booked, "refused": done.refused})
    else:
        typer.echo(f"{done.booked} booked, {done.refused} refused.")
    if done.refused:
        raise typer.Exit(1)


@jobs_app.callback()
def jobs(context: typer.Context, as_json: AsJson = False) -> None:
    """List jobs, when each ran last and when it is due."""
    if context.invoked_subcommand is not None:
        return
    with open_engine(context) as engine:
        rows = [
            {
                "name": one.name,
                "every_minutes": None if one.every is None else round(one.every.total_seconds() / 60, 2),
                "daily_at": one.daily_at,
                "last_began_at": one.last_began_at,
                "last_status": one.last_status,
                "next_at": one.next_at,
            }
            for one in _scheduler(context, engine).states()
        ]
    print_json(rows) if as_json else print_table(rows)


@jobs_app.command("run")
def run_job(context: typer.Context, name: Annotated[str, typer.Argument(help="As the list shows it.")]) -> None:
    """Do a job now."""
    with open_engine(context) as engine:
        counts = _scheduler(context, engine).run_now(name)
    typer.echo(", ".join(f"{key} {number}" for key, number in sorted(counts.items()) if number) or "nothing to do")


def _scheduler(context: typer.Context, engine: Engine) -> Any:
    from tradewind.jobs.scheduler import Scheduler

    return Scheduler(engine, cli_of(context).quiet_settings().store.zone)


def _progress() -> Any:
    def say(connection: str, resource: object, scope: str, read: int) -> None:
        if is_terminal():
            where = f"{resource} {scope}".strip()
            typer.echo(f"\r{connection}: {where}, {read} read", nl=False, err=True)

    return say


def _say_result(name: str, result: Any) -> None:
    if is_terminal():
        typer.echo("\r", nl=False, err=True)
    counts = ", ".join(f"{key} {number}" for key, number in sorted(result.counts.items()) if number)
    problem = f": {result.error}" if result.error else ""
    typer.echo(f"{name} {result.resource}: {result.status}{problem} ({counts or 'nothing new'})")
