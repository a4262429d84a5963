"""`tradewind test`: runs the tests of a project of datafiles."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.session import AsJson, print_json

if TYPE_CHECKING:
    from tradewind.warehouse.datafiles.model import Finding, Node
    from tradewind.warehouse.datafiles.testing import Ask, Outcome, Parameters

app = typer.Typer(help="Tests of a project's endpoints.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def tests() -> None:
    """Tests of a project's endpoints."""


@app.command("run")
def run(
    pipes: Annotated[list[str] | None, typer.Argument(help="Only the tests of these pipes.")] = None,
    folder: Annotated[Path, typer.Option(help="Folder of the project.")] = Path(),
    ties: Annotated[
        bool,
        typer.Option(
            "--ties/--strict", help="Let rows that tie in ORDER BY come in any order. Strict: the text as it is."
        ),
    ] = False,
    update: Annotated[bool, typer.Option("--update", help="Write what came into the files, where it differs.")] = False,
    url: Annotated[
        str | None, typer.Option(help="Ask this server, where the project is deployed. Default: a scratch folder.")
    ] = None,
    token: Annotated[str, typer.Option(help="Token for --url.", envvar="TRADEWIND_PROJECT_TOKEN")] = "",
    as_json: AsJson = False,
) -> None:
    """Run the tests in `tests/*.yaml`. The project is built and filled from its fixtures in a folder of its own."""
    from tradewind.core.errors import InvalidInput
    from tradewind.core.logging import configure_logging
    from tradewind.warehouse.datafiles.model import Level
    from tradewind.warehouse.datafiles.reading import files_of, read_project
    from tradewind.warehouse.datafiles.testing import Verdict, run_tests

    configure_logging("error")
    started = time.perf_counter()
    files = files_of(folder)
    project = read_project(files)
    unknown = [name for name in pipes or () if project.pipe(name) is None]
    if unknown:
        raise InvalidInput(f"There is no pipe {unknown[0]} in {folder}.", field="pipes")
    unreadable = [finding for finding in project.test_findings if finding.level is Level.ERROR]
    outcomes: list[Outcome] = []
    with _asking(files, folder, url, token, quiet=as_json) as ask:
        for outcome in run_tests(project, ask, with_ties=ties, pipes=pipes or (), rendered=_rendered):
            outcomes.append(outcome)
            if not as_json:
                _tell(outcome, is_updated=update and _can_update(outcome))
    updated = _update(folder, outcomes) if update else 0
    failed = sum(outcome.verdict is Verdict.FAILED for outcome in outcomes) - updated
    if as_json:
        print_json(_as_json(outcomes, project.test_findings, updated, failed, time.perf_counter() - started))
    else:
        _tell_end(outcomes, project.test_findings, updated, failed, time.perf_counter() - started)
    if failed or unreadable:
        raise typer.Exit(1)


@contextmanager
def _asking(
    files: dict[PurePosixPath, bytes], folder: Path, url: str | None, token: str, *, quiet: bool
) -> Iterator[Ask]:
    from tradewind.cli.project_scratch import project_put_up, running_server

    if url is not None:
        with running_server(url, token) as ask:
            yield ask
        return

    def say(line: str) -> None:
        typer.echo(f"note    {line}", err=quiet)

    with project_put_up(files, secrets=_secrets_in(folder), say=say) as ask:
        yield ask


def _secrets_in(folder: Path) -> dict[str, str]:
    """NAME=value of the project's `.env` and `.env.local`: what tb_secret gives in a test."""
    found: dict[str, str] = {}
    for name in (".env", ".env.local"):
        path = folder / name
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            key, equals, value = line.strip().removeprefix("export ").partition("=")
            if equals and key.strip().isidentifier():
                found[key.strip()] = value.strip().strip("\"'")
    return found


def _rendered(node: Node, parameters: Parameters) -> str | None:
    """The node's SQL with a caller's parameters, to see what it sorts by."""
    from tradewind.core.errors import TradewindError
    from tradewind.warehouse.datafiles import templates

    if not node.is_template:
        return node.sql
    values: dict[str, str | Sequence[str]] = {}
    for name, value in parameters:
        before = values.get(name)
        values[name] = value if before is None else [*([before] if isinstance(before, str) else before), value]
    try:
        return templates.parse(node.sql, node.sql_place).render(values, secrets={}).sql
    except TradewindError:
        return None


def _tell(outcome: Outcome, *, is_updated: bool) -> None:
    word = "updated" if is_updated else {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}[outcome.verdict]
    about = f"{outcome.pipe}  {outcome.name}".strip()
    typer.echo(f"{word:<8}{about}  ({outcome.seconds * 1000:.0f} ms)")
    if outcome.reason and not is_updated:
        typer.echo(f"        {outcome.place.file}:{outcome.place.line}: {outcome.reason}")
        for line in outcome.difference:
            typer.echo(f"        {line}")


def _tell_end(outcomes: list[Outcome], findings: Sequence[Finding], updated: int, failed: int, seconds: float) -> None:
    for finding in findings:
        typer.echo(f"note    {finding}")
    if not outcomes:
        typer.echo("There are no tests. Write them into tests/<pipe>.yaml.")
        return
    counts = {
        "passed": sum(outcome.verdict == "passed" for outcome in outcomes),
        "failed": failed,
        "updated": updated,
        "skipped": sum(outcome.verdict == "skipped" for outcome in outcomes),
    }
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count or word in ("passed", "failed"))
    typer.echo(f"{told} in {seconds:.1f} s.")


def _as_json(
    outcomes: list[Outcome], findings: Sequence[Finding], updated: int, failed: int, seconds: float
) -> dict[str, object]:
    return {
        "passed": sum(outcome.verdict == "passed" for outcome in outcomes),
        "failed": failed,
        "updated": updated,
        "skipped": sum(outcome.verdict == "skipped" for outcome in outcomes),
        "seconds": round(seconds, 3),
        "findings": [str(finding) for finding in findings],
        "tests": [
            {
                "pipe": outcome.pipe,
                "name": outcome.name,
                "verdict": outcome.verdict,
                "reason": outcome.reason,
                "difference": list(outcome.difference),
                "file": outcome.place.file,
                "line": outcome.place.line,
                "seconds": round(outcome.seconds, 6),
            }
            for outcome in outcomes
        ],
    }


def _can_update(outcome: Outcome) -> bool:
    return outcome.verdict == "failed" and outcome.answer is not None and not outcome.place.file.endswith(".test")


def _update(folder: Path, outcomes: list[Outcome]) -> int:
    """Writes what came into the files of the failed cases; how many cases."""
    from tradewind.warehouse.datafiles.case_files import updated

    by_file: dict[str, dict[str, str]] = {}
    for outcome in outcomes:
        if _can_update(outcome) and outcome.answer is not None:
            by_file.setdefault(outcome.place.file, {})[outcome.name] = outcome.answer
    for file, results in by_file.items():
        path = folder / file
        path.write_text(updated(path.read_text(encoding="utf-8"), results), encoding="utf-8", newline="")
    return sum(len(results) for results in by_file.values())
