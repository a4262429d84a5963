"""`tradewind status`, `settings`, and the hidden commands that write reference pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table, to_json

if TYPE_CHECKING:
    from tradewind.core.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("status")(status)
    app.command("settings")(settings)
    app.command("openapi", hidden=True)(openapi)
    app.command("reference", hidden=True)(reference)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Say what runs, what is stored, and how far facts have come."""
    from tradewind.cli.report import report

    found = report(cli_of(context).quiet_settings())
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        if isinstance(value, dict):
            text = ", ".join(
                f"{inner.replace('_', ' ')} {part if inner == 'pid' else _said(part)}" for inner, part in value.items()
            )
        else:
            text = _said(value)
        typer.echo(f"{name.replace('_', ' '):<12} {text}")


def settings(
    context: typer.Context,
    markdown: Annotated[bool, typer.Option("--markdown", help="The reference page: every setting explained.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the settings in force; secrets only as set or not."""
    from tradewind.core.settings_page import reference_page

    if markdown:
        typer.echo(reference_page(), nl=False)
        return
    rows = _rows(cli_of(context).quiet_settings())
    if as_json:
        print_json({row["variable"]: row["value"] for row in rows})
    else:
        print_table(rows)


def openapi() -> None:
    """Print the API's description (docs/openapi.json)."""
    from tradewind.api.app import openapi_document

    typer.echo(to_json(openapi_document()))


def reference() -> None:
    """Print the page of all commands (docs/reference/cli.md)."""
    from tradewind.cli.reference import reference_page

    typer.echo(reference_page(), nl=False)


def _rows(found: Settings) -> list[dict[str, Any]]:
    from pydantic import BaseModel

    rows: list[dict[str, Any]] = []
    for name in type(found).model_fields:
        value = getattr(found, name)
        if isinstance(value, BaseModel):
            rows += [
                {"variable": f"TRADEWIND_{name}_{inner}".upper(), "value": _masked(getattr(value, inner))}
                for inner in type(value).model_fields
            ]
        else:
            rows.append({"variable": f"TRADEWIND_{name}".upper(), "value": _masked(value)})
    return rows


def _masked(value: Any) -> Any:
    from pydantic import SecretStr

    if isinstance(value, SecretStr):
        return "(set)"
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _said(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
