"""`tradewind datasource`: rows in from files and standard input, what there is, and how it is emptied.

What feeds a data source and what it is made of is changed in `datasource_changes`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli import datasource_changes
from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    import httpx

    from tradewind.cli.session import Cli
    from tradewind.platform import Platform

app = typer.Typer(
    help="Data sources: their rows, what feeds them, what they are made of.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Name of the data source.")]
_TIMEOUT_SECONDS = 3600.0
_PIECE = 1024**2
_TELL_EVERY = 16 * 1024**2


@app.command("append")
def append(
    context: typer.Context,
    name: Name,
    file: Annotated[str, typer.Argument(help="File of rows, or - for standard input.")] = "-",
    format_: Annotated[
        str | None, typer.Option("--format", help="csv, ndjson or parquet. Default: what the file's name says.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Append the rows of a file. What does not fit the schema goes to the quarantine. Exit code 1 if any did."""
    from tradewind.core.errors import NotFound
    from tradewind.warehouse.ingest.files import format_of

    if file != "-" and not Path(file).is_file():
        raise NotFound(f"There is no file {file}.")
    wanted = format_ or (format_of(file) if file != "-" else None) or "ndjson"
    progress = _Progress(is_shown=not as_json and sys.stderr.isatty())
    with _opened(file) as rows, _door(cli_of(context)) as door:
        done = door.append(name, rows, wanted, progress)
    progress.end()
    if as_json:
        print_json(done)
    else:
        typer.echo(f"{done['successful_rows']} rows appended to {name}.")
        if done["quarantine_rows"]:
            typer.echo(f"{done['quarantine_rows']} rows are in {name}_quarantine, each with what is wrong with it.")
    if done["quarantine_rows"]:
        raise typer.Exit(1)


@app.command("ls")
def ls(context: typer.Context, as_json: AsJson = False) -> None:
    """List the data sources with their rows."""
    with _door(cli_of(context)) as door:
        found = door.sources()
    if as_json:
        print_json(found)
        return
    print_table(
        [
            {
                "name": source["name"],
                "engine": source["engine"]["engine"],
                "rows": source["statistics"]["row_count"],
                "bytes": source["statistics"]["bytes"],
                "quarantined": source["quarantine"]["row_count"],
                "topic": _topic(source["connector"]),
            }
            for source in found
        ],
        ["name", "engine", "rows", "bytes", "quarantined", "topic"],
    )


@app.command("truncate")
def truncate(
    context: typer.Context,
    name: Name,
    cascade: Annotated[bool, typer.Option("--cascade", help="Empty the views behind it as well.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove all rows of a data source, or of a quarantine."""
    if not yes and not as_json:
        typer.confirm(f"All rows of {name} will be gone. Go on?", abort=True)
    with _door(cli_of(context)) as door:
        door.truncate(name, cascade=cascade)
    print_json({"name": name, "truncated": True}) if as_json else typer.echo(f"{name} is empty.")


@app.command("replay")
def replay(
    context: typer.Context,
    name: Name,
    where: Annotated[str | None, typer.Option("--where", help="Only quarantined rows that meet this.")] = None,
    repairs: Annotated[
        list[str] | None, typer.Option("--set", help="column=expression: how a column is repaired. Repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check quarantined rows again and take those that are good now, each exactly once."""
    from tradewind.core.errors import InvalidInput

    changes: dict[str, str] = {}
    for repair in repairs or ():
        column, equals, expression = repair.partition("=")
        if not equals:
            raise InvalidInput(f"'{repair}' is not column=expression.", field="--set")
        changes[column.strip()] = expression
    with _door(cli_of(context)) as door:
        done = door.replay(name, where, changes)
    if as_json:
        print_json(done)
    else:
        typer.echo(f"{done['replayed_rows']} rows taken; {done['quarantined_rows']} stay in {name}_quarantine.")


datasource_changes.add_to(app)


def _topic(connector: dict[str, Any] | None) -> str:
    """The topic that feeds a data source, and whether it is stopped."""
    if connector is None:
        return ""
    return f"{connector['topic']} (stopped)" if connector["status"] == "stopped" else str(connector["topic"])


class _Progress:
    """Tells on standard error how much has been read."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._told = 0

    def __call__(self, size: int) -> None:
        if self._is_shown and size - self._told >= _TELL_EVERY:
            self._told = size
            typer.echo(f"\r{size // 1024**2} MB", err=True, nl=False)

    def end(self) -> None:
        if self._told:
            typer.echo("", err=True)


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    """The rows; standard input is kept aside, since a file is read from its start more than once."""
    if file != "-":
        with Path(file).open("rb") as opened:
            yield opened
        return
    with tempfile.SpooledTemporaryFile(4 * _PIECE) as kept:
        while piece := sys.stdin.buffer.read(_PIECE):
            kept.write(piece)
        kept.seek(0)
        yield kept


@contextmanager
def _door(cli: Cli) -> Iterator[_Outside | _Inside]:
    """The way in: the running server where there is one, else by opening the folder. Raises Unavailable."""
    from tradewind.ownership import owner_of

    settings = cli.quiet_settings()
    card = owner_of(settings.data_dir)
    if card is None:
        from tradewind.platform import Platform

        platform = Platform(settings)
        try:
            platform.ingest.recover(platform.workspaces.live)
            for loop_name, loop in platform.ingest.loops():
                platform.spawn(loop_name, loop)
            yield _Inside(platform)
        finally:
            platform.close()
        return
    if card.url is None:
        raise card.silent(settings.data_dir)
    import httpx

    from tradewind.cli.admin_token import admin_token

    headers = {"Authorization": f"Bearer {admin_token(cli)}"}
    with httpx.Client(base_url=card.url, headers=headers, timeout=_TIMEOUT_SECONDS) as client:
        yield _Outside(client)


class _Inside:
    """The folder is ours."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def _release(self) -> Any:
        from tradewind.core.errors import NotFound

        workspaces = self._platform.workspaces
        live = workspaces.live(workspaces.default())
        if live is None:
            raise NotFound("Nothing is deployed here. Run `tradewind deploy` first.")
        return live

    def append(self, name: str, file: IO[bytes], format_: str, progress: Callable[[int], None]) -> dict[str, Any]:
        from tradewind.warehouse.ingest.uploads import append_file

        def tell(_: int) -> None:
            progress(file.tell())

        done = append_file(self._platform.ingest, self._release(), name, file, format_, progress=tell)
        return {"import_id": done.import_id, "successful_rows": done.rows, "quarantine_rows": done.bad_rows}

    def sources(self) -> list[dict[str, Any]]:
        from tradewind.api.v0.source_shapes import sources_json

        return sources_json(self._platform, self._release())

    def truncate(self, name: str, *, cascade: bool) -> None:
        self._platform.ingest.changes.truncate(self._release(), name, cascade=cascade)

    def replay(self, name: str, where: str | None, changes: dict[str, str]) -> dict[str, Any]:
        done = self._platform.ingest.replays.replay(self._release(), name, condition=where, repairs=changes)
        self._platform.ingest.settle()
        return {"replayed_rows": done.rows, "quarantined_rows": done.left}


class _Outside:
    """A server holds the folder: it is asked over HTTP."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def append(self, name: str, file: IO[bytes], format_: str, progress: Callable[[int], None]) -> dict[str, Any]:
        def pieces() -> Iterator[bytes]:
            size = 0
            while piece := file.read(_PIECE):
                size += len(piece)
                progress(size)
                yield piece

        asked = {"name": name, "mode": "append", "format": format_}
        told = self._send("POST", "/v0/datasources", params=asked, content=pieces())
        return {name: told[name] for name in ("import_id", "successful_rows", "quarantine_rows")}

    def sources(self) -> list[dict[str, Any]]:
        return list(self._send("GET", "/v0/datasources")["datasources"])

    def truncate(self, name: str, *, cascade: bool) -> None:
        self._send("POST", f"/v0/datasources/{name}/truncate", params={"cascade": str(cascade).lower()})

    def replay(self, name: str, where: str | None, changes: dict[str, str]) -> dict[str, Any]:
        import time

        from tradewind.core.errors import TradewindError

        told = {"condition": where, "set": changes}
        job_id = self._send("POST", f"/v0/datasources/{name}/quarantine/replay", json=told)["job_id"]
        while True:
            job = self._send("GET", f"/v0/jobs/{job_id}")
            if job["status"] in ("done", "error", "cancelled"):
                break
            time.sleep(0.2)
        if job["status"] != "done":
            raise TradewindError(str(job.get("error") or f"The job was {job['status']}."))
        statistics = job.get("statistics") or {}
        return {name: statistics.get(name, 0) for name in ("replayed_rows", "quarantined_rows")}

    def _send(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        import httpx

        from tradewind.core.errors import TradewindError, Unavailable

        try:
            answer = self._client.request(method, path, **more)
        except httpx.HTTPError as failure:
            raise Unavailable(f"The server at {self._client.base_url} does not answer: {failure}") from failure
        if answer.is_error:
            is_json = answer.headers.get("content-type", "").startswith("application/json")
            raise TradewindError(str(answer.json().get("error")) if is_json else answer.text)
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told
