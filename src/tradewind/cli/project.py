"""`tradewind init`, `build`, `deploy`, `rollback` and `branch`: projects of datafiles."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    from tradewind.cli.projects_door import Answer, Door

branches = typer.Typer(
    help="Branches: projects tried out beside the live one.", no_args_is_help=True, rich_markup_mode=None
)

Folder = Annotated[Path, typer.Argument(help="Folder of the project.")]
Branch = Annotated[
    str | None,
    typer.Option("--branch", help="Branch to work on. Default: TRADEWIND_BRANCH, else the workspace itself."),
]
Destructive = Annotated[
    bool,
    typer.Option("--allow-destructive-operations", help="Delete data sources that are not in the project, with rows."),
]
_WAIT_SECONDS = 3600.0
_MARKS = {"new": "+", "changed": "~", "deleted": "-"}
_KINDS = {"datasources": "datasource", "pipes": "pipe", "connections": "connection"}

_SCAFFOLD = {
    "datasources/page_views.datasource": """\
DESCRIPTION >
    Pages that somebody looked at.

TOKEN "web" APPEND

SCHEMA >
    `timestamp` DateTime `json:$.timestamp`,
    `page` String `json:$.page`,
    `visitor` String `json:$.visitor`

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(timestamp)"
ENGINE_SORTING_KEY "timestamp, page"
""",
    "datasources/views_by_day.datasource": """\
DESCRIPTION >
    Looks and visitors per page and day.

SCHEMA >
    `day` Date,
    `page` String,
    `views` SimpleAggregateFunction(sum, UInt64),
    `visitors` AggregateFunction(uniq, String)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "day, page"
""",
    "materializations/count_views.pipe": """\
DESCRIPTION >
    Keeps views_by_day up to date with every row of page_views.

NODE count_views
SQL >
    SELECT toDate(timestamp) AS day, page, count() AS views, uniqState(visitor) AS visitors
    FROM page_views
    GROUP BY day, page

TYPE materialized
DATASOURCE views_by_day
""",
    "endpoints/top_pages.pipe": """\
DESCRIPTION >
    The pages that were looked at most.

TOKEN "dashboard" READ

NODE top_pages
SQL >
    %
    SELECT page, sum(views) AS views, uniqMerge(visitors) AS visitors
    FROM views_by_day
    {% if defined(day) %}
    WHERE day = {{Date(day, description="One day only")}}
    {% end %}
    GROUP BY page
    ORDER BY views DESC, page
    LIMIT {{Int32(limit, 10, description="How many pages")}}

TYPE endpoint
""",
    "fixtures/page_views.ndjson": """\
{"timestamp": "2026-01-01 10:00:00", "page": "/", "visitor": "ada"}
{"timestamp": "2026-01-01 10:05:00", "page": "/", "visitor": "bob"}
{"timestamp": "2026-01-02 09:00:00", "page": "/mugs", "visitor": "ada"}
""",
    "tests/top_pages.yaml": """\
- name: all_days
  description: Pages in the order of their views
  parameters: ''
  expected_result: |
    {"page":"\\\\/","views":2,"visitors":2}
    {"page":"\\\\/mugs","views":1,"visitors":1}
- name: one_day
  description: One day only
  parameters: day=2026-01-02
  expected_result: |
    {"page":"\\\\/mugs","views":1,"visitors":1}
""",
}


def add_to(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("build")(build)
    app.command("deploy")(deploy)
    app.command("rollback")(rollback)
    app.add_typer(branches, name="branch")


def init(context: typer.Context, folder: Folder = Path(), as_json: AsJson = False) -> None:
    """Make a small project to begin with. Files that are there stay as they are."""
    del context
    made = []
    for name, text in _SCAFFOLD.items():
        path = folder / name
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        made.append(name)
    if as_json:
        print_json({"folder": str(folder), "files": made})
        return
    for name in made:
        typer.echo(f"  + {name}")
    typer.echo(f"{len(made)} files made. Check them with: tradewind build, then put them up with: tradewind deploy")


def build(context: typer.Context, folder: Folder = Path(), branch: Branch = None, as_json: AsJson = False) -> None:
    """Check a project: every table, view and query is shown to the engine. Nothing is changed."""
    from tradewind.cli.projects_door import open_door
    from tradewind.warehouse.datafiles.reading import files_of

    files = files_of(folder)
    with open_door(cli_of(context), _branch(branch)) as door:
        answer = door.build(files)
    body = answer["build"]
    if as_json:
        print_json(answer)
    else:
        _print_findings(body["findings"])
        if answer["result"] != "failed":
            typer.echo(f"{_counted(body['plan'])}: everything fits together.")
    if answer["result"] == "failed":
        sys.exit(1)


def deploy(
    context: typer.Context,
    folder: Folder = Path(),
    check: Annotated[bool, typer.Option("--check", help="Only show what would happen.")] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is live, however long.")] = True,
    stage: Annotated[
        bool, typer.Option("--stage", help="Put it up beside the live one, to be set live later.")
    ] = False,
    allow_destructive_operations: Destructive = False,
    branch: Branch = None,
    as_json: AsJson = False,
) -> None:
    """Deploy a project: all of it, or nothing. Requests read the old one until the new one is whole."""
    from tradewind.cli.projects_door import open_door
    from tradewind.warehouse.datafiles.reading import files_of

    files = files_of(folder)
    cli, name = cli_of(context), _branch(branch)
    started = time.monotonic()
    with open_door(cli, None) as parent:
        is_new = name is not None and not check and all(known["name"] != name for known in parent.branches())
        if is_new and name is not None:
            parent.create_branch(name, with_data=False)
    with open_door(cli, name) as door:
        if not as_json and not check:
            _print_plan(door.deploy(files, check=True, promote=False, allow_destructive=allow_destructive_operations))
        answer = door.deploy(files, check=check, promote=not stage, allow_destructive=allow_destructive_operations)
        if wait and not check:
            answer = _waited(door, answer, stage=stage, as_json=as_json)
    body = answer["deployment"]
    if as_json:
        print_json(answer)
    elif check:
        _print_plan(answer)
    _end(answer, body, seconds=time.monotonic() - started, check=check, as_json=as_json)


def rollback(
    context: typer.Context,
    to: Annotated[
        int | None, typer.Option("--to", help="Deployment to go back to.", show_default="the one before")
    ] = None,
    allow_destructive_operations: Destructive = False,
    branch: Branch = None,
    as_json: AsJson = False,
) -> None:
    """Make an earlier deployment live again, with what has come in since."""
    from tradewind.cli.projects_door import open_door

    with open_door(cli_of(context), _branch(branch)) as door:
        answer = door.rollback(to, allow_destructive=allow_destructive_operations)
    if as_json:
        print_json(answer)
    elif answer["result"] == "failed":
        _print_findings(answer["deployment"].get("findings", []))
    else:
        typer.echo(f"Deployment {answer['deployment']['id']} is live.")
    if answer["result"] == "failed":
        sys.exit(1)


@branches.command("ls")
def list_branches(context: typer.Context, as_json: AsJson = False) -> None:
    """List the branches."""
    from tradewind.cli.projects_door import open_door

    with open_door(cli_of(context)) as door:
        found = door.branches()
    if as_json:
        print_json(found)
    elif found:
        print_table(found, ["name", "path", "live_release", "created_at"])
    else:
        typer.echo("There are no branches. Make one with: tradewind branch create NAME")


@branches.command("create")
def create_branch(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the branch.")],
    with_data: Annotated[bool, typer.Option("--with-data", help="Begin with the live project and its rows.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a branch: a database, an address and tokens of its own."""
    from tradewind.cli.projects_door import open_door

    with open_door(cli_of(context)) as door:
        made = door.create_branch(name, with_data=with_data)
    if as_json:
        print_json(made)
        return
    typer.echo(f"Branch {made['name']}: its endpoints are under {made['path']}/v0. Deploy to it with --branch {name}.")


@branches.command("rm")
def remove_branch(context: typer.Context, name: Annotated[str, typer.Argument(help="Name of the branch.")]) -> None:
    """Delete a branch with all that is in it."""
    from tradewind.cli.projects_door import open_door

    with open_door(cli_of(context)) as door:
        door.remove_branch(name)
    typer.echo(f"Branch {name} is deleted.")


@branches.command("current")
def current_branch(as_json: AsJson = False) -> None:
    """Say which branch commands work on when none is named (TRADEWIND_BRANCH)."""
    name = _branch(None)
    if as_json:
        print_json({"branch": name})
    else:
        typer.echo(name or "none: the workspace itself")


def _branch(named: str | None) -> str | None:
    return named or os.environ.get("TRADEWIND_BRANCH") or None


def _waited(door: Door, answer: Answer, *, stage: bool, as_json: bool) -> Answer:
    """Follows a deployment that goes on after its answer until it is live, or ready, or has failed."""
    deadline = time.monotonic() + _WAIT_SECONDS
    told = 0
    while answer["result"] == "success" and time.monotonic() < deadline:
        body = answer["deployment"]
        steps = body.get("progress", [])
        if not as_json:
            for step in steps[told:]:
                typer.echo(f"  … {step}", err=True)
        told = len(steps)
        if body["status"] == "failed":
            return {**answer, "result": "failed"}
        if body["live"] or (stage and body["status"] == "data_ready"):
            break
        time.sleep(0.5)
        answer = {**answer, **door.deployment(body["id"])}
    return answer


def _end(answer: Answer, body: Mapping[str, Any], *, seconds: float, check: bool, as_json: bool) -> None:
    if answer["result"] == "failed":
        if not as_json:
            for error in body.get("errors", []) if not body.get("findings") else []:
                typer.echo(error["error"], err=True)
            typer.echo("Nothing was changed.", err=True)
        sys.exit(1)
    if as_json:
        return
    if answer["result"] == "no_changes":
        typer.echo("Nothing has changed: what is live is this project.")
    elif check:
        typer.echo("This can be deployed. Nothing was changed.")
    elif body["live"]:
        typer.echo(f"Deployment {body['id']} is live ({seconds:.1f} s).")
    else:
        typer.echo(f"Deployment {body['id']}: {body['status']}.")


def _print_plan(answer: Answer) -> None:
    body = answer["deployment"]
    plan = body["plan"]
    how = {step["datasource"]: step for step in plan["steps"]}
    for part, word in _KINDS.items():
        for what, mark in _MARKS.items():
            for name in plan[part][what]:
                step = how.pop(name, None) if part == "datasources" else None
                typer.echo(f"  {mark} {word} {name}{_moved(step)}")
    for name, step in how.items():
        typer.echo(f"  ~ datasource {name}{_moved(step)}")
    _print_findings(body.get("findings", []))


def _moved(step: Mapping[str, Any] | None) -> str:
    if step is None or step["how"] == "empty":
        return ""
    by = f" by {', '.join(step['populated_by'])}" if step["populated_by"] else ""
    return f": {step['how']}{by}" + (f" ({step['why']})" if step["why"] else "")


def _print_findings(findings: Sequence[Mapping[str, Any]]) -> None:
    for found in findings:
        place = f"{found['file']}:{found['line']}:{found['column']}"
        fix = f"\n    {found['fix']}" if found["fix"] else ""
        typer.echo(f"{place}: {found['level']}: {found['message']}{fix}", err=True)


def _counted(plan: Mapping[str, Any]) -> str:
    words = []
    for part, word in _KINDS.items():
        count = sum(len(plan[part][what]) for what in ("new", "changed", "unchanged"))
        if count:
            words.append(f"{count} {word}{'s' if count != 1 else ''}")
    return ", ".join(words) or "An empty project"
