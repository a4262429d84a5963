"""`tradewind letter`: messages of the topics that could not be booked, and another try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    from tradewind.channels.streams.service import DeadLetter, Streams

app = typer.Typer(
    help="Messages of the topics `sales` and `items` that could not be booked.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_MOST_SHOWN = 60


@app.command("list")
def list_letters(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most messages.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List those that wait, the newest first, each with the reason."""
    with _streams(context) as streams:
        letters = streams.dead_letters(limit=limit)
        waiting = streams.dead_letter_count()
    rows = [_row(letter) for letter in letters]
    if as_json:
        print_json(rows)
        return
    print_table([row | {"reason": _short(letter.reason)} for row, letter in zip(rows, letters, strict=True)])
    if waiting > len(letters):
        typer.echo(f"{waiting - len(letters)} more wait; --limit shows them.", err=True)


@app.command("show")
def show_letter(
    context: typer.Context,
    letter_id: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Show one with what it holds, as it came."""
    with _streams(context) as streams:
        letter = streams.dead_letter(letter_id)
    value = None if letter.value is None else letter.value.decode("utf-8", "backslashreplace")
    shown = _row(letter) | {"booked_at": letter.replayed_at, "value": value}
    if as_json:
        print_json(shown)
        return
    for name, told in shown.items():
        typer.echo(f"{name}: {'' if told is None else told}")


@app.command("replay")
def replay_letters(
    context: typer.Context,
    letter_ids: Annotated[list[str] | None, typer.Argument(help="Only these. Unset: all that wait.")] = None,
    as_json: AsJson = False,
) -> None:
    """Book them again, the oldest first: what they lacked may be there now. Exit code 1: some were refused again."""
    with _streams(context) as streams:
        for letter_id in letter_ids or ():
            streams.dead_letter(letter_id)  # a name that is wrong is told before anything is booked
        done = streams.replay(letter_ids or None)
        waiting = streams.dead_letter_count()
    if as_json:
        print_json({"booked": done.booked, "refused": done.refused, "waiting": waiting})
    else:
        typer.echo(f"{done.booked} booked, {done.refused} refused again; {waiting} wait.")
    if done.refused:
        raise typer.Exit(1)


@contextmanager
def _streams(context: typer.Context) -> Iterator[Streams]:
    from tradewind.channels.streams.service import Streams
    from tradewind.core.clock import SystemClock

    cli = cli_of(context)
    with cli.database() as database:
        yield Streams(database, SystemClock(), cli.quiet_settings().streams)


def _row(letter: DeadLetter) -> dict[str, object]:
    return {
        "id": letter.id,
        "place": letter.place,
        "refused_at": letter.refused_at,
        "code": letter.code,
        "reason": letter.reason,
    }


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
