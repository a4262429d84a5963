"""What commands share: the settings of this call, the stores behind them, and how results are printed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tradewind.core.database import Database
    from tradewind.core.settings import Settings
    from tradewind.platform import Access

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@dataclass(frozen=True, slots=True)
class Cli:
    """One call of the command line."""

    data_dir: Path | None = None
    debug: bool = False

    def settings(self, **overrides: object) -> Settings:
        """Settings with the command line on top; logging is set up on the way."""
        from tradewind.core.logging import configure_logging
        from tradewind.core.settings import load_settings

        settings = load_settings(data_dir=self.data_dir, **overrides)
        configure_logging(settings.log_level)
        return settings

    def quiet_settings(self) -> Settings:
        """The same for commands that answer: only warnings and worse are logged beside the answer."""
        from tradewind.core.logging import configure_logging

        settings = self.settings()
        configure_logging("debug" if settings.log_level == "debug" else "warning")
        return settings

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The operational store; a running server does not mind."""
        from tradewind.store import open_database

        database = open_database(self.quiet_settings())
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def stores(self) -> Iterator[Access]:
        """Store and warehouse: through the running server where there is one, else by opening the folder."""
        from tradewind.platform import connect

        with connect(self.quiet_settings()) as access:
            yield access


def cli_of(context: typer.Context) -> Cli:
    found = context.find_object(Cli)
    return found if found is not None else Cli()


def print_json(content: Any) -> None:
    """JSON with exact numbers: a Decimal is written with its own digits."""
    typer.echo(to_json(content))


def to_json(content: Any, *, indent: bool = True) -> str:
    import orjson

    option = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | (orjson.OPT_INDENT_2 if indent else 0)
    return orjson.dumps(content, default=_plain, option=option).decode()


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
    """Rows under their column names, numbers to the right; for a terminal or a file alike."""
    names = list(columns if columns is not None else (rows[0] if rows else ()))
    if not names:
        return
    texts = [[_shown(row[name]) for name in names] for row in rows]
    widths = [max(len(name), *(len(line[at]) for line in texts), 0) for at, name in enumerate(names)]
    numeric = [bool(rows) and all(_is_number(row[name]) for row in rows) for name in names]
    for line in [names, ["-" * width for width in widths], *texts]:
        cells = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


def is_terminal() -> bool:
    return sys.stdout.isatty()


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(part) for part in value)
    return str(value)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def _plain(value: object) -> Any:
    import orjson

    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, (date, Path)):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
