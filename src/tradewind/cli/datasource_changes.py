"""`tradewind datasource stop`, `start`, `sample` and `alter`: what feeds a data source, and what it is made of."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tradewind.cli.asking import asking, good
from tradewind.cli.session import AsJson, cli_of, print_json, print_table
from tradewind.core.errors import InvalidInput, NotFound

Name = Annotated[str, typer.Argument(help="Name of the data source.")]
_ALTER_SECONDS = 900.0
_SHOWN = 80


def add_to(group: typer.Typer) -> None:
    for name, command in (("stop", stop), ("start", start), ("sample", sample), ("alter", alter)):
        group.command(name)(command)


def stop(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Take no more messages of the topic that feeds it, after a restart neither."""
    _change(context, name, "stop", as_json)


def start(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Go on with its topic where its rows end."""
    _change(context, name, "start", as_json)


def sample(
    context: typer.Context,
    name: Name,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Messages, at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Show the newest messages of the topic that feeds it. Nothing is stored, and no position moves."""
    with asking(cli_of(context)) as door:
        told = good(door.answer("POST", _path(name, "sample"), {"limit": limit})).json()
    if as_json:
        print_json(told)
    elif told["data"]:
        columns = ("__timestamp", "__partition", "__offset", "__key", "__value")
        print_table([{column: _short(row[column]) for column in columns} for row in told["data"]])
    else:
        typer.echo(f"The topic {told['topic']} is empty.")


def alter(
    context: typer.Context,
    name: Name,
    schema: Annotated[
        str | None,
        typer.Option("--schema", help="File with all columns, the new ones too, as under SCHEMA; - is standard input."),
    ] = None,
    description: Annotated[str | None, typer.Option("--description", help="Another description.")] = None,
    ttl: Annotated[str | None, typer.Option("--ttl", help="Another TTL; false: none.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add columns that may be missing, or change description and TTL, by a deploy of the changed file."""
    fields = {"description": description, "ttl": ttl, "schema": _text_of(schema)}
    sent = {field: value for field, value in fields.items() if value is not None}
    if not sent:
        raise InvalidInput("Say what changes: --schema, --description or --ttl.")
    with asking(cli_of(context), seconds=_ALTER_SECONDS, moves_rows=not dry_run) as door:
        told = good(door.answer("POST", _path(name, "alter"), {"dry": str(dry_run).lower()}, sent)).json()
    if as_json:
        print_json(told)
        return
    typer.echo(f"{name} would be altered:" if dry_run else f"{name} is altered:")
    for operation in told["operations"]:
        typer.echo(f"  {operation}")
    if not dry_run and schema is not None:
        typer.echo("A deploy from a folder needs these columns too: put them into its file.")


def _change(context: typer.Context, name: str, what: str, as_json: bool) -> None:
    with asking(cli_of(context)) as door:
        told = good(door.answer("POST", _path(name, what))).json()
    if as_json:
        print_json(told)
    else:
        connector = told["connector"]
        typer.echo(f"{name}: the topic {connector['topic']} is {connector['status']}.")


def _path(name: str, what: str) -> str:
    return f"/v0/datasources/{name}/{what}"


def _text_of(file: str | None) -> str | None:
    if file is None:
        return None
    if file == "-":
        return sys.stdin.read()
    if not Path(file).is_file():
        raise NotFound(f"There is no file {file}.")
    try:
        return Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError as broken:
        raise InvalidInput(f"{file} is not UTF-8 text.") from broken


def _short(value: Any) -> Any:
    return f"{value[: _SHOWN - 1]}…" if isinstance(value, str) and len(value) > _SHOWN else value
