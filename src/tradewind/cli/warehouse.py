"""`tradewind warehouse`: builds, tests and exports the gold tables."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    from tradewind.warehouse.exporting.service import Step as ExportStep
    from tradewind.warehouse.medallion import BuildResult, Patience, Step

_LONGEST_WAIT_SECONDS = 1800.0

app = typer.Typer(help="The gold tables, made by dbt.", no_args_is_help=True, rich_markup_mode=None)

Select = Annotated[
    str | None,
    typer.Option(
        "--select", help="Only these models, in dbt's words: tag:gold, +daily_sales_summary.", show_default="all"
    ),
]


@app.command("build")
def build(
    context: typer.Context,
    select: Select = None,
    full: Annotated[bool, typer.Option("--full", help="Every day anew, not only those that facts touched.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build bronze, silver and gold from all that has been booked. A model that fails keeps the table it had."""
    from tradewind.jobs.gold import build_gold

    settings = cli_of(context).quiet_settings()
    _finish(build_gold(settings, select=select, full=full, progress=_tell, patience=_patience()), as_json)


@app.command("test")
def check(context: typer.Context, select: Select = None, as_json: AsJson = False) -> None:
    """Test what is built: keys, references, definitions worked by hand, and gold against the live figures."""
    from tradewind.jobs.gold import check_gold

    settings = cli_of(context).quiet_settings()
    _finish(check_gold(settings, select=select, progress=_tell, patience=_patience()), as_json)


@app.command("export")
def export(
    context: typer.Context,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", help="delta (with history; needs the extra 'delta') or parquet.")
    ] = "delta",
    layer: Annotated[str, typer.Option("--layer", help="gold, silver or both, with a comma.")] = "gold,silver",
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder of the tables.", show_default="lake/FORMAT in the data folder")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell which tables changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write gold and silver as open tables. Each table that changed since the last export gets one new version."""
    from tradewind.core.errors import InvalidInput
    from tradewind.jobs.export import export_tables
    from tradewind.warehouse.exporting.service import Format

    if format not in tuple(Format):
        raise InvalidInput(f"There is no format '{format}'. Choose from {', '.join(Format)}.", field="format")
    layers = [name.strip() for name in layer.split(",") if name.strip()]
    told = cli_of(context).quiet_settings()
    done = export_tables(told, Format(format), layers=layers, folder=to, dry_run=dry_run, progress=_tell_rows)
    tables = [asdict(table) | {"seconds": round(table.seconds, 3)} for table in done]
    if as_json:
        print_json({"format": format, "dry_run": dry_run, "tables": tables})
    else:
        print_table(
            [{name: table[name] for name in ("table", "status", "rows", "version", "bytes")} for table in tables]
        )
    if all(table.status == "missing" for table in done):
        typer.echo("Nothing is built yet: tradewind warehouse build", err=True)
        sys.exit(1)


def _tell_rows(step: ExportStep) -> None:
    """One line that counts up on a terminal; one line per table elsewhere."""
    if sys.stderr.isatty():
        typer.echo(f"\r{step.index:>3} of {step.total}  {step.table}  {step.rows:,} rows\x1b[K", err=True, nl=False)
    elif step.rows == 0:
        typer.echo(f"{step.index:>3} of {step.total}  {step.table}", err=True)


@app.command("docs")
def docs(
    context: typer.Context,
    serve: Annotated[bool, typer.Option("--serve", help="Show them to browsers of this machine until Ctrl+C.")] = False,
    port: Annotated[int, typer.Option("--port", help="Port to show them on.")] = 8080,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print where each table comes from (docs/DATA_LINEAGE.md) instead.")
    ] = False,
) -> None:
    """Write the pages of all tables: what they mean, columns, tests, and the graph of how they hang together."""
    from tradewind.jobs.gold import document_gold
    from tradewind.warehouse.lineage import lineage_page, serve_page

    written = document_gold(cli_of(context).quiet_settings(), progress=None, patience=_patience())
    if markdown:
        typer.echo(lineage_page(written.manifest), nl=False)
        return
    typer.echo(f"Written to {written.page}. A running server shows them at /warehouse/docs.")
    if serve:
        typer.echo(f"Open http://127.0.0.1:{port}; Ctrl+C ends it.")
        serve_page(written.page, port)


def _patience() -> Patience:
    """A server that is running builds by itself now and then; whoever asks for a build waits for that one first."""
    from tradewind.warehouse.medallion import Patience

    def tell() -> None:
        typer.echo("Another build or test of these tables is under way; waiting for it to end.", err=True)

    return Patience(_LONGEST_WAIT_SECONDS, tell)


def _tell(step: Step) -> None:
    """Progress goes to standard error, so that the result can be piped."""
    if step.seconds is not None:
        typer.echo(f"{step.index:>3} of {step.total}  {step.status:<8} {step.name}  {step.seconds:.2f} s", err=True)


def _finish(result: BuildResult, as_json: bool) -> None:
    if as_json:
        print_json({"seconds": round(result.seconds, 3), "nodes": [asdict(node) for node in result.nodes]})
    else:
        built = [node for node in result.nodes if node.rows is not None and node.status == "built"]
        if built:
            print_table([{"table": node.name, "rows": node.rows, "seconds": round(node.seconds, 2)} for node in built])
        counts: dict[str, int] = {}
        for node in result.nodes:
            counts[node.status] = counts.get(node.status, 0) + 1
        told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nothing to do"
        typer.echo(f"{told} in {result.seconds:.1f} s")
        for node in result.failures:
            typer.echo(f"\n{node.kind} {node.name} failed:\n{node.message}", err=True)
    if not result.is_good:
        sys.exit(1)
