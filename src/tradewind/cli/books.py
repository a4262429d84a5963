"""`tradewind sql`, `verify` and `fx`: ask the warehouse, hold it against the ledger, store rates."""

from __future__ import annotations

import csv
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table, to_json

if TYPE_CHECKING:
    from tradewind.verify import Checked

rates = typer.Typer(help="Exchange rates that reports convert with.", no_args_is_help=True, rich_markup_mode=None)

_MOST_SHOWN = 20


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def add_to(app: typer.Typer) -> None:
    app.command("sql")(sql)
    app.command("verify")(verify)


def sql(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A SELECT in ClickHouse's SQL.")],
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
    project: Annotated[
        bool, typer.Option("--project", help="Ask the project: its data sources and pipes, by their names.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the warehouse, or with --project the project that is deployed. The connection can only read."""
    if project:
        from tradewind.cli.endpoint import project_sql

        project_sql(context, query, (Format.JSON if as_json else form).value)
        return
    with cli_of(context).stores() as stores:
        if stores.server_url is None:
            stores.settle()  # nobody else brings in what was booked since the last server stopped
        found = stores.warehouse.table(query)
    columns, rows = found.columns, found.rows
    chosen = Format.JSON if as_json else form
    if chosen is Format.JSON:
        typer.echo(to_json([dict(zip(columns, row, strict=True)) for row in rows]))
    elif chosen is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    else:
        print_table([dict(zip(columns, row, strict=True)) for row in rows], columns)


def verify(context: typer.Context, as_json: AsJson = False) -> None:
    """Hold the ledger against itself, and the warehouse against the ledger.

    In the ledger what is kept as a sum has to be the sum of its rows: stock, reservations, orders, payments, numbers.
    In the warehouse counts and sums per day and entity have to be the ledger's. Exit code 1: something differs.
    """
    from tradewind.verify import is_clean
    from tradewind.verify import verify as run

    cli = cli_of(context)
    with cli.stores() as stores:
        checks = run(stores, zone=cli.quiet_settings().store.zone)
    clean = is_clean(checks)
    if as_json:
        print_json({"clean": clean, "checks": [_document(check) for check in checks]})
    else:
        for check in checks:
            _print_check(check)
        typer.echo("Clean: the warehouse agrees with the ledger." if clean else "Not clean: see what differs above.")
    if not clean:
        raise typer.Exit(1)


@rates.command("set")
def set_rate(
    context: typer.Context,
    day: Annotated[str, typer.Argument(help="From this day on, YYYY-MM-DD.")],
    base: Annotated[str, typer.Argument(help="Currency that is worth …")],
    quote: Annotated[str, typer.Argument(help="… so much of this one.")],
    rate: Annotated[str, typer.Argument(help="Units of QUOTE for one of BASE, such as 1.0842.")],
    as_json: AsJson = False,
) -> None:
    """Store a rate. It holds from its day on until a newer one."""
    from datetime import date

    from tradewind.commerce.rates.service import NewRate, put_rates
    from tradewind.core.clock import SystemClock
    from tradewind.core.errors import InvalidInput
    from tradewind.core.money import check_currency, parse_decimal

    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise InvalidInput(f"'{day}' is not a day. Write it like 2026-03-31.", field="day") from None
    new = NewRate(
        first,
        check_currency(base, field="base"),
        check_currency(quote, field="quote"),
        parse_decimal(rate, field="rate"),
    )
    with cli_of(context).database() as database, database.write() as tx:
        put_rates(tx, [new], source="manual", now=SystemClock().now())
    if as_json:
        print_json({"day": new.day, "base": new.base, "quote": new.quote, "rate": new.rate})
    else:
        typer.echo(f"From {new.day} on, 1 {new.base} is {new.rate} {new.quote}.")


def _document(check: Checked) -> dict[str, Any]:
    return {
        "name": check.name,
        "groups": check.groups,
        "totals": check.totals,
        "differences": [
            {"key": d.key, "measure": d.measure, "expected": d.expected, "found": d.found} for d in check.differences
        ],
    }


def _print_check(check: Checked) -> None:
    totals = ", ".join(f"{name} {value:f}" for name, value in check.totals.items())
    mark = "differs" if check.differences else "ok"
    groups = f"{check.groups} {'group' if check.groups == 1 else 'groups'}"
    typer.echo(f"{mark:<8} {check.name} ({f'{groups}: {totals}' if totals else groups})")
    for difference in check.differences[:_MOST_SHOWN]:
        typer.echo(f"         {difference}")
    if len(check.differences) > _MOST_SHOWN:
        typer.echo(f"         … and {len(check.differences) - _MOST_SHOWN} more; --json has them all")
