"""`tradewind warehouse`: builds and tests the gold tables."""

from __future__ import annotations

import typer

app = typer.Typer(help="The gold tables, made by dbt.", no_args_is_help=True, rich_markup_mode=None)
