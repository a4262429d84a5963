"""`tradewind endpoint` and `logs`: what a project's endpoints answer, how they do, and what happens right now.

What `tradewind sql --project` and `tradewind token … --project` do stands here too.
"""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from tradewind.cli.asking import Asking, asking, good
from tradewind.cli.session import AsJson, cli_of, print_json, print_table, to_json
from tradewind.core.errors import InvalidInput
from tradewind.warehouse.quoting import literal

app = typer.Typer(help="The SQL endpoints of the project.", no_args_is_help=True, rich_markup_mode=None)

_FOLLOW_SECONDS = 1.0

Name = Annotated[str, typer.Argument(help="Name of the endpoint.")]
Hours = Annotated[int, typer.Option(min=1, max=2160, help="How far to look back.")]


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="endpoint")
    root.command("logs")(logs)


@app.command("ls")
def list_endpoints(context: typer.Context, as_json: AsJson = False) -> None:
    """List the endpoints with their addresses."""
    with asking(cli_of(context)) as door:
        pipes = [pipe for pipe in door.get("/v0/pipes").json()["pipes"] if pipe["type"] == "endpoint"]
    rows = [{"name": p["name"], "url": p["url"], "description": p["description"].partition("\n")[0]} for p in pipes]
    print_json(rows) if as_json else print_table(rows)


@app.command("data")
def data(
    context: typer.Context,
    name: Name,
    parameters: Annotated[list[str] | None, typer.Argument(help="Parameters: category=Hats limit=5")] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, csv, ndjson, parquet or prometheus.")] = "table",
    as_json: AsJson = False,
) -> None:
    """Ask an endpoint and print its rows."""
    sent = [_pair(text) for text in parameters or []]
    extension = "json" if as_json or form == "table" else form
    with asking(cli_of(context)) as door:
        answer = door.get(f"/v0/pipes/{name}.{extension}", sent)
    if form == "table" and not as_json:
        document = answer.json()
        print_table(document["data"], [column["name"] for column in document["meta"]])
    else:
        typer.get_binary_stream("stdout").write(answer.content)


@app.command("stats")
def stats(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Only this endpoint.")] = None,
    hours: Hours = 24,
    as_json: AsJson = False,
) -> None:
    """Say how often endpoints were asked, how fast they answered, and how often they failed."""
    chosen = f" AND pipe_name = {literal(name)}" if name else ""
    with asking(cli_of(context)) as door:
        rows = door.rows(
            "SELECT pipe_name AS endpoint, count() AS requests, sum(error) AS errors,"
            " round(avg(duration) * 1000, 1) AS mean_ms, round(quantile(0.95)(duration) * 1000, 1) AS p95_ms,"
            " round(quantile(0.99)(duration) * 1000, 1) AS p99_ms, sum(read_rows) AS read_rows,"
            " max(start_datetime) AS last FROM tinybird.pipe_stats_rt"
            f" WHERE start_datetime >= now() - INTERVAL {hours} HOUR{chosen} GROUP BY endpoint ORDER BY requests DESC"
        )
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows)
    else:
        typer.echo(f"Nobody asked {name or 'an endpoint'} in the last {hours} hours.")


def logs(
    context: typer.Context,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what happens from now on.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the newest to begin with.")] = 50,
    errors: Annotated[bool, typer.Option("--errors", help="Only what failed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what was asked of the project and done to its data sources, the newest last."""
    with asking(cli_of(context)) as door:
        seen: set[tuple[object, ...]] = set()
        since = "toDateTime(0)"
        while True:
            rows = _happened(door, since, limit, errors)
            fresh = [row for row in rows if tuple(row.values()) not in seen]
            seen = {tuple(row.values()) for row in rows}
            for row in fresh:
                typer.echo(to_json(row, indent=False) if as_json else _line(row))
            if not follow:
                return
            if rows:
                # Rows come in batches, a little late: the last seconds are looked at again.
                since = f"toDateTime({literal(rows[-1]['at'])}) - 10"
            time.sleep(_FOLLOW_SECONDS)


def _happened(door: Asking, since: str, limit: int, errors: bool) -> list[dict[str, Any]]:
    requests = (
        "SELECT start_datetime AS at, 'request' AS kind, concat(method, ' ', ifNull(url, '')) AS what,"
        " pipe_name AS subject, toString(status_code) AS outcome, duration AS seconds,"
        " ifNull(error_message, '') AS error, request_id AS id FROM tinybird.pipe_stats_rt AS r"
        f" WHERE start_datetime >= {since}" + (" AND r.error = 1" if errors else "")
    )
    operations = (
        "SELECT timestamp AS at, 'operation' AS kind, event_type AS what, datasource_name AS subject,"
        " result AS outcome, elapsed_time AS seconds, ifNull(error, '') AS error, operation_id AS id"
        f" FROM tinybird.datasources_ops_log AS o WHERE timestamp >= {since}"
        + (" AND o.result = 'error'" if errors else "")
    )
    newest = f"SELECT * FROM ({requests} UNION ALL {operations}) ORDER BY at DESC, id DESC LIMIT {limit}"
    return list(reversed(door.rows(newest)))


def _line(row: dict[str, Any]) -> str:
    told = f"{row['at']}  {row['outcome']:<5} {row['seconds'] * 1000:>8.1f} ms  {row['what']} {row['subject']}"
    return f"{told}  {row['error']}" if row["error"] else told


def project_sql(context: typer.Context, query: str, form: str) -> None:
    """Prints what the project's workspace answers to a SELECT: `tradewind sql --project`."""
    with asking(cli_of(context)) as door:
        if form == "csv":
            answer = good(door.answer("POST", "/v0/sql", None, {"q": f"{query} FORMAT CSVWithNames"}))
            typer.echo(answer.text, nl=False)
            return
        document = good(door.answer("POST", "/v0/sql", None, {"q": f"{query} FORMAT JSON"})).json()
    if form == "json":
        print_json(document["data"])
    else:
        print_table(document["data"], [column["name"] for column in document["meta"]])


def project_tokens(context: typer.Context, *, as_json: bool, show_values: bool) -> None:
    """Prints the tokens of the project's workspace: `tradewind token ls --project`."""
    with asking(cli_of(context)) as door:
        tokens = door.get("/v0/tokens").json()["tokens"]
    rows = [
        {
            "name": token["name"],
            "scopes": [":".join(part for part in scope.values() if part) for scope in token["scopes"]],
            "from": token["origin"]["type"],
        }
        | ({"token": token["token"]} if show_values else {})
        for token in tokens
    ]
    print_json(rows) if as_json else print_table(rows)


def create_project_token(context: typer.Context, name: str, scopes: list[str], *, as_json: bool) -> None:
    """Makes a token of the project's workspace: `tradewind token create NAME --project --scope …`."""
    with asking(cli_of(context)) as door:
        made = good(door.answer("POST", "/v0/tokens", None, {"name": name, "scope": scopes})).json()
    if as_json:
        print_json({"name": made["name"], "token": made["token"], "scopes": scopes})
        return
    typer.echo(made["token"])
    typer.echo(
        "It is a token of the project, for /v0. `tradewind token ls --project --values` shows it again.", err=True
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidInput(f"'{text}' is not a parameter. Write name=value.")
    return name, value
