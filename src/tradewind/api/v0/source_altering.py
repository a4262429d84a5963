"""`POST /v0/datasources/NAME/alter`: more columns, another description or TTL, by a deploy of the changed file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from tradewind.api.v0.access import release_of, token_for
from tradewind.api.v0.source_asking import Fields, answer, fields_of, flag, need, platform_of, record, source_of
from tradewind.api.v0.source_shapes import source_json
from tradewind.core.errors import InvalidInput
from tradewind.platform import Platform
from tradewind.warehouse.datafiles.altering import altered
from tradewind.warehouse.datafiles.model import DataSource, Finding, Project
from tradewind.warehouse.datafiles.reading import read_project
from tradewind.warehouse.quoting import literal
from tradewind.warehouse.workspaces.deploys import Outcome
from tradewind.warehouse.workspaces.evolution import alterations
from tradewind.warehouse.workspaces.plan import Terms, difference, only_adds_columns
from tradewind.warehouse.workspaces.release import Release

_WORDS = {"schema": "SCHEMA", "description": "DESCRIPTION", "ttl": "ENGINE_TTL"}
_NO_TTL = "false"


@dataclass(frozen=True, slots=True)
class Alteration:
    """A project in which one data source is another, and what that changes."""

    files: Mapping[PurePosixPath, bytes]
    operations: tuple[str, ...]


async def alter(request: Request) -> Response:
    """Deploys the live files with the change in them; `dry=true` only tells what it would do."""
    token = await token_for(request)
    fields = await fields_of(request)
    platform, release = platform_of(request), release_of(request, token)
    source = source_of(release, request.path_params["name"])
    need(token.may_create_source(), "It needs DATASOURCES:CREATE.")

    def work() -> Response:
        alteration = _altered(platform, release, source, fields)
        workspaces, of = platform.workspaces, release.workspace_id
        if flag(fields, "dry"):
            outcome = _sound(workspaces.check(of, alteration.files, Terms()))
            return answer({"operations": alteration.operations, "plan": outcome.plan.as_json()})
        outcome = _sound(workspaces.deploy(of, alteration.files, Terms(), made_from=release.number))
        with release_of(request, token).in_use() as now:
            record(request, now, "alter", source.name)
            told: dict[str, Any] = {"operations": alteration.operations, "plan": outcome.plan.as_json()}
            return answer({**told, "datasource": source_json(platform, now, source_of(now, source.name))})

    return await run_in_threadpool(work)


def _altered(platform: Platform, release: Release, source: DataSource, fields: Fields) -> Alteration:
    """Raises InvalidInput for a change that rows do not follow by themselves, and for none at all."""
    changes = {word: fields[name] for name, word in _WORDS.items() if name in fields}
    if changes.get("ENGINE_TTL", "").strip().lower() == _NO_TTL:
        changes["ENGINE_TTL"] = ""
    files = dict(platform.workspaces.releases.files(release.workspace_id, release.number))
    path = PurePosixPath(source.place.file)
    files[path] = altered(files[path].decode("utf-8-sig"), changes).encode()
    new = _readable(read_project(files, secrets=release.secrets), source.name)
    if not only_adds_columns(source, new):
        raise InvalidInput(
            f"Only columns that may be missing are added here: {difference(source, new)}. Deploy anything else.",
            field="schema",
        )
    prefix = f"ALTER TABLE {source.name} "
    told = alterations(source, new, source.name, had_ttl=True, has_ttl=True)
    operations = [statement.removeprefix(prefix) for statement in told]
    if new.description != source.description:
        operations.append(f"MODIFY COMMENT {literal(new.description)}")
    if not operations:
        raise InvalidInput("This changes nothing. Send schema (all columns, the new ones too), description or ttl.")
    return Alteration(files, tuple(operations))


def _readable(project: Project, name: str) -> DataSource:
    if project.errors:
        raise _unfit(project.errors)
    return project.sources[name]


def _sound(outcome: Outcome) -> Outcome:
    if outcome.result == "failed":
        raise _unfit(outcome.errors)
    return outcome


def _unfit(errors: Sequence[Finding]) -> InvalidInput:
    return InvalidInput(f"The data source cannot be altered: {'; '.join(map(str, errors))[:2000]}")
