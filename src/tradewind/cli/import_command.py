"""`tradewind import`: orders from files. Translates options, shows progress, prints the result."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.session import AsJson, cli_of, print_json

if TYPE_CHECKING:
    from tradewind.channels.files.options import Progress, Step
    from tradewind.channels.files.result import ImportResult

_LINE_EVERY_SECONDS = 2.0
_THINGS = {
    "orders": "orders",
    "refunds": "refunds",
    "payments": "payments",
    "products": "products",
    "movements": "stock movements",
    "ad_spend": "ad spend",
}
_STAGES = {
    "reading": "Reading rows",
    "products": "Products",
    "orders": "Orders",
    "payments": "Payments",
    "ad_spend": "Advertising",
}


def import_command(
    context: typer.Context,
    preset: Annotated[
        str | None, typer.Argument(help="A preset by name (see --presets), or the path of one of your own.")
    ] = None,
    path: Annotated[Path | None, typer.Argument(help="The file; for presets of several tables, the folder.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Book nothing; report the same counts, sums and errors.")
    ] = False,
    errors: Annotated[
        Path | None,
        typer.Option(help="Where refused rows are listed, as CSV. Default: imports/ in the data folder."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read a file once more although it was imported whole before.")
    ] = False,
    channel: Annotated[
        str | None, typer.Option(help="Book under this channel instead of the preset's, for example my-shop.")
    ] = None,
    location: Annotated[
        str | None, typer.Option(help="Code of the place that sold goods leave from, instead of the preset's.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of amounts where the file has no column for it.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Zone of times that do not say theirs, e.g. Europe/Berlin.")
    ] = None,
    presets: Annotated[bool, typer.Option("--presets", help="List the presets and end.")] = False,
    show: Annotated[str | None, typer.Option(help="Print a preset, to start one of your own from, and end.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import orders from CSV, TSV, Parquet or XLSX. The same file twice changes nothing; a broken-off import goes on.

    Exit codes: 0 all booked, 1 nothing could be done, 2 some rows were refused and the rest is booked.
    """
    if presets or show is not None:
        _print_presets(show, as_json)
        return
    if preset is None or path is None:
        raise typer.BadParameter("give a preset and a path: tradewind import PRESET PATH (--presets lists the presets)")
    from tradewind.channels.files.options import ImportOptions
    from tradewind.channels.files.service import run_import

    cli = cli_of(context)
    settings = cli.quiet_settings()
    options = ImportOptions(
        data_dir=settings.data_dir,
        errors_path=errors,
        is_dry_run=dry_run,
        again=again,
        channel=channel,
        location=location,
        currency=currency,
        timezone=timezone,
    )
    with cli.database() as database, _progress() as progress:
        result = run_import(database, preset, path, options=options, progress=progress)
    if as_json:
        print_json(result.as_document())
    else:
        _print_result(result)
    if result.exit_code:
        raise typer.Exit(result.exit_code)


def _print_presets(show: str | None, as_json: bool) -> None:
    from tradewind.channels.files.preset import preset_text, shipped_presets

    if show is not None:
        typer.echo(preset_text(show).rstrip("\n"))
    elif as_json:
        print_json([{"name": p.name, "title": p.title, "about": p.about} for p in shipped_presets()])
    else:
        width = max(len(preset.name) for preset in shipped_presets())
        for preset in shipped_presets():
            typer.echo(f"{preset.name.ljust(width)}  {preset.title}")


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar with rate and time left on a terminal, a line now and then elsewhere; on standard error either way."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, tuple[TaskID, float, int]] = {}

        def show(step: Step) -> None:
            if step.stage not in tasks:
                if step.resumed_after:
                    bars.console.print(_resuming(step))
                task = bars.add_task(_STAGES[step.stage], total=step.total, completed=step.done, rate="")
                tasks[step.stage] = (task, time.monotonic(), step.done)
            task, since, start = tasks[step.stage]
            seconds = time.monotonic() - since
            rate = f"{(step.done - start) / seconds:,.0f}/s" if seconds > 1 else ""
            bars.update(task, completed=step.done, total=step.total, rate=rate)

        yield show


def _lines() -> Callable[[Step], None]:
    shown: dict[str, float] = {}

    def show(step: Step) -> None:
        now = time.monotonic()
        if step.stage not in shown and step.resumed_after:
            typer.echo(_resuming(step), err=True)
        if now - shown.setdefault(step.stage, now) < _LINE_EVERY_SECONDS and step.done != step.total:
            return
        shown[step.stage] = now
        total = f" of {step.total:,}" if step.total is not None else ""
        typer.echo(f"{_STAGES[step.stage]}: {step.done:,}{total}", err=True)

    return show


def _resuming(step: Step) -> str:
    return f"Resuming after {step.resumed_after:,} of {step.total or 0:,} orders"


def _print_result(result: ImportResult) -> None:
    if result.already_imported_at is not None:
        typer.echo(f"This very content was imported at {result.already_imported_at}: nothing has changed.")
        typer.echo("(--again reads it once more all the same.)")
    elif result.is_dry_run:
        typer.echo("Dry run: nothing was booked. An import would give:")
    elif result.changed_nothing and not result.refused_rows:
        typer.echo("Everything in this file was known: nothing has changed.")
    for thing, name in _THINGS.items():
        counts = {
            effect: result.count(f"{thing}.{effect}") for effect in ("created", "changed", "unchanged", "refused")
        }
        told = ", ".join(f"{number:,} {effect}" for effect, number in counts.items() if number)
        if told:
            typer.echo(f"{name:<16}{told}")
    for currency, sums in result.sums().items():
        told = ", ".join(f"{name} {amount:,}" for name, amount in sums.items() if amount)
        if told:
            typer.echo(f"{'sums, ' + currency:<16}{told}")
    left_out = f", {result.count('rows.left_out'):,} left out" if result.count("rows.left_out") else ""
    refused = f", {result.refused_rows:,} refused" if result.refused_rows else ""
    typer.echo(f"{'rows':<16}{result.count('rows.read'):,} read{left_out}{refused}, in {result.seconds:.1f} s")
    for code, number in sorted(result.tally.warnings.items()):
        typer.echo(f"{'warning':<16}{number:,} × {code}, for example: {result.tally.examples.get(code, '')}")
    if result.errors_path is not None:
        what = "The refused rows and the reasons" if result.refused_rows else "The rows left out and the reasons"
        typer.echo(f"{what} are listed in {result.errors_path}")
    if result.refused_rows:
        typer.echo("Correct them and import the file again: what is booked already stays as it is.")
