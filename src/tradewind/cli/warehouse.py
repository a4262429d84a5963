"""`tradewind warehouse`: builds and tests the gold tables."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    from tradewind.warehouse.medallion import BuildResult, Step

app = typer.Typer(help="The gold tables, made by dbt.", no_args_is_help=True, rich_markup_mode=None)

Select = Annotated[
    str | None,
    typer.Option(
        "--select", help="Only these models, in dbt's words: tag:gold, +daily_sales_summary.", show_default="all"
    ),
]


@app.command("build")
def build(context: typer.Context, select: Select = None, as_json: AsJson = False) -> None:
    """Build bronze, silver and gold from all that has been booked. A model that fails keeps the table it had."""
    from tradewind.jobs.gold import build_gold

    _finish(build_gold(cli_of(context).quiet_settings(), select=select, progress=_tell), as_json)


@app.command("test")
def check(context: typer.Context, select: Select = None, as_json: AsJson = False) -> None:
    """Test what is built: keys, references, definitions worked by hand, and gold against the live figures."""
    from tradewind.jobs.gold import check_gold

    _finish(check_gold(cli_of(context).quiet_settings(), select=select, progress=_tell), as_json)


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
