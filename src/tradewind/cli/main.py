"""The command line: which commands there are, and what a person sees when one fails.

Heavy imports stay inside the commands, so that help is instant. `--data-dir` and `--debug` may stand
anywhere in the line.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tradewind.cli import (
    access,
    books,
    connect,
    datasource,
    endpoint,
    forecast,
    letters,
    plan,
    project,
    project_tests,
    state,
    sync,
    warehouse,
)
from tradewind.cli.import_command import import_command
from tradewind.cli.sandbox import sandbox
from tradewind.cli.session import Cli
from tradewind.cli.up import up
from tradewind.cli.worker import worker
from tradewind.core.errors import TradewindError

_ANYWHERE = ("--data-dir", "--debug")

app = typer.Typer(
    name="tradewind",
    help="Runs a seller's commerce and its analytics as one program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(asked: bool) -> None:
    if asked:
        from tradewind import __version__

        typer.echo(f"tradewind {__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    data_dir: Annotated[
        Path | None, typer.Option("--data-dir", help="Folder of all embedded state. Default: TRADEWIND_DATA_DIR.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Runs a seller's commerce and its analytics as one program."""
    context.obj = Cli(data_dir, debug)


app.command("up")(up)
app.command("import")(import_command)
app.command("sandbox")(sandbox)
app.command("worker")(worker)
state.add_to(app)
books.add_to(app)
project.add_to(app)
app.add_typer(warehouse.app, name="warehouse")
app.add_typer(forecast.app, name="forecast")
app.add_typer(datasource.app, name="datasource")
endpoint.add_to(app)
app.add_typer(access.users, name="user")
app.add_typer(access.tokens, name="token")
app.command("audit")(access.audit)
app.add_typer(books.rates, name="fx")
app.add_typer(letters.app, name="letter")
app.add_typer(plan.app, name="plan")
app.add_typer(project_tests.app, name="test")
app.command("sync")(sync.sync)
app.add_typer(sync.app, name="channel")
app.add_typer(sync.jobs_app, name="jobs")
app.add_typer(connect.app, name="connect")


def main() -> None:
    """The entry point. Exit codes: 0 done, 1 not done (the reason is on standard error), 2 a wrong command line."""
    # Imports and what they build make some hundred thousand things that all stay: walked over every 700, as is the
    # default, that costs a start a third of its time. The server sets the default again once it answers.
    gc.set_threshold(50_000)
    arguments = _hoisted(sys.argv[1:])
    is_debugging = "--debug" in arguments
    try:
        app(arguments, prog_name="tradewind")
    except TradewindError as error:
        if is_debugging:
            raise
        _say(str(error))
    except BrokenPipeError:
        # The reader of our output has had enough (`tradewind sql … | head`): nothing to complain about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if is_debugging:
            raise
        _say(f"Unexpected {type(error).__name__}: {_first_line(error)}\nRun it again with --debug to see where.")
    else:
        return
    sys.exit(1)


def _say(message: str) -> None:
    typer.echo(f"tradewind: {message}", err=True)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else "no message"


def _hoisted(arguments: list[str]) -> list[str]:
    """The arguments with the options that may stand anywhere brought to the front."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, _ = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
        elif name in _ANYWHERE:
            front.append(argument)
            if name == "--data-dir" and not equals:
                front += [value for value in [next(waiting, None)] if value is not None]
        else:
            rest.append(argument)
    return front + rest
